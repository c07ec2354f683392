//! `whimbrel history`: the runs that this database has seen, or what has become of one migration.

use std::fmt::Write as _;

use serde_json::{Value, json};
use whimbrel::{
    execute::{self, Last, Past},
    history::{Direction, How, Run as Row, State, ToldStep},
};

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Show who ran what on this database and how it ended, or what has become of one migration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  whimbrel history --limit 5\n  whimbrel history 0003")]
pub(crate) struct Args {
    /// A migration; the beginning of its name is enough
    #[arg(value_name = "NAME", conflicts_with = "limit")]
    name: Option<String>,
    /// The last so many runs
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("history", Purpose::Read, globals, ui)?;
    if let Some(name) = &args.name {
        let past = run.work(ui, |target, _| execute::past_of(target, name))?;
        if ui.is_json() {
            ui.json(as_json(&past));
        } else {
            ui.result(&of_one(&past));
        }
        return Ok(DONE);
    }
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
        let (id, started, command) = (it.id, &it.started, &it.command);
        let _ = writeln!(text, "{id:>4}  {started}  {command:<6}  {}  {}", who(it), outcome(it));
    }
    text
}

fn who(run: &Row) -> String {
    let actor = if run.actor.is_empty() { "somebody" } else { &run.actor };
    if run.host.is_empty() { actor.to_owned() } else { format!("{actor}@{}", run.host) }
}

fn outcome(run: &Row) -> &str {
    run.outcome.as_deref().unwrap_or("nobody lived to say")
}

fn as_json(past: &Past) -> Value {
    let mut value = serde_json::to_value(past).unwrap_or_else(|_| json!({}));
    if past.last.is_none() {
        value["state"] = "never_begun".into();
    }
    value
}

fn of_one(past: &Past) -> String {
    let name = &past.name;
    let Some(last) = &past.last else { return format!("{name} has never been begun here") };
    let mut text = format!("{name} {}\n", state(last));
    if let Some(was) = &past.applied_as {
        let _ = writeln!(text, "  {:<8}{was}", "as");
    }
    let mut line = |word: &str, what: &str| {
        let _ = writeln!(text, "  {word:<8}{what}");
    };
    line("began", &last.started);
    line("ended", last.ended.as_deref().unwrap_or("not yet"));
    if let Some(run) = &last.run {
        let (id, command, version) = (run.id, &run.command, &run.version);
        line("run", &format!("{id}: `{command}` by {}, whimbrel {version}", who(run)));
        line("", outcome(run));
    }
    if !last.parents.is_empty() {
        line("after", &last.parents.join(", "));
    }
    for step in &past.steps {
        line("step", &of_step(step));
        if let Some(error) = &step.error {
            line("", &format!("refused: {error}"));
        }
    }
    text
}

fn state(last: &Last) -> &'static str {
    match (last.state, last.direction, last.how) {
        (State::Running, Direction::Up, _) => "is half way; the next `up` finishes it",
        (State::Running, Direction::Down, _) => "is half taken back; the next `down` finishes it",
        (State::Reverted, _, _) => "was taken back",
        (State::Applied, _, How::Ran) => "is applied",
        (State::Applied, _, How::Faked) => "was marked as applied by `fake`",
        (State::Applied, _, How::Baseline) => "was marked as applied by `baseline`",
    }
}

/// `1 up, done 2026-11-20 17:18:34: CREATE INDEX …`
fn of_step(step: &ToldStep) -> String {
    let direction = match step.direction {
        Direction::Up => "up",
        Direction::Down => "down",
    };
    let when = match &step.ended {
        Some(ended) if step.done => format!("done {ended}"),
        _ => format!("begun {}", step.began),
    };
    let mut lines = step.statement.lines().map(str::trim_end).filter(|it| !it.is_empty());
    let first = lines.next().unwrap_or_default();
    let rest = if lines.next().is_some() { " …" } else { "" };
    format!("{} {direction}, {when}: {first}{rest}", step.step)
}
