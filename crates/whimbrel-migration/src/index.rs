//! Indexes and what they are over.

use crate::PerDatabase;

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "an index does nothing until a table gets it"]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it orders by, first things first.
    pub columns: Vec<IndexColumn>,
    /// Whether two rows may be equal in all its columns.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub unique: bool,
    /// Whether rows without a value count as equal where it is unique.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub nulls_not_distinct: bool,
    /// The access method (`gin`, `hash`, …), or the database's usual one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub method: Option<String>,
    /// The columns whose values it carries along without ordering by them.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub include: Vec<String>,
    /// The rows it holds, as a condition in SQL; all of them where `None`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub filter: Option<String>,
}

/// A part of an index: a column or an expression, and how it is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IndexColumn {
    /// The column; empty where it is an expression.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub name: String,
    /// An expression in SQL, in a column's place.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub expression: Option<PerDatabase>,
    /// Which end comes first.
    #[cfg_attr(feature = "serde", serde(default))]
    pub direction: Direction,
    /// Where rows without a value stand, unless it is where the database puts them.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub nulls: Option<Nulls>,
    /// How many characters (of bytes, how many bytes) of each value count, where not all do.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub prefix: Option<u32>,
    /// The collation that texts are ordered by, where it is not the column's.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub collation: Option<PerDatabase>,
    /// The operator class (`text_pattern_ops`, …), where it is not the type's usual one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub operator_class: Option<PerDatabase>,
}

/// Which end of an index comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Direction {
    /// The least value.
    #[default]
    Ascending,
    /// The greatest value.
    Descending,
}

/// Where an index has the rows without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Nulls {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
}

/// One column of an index or several: `"a"`, `["a", "b"]` or `[asc("a"), desc("b")]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexColumns(pub Vec<IndexColumn>);

impl Index {
    /// The columns that it is over, without expressions and without what it carries along.
    pub fn column_names(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().filter(|it| it.expression.is_none()).map(|it| &it.name)
    }

    /// The expressions among its parts, in the words of every database that has its own.
    pub fn expressions(&self) -> impl Iterator<Item = &str> {
        let each = self.columns.iter().filter_map(|it| it.expression.as_ref());
        each.flat_map(PerDatabase::all_texts)
    }
}

impl IndexColumn {
    /// A column, the least value first.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Whether it is a whole column, ordered as columns are.
    pub fn is_plain(&self) -> bool {
        let plain = Self { direction: self.direction, ..Self::new(&self.name) };
        *self == plain
    }
}
