//! Migrations: named lists of operations with their parents, and the graph they make.

pub mod checksum;
pub mod format;
mod graph;
mod library;
mod name;
mod replaced;
mod state;

pub use self::{
    graph::{Graph, LookupError, Node, Parent},
    library::{File, Loaded, Migrations},
    name::{
        Numbering, file_name, merge_name, migration_name, next_number, number_of, slug,
        without_number,
    },
    replaced::{Replaces, Standing, mistakes},
    state::{ReplayError, replay, states},
};
