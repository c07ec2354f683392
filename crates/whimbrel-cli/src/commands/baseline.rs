//! `whimbrel baseline`: takes over a database that was there before its migrations.

use serde_json::json;
use whimbrel::execute::{self, BaselineOptions, Baselined};

use crate::{
    caution::Caution,
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Take over a database that was there before its migrations: mark them as applied
///
/// What they would have built is compared with what is there, and nothing is marked where the two
/// differ.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel baseline 0001_initial")]
pub(crate) struct Args {
    /// The last one to mark, with everything that it comes after; the beginning of its name is
    /// enough [default: all of them]
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Mark them although the database differs
    #[arg(long)]
    unchecked: bool,
    #[command(flatten)]
    caution: Caution,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("baseline", Purpose::Change, globals, ui)?;
    args.caution.apply(&mut run)?;
    let options = BaselineOptions { name: args.name.clone(), unchecked: args.unchecked };
    let done = run.work(ui, |target, host| execute::baseline(target, &options, host))?;
    if ui.is_json() {
        ui.json(serde_json::to_value(&done).unwrap_or_else(|_| json!({})));
    } else {
        tell(&done, ui);
    }
    Ok(DONE)
}

fn tell(done: &Baselined, ui: &mut Ui) {
    for name in &done.marked {
        ui.result(&format!("marked {name}"));
    }
    if done.marked.is_empty() {
        ui.result("Nothing to mark");
    }
    for line in &done.differences {
        ui.note(&format!("warning: {line}"));
    }
    if !done.beside.is_empty() {
        let things: Vec<String> = done.beside.iter().map(ToString::to_string).collect();
        ui.note(&format!(
            "note: no migration makes this, and it is left alone: {}",
            things.join(", ")
        ));
    }
    if !done.uncompared.is_empty() {
        let things: Vec<String> = done.uncompared.iter().map(ToString::to_string).collect();
        ui.note(&format!(
            "note: the database keeps queries in words of its own, so of these it was only compared \
             whether they are there: {}",
            things.join(", ")
        ));
    }
    if !done.unseen.is_empty() {
        ui.note(&format!(
            "note: of the SQL in {} only tables, columns and indexes were looked after",
            done.unseen.join(", ")
        ));
    }
}
