//! The phrases of SQL that several operations share, and reading SQL that somebody else wrote.

mod statement;

use thiserror::Error;

pub use self::statement::{Body, Kind, LiveChange, Statement, TableEdit, Transaction};

/// A change that this database cannot make, said in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what} is not possible: {because}")]
pub struct Unsupported {
    /// What was asked for: "an index with a method".
    pub what: String,
    /// Why it can't be had here.
    pub because: String,
}
