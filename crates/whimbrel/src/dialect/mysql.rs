//! MySQL 8.4 to 9.

use super::{Catalog, Ddl, Dialect, Ledger, Lexical, Lock, LongestName, Parameters};
use crate::schema::Database;

/// MySQL.
pub const MYSQL: Dialect = Dialect {
    name: "mysql",
    aliases: &[],
    product: "MySQL",
    databases: &[Database::Mysql],
    quotes: ('`', '`'),
    longest_name: LongestName::Characters(64),
    lexical: Lexical {
        backslash_escapes: true,
        escape_strings: false,
        dollar_quotes: false,
        backtick_names: true,
        bracket_names: false,
        double_quoted_names: false,
        nested_comments: false,
        hash_comments: true,
        dashes_need_space: true,
        executable_comments: true,
        mariadb_comments: false,
        return_ends_comment: false,
        folds_names: false,
        parameters: Parameters::Variables,
        delimiter_command: true,
        atomic_bodies: false,
        compound_bodies: true,
    },
    ddl: Ddl::Autocommit,
    ledger: Ledger {
        key: "varchar(255)",
        text: "longtext",
        number: "bigint",
        moment: "datetime(6)",
        now: "utc_timestamp(6)",
        suffix: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    },
    catalog: Catalog::InformationSchema,
    lock: Lock::Named,
    unenforced: None,
    reset_session: &[
        "SET SESSION autocommit = 1, foreign_key_checks = DEFAULT, unique_checks = DEFAULT, \
         sql_mode = DEFAULT, time_zone = DEFAULT",
        "SET NAMES utf8mb4",
    ],
    half_built: None,
};
