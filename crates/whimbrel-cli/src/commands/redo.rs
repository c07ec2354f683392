//! `whimbrel redo`: takes the last migrations back and applies them again.

use serde_json::json;
use whimbrel::execute::{self, RedoOptions};

use crate::{
    caution::Caution,
    failure::{DONE, Failure},
    globals::Globals,
    run::{Run, count},
    target::Purpose,
    ui::Ui,
};

/// Take the last migration back and apply it again, as its file is now
///
/// Before rows or values go it asks, or wants `--allow-data-loss`; with `--keep-data` they come back
/// with a migration whose meaning is the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel redo")]
pub(crate) struct Args {
    /// So many migrations
    #[arg(value_name = "N", value_parser = count, default_value = "1")]
    count: usize,
    /// Set aside what would be dropped, and put it back
    #[arg(long, conflicts_with = "allow_data_loss")]
    keep_data: bool,
    /// Let go of the rows and values that are lost by it
    #[arg(long)]
    allow_data_loss: bool,
    #[command(flatten)]
    caution: Caution,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("redo", Purpose::Change, globals, ui)?;
    args.caution.apply(&mut run)?;
    let mut options = RedoOptions {
        count: args.count,
        allow_data_loss: args.allow_data_loss,
        keep_data: args.keep_data,
    };
    let report = run.unless_lost(ui, |target, host, allowed| {
        options.allow_data_loss |= allowed;
        execute::redo(target, &options, host)
    })?;
    if ui.is_json() {
        ui.json(json!({ "redone": report.migrations }));
    } else if report.migrations.is_empty() {
        ui.result("Nothing to take back");
    }
    Ok(DONE)
}
