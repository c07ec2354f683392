//! What stands in a database before anything runs: one query.

use serde::Serialize;

use crate::{
    connection::{Connection, DatabaseError},
    dialect::{Catalog, Dialect},
};

/// What stands in a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Survey {
    /// The namespace that the connection works in; whimbrel's tables stand there.
    pub namespace: String,
    /// The user's tables in it.
    pub tables: Vec<String>,
    /// Whether whimbrel's own tables are there, the last of them included.
    pub has_history: bool,
    /// Tables in which other tools keep their history, as far as they are known.
    pub peers: Vec<String>,
}

impl Survey {
    /// That there are tables and no history, in words.
    pub(crate) fn uncharted(&self) -> String {
        uncharted(&self.tables, &self.peers)
    }
}

/// That a database has tables, perhaps another tool's history, and none of whimbrel's, in words.
pub fn uncharted(tables: &[String], peers: &[String]) -> String {
    const SHOWN: usize = 5;
    let quoted =
        |names: &[String]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let (count, plural) = (tables.len(), if tables.len() == 1 { "" } else { "s" });
    let more = match count.checked_sub(SHOWN) {
        None | Some(0) => String::new(),
        Some(more) => format!(" and {more} more"),
    };
    let first = quoted(&tables[..count.min(SHOWN)]);
    let mut text = format!(
        "this database has {count} table{plural} ({first}{more}) and no history of whimbrel's"
    );
    if !peers.is_empty() {
        text.push_str("; another tool's history is there: ");
        text.push_str(&quoted(peers));
    }
    text
}

/// Where other tools keep their history.
const PEERS: &[&str] = &[
    "schema_migrations",
    "goose_db_version",
    "schema_version",
    "atlas_schema_revisions",
    "makemigrations_history",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
    "refinery_schema_history",
    "seaql_migrations",
    "django_migrations",
    "_prisma_migrations",
    "alembic_version",
];

/// Looks around: one query, which a role that may only read can ask.
pub fn survey(connection: &mut dyn Connection, dialect: &Dialect) -> Result<Survey, DatabaseError> {
    let mut survey = Survey::default();
    for row in connection.query(query(dialect.catalog))? {
        let mut values = row.into_iter();
        if let Some(namespace) = values.next().flatten() {
            survey.namespace = namespace;
        }
        let Some(table) = values.next().flatten() else { continue };
        if table == "whimbrel_steps" {
            survey.has_history = true;
        } else if PEERS.iter().any(|it| it.eq_ignore_ascii_case(&table)) {
            survey.peers.push(table);
        } else if !table.starts_with("whimbrel_") {
            survey.tables.push(table);
        }
    }
    Ok(survey)
}

/// The namespace in every row, and a table's name in each; one row with no table in an empty
/// database. Tables that belong to a PostgreSQL extension are not the user's.
const fn query(catalog: Catalog) -> &'static str {
    match catalog {
        Catalog::PgCatalog => {
            "SELECT coalesce(current_schema(), ''), c.relname \
             FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_class AS c \
             ON c.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace AS n \
             WHERE n.nspname = current_schema()) AND c.relkind IN ('r', 'p', 'f') \
             AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d \
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid \
             AND d.deptype = 'e') ORDER BY c.relname"
        }
        Catalog::InformationSchema => {
            "SELECT coalesce(database(), ''), t.table_name \
             FROM (SELECT 1 AS one) AS one LEFT JOIN information_schema.tables AS t \
             ON t.table_schema = database() AND t.table_type = 'BASE TABLE' ORDER BY t.table_name"
        }
        Catalog::SqliteSchema => {
            "SELECT 'main', s.name FROM (SELECT 1) LEFT JOIN main.sqlite_master AS s \
             ON s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name"
        }
    }
}
