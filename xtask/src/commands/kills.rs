//! `cargo xtask kills`: the real binary, killed over and over on engines that keep what they
//! commit, and `docs/reliability.md`, which tells what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write;
use std::fs;
use std::process::{Command, ExitCode, Stdio};

use super::reliability;
use super::test::root;
use crate::engines::{self, Care, Engines, Missing, Running, Wanted};

pub(crate) const ABOUT: &str = "Kill the binary on durable engines, write docs/reliability.md   [engine…] [--kills N] [--seed N]";

/// The variables that the tests read; see `crates/whimbrel-cli/tests/kills/`.
pub(super) const KILLS: &str = "WHIMBREL_TEST_KILLS";
const SEED: &str = "WHIMBREL_TEST_SEED";
const FIGURES: &str = "WHIMBREL_TEST_FIGURES";

/// How many kills there are unless something else is asked for, all engines together.
const DEFAULT: u32 = 10_000;

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let asked = parse(arguments)?;
    let engines = Engines::start(&asked.engines, Care::Killable);
    for missing in &engines.missing {
        println!("WITHOUT {}: {}", missing.title.to_uppercase(), missing.reason);
    }
    let file = env::temp_dir().join(format!("whimbrel-figures-{}", std::process::id()));
    let _ = fs::remove_file(&file);
    let mut command = test(&engines);
    command.args(["--", "--nocapture"]);
    command
        .env(KILLS, asked.kills.to_string())
        .env(SEED, asked.seed.to_string())
        .env(FIGURES, &file);
    let status = command.status().map_err(|error| format!("could not run `cargo`: {error}"))?;
    let figures = fs::read_to_string(&file).unwrap_or_default();
    let _ = fs::remove_file(&file);
    if !status.success() {
        return Err("a kill was not survived; docs/reliability.md stays as it was".to_owned());
    }
    let page = Page::read(&figures)?;
    // What was found on other engines stays, with its date.
    let said = if asked.all { String::new() } else { reliability::said(reliability::KILLS) };
    let how = asked.words(&reliability::date());
    reliability::keep(reliability::KILLS, &page.text(&engines.missing, &how, &said))?;
    Ok(ExitCode::SUCCESS)
}

/// What the command line says.
struct Asked {
    engines: Wanted,
    /// Whether that is every engine.
    all: bool,
    /// The engines as they were named, each with a space behind it.
    names: String,
    kills: u32,
    seed: u64,
}

impl Asked {
    /// How to see the same again, and when it was seen.
    fn words(&self, date: &str) -> String {
        format!("`{}--kills {} --seed {}`, {date}", self.names, self.kills, self.seed)
    }
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

fn parse(arguments: &[String]) -> Result<Asked, String> {
    let (mut kills, mut seed, mut names) = (DEFAULT, 1, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if !argument.starts_with('-') {
            names.push(argument.as_str());
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("`{argument}` needs a number"))?;
        let wrong = |_| format!("`{argument} {value}`: that is no number");
        match argument.as_str() {
            "--kills" => kills = value.parse().map_err(wrong)?,
            "--seed" => seed = value.parse().map_err(wrong)?,
            _ => return Err(format!("`{argument}` is unknown here: {ABOUT}")),
        }
    }
    if kills == 0 {
        return Err("no kill at all shows nothing".to_owned());
    }
    let all = names.is_empty();
    let engines = if all { Wanted::killed() } else { Wanted::named(&names)? };
    let names = names.into_iter().chain([""]).collect::<Vec<_>>().join(" ");
    Ok(Asked { engines, all, names, kills, seed })
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

    /// The page: what came of these kills, and what was `said` before of engines that they
    /// weren't on.
    fn text(&self, missing: &[Missing], how: &str, said: &str) -> String {
        let mut text = INTRODUCTION.to_owned();
        let mut sums: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
        for (engine, _, _, finished, asked) in &self.kills {
            let sum = sums.entry(engine).or_default();
            sum[0] += finished;
            sum[1] += asked;
        }
        let old = |table: &str| -> BTreeSet<String> {
            let rows =
                table.lines().filter(|it| it.starts_with("| ") && it.contains(char::is_numeric));
            let engine = |row: &str| row.split(" | ").next().map(|it| it[2..].to_owned());
            let is_kept = |it: &String| it != "all" && !sums.contains_key(it.as_str());
            rows.filter(|it| engine(it).as_ref().is_some_and(is_kept)).map(str::to_owned).collect()
        };
        let (before, rest) = said.split_once(STEPS).unwrap_or_default();
        let (steps, races) = rest.split_once(RACES).unwrap_or_default();

        let mut rows = old(before);
        rows.extend(sums.iter().map(|(engine, [finished, asked])| {
            format!("| {engine} | {} | {finished} | {asked} | 0 | {how} |", finished + asked)
        }));
        let number = |row: &String, cell: usize| -> u64 {
            row.split(" | ").nth(cell).and_then(|it| it.parse().ok()).unwrap_or_default()
        };
        let all = [1, 2, 3].map(|cell| rows.iter().map(|row| number(row, cell)).sum::<u64>());
        text += "| engine | kills | finished by the next run | asked about one opaque \
                 step, then finished | lost or doubled | `cargo xtask kills` |\n\
                 |---|---|---|---|---|---|\n";
        let _ = writeln!(text, "{}", Vec::from_iter(rows).join("\n"));
        let _ = writeln!(text, "| all | {} | {} | {} | 0 | |", all[0], all[1], all[2]);
        text += "\nA kill that loses or doubles something ends the run, and this page is not \
                 written.\n";
        let missing = missing.iter();
        let mut absent: BTreeSet<String> =
            missing.map(|it| format!("{}{ABSENT}{}.", it.title, it.reason)).collect();
        absent.extend(before.lines().filter(|it| it.contains(ABSENT)).map(str::to_owned));
        for line in absent {
            let _ = writeln!(text, "{line}");
        }

        let _ = write!(
            text,
            "\n{STEPS}\n\n| engine | step | killed | kills | asked |\n|---|---|---|---|---|\n"
        );
        let mut rows = old(steps);
        rows.extend(self.kills.iter().map(|(engine, class, means, finished, asked)| {
            format!("| {engine} | {class} | {means} | {} | {asked} |", finished + asked)
        }));
        let _ = writeln!(text, "{}", Vec::from_iter(rows).join("\n"));

        let _ = write!(
            text,
            "\n{RACES}\n\nTwenty processes run `whimbrel up` at once on a new database with \
             six migrations of three statements, and then as many rounds in which every second \
             one is killed at a random moment. All that live end with exit code 0.\n\n\
             | engine | rounds of each kind | processes | killed in the middle | migrations \
             lost or applied twice |\n|---|---|---|---|---|\n"
        );
        let mut rows = old(races);
        rows.extend(self.races.iter().map(|(engine, rounds, processes, killed)| {
            format!("| {engine} | {rounds} | {processes} | {killed} | 0 |")
        }));
        let _ = writeln!(text, "{}", Vec::from_iter(rows).join("\n"));
        text
    }
}

const ABSENT: &str = " was not there: ";
const STEPS: &str = "### Kills by step";
const RACES: &str = "### Races";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_on_other_engines_stays() {
        let figures = |engine: &str, kills: u64| {
            format!(
                "kills\t{engine}\t1.2\trows\tprocess\t{kills}\t1\nraces\t{engine}\t1.2\t10\t400\t7\n"
            )
        };
        let page = |figures: &str| Page::read(figures).expect("they can be read");
        let both = page(&(figures("mysql_9", 4) + &figures("sqlite", 9)));
        let said = both.text(&[], "once", "");
        let text = page(&figures("sqlite", 20)).text(&[], "again", &said);
        for line in [
            "| MySQL 1.2 | 5 | 4 | 1 | 0 | once |\n| SQLite 1.2 | 21 | 20 | 1 | 0 | again |\n\
             | all | 26 | 24 | 2 | 0 | |",
            "| MySQL 1.2 | rows | process | 5 | 1 |\n| SQLite 1.2 | rows | process | 21 | 1 |\n\n",
            "| MySQL 1.2 | 10 | 400 | 7 | 0 |\n| SQLite 1.2 | 10 | 400 | 7 | 0 |\n",
        ] {
            assert!(text.contains(line), "{line}\n\n{text}");
        }
        assert_eq!(
            page(&(figures("mysql_9", 4) + &figures("sqlite", 9))).text(&[], "once", &said),
            said
        );
    }
}
