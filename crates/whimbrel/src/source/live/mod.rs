//! Reading what a database is, from its own catalog.
//!
//! Each family has a reader that asks a fixed number of catalog queries, however many tables there
//! are, and needs no more than a role that may read. What the schema has no word for comes beside
//! it, as [`Opaque`](crate::schema::Opaque).

mod enumerations;
mod mysql;
mod postgres;
mod routines;
mod sqlite;
mod updates;

use std::collections::BTreeMap;

use self::updates::auto_updates;

use crate::{
    connection::{Connection, DatabaseError, Row},
    dialect::{Catalog, Dialect},
    schema::{Found, Name, Table},
    sql::TRASH,
};

/// The part of a database that is read.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The namespace that the connection works in; the names of what stands there have none.
    pub own: &'a str,
    /// Further namespaces that are read; the names of what stands there have them.
    pub others: &'a [String],
}

impl<'a> Scope<'a> {
    /// The connection's own namespace alone.
    pub const fn of(own: &'a str) -> Self {
        Self { own, others: &[] }
    }

    /// Every namespace that is read, the connection's own first.
    pub fn namespaces(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let others = self.others.iter().map(String::as_str);
        let own = self.own;
        std::iter::once(own).chain(others.filter(move |it| *it != own))
    }

    /// The namespaces as the inside of an SQL `IN (…)`.
    pub fn list(&self, dialect: &Dialect) -> String {
        self.namespaces().map(|it| dialect.literal(it)).collect::<Vec<_>>().join(", ")
    }

    /// The name of something that stands in a namespace, as migrations would write it.
    pub fn name(&self, namespace: &str, name: &str) -> Name {
        let namespace = (namespace != self.own).then(|| namespace.to_owned());
        Name { namespace, name: name.to_owned() }
    }
}

/// What there is in a database. Whimbrel's own tables are left out.
///
/// # Errors
///
/// Where the database refuses a query, or says what this version can't read.
pub fn read(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    scope: Scope<'_>,
) -> Result<Found, DatabaseError> {
    let found = match dialect.catalog {
        Catalog::PgCatalog => postgres::read(connection, dialect, scope),
        Catalog::InformationSchema => mysql::read(connection, dialect, scope),
        Catalog::SqliteSchema => sqlite::read(connection, dialect, scope),
    };
    found.map(|it| routines::with_routines(dialect, it))
}

/// Whether a table is whimbrel's own: where it keeps the history, and what it has set aside.
pub(crate) fn is_ours(table: &str) -> bool {
    table.starts_with(TRASH)
        || ["whimbrel_runs", "whimbrel_migrations", "whimbrel_steps", "whimbrel_state"]
            .contains(&table)
}

/// The values of a row, in the order of its columns; what isn't there is empty.
struct Cells(std::vec::IntoIter<Option<String>>);

impl Cells {
    fn of(row: Row) -> Self {
        Self(row.into_iter())
    }

    /// The next value; `None` for null.
    fn optional(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    /// The next value; empty for null.
    fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }

    /// The next value as a truth: `1`, `t`, `true`, `yes`.
    fn flag(&mut self) -> bool {
        let text = self.text();
        ["1", "t", "true", "yes"].iter().any(|it| it.eq_ignore_ascii_case(&text))
    }

    /// The next value as a number; 0 where it is none.
    fn number(&mut self) -> usize {
        self.text().parse().unwrap_or(0)
    }
}

/// Tables while they are put together from rows, by name.
type Tables = BTreeMap<Name, Table>;
