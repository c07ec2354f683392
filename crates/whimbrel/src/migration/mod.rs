//! Migrations: named lists of operations with their parents, and the graph they make.

pub mod checksum;
mod graph;
mod name;

pub use self::{
    graph::{Graph, LookupError, Node, Parent},
    name::{file_name, merge_name, migration_name, next_number, slug},
};
