//! Taking migrations back, in the reverse of the order in which this database applied them.
//!
//! What was stored when a migration was applied takes it back, so that neither a changed file nor
//! a missing one stands in the way. Only where nobody had said how is the file asked again.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Event, Host, MigrationPlan, Planned, Report, Stop, Target, Undo,
    aside::{self, Eyes},
    follow::follow,
    halfway::Otherwise,
    seen,
    stake::{at_stake, stop_if_lost},
    trace, uncovered,
    undo::undos,
    up,
    work::{self, Failed, Journey, Work},
};
use crate::{
    diagnostic::did_you_mean,
    history::{Direction, Record, State, Survey},
    migration::{LookupError, Migrations},
};

/// How far to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownTarget {
    /// So many migrations.
    Count(usize),
    /// Everything that was applied after this one, which stays; any unique beginning of its name.
    To(String),
    /// Everything.
    All,
    /// Those that the checkout doesn't have.
    Unknown,
}

impl Default for DownTarget {
    /// The migration that was applied last.
    fn default() -> Self {
        Self::Count(1)
    }
}

/// What `down` is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownOptions {
    /// How far to go back.
    pub target: DownTarget,
    /// Whether rows and values may be lost.
    pub allow_data_loss: bool,
    /// Whether what would be dropped is set aside instead.
    pub keep_data: bool,
}

/// Takes migrations back.
pub fn down(
    target: &mut Target<'_>,
    options: &DownOptions,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let _span = trace::run("down", target).entered();
    let (survey, history) = up::arrive(target)?;
    let mut work = Work::new(target, host, history);
    if wanted(&mut work, &survey, &options.target)?.is_empty() {
        return Ok(Report::default());
    }
    work.lock()?;
    let result =
        patiently(&mut work, options).map_err(|it| it.or_interrupted(work.host.interrupted()));
    work.leave(result).map(|()| work.report)
}

/// What `down` would run, migration by migration. Nothing is locked or changed.
pub fn plan_down(
    target: &mut Target<'_>,
    options: &DownOptions,
    host: &mut dyn Host,
) -> Result<Vec<(String, Planned)>, Stop> {
    let (survey, history) = up::arrive(target)?;
    let mut work = Work::new(target, host, history);
    work.only_looks = true;
    let mut plans = Vec::new();
    let wanted = wanted(&mut work, &survey, &options.target)?;
    let undos = undos(&mut work, &wanted, Otherwise::Finish)?;
    for (record, undo) in wanted.into_iter().zip(undos) {
        let undo = if options.keep_data && !is_going_down(&record) {
            let history = work.history.clone();
            let mut eyes = Eyes {
                dialect: work.target.dialect,
                connection: &mut *work.target.connection,
                history: &history,
            };
            aside::instead_of_dropping(&mut eyes, &record, 0, &undo)?.0
        } else {
            undo
        };
        let planned = Planned::revert(&record.name, &undo)?.at_once(work.dialect());
        plans.push((record.name, planned));
    }
    uncovered::foresee(work.target, plans.iter_mut().map(|(_, it)| it))?;
    Ok(plans)
}

fn records(work: &mut Work<'_, '_>, survey: &Survey) -> Result<Vec<Record>, Stop> {
    if !survey.has_history {
        return Ok(Vec::new());
    }
    let history = work.history.clone();
    let records = history.records(work.target.connection);
    records.map_err(|it| work::database("reading the history", it))
}

/// What is to be taken back, the last applied first.
fn wanted(
    work: &mut Work<'_, '_>,
    survey: &Survey,
    target: &DownTarget,
) -> Result<Vec<Record>, Stop> {
    let mut records = records(work, survey)?;
    records.retain(|it| it.state != State::Reverted);
    // A file that has another number by now may be named by either.
    let mut now = records.clone();
    follow(work.target.migrations, &mut now);
    now.reverse();
    records.reverse();
    match target {
        DownTarget::Count(count) => records.truncate(*count),
        DownTarget::All => {}
        DownTarget::To(name) => {
            let (names, stays) = match find(&records, name) {
                Ok(stays) => (&records, stays),
                Err(stop) => match find(&now, name) {
                    Ok(stays) => (&now, stays),
                    Err(_) => return Err(not_applied(work.target.migrations, name, stop)),
                },
            };
            let end = names.iter().position(|it| it.name == stays).unwrap_or(records.len());
            records.truncate(end);
        }
        DownTarget::Unknown => {
            let files = work.target.migrations.files();
            // What a squash stands for is here as well as the squash.
            let replaces = work.target.migrations.replaces();
            let is_here = |it: &Record| {
                files.iter().any(|file| file.name == it.name)
                    || replaces.values().flatten().any(|name| *name == it.name)
            };
            let here: BTreeSet<&str> = records
                .iter()
                .zip(&now)
                .filter(|(_, now)| is_here(now))
                .map(|(it, _)| it.name.as_str())
                .collect();
            let (stay, go): (Vec<Record>, Vec<Record>) =
                records.iter().cloned().partition(|it| here.contains(it.name.as_str()));
            needed_by_what_stays(&stay, &go)?;
            records = go;
        }
    }
    Ok(records)
}

/// Stops if a migration that stays was applied on top of one that goes.
fn needed_by_what_stays(stay: &[Record], go: &[Record]) -> Result<(), Stop> {
    for stays in stay {
        if let Some(goes) = go.iter().find(|it| stays.parents.contains(&it.name)) {
            return Err(Stop::Refused {
                message: format!(
                    "`{}` can't be taken back alone: `{}` comes after it, is applied, and stays",
                    goes.name, stays.name
                ),
                hint: format!(
                    "take back everything from there on: `whimbrel down --to NAME` with the \
                     migration before `{}`",
                    goes.name
                ),
            });
        }
    }
    Ok(())
}

/// Why there is no applied migration called `wanted`: perhaps there is one that is not applied.
fn not_applied(migrations: &dyn Migrations, wanted: &str, stop: Stop) -> Stop {
    let files: Vec<&str> = migrations.files().iter().map(|it| it.name.as_str()).collect();
    match (among(&files, wanted), stop) {
        (Ok(name), Stop::Lookup(LookupError::NotFound { .. })) => Stop::Refused {
            message: format!("`{name}` is not applied here, so nothing can be taken back to it"),
            hint: "`whimbrel status` shows what is applied".to_owned(),
        },
        (_, stop) => stop,
    }
}

/// The applied migration called `wanted`, or the only one whose name begins like it.
pub(super) fn find(records: &[Record], wanted: &str) -> Result<String, Stop> {
    among(&records.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), wanted)
}

/// The one of `names` that is `wanted`, or the only one that begins so.
pub(super) fn among(names: &[&str], wanted: &str) -> Result<String, Stop> {
    if names.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    let names = || names.iter().copied();
    let mut candidates: Vec<String> =
        names().filter(|it| it.starts_with(wanted)).map(str::to_owned).collect();
    candidates.sort_unstable();
    match candidates.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Stop::Lookup(LookupError::NotFound {
            wanted: wanted.to_owned(),
            similar: did_you_mean(wanted, names()).map(str::to_owned),
        })),
        _ => Err(Stop::Lookup(LookupError::Ambiguous { wanted: wanted.to_owned(), candidates })),
    }
}

/// Goes down, again if another program had locked the file before anything was taken back.
fn patiently(work: &mut Work<'_, '_>, options: &DownOptions) -> Result<(), Stop> {
    let start = work.host.elapsed();
    loop {
        match go_down(work, options) {
            Err(stop) if work.report.migrations.is_empty() => work.may_try_again(stop, start)?,
            result => return result,
        }
    }
}

fn go_down(work: &mut Work<'_, '_>, options: &DownOptions) -> Result<(), Stop> {
    let (survey, _) = up::arrive(work.target)?;
    let wanted = wanted(work, &survey, &options.target)?;
    work.ready_history(&survey)?;
    let undos = undos(work, &wanted, Otherwise::Finish)?;
    for (record, undo) in wanted.iter().zip(&undos) {
        // Says what can't be taken back before anything is.
        Planned::revert(&record.name, undo)?;
    }
    let mut hidden = Vec::new();
    if !options.allow_data_loss && !options.keep_data {
        let mut lost = Vec::new();
        for (position, undo) in undos.iter().enumerate() {
            let seen = at_stake(work, undo)?;
            lost.extend(seen.lost);
            if seen.hidden {
                hidden.push(position);
            }
        }
        stop_if_lost(lost)?;
    }
    // A file that can't be read doesn't stand in the way of going back.
    if let Ok(situation) = up::situation(work.target, &survey, &work.history.clone())
        && situation.running().is_none()
    {
        seen::before(work, &situation, None, true);
    }
    for (position, (record, undo)) in wanted.iter().zip(&undos).enumerate() {
        work.may_go_on(None)?;
        if hidden.contains(&position) {
            // What hid its tables, a rename, has been taken back by now.
            work.pay().map_err(Failed::stop)?;
            stop_if_lost(at_stake(work, undo)?.lost)?;
        }
        let done = if options.keep_data && !is_going_down(record) {
            keep_and_revert(work, record, undo)
        } else {
            revert(work, record, undo)
        };
        done.or_else(|failed| taken_back_by_another(work, record, failed))?;
    }
    work.pay().map_err(Failed::stop)
}

/// Of two runs that take the same migration back the second trips over the first one's mark, and
/// finds it gone.
fn taken_back_by_another(
    work: &mut Work<'_, '_>,
    record: &Record,
    failed: Failed,
) -> Result<(), Stop> {
    if matches!(failed, Failed::Overtaken(_)) {
        let history = work.history.clone();
        let records = history.records(work.target.connection);
        let records = records.map_err(|it| work::database("reading the history", it))?;
        let gone = |it: &Record| it.name == record.name && it.state == State::Reverted;
        if records.iter().any(gone) {
            return Ok(());
        }
    }
    Err(failed.stop())
}

/// Takes back what is done of a migration that stopped half way up, unless rows would be lost by
/// it that nobody has given up.
pub(super) fn take_back_done(
    work: &mut Work<'_, '_>,
    record: &Record,
    allow_data_loss: bool,
) -> Result<(), Failed> {
    let mut undos = undos(work, std::slice::from_ref(record), Otherwise::Refuse)?;
    let undo = undos.pop().unwrap_or_default();
    Planned::revert(&record.name, &undo)?;
    if !allow_data_loss {
        stop_if_lost(at_stake(work, &undo)?.lost)?;
    }
    revert(work, record, &undo)
}

/// Whether an earlier run began to take it back, by a plan that is stored.
fn is_going_down(record: &Record) -> bool {
    record.state == State::Running && record.direction == Direction::Down
}

/// Takes one migration back and sets aside what that would drop.
fn keep_and_revert(work: &mut Work<'_, '_>, record: &Record, undo: &[Undo]) -> Result<(), Failed> {
    up::begin_run(work)?;
    // What is there is looked at as the migrations that came later have left it.
    work.pay()?;
    let history = work.history.clone();
    let mut eyes = Eyes {
        dialect: work.target.dialect,
        connection: &mut *work.target.connection,
        history: &history,
    };
    let (undo, entries) = aside::instead_of_dropping(&mut eyes, record, work.run, undo)?;
    revert(work, record, &undo)?;
    for entry in entries {
        let (what, kept) = (entry.object.to_string(), entry.kept.to_string());
        work.say(Event::SetAside { migration: record.name.clone(), what, kept });
    }
    Ok(())
}

/// Takes one migration back.
fn revert(work: &mut Work<'_, '_>, record: &Record, undo: &[Undo]) -> Result<(), Failed> {
    up::begin_run(work)?;
    if is_going_down(record) {
        return resume(work, record);
    }
    let name = &record.name;
    let _span = trace::migration(name, Direction::Down).entered();
    let start = work.host.elapsed();
    work.say(Event::Started { migration: name.clone(), direction: Direction::Down });
    let planned = Planned::revert(name, undo)?.at_once(work.dialect());
    work.check_pooler(name, &planned)?;
    let journey = Journey { name, direction: Direction::Down, planned: &planned, places: &[] };
    if work.is_one_group(&planned)? {
        let mark = work.history.revert_migration(name, work.run);
        work.together(journey, 0..planned.steps.len(), vec![mark], Vec::new(), true)?;
    } else {
        let text = serde_json::to_string(&planned).unwrap_or_default();
        let mark = work.history.begin_revert(name, work.run, &text);
        work.owe([mark]);
        work.go(journey, 0, vec![work.history.finish_migration(name, State::Reverted)])?;
    }
    finished(work, name, planned.steps.len(), start);
    work.reset_session(&planned.steps)
}

/// Finishes taking a migration back that an earlier run left half way.
pub(super) fn resume(work: &mut Work<'_, '_>, record: &Record) -> Result<(), Failed> {
    let name = &record.name;
    let _span = trace::migration(name, Direction::Down).entered();
    let history = work.history.clone();
    let stored = history.plans(work.target.connection, name);
    let (plan, _) = stored.map_err(|it| work::database("reading the history", it))?;
    let planned = up::read(name, &plan)?;
    work.check_pooler(name, &planned)?;
    let start = work.host.elapsed();
    let journey = Journey { name, direction: Direction::Down, planned: &planned, places: &[] };
    let next = work.settle(journey)?;
    work.say(Event::Resuming {
        migration: name.clone(),
        direction: Direction::Down,
        done: next,
        steps: planned.steps.len(),
    });
    work.go_on(journey, next, vec![work.history.finish_migration(name, State::Reverted)])?;
    finished(work, name, planned.steps.len() - next, start);
    work.pay()?;
    work.report.resumed.push(name.clone());
    work.reset_session(&planned.steps)
}

fn finished(work: &mut Work<'_, '_>, name: &str, statements: usize, start: Duration) {
    for notice in work.target.connection.take_notices() {
        work.say(Event::Said(notice));
    }
    work.say(Event::Finished {
        migration: name.to_owned(),
        direction: Direction::Down,
        statements,
        took: work.host.elapsed().saturating_sub(start),
    });
}

impl MigrationPlan {
    /// What would take this migration back, or why nothing does.
    pub fn revert(&self) -> Result<Planned, Stop> {
        Planned::revert(&self.name, &self.undo)
    }
}
