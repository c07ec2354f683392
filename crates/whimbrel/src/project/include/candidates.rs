//! Schemas that could be included: in crates of the workspace, in those that these depend on, and
//! in Go modules.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    diagnostic::SourceFile,
    source::{self, Files, Included},
};

use super::{canonical, cargo, follow, go};
use crate::project::{Config, Error, declared::own_files};

/// How far below the folder of a crate or module a schema is looked for.
const DEEPEST: usize = 8;

/// Folders that hold what others made.
const SKIPPED: &[&str] = &["target", "node_modules", "vendor", "testdata"];

/// A schema that could be included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// How the schema file that it is to be written into would say it.
    pub what: Included,
    /// The version of the crate or module that it is in, where that has one.
    pub version: Option<String>,
    /// The file, as messages call it.
    pub file: String,
    /// The tables that it has, as far as it can be read by itself.
    pub tables: Vec<String>,
}

/// What could be included, and who could not be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The schemas.
    pub found: Vec<Candidate>,
    /// Why some places could not be looked at, such as cargo's own words.
    pub unasked: Vec<String>,
}

/// A crate or module to look through.
struct Owner {
    folder: PathBuf,
    version: Option<String>,
    says: Says,
}

/// How a file in it is included.
enum Says {
    Crate(String),
    Module(String),
}

/// Files called `schema.yaml` that hold tables and that nothing includes yet: in the crates and
/// modules of the workspace, unless `and_workspace` is false, and in those that these depend on
/// themselves. What is in none of them, and what they depend on in turn, is not looked through.
///
/// Paths are said as the schema file `into` would say them, or the project's first one.
pub fn candidates(
    config: &Config,
    into: Option<&Path>,
    and_workspace: bool,
) -> Result<Candidates, Error> {
    let own = own_files(config)?;
    let Some((first, file)) = own.first().cloned() else { return Ok(Candidates::default()) };
    let Some(format) = source::format_of(&file.name) else { return Ok(Candidates::default()) };
    let mut seen: BTreeSet<PathBuf> = own.iter().map(|(path, _)| canonical(path)).collect();
    let followed = follow(config, format, own);
    seen.extend(followed.links.into_keys());

    let mut candidates = Candidates::default();
    let owners = owners(config, and_workspace, &mut candidates.unasked);
    let first = canonical(into.unwrap_or(&first));
    let home = first.ancestors().find(|it| is_owned(it)).map(Path::to_owned);
    let mut found = Vec::new();
    // What comes along with another one needs no line of its own.
    let mut along = BTreeSet::new();
    for owner in &owners {
        let mut paths = Vec::new();
        schemas(&owner.folder, 0, &mut paths);
        for path in paths {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let file = SourceFile::new(config.display(&path), text);
            let includes = (format.includes)(&file);
            let (declared, _) = (format.read)(&Files::from(vec![file.clone()]));
            let tables: Vec<String> =
                declared.schema.tables().map(|it| it.name.to_string()).collect();
            if (tables.is_empty() && includes.is_empty()) || !seen.insert(canonical(&path)) {
                continue;
            }
            let Ok(inside) = path.strip_prefix(&owner.folder) else { continue };
            let inside = slashed(inside);
            let what = match &owner.says {
                _ if home.as_deref() == Some(&canonical(&owner.folder)) => {
                    Included::Path(relative(&first, &canonical(&path)))
                }
                Says::Crate(name) => Included::Crate { name: name.clone(), path: inside },
                Says::Module(module) => Included::Module { module: module.clone(), path: inside },
            };
            let version = owner.version.clone();
            along.extend(includes.iter().filter_map(|it| match &it.what {
                Included::Path(to) => Some(canonical(&path.with_file_name(to))),
                _ => None,
            }));
            let candidate = Candidate { what, version, file: file.name.clone(), tables };
            found.push((canonical(&path), candidate));
        }
    }
    found.retain(|(path, _)| !along.contains(path));
    candidates.found = found.into_iter().map(|(_, it)| it).collect();
    Ok(candidates)
}

fn owners(config: &Config, and_workspace: bool, unasked: &mut Vec<String>) -> Vec<Owner> {
    let mut owners = Vec::new();
    if config.root.ancestors().any(|it| it.join("Cargo.toml").is_file()) {
        match cargo::Crates::ask(&config.root) {
            Ok(crates) => {
                let near = crates.near().iter().filter(|it| and_workspace || !it.is_member);
                owners.extend(near.map(|it| Owner {
                    folder: it.folder.clone(),
                    version: Some(it.version.clone()),
                    says: Says::Crate(it.name.clone()),
                }));
            }
            Err(why) => unasked.push(why),
        }
    }
    let modules = go::Modules::read(&config.root, config.go_modules.as_deref());
    if modules.is_go() {
        for (name, _) in modules.near().filter(|(_, is_member)| and_workspace || !is_member) {
            match modules.folder(name) {
                Ok((version, folder)) => owners.push(Owner {
                    folder,
                    version: version.map(str::to_owned),
                    says: Says::Module(name.to_owned()),
                }),
                Err(missing) => unasked.push(missing.why),
            }
        }
    }
    owners
}

/// Whether a crate or a Go module begins in `folder`.
fn is_owned(folder: &Path) -> bool {
    ["Cargo.toml", "go.mod"].iter().any(|it| folder.join(it).is_file())
}

/// The schema files in `folder` and below, down to where other crates and modules begin.
fn schemas(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        // A link is no folder here, so there are no circles.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            let is_skipped = name.starts_with('.') || SKIPPED.contains(&&*name);
            if depth < DEEPEST && !is_skipped && !is_owned(&path) {
                schemas(&path, depth + 1, paths);
            }
        } else if path.file_stem().is_some_and(|it| it == "schema")
            && source::format_of(&name).is_some()
        {
            paths.push(path);
        }
    }
}

/// The way from the folder of the file `from` to the file `to`.
fn relative(from: &Path, to: &Path) -> String {
    let folder = from.parent().unwrap_or_else(|| Path::new(""));
    let up = folder.ancestors().position(|it| to.starts_with(it)).unwrap_or_default();
    let shared = folder.ancestors().nth(up).unwrap_or(folder);
    let rest = to.strip_prefix(shared).unwrap_or(to);
    format!("{}{}", "../".repeat(up), slashed(rest))
}

/// A path as files spell it, on every system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|it| it.to_string_lossy()).collect();
    parts.join("/")
}
