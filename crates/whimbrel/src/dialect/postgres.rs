//! PostgreSQL 13 to 18.

use super::{Catalog, Ddl, Dialect, Ledger, Lexical, Lock, LongestName, Parameters};
use crate::schema::Database;

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
};
