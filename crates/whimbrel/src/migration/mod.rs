//! Migrations: named lists of operations with their parents, and the graph they make.

pub mod checksum;
pub mod format;
mod graph;
mod library;
mod name;
mod state;

pub(crate) use self::name::number_of;
pub use self::{
    graph::{Graph, LookupError, Node, Parent},
    library::{File, Loaded, Migrations},
    name::{file_name, merge_name, migration_name, next_number, slug, without_number},
    state::{ReplayError, replay, states},
};
