//! The crates of the workspace and those that it depends on, as cargo knows them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::Missing;
use crate::diagnostic::did_you_mean;

/// The crates that cargo knows here.
pub(super) struct Crates {
    /// Crates by name, each with its versions and folders.
    all: BTreeMap<String, Vec<(String, PathBuf)>>,
    /// Those of the workspace, and those that these depend on without another in between.
    near: Vec<Near>,
}

/// A crate that one of the workspace is or depends on.
pub(super) struct Near {
    /// Its name, with the version where there are several.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Where it is.
    pub(super) folder: PathBuf,
    /// Whether it is of the workspace itself.
    pub(super) is_member: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
}

impl Crates {
    /// Asks cargo, which reads files and nothing from the network.
    pub(super) fn ask(root: &Path) -> Result<Self, String> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--offline"])
            .current_dir(root)
            .stdin(Stdio::null())
            .output()
            .map_err(|it| format!("cargo could not be asked where the crate is: {it}"))?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            let line = words.lines().find_map(|it| it.strip_prefix("error: "));
            return Err(format!("cargo says: {}", line.unwrap_or("it can't tell").trim()));
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .map_err(|it| format!("cargo's answer can't be understood: {it}"))?;
        let mut all: BTreeMap<String, Vec<(String, PathBuf)>> = BTreeMap::new();
        for package in &metadata.packages {
            let place = (package.version.clone(), folder(package, root));
            all.entry(plain(&package.name)).or_default().push(place);
        }
        let near = near(&metadata, &all, root);
        Ok(Self { all, near })
    }

    /// The crates of the workspace, and those that these depend on, by name.
    pub(super) fn near(&self) -> &[Near] {
        &self.near
    }

    /// The version and the folder of a crate, called `name` or `name@version`.
    pub(super) fn folder(&self, name: &str) -> Result<&(String, PathBuf), Missing> {
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (name, None),
        };
        let Some(known) = self.all.get(&plain(name)) else {
            let near = did_you_mean(name, self.all.keys().map(String::as_str));
            return Err(Missing::new(
                "cargo knows no such crate here",
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add `{name}` to the dependencies in `Cargo.toml`"),
                },
            ));
        };
        let fitting: Vec<&(String, PathBuf)> =
            known.iter().filter(|(it, _)| version.is_none_or(|wanted| wanted == it)).collect();
        match fitting.as_slice() {
            [it] => Ok(it),
            [] => Err(Missing::new("cargo knows other versions of it", versions(name, known))),
            _ => Err(Missing::new("cargo knows several versions of it", versions(name, known))),
        }
    }
}

fn folder(package: &Package, root: &Path) -> PathBuf {
    package.manifest_path.parent().unwrap_or(root).to_owned()
}

fn near(
    metadata: &Metadata,
    all: &BTreeMap<String, Vec<(String, PathBuf)>>,
    root: &Path,
) -> Vec<Near> {
    let is_member = |it: &Package| metadata.workspace_members.contains(&it.id);
    let members = metadata.packages.iter().filter(|it| is_member(it));
    let wanted: BTreeSet<String> =
        members.flat_map(|it| &it.dependencies).map(|it| plain(&it.name)).collect();
    let mut near = Vec::new();
    for package in &metadata.packages {
        let name = plain(&package.name);
        if !is_member(package) && !wanted.contains(&name) {
            continue;
        }
        let version = package.version.clone();
        let is_alone = all.get(&name).is_none_or(|it| it.len() < 2);
        near.push(Near {
            name: if is_alone {
                package.name.clone()
            } else {
                format!("{}@{version}", package.name)
            },
            version,
            folder: folder(package, root),
            is_member: is_member(package),
        });
    }
    near.sort_by(|one, other| one.name.cmp(&other.name));
    near
}

/// Cargo takes a dash and an underscore for the same.
fn plain(name: &str) -> String {
    name.replace('_', "-")
}

fn versions(name: &str, known: &[(String, PathBuf)]) -> String {
    let words: Vec<String> = known.iter().map(|(it, _)| format!("`{name}@{it}`")).collect();
    format!("say which one is meant: {}", words.join(" or "))
}
