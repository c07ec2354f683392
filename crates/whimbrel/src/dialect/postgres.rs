//! PostgreSQL 13 to 18.

use super::{Catalog, Ddl, Dialect, HalfBuilt, Ledger, Lexical, Lock, LongestName, Parameters};
use crate::schema::{Database, Name};

/// PostgreSQL.
pub const POSTGRES: Dialect = Dialect {
    name: "postgres",
    aliases: &["postgresql", "pg"],
    product: "PostgreSQL",
    databases: &[Database::Postgres],
    quotes: ('"', '"'),
    longest_name: LongestName::Bytes(63),
    lexical: Lexical {
        backslash_escapes: false,
        escape_strings: true,
        dollar_quotes: true,
        backtick_names: false,
        bracket_names: false,
        double_quoted_names: true,
        nested_comments: true,
        hash_comments: false,
        dashes_need_space: false,
        executable_comments: false,
        mariadb_comments: false,
        return_ends_comment: true,
        folds_names: true,
        parameters: Parameters::Numbered,
        delimiter_command: false,
        atomic_bodies: true,
        compound_bodies: false,
    },
    ddl: Ddl::Transactional,
    ledger: Ledger {
        key: "text",
        text: "text",
        number: "bigint",
        moment: "timestamptz",
        now: "clock_timestamp()",
        suffix: "",
    },
    catalog: Catalog::PgCatalog,
    lock: Lock::Advisory,
    unenforced: None,
    // `DISCARD ALL` would give the advisory lock back.
    reset_session: &["RESET SESSION AUTHORIZATION", "RESET ALL"],
    half_built: Some(HalfBuilt { drop: drop_half_built }),
};

/// `DROP INDEX CONCURRENTLY "public"."orders_ix"`: the invalid index of a dead
/// `CREATE INDEX CONCURRENTLY` (manual, "CREATE INDEX", "Building Indexes Concurrently").
fn drop_half_built(dialect: &Dialect, table: &Name, index: &str) -> String {
    let name = Name { namespace: table.namespace.clone(), name: index.to_owned() };
    format!("DROP INDEX CONCURRENTLY IF EXISTS {}", dialect.quote_name(&name))
}
