//! Columns that the database numbers by a sequence of their own, as the standard words it.

/// How the database numbers the rows of a column of whole numbers.
///
/// What it doesn't name is as databases have it: numbers begin with 1 and go up by 1, and a row may
/// bring a number of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "an identity does nothing until a column gets it"]
pub struct Identity {
    /// Whether a row can't bring a number of its own: `GENERATED ALWAYS`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub always: bool,
    /// The first number that is given; 1 where nothing is said, or -1 where numbers go down.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub start: Option<i64>,
    /// By how much each number is greater than the one before; 1 where nothing is said.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub increment: Option<i64>,
}

impl Identity {
    /// The same, without saying what goes without saying.
    pub fn plain(self) -> Self {
        let increment = self.increment.filter(|it| *it != 1);
        let usual = if increment.is_some_and(|it| it < 0) { -1 } else { 1 };
        Self { start: self.start.filter(|it| *it != usual), increment, ..self }
    }
}

/// What becomes of how a column is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum IdentityChange {
    /// The column is numbered like this.
    Set(Identity),
    /// Nothing numbers the column any more, and it keeps its values.
    Drop,
}
