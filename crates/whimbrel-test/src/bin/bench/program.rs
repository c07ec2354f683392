//! The program itself: how big it is, and how soon it answers.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::table::{Table, median};

/// How often the program is started.
const STARTS: usize = 50;

/// Measures `program`.
pub(crate) fn measure(program: &Path, table: &mut Table) {
    if let Ok(metadata) = std::fs::metadata(program) {
        #[expect(clippy::cast_precision_loss, reason = "a file's size in megabytes")]
        let megabytes = metadata.len() as f64 / 1e6;
        table.figure("", "the program's size", (megabytes, 20.0), "MB");
    }
    let starts: Vec<Duration> = (0..STARTS).map(|_| start(program)).collect();
    table.figure("", "`whimbrel version`", (median(starts), 5.0), "ms");
}

fn start(program: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(program).arg("version").stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|it| it.success()), "`{} version` fails", program.display());
    start.elapsed()
}
