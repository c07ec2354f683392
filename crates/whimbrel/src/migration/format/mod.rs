//! The kinds of files a migration can be written in.

pub mod rust;
pub mod sql;
