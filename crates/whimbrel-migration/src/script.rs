//! SQL in the user's own words, for one database or for each.

use crate::Operation;

/// A database that SQL text can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Database {
    /// PostgreSQL.
    Postgres,
    /// MySQL; also stands for MariaDB, `TiDB` and StarRocks where they aren't named.
    Mysql,
    /// SQLite; also stands for Turso where it isn't named.
    Sqlite,
    /// Microsoft SQL Server.
    SqlServer,
    /// Amazon Redshift.
    Redshift,
    /// ClickHouse.
    ClickHouse,
    /// `TiDB`.
    TiDb,
    /// Vertica.
    Vertica,
    /// YDB.
    Ydb,
    /// Turso.
    Turso,
    /// StarRocks.
    StarRocks,
    /// Amazon Aurora DSQL.
    AuroraDsql,
    /// MariaDB.
    MariaDb,
    /// CockroachDB.
    CockroachDb,
}

impl Database {
    /// Every database, in the order the documentation lists them.
    pub const ALL: [Self; 14] = [
        Self::Postgres,
        Self::Mysql,
        Self::Sqlite,
        Self::SqlServer,
        Self::Redshift,
        Self::ClickHouse,
        Self::TiDb,
        Self::Vertica,
        Self::Ydb,
        Self::Turso,
        Self::StarRocks,
        Self::AuroraDsql,
        Self::MariaDb,
        Self::CockroachDb,
    ];
}

/// A text for each of several databases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "SQL does nothing until a migration gets it"]
pub struct PerDatabase {
    /// The texts, in the order they were written.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub texts: Vec<(Database, String)>,
    /// The text for every database that isn't named.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub otherwise: Option<String>,
}

impl PerDatabase {
    /// The same text for every database.
    pub fn all(text: impl Into<String>) -> Self {
        Self { texts: Vec::new(), otherwise: Some(text.into()) }
    }

    /// Every text, in the order they were written.
    pub fn all_texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(_, it)| it.as_str()).chain(self.otherwise.as_deref())
    }

    /// Changes every text.
    pub fn each_text(&mut self, mut change: impl FnMut(&mut String)) {
        self.texts.iter_mut().map(|(_, it)| it).chain(&mut self.otherwise).for_each(&mut change);
    }

    /// The text for one of `databases`, which are asked in their order, or else the common one.
    pub fn text(&self, databases: impl IntoIterator<Item = Database>) -> Option<&str> {
        databases
            .into_iter()
            .find_map(|wanted| self.texts.iter().find(|(it, _)| *it == wanted))
            .map(|(_, text)| text.as_str())
            .or(self.otherwise.as_deref())
    }
}

/// SQL text that means the same on every database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "SQL does nothing until a migration gets it"]
pub struct Sql(pub String);

/// How SQL text is taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Undo {
    /// Nobody has said how.
    #[default]
    Unknown,
    /// There is nothing to take back.
    Nothing,
    /// By this SQL.
    Sql(PerDatabase),
}

/// SQL text and how it is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "SQL does nothing until a migration gets it"]
pub struct Script {
    /// What runs on the way up: one statement or several.
    pub up: PerDatabase,
    /// What runs on the way down.
    #[cfg_attr(feature = "serde", serde(default))]
    pub undo: Undo,
    /// A query that answers whether its first statement has had its effect, for a statement that
    /// cannot be looked at otherwise: done if its first row's first value is true.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub done_when: Option<PerDatabase>,
    /// What it changes of the schema, where somebody has said so; none for nothing at all. Without
    /// it the schema is taken to stay as it is, and nobody knows more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub state: Option<Vec<Operation>>,
}

impl Script {
    /// SQL of which nothing else is said.
    pub const fn of(up: PerDatabase) -> Self {
        Self { up, undo: Undo::Unknown, done_when: None, state: None }
    }
}
