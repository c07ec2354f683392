//! `cargo xtask test`: runs every test, on every engine that can be had, and counts them.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use super::databases;
use super::kills;
use super::tally::{Report, Tally};
use crate::engines::{self, Care, Engines, Family, Wanted};

pub(crate) const ABOUT: &str = "Run all tests on real engines   [--no-engines] [--require a,b] [--record] [-- cargo test's arguments]";

/// The variable that names the file in which the tests report; see `whimbrel_test::report`.
const REPORT: &str = "WHIMBREL_TEST_REPORT";

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let options = Options::parse(arguments)?;
    let (engines, built) = prepare(&options);
    announce(&engines);

    let file = env::temp_dir().join(format!("whimbrel-report-{}", std::process::id()));
    let _ = fs::remove_file(&file);
    // Where the build has failed, the second run would only say the same again.
    let (mut tally, well) =
        if built { cargo_test(&options, &engines, &file)? } else { (Tally::default(), false) };
    // What was asked for by name is what runs.
    let kills = built && options.is_whole();
    let well = if kills { cargo_kills(&mut tally, &file)? && well } else { well };
    let report = Report::read(&file);
    let _ = fs::remove_file(&file);

    println!("\n{}", report.table(&engines));
    for missing in &engines.missing {
        println!("{} WAS NOT TESTED: {}", missing.title.to_uppercase(), missing.reason);
    }
    let mut complaints = options.unmet(&engines, &report);
    if tally.passed + tally.failed == 0 {
        complaints.push("no test ran".to_owned());
    }
    if !well && tally.failed == 0 {
        complaints.push("a program did not compile or did not end well".to_owned());
        tally.failed = 1;
    }
    for complaint in &complaints {
        println!("FAILED: {complaint}");
    }
    tally.skipped += report.skipped(&engines);
    let good = well && tally.failed == 0 && complaints.is_empty();
    // What ran in part says nothing of the rest.
    if options.is_whole() && options.record && good {
        databases::record(&report, &engines)?;
    } else if options.is_whole() {
        for line in databases::stale(&report, &engines) {
            println!("NOTE: {line}");
        }
    }
    // The engines stop before the last line, which has to stay the last.
    drop(engines);
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An engine that has to be there, by the word for it.
#[derive(Debug)]
struct Requirement {
    word: &'static str,
    families: &'static [Family],
}

const REQUIREMENTS: [Requirement; 6] = [
    Requirement { word: "postgres", families: &[Family::Postgres] },
    Requirement { word: "sqlite", families: &[Family::Sqlite] },
    Requirement { word: "mysql", families: &[Family::Mysql] },
    Requirement { word: "mariadb", families: &[Family::Mariadb] },
    Requirement { word: "pgbouncer", families: &[Family::Pgbouncer] },
    Requirement { word: "mysql-family", families: &[Family::Mysql, Family::Mariadb] },
];

struct Options {
    engines: bool,
    /// Whether the page of the databases is written anew.
    record: bool,
    required: Vec<&'static Requirement>,
    /// Arguments for `cargo test`.
    rest: Vec<String>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options =
            Self { engines: true, record: false, required: Vec::new(), rest: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-engines" => options.engines = false,
                "--record" => options.record = true,
                "--require" => {
                    let words = arguments.next().ok_or("`--require` needs a list of engines")?;
                    for word in words.split(',') {
                        options.required.push(requirement(word)?);
                    }
                }
                "--" => options.rest = arguments.by_ref().cloned().collect(),
                unknown => return Err(format!("`{unknown}` is unknown here: {ABOUT}")),
            }
        }
        if options.record && !options.is_whole() {
            return Err("`--record` tells of everything, so nothing may be left out".to_owned());
        }
        Ok(options)
    }

    /// Whether everything is run that there is.
    fn is_whole(&self) -> bool {
        self.engines && self.rest.is_empty()
    }

    /// The required engines on which no test ran, with the reason in words.
    fn unmet(&self, engines: &Engines, report: &Report) -> Vec<String> {
        let unmet = self.required.iter().filter_map(|Requirement { word, families }| {
            if families.iter().any(|family| report.has_run_on(*family, engines)) {
                return None;
            }
            let is_there = families.iter().any(|family| engines.has(*family));
            Some(if is_there || families.contains(&Family::Sqlite) {
                format!("{word} is required, and no test has reported that it ran on it")
            } else {
                format!("{word} is required, and could not be had")
            })
        });
        unmet.collect()
    }
}

fn requirement(word: &str) -> Result<&'static Requirement, String> {
    REQUIREMENTS.iter().find(|requirement| requirement.word == word).ok_or_else(|| {
        let known: Vec<_> = REQUIREMENTS.iter().map(|requirement| requirement.word).collect();
        format!("`{word}` cannot be required; these can: {}", known.join(", "))
    })
}

/// Gets the engines while the tests compile; tells whether they did.
fn prepare(options: &Options) -> (Engines, bool) {
    if !options.engines {
        let built = build(options);
        return (Engines::none("`--no-engines` was asked for"), built);
    }
    thread::scope(|scope| {
        let compiling = scope.spawn(|| build(options));
        let engines = Engines::start(&Wanted::all(), Care::Careless);
        (engines, compiling.join().unwrap_or(false))
    })
}

/// Tells before the tests begin what they will run on, as their output may be long.
fn announce(engines: &Engines) {
    for engine in &engines.running {
        println!("with {}", engine.label());
    }
    for missing in &engines.missing {
        println!("WITHOUT {}: {}", missing.title.to_uppercase(), missing.reason);
    }
}

fn cargo(options: &Options) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["test", "--workspace", "--no-fail-fast"]);
    command.args(options.rest.iter().take_while(|argument| *argument != "--"));
    command
}

/// The folder of the workspace.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

fn build(options: &Options) -> bool {
    cargo(options)
        .arg("--no-run")
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What the laws over random values draw from: the same tests end alike every time. By themselves, in
/// `cargo test`, they draw anew.
const RANDOM_SEED: &str = "PROPTEST_RNG_SEED";

/// Runs the tests, shows what they print, and counts; tells whether cargo was content.
fn cargo_test(
    options: &Options,
    engines: &Engines,
    report: &Path,
) -> Result<(Tally, bool), String> {
    let mut command = cargo(options);
    command.args(options.rest.iter().skip_while(|argument| *argument != "--"));
    for (variable, _) in env::vars().filter(|(name, _)| engines::middle(name).is_some()) {
        command.env_remove(variable);
    }
    for engine in &engines.running {
        command.env(&engine.variable, &engine.url);
    }
    if env::var_os(RANDOM_SEED).is_none() {
        command.env(RANDOM_SEED, "1");
    }
    if options.is_whole() {
        // They have a turn of their own, on engines that keep what they commit.
        command.env(kills::KILLS, "0");
    }
    let mut tally = Tally::default();
    let well = counted(&mut command, report, &mut tally)?;
    Ok((tally, well))
}

/// A sample of the kills, servers included, on engines that keep what they commit.
fn cargo_kills(tally: &mut Tally, report: &Path) -> Result<bool, String> {
    let engines = Engines::start(&Wanted::killed(), Care::Killable);
    println!("\nkilling the binary, its connections and servers");
    counted(&mut kills::test(&engines), report, tally)
}

/// Runs the command, shows what it prints, and counts; tells whether it ended well.
fn counted(command: &mut Command, report: &Path, tally: &mut Tally) -> Result<bool, String> {
    let failed = |error| format!("could not run `cargo test`: {error}");
    command.env(REPORT, report).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(failed)?;
            let line = String::from_utf8_lossy(&line);
            tally.count(&line);
            println!("{line}");
        }
    }
    std::io::stdout().flush().map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    Ok(status.success())
}
