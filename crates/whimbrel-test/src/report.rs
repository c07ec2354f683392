//! Tells `cargo xtask test` which test ran on which engine, so that its table counts per engine.
//!
//! Where the variable `WHIMBREL_TEST_REPORT` names a file, each call appends one line to it:
//! `engine<TAB>version<TAB>test<TAB>passed|failed|skipped`, with the reason of a skip as a fifth
//! field. Without the variable nothing is written, and a test may be run alone by `cargo test`.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;

/// The environment variable that names the file of the report.
pub const VARIABLE: &str = "WHIMBREL_TEST_REPORT";

/// A test that is running on one engine; when it is dropped, the report learns how it ended.
#[derive(Debug)]
#[must_use = "the test is reported when this value is dropped: bind it to a name"]
pub struct Live {
    file: Option<OsString>,
    engine: String,
    version: String,
    test: String,
}

/// Begins to report `test` on `engine`: bind the result until the test ends.
///
/// `engine` is the middle of the variable that gave its address, in lower case: `postgres-18` for
/// `WHIMBREL_TEST_POSTGRES_18_URL` (a dot, a dash or an underscore between the parts is the same).
/// `version` is what the server itself says.
pub fn live(engine: &str, version: &str, test: &str) -> Live {
    Live {
        file: std::env::var_os(VARIABLE),
        engine: engine.to_owned(),
        version: version.to_owned(),
        test: test.to_owned(),
    }
}

/// Reports that the running test could not be done on `engine`, and why.
pub fn skipped(engine: &str, reason: &str) {
    append(std::env::var_os(VARIABLE), &[engine, "-", &this_test(), "skipped", reason]);
}

/// The name of the running test, its program's in front: `live::a_table_is_renamed`.
///
/// The test harness names a test's thread after the test; on a thread that the test has itself
/// begun, the program's name is all that is known.
pub fn this_test() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let program = program.file_stem().unwrap_or_default().to_string_lossy();
    // Cargo puts a hash behind the name.
    let program = program.rsplit_once('-').map_or(&*program, |(name, _)| name);
    let thread = std::thread::current();
    format!("{program}::{}", thread.name().unwrap_or("unnamed"))
}

impl Drop for Live {
    fn drop(&mut self) {
        let outcome = if std::thread::panicking() { "failed" } else { "passed" };
        append(self.file.take(), &[&self.engine, &self.version, &self.test, outcome]);
    }
}

/// Appends one line. A single write, since tests of several programs append to the same file.
fn append(file: Option<OsString>, fields: &[&str]) {
    let Some(file) = file else { return };
    let fields: Vec<String> =
        fields.iter().map(|field| field.replace(['\t', '\n', '\r'], " ")).collect();
    let line = format!("{}\n", fields.join("\t"));
    let written = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&file)
        .and_then(|mut open| open.write_all(line.as_bytes()));
    // Panicking a second time while a failed test unwinds would abort the whole test program.
    if let Err(error) = written
        && !std::thread::panicking()
    {
        panic!("could not write to the report {}: {error}", file.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_ends_well_is_passed_and_one_that_panics_is_failed() {
        let file = std::env::temp_dir().join(format!("whimbrel-report-{}", std::process::id()));
        let begin = |test: &str| Live {
            file: Some(file.clone().into_os_string()),
            engine: "postgres-18".to_owned(),
            version: "18.4".to_owned(),
            test: test.to_owned(),
        };
        drop(begin("first\ttest"));
        let second = begin("second");
        let thread = std::thread::spawn(move || {
            let _second = second;
            panic!("on purpose");
        });
        assert!(thread.join().is_err());

        let report = std::fs::read_to_string(&file).expect("the report was written");
        std::fs::remove_file(&file).expect("the report is ours to remove");
        assert_eq!(
            report,
            "postgres-18\t18.4\tfirst test\tpassed\npostgres-18\t18.4\tsecond\tfailed\n"
        );
    }
}
