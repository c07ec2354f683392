//! `whimbrel down`: takes migrations back.

use serde_json::json;
use whimbrel::execute::{self, DownOptions, DownTarget};

use super::plan;
use crate::{
    caution::Caution,
    failure::{DONE, Failure},
    globals::Globals,
    patience::Patience,
    run::{Run, count},
    target::Purpose,
    ui::Ui,
};

/// Take migrations back, the last one first
///
/// Before rows or values go it asks, or wants `--allow-data-loss`; with `--keep-data` they are set
/// aside instead.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  whimbrel down\n  whimbrel down --to 0003_orders\n  whimbrel down --keep-data"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) far: Far,
    /// Set aside what would be dropped; the next `up` of the same migrations puts it back
    #[arg(long, conflicts_with = "allow_data_loss")]
    keep_data: bool,
    /// Let go of the rows and values that are lost by it
    #[arg(long)]
    allow_data_loss: bool,
    #[command(flatten)]
    caution: Caution,
    /// Stop a step that an earlier run has left running on the server, instead of waiting for it
    #[arg(long)]
    cancel_running: bool,
    #[command(flatten)]
    patience: Patience,
    /// Show what would run, and run nothing
    #[arg(long)]
    plan: bool,
}

/// How far to go back.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Far {
    /// So many migrations [default: 1]
    #[arg(value_name = "N", value_parser = count)]
    count: Option<usize>,
    /// So many migrations
    #[arg(long, value_name = "N", value_parser = count)]
    steps: Option<usize>,
    /// Everything that was applied after this one, which stays
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Everything
    #[arg(long)]
    all: bool,
    /// Those that this checkout doesn't have
    #[arg(long)]
    unknown: bool,
}

impl Far {
    pub(crate) fn target(&self) -> DownTarget {
        if let Some(name) = &self.to {
            return DownTarget::To(name.clone());
        }
        match (self.all, self.unknown) {
            (true, _) => DownTarget::All,
            (_, true) => DownTarget::Unknown,
            _ => DownTarget::Count(self.count.or(self.steps).unwrap_or(1)),
        }
    }
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    if args.plan {
        return plan::down(&args.far, args.keep_data, globals, ui);
    }
    let mut run = Run::open("down", Purpose::Change, &args.patience.beside(globals), ui)?;
    args.caution.apply(&mut run)?;
    run.cancel_running = args.cancel_running;
    run.tell_until(args.patience.deadline.as_ref(), ui);
    let mut options = DownOptions {
        target: args.far.target(),
        allow_data_loss: args.allow_data_loss,
        keep_data: args.keep_data,
    };
    let report = run.unless_lost(ui, |target, host, allowed| {
        options.allow_data_loss |= allowed;
        execute::down(target, &options, host)
    })?;
    if ui.is_json() {
        ui.event(json!({ "event": "finished", "reverted": report.migrations, "resumed": report.resumed }));
    } else if report.migrations.is_empty() {
        ui.result("Nothing to take back");
    }
    Ok(DONE)
}
