//! `whimbrel history`: the runs that this database has seen.

use std::fmt::Write as _;

use serde_json::json;
use whimbrel::{execute, history::Run as Row};

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Show who ran what on this database, and how it ended
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel history --limit 5")]
pub(crate) struct Args {
    /// The last so many runs
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("history", Purpose::Read, globals, ui)?;
    let runs = run.work(ui, |target, _| execute::history_of(target, args.limit))?;
    if ui.is_json() {
        ui.json(json!({ "runs": runs }));
    } else if runs.is_empty() {
        ui.result("No runs yet");
    } else {
        ui.result(&as_text(&runs));
    }
    Ok(DONE)
}

fn as_text(runs: &[Row]) -> String {
    let mut text = String::new();
    for it in runs {
        let outcome = it.outcome.as_deref().unwrap_or("nobody lived to say");
        let actor = if it.actor.is_empty() { "somebody" } else { &it.actor };
        let host = if it.host.is_empty() { String::new() } else { format!("@{}", it.host) };
        let (id, started, command) = (it.id, &it.started, &it.command);
        let _ = writeln!(text, "{id:>4}  {started}  {command:<6}  {actor}{host}  {outcome}");
    }
    text
}
