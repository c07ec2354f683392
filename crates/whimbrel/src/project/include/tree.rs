//! What a schema is made of, as a tree: which file includes which, and where that was found.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    diagnostic::Diagnostic,
    source::{self, Included},
};

use super::{Followed, canonical, follow};
use crate::project::{Config, Error, declared::own_files};

/// A schema file, and what it includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The file, as messages call it; for one that can't be found, its path as it is written.
    pub file: String,
    /// How the file above it says that it is included; `None` for the project's own.
    pub what: Option<Included>,
    /// The version of the crate or module that it is in, where that has one.
    pub version: Option<String>,
    /// What became of it.
    pub standing: Standing,
    /// What it includes, in its order; of a file that comes up again that is shown once.
    pub includes: Vec<Inclusion>,
}

/// What became of an included file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was read.
    Read,
    /// It stands in the tree already, and counts once.
    Again,
    /// It includes, through others, the file that includes it; the circle ends here.
    Circle,
    /// It can't be read.
    Missing {
        /// Why.
        why: String,
    },
}

/// The project's own schema files with all that they include, and what can't be found.
pub fn inclusions(config: &Config) -> Result<(Vec<Inclusion>, Vec<Diagnostic>), Error> {
    let own = own_files(config)?;
    let paths: Vec<PathBuf> = own.iter().map(|(path, _)| path.clone()).collect();
    let Some(format) = own.first().and_then(|(_, file)| source::format_of(&file.name)) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let followed = follow(config, format, own);
    let mut tree = Tree { config, followed: &followed, shown: BTreeSet::new() };
    // What is the project's own is that, whoever includes it too.
    tree.shown.extend(paths.iter().map(|it| canonical(it)));
    let inclusions = paths.iter().map(|path| Inclusion {
        file: config.display(path),
        what: None,
        version: None,
        standing: Standing::Read,
        includes: tree.below(path, &mut Vec::new()),
    });
    Ok((inclusions.collect(), followed.missing))
}

struct Tree<'a> {
    config: &'a Config,
    followed: &'a Followed,
    shown: BTreeSet<PathBuf>,
}

impl Tree<'_> {
    fn below(&mut self, path: &Path, above: &mut Vec<PathBuf>) -> Vec<Inclusion> {
        let name = canonical(path);
        let Some(links) = self.followed.links.get(&name) else { return Vec::new() };
        above.push(name);
        let mut inclusions = Vec::new();
        for link in links {
            let what = Some(link.what.clone());
            inclusions.push(match &link.to {
                Err(missing) => {
                    let (Included::Path(path)
                    | Included::Crate { path, .. }
                    | Included::Module { path, .. }) = &link.what;
                    let standing = Standing::Missing { why: missing.why.clone() };
                    let file = path.clone();
                    Inclusion { file, what, version: None, standing, includes: Vec::new() }
                }
                Ok(place) => {
                    let name = canonical(&place.path);
                    let standing = if above.contains(&name) {
                        Standing::Circle
                    } else if self.shown.insert(name) {
                        Standing::Read
                    } else {
                        Standing::Again
                    };
                    let includes = match standing {
                        Standing::Read => self.below(&place.path, above),
                        _ => Vec::new(),
                    };
                    let file = self.config.display(&place.path);
                    Inclusion { file, what, version: place.version.clone(), standing, includes }
                }
            });
        }
        above.pop();
        inclusions
    }
}
