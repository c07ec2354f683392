//! The options of each database: a closed list, from which come the functions that migration files
//! call, the interpreter's entries, and what is known of each option.

use super::{ColumnOption, KnownOption, Of, Setting, SharedOption, TableOption, Takes};
use crate::{Database, dispatch::Entry};

/// All options of all databases.
pub fn known_options() -> impl Iterator<Item = &'static KnownOption> {
    let all = [
        (postgres::KNOWN, postgres::AGAIN),
        (mysql::KNOWN, mysql::AGAIN),
        (sqlite::KNOWN, sqlite::AGAIN),
        (mariadb::KNOWN, mariadb::AGAIN),
    ];
    let again = |(one, other): (&'static [KnownOption], &'static [KnownOption])| {
        one.iter().zip(other).filter(|(one, other)| one.of != other.of).map(|(_, it)| it)
    };
    all.into_iter().flat_map(|it| it.0).chain(all.into_iter().flat_map(again))
}

/// The option of this name that a database has.
pub fn known_option(of: Of, database: Database, name: &str) -> Option<&'static KnownOption> {
    known_options().find(|it| it.of == of && it.database == database && it.name == name)
}

/// The options of a database: each once, from which come its function, the interpreter's entry, and
/// what is known of it.
macro_rules! options {
    (
        $(#[doc = $mdoc:literal])*
        mod $module:ident of $database:ident {
            $($(#[doc = $doc:literal])* fn $name:ident($($arg:ident: $kind:tt)?) -> $of:ident {
                $takes:expr
            })*
        }
    ) => {
        $(#[doc = $mdoc])*
        pub mod $module {
            #[allow(unused_imports, reason = "not every database has options of each kind")]
            use super::{
                ColumnOption, Database, Entry, KnownOption, Setting, SharedOption, TableOption, Takes,
            };

            $(
                $(#[doc = $doc])*
                pub fn $name($($arg: parameter!($kind))?) -> $of {
                    $(let $arg = argument_value!($arg, $kind);)?
                    let setting = options!(@setting $($arg)?);
                    $of { database: Database::$database, name: stringify!($name), setting }
                }
            )*

            /// The options as data.
            pub(super) const KNOWN: &[KnownOption] = &[$(KnownOption {
                database: Database::$database,
                of: $of::OF,
                name: stringify!($name),
                function: concat!(stringify!($module), "::", stringify!($name)),
                takes: $takes,
                what: concat!($($doc, "\n"),*),
            },)*];

            /// The same as what else they can be of.
            pub(super) const AGAIN: &[KnownOption] = &[$(KnownOption {
                database: Database::$database,
                of: $of::ALSO,
                name: stringify!($name),
                function: concat!(stringify!($module), "::", stringify!($name)),
                takes: $takes,
                what: concat!($($doc, "\n"),*),
            },)*];

            /// What the interpreter calls.
            pub(crate) const ENTRIES: &[Entry] = &[$(entry!(
                @free concat!(stringify!($module), "::", stringify!($name)), $name,
                concat!($($doc, "\n"),*), ($($arg: $kind)?) -> $of
            ),)*];
        }
    };
    (@setting) => { Setting::Flag(true) };
    (@setting $arg:ident) => { Setting::from($arg) };
}

options! {
    /// What PostgreSQL alone can be told of a table or a column.
    mod postgres of Postgres {
        /// How full pages are made, in percent, so that rows find room for their next versions.
        fn fillfactor(percent: u32) -> TableOption { Takes::Whole(10, 100) }
        /// The table is in no log of the server: quick to write, empty after a crash, and not on
        /// replicas.
        fn unlogged() -> TableOption { Takes::Nothing }
        /// The tablespace that its rows stand in.
        fn tablespace(name: (String)) -> TableOption { Takes::Name }
        /// How long a row gets before its long values are kept apart, in bytes.
        fn toast_tuple_target(bytes: u32) -> TableOption { Takes::Whole(128, 8160) }
        /// How many workers help to read it.
        fn parallel_workers(workers: u32) -> TableOption { Takes::Whole(0, 1024) }
        /// Whether the server cleans it up by itself.
        fn autovacuum_enabled(enabled: bool) -> TableOption { Takes::Flag }
        /// How many rows have to be changed or deleted before it is cleaned up, beside the share.
        fn autovacuum_vacuum_threshold(rows: i64) -> TableOption { Takes::Whole(0, 2_147_483_647) }
        /// The share of its rows that has to be changed or deleted before it is cleaned up: `"0.02"`.
        fn autovacuum_vacuum_scale_factor(share: (String)) -> TableOption { Takes::Fraction(0, 100) }
        /// How many rows have to be added before it is cleaned up, beside the share; -1 for never.
        fn autovacuum_vacuum_insert_threshold(rows: i64) -> TableOption {
            Takes::Whole(-1, 2_147_483_647)
        }
        /// The share of its rows that has to be added before it is cleaned up.
        fn autovacuum_vacuum_insert_scale_factor(share: (String)) -> TableOption {
            Takes::Fraction(0, 100)
        }
        /// How many rows have to be written before its statistics are gathered, beside the share.
        fn autovacuum_analyze_threshold(rows: i64) -> TableOption { Takes::Whole(0, 2_147_483_647) }
        /// The share of its rows that has to be written before its statistics are gathered.
        fn autovacuum_analyze_scale_factor(share: (String)) -> TableOption { Takes::Fraction(0, 100) }
        /// How long cleaning up pauses each time, in milliseconds.
        fn autovacuum_vacuum_cost_delay(milliseconds: (String)) -> TableOption {
            Takes::Fraction(-1, 100)
        }
        /// How much cleaning up does between two pauses.
        fn autovacuum_vacuum_cost_limit(cost: u32) -> TableOption { Takes::Whole(1, 10_000) }
        /// How old a row gets before it is cleaned up whatever else is said, in transactions.
        fn autovacuum_freeze_max_age(transactions: i64) -> TableOption {
            Takes::Whole(100_000, 2_000_000_000)
        }
        /// From how many milliseconds on cleaning up is logged; -1 for never.
        fn log_autovacuum_min_duration(milliseconds: i64) -> TableOption {
            Takes::Whole(-1, 2_147_483_647)
        }
        /// Whether cleaning up gives empty pages at the end back.
        fn vacuum_truncate(truncates: bool) -> TableOption { Takes::Flag }
        /// Which columns of a changed or deleted row subscribers are told: `full` for all, `nothing`,
        /// or `default` for those of the primary key.
        fn replica_identity(columns: (String)) -> TableOption {
            Takes::Word(&["default", "full", "nothing"])
        }
        /// The access method that keeps its rows, `heap` unless said.
        fn access_method(name: (String)) -> TableOption { Takes::Name }
        /// Whether the server cleans up its long values by itself: `toast.autovacuum_enabled`.
        fn toast_autovacuum_enabled(enabled: bool) -> TableOption { Takes::Flag }
        /// How many of its long values' parts have to be deleted before they are cleaned up, beside the
        /// share.
        fn toast_autovacuum_vacuum_threshold(rows: i64) -> TableOption {
            Takes::Whole(0, 2_147_483_647)
        }
        /// The share of its long values' parts that has to be deleted before they are cleaned up.
        fn toast_autovacuum_vacuum_scale_factor(share: (String)) -> TableOption {
            Takes::Fraction(0, 100)
        }
        /// How many parts of long values have to be added before they are cleaned up; -1 for never.
        fn toast_autovacuum_vacuum_insert_threshold(rows: i64) -> TableOption {
            Takes::Whole(-1, 2_147_483_647)
        }
        /// The share of its long values' parts that has to be added before they are cleaned up.
        fn toast_autovacuum_vacuum_insert_scale_factor(share: (String)) -> TableOption {
            Takes::Fraction(0, 100)
        }
        /// How long cleaning up its long values pauses each time, in milliseconds.
        fn toast_autovacuum_vacuum_cost_delay(milliseconds: (String)) -> TableOption {
            Takes::Fraction(-1, 100)
        }
        /// How much cleaning up its long values does between two pauses.
        fn toast_autovacuum_vacuum_cost_limit(cost: u32) -> TableOption { Takes::Whole(1, 10_000) }
        /// How old a long value gets before it is cleaned up whatever else is said, in transactions.
        fn toast_autovacuum_freeze_max_age(transactions: i64) -> TableOption {
            Takes::Whole(100_000, 2_000_000_000)
        }
        /// From how many milliseconds on cleaning up its long values is logged; -1 for never.
        fn toast_log_autovacuum_min_duration(milliseconds: i64) -> TableOption {
            Takes::Whole(-1, 2_147_483_647)
        }
        /// Whether cleaning up its long values gives empty pages at the end back.
        fn toast_vacuum_truncate(truncates: bool) -> TableOption { Takes::Flag }
        /// How a column's long values are kept: `plain` in the row as they are, `main` in the row as
        /// far as that goes, `external` apart and as they are, `extended` apart and compressed.
        fn storage(kept: (String)) -> ColumnOption {
            Takes::Word(&["plain", "main", "external", "extended"])
        }
        /// How a column's long values are compressed: `pglz` or `lz4`; PostgreSQL 14 and newer.
        fn compression(method: (String)) -> ColumnOption { Takes::Word(&["pglz", "lz4"]) }
        /// How exactly a column's values are counted for planning queries, where the server's own
        /// `default_statistics_target` isn't right; 0 for not at all.
        fn statistics(target: u32) -> ColumnOption { Takes::Whole(0, 10_000) }
        /// How many different values planning expects of a column, whatever is counted; a negative
        /// one is a share of the rows.
        fn n_distinct(values: (String)) -> ColumnOption { Takes::Fraction(-1, i32::MAX) }
    }
}

/// How InnoDB and others lay out rows.
pub(super) const ROW_FORMATS: Takes =
    Takes::Word(&["dynamic", "compact", "redundant", "compressed", "fixed", "page"]);

/// The character sets of MySQL and MariaDB.
const CHARSETS: Takes = Takes::Word(&[
    "utf8mb4", "utf8mb3", "ascii", "latin1", "latin2", "latin5", "latin7", "binary", "armscii8",
    "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932", "dec8",
    "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2",
    "koi8r", "koi8u", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16",
    "utf16le", "utf32",
]);

/// MySQL and MariaDB have the same options, each in its own words.
macro_rules! options_of_mysql {
    ($(#[doc = $doc:literal])* $module:ident, $database:ident) => {
        options! {
            $(#[doc = $doc])*
            mod $module of $database {
                /// The storage engine, `InnoDB` unless said.
                fn engine(name: (String)) -> TableOption { Takes::Name }
                /// How rows are laid out: `dynamic`, `compact`, `redundant` or `compressed` of InnoDB.
                fn row_format(format: (String)) -> TableOption { super::ROW_FORMATS }
                /// The size of compressed pages, in kilobytes.
                fn key_block_size(kilobytes: u32) -> TableOption { Takes::Whole(1, 16) }
                /// The collation of the columns that name none, and with it their character set.
                fn collation(name: (String)) -> TableOption { Takes::Name }
                /// The character set of a column, or of a table's columns that name none, with its
                /// usual collation.
                fn charset(name: (String)) -> SharedOption { super::CHARSETS }
            }
        }
    };
}

options_of_mysql! {
    /// What MySQL alone can be told of a table; MariaDB is told the same where nothing is said for it.
    mysql, Mysql
}
options_of_mysql! {
    /// What MariaDB alone can be told of a table, in place of what MySQL is told.
    mariadb, MariaDb
}

options! {
    /// What SQLite alone can be told of a table.
    mod sqlite of Sqlite {
        /// Values are of the types that their columns say; types are `INTEGER`, `REAL`, `TEXT`,
        /// `BLOB` and `ANY` then.
        fn strict() -> TableOption { Takes::Nothing }
        /// Rows stand in the primary key and have no number beside it.
        fn without_rowid() -> TableOption { Takes::Nothing }
    }
}
