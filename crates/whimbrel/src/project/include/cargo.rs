//! The crates of the workspace and those that it depends on, as cargo knows them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::Missing;
use crate::diagnostic::did_you_mean;

/// Crates by name, each with its folders and versions.
pub(super) struct Crates(BTreeMap<String, Vec<(String, PathBuf)>>);

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
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
        let mut crates: BTreeMap<String, Vec<(String, PathBuf)>> = BTreeMap::new();
        for package in metadata.packages {
            let folder = package.manifest_path.parent().unwrap_or(root).to_owned();
            crates.entry(plain(&package.name)).or_default().push((package.version, folder));
        }
        Ok(Self(crates))
    }

    /// The folder of a crate, called `name` or `name@version`.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, Missing> {
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (name, None),
        };
        let Some(known) = self.0.get(&plain(name)) else {
            let near = did_you_mean(name, self.0.keys().map(String::as_str));
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
            [(_, folder)] => Ok(folder.clone()),
            [] => Err(Missing::new("cargo knows other versions of it", versions(name, known))),
            _ => Err(Missing::new("cargo knows several versions of it", versions(name, known))),
        }
    }
}

/// Cargo takes a dash and an underscore for the same.
fn plain(name: &str) -> String {
    name.replace('_', "-")
}

fn versions(name: &str, known: &[(String, PathBuf)]) -> String {
    let words: Vec<String> = known.iter().map(|(it, _)| format!("`{name}@{it}`")).collect();
    format!("say which one is meant: {}", words.join(" or "))
}
