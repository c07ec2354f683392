//! `whimbrel up`: applies what is pending.

use clap::ValueEnum;
use serde_json::json;
use whimbrel::{
    execute::{self, Grouping, Late, Newer, Phase, UpOptions, UpTarget},
    project::Config,
};

use super::plan;
use crate::{
    caution::Wait,
    failure::{DONE, Failure},
    globals::Globals,
    patience::Patience,
    run::{Run, count},
    target::Purpose,
    ui::Ui,
};

/// Apply pending migrations, after finishing what an earlier run left half way
///
/// It may be stopped at any instant; the next `up` goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "apply")]
#[command(after_help = "Examples:\n  whimbrel up\n  whimbrel up --to 0003 --wait 10m")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) far: Far,
    #[command(flatten)]
    wait: Wait,
    /// Stop a step that an earlier run has left running on the server, instead of waiting for it
    #[arg(long)]
    cancel_running: bool,
    #[command(flatten)]
    patience: Patience,
    /// How migrations share transactions
    #[arg(long, value_name = "HOW", default_value = "auto")]
    tx: Tx,
    /// Work beside tables that whimbrel knows nothing of
    #[arg(long)]
    into_existing: bool,
    /// An applied migration whose changed file is accepted as it is now
    #[arg(long, value_name = "NAME")]
    accept_edited: Vec<String>,
    /// What to do with a migration that stands before ones that have run here, where the two may
    /// not change places [default: the configuration's `late`]
    #[arg(long, value_name = "HOW")]
    late: Option<LatePolicy>,
    /// What to do where a migration is applied that this checkout doesn't have [default: the
    /// configuration's `newer`]
    #[arg(long, value_name = "HOW")]
    newer: Option<NewerPolicy>,
    /// A half-way migration whose file was repaired in what is done already: takes the done steps
    /// back, then runs the file as it is now
    #[arg(long, value_name = "NAME")]
    restart: Option<String>,
    /// Let go of the rows and values that are lost by `--restart`
    #[arg(long, requires = "restart")]
    allow_data_loss: bool,
    /// The name of a protected database, to say that `--restart` is meant
    #[arg(long, value_name = "DATABASE")]
    confirm: Option<String>,
    /// Show what would run, and run nothing
    #[arg(long)]
    plan: bool,
}

/// How far to go.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Far {
    /// So many migrations
    #[arg(value_name = "N", value_parser = count, conflicts_with_all = ["steps", "to"])]
    count: Option<usize>,
    /// So many migrations
    #[arg(long, value_name = "N", value_parser = count, conflicts_with = "to")]
    steps: Option<usize>,
    /// This migration and all that it comes after; the beginning of its name is enough
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Only what runs before a deploy, or only what waits for it: migrations that are marked with
    /// `after_deploy()` [default: both]
    #[arg(long, value_name = "PHASE")]
    phase: Option<PhaseOfDeploy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PhaseOfDeploy {
    /// What may run while the programs of before are still at work
    BeforeDeploy,
    /// What takes away what only they need
    AfterDeploy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tx {
    /// One for each migration; on a database without tables they share, for speed
    Auto,
    /// All pending migrations in one, as far as their statements may
    All,
    /// One for each migration
    Each,
    /// None: each step by itself, marked before and after
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LatePolicy {
    /// Apply it, in the order that this database knows
    Allow,
    /// Stop
    Deny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewerPolicy {
    /// Say so and go on
    Warn,
    /// Stop
    Deny,
}

/// The policies of the configuration.
pub(crate) fn policies(config: &Config) -> (Late, Newer) {
    let late = if config.get("late") == Some("allow") { Late::Allow } else { Late::Deny };
    let newer = if config.get("newer") == Some("deny") { Newer::Deny } else { Newer::Warn };
    (late, newer)
}

impl Far {
    pub(crate) fn phase(&self) -> Phase {
        match self.phase {
            None => Phase::Both,
            Some(PhaseOfDeploy::BeforeDeploy) => Phase::BeforeDeploy,
            Some(PhaseOfDeploy::AfterDeploy) => Phase::AfterDeploy,
        }
    }

    pub(crate) fn target(&self) -> UpTarget {
        match (&self.to, self.count.or(self.steps)) {
            (Some(name), _) => UpTarget::Named(name.clone()),
            (None, Some(count)) => UpTarget::Count(count),
            (None, None) => UpTarget::All,
        }
    }
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    if args.plan {
        return plan::up(&args.far, globals, ui);
    }
    let mut run = Run::open("up", Purpose::Write, &args.patience.beside(globals), ui)?;
    let (late, newer) = policies(&run.config);
    let mut options = UpOptions {
        target: args.far.target(),
        phase: args.far.phase(),
        grouping: match args.tx {
            Tx::Auto => Grouping::Auto,
            Tx::All => Grouping::All,
            Tx::Each => Grouping::Each,
            Tx::None => Grouping::None,
        },
        into_existing: args.into_existing,
        accept_edited: args.accept_edited.clone(),
        late: match args.late {
            Some(LatePolicy::Allow) => Late::Allow,
            Some(LatePolicy::Deny) => Late::Deny,
            None => late,
        },
        newer: match args.newer {
            Some(NewerPolicy::Warn) => Newer::Warn,
            Some(NewerPolicy::Deny) => Newer::Deny,
            None => newer,
        },
        restart: args.restart.clone(),
        allow_data_loss: args.allow_data_loss,
    };
    args.wait.apply(&mut run);
    run.cancel_running = args.cancel_running;
    run.tell_until(args.patience.deadline.as_ref(), ui);
    if options.restart.is_some() {
        run.confirm(args.confirm.as_deref())?;
    }
    let report = run.unless_lost(ui, |target, host, allowed| {
        options.allow_data_loss |= allowed;
        execute::up(target, &options, host)
    })?;
    if ui.is_json() {
        ui.event(
            json!({ "event": "finished", "applied": report.migrations, "resumed": report.resumed }),
        );
    } else if report.migrations.is_empty() {
        run.say_if_empty(ui);
        ui.result("Nothing to apply");
    }
    Ok(DONE)
}
