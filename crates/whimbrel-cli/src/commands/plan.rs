//! `whimbrel plan`: what `up` or `down` would run, statement by statement.

use std::fmt::Write as _;

use serde_json::{Value, json};
use whimbrel::{
    dialect::Dialect,
    execute::{self, DownOptions, Planned},
    migration::Migrations as _,
    sql::{Kind, Statement, Transaction},
};

use super::{down, up};
use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    run::Run,
    statements,
    target::Purpose,
    ui::Ui,
};

/// Show what `up` would run, and run nothing; `plan down` shows it for `down`
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:\n  whimbrel plan\n  whimbrel plan down --all")]
pub(crate) struct Args {
    #[command(flatten)]
    far: up::Far,
    #[command(subcommand)]
    way: Option<Way>,
}

#[derive(Debug, clap::Subcommand)]
enum Way {
    /// Show what `up` would run
    Up {
        #[command(flatten)]
        far: up::Far,
    },
    /// Show what `down` would run
    Down {
        #[command(flatten)]
        far: down::Far,
        /// With what would be dropped set aside
        #[arg(long)]
        keep_data: bool,
    },
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    match &args.way {
        None => up(&args.far, globals, ui),
        Some(Way::Up { far }) => up(far, globals, ui),
        Some(Way::Down { far, keep_data }) => down(far, *keep_data, globals, ui),
    }
}

/// What `up` would run.
pub(crate) fn up(far: &up::Far, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let mut run = Run::open("plan", Purpose::Read, globals, ui)?;
    let (late, newer) = up::policies(&run.config);
    let options = execute::UpOptions {
        target: far.target(),
        phase: far.phase(),
        late,
        newer,
        ..Default::default()
    };
    let (plans, conflict) =
        run.work(ui, |target, _| execute::plan_up_to_conflict(target, &options))?;
    let mut plans: Vec<(String, Planned)> =
        plans.into_iter().map(|it| (it.name, it.plan)).collect();
    for (name, plan) in &mut plans {
        if run.directory.load(name).is_ok_and(|it| it.migration.after_deploy) {
            plan.remarks.push((0, "it runs after the deploy".to_owned()));
        }
    }
    if let (true, Some(stop)) = (plans.is_empty(), &conflict) {
        return Err(Failure::from(stop.clone()));
    }
    show(&plans, "up", "Nothing to apply", run.dialect(), ui);
    if let Some(stop) = conflict {
        // What it runs until then is shown all the same.
        let failure = Failure::from(stop);
        ui.note("warning: `up` stops here:");
        failure.diagnostics.iter().for_each(|it| ui.diagnostic(it));
        ui.note(&failure.message);
    }
    if let Some(stop) = run.work(ui, |target, _| execute::obstacle(target, &options))? {
        ui.note(&format!("warning: `up` stops before it runs anything: {stop}"));
    }
    Ok(DONE)
}

/// What `down` would run.
pub(crate) fn down(
    far: &down::Far,
    keep_data: bool,
    globals: &Globals,
    ui: &mut Ui,
) -> Result<u8, Failure> {
    let mut run = Run::open("plan", Purpose::Read, globals, ui)?;
    let options = DownOptions { target: far.target(), allow_data_loss: true, keep_data };
    let plans = run.work(ui, |target, host| execute::plan_down(target, &options, host))?;
    show(&plans, "down", "Nothing to take back", run.dialect(), ui);
    Ok(DONE)
}

fn show(
    plans: &[(String, Planned)],
    direction: &str,
    nothing: &str,
    dialect: &Dialect,
    ui: &mut Ui,
) {
    if ui.is_json() {
        let migrations: Vec<Value> = plans
            .iter()
            .map(|(name, plan)| {
                let remarks: Vec<&String> = plan.remarks.iter().map(|(_, it)| it).collect();
                json!({ "name": name, "remarks": remarks, "statements": as_json(plan, dialect) })
            })
            .collect();
        ui.json(json!({ "direction": direction, "migrations": migrations }));
        return;
    }
    if plans.is_empty() {
        ui.result(nothing);
        return;
    }
    ui.result(&as_text(plans, dialect));
}

/// The statements of each migration under its name.
pub(crate) fn as_text(plans: &[(String, Planned)], dialect: &Dialect) -> String {
    let mut text = String::new();
    for (position, (name, plan)) in plans.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "-- {name}");
        let remark = |text: &mut String, position: usize| {
            for (_, remark) in plan.remarks.iter().filter(|(at, _)| *at == position) {
                let _ = writeln!(text, "-- {}", remark.replace('\n', "\n-- "));
            }
        };
        for (position, step) in plan.steps.iter().enumerate() {
            remark(&mut text, position);
            if plan.asks(position, dialect) {
                text.push_str("-- if a run dies at this one, nobody can tell whether it has run\n");
            }
            text.push_str(&statements::text(&step.statement, dialect));
        }
        remark(&mut text, plan.steps.len());
    }
    text
}

fn as_json(plan: &Planned, dialect: &Dialect) -> Vec<Value> {
    plan.steps
        .iter()
        .enumerate()
        .map(|(position, step)| {
            json!({
                "operation": plan.operation(position),
                "sql": statements::text(&step.statement, dialect).trim_end(),
                "touches": touches(&step.statement),
                "transaction": !step.alone && step.statement.transaction == Transaction::Allowed,
                "decidable_after_a_crash": !plan.asks(position, dialect),
            })
        })
        .collect()
}

fn touches(statement: &Statement) -> &'static str {
    match statement.kind {
        Kind::Schema => "schema",
        Kind::Rows => "rows",
        Kind::Session => "session",
        Kind::Repeatable => "repeatable",
        Kind::Nothing => "nothing",
        Kind::Unknown => "unknown",
    }
}
