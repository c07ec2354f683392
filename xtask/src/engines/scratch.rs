//! The folder in which one engine keeps its data while it runs.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::fetch::sweep;
use crate::process::{output, run};
use crate::user::User;

const PREFIX: &str = "whimbrel-";

/// A new folder among the temporary files, gone when this value is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) folder: PathBuf,
}

impl Scratch {
    /// Makes the folder. Its name is short, since a socket's path has room for 107 bytes.
    pub(crate) fn new(engine: &str) -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{}-{count}", engine.to_lowercase(), std::process::id());
        let folder = env::temp_dir().join(name);
        let failed = |error| format!("could not make the folder {}: {error}", folder.display());
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).map_err(failed)?;
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&folder, open).map_err(failed)?;
        Ok(Self { folder })
    }

    /// Removes the folders of runs that were killed before their engines had started: later, the
    /// guard of an engine removes its folder.
    pub(crate) fn sweep() {
        sweep(&env::temp_dir(), PREFIX);
    }

    /// Gives the folder and what is in it to `user`, who is to run the engine and who removes it
    /// when we can't.
    pub(crate) fn give_to(&self, user: Option<User>) -> Result<(), String> {
        let Some(User { id, group }) = user else { return Ok(()) };
        let mut command = Command::new("chown");
        command.args(["-R", &format!("{id}:{group}")]).arg(&self.folder);
        output(&mut command).map(drop)
    }

    /// A copy of a folder that other users may enter.
    pub(crate) fn copy_of(&self, folder: &Path) -> Result<PathBuf, String> {
        const LIMIT: Duration = Duration::from_mins(2);
        let copy = self.folder.join("program");
        let mut command = Command::new("cp");
        command.arg("-R").arg(folder).arg(&copy);
        run(&command, None, &self.folder.join("copy.log"), LIMIT)?;
        Ok(copy)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
