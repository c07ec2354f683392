//! Unique constraints.

use crate::Deferral;

/// Columns of which no two rows may have the same values: a constraint, which foreign keys can point
/// at and a transaction can put off, and not an index alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a unique constraint does nothing until a table gets it"]
pub struct Unique {
    /// Its name.
    pub name: String,
    /// The columns, in the order of its index.
    pub columns: Vec<String>,
    /// Whether rows without a value count as equal.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub nulls_not_distinct: bool,
    /// The columns whose values its index carries along.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub include: Vec<String>,
    /// Whether looking at it may be put off.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Deferral::is_never"))]
    pub deferral: Deferral,
}

impl Unique {
    /// A constraint over these columns, of which nothing else is said.
    pub fn new(name: impl Into<String>, columns: Vec<String>) -> Self {
        Self { name: name.into(), columns, ..Self::default() }
    }

    /// Whether it has this column, among those that it is over or those that it carries along.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().chain(&self.include).any(|it| it == column)
    }
}
