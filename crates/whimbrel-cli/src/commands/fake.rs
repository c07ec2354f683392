//! `whimbrel fake`: marks migrations without running them.

use serde_json::json;
use whimbrel::execute::{self, FakeOptions};

use crate::{
    caution::Caution,
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Mark migrations as applied without running them, because what they do is there already
///
/// It looks first whether the database agrees.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel fake 0003_orders --with-parents")]
pub(crate) struct Args {
    /// The migrations; the beginning of a name is enough
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Mark those that they come after as well
    #[arg(long)]
    with_parents: bool,
    /// Take the marks away
    #[arg(long)]
    undo: bool,
    /// Don't look whether the database agrees
    #[arg(long)]
    unchecked: bool,
    #[command(flatten)]
    caution: Caution,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("fake", Purpose::Write, globals, ui)?;
    args.caution.apply(&mut run)?;
    let options = FakeOptions {
        names: args.names.clone(),
        with_parents: args.with_parents,
        undo: args.undo,
        unchecked: args.unchecked,
    };
    let report = run.work(ui, |target, host| execute::fake(target, &options, host))?;
    let key = if args.undo { "unmarked" } else { "marked" };
    if ui.is_json() {
        ui.json(json!({ key: report.migrations }));
    } else if report.migrations.is_empty() {
        ui.result("Nothing to mark");
    } else {
        for name in &report.migrations {
            ui.result(&format!("{key} {name}"));
        }
    }
    Ok(DONE)
}
