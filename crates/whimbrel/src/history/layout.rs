//! The tables of the history, as each dialect creates them, and how older ones become like them.
//!
//! A build that needs a column more adds it in [`History::tables`], behind those that are there:
//! nullable or with a default, so that rows of older builds have it too. A database that doesn't
//! have it yet is upgraded in place by the next run that writes. What is missing is read off the
//! catalog and never off a number, so a stop between two of the statements does no harm; whoever
//! only reads asks [`History::has`] first.

use std::collections::BTreeMap;

use super::{History, LAYOUT, survey};
use crate::{
    connection::{Connection, DatabaseError, Trouble},
    dialect::{Catalog, Ddl},
};

/// The columns of whimbrel's own tables as they were found, by the table's name without
/// `whimbrel_`.
pub type Columns = BTreeMap<String, Vec<String>>;

/// A table of whimbrel's own, without `whimbrel_` before its name.
struct Table {
    name: &'static str,
    /// Names and definitions, in order.
    columns: Vec<(&'static str, String)>,
    /// What else stands between the parentheses.
    constraint: Option<&'static str>,
}

impl History {
    fn tables(&self) -> [Table; 4] {
        let words = self.dialect.ledger;
        let key = |name| (name, format!("{} NOT NULL", words.key));
        let text = |name| (name, format!("{} NOT NULL", words.text));
        let number = |name| (name, format!("{} NOT NULL", words.number));
        let moment = |name| (name, format!("{} NOT NULL", words.moment));
        let primary = |name, kind: &str| (name, format!("{kind} NOT NULL PRIMARY KEY"));
        let later = |name| (name, words.moment.to_owned());
        let words_later = |name| (name, words.text.to_owned());
        [
            Table {
                name: "state",
                columns: vec![primary("name", words.key), text("value"), later("expires")],
                constraint: None,
            },
            Table {
                name: "runs",
                columns: vec![
                    primary("id", words.number),
                    text("command"),
                    text("actor"),
                    text("host"),
                    text("version"),
                    text("reference"),
                    moment("started"),
                    later("ended"),
                    words_later("outcome"),
                ],
                constraint: None,
            },
            Table {
                name: "migrations",
                columns: vec![
                    primary("name", words.key),
                    key("digest"),
                    key("meaning"),
                    key("state"),
                    key("direction"),
                    key("how"),
                    text("parents"),
                    number("position"),
                    number("run"),
                    moment("started"),
                    later("ended"),
                    text("plan"),
                    text("revert"),
                ],
                constraint: None,
            },
            // The last one: where it is, the others are.
            Table {
                name: "steps",
                columns: vec![
                    key("migration"),
                    key("direction"),
                    number("position"),
                    key("state"),
                    text("observed"),
                    text("statement"),
                    text("session"),
                    moment("begun"),
                    later("done"),
                    words_later("progress"),
                    words_later("error"),
                ],
                constraint: Some("PRIMARY KEY (migration, direction, position)"),
            },
        ]
    }

    /// The statements that create the tables; each leaves a table alone that is there already.
    fn creation(&self) -> Vec<String> {
        let create = |table: &Table| {
            let columns = table.columns.iter().map(|(name, kind)| format!("{name} {kind}"));
            let lines: Vec<String> = columns.chain(table.constraint.map(str::to_owned)).collect();
            let (name, lines) = (self.table(table.name), lines.join(",\n  "));
            let suffix = self.dialect.ledger.suffix;
            format!("CREATE TABLE IF NOT EXISTS {name} (\n  {lines}\n){suffix}")
        };
        let mut statements: Vec<String> = self.tables().iter().map(create).collect();
        statements.push(format!(
            "INSERT INTO {state} (name, value) SELECT 'layout', '{LAYOUT}' FROM (SELECT 1 AS one) AS one \
             WHERE NOT EXISTS (SELECT 1 FROM {state} AS here WHERE here.name = 'layout')",
            state = self.table("state"),
        ));
        statements
    }

    /// Whether this database's tables have this column: `has("state", "expires")`. Those of an
    /// older build may not, until a run that writes has upgraded them.
    pub fn has(&self, table: &str, column: &str) -> bool {
        let found = self.columns.get(table);
        found.is_some_and(|it| it.iter().any(|it| it.eq_ignore_ascii_case(column)))
    }

    /// The columns that this build has.
    pub(super) fn own_columns(&self) -> Columns {
        let names = |table: &Table| table.columns.iter().map(|it| it.0.to_owned()).collect();
        self.tables().iter().map(|it| (it.name.to_owned(), names(it))).collect()
    }

    /// The statements that add what an older build's tables don't have.
    fn additions(&self) -> Vec<String> {
        let mut statements = Vec::new();
        for table in self.tables() {
            for (column, kind) in table.columns {
                if !self.has(table.name, column) {
                    let name = self.table(table.name);
                    statements.push(format!("ALTER TABLE {name} ADD COLUMN {column} {kind}"));
                }
            }
        }
        statements
    }

    /// Whether whimbrel's tables are those of an older build, so that [`Self::create`] has
    /// something to do although they are there.
    pub fn is_older(&self) -> bool {
        !self.additions().is_empty()
    }

    /// Creates the tables, or adds what those of an older build don't have. Every statement is
    /// one that is left out where its effect is there, so a stop between two of them does no
    /// harm, and neither does another run that does the same at the same time.
    pub fn create(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        // Of two runs at once one may be refused; then what it wanted has come to be.
        const TRIES: usize = 3;
        for last in (0..TRIES).rev() {
            let is_missing = self.own_columns().keys().any(|it| !self.columns.contains_key(it));
            let mut statements = if is_missing { self.creation() } else { self.additions() };
            if statements.is_empty() {
                return Ok(());
            }
            if !is_missing {
                statements.push(format!(
                    "UPDATE {} SET value = '{LAYOUT}' WHERE name = 'layout'",
                    self.table("state"),
                ));
            }
            let done = match self.dialect.ddl {
                Ddl::Transactional => connection.transaction(&statements),
                Ddl::Autocommit => connection.execute_all(&statements),
            };
            match done {
                // What was there of them before may be an older build's.
                Ok(()) if is_missing && !self.columns.is_empty() => {}
                Ok(()) => {
                    self.columns = self.own_columns();
                    return Ok(());
                }
                Err(failed) => {
                    let is_there = matches!(
                        failed.error.trouble,
                        Trouble::Data | Trouble::Statement | Trouble::Deadlock
                    );
                    if last == 0 || !is_there {
                        return Err(failed.error);
                    }
                }
            }
            self.columns = survey(connection, self.dialect)?.own;
        }
        Ok(())
    }

    /// The whole seconds since a moment.
    pub(super) fn seconds_since(&self, column: &str) -> String {
        let now = self.dialect.ledger.now;
        match self.dialect.catalog {
            Catalog::PgCatalog => format!("extract(epoch FROM {now} - {column})::bigint"),
            Catalog::InformationSchema => format!("timestampdiff(SECOND, {column}, {now})"),
            Catalog::SqliteSchema => {
                format!("CAST(strftime('%s', {now}) - strftime('%s', {column}) AS INTEGER)")
            }
        }
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
