//! Migrations written in SQL: statements, and comments that say what SQL has no words for.
//!
//! ```sql
//! -- whimbrel: after 0002_orders
//! CREATE INDEX orders_day ON orders (day);
//!
//! -- whimbrel: down
//! DROP INDEX orders_day;
//! ```
//!
//! A directive is a line of its own that begins with `-- whimbrel:`. The statements are cut apart
//! only for the database they run on, as each reads SQL in its own way.

mod directives;
mod header;
mod meaning;
mod print;
mod state;
#[cfg(test)]
mod tests;

use std::{ops::Range, sync::Arc};

pub use self::{
    directives::parse,
    header::{parents, template},
    print::{Printed, Unwritable, print, written_from},
    state::State,
};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span},
    dialect::Dialect,
    schema::Database,
    sql::split::split,
};

/// A migration as its SQL file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlMigration {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The migrations that it comes after; none for a root.
    pub parents: Vec<String>,
    /// Where they are stated.
    pub parents_place: Option<Span>,
    /// Whether every statement is to run outside of a transaction.
    pub no_transaction: bool,
    /// Whether it runs only after the programs that need what it takes away are gone.
    pub after_deploy: bool,
    /// The migrations in whose place it stands.
    pub replaces: Vec<String>,
    /// What somebody has to look at before it runs, and where that is said.
    pub needs_review: Option<(String, Span)>,
    /// Why it can't be taken back, and where that is said.
    pub irreversible: Option<(String, Span)>,
    /// What it changes of the schema, where it says so.
    pub state: Option<State>,
    /// What runs on the way up.
    pub up: Vec<Section>,
    /// What runs on the way down; `None` where the file doesn't say.
    pub down: Option<Vec<Section>>,
}

/// A stretch of statements for one database or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The database; `None` for every one.
    pub database: Option<Database>,
    /// Its statements, cut only before those that a `done-when` belongs to.
    pub parts: Vec<Part>,
}

/// Statements, the first of which may have a query that tells whether it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The query.
    pub done_when: Option<String>,
    /// The bytes of the file.
    pub range: Range<usize>,
}

impl SqlMigration {
    /// What keeps the statements for this database from being cut apart.
    pub fn check(&self, dialect: &Dialect) -> Vec<Diagnostic> {
        let sections = self.up.iter().chain(self.down.iter().flatten());
        let meant =
            sections.filter(|it| it.database.is_none_or(|it| dialect.databases.contains(&it)));
        let mut diagnostics = Vec::new();
        for part in meant.flat_map(|it| &it.parts) {
            let errors = split(dialect, &self.file.text[part.range.clone()]).err();
            for error in errors.into_iter().flatten() {
                let start = part.range.start;
                let range = start + error.range.start..start + error.range.end;
                let span = Span { file: Arc::clone(&self.file), range };
                diagnostics
                    .push(Diagnostic::error(error.message).at(span, "here").help(error.help));
            }
        }
        diagnostics
    }
}
