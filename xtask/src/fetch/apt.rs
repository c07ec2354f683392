//! Programs that are published as packages of a Debian suite, unpacked into a folder of our own.
//!
//! The machine's own packages and lists are not changed: apt gets a private set of folders, and the
//! address of the archive is read from the machine's own sources. `dpkg-deb` only unpacks: no script
//! of a package is run.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Cache, assert_linux_x86_64, beside, create, is_installed, read, write};
use crate::process::run;
use crate::user::User;

const UPDATE_LIMIT: Duration = Duration::from_secs(90);
const LIMIT: Duration = Duration::from_mins(3);

/// Packages of one suite.
#[derive(Debug)]
pub(crate) struct Packages {
    pub(crate) suite: Suite,
    pub(crate) names: &'static [&'static str],
}

/// Where packages are taken from, and what is fetched with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// This suite of Debian, whatever the machine runs. As apt is told that nothing is installed,
    /// it fetches every library down to the C library, and the programs need the loader that came
    /// with them.
    Debian(&'static str),
    /// What the machine itself runs; only what isn't installed is fetched, and the programs find
    /// the rest where it is.
    OfThisMachine,
}

impl Packages {
    /// The folder in which the packages, and all that they depend on, are unpacked.
    pub(crate) fn get(&self, cache: &Cache) -> Result<PathBuf, String> {
        assert_linux_x86_64()?;
        if !is_installed("apt-get") || !is_installed("dpkg-deb") {
            return Err("`apt-get` is not on this machine".to_owned());
        }
        let release = Release::of_this_machine()?;
        let suite = match self.suite {
            Suite::Debian(_) if release.system != "debian" => {
                return Err("this machine does not run Debian".to_owned());
            }
            Suite::Debian(suite) => suite,
            Suite::OfThisMachine => &release.name,
        };
        let source = Source::of_this_machine(&release)?;
        let name = format!("{suite}-{}", self.names.join("-"));
        cache.get(&name, |whole| self.fill(whole, &source.line(suite)))
    }

    fn fill(&self, whole: &Path, line: &str) -> Result<(), String> {
        let private = beside(whole, "apt")?;
        let configuration = configure(&private, self.suite, line)?;
        let log = whole.with_file_name("apt.log");
        let apt = || {
            let mut command = Command::new("apt-get");
            command.env("APT_CONFIG", &configuration).env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        run(apt().arg("update"), None, &log, UPDATE_LIMIT)?;
        let mut install = apt();
        install.args(["install", "--yes", "--no-install-recommends", "--download-only"]);
        run(install.args(self.names), None, &log, LIMIT)?;
        unpack(&private.join("cache/archives"), whole, &log)
    }
}

fn unpack(archives: &Path, whole: &Path, log: &Path) -> Result<(), String> {
    let entries = fs::read_dir(archives)
        .map_err(|error| format!("could not read {}: {error}", archives.display()))?;
    let mut packages: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .collect();
    packages.sort();
    if packages.is_empty() {
        return Err("`apt-get` fetched nothing".to_owned());
    }
    for package in packages {
        run(Command::new("dpkg-deb").arg("-x").arg(package).arg(whole), None, log, LIMIT)?;
    }
    Ok(())
}

/// Writes a configuration under which apt reads and writes in `private` only.
fn configure(private: &Path, suite: Suite, line: &str) -> Result<PathBuf, String> {
    for folder in ["state/lists/partial", "cache/archives/partial"] {
        create(&private.join(folder))?;
    }
    let installed = match suite {
        Suite::Debian(_) => String::new(),
        Suite::OfThisMachine => read(Path::new(STATUS))?,
    };
    write(&private.join("status"), &installed)?;
    write(&private.join("sources.list"), &format!("{line}\n"))?;
    let mut text = String::new();
    for (key, path) in [
        ("Dir::Etc::sourcelist", "sources.list"),
        ("Dir::State", "state"),
        ("Dir::State::status", "status"),
        ("Dir::Cache", "cache"),
    ] {
        let _ = writeln!(text, "{key} \"{}\";", private.join(path).display());
    }
    text.push_str("Dir::Etc::sourceparts \"-\";\n");
    text.push_str("Acquire::Languages \"none\";\n");
    // By default, `update` is content when it has reached nothing.
    text.push_str("APT::Update::Error-Mode \"any\";\n");
    text.push_str("Acquire::Retries \"1\";\n");
    text.push_str("Acquire::http::Timeout \"30\";\nAcquire::https::Timeout \"30\";\n");
    if User::current()?.is_root() {
        // As root, apt would download as another user, who may not enter our folder.
        text.push_str("APT::Sandbox::User \"root\";\n");
    }
    let file = private.join("apt.conf");
    write(&file, &text)?;
    Ok(file)
}

/// Where this machine gets Debian's packages from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    address: String,
    suites: Vec<String>,
    signed_by: Option<String>,
}

const SOURCES: &str = "/etc/apt/sources.list";
const SOURCES_FOLDER: &str = "/etc/apt/sources.list.d";
/// What is installed on this machine.
const STATUS: &str = "/var/lib/dpkg/status";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

impl Source {
    /// The machine's source of the release that it runs.
    fn of_this_machine(release: &Release) -> Result<Self, String> {
        let mut sources = Vec::new();
        for file in files() {
            let text = read(&file)?;
            if file.extension().is_some_and(|extension| extension == "sources") {
                sources.extend(stanzas(&text));
            } else {
                sources.extend(text.lines().filter_map(line));
            }
        }
        let known = [release.name.as_str(), "stable", "testing", "unstable", "sid"];
        let found = known.iter().find_map(|suite| {
            sources.iter().find(|source| source.suites.iter().any(|name| name == suite))
        });
        let mut found = found.cloned().ok_or("apt has no source of the system itself here")?;
        if found.signed_by.is_none() && release.system == "debian" && Path::new(KEYRING).exists() {
            found.signed_by = Some(KEYRING.to_owned());
        }
        Ok(found)
    }

    /// `deb [signed-by=…] <address> <suite> main`
    fn line(&self, suite: &str) -> String {
        let Self { address, signed_by, .. } = self;
        match signed_by {
            Some(keyring) => format!("deb [signed-by={keyring}] {address} {suite} main"),
            None => format!("deb {address} {suite} main"),
        }
    }
}

/// What this machine runs.
struct Release {
    /// `debian`
    system: String,
    /// `bookworm`
    name: String,
}

impl Release {
    fn of_this_machine() -> Result<Self, String> {
        let text = read(Path::new("/etc/os-release"))?;
        let value = |key: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(key))?;
            Some(value.trim_matches('"').to_owned())
        };
        Ok(Self {
            system: value("ID=").unwrap_or_default(),
            // Debian's testing and unstable have no code name to tell.
            name: value("VERSION_CODENAME=").unwrap_or_else(|| "unstable".to_owned()),
        })
    }
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(SOURCES_FOLDER)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.retain(|file| {
        file.extension().is_some_and(|extension| extension == "list" || extension == "sources")
    });
    files.push(PathBuf::from(SOURCES));
    files.retain(|file| file.is_file());
    files.sort();
    files
}

/// The sources of a file in the one-line form: `deb [option=value …] address suite component…`
fn line(line: &str) -> Option<Source> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    Some(Source {
        address: words.next()?.to_owned(),
        suites: vec![words.next()?.to_owned()],
        signed_by: options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="))
            .map(str::to_owned),
    })
}

/// The sources of a file in the form of stanzas, as `man 5 sources.list` calls "DEB822-STYLE".
fn stanzas(text: &str) -> Vec<Source> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines.split(|line| line.trim().is_empty()).filter_map(stanza).collect()
}

fn stanza(lines: &[&str]) -> Option<Source> {
    let field = |name: &str| -> Option<&str> {
        lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
        })
    };
    if field("Enabled").is_some_and(|value| value.eq_ignore_ascii_case("no")) {
        return None;
    }
    field("Types")?.split_whitespace().find(|kind| *kind == "deb")?;
    Some(Source {
        address: field("URIs")?.split_whitespace().next()?.to_owned(),
        suites: field("Suites")?.split_whitespace().map(str::to_owned).collect(),
        // A key may also stand in the file itself, with no word on the field's own line.
        signed_by: field("Signed-By").filter(|path| path.starts_with('/')).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_source_are_read_alike() {
        let expected = Source {
            address: "mirror://debian".to_owned(),
            suites: vec!["bookworm".to_owned()],
            signed_by: Some("/keys/a.gpg".to_owned()),
        };
        let one = "deb [ arch=amd64 signed-by=/keys/a.gpg ] mirror://debian bookworm main # main";
        assert_eq!(line(one), Some(expected.clone()));
        let many = "# the mirror\nTypes: deb deb-src\nURIs: mirror://debian\nSuites: bookworm\n\
                    Components: main\nSigned-By: /keys/a.gpg\n\n\nTypes: deb\nEnabled: no\n\
                    URIs: mirror://off\nSuites: sid\n";
        assert_eq!(stanzas(many), [expected]);
    }

    #[test]
    fn a_line_that_is_no_source_of_packages_is_left_out() {
        assert_eq!(line("deb-src mirror://debian bookworm main"), None);
        assert_eq!(line("# deb mirror://debian bookworm main"), None);
        assert_eq!(line("deb"), None);
        assert_eq!(line(""), None);
    }
}
