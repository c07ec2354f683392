//! A migration as its file states it.

use crate::Operation;

/// A list of operations and the migrations that it comes after. Its name is its file's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a migration file returns its migration"]
pub struct Migration {
    /// The migrations that come before; none for a root.
    pub parents: Vec<String>,
    /// The steps, in their order.
    pub operations: Vec<Operation>,
    /// Whether every statement is to run outside of a transaction.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub no_transaction: bool,
    /// The migrations in whose place this one stands.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub replaces: Vec<String>,
    /// Whether it runs only once the programs that need what it takes away are gone.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub after_deploy: bool,
}

/// Changes on their way into a migration, under a word that says how they are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "changes do nothing until a migration gets them"]
pub struct Changes {
    /// The steps, in their order.
    pub operations: Vec<Operation>,
}
