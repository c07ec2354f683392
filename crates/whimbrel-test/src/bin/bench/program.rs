//! The program itself: how big it is, how soon it answers, and what `generate` takes where nothing
//! has changed.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    Options, generate as files,
    table::{Table, median},
};

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

/// Measures `generate` in a folder of many migrations that make just what the schema says.
pub(crate) fn generate(program: &Path, options: &Options, table: &mut Table) {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let (root, count) = (folder.path(), options.migrations);
    for name in ["migrations", "schema"] {
        std::fs::create_dir(root.join(name)).expect("it is empty");
    }
    files::write(&root.join("migrations"), 1, count);
    std::fs::write(root.join("schema/schema.yaml"), files::schema(count)).expect("it is ours");
    std::fs::write(root.join("whimbrel.toml"), "").expect("it is ours");
    let (mut times, mut peak) = (Vec::new(), 0);
    for _ in 0..options.rounds.max(5) {
        let start = Instant::now();
        peak = peak.max(unchanged(program, root));
        times.push(start.elapsed());
    }
    let what = format!("`generate` with {count} migrations, nothing changed");
    table.figure("", &what, (median(times), 100.0), "ms");
    if peak > 0 {
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let megabytes = peak as f64 * 1024.0 / 1e6;
        table.figure("", "its memory", (megabytes, 60.0), "MB");
    }
}

/// Runs it to its end; the most memory it had, in KiB, where the system tells.
fn unchanged(program: &Path, root: &Path) -> u64 {
    let mut command = Command::new(program);
    command.arg("generate").current_dir(root).env_clear();
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it can be started");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it is ours").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let size = line.and_then(|it| it.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(size.unwrap_or(0));
        std::thread::sleep(Duration::from_micros(500));
    }
    let output = child.wait_with_output().expect("it is ours");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "No changes detected\n", "nothing has changed");
    peak
}
