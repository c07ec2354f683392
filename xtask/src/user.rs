//! Who runs the engines: us, or, as PostgreSQL refuses to run as root, somebody with fewer rights.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A user and a group of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: u32,
    pub(crate) group: u32,
}

/// Whom root becomes, best first: PostgreSQL's own user, and the one who owns nothing.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

impl User {
    /// The user of this process.
    pub(crate) fn current() -> Result<Self, String> {
        Self::ask(None)
    }

    pub(crate) fn is_root(self) -> bool {
        self.id == 0
    }

    /// The unprivileged user that root is to become, or nothing where we are not root.
    pub(crate) fn unprivileged() -> Result<Option<Self>, String> {
        if !Self::current()?.is_root() {
            return Ok(None);
        }
        UNPRIVILEGED.iter().find_map(|name| Self::ask(Some(name)).ok()).map(Some).ok_or_else(|| {
            format!("root cannot run it, and there is no user {}", UNPRIVILEGED.join(" or "))
        })
    }

    fn ask(name: Option<&str>) -> Result<Self, String> {
        Ok(Self { id: number("-u", name)?, group: number("-g", name)? })
    }
}

/// `id -u postgres`
fn number(flag: &str, name: Option<&str>) -> Result<u32, String> {
    let output = Command::new("id")
        .arg(flag)
        .args(name)
        .output()
        .map_err(|error| format!("could not run `id`: {error}"))?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| format!("`id {flag} {}` gave no number", name.unwrap_or_default()))
}

/// Whether any user may read `folder` and walk down to it.
pub(crate) fn is_open_to_all(folder: &Path) -> bool {
    let open = |path: &Path, bits: u32| {
        path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & bits == bits)
    };
    open(folder, 0o005) && folder.ancestors().skip(1).all(|parent| open(parent, 0o001))
}
