//! Programs out of packages that are unpacked in a folder, and not installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARIES: [&str; 3] = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib"];
const LOADER: &str = "ld-linux-x86-64.so.2";

/// `program` of the packages unpacked in `root`, run by the loader and with the libraries that were
/// unpacked with it, since this machine's own may be older.
pub(super) fn command(root: &Path, program: &str) -> Result<Command, String> {
    let folders: Vec<PathBuf> = LIBRARIES.iter().map(|folder| root.join(folder)).collect();
    let loader = folders.iter().map(|folder| folder.join(LOADER)).find(|file| file.exists());
    let loader = loader.ok_or("its packages came without a loader")?;
    let program = root.join(program);
    if !program.is_file() {
        return Err(format!("its packages came without {}", program.display()));
    }
    let path: Vec<OsString> = folders.into_iter().map(PathBuf::into_os_string).collect();
    let mut command = Command::new(loader);
    command.arg("--library-path").arg(path.join(":".as_ref())).arg(program);
    Ok(command)
}
