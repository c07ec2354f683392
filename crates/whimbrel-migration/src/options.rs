//! What one database is to make of a table or a column, beyond what all of them have:
//! `mysql::engine("MyISAM")`.
//!
//! The options of each database are a closed list, from which come the functions that migration files
//! call, what is taken for a value, and what is told of it. A database that isn't the one at hand
//! has no use for its options, and they are kept all the same.

use std::{collections::BTreeMap, fmt};

use crate::{
    Database,
    code::{Call, Code},
    dispatch::Entry,
};

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Setting {
    /// That it is so, or that it isn't.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A word, a name, or a number with a fraction.
    Text(String),
}

impl From<bool> for Setting {
    fn from(it: bool) -> Self {
        Self::Flag(it)
    }
}

impl From<u32> for Setting {
    fn from(it: u32) -> Self {
        Self::Number(it.into())
    }
}

impl From<i64> for Setting {
    fn from(it: i64) -> Self {
        Self::Number(it)
    }
}

impl From<String> for Setting {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

impl fmt::Display for Setting {
    /// `true`, `70`, `compressed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(it) => it.fmt(f),
            Self::Number(it) => it.fmt(f),
            Self::Text(it) => it.fmt(f),
        }
    }
}

/// What an option can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it is said or it isn't.
    Nothing,
    /// `true` or `false`.
    Flag,
    /// A whole number from the one to the other.
    Whole(i64, i64),
    /// A number from the one to the other, which may have a fraction.
    Fraction(i32, i32),
    /// One of these words, in any case.
    Word(&'static [&'static str]),
    /// A name.
    Name,
}

impl fmt::Display for Takes {
    /// "a whole number from 10 to 100".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing | Self::Flag => f.write_str("`true` or `false`"),
            Self::Whole(least, greatest) => {
                write!(f, "a whole number from {least} to {greatest}")
            }
            Self::Fraction(least, greatest) => write!(f, "a number from {least} to {greatest}"),
            Self::Word(words) => {
                let (last, rest) = words.split_last().expect("there is a choice");
                let rest: Vec<String> = rest.iter().map(|it| format!("`{it}`")).collect();
                write!(f, "{} or `{last}`", rest.join(", "))
            }
            Self::Name => f.write_str("a name"),
        }
    }
}

impl Takes {
    /// The setting that a text means; `None` where it means none.
    pub fn read(self, text: &str) -> Option<Setting> {
        match self {
            Self::Nothing | Self::Flag => {
                let says = |words: &[&str]| words.iter().any(|it| it.eq_ignore_ascii_case(text));
                let truth = says(&["true", "on", "yes", "1"]);
                (truth || says(&["false", "off", "no", "0"])).then_some(Setting::Flag(truth))
            }
            Self::Whole(..) => text.parse().ok().map(Setting::Number),
            Self::Fraction(..) | Self::Word(_) | Self::Name => Some(Setting::Text(text.to_owned())),
        }
        .filter(|it| self.holds(it))
    }

    /// Whether this is one of the settings.
    pub fn holds(self, setting: &Setting) -> bool {
        match (self, setting) {
            (Self::Nothing | Self::Flag, Setting::Flag(_)) => true,
            (Self::Whole(least, greatest), Setting::Number(it)) => (least..=greatest).contains(it),
            (Self::Fraction(least, greatest), Setting::Text(it)) => {
                let digits = it.bytes().all(|it| it.is_ascii_digit() || b".-".contains(&it));
                let number = it.parse::<f64>().ok().filter(|_| digits);
                number.is_some_and(|it| (f64::from(least)..=f64::from(greatest)).contains(&it))
            }
            (Self::Word(words), Setting::Text(it)) => {
                words.iter().any(|word| word.eq_ignore_ascii_case(it))
            }
            (Self::Name, Setting::Text(it)) => !it.is_empty() && !it.chars().any(char::is_control),
            _ => false,
        }
    }
}

/// What an option is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A table.
    Table,
    /// A column.
    Column,
}

/// An option that a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownOption {
    /// The database.
    pub database: Database,
    /// What it is of.
    pub of: Of,
    /// Its name.
    pub name: &'static str,
    /// The function that says it in a migration: `mysql::engine`.
    pub function: &'static str,
    /// What it can be set to.
    pub takes: Takes,
    /// What it is, in one sentence or two.
    pub what: &'static str,
}

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

/// What databases are told beyond what all of them have, by database and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Options {
    settings: BTreeMap<Database, BTreeMap<String, Setting>>,
}

impl Options {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// Says it; what was said before is forgotten.
    pub fn set(&mut self, database: Database, name: impl Into<String>, setting: Setting) {
        self.settings.entry(database).or_default().insert(name.into(), setting);
    }

    /// Says it no more.
    pub fn remove(&mut self, database: Database, name: &str) {
        if let Some(own) = self.settings.get_mut(&database) {
            own.remove(name);
            self.settings.retain(|_, it| !it.is_empty());
        }
    }

    /// What a database is told by this name.
    pub fn get(&self, database: Database, name: &str) -> Option<&Setting> {
        self.settings.get(&database)?.get(name)
    }

    /// All that is said, in the order of the databases and names.
    pub fn iter(&self) -> impl Iterator<Item = (Database, &str, &Setting)> {
        let of = |(database, own): (&Database, _)| (*database, own);
        self.settings.iter().map(of).flat_map(|(database, own): (_, &BTreeMap<_, _>)| {
            own.iter().map(move |(name, it): (&String, _)| (database, name.as_str(), it))
        })
    }

    /// What one of `databases` is told, which are asked in their order.
    pub fn of(&self, databases: &[Database]) -> BTreeMap<&str, &Setting> {
        let own = databases.iter().rev().filter_map(|it| self.settings.get(it));
        own.flatten().map(|(name, it)| (name.as_str(), it)).collect()
    }

    /// Makes the change; what it doesn't name stays as it is.
    pub fn take(&mut self, change: &OptionsChange) {
        for (database, name, setting) in change.iter() {
            match setting {
                Some(it) => self.set(database, name, it.clone()),
                None => self.remove(database, name),
            }
        }
    }

    /// The calls that say it, for each by a function of its own.
    pub(crate) fn calls(&self, of: Of) -> impl Iterator<Item = Call> {
        self.iter().filter_map(move |(database, name, it)| with(of, database, name, it))
    }
}

/// What is to change about the options of databases; what isn't named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct OptionsChange {
    settings: BTreeMap<Database, BTreeMap<String, Option<Setting>>>,
}

impl OptionsChange {
    /// The change that leads from the ones to the others.
    pub fn between(before: &Options, after: &Options) -> Self {
        let mut change = Self::default();
        for (database, name, _) in before.iter() {
            if after.get(database, name).is_none() {
                change.set(database, name, None);
            }
        }
        for (database, name, setting) in after.iter() {
            if before.get(database, name) != Some(setting) {
                change.set(database, name, Some(setting.clone()));
            }
        }
        change
    }

    /// The change that brings back what this one changes.
    #[must_use]
    pub fn back_to(&self, before: &Options) -> Self {
        let mut change = Self::default();
        for (database, name, _) in self.iter() {
            change.set(database, name, before.get(database, name).cloned());
        }
        change
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// Says it from then on, or no more.
    pub fn set(&mut self, database: Database, name: impl Into<String>, to: Option<Setting>) {
        self.settings.entry(database).or_default().insert(name.into(), to);
    }

    /// All that changes, in the order of the databases and names; `None` for what is said no more.
    pub fn iter(&self) -> impl Iterator<Item = (Database, &str, Option<&Setting>)> {
        let of = |(database, own): (&Database, _)| (*database, own);
        self.settings.iter().map(of).flat_map(|(database, own): (_, &BTreeMap<_, _>)| {
            own.iter().map(move |(name, it): (&String, &Option<Setting>)| {
                (database, name.as_str(), it.as_ref())
            })
        })
    }

    /// This change and then the next one.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let mut both = self.clone();
        for (database, name, setting) in next.iter() {
            both.set(database, name, setting.cloned());
        }
        both
    }

    pub(crate) fn calls(&self, of: Of) -> impl Iterator<Item = Call> {
        self.iter().filter_map(move |(database, name, setting)| match setting {
            Some(it) => with(of, database, name, it),
            None => Some(Call {
                name: "without",
                arguments: vec![
                    Code::Constant(format!("{database:?}")),
                    Code::Text(name.to_owned()),
                ],
            }),
        })
    }
}

/// `.with(postgres::fillfactor(70))`; `None` for an option that isn't known.
fn with(of: Of, database: Database, name: &str, setting: &Setting) -> Option<Call> {
    let known = known_option(of, database, name)?;
    let value = match (known.takes, setting) {
        (Takes::Nothing, _) => None,
        (_, Setting::Flag(it)) => Some(Code::Boolean(*it)),
        (_, Setting::Number(it)) => Some(Code::Integer(*it)),
        (_, Setting::Text(it)) => Some(Code::Text(it.clone())),
    };
    let function = Call { name: known.function, arguments: value.into_iter().collect() };
    Some(Call { name: "with", arguments: vec![Code::Chain(function, vec![])] })
}

/// Something that one database is to make of a table: `postgres::fillfactor(70)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an option does nothing until a table gets it"]
pub struct TableOption {
    /// The database.
    pub database: Database,
    /// Its name.
    pub name: &'static str,
    /// What it is set to.
    pub setting: Setting,
}

impl TableOption {
    const OF: Of = Of::Table;
    const ALSO: Of = Of::Table;
}

/// Something that one database is to make of a column: `postgres::storage("external")`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an option does nothing until a column gets it"]
pub struct ColumnOption {
    /// The database.
    pub database: Database,
    /// Its name.
    pub name: &'static str,
    /// What it is set to.
    pub setting: Setting,
}

impl ColumnOption {
    const OF: Of = Of::Column;
    const ALSO: Of = Of::Column;
}

/// Something that one database is to make of a table or of a column: `mysql::charset("ascii")`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an option does nothing until a table or a column gets it"]
pub struct SharedOption {
    /// The database.
    pub database: Database,
    /// Its name.
    pub name: &'static str,
    /// What it is set to.
    pub setting: Setting,
}

impl SharedOption {
    const OF: Of = Of::Table;
    const ALSO: Of = Of::Column;
}

impl From<SharedOption> for TableOption {
    fn from(SharedOption { database, name, setting }: SharedOption) -> Self {
        Self { database, name, setting }
    }
}

impl From<SharedOption> for ColumnOption {
    fn from(SharedOption { database, name, setting }: SharedOption) -> Self {
        Self { database, name, setting }
    }
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
const ROW_FORMATS: Takes =
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_taken_where_it_fits() {
        let whole = Takes::Whole(10, 100);
        assert_eq!(whole.read("70"), Some(Setting::Number(70)));
        assert_eq!(whole.read("7"), None);
        assert_eq!(whole.read("x"), None);
        let share = Takes::Fraction(0, 100);
        assert!(share.read("0.05").is_some() && share.read("-1").is_none());
        assert!(share.read("inf").is_none() && share.read("1e1").is_none());
        assert!(ROW_FORMATS.read("Compressed").is_some() && ROW_FORMATS.read("zip").is_none());
        assert_eq!(Takes::Flag.read("off"), Some(Setting::Flag(false)));
        assert!(
            !Takes::Flag.holds(&Setting::Number(1))
                && !Takes::Name.holds(&Setting::Text(String::new()))
        );
    }

    #[test]
    fn a_change_leads_from_one_to_the_other_and_back() {
        let (mut one, mut other) = (Options::default(), Options::default());
        one.set(Database::Postgres, "fillfactor", Setting::Number(70));
        one.set(Database::Sqlite, "strict", Setting::Flag(true));
        other.set(Database::Postgres, "fillfactor", Setting::Number(80));
        other.set(Database::Mysql, "engine", Setting::Text("MyISAM".to_owned()));
        let change = OptionsChange::between(&one, &other);
        let mut found = one.clone();
        found.take(&change);
        assert_eq!(found, other);
        found.take(&change.back_to(&one));
        assert_eq!(found, one);
        assert!(OptionsChange::between(&one, &one).is_empty());
    }

    #[test]
    fn mariadb_is_told_what_mysql_is_unless_it_is_told_something_else() {
        let mut options = Options::default();
        options.set(Database::Mysql, "engine", Setting::Text("MyISAM".to_owned()));
        options.set(Database::Mysql, "key_block_size", Setting::Number(8));
        options.set(Database::MariaDb, "engine", Setting::Text("Aria".to_owned()));
        let told = options.of(&[Database::MariaDb, Database::Mysql]);
        assert_eq!(told["engine"], &Setting::Text("Aria".to_owned()));
        assert_eq!(told["key_block_size"], &Setting::Number(8));
        assert_eq!(options.of(&[Database::Mysql])["engine"].to_string(), "MyISAM");
    }
}
