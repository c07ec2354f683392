//! Rows that a migration writes.

use crate::{DefaultValue, Name};

/// The rows of a table, before it is said what is done to them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "rows do nothing until a migration gets them"]
pub struct Rows {
    /// The table.
    pub table: Name,
}

/// A value in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[must_use = "a value does nothing until a row gets it"]
pub enum Cell {
    /// No value.
    Null,
    /// Bytes, as hexadecimal digits.
    Bytes(String),
    /// Whatever can be a default: a text, a number, an expression, ….
    Value(DefaultValue),
}

/// The values of a row: a tuple, or a list of values of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells(pub Vec<Cell>);

/// How many rows a batch has where nothing is said.
pub(crate) const USUAL_BATCH: u32 = 1_000;

/// The most values of a row that is written as a tuple.
pub(crate) const WIDEST_TUPLE: usize = 24;
