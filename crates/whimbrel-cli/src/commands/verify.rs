//! `whimbrel verify`: whether the database is as what ran here has left it.

use std::time::Duration;

use serde_json::{Value, json};
use whimbrel::execute::{self, Verified};

use crate::{
    failure::{DONE, Failure, NO},
    globals::Globals,
    run::{Run, duration},
    target::Purpose,
    ui::Ui,
};

/// Compare the database with what ran here, and tell what somebody else has changed
///
/// Nothing is created or changed. Exits 1 if there is a difference.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel verify --env prod")]
pub(crate) struct Args {
    /// Take the database as it is: what differs now is what is expected from now on
    #[arg(long)]
    accept: bool,
    /// The name of a protected database, to say that it is meant
    #[arg(long, value_name = "DATABASE", requires = "accept")]
    confirm: Option<String>,
    /// How long `--accept` waits for another run to end: `0s`, `10m`
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = duration)]
    wait: Duration,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let purpose = if args.accept { Purpose::Change } else { Purpose::Read };
    let mut run = Run::open("verify", purpose, globals, ui)?;
    if args.accept {
        run.confirm(args.confirm.as_deref())?;
        run.wait = args.wait;
    }
    let verified = run.work(ui, |target, _| execute::verify(target))?;
    if args.accept {
        run.work(ui, |target, host| execute::accept(target, host))?;
    }
    if ui.is_json() {
        let mut fields = as_json(&verified);
        fields["accepted"] = json!(args.accept);
        ui.json(fields);
    } else {
        tell(&verified, args.accept, ui);
    }
    Ok(if verified.differences.is_empty() || args.accept { DONE } else { NO })
}

/// What was found, for programs.
pub(crate) fn as_json(verified: &Verified) -> Value {
    let mut fields = serde_json::to_value(verified).unwrap_or_else(|_| json!({}));
    let words = verified.differences.iter().map(execute::Difference::words);
    for (place, words) in words.enumerate() {
        fields["differences"][place]["words"] = json!(words);
    }
    fields
}

fn tell(verified: &Verified, accepted: bool, ui: &mut Ui) {
    if !verified.has_history {
        ui.result("Nothing is applied here, so there is nothing to compare with");
        return;
    }
    tell_differences(verified, ui);
    for name in &verified.missing {
        ui.note(&format!(
            "warning: {name} is applied here, and this checkout doesn't have it; what it did is not \
             compared"
        ));
    }
    for name in &verified.edited {
        ui.note(&format!(
            "warning: {name} was changed after it had been applied here; what is expected of it is \
             what its file says now"
        ));
    }
    if !verified.unknown.is_empty() {
        let things: Vec<String> = verified.unknown.iter().map(ToString::to_string).collect();
        let seen = if verified.end_seen {
            "compared with how they were at the end of the last run"
        } else {
            "the end of the last run was not seen, so they are not compared"
        };
        ui.note(&format!(
            "note: beside what migrations say in whimbrel's words there are {}; {seen}",
            things.join(", ")
        ));
    }
    if !verified.uncompared.is_empty() {
        let things: Vec<String> = verified.uncompared.iter().map(ToString::to_string).collect();
        ui.note(&format!(
            "note: the end of the last run was not seen, and the database keeps queries in words of \
             its own, so of these it was only compared whether they are there: {}",
            things.join(", ")
        ));
    }
    match verified.differences.len() {
        0 => {
            let plural = if verified.tables == 1 { "" } else { "s" };
            let tables = format!("{} table{plural}", verified.tables);
            ui.result(&format!("No differences: {tables} as the last run left them"));
        }
        count if accepted => {
            ui.result(
                &format!("accepted {count} differences").replace("1 differences", "1 difference"),
            );
        }
        _ => ui.note(
            "hint: put it back by hand; or write a migration that says the same and mark it with \
             `whimbrel fake`; or take things as they are with `whimbrel verify --accept`",
        ),
    }
}

/// The differences, for people: what is there, and what was expected.
pub(crate) fn tell_differences(verified: &Verified, ui: &mut Ui) {
    for line in verified.differences.iter().flat_map(execute::Difference::words) {
        ui.result(&line);
    }
}
