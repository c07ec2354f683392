//! Files that hold what a test expects, written anew by `UPDATE=1`.

use std::{env, fs, path::Path};

/// Compares `found` with the text of the file at `path`; returns what differs.
pub fn check(path: &Path, found: &str) -> Result<(), String> {
    let expected = fs::read_to_string(path).ok();
    if expected.as_deref() == Some(found) {
        return Ok(());
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(path, found).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(());
    }
    Err(format!(
        "{} differs (UPDATE=1 writes it anew)\n--- expected\n{}\n--- found\n{found}",
        path.display(),
        expected.as_deref().unwrap_or("(no such file)")
    ))
}
