//! SQLite 3.35 and newer.

use super::{Catalog, Ddl, Dialect, Ledger, Lexical, Lock, LongestName, Parameters, Unenforced};
use crate::schema::Database;

/// SQLite.
pub const SQLITE: Dialect = Dialect {
    name: "sqlite",
    aliases: &["sqlite3"],
    product: "SQLite",
    databases: &[Database::Sqlite],
    quotes: ('"', '"'),
    longest_name: LongestName::Unlimited,
    lexical: Lexical {
        backslash_escapes: false,
        escape_strings: false,
        dollar_quotes: false,
        backtick_names: true,
        bracket_names: true,
        double_quoted_names: true,
        nested_comments: false,
        hash_comments: false,
        dashes_need_space: false,
        executable_comments: false,
        mariadb_comments: false,
        return_ends_comment: false,
        folds_names: false,
        parameters: Parameters::Named,
        delimiter_command: false,
        atomic_bodies: false,
        compound_bodies: true,
    },
    ddl: Ddl::Transactional,
    ledger: Ledger {
        key: "text",
        text: "text",
        number: "integer",
        moment: "text",
        now: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        suffix: "",
    },
    catalog: Catalog::SqliteSchema,
    lock: Lock::File,
    unenforced: Some(Unenforced {
        state: "PRAGMA foreign_keys",
        off: "PRAGMA foreign_keys = OFF",
        on: "PRAGMA foreign_keys = ON",
        check: "PRAGMA foreign_key_check",
    }),
    reset_session: &["PRAGMA foreign_keys = ON", "PRAGMA legacy_alter_table = OFF"],
    half_built: None,
};
