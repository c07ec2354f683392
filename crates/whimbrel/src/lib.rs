//! Database schema migrations that survive being stopped at any instant.
//!
//! Everything of a kind is one file, named once in the index beside it, and no room reaches up: see `ARCHITECTURE.md` for the floors.

pub mod connection;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod execute;
pub mod history;
pub mod migration;
pub mod operation;
pub mod project;
pub mod render;
pub mod schema;
pub mod source;
pub mod sql;
