//! Other tools' histories: whose a table is, and what it says.

use super::Survey;
use crate::{connection::Connection, dialect::Dialect};

/// A table in which a tool keeps its history, and the query for the version that the database has
/// by it, with a word where something is wrong. Where several tools use a name, the first one whose
/// columns are there.
struct Peer {
    table: &'static str,
    tool: &'static str,
    query: &'static str,
}

const fn peer(table: &'static str, tool: &'static str, query: &'static str) -> Peer {
    Peer { table, tool, query }
}

/// `{table}` is its quoted name.
const KNOWN: &[Peer] = &[
    peer(
        "schema_migrations",
        "golang-migrate",
        "SELECT version, CASE WHEN dirty THEN 'dirty' END FROM {table}",
    ),
    peer(
        "schema_migrations",
        "Rails",
        "SELECT max(version) FROM {table} WHERE (SELECT count(*) FROM ar_internal_metadata) >= 0",
    ),
    peer("schema_migrations", "dbmate", "SELECT max(version) FROM {table}"),
    peer(
        "goose_db_version",
        "goose",
        "SELECT version_id FROM {table} WHERE is_applied ORDER BY id DESC LIMIT 1",
    ),
    peer("schema_version", "Flyway", FLYWAY),
    peer("schema_version", "tern", "SELECT version FROM {table}"),
    peer("flyway_schema_history", "Flyway", FLYWAY),
    peer(
        "atlas_schema_revisions",
        "Atlas",
        "SELECT version, CASE WHEN applied < total THEN 'half applied' END FROM {table} \
         WHERE version NOT LIKE '.%' ORDER BY version DESC LIMIT 1",
    ),
    peer(
        "databasechangelog",
        "Liquibase",
        "SELECT id FROM {table} ORDER BY orderexecuted DESC LIMIT 1",
    ),
    peer(
        "_sqlx_migrations",
        "sqlx",
        "SELECT version, CASE WHEN NOT success THEN 'failed' END FROM {table} \
         ORDER BY version DESC LIMIT 1",
    ),
    peer("__diesel_schema_migrations", "Diesel", "SELECT max(version) FROM {table}"),
    peer("refinery_schema_history", "refinery", "SELECT max(version) FROM {table}"),
    peer("seaql_migrations", "SeaORM", "SELECT max(version) FROM {table}"),
    peer("django_migrations", "Django", "SELECT name FROM {table} ORDER BY id DESC LIMIT 1"),
    peer(
        "_prisma_migrations",
        "Prisma",
        "SELECT migration_name, CASE WHEN finished_at IS NULL THEN 'failed' END FROM {table} \
         ORDER BY started_at DESC LIMIT 1",
    ),
    peer("alembic_version", "Alembic", "SELECT version_num FROM {table}"),
];

const FLYWAY: &str = "SELECT version, CASE WHEN NOT success THEN 'failed' END FROM {table} \
                      ORDER BY installed_rank DESC LIMIT 1";

/// What the other tools' tables say, in words: "golang-migrate's `schema_migrations` says 42,
/// dirty". One that can't be read is named all the same.
pub fn peers_say(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    survey: &Survey,
) -> Vec<String> {
    let mut words = Vec::new();
    for table in &survey.peers {
        words.push(says(connection, dialect, &survey.namespace, table));
    }
    words
}

fn says(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    namespace: &str,
    table: &str,
) -> String {
    let quoted = format!("{}.{}", dialect.quote(namespace), dialect.quote(table));
    for peer in KNOWN.iter().filter(|it| it.table.eq_ignore_ascii_case(table)) {
        let Ok(rows) = connection.query(&peer.query.replace("{table}", &quoted)) else { continue };
        let mut cells = rows.into_iter().next().into_iter().flatten();
        let whose = format!("{}'s `{table}`", peer.tool);
        return match (cells.next().flatten(), cells.next().flatten()) {
            (None, _) => format!("{whose} is empty"),
            (Some(version), None) => format!("{whose} says {version}"),
            (Some(version), Some(wrong)) => format!("{whose} says {version}, {wrong}"),
        };
    }
    format!("another tool's history is there: `{table}`")
}
