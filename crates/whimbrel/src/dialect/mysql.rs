//! MySQL 8.4 to 9.

use super::{Ddl, Dialect, Lexical, LongestName};
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
        delimiter_command: true,
        atomic_bodies: false,
        compound_bodies: true,
    },
    ddl: Ddl::Autocommit,
};
