//! `cargo xtask kills`: the real binary, killed over and over on engines that keep what they
//! commit, and `docs/reliability.md`, which tells what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write;
use std::fs;
use std::process::{Command, ExitCode, Stdio};

use super::reliability;
use super::test::root;
use crate::engines::{self, Care, Engines, Running, Wanted};

pub(crate) const ABOUT: &str =
    "Kill the binary on durable engines, write docs/reliability.md   [--kills N] [--seed N]";

/// The variables that the tests read; see `crates/whimbrel-cli/tests/kills/`.
pub(super) const KILLS: &str = "WHIMBREL_TEST_KILLS";
const SEED: &str = "WHIMBREL_TEST_SEED";
const FIGURES: &str = "WHIMBREL_TEST_FIGURES";

/// How many kills there are unless something else is asked for, all engines together.
const DEFAULT: u32 = 10_000;

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let (kills, seed) = parse(arguments)?;
    let engines = Engines::start(&Wanted::killed(), Care::Killable);
    for missing in &engines.missing {
        println!("WITHOUT {}: {}", missing.title.to_uppercase(), missing.reason);
    }
    let file = env::temp_dir().join(format!("whimbrel-figures-{}", std::process::id()));
    let _ = fs::remove_file(&file);
    let mut command = test(&engines);
    command.args(["--", "--nocapture"]);
    command.env(KILLS, kills.to_string()).env(SEED, seed.to_string()).env(FIGURES, &file);
    let status = command.status().map_err(|error| format!("could not run `cargo`: {error}"))?;
    let figures = fs::read_to_string(&file).unwrap_or_default();
    let _ = fs::remove_file(&file);
    if !status.success() {
        return Err("a kill was not survived; docs/reliability.md stays as it was".to_owned());
    }
    let page = Page::read(&figures)?;
    reliability::keep(reliability::KILLS, &page.text(&engines, kills, seed))?;
    Ok(ExitCode::SUCCESS)
}

/// The tests that kill, on these engines alone, whose servers may be killed as well.
pub(super) fn test(engines: &Engines) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["test", "-p", "whimbrel-cli", "--test", "kills"]);
    for (variable, _) in env::vars().filter(|(name, _)| engines::middle(name).is_some()) {
        command.env_remove(variable);
    }
    for engine in &engines.running {
        command.env(&engine.variable, &engine.url);
    }
    command.envs(engines.running.iter().filter_map(Running::pid_file));
    command.stdin(Stdio::null());
    command
}

fn parse(arguments: &[String]) -> Result<(u32, u64), String> {
    let (mut kills, mut seed) = (DEFAULT, 1);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a number"))?;
        let wrong = |_| format!("`{argument} {value}`: that is no number");
        match argument.as_str() {
            "--kills" => kills = value.parse().map_err(wrong)?,
            "--seed" => seed = value.parse().map_err(wrong)?,
            _ => return Err(format!("`{argument}` is unknown here: {ABOUT}")),
        }
    }
    if kills == 0 { Err("no kill at all shows nothing".to_owned()) } else { Ok((kills, seed)) }
}

/// What the tests have written down.
#[derive(Debug, Default)]
struct Page {
    /// By engine and version, class, means: finished by themselves, asked.
    kills: Vec<(String, String, String, u64, u64)>,
    /// By engine and version: rounds, processes, killed.
    races: Vec<(String, u64, u64, u64)>,
}

impl Page {
    fn read(figures: &str) -> Result<Self, String> {
        let mut page = Self::default();
        for line in figures.lines() {
            let wrong = || format!("the tests wrote a line that can't be read: {line}");
            let fields: Vec<&str> = line.split('\t').collect();
            let number = |it: &str| it.parse::<u64>().map_err(|_| wrong());
            match fields.as_slice() {
                ["kills", engine, version, class, means, finished, asked] => page.kills.push((
                    label(engine, version),
                    (*class).to_owned(),
                    (*means).to_owned(),
                    number(finished)?,
                    number(asked)?,
                )),
                ["races", engine, version, rounds, processes, killed] => page.races.push((
                    label(engine, version),
                    number(rounds)?,
                    number(processes)?,
                    number(killed)?,
                )),
                _ => return Err(wrong()),
            }
        }
        if page.kills.is_empty() { Err("no kill was counted".to_owned()) } else { Ok(page) }
    }

    fn text(&self, engines: &Engines, kills: u32, seed: u64) -> String {
        let mut text = INTRODUCTION.to_owned();
        let mut sums: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
        for (engine, _, _, finished, asked) in &self.kills {
            let sum = sums.entry(engine).or_default();
            sum[0] += finished;
            sum[1] += asked;
        }
        text += "| engine | kills | finished by the next run | asked about one opaque \
                 step, then finished | lost or doubled |\n|---|---|---|---|---|\n";
        let mut all = [0, 0];
        for (engine, [finished, asked]) in &sums {
            let kills = finished + asked;
            let _ = writeln!(text, "| {engine} | {kills} | {finished} | {asked} | 0 |");
            all = [all[0] + finished, all[1] + asked];
        }
        let [finished, asked] = all;
        let _ = writeln!(text, "| all | {} | {finished} | {asked} | 0 |", finished + asked);
        let _ = write!(
            text,
            "\nA kill that loses or doubles something ends the run, and this page is not written. \
             This one comes from `cargo xtask kills --kills {kills} --seed {seed}`, {}.\n",
            reliability::date()
        );
        for missing in &engines.missing {
            let _ = writeln!(text, "{} was not there: {}.", missing.title, missing.reason);
        }
        text += "\n### Kills by step\n\n| engine | step | killed | kills | asked |\n\
                 |---|---|---|---|---|\n";
        let rows: BTreeSet<_> = self.kills.iter().collect();
        for (engine, class, means, finished, asked) in rows {
            let kills = finished + asked;
            let _ = writeln!(text, "| {engine} | {class} | {means} | {kills} | {asked} |");
        }
        text += "\n### Races\n\nTwenty processes run `whimbrel up` at once on a new database with \
                 six migrations of three statements, and then as many rounds in which every second \
                 one is killed at a random moment. All that live end with exit code 0.\n\n\
                 | engine | rounds of each kind | processes | killed in the middle | migrations \
                 lost or applied twice |\n|---|---|---|---|---|\n";
        let races: BTreeSet<_> = self.races.iter().collect();
        for (engine, rounds, processes, killed) in races {
            let _ = writeln!(text, "| {engine} | {rounds} | {processes} | {killed} | 0 |");
        }
        text
    }
}

const INTRODUCTION: &str = "\
A proxy between the real binary and a real server counts what is asked, and holds the connection at
each call in turn: before the server has heard of it, and after it has answered and before anybody
has. There the process is killed (`SIGKILL`), or the connection is cut, or the server and all its
processes are killed and it is started again. On SQLite the process ends itself at each call of its
connection. Then the same command is run again. Schema, rows and history must be those of a run that
nothing has disturbed; every class of step is tried on the way up and on the way down.

The engines run as in production: PostgreSQL with `fsync` and full page writes, MySQL and MariaDB with
`innodb_flush_log_at_trx_commit=1`, the doublewrite buffer, a binary log and `sync_binlog=1`, SQLite
with its rollback journal and full synchronisation.

";

/// `postgres_18` and `18.4` as people say it.
fn label(engine: &str, version: &str) -> String {
    let product = match engine.split('_').next().unwrap_or(engine) {
        "postgres" => "PostgreSQL",
        "mysql" => "MySQL",
        "mariadb" => "MariaDB",
        "sqlite" => "SQLite",
        other => other,
    };
    format!("{product} {version}")
}
