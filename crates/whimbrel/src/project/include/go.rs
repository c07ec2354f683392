//! Go modules: those of a workspace, those that `go.mod` puts in another's place, and those that
//! were downloaded to the module cache. Go itself is not needed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::Missing;

/// The modules that the nearest `go.work` and `go.mod` speak of.
#[derive(Default)]
pub(super) struct Modules {
    /// Modules in folders of their own.
    folders: BTreeMap<String, PathBuf>,
    /// Modules by the version that is asked for; a replacement brings its own name.
    versions: BTreeMap<String, (String, String)>,
    /// Modules that are asked for by another one only.
    indirect: BTreeSet<String>,
    /// Modules of this workspace, `go.mod`'s own among them.
    members: BTreeSet<String>,
    cache: Option<PathBuf>,
    /// Whether there is a `go.mod` or `go.work` at all.
    is_go: bool,
}

impl Modules {
    /// Reads `go.work` and `go.mod` at `root` or above it. What can't be read says nothing.
    pub(super) fn read(root: &Path, cache: Option<&Path>) -> Self {
        let mut modules = Self { cache: cache.map(Path::to_owned), ..Self::default() };
        let nearest = |name: &str| root.ancestors().map(|it| it.join(name)).find(|it| it.is_file());
        if let Some(path) = nearest("go.mod") {
            modules.module(&path);
        }
        if let Some(path) = nearest("go.work") {
            modules.workspace(&path);
        }
        modules
    }

    fn module(&mut self, path: &Path) {
        let Ok(text) = fs::read_to_string(path) else { return };
        self.is_go = true;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        for Directive { verb, words, is_indirect } in directives(&text) {
            match (verb.as_str(), words.as_slice()) {
                ("module", [name, ..]) => {
                    self.members.insert(name.clone());
                    self.folders.insert(name.clone(), folder.to_owned());
                }
                ("require", [name, version, ..]) => {
                    if is_indirect {
                        self.indirect.insert(name.clone());
                    }
                    let place = (name.clone(), version.clone());
                    self.versions.entry(name.clone()).or_insert(place);
                }
                ("replace", words) => self.replace(folder, words),
                _ => {}
            }
        }
    }

    fn workspace(&mut self, path: &Path) {
        let Ok(text) = fs::read_to_string(path) else { return };
        self.is_go = true;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        for Directive { verb, words, .. } in directives(&text) {
            match (verb.as_str(), words.as_slice()) {
                ("use", [member, ..]) => {
                    let member = folder.join(member);
                    let Ok(text) = fs::read_to_string(member.join("go.mod")) else { continue };
                    let module = directives(&text).into_iter().find(|it| it.verb == "module");
                    if let Some(name) = module.and_then(|it| it.words.into_iter().next()) {
                        self.members.insert(name.clone());
                        self.folders.insert(name, member);
                    }
                }
                ("replace", words) => self.replace(folder, words),
                _ => {}
            }
        }
    }

    /// `name [version] => other [version]`, where a path stands for a folder.
    fn replace(&mut self, folder: &Path, words: &[String]) {
        let Some(arrow) = words.iter().position(|it| it == "=>") else { return };
        let (Some(name), Some(other)) = (words.first(), words.get(arrow + 1)) else { return };
        if let Some(version) = words.get(arrow + 2) {
            self.versions.insert(name.clone(), (other.clone(), version.clone()));
        } else {
            self.folders.insert(name.clone(), folder.join(other));
        }
    }

    /// Whether there is a `go.mod` or `go.work` at all.
    pub(super) fn is_go(&self) -> bool {
        self.is_go
    }

    /// The modules of the workspace, and those that `go.mod` asks for itself, by name; each with
    /// whether it is of the workspace.
    pub(super) fn near(&self) -> impl Iterator<Item = (&str, bool)> {
        let names: BTreeSet<&String> = self.folders.keys().chain(self.versions.keys()).collect();
        let near = names.into_iter().filter(|it| !self.indirect.contains(*it));
        near.map(|it| (it.as_str(), self.members.contains(it)))
    }

    /// The version of a module, where it is one of a version, and its folder.
    pub(super) fn folder(&self, module: &str) -> Result<(Option<&str>, PathBuf), Missing> {
        if let Some(folder) = self.folders.get(module) {
            return Ok((None, folder.clone()));
        }
        if !self.is_go {
            return Err(Missing::new(
                "there is no `go.mod` or `go.work` here that could say where it is",
                "include the file by its path, or by `crate:` where a Rust crate has it",
            ));
        }
        let Some((name, version)) = self.versions.get(module) else {
            return Err(Missing::new(
                "neither `go.mod` nor `go.work` speaks of this module",
                format!("run `go get {module}`, or include the file by its path"),
            ));
        };
        let cached = self
            .cache
            .as_ref()
            .map(|it| it.join(format!("{}@{}", escaped(name), escaped(version))));
        cached.filter(|it| it.is_dir()).map(|it| (Some(version.as_str()), it)).ok_or_else(|| {
            Missing::new(
                format!("`{name}` {version} is not in Go's module cache"),
                "run `go mod download`, or include the file by its path",
            )
        })
    }
}

/// The module cache writes a capital as `!` and its small letter, for file systems that don't
/// tell them apart.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}

/// A line of a `go.mod` or `go.work`.
struct Directive {
    /// What it begins with, or the parentheses that it stands in.
    verb: String,
    /// The words behind that.
    words: Vec<String>,
    /// Whether it is marked as asked for by other modules only.
    is_indirect: bool,
}

fn directives(text: &str) -> Vec<Directive> {
    let mut directives = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        let (line, comment) = line.split_once("//").unwrap_or((line, ""));
        let is_indirect = comment.trim().starts_with("indirect");
        let mut words: Vec<String> = line
            .split_whitespace()
            .map(|it| it.trim_matches(|quote| quote == '"' || quote == '`').to_owned())
            .collect();
        match (&block, words.first().map(String::as_str)) {
            (_, None) => {}
            (Some(_), Some(")")) => block = None,
            (Some(verb), Some(_)) => {
                directives.push(Directive { verb: verb.clone(), words, is_indirect });
            }
            (None, Some(_)) => {
                let verb = words.remove(0);
                if words.first().is_some_and(|it| it == "(") {
                    block = Some(verb);
                } else {
                    directives.push(Directive { verb, words, is_indirect });
                }
            }
        }
    }
    directives
}
