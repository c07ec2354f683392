//! What one database is to make of a table or a column, beyond what all of them have:
//! `mysql::engine("MyISAM")`.
//!
//! The options of each database are a closed list, from which come the functions that migration files
//! call, what is taken for a value, and what is told of it. A database that isn't the one at hand
//! has no use for its options, and they are kept all the same.

mod known;

use std::{collections::BTreeMap, fmt};

pub use self::known::{known_option, known_options, mariadb, mysql, postgres, sqlite};
use crate::{
    Database,
    code::{Call, Code},
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
        if self.settings.is_empty() {
            return BTreeMap::new();
        }
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

#[cfg(test)]
mod tests {
    use super::{known::ROW_FORMATS, *};

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
