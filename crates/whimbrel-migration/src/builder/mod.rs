//! What a migration file can write: each function once, in the file of what it is about.

#[macro_use]
mod macros;
mod argument;
mod change;
mod column;
mod index;
mod migration;
mod reference;
mod rows;
mod script;
mod table;
mod types;
mod value;

pub use self::{
    argument::Argument, change::*, column::*, index::*, migration::*, reference::*, rows::*,
    script::*, table::*, types::*, value::*,
};
use crate::{dispatch::Entry, mariadb, mysql, postgres, run, sqlite};

/// Everything that a migration file can call, in the order of the reference page.
pub(crate) const PARTS: &[&[Entry]] = &[
    &[run::RUN, run::FAILURE],
    types::FUNCTIONS,
    column::FUNCTIONS,
    value::FUNCTIONS,
    script::FUNCTIONS,
    table::FUNCTIONS,
    index::FUNCTIONS,
    reference::FUNCTIONS,
    rows::FUNCTIONS,
    change::FUNCTIONS,
    migration::FUNCTIONS,
    migration::CONSTRUCTORS,
    column::SAID_OF_A_COLUMN,
    column::METHODS,
    types::METHODS,
    table::METHODS,
    index::METHODS,
    reference::METHODS,
    change::METHODS,
    rows::METHODS,
    script::METHODS,
    &[run::UNDO],
    migration::STEPS,
    postgres::ENTRIES,
    mysql::ENTRIES,
    mariadb::ENTRIES,
    sqlite::ENTRIES,
];
