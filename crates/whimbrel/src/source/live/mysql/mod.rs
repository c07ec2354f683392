//! Reading a live database of the MySQL family: `information_schema`, schema by schema, with the
//! same few queries however many tables there are.
//!
//! What `information_schema` hides from a role is told where it can be noticed: a definition that
//! isn't shown is an error and not an empty view.

mod columns;
mod indexes;
mod keys;
mod programs;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cells, Scope, Tables,
    enumerations::{enumerations, name_them},
};
use crate::{
    connection::{Connection, DatabaseError, Trouble, Version},
    dialect::{Dialect, InformationSchema},
    schema::{Found, Name, Opaque, Schema, View},
};

pub(super) fn read(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    scope: Scope<'_>,
) -> Result<Found, DatabaseError> {
    let Some(words) = dialect.looking.information_schema else {
        let message = format!("reading live {} databases is not possible yet", dialect.product);
        return Err(DatabaseError::new(Trouble::Other, message));
    };
    let (mut tables, mut opaque) = (Tables::new(), Vec::new());
    let mut views = BTreeMap::new();
    for namespace in scope.namespaces() {
        let version = connection.server().version;
        let mut reading = Reading {
            dialect,
            words,
            scope,
            namespace,
            version,
            tables: Tables::new(),
            about: BTreeMap::new(),
            sequences: BTreeSet::new(),
            views: BTreeMap::new(),
            opaque: Vec::new(),
        };
        // Columns, indexes and keys are of tables that are known by then.
        reading.tables(connection)?;
        reading.columns(connection)?;
        let checks = reading.checks(connection)?;
        reading.indexes(connection)?;
        reading.foreign_keys(connection)?;
        reading.partitions(connection)?;
        reading.periods(connection)?;
        reading.sequences(connection)?;
        reading.views(connection)?;
        reading.triggers(connection)?;
        reading.routines(connection)?;
        reading.events(connection)?;
        reading.opaque.extend(checks);
        tables.append(&mut reading.tables);
        views.append(&mut reading.views);
        opaque.append(&mut reading.opaque);
    }
    name_them(&mut tables);
    let mut schema: Schema = tables.into_values().collect();
    schema.enums = enumerations(&schema);
    if !scope.others.is_empty() {
        let those = format!(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ({})",
            scope.list(dialect)
        );
        let there = ask(connection, &those)?.map(|mut it| it.text());
        schema.namespaces = there.filter(|it| it != scope.own).collect();
    }
    schema.views = views;
    Ok(Found::new(schema, opaque))
}

/// What has been read of one namespace so far.
struct Reading<'a> {
    dialect: &'static Dialect,
    words: InformationSchema,
    scope: Scope<'a>,
    namespace: &'a str,
    version: Version,
    tables: Tables,
    about: BTreeMap<Name, About>,
    /// Their names; MariaDB keeps each as a table of one row.
    sequences: BTreeSet<String>,
    views: BTreeMap<Name, View>,
    opaque: Vec<Opaque>,
}

/// What else is said of a table that matters for what is in it.
#[derive(Default)]
struct About {
    engine: String,
    collation: String,
}

/// The rows of a query.
fn ask(
    connection: &mut dyn Connection,
    query: &str,
) -> Result<impl Iterator<Item = Cells> + use<>, DatabaseError> {
    Ok(connection.query(query)?.into_iter().map(Cells::of))
}

impl Reading<'_> {
    /// The namespace as a literal.
    fn here(&self) -> String {
        self.dialect.literal(self.namespace)
    }

    /// The name of a table of this namespace.
    fn name(&self, table: &str) -> Name {
        self.scope.name(self.namespace, table)
    }

    /// Notes something that belongs to a table.
    fn note(&mut self, kind: &str, table: &Name, name: &str, definition: impl Into<String>) {
        self.opaque.push(Opaque::of_table(kind, table, name, definition));
    }

    /// Notes something that stands for itself.
    fn note_own(&mut self, kind: &str, name: &str, definition: impl Into<String>) {
        self.opaque.push(Opaque::new(kind, self.name(name), definition));
    }

    /// The account of a definer, `name@host`, as SQL writes it.
    fn account(&self, definer: &str) -> String {
        match definer.rsplit_once('@') {
            Some((user, host)) => {
                format!("{}@{}", self.dialect.quote(user), self.dialect.quote(host))
            }
            None => self.dialect.quote(definer),
        }
    }

    /// That the role may not see what it would have to see.
    fn hidden(&self, what: &str, privilege: &str) -> DatabaseError {
        let namespace = self.dialect.quote(self.namespace);
        let message = format!("this role is not shown {what}");
        DatabaseError {
            hint: Some(format!("GRANT {privilege} ON {namespace}.* to it, which changes nothing")),
            ..DatabaseError::new(Trouble::NotAllowed, message)
        }
    }
}
