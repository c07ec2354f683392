//! Which migrations others have already: those on the branch that this one is to be merged into.

use std::collections::BTreeSet;

use super::{Config, Directory, Error, git::Repository, open_directory};
use crate::migration::{Migrations, checksum, without_number};

/// The migrations that others have already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// The branch that they are on; `None` where there is none that could be asked.
    pub branch: Option<String>,
    names: BTreeSet<String>,
}

impl Shared {
    /// Whether others have this migration.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether nobody can tell what others have.
    pub fn is_unknown(&self) -> bool {
        self.branch.is_none()
    }
}

/// What is on the branch `since`, or on the one that a clone calls `origin/HEAD`, `origin/main` or
/// `origin/master`. Where the project is in no repository, or has no such branch, nobody can tell.
///
/// # Errors
///
/// Where `since` is named and git doesn't know it.
pub fn shared(config: &Config, since: Option<&str>) -> Result<Shared, Error> {
    let folder = config.migrations();
    let repository = match (Repository::at(&folder), since) {
        (Ok(repository), _) => repository,
        (Err(error), Some(_)) => return Err(error),
        (Err(_), None) => return Ok(Shared::default()),
    };
    let branch = since.map(str::to_owned).or_else(|| repository.shared_branch());
    let Some(branch) = branch else { return Ok(Shared::default()) };
    let commit = repository.commit(&branch)?;
    if !folder.is_dir() {
        return Ok(Shared { branch: Some(branch), ..Shared::default() });
    }
    let own = open_directory(config, config.dialect())?;
    let files = repository.files(&commit)?;
    let theirs = files.iter().filter_map(|(file, bytes)| {
        let name = file.strip_suffix(".rs").or_else(|| file.strip_suffix(".sql"))?;
        let is_migration = name.starts_with(|it: char| it.is_ascii_digit());
        is_migration.then(|| (name.to_owned(), checksum::raw(bytes)))
    });
    let names = theirs.flat_map(|(name, digest)| same_as(&own, name, &digest)).collect();
    Ok(Shared { branch: Some(branch), names })
}

/// The migration of this name, and the one that has its bytes under another number.
fn same_as(own: &Directory, name: String, digest: &str) -> Vec<String> {
    let moved = own.files().iter().filter(|it| {
        it.digest == digest && without_number(&it.name) == without_number(&name) && it.name != name
    });
    let moved: Vec<String> = moved.map(|it| it.name.clone()).collect();
    moved.into_iter().chain([name]).collect()
}
