//! The migrations of a checkout, read no further than they are needed.

use std::sync::{Arc, LazyLock};

use whimbrel_migration::Migration;

use super::{Replaces, format::rust::Symbols};
use crate::{
    diagnostic::{Diagnostic, Span},
    operation::Operation,
};

/// A migration file before it is read: enough to tell that nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The migration's name: the file's stem.
    pub name: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub digest: String,
}

/// A migration as its file states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// SHA-256 of the file's bytes.
    pub digest: String,
    /// Digest of what it means, as `checksum::meaning` reckons it.
    pub meaning: String,
    /// What it does.
    pub migration: Migration,
    /// Where each operation is written, in their order; shorter where nobody knows.
    pub places: Vec<Option<Span>>,
    /// Where its changes of the schema are written, where that is beside its operations: the `state`
    /// section of a file in SQL.
    pub state_place: Option<Span>,
    /// Where each of these changes is written.
    pub state_places: Vec<Span>,
    /// Where the parents are written.
    pub parents_place: Option<Span>,
}

impl Loaded {
    /// Where it is written what an operation changes of the schema.
    pub fn place_of_change(&self, position: usize) -> Option<Span> {
        let of_state = self.state_place.clone().filter(|_| self.says_state(position));
        of_state.or_else(|| self.places.get(position).cloned().flatten())
    }

    /// Where one of the changes is written that an operation is made of, as `operation::parts` counts
    /// them.
    pub fn place_of_part(&self, position: usize, part: usize) -> Option<Span> {
        let of_state = self.state_places.get(part).filter(|_| self.says_state(position));
        of_state.cloned().or_else(|| self.place_of_change(position))
    }

    /// Whether what an operation changes of the schema is what the `state` section says.
    fn says_state(&self, position: usize) -> bool {
        match self.migration.operations.get(position) {
            Some(Operation::RunSql(it)) => it.script.state.is_some(),
            Some(Operation::StateOnly(_)) => true,
            _ => false,
        }
    }
}

/// The migrations of a checkout.
pub trait Migrations {
    /// Every file, ordered by name.
    fn files(&self) -> &[File];

    /// Reads a migration; what is wrong with its text otherwise.
    fn load(&self, name: &str) -> Result<Arc<Loaded>, Vec<Diagnostic>>;

    /// What each migration that stands in the place of others replaces. Whoever can tell without
    /// reading everything should.
    fn replaces(&self) -> Replaces {
        let loaded = self.files().iter().filter_map(|it| self.load(&it.name).ok());
        let squashes = loaded.filter(|it| !it.migration.replaces.is_empty());
        squashes.map(|it| (it.name.clone(), it.migration.replaces.clone())).collect()
    }

    /// What the application adds to the language, for code that is run from its text.
    fn symbols(&self) -> &Symbols {
        static NONE: LazyLock<Symbols> = LazyLock::new(Symbols::default);
        &NONE
    }

    /// Reads these migrations ahead of [`Self::load`], which tells what is wrong with them: many
    /// files can be read side by side.
    fn read_ahead(&self, _names: &[&str]) {}
}
