//! Writing files so that at no instant a half-written one stands under its name.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::Error;

/// Writes a file that must not exist yet, and makes the folders that it needs. What is there
/// already is never touched.
pub fn write_new(path: &Path, text: &str) -> Result<(), Error> {
    let written = make_folder(path).and_then(|()| {
        let temporary = write_beside(path, text)?;
        // Unlike a rename, a link fails where the name is taken, so two writers can't both win.
        let linked = fs::hard_link(&temporary, path).or_else(|why| match why.kind() {
            io::ErrorKind::AlreadyExists => Err(why),
            _ if path.exists() => Err(io::ErrorKind::AlreadyExists.into()),
            // Some file systems have no links.
            _ => fs::rename(&temporary, path),
        });
        let _ = fs::remove_file(&temporary);
        linked?;
        keep_folder(path)
    });
    written.map_err(|why| Error::file("write", path, why))
}

/// Writes a file in the place of what is there: readers see the old text or the new one, whole.
pub fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let written = make_folder(path).and_then(|()| {
        let temporary = write_beside(path, text)?;
        fs::rename(&temporary, path).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })?;
        keep_folder(path)
    });
    written.map_err(|why| Error::file("write", path, why))
}

/// Takes a file away again.
pub fn remove(path: &Path) -> Result<(), Error> {
    fs::remove_file(path)
        .and_then(|()| keep_folder(path))
        .map_err(|it| Error::file("remove", path, it))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder(path))
}

fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder(path).join(format!(".{name}.{}.tmp", std::process::id()));
    let result =
        OpenOptions::new().write(true).create(true).truncate(true).open(&temporary).and_then(
            |mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            },
        );
    match result {
        Ok(()) => Ok(temporary),
        Err(why) => {
            let _ = fs::remove_file(&temporary);
            Err(why)
        }
    }
}

/// Makes the new name itself last: on Unix it belongs to the folder and not to the file.
fn keep_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}
