//! Migrations of one table each, as files in a folder and as the statements of a bare loop.

use std::{fmt::Write, path::Path};

/// The name of a migration, counted from 1.
fn name(number: usize) -> String {
    format!("{number:04}_t{number}")
}

/// Writes migrations `first..=last`, one after another, into `folder`.
pub(crate) fn write(folder: &Path, first: usize, last: usize) {
    for number in first..=last {
        let parents = match number {
            1 => "Migration::first()".to_owned(),
            _ => format!("Migration::after(\"{}\")", name(number - 1)),
        };
        let mut text = String::from("use whimbrel_migration::*;\n\n");
        let _ = write!(
            text,
            "pub fn migration() -> Migration {{\n    {parents}.create_table(\n        \
             table(\"t{number}\")\n            \
             .column(\"id\", bigint().primary_key())\n            \
             .column(\"name\", varchar(200).not_null())\n            \
             .column(\"amount\", decimal(12, 2).not_null().default(0))\n            \
             .column(\"note\", text()),\n    )\n}}\n"
        );
        std::fs::write(folder.join(format!("{}.rs", name(number))), text)
            .expect("a temporary folder can be written to");
    }
}

/// Creates what the bare loop notes its migrations in.
pub(crate) const BARE_HISTORY: &str = "CREATE TABLE bare_history \
    (name varchar(255) NOT NULL PRIMARY KEY, digest varchar(64) NOT NULL, \
    applied timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// What the bare loop runs for one migration: its table, and the row that tells of it.
pub(crate) fn bare(number: usize) -> [String; 2] {
    let digest = "0123456789abcdef".repeat(4);
    [
        format!(
            "CREATE TABLE t{number} (id bigint NOT NULL PRIMARY KEY, name varchar(200) NOT NULL, \
             amount decimal(12, 2) NOT NULL DEFAULT 0, note text)"
        ),
        format!("INSERT INTO bare_history (name, digest) VALUES ('{}', '{digest}')", name(number)),
    ]
}

/// The schema file that so many migrations lead to.
pub(crate) fn schema(migrations: usize) -> String {
    let mut text = String::from("tables:\n");
    for number in 1..=migrations {
        let _ = write!(
            text,
            "  - name: t{number}\n    fields:\n      - {{name: id, type: bigint, primary_key: true}}\n      - \
             {{name: name, type: varchar, length: 200, nullable: false}}\n      - {{name: amount, type: \
             decimal, precision: 12, scale: 2, nullable: false, default: 0}}\n      - {{name: note, type: \
             text}}\n"
        );
    }
    text
}
