//! The files that schema files include: where they are, each read once, circles and all.

mod cargo;
mod go;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    diagnostic::{Diagnostic, SourceFile},
    source::{Files, Include, Included, SourceFormat},
};

use super::Config;

/// Reads what `own` files include, and what those include. What can't be found is said at the
/// place that includes it.
pub(super) fn follow(
    config: &Config,
    format: &SourceFormat,
    own: Vec<(PathBuf, Arc<SourceFile>)>,
) -> (Files, Vec<Diagnostic>) {
    let mut finder = Finder { config, crates: None, modules: None };
    let mut found = Vec::new();
    let mut seen: BTreeSet<PathBuf> = own.iter().map(|(path, _)| canonical(path)).collect();
    let mut files = Files::default();
    let mut unread = own.clone();
    files.own = own.into_iter().map(|(_, file)| file).collect();
    // Breadth first, so that the order is that in which a reader meets them.
    while !unread.is_empty() {
        for (path, file) in std::mem::take(&mut unread) {
            for include in (format.includes)(&file) {
                let read = finder.find(&path, &include.what).and_then(|path| {
                    let text = fs::read_to_string(&path)
                        .map_err(|error| unreadable(config, &path, &error))?;
                    Ok((path, text))
                });
                match read {
                    Ok((path, text)) => {
                        if seen.insert(canonical(&path)) {
                            let file = SourceFile::new(config.display(&path), text);
                            files.included.push(file.clone());
                            unread.push((path, file));
                        }
                    }
                    Err(missing) => found.push(missing.told(include)),
                }
            }
        }
    }
    (files, found)
}

/// One name for a file, however one came to it.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Why an included file can't be had.
struct Missing {
    why: String,
    help: String,
}

impl Missing {
    fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self { why: why.into(), help: help.into() }
    }

    fn told(self, include: Include) -> Diagnostic {
        let message = match &include.what {
            Included::Path(path) => format!("the included file `{path}` can't be read"),
            Included::Crate { name, path } => {
                format!("the included file `{path}` of crate `{name}` can't be read")
            }
            Included::Module { module, path } => {
                format!("the included file `{path}` of Go module `{module}` can't be read")
            }
        };
        Diagnostic::error(message).at(include.span, self.why).help(self.help)
    }
}

fn unreadable(config: &Config, path: &Path, error: &std::io::Error) -> Missing {
    let shown = config.display(path);
    Missing::new(
        format!("`{shown}`: {}", super::plain(error)),
        "correct the path; a plain path is meant from the folder of the file that includes it",
    )
}

/// Finds files, and remembers what cargo and Go have said.
struct Finder<'a> {
    config: &'a Config,
    crates: Option<Result<cargo::Crates, String>>,
    modules: Option<go::Modules>,
}

impl Finder<'_> {
    fn find(&mut self, from: &Path, what: &Included) -> Result<PathBuf, Missing> {
        match what {
            Included::Path(path) => {
                let folder = from.parent().unwrap_or_else(|| Path::new(""));
                Ok(folder.join(path))
            }
            Included::Crate { name, path } => {
                let root = &self.config.root;
                let crates = self.crates.get_or_insert_with(|| cargo::Crates::ask(root));
                let crates = crates.as_ref().map_err(|why| {
                    Missing::new(
                        why.as_str(),
                        "run `cargo fetch` where the `Cargo.toml` is, or include the file by its path",
                    )
                })?;
                crates.folder(name).map(|it| it.join(path))
            }
            Included::Module { module, path } => {
                let config = self.config;
                let modules = self.modules.get_or_insert_with(|| {
                    go::Modules::read(&config.root, config.go_modules.as_deref())
                });
                modules.folder(module).map(|it| it.join(path))
            }
        }
    }
}
