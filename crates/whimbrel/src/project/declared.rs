//! What the database should be, from the schema's file or every file of its folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    diagnostic::{Diagnostic, Severity, SourceFile},
    diff::{Answers, Origin, Subject},
    schema::Name,
    source::{self, Declared, Place},
};

use super::{Config, Error, include, text, write};

/// Reads what the database should be. The second value is what should be looked at and stops
/// nothing.
pub fn declared(config: &Config) -> Result<(Declared, Vec<Diagnostic>), Error> {
    let files = own_files(config)?;
    let (declared, found) = read(config, files);
    let is_error = |it: &Diagnostic| it.severity == Severity::Error;
    if found.iter().any(is_error) { Err(Error::Texts(found)) } else { Ok((declared, found)) }
}

/// The project's own schema files: that of the configuration, or all in its folder.
pub(super) fn own_files(config: &Config) -> Result<Vec<(PathBuf, Arc<SourceFile>)>, Error> {
    let path = config.schema();
    let mut paths = Vec::new();
    if path.is_dir() {
        collect(&path, &mut paths)?;
        if paths.is_empty() {
            return Err(Error::NoSchema { path });
        }
    } else if path.is_file() {
        paths.push(path.clone());
    } else {
        // What can't be looked at may well be there.
        return Err(match fs::metadata(&path) {
            Err(why) if why.kind() == io::ErrorKind::PermissionDenied => {
                Error::file("read", &path, why)
            }
            _ => Error::NoSchema { path },
        });
    }
    let mut files = Vec::new();
    for path in paths {
        let text = text::read(&path)?;
        let file = SourceFile::new(config.display(&path), text);
        files.push((path, file));
    }
    Ok(files)
}

/// Lays the project's own schema files out in one way, or says which would change if only they are
/// to be checked. Files that have no layout of ours stay as they are and are told.
pub fn format_schema(
    config: &Config,
    only_check: bool,
) -> Result<(Vec<PathBuf>, Vec<Diagnostic>), Error> {
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (path, file) in own_files(config)? {
        let Some(lay_out) = source::format_of(&file.name).and_then(|it| it.lay_out) else {
            continue;
        };
        match lay_out(&file) {
            Ok(text) if text == file.text => {}
            Ok(text) => {
                if !only_check {
                    write::replace(&path, &text)?;
                }
                changed.push(path);
            }
            Err(diagnostics) => kept.extend(diagnostics),
        }
    }
    Ok((changed, kept))
}

/// What the schema says of its past with `renamed_from`.
pub fn hints(declared: &Declared) -> Answers {
    let mut answers = Answers::default();
    for it in &declared.renames {
        let beside = |name: &Name| Name { name: it.from.clone(), ..name.clone() };
        let from = || it.from.clone();
        let (from, to) = match it.what.clone() {
            Place::Table(table) => (Subject::Table(beside(&table)), Subject::Table(table)),
            Place::Column(table, column) => {
                (Subject::Column(table.clone(), from()), Subject::Column(table, column))
            }
            Place::Index(table, index) => {
                (Subject::Index(table.clone(), from()), Subject::Index(table, index))
            }
            Place::Enum(name) => (Subject::Enum(beside(&name)), Subject::Enum(name)),
            Place::EnumValue(name, value) => {
                (Subject::EnumValue(name.clone(), from()), Subject::EnumValue(name, value))
            }
            Place::Default(_)
            | Place::View(_)
            | Place::Routine(_)
            | Place::ForeignKey(..)
            | Place::Check(..)
            | Place::Unique(..) => {
                continue;
            }
        };
        answers.say(from, &to, Origin::Hint);
    }
    answers
}

/// All files are read by the format of the first; a folder's files were picked by their endings.
fn read(config: &Config, own: Vec<(PathBuf, Arc<SourceFile>)>) -> (Declared, Vec<Diagnostic>) {
    let Some((_, first)) = own.first() else { return (Declared::default(), Vec::new()) };
    if let Some(format) = source::format_of(&first.name) {
        let include::Followed { files, missing, .. } = include::follow(config, format, own);
        let (declared, mut found) = (format.read)(&files);
        if !missing.is_empty() {
            // What an absent file would have said is not missed a second time.
            found.retain(|it| it.severity == Severity::Warning);
        }
        return (declared, missing.into_iter().chain(found).collect());
    }
    let endings: Vec<String> =
        source::ALL.iter().flat_map(|it| it.extensions).map(|it| format!("`.{it}`")).collect();
    let unknown = Diagnostic::error(format!("`{}` is in no known format", first.name))
        .help(format!("a schema's file ends in {}", endings.join(" or ")));
    (Declared::default(), vec![unknown])
}

/// The files below `folder` that a format knows, in the order of their paths.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |it| Error::file("read", folder, it);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    for path in paths {
        if path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.to_str().is_some_and(|it| source::format_of(it).is_some()) {
            files.push(path);
        }
    }
    Ok(())
}
