//! `whimbrel status`: what is applied and what is pending.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};
use whimbrel::{
    execute::{self, Applied, Status},
    history::{self, How},
};

use crate::{
    commands::verify,
    failure::{DONE, Failure, NO},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Show what is applied and what is pending; nothing is created or changed
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel status --check=pending,edited")]
pub(crate) struct Args {
    /// Exit 1 if there are such migrations; without a word: any of them
    #[arg(long, value_name = "WHAT", value_delimiter = ',', num_args = 0.., require_equals = true)]
    #[arg(default_missing_values = ["pending", "edited", "unknown"])]
    check: Option<Vec<Check>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Check {
    /// Not applied, or half way
    Pending,
    /// Applied, and the file says something else now
    Edited,
    /// Applied, and this checkout doesn't have it
    Unknown,
    /// The database is not as the last run left it; only where it is asked for by name
    Drift,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("status", Purpose::Read, globals, ui)?;
    let status = run.work(ui, |target, _| execute::status(target))?;
    let drift = if args.check.iter().flatten().any(|it| *it == Check::Drift) {
        Some(run.work(ui, |target, _| execute::verify(target))?)
    } else {
        None
    };
    if ui.is_json() {
        let mut fields = as_json(&status);
        if let Some(verified) = &drift {
            fields["differences"] = verify::as_json(verified)["differences"].take();
        }
        ui.json(fields);
    } else {
        run.say_if_empty(ui);
        if !status.migrations.is_empty() {
            ui.result(&as_text(&status));
        }
        if let Some(line) = uncharted(&status) {
            ui.note(&line);
        }
        if let Some(verified) = &drift {
            verify::tell_differences(verified, ui);
        }
    }
    let is_there = |check: &Check| match check {
        Check::Pending => status.pending().next().is_some(),
        Check::Edited => status.edited().next().is_some(),
        Check::Unknown => status.unknown().next().is_some(),
        Check::Drift => drift.as_ref().is_some_and(|it| !it.differences.is_empty()),
    };
    Ok(if args.check.iter().flatten().any(is_there) { NO } else { DONE })
}

fn as_text(status: &Status) -> String {
    let width = status.migrations.iter().map(|it| it.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in &status.migrations {
        let state = match &entry.applied {
            Applied::Pending if entry.after_deploy => "pending, after the deploy".to_owned(),
            Applied::Pending => "pending".to_owned(),
            Applied::HalfWay { since, done } => {
                format!("half way since {since}, steps done: {done}")
            }
            Applied::Applied { at, how, edited } => {
                let word = match how {
                    How::Ran => "applied",
                    How::Faked => "faked  ",
                    How::Baseline => "baseline",
                };
                let edited = if *edited { ", edited since" } else { "" };
                format!("{word}  {at}{edited}")
            }
            Applied::Missing { at } => format!("applied  {at}, its file is gone"),
            Applied::Renamed { at, file } => {
                format!("applied  {at}, its file is now called {file}")
            }
            Applied::Waiting { applied, replaces } => format!(
                "waiting: of the {} migrations that it replaces {applied} have run here",
                replaces.len()
            ),
            Applied::Unknown { at } => format!("applied  {at}, not in this checkout"),
        };
        let _ = writeln!(text, "{:width$}  {state}", entry.name);
        for why in &entry.needs_review {
            let _ = writeln!(text, "{:width$}  needs a review: {why}", "");
        }
    }
    text
}

fn as_json(status: &Status) -> Value {
    serde_json::to_value(status).unwrap_or_else(|_| json!({}))
}

/// A database that others work on is worth a word before `up` refuses it.
fn uncharted(status: &Status) -> Option<String> {
    if status.has_history || status.tables.is_empty() {
        return None;
    }
    Some(format!("note: {}", history::uncharted(&status.tables, &status.peers_say)))
}
