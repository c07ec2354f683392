//! The files that schema files include: where they are, each read once, circles and all.

mod candidates;
mod cargo;
mod go;
mod more;
mod tree;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use crate::{
    diagnostic::{Diagnostic, SourceFile},
    source::{Files, Include, Included, SourceFormat},
};

use super::Config;

pub use self::{
    candidates::{Candidate, Candidates, candidates},
    more::include_more,
    tree::{Inclusion, Standing, inclusions},
};

/// The files of a schema, and how one led to another.
pub(super) struct Followed {
    /// The texts.
    pub(super) files: Files,
    /// What can't be found, said at the place that includes it.
    pub(super) missing: Vec<Diagnostic>,
    /// What each file includes, by the file's one name.
    links: BTreeMap<PathBuf, Vec<Link>>,
}

/// That a file includes another, and which that is.
struct Link {
    what: Included,
    to: Result<Place, Missing>,
}

/// Where an included file is.
#[derive(Clone)]
struct Place {
    path: PathBuf,
    /// The version of the crate or module that it is in.
    version: Option<String>,
}

/// Reads what `own` files include, and what those include.
pub(super) fn follow(
    config: &Config,
    format: &SourceFormat,
    own: Vec<(PathBuf, Arc<SourceFile>)>,
) -> Followed {
    let mut finder = Finder { config, crates: None, modules: None };
    let mut seen: BTreeSet<PathBuf> = own.iter().map(|(path, _)| canonical(path)).collect();
    let mut unread = own.clone();
    let mut followed = Followed {
        files: Files::from(own.into_iter().map(|(_, file)| file).collect::<Vec<_>>()),
        missing: Vec::new(),
        links: BTreeMap::new(),
    };
    // Breadth first, so that the order is that in which a reader meets them.
    while !unread.is_empty() {
        for (path, file) in std::mem::take(&mut unread) {
            let mut links = Vec::new();
            for include in (format.includes)(&file) {
                let read = finder.find(&path, &include.what).and_then(|place| {
                    let text = fs::read_to_string(&place.path)
                        .map_err(|error| unreadable(config, &place.path, &error))?;
                    Ok((place, text))
                });
                let to = match read {
                    Ok((place, text)) => {
                        if seen.insert(canonical(&place.path)) {
                            let file = SourceFile::new(config.display(&place.path), text);
                            followed.files.included.push(file.clone());
                            unread.push((place.path.clone(), file));
                        }
                        Ok(place)
                    }
                    Err(missing) => {
                        followed.missing.push(missing.told(&include));
                        Err(missing)
                    }
                };
                links.push(Link { what: include.what, to });
            }
            followed.links.insert(canonical(&path), links);
        }
    }
    followed
}

/// One name for a file, however one came to it.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The path without the folders that it leaves again, unless a link makes that another file.
fn tidied(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let is_way_back = part == Component::ParentDir;
        if is_way_back && matches!(tidy.components().next_back(), Some(Component::Normal(_))) {
            tidy.pop();
        } else if part != Component::CurDir {
            tidy.push(part);
        }
    }
    let is_same = canonical(&tidy) == canonical(path) || !path.exists();
    if is_same { tidy } else { path.to_owned() }
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

    fn told(&self, include: &Include) -> Diagnostic {
        let message = match &include.what {
            Included::Path(path) => format!("the included file `{path}` can't be read"),
            Included::Crate { name, path } => {
                format!("the included file `{path}` of crate `{name}` can't be read")
            }
            Included::Module { module, path } => {
                format!("the included file `{path}` of Go module `{module}` can't be read")
            }
        };
        Diagnostic::error(message).at(include.span.clone(), &self.why).help(&self.help)
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
    fn find(&mut self, from: &Path, what: &Included) -> Result<Place, Missing> {
        match what {
            Included::Path(path) => {
                let folder = from.parent().unwrap_or_else(|| Path::new(""));
                Ok(Place { path: tidied(&folder.join(path)), version: None })
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
                let (version, folder) = crates.folder(name)?;
                Ok(Place { path: folder.join(path), version: Some(version.clone()) })
            }
            Included::Module { module, path } => {
                let config = self.config;
                let modules = self.modules.get_or_insert_with(|| {
                    go::Modules::read(&config.root, config.go_modules.as_deref())
                });
                let (version, folder) = modules.folder(module)?;
                Ok(Place { path: folder.join(path), version: version.map(str::to_owned) })
            }
        }
    }
}
