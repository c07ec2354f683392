//! The tables of the history, as each dialect creates them.

use super::{History, LAYOUT};
use crate::dialect::Catalog;

impl History {
    /// The statements that create the tables; each leaves a table alone that is there already.
    pub(super) fn layout(&self) -> Vec<String> {
        let words = self.dialect.ledger;
        let (key, text, number, moment) = (words.key, words.text, words.number, words.moment);
        let create = |name: &str, columns: &[String]| {
            let (table, columns) = (self.table(name), columns.join(",\n  "));
            format!("CREATE TABLE IF NOT EXISTS {table} (\n  {columns}\n){}", words.suffix)
        };
        let keys = |names: &[&str]| names.iter().map(|it| format!("{it} {key} NOT NULL")).collect();
        let texts = |names: &[&str]| -> Vec<String> {
            names.iter().map(|it| format!("{it} {text} NOT NULL")).collect()
        };
        let moments = |begun: &str, ended: &str| {
            vec![format!("{begun} {moment} NOT NULL"), format!("{ended} {moment}")]
        };

        let state = [format!("name {key} NOT NULL PRIMARY KEY"), format!("value {text} NOT NULL")];
        let runs = [
            vec![format!("id {number} NOT NULL PRIMARY KEY")],
            texts(&["command", "actor", "host", "version", "reference"]),
            moments("started", "ended"),
            vec![format!("outcome {text}")],
        ];
        let migrations: [Vec<String>; 6] = [
            vec![format!("name {key} NOT NULL PRIMARY KEY")],
            keys(&["digest", "meaning", "state", "direction", "how"]),
            texts(&["parents"]),
            vec![format!("position {number} NOT NULL"), format!("run {number} NOT NULL")],
            moments("started", "ended"),
            texts(&["plan", "revert"]),
        ];
        let steps: [Vec<String>; 6] = [
            keys(&["migration", "direction"]),
            vec![format!("position {number} NOT NULL"), format!("state {key} NOT NULL")],
            texts(&["observed", "statement", "session"]),
            moments("begun", "done"),
            vec![format!("progress {text}"), format!("error {text}")],
            vec!["PRIMARY KEY (migration, direction, position)".to_owned()],
        ];
        vec![
            create("state", &state),
            create("runs", &runs.concat()),
            create("migrations", &migrations.concat()),
            create("steps", &steps.concat()),
            format!(
                "INSERT INTO {state} (name, value) SELECT 'layout', '{LAYOUT}' FROM (SELECT 1 AS one) AS one \
                 WHERE NOT EXISTS (SELECT 1 FROM {state} AS here WHERE here.name = 'layout')",
                state = self.table("state"),
            ),
        ]
    }

    /// A moment as `2026-11-20 17:18:34.123456`, in UTC.
    pub(super) fn moment_text(&self, column: &str) -> String {
        match self.dialect.catalog {
            Catalog::PgCatalog => {
                format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
            }
            Catalog::InformationSchema | Catalog::SqliteSchema => column.to_owned(),
        }
    }
}
