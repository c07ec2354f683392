//! `whimbrel trash`: what `down --keep-data` has set aside.

use std::fmt::Write as _;

use serde_json::json;
use whimbrel::execute::{self, Condition, Kept, SetAside};

use crate::{
    caution::{Caution, Wait},
    failure::{DECISION, DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Show what `down --keep-data` has set aside, put it back, or let it go for good
///
/// The next `up` of the same migration puts it back by itself.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  whimbrel trash list\n  whimbrel trash purge 7")]
pub(crate) struct Args {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, clap::Subcommand)]
enum Way {
    /// Show what is set aside; nothing is created or changed
    #[command(after_help = "Example:\n  whimbrel trash list --format json")]
    List,
    /// Put things back where they were, while their migrations stay taken back
    #[command(after_help = "Example:\n  whimbrel trash restore 7")]
    Restore {
        /// The numbers that `whimbrel trash list` shows
        #[arg(value_name = "NUMBER", required = true)]
        numbers: Vec<u64>,
        #[command(flatten)]
        wait: Wait,
    },
    /// Let things go for good, with their rows and values
    #[command(after_help = "Examples:\n  whimbrel trash purge 7 8\n  whimbrel trash purge --all")]
    Purge {
        /// The numbers that `whimbrel trash list` shows
        #[arg(value_name = "NUMBER", required_unless_present = "all")]
        numbers: Vec<u64>,
        /// Everything that is set aside
        #[arg(long, conflicts_with = "numbers")]
        all: bool,
        /// Let go of the rows and values that are lost by it
        #[arg(long)]
        allow_data_loss: bool,
        #[command(flatten)]
        caution: Caution,
    },
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    match &args.way {
        Way::List => list(globals, ui),
        Way::Restore { numbers, wait } => {
            let mut run = Run::open("trash restore", Purpose::Change, globals, ui)?;
            wait.apply(&mut run);
            let done = run.work(ui, |target, host| execute::restore(target, numbers, host))?;
            tell("restored", &done, ui);
            if !ui.is_json() {
                let mut names: Vec<&str> = done.iter().map(|it| it.migration.as_str()).collect();
                names.dedup();
                for name in names {
                    ui.note(&format!(
                        "note: {name} stays taken back; if everything that it makes is there \
                         again, `whimbrel fake {name}` marks it as applied"
                    ));
                }
            }
            Ok(DONE)
        }
        Way::Purge { numbers, all, allow_data_loss, caution } => {
            let mut run = Run::open("trash purge", Purpose::Change, globals, ui)?;
            caution.apply(&mut run)?;
            if !allow_data_loss {
                let kept = run.work(ui, |target, _| execute::trash(target))?;
                ask(&kept, numbers, *all, ui)?;
            }
            let ids = if *all { None } else { Some(numbers.as_slice()) };
            let done = run.work(ui, |target, host| execute::purge(target, ids, host))?;
            tell("purged", &done, ui);
            Ok(DONE)
        }
    }
}

fn list(globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("trash list", Purpose::Read, globals, ui)?;
    let kept = run.work(ui, |target, _| execute::trash(target))?;
    if ui.is_json() {
        ui.json(json!({ "trash": kept }));
    } else if kept.is_empty() {
        ui.result("Nothing is set aside");
    } else {
        ui.result(&as_text(&kept));
    }
    Ok(DONE)
}

fn as_text(kept: &[Kept]) -> String {
    let width = kept.iter().map(|it| it.what.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for it in kept {
        let state = match it.state {
            Condition::Kept => format!("kept as {}", it.kept),
            Condition::Inside(holder) => format!("kept inside number {holder}"),
            Condition::Gone => format!("gone: {} is not there any more", it.kept),
            Condition::HalfRestored => {
                format!("half put back; finish it with `whimbrel trash restore {}`", it.id)
            }
            Condition::HalfPurged => {
                format!("half let go; finish it with `whimbrel trash purge {}`", it.id)
            }
        };
        let since = it.since.as_deref().unwrap_or("at some time");
        let (id, what, migration) = (it.id, &it.what, &it.migration);
        let _ = writeln!(text, "{id:>4}  {what:width$}  {since}  of {migration}, {state}");
    }
    text
}

/// Asks before anything is let go of that is there, or wants the flag that says it.
fn ask(kept: &[Kept], numbers: &[u64], all: bool, ui: &mut Ui) -> Result<(), Failure> {
    let is_lost = |it: &&Kept| (all || numbers.contains(&it.id)) && it.state != Condition::Gone;
    let lost: Vec<String> =
        kept.iter().filter(is_lost).map(|it| format!("{} (number {})", it.what, it.id)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let what = lost.join(", ");
    if ui.is_interactive() {
        let choices = ["No: keep it", "Yes: let it go"].map(str::to_owned);
        let question = format!("This would lose {what} for good. Go on?");
        if ui.choose(&question, &choices)? == 0 {
            return Err(Failure::new(DECISION, "nothing was let go"));
        }
        return Ok(());
    }
    Err(Failure::new(DECISION, format!("this would lose {what} for good"))
        .hint("if that may be, run the command again with `--allow-data-loss`"))
}

fn tell(word: &str, done: &[SetAside], ui: &mut Ui) {
    if ui.is_json() {
        let things: Vec<_> = done
            .iter()
            .map(|it| {
                json!({
                    "id": it.id, "migration": it.migration, "what": it.object.to_string(),
                })
            })
            .collect();
        ui.json(json!({ word: things }));
    } else if done.is_empty() {
        ui.result("Nothing is set aside");
    } else {
        for it in done {
            ui.result(&format!("{word} {} of {}", it.object, it.migration));
        }
    }
}
