//! The names that databases go by in a schema file.

use super::{
    fields::{self, Reader},
    tree::Key,
};
use crate::{diagnostic::did_you_mean, schema::Database};

/// Every name of every database; of several names the first is the one that is printed.
pub(super) const NAMES: &[(&str, Database)] = &[
    ("postgresql", Database::Postgres),
    ("postgres", Database::Postgres),
    ("mysql", Database::Mysql),
    ("sqlite", Database::Sqlite),
    ("sqlite3", Database::Sqlite),
    ("sqlserver", Database::SqlServer),
    ("mssql", Database::SqlServer),
    ("redshift", Database::Redshift),
    ("clickhouse", Database::ClickHouse),
    ("tidb", Database::TiDb),
    ("vertica", Database::Vertica),
    ("ydb", Database::Ydb),
    ("turso", Database::Turso),
    ("starrocks", Database::StarRocks),
    ("auroradsql", Database::AuroraDsql),
    ("aurora_dsql", Database::AuroraDsql),
    ("mariadb", Database::MariaDb),
    ("cockroachdb", Database::CockroachDb),
    ("cockroach", Database::CockroachDb),
];

/// The key of the text for every database that has none of its own.
pub(super) const OTHERWISE: &str = "otherwise";

/// The database that goes by `word`.
pub(super) fn named(word: &str) -> Option<Database> {
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, it)| *it)
}

/// A key that names no database, which has been said.
pub(super) struct Unknown;

/// The database that a key names, `None` for all others; what names none is pointed at,
/// with what becomes of what stands below it.
pub(super) fn key(
    reader: &mut Reader<'_>,
    key: &Key<'_>,
    otherwise: &str,
) -> Result<Option<Database>, Unknown> {
    let database = named(&key.text);
    if database.is_some() || key.text == OTHERWISE {
        return Ok(database);
    }
    let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).chain([OTHERWISE]).collect();
    let help = match did_you_mean(&key.text, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the databases are {}", fields::list(&fields::first_names(&known))),
    };
    let message = format!("there is no database `{}`", key.text);
    reader.wrong_help(message, &key.range, otherwise, help);
    Err(Unknown)
}

/// The name that is printed for `database`.
pub(super) fn name(database: Database) -> Option<&'static str> {
    NAMES.iter().find(|(_, it)| *it == database).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_database_has_a_name() {
        for database in Database::ALL {
            assert_eq!(name(database).and_then(named), Some(database));
        }
    }
}
