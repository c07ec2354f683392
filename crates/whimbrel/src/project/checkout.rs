//! The migrations of a project, read and put in order, and the place for the next one.

use std::{collections::BTreeSet, path::PathBuf};

use whimbrel_migration::Migration;

use crate::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    migration::{self, Graph, Loaded, Migrations, Numbering, ReplayError},
    operation::{as_change, parts},
    schema::Schema,
};

use super::{Config, Directory, Error, Kind, write};

/// The migrations of a project, read and put in order.
#[derive(Debug)]
pub struct Checkout {
    /// Their files.
    pub directory: Directory,
    /// What comes after what.
    pub graph: Graph,
}

impl Checkout {
    /// Reads every migration.
    pub fn open(config: &Config) -> Result<Self, Error> {
        Self::of(open_directory(config, config.dialect())?)
    }

    fn of(directory: Directory) -> Result<Self, Error> {
        let graph = directory.graph().map_err(Error::Texts)?;
        Ok(Self { directory, graph })
    }

    /// A migration of the graph.
    pub fn migration(&self, name: &str) -> Result<std::sync::Arc<Loaded>, Error> {
        self.directory.load(name).map_err(Error::Texts)
    }

    /// These migrations and all that they come after, in order.
    pub fn up_to(&self, names: &[&str]) -> Vec<&str> {
        let mut wanted: BTreeSet<&str> = names.iter().copied().collect();
        for name in names {
            wanted.extend(self.graph.ancestors(name));
        }
        self.graph.order().filter(|it| wanted.contains(it)).collect()
    }

    /// The schema after these migrations and all that they come after.
    pub fn schema_after(&self, names: &[&str]) -> Result<Schema, Error> {
        self.replay(&self.up_to(names))
    }

    /// The schema after these migrations, in this order.
    pub fn replay(&self, names: &[&str]) -> Result<Schema, Error> {
        let mut loaded = Vec::with_capacity(names.len());
        for name in names {
            loaded.push(self.migration(name)?);
        }
        migration::replay(loaded.iter().map(|it| (it.name.as_str(), &it.migration)))
            .map_err(|it| Error::Texts(vec![self.unfit(&it)]))
    }

    /// What the next migration is called.
    pub fn next_name(&self, slug: &str, numbering: &Numbering) -> String {
        let existing = self.directory.files().iter().map(|it| it.name.as_str());
        migration::file_name(&numbering.next(existing), slug)
    }

    /// Writes a migration that isn't there yet, reads it back, and takes it away again if what
    /// is read is not what was meant.
    pub fn add(
        &self,
        config: &Config,
        name: &str,
        kind: Kind,
        text: &str,
        meant: &Migration,
    ) -> Result<PathBuf, Error> {
        let path = self.directory.path_of(name, kind);
        if self.directory.files().iter().any(|it| it.name == name) {
            return Err(Error::Exists { what: format!("migration `{name}`") });
        }
        write::write_new(&path, text)?;
        let read = open_directory(config, config.dialect())
            .and_then(Self::of)
            .and_then(|it| it.migration(name));
        let why = match read {
            Ok(loaded) if loaded.migration == *meant => return Ok(path),
            Ok(_) => "it reads back as another migration".to_owned(),
            Err(Error::Texts(found)) => {
                let found: Vec<String> = found.iter().map(ToString::to_string).collect();
                found.join("; ")
            }
            Err(other) => other.to_string(),
        };
        write::remove(&path)?;
        Err(Error::NotReadBack { name: name.to_owned(), why })
    }

    fn unfit(&self, error: &ReplayError) -> Diagnostic {
        let message = format!("migration `{}` does not fit: {}", error.migration, error.conflict);
        let found = Diagnostic::error(message);
        let Ok(loaded) = self.directory.load(&error.migration) else { return found };
        let what = loaded.migration.operations.get(error.position);
        let what = what.and_then(|it| parts(it).get(error.part));
        let what = what.map(|it| as_change(it).describe()).unwrap_or_default();
        match loaded.place_of_part(error.position, error.part) {
            Some(place) => found.at(place, what),
            None => found.note(what),
        }
    }
}

/// The migrations' files, read no further than their bytes. SQL is looked through as `dialect`
/// would, where it is known.
pub fn open_directory(
    config: &Config,
    dialect: Option<&'static Dialect>,
) -> Result<Directory, Error> {
    if let Some(package) = &config.package {
        let directory = Directory::of_package(package, "migrations", dialect)?;
        return Ok(directory.with_symbols(config.symbols.clone()));
    }
    let folder = config.migrations();
    let directory = Directory::open(&folder, &config.display(&folder), dialect)?;
    Ok(directory.with_symbols(config.symbols.clone()))
}
