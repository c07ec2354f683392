//! Migrations written in the place of others, all or none of them: also where the power goes in
//! between.
//!
//! What is to be done is written down first, in one file. Who finds that file, whenever, does the
//! rest of it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use whimbrel_migration::Migration;

use super::{Checkout, Config, Directory, Error, Kind, write};
use crate::migration::{Loaded, Migrations, checksum};

/// What is written down, beside the migrations.
const FILE: &str = ".whimbrel-exchange.json";

/// A migration that is to be written: its name, its kind, its text, and what the text is to say.
pub type NewFile = (String, Kind, String, Migration);

/// An exchange of files.
#[derive(Debug, Deserialize, Serialize)]
struct Exchange {
    /// Files to write.
    write: Vec<ToWrite>,
    /// Files to remove.
    remove: Vec<ToRemove>,
}

#[derive(Debug, Deserialize, Serialize)]
struct ToWrite {
    file: String,
    /// The digest of what is there, if something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    text: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct ToRemove {
    file: String,
    /// The digest of what is there.
    before: String,
}

impl Checkout {
    /// Writes these migrations in the place of those, all or none of them.
    ///
    /// At every instant each file is whole under its name; a stop in between is finished by the next
    /// one who opens the folder.
    ///
    /// # Errors
    ///
    /// A file that can't be written, or a text that reads back as something else; then everything
    /// is as it was.
    pub fn exchange(&self, config: &Config, new: &[NewFile], old: &[String]) -> Result<(), Error> {
        let exchange = self.planned(new, old)?;
        let folder = config.migrations();
        let journal = folder.join(FILE);
        let text = serde_json::to_string_pretty(&exchange).unwrap_or_default();
        write::write_new(&journal, &text)?;
        let mut undo = Undo::default();
        let written = exchange.write.iter().try_for_each(|it| {
            let path = folder.join(&it.file);
            if let Some(before) = self.text_of(new, it) {
                write::replace(&path, &it.text)?;
                undo.put_back.push((path, before));
            } else {
                write::write_new(&path, &it.text)?;
                undo.take_away.push(path);
            }
            Ok(())
        });
        if let Err(error) = written.and_then(|()| read_back(config, new, old)) {
            undo.run();
            write::remove(&journal)?;
            return Err(error);
        }
        exchange.end(&folder)
    }

    /// What was in the file before, if it is one that is written over.
    fn text_of(&self, new: &[NewFile], file: &ToWrite) -> Option<String> {
        file.before.as_ref()?;
        let of = |it: &&NewFile| file_of(&it.0, it.1) == file.file;
        let (name, ..) = new.iter().find(of)?;
        self.directory.text(name).map(|it| it.text.clone())
    }

    fn planned(&self, new: &[NewFile], old: &[String]) -> Result<Exchange, Error> {
        let digest = |name: &str| {
            let text = self.directory.text(name);
            text.map(|it| checksum::raw(it.text.as_bytes()))
        };
        let mut exchange = Exchange { write: Vec::new(), remove: Vec::new() };
        for (name, kind, text, _) in new {
            let is_there = self.directory.kind(name);
            let is_replaced = is_there == Some(*kind) && old.contains(name);
            if is_there.is_some() && !is_replaced {
                return Err(Error::Exists { what: format!("migration `{name}`") });
            }
            let before = if is_replaced { digest(name) } else { None };
            exchange.write.push(ToWrite { file: file_of(name, *kind), before, text: text.clone() });
        }
        // The last first: what is left at any time has its parents.
        for name in old.iter().rev() {
            let (Some(kind), Some(before)) = (self.directory.kind(name), digest(name)) else {
                continue;
            };
            if !new.iter().any(|it| it.0 == *name && it.1 == kind) {
                exchange.remove.push(ToRemove { file: file_of(name, kind), before });
            }
        }
        Ok(exchange)
    }
}

fn file_of(name: &str, kind: Kind) -> String {
    format!("{name}.{}", kind.extension())
}

impl Exchange {
    /// Removes what is to go, and then what was written down.
    fn end(&self, folder: &Path) -> Result<(), Error> {
        for old in &self.remove {
            let path = folder.join(&old.file);
            // Somebody else may have found the exchange, and finished it.
            if path.exists() {
                write::remove(&path)?;
            }
        }
        let journal = folder.join(FILE);
        if journal.exists() { write::remove(&journal) } else { Ok(()) }
    }

    /// Whether every file is as it was before or as it is to be.
    fn fits(&self, folder: &Path) -> Result<bool, Error> {
        for it in &self.write {
            let now = read(&folder.join(&it.file))?;
            let is_before = now.as_ref().map(|it| checksum::raw(it)) == it.before;
            if !is_before && now.as_deref() != Some(it.text.as_bytes()) {
                return Ok(false);
            }
        }
        for it in &self.remove {
            let now = read(&folder.join(&it.file))?;
            if now.is_some_and(|now| checksum::raw(&now) != it.before) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Brings to its end what a `rebase` or a `generate --amend` began to write and did not finish, if
/// that is there; whether it was. Whoever opens the migrations does so first.
///
/// # Errors
///
/// A file that can't be written, or that somebody has changed since.
pub fn finish_exchange(config: &Config) -> Result<bool, Error> {
    finish(&config.migrations())
}

/// Brings an exchange of files in `folder` to its end that was cut off, if there is one; whether
/// there was.
///
/// # Errors
///
/// A file that can't be written, or that is neither as it was nor as it is to be: then somebody has
/// changed it since, and nothing is touched.
pub(super) fn finish(folder: &Path) -> Result<bool, Error> {
    let journal = folder.join(FILE);
    let Some(text) = read(&journal)? else { return Ok(false) };
    let changed = || Error::CutOff { path: journal.clone() };
    let exchange: Exchange = serde_json::from_slice(&text).map_err(|_| changed())?;
    let is_name = |it: &str| !it.contains(['/', '\\']);
    let mut names = exchange.write.iter().map(|it| &it.file);
    if !names.all(|it| is_name(it)) || !exchange.remove.iter().all(|it| is_name(&it.file)) {
        return Err(changed());
    }
    if !exchange.fits(folder)? {
        return Err(changed());
    }
    for it in &exchange.write {
        write::replace(&folder.join(&it.file), &it.text)?;
    }
    exchange.end(folder)?;
    Ok(true)
}

/// The bytes of a file, if there is one.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(why)
            if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(why) => Err(Error::file("read", path, why)),
    }
}

/// What takes an exchange back that did not come to its end.
#[derive(Default)]
struct Undo {
    take_away: Vec<PathBuf>,
    put_back: Vec<(PathBuf, String)>,
}

impl Undo {
    fn run(self) {
        // Whatever made the exchange fail is what is told.
        for path in self.take_away.iter().rev() {
            let _ = write::remove(path);
        }
        for (path, text) in self.put_back.iter().rev() {
            let _ = write::replace(path, text);
        }
    }
}

/// Whether the files say what they are to say, and make a graph once the old ones are gone.
fn read_back(config: &Config, new: &[NewFile], old: &[String]) -> Result<(), Error> {
    let folder = config.migrations();
    let directory = Directory::read(&folder, &config.display(&folder), config.dialect())?;
    let directory = directory.with_symbols(config.symbols.clone());
    let stay = |name: &str| new.iter().any(|it| it.0 == name) || !old.iter().any(|it| it == name);
    let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in directory.files().iter().filter(|it| stay(&it.name)) {
        let not_read = |why: String| Error::NotReadBack { name: file.name.clone(), why };
        let loaded = directory.load(&file.name).map_err(|found| {
            not_read(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        let meant = new.iter().find(|it| it.0 == file.name).map(|it| &it.3);
        if meant.is_some_and(|it| !means(&loaded, it)) {
            return Err(not_read("it reads back as another migration".to_owned()));
        }
        parents.insert(file.name.clone(), loaded.migration.parents.clone());
    }
    for (name, of) in &parents {
        if let Some(missing) = of.iter().find(|it| !parents.contains_key(*it)) {
            let why = format!("it comes after `{missing}`, which would be gone");
            return Err(Error::NotReadBack { name: name.clone(), why });
        }
    }
    Ok(())
}

/// Whether a file says what it is to say. Comments in SQL may stand elsewhere.
fn means(loaded: &Loaded, meant: &Migration) -> bool {
    loaded.migration.parents == meant.parents
        && checksum::meaning(meant).is_ok_and(|it| it == loaded.meaning)
}
