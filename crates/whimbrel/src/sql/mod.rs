//! The phrases of SQL that several operations share, and reading SQL that somebody else wrote.

pub mod lexer;
pub mod split;
mod statement;

pub use self::statement::{Body, Kind, LiveChange, Statement, TableEdit, Transaction};
pub use crate::dialect::Unsupported;
