//! What stands in a database before anything runs: one query.

use serde::Serialize;

use super::Columns;
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
    /// The columns of whimbrel's own tables, as far as they are there.
    #[serde(skip)]
    pub own: Columns,
    /// Tables in which other tools keep their history, as far as they are known.
    pub peers: Vec<String>,
    /// What those say, in words: "golang-migrate's `schema_migrations` says 42, dirty". Only where
    /// whimbrel has no history of its own.
    pub peers_say: Vec<String>,
}

impl Survey {
    /// That there are tables and no history, in words.
    pub(crate) fn uncharted(&self) -> String {
        uncharted(&self.tables, &self.peers_say)
    }

    /// What to do about that.
    pub(crate) fn ways_on(&self) -> String {
        let mut text = String::new();
        if !self.peers.is_empty() {
            text.push_str(
                "let the other tool finish what it has begun; its table is left alone, and it \
                 should not run here again once whimbrel does; ",
            );
        }
        text.push_str(
            "if what the migrations do is there already, mark them with `whimbrel baseline`, which \
             compares first; `whimbrel schema inspect` writes down what is there; if they are to \
             run beside it, run `whimbrel up --into-existing`; and if this is the wrong database, \
             nothing has happened to it",
        );
        text
    }
}

/// That a database has tables, perhaps another tool's history, and none of whimbrel's, in words.
///
/// `peers_say` is what the other tools' tables say, in words.
pub fn uncharted(tables: &[String], peers_say: &[String]) -> String {
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
    for says in peers_say {
        text.push_str("; ");
        text.push_str(says);
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
        if let Some(own) = table.strip_prefix("whimbrel_") {
            let columns = values.next().flatten().unwrap_or_default();
            let columns = columns.split(',').map(str::to_owned).collect();
            survey.own.insert(own.to_owned(), columns);
            survey.has_history |= own == "steps";
        } else if PEERS.iter().any(|it| it.eq_ignore_ascii_case(&table)) {
            survey.peers.push(table);
        } else {
            survey.tables.push(table);
        }
    }
    Ok(survey)
}

/// The namespace in every row, and a table's name in each; one row with no table in an empty
/// database. Behind the name of a table of whimbrel's own, the names of its columns. Tables that
/// belong to a PostgreSQL extension are not the user's.
const fn query(catalog: Catalog) -> &'static str {
    match catalog {
        Catalog::PgCatalog => {
            "SELECT coalesce(current_schema(), ''), c.relname, \
             CASE WHEN c.relname LIKE 'whimbrel\\_%' THEN (SELECT string_agg(a.attname, ',') \
             FROM pg_catalog.pg_attribute AS a \
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END \
             FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_class AS c \
             ON c.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace AS n \
             WHERE n.nspname = current_schema()) AND c.relkind IN ('r', 'p', 'f') \
             AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d \
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid \
             AND d.deptype = 'e') ORDER BY c.relname"
        }
        Catalog::InformationSchema => {
            // MariaDB opens the tables of every database for what isn't compared with a constant.
            "SELECT coalesce(database(), ''), t.table_name, c.named \
             FROM (SELECT 1 AS one) AS one LEFT JOIN information_schema.tables AS t \
             ON t.table_schema = database() \
             AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') \
             LEFT JOIN (SELECT table_name, group_concat(column_name) AS named \
             FROM information_schema.columns WHERE table_schema = database() \
             AND table_name LIKE 'whimbrel!_%' ESCAPE '!' GROUP BY table_name) AS c \
             ON c.table_name = t.table_name ORDER BY t.table_name"
        }
        Catalog::SqliteSchema => {
            "SELECT 'main', s.name, \
             CASE WHEN s.name LIKE 'whimbrel\\_%' ESCAPE '\\' THEN \
             (SELECT group_concat(c.name) FROM pragma_table_info(s.name, 'main') AS c) END \
             FROM (SELECT 1) LEFT JOIN main.sqlite_master AS s \
             ON s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name"
        }
    }
}
