//! Applying migrations.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use whimbrel_migration::RunSql;

use super::{
    Event, Grouping, Host, MigrationPlan, Phase, Planned, Report, SetAside, Stop, Target, Undo,
    aside::{self, Eyes},
    files::{check_files, rewritten},
    late::{self, Late, Newer},
    lock::Fence,
    new_values, newer, phase,
    plan::{self, Group},
    replayed::{self, Replayed},
    restart, revert, review, seen,
    situation::Situation,
    squashed, trace, uncovered,
    work::{self, Failed, Journey, Work},
};
use crate::{
    connection::{DatabaseError, Trouble},
    history::{self, Direction, History, How, Record, State, Survey},
    migration::Loaded,
    operation::{Operation, parts_ways, table_of},
    schema::{Name, Schema, Script},
    sql::{Body, Kind},
};

/// How far to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UpTarget {
    /// Everything that is pending.
    #[default]
    All,
    /// So many migrations.
    Count(usize),
    /// This migration and what it comes after; any unique beginning of its name.
    Named(String),
}

/// What `up` is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpOptions {
    /// How far to go.
    pub target: UpTarget,
    /// Which half of a deploy to run.
    pub phase: Phase,
    /// How migrations share transactions.
    pub grouping: Grouping,
    /// Whether tables that whimbrel knows nothing of are fine.
    pub into_existing: bool,
    /// Applied migrations whose changed files are accepted as they are now.
    pub accept_edited: Vec<String>,
    /// What becomes of migrations that come late.
    pub late: Late,
    /// What becomes of a run on a database that knows migrations of which there is no file.
    pub newer: Newer,
    /// A half-way migration whose done steps are taken back, so that its file runs anew.
    pub restart: Option<String>,
    /// Whether rows and values may be lost when they are.
    pub allow_data_loss: bool,
}

/// How many migrations share a transaction at the most: a server's table of locks is finite.
const SHARED: usize = 50;

/// Applies pending migrations, after finishing what an earlier run left half way.
pub fn up(
    target: &mut Target<'_>,
    options: &UpOptions,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let _span = trace::run("up", target).entered();
    let (survey, history) = arrive(target)?;
    let mut work = Work::new(target, host, history);
    if nothing_to_do(&mut work, &survey, options)? {
        return Ok(Report::default());
    }
    work.lock()?;
    let result = go_up(&mut work, options).map_err(|it| it.or_interrupted(work.host.interrupted()));
    work.leave(result).map(|()| work.report)
}

/// Looks around, and finds the history's place.
pub(super) fn arrive(target: &mut Target<'_>) -> Result<(Survey, History), Stop> {
    let mut survey = history::survey(target.connection, target.dialect)
        .map_err(|it| work::database("looking at what is there", it))?;
    if !survey.has_history && !survey.peers.is_empty() {
        survey.peers_say = history::peers_say(target.connection, target.dialect, &survey);
    }
    if survey.namespace.is_empty() {
        return Err(Stop::Refused {
            message: "this connection works in no schema, so there is no place for tables"
                .to_owned(),
            hint: "name a database in the URL, or a `search_path` whose first schema exists"
                .to_owned(),
        });
    }
    let history = History::new(target.dialect, &survey);
    Ok((survey, history))
}

/// The rows of the history beside the files; nothing is created.
pub(super) fn situation<'a>(
    target: &mut Target<'a>,
    survey: &Survey,
    history: &History,
) -> Result<Situation<'a>, Stop> {
    let records = if survey.has_history {
        let records = history.records(target.connection);
        records.map_err(|it| work::database("reading the history", it))?
    } else {
        Vec::new()
    };
    Situation::new(target.migrations, records)
}

/// Looks without the lock, so that whoever has nothing to do never waits for it.
fn nothing_to_do(
    work: &mut Work<'_, '_>,
    survey: &Survey,
    options: &UpOptions,
) -> Result<bool, Stop> {
    let situation = situation(work.target, survey, &work.history.clone())?;
    // A name that names nothing is told before anything runs, the rest of an earlier run included.
    let wanted = wanted(&situation, options)?;
    restart::name(&situation, options)?;
    if situation.running().is_some() {
        return Ok(false);
    }
    check_files(&situation, options, work.host)?;
    let marks = rewritten(&situation, options)?;
    if wanted.is_empty() {
        return Ok(marks.is_empty() && situation.folded().next().is_none());
    }
    late::check(&situation, &wanted, options.late)?;
    review::check(situation.migrations, &wanted)?;
    newer(work.target, &wanted)?;
    if !survey.has_history && !survey.tables.is_empty() && !options.into_existing {
        return Err(Stop::NoHistory(survey.clone()));
    }
    Ok(false)
}

/// The pending migrations that are asked for, parents first.
pub(super) fn wanted(situation: &Situation<'_>, options: &UpOptions) -> Result<Vec<String>, Stop> {
    let mut pending = situation.pending();
    if let UpTarget::Named(name) = &options.target {
        let name = situation.graph.find(name)?;
        let mut wanted: BTreeSet<&str> = situation.graph.ancestors(name).into_iter().collect();
        wanted.insert(name);
        pending.retain(|it| wanted.contains(it.as_str()));
    }
    let mut pending = phase::of(situation, pending, options.phase)?;
    match &options.target {
        UpTarget::All => {}
        UpTarget::Count(count) => pending.truncate(*count),
        // One that is named and left out is not what was meant.
        UpTarget::Named(name) => {
            let name = situation.graph.find(name)?;
            let applied = situation.record(name).is_some_and(|it| it.state == State::Applied);
            if !applied && !pending.iter().any(|it| it == name) {
                return Err(Stop::Refused {
                    message: format!("`{name}` doesn't run in this phase"),
                    hint: "name one that does, or say another `--phase`, or none".to_owned(),
                });
            }
        }
    }
    Ok(pending)
}

/// Works until nothing that is asked for is pending. Whenever another run turns out to have been
/// faster, looks again, for as long as the history shows that there is such a run.
fn go_up(work: &mut Work<'_, '_>, options: &UpOptions) -> Result<(), Stop> {
    const PATIENCE: usize = 50;
    let (mut seen, mut waited) = (Vec::new(), 0);
    let start = work.host.elapsed();
    loop {
        let error = match pass(work, options) {
            Ok(()) => return Ok(()),
            Err(Failed::Overtaken(error)) => error,
            Err(Failed::Stop(stop)) => {
                work.may_try_again(*stop, start)?;
                continue;
            }
        };
        let history = work.history.clone();
        let found = history.records(work.target.connection);
        let found = found.map_err(|it| work::database("reading the history", it))?;
        waited = if found == seen { waited + 1 } else { 0 };
        if waited == PATIENCE {
            // Nobody is faster: the mark itself is what the database refuses.
            return Err(Failed::Overtaken(error).stop());
        }
        seen = found;
        work.host.pause(Duration::from_millis(20));
    }
}

fn pass(work: &mut Work<'_, '_>, options: &UpOptions) -> Result<(), Failed> {
    let (survey, _) = arrive(work.target)?;
    if !survey.has_history && !survey.tables.is_empty() && !options.into_existing {
        return Err(Stop::NoHistory(survey).into());
    }
    work.ready_history(&survey)?;
    let history = work.history.clone();
    let seen = Survey { has_history: true, ..survey.clone() };
    let mut situation = situation(work.target, &seen, &history)?;
    while let Some(record) = situation.running().cloned() {
        if restart::is_meant(&record, restart::name(&situation, options)?.as_deref()) {
            begin_run(work)?;
            restart::take_back(work, &situation, &record, options)?;
        } else {
            resume(work, &situation, &record)?;
        }
        situation = self::situation(work.target, &seen, &history)?;
    }
    check_files(&situation, options, &mut Quiet)?;
    let mut wanted = wanted(&situation, options)?;
    if let UpTarget::Count(count) = options.target {
        wanted.truncate(count.saturating_sub(work.report.migrations.len()));
    }
    late::check(&situation, &wanted, options.late)?;
    review::check(situation.migrations, &wanted)?;
    newer(work.target, &wanted)?;
    begin_run(work)?;
    let rewritten = rewritten(&situation, options)?;
    let marks: Vec<String> = rewritten.iter().flat_map(|it| it.marks(&history)).collect();
    if !marks.is_empty() {
        seen::before(work, &situation, None, true);
        work.note("noting which files were rewritten", &marks)?;
        for (before, now) in situation.renumbered() {
            work.say(Event::Renumbered { migration: before.to_owned(), now: now.to_owned() });
        }
    }
    squashed::write_down(work, &situation)?;
    if wanted.is_empty() {
        return Ok(());
    }
    let grouping = match options.grouping {
        Grouping::None => Grouping::None,
        _ if !work::rolls_back(work.dialect()) => Grouping::Each,
        Grouping::Auto if survey.tables.is_empty() => Grouping::All,
        Grouping::Auto => Grouping::Each,
        chosen => chosen,
    };
    apply_all(work, &situation, &wanted, grouping)?;
    if situation.waiting().is_empty() {
        return Ok(());
    }
    // By now the last of what a squash replaces may have run.
    let situation = self::situation(work.target, &seen, &history)?;
    squashed::write_down(work, &situation)
}

/// The row of this run, once.
pub(super) fn begin_run(work: &mut Work<'_, '_>) -> Result<(), Failed> {
    if work.run != 0 {
        return Ok(());
    }
    let last = work.history.last_run(work.target.connection);
    let run = last.map_err(|it| work::database("reading the history", it))? + 1;
    let mark = work.history.begin_run(run, &work.target.circumstances);
    work.note("noting that a run begins", &[mark])?;
    work.run = run;
    work.limit_session()
}

/// Ends the row of this run. A failure here is not told: what the run did stands in the rows of
/// its migrations, and a run without an end is told as one that was cut off.
pub(super) fn close<T>(work: &mut Work<'_, '_>, result: &Result<T, Stop>) {
    // What stopped the run is the one to tell; what is still owed, the next run finds out.
    let _ = work.pay();
    if work.run == 0 || work.target.connection.in_transaction() {
        return;
    }
    // Nobody looks around in a database that had no room for the run.
    if result.as_ref().err().is_none_or(|it| it.exit_code() != 5) {
        seen::keep(work);
    }
    let outcome = match result {
        Ok(_) if work.passed.steps > 0 => {
            format!("done; steps passed over by `ignore_errors`: {}", work.passed.steps)
        }
        Ok(_) => "done".to_owned(),
        Err(stop) => stop.to_string(),
    };
    let mark = work.history.end_run(work.run, &outcome);
    let _ = work.target.connection.execute(&mark);
}

/// A migration that is ready to run.
struct Ready {
    loaded: Arc<Loaded>,
    plan: MigrationPlan,
    record: Record,
    revert: String,
    again: bool,
}

fn apply_all(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    wanted: &[String],
    grouping: Grouping,
) -> Result<(), Failed> {
    let mut known = situation.known();
    let replayed = replayed::find(work.target.connection, &work.history, &known)?;
    let kept = replayed.count;
    let mut schema = situation.schema(replayed)?;
    seen::before(work, situation, Some(&schema), has_scripts(situation, wanted));
    if work.before.is_some() || known.is_empty() {
        work.declared = declared(situation, wanted);
    }
    let mut together: Vec<Ready> = Vec::new();
    let again = wanted.iter().any(|it| situation.record(it).is_some());
    let trash = if again { eyes(work, &work.history.clone()).trash()? } else { Vec::new() };
    for (position, name) in (situation.next_position()..).zip(wanted) {
        if work.host.interrupted() {
            flush(work, &mut together)?;
            return Err(Stop::Interrupted { migration: None }.into());
        }
        // What comes back is looked for as the migrations before have left it.
        let comes_back = trash.iter().any(|it| it.migration == *name);
        if comes_back {
            flush(work, &mut together)?;
            work.pay()?;
        }
        let ready = match prepare(work, situation, name, &schema, position, grouping) {
            Ok(ready) => ready,
            Err(stop) => {
                flush(work, &mut together)?;
                return Err(stop.into());
            }
        };
        schema = ready.plan.after.clone();
        if comes_back {
            apply_with_what_was_kept(work, ready, &trash)?;
        } else if grouping == Grouping::All && can_share(work, &ready.plan.plan) {
            together.push(ready);
            if together.len() == SHARED {
                flush(work, &mut together)?;
            }
        } else {
            flush(work, &mut together)?;
            apply_one(work, &ready)?;
        }
    }
    flush(work, &mut together)?;
    work.pay()?;
    known.extend(wanted.iter().filter_map(|it| situation.file(it)));
    if known.len() >= kept + replayed::EVERY {
        replayed::keep(work.target.connection, &work.history, &known, &schema);
    }
    Ok(())
}

/// Whether any of these migrations does what only the database can tell afterwards.
fn has_scripts(situation: &Situation<'_>, wanted: &[String]) -> bool {
    wanted.iter().any(|name| {
        // One that can't be read stops the run by itself.
        let loaded = situation.migrations.load(name);
        loaded.is_ok_and(|it| it.migration.operations.iter().any(parts_ways))
    })
}

/// The tables of which scripts of these migrations say what they change. None where another script
/// runs beside them, of which nobody knows what it does to these tables.
fn declared(situation: &Situation<'_>, wanted: &[String]) -> Vec<Name> {
    let mut tables = Vec::new();
    for name in wanted {
        let Ok(loaded) = situation.migrations.load(name) else { continue };
        for operation in loaded.migration.operations.iter().filter(|it| parts_ways(it)) {
            let Operation::RunSql(RunSql { script: Script { state: Some(state), .. } }) = operation
            else {
                return Vec::new();
            };
            tables.extend(state.iter().filter_map(table_of).cloned());
        }
    }
    tables
}

fn eyes<'e>(work: &'e mut Work<'_, '_>, history: &'e History) -> Eyes<'e> {
    Eyes { dialect: work.target.dialect, connection: &mut *work.target.connection, history }
}

/// Applies a migration that was taken back before, with what was set aside then.
fn apply_with_what_was_kept(
    work: &mut Work<'_, '_>,
    mut ready: Ready,
    trash: &[SetAside],
) -> Result<(), Failed> {
    let history = work.history.clone();
    let events = aside::put_back(&mut eyes(work, &history), &ready.loaded, &mut ready.plan, trash)?;
    apply_one(work, &ready)?;
    for event in events {
        work.say(event);
    }
    Ok(())
}

fn prepare(
    work: &Work<'_, '_>,
    situation: &Situation<'_>,
    name: &str,
    schema: &Schema,
    position: u64,
    grouping: Grouping,
) -> Result<Ready, Stop> {
    let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
    let mut plan = plan::plan(&loaded, work.dialect(), schema, &work.history)?;
    if grouping == Grouping::None {
        plan.plan.steps.iter_mut().for_each(|it| it.alone = true);
    }
    work.check_pooler(name, &plan.plan)?;
    let record = work.record(&loaded, How::Ran, position);
    let revert = json(&plan.undo);
    let again = situation.record(name).is_some();
    Ok(Ready { loaded, plan, record, revert, again })
}

/// Whether a migration may share its transaction with the next one: what it sets in the session
/// must not reach there.
fn can_share(work: &Work<'_, '_>, planned: &Planned) -> bool {
    let sets = planned.steps.iter().any(|it| it.statement.kind == Kind::Session);
    let groups = plan::groups(&planned.steps, work.dialect(), 0);
    let runs_code = planned.steps.iter().any(|it| matches!(it.statement.body, Body::Code(_)));
    // A later migration may use the values.
    let adds = new_values::adds(&planned.steps);
    !sets && !runs_code && !adds && matches!(groups.as_slice(), [] | [Group::Together(_)])
}

fn json<T: serde::Serialize>(value: &T) -> String {
    // Maps with keys that aren't strings are what JSON can't hold; plans have none.
    serde_json::to_string(value).unwrap_or_default()
}

/// Marks that make room for a migration that was applied and reverted before.
fn room(history: &History, ready: &Ready) -> Vec<String> {
    if ready.again { history.forget_migration(&ready.record.name) } else { Vec::new() }
}

fn journey(ready: &Ready) -> Journey<'_> {
    Journey {
        name: &ready.record.name,
        direction: Direction::Up,
        planned: &ready.plan.plan,
        places: &ready.loaded.places,
    }
}

/// Applies one migration.
fn apply_one(work: &mut Work<'_, '_>, ready: &Ready) -> Result<(), Failed> {
    let name = &ready.record.name;
    let _span = trace::migration(name, Direction::Up).entered();
    work.may_go_on(None)?;
    let start = work.host.elapsed();
    work.say(Event::Started { migration: name.clone(), direction: Direction::Up });
    let planned = &ready.plan.plan;
    let journey = journey(ready);
    let mut marks = room(&work.history, ready);
    if work.is_one_group(planned)? {
        marks.push(work.history.insert_migration(&ready.record, "", &ready.revert));
        work.together(journey, 0..planned.steps.len(), marks, Vec::new(), false)?;
    } else {
        let running = Record { state: State::Running, ..ready.record.clone() };
        marks.push(work.history.insert_migration(&running, &json(planned), &ready.revert));
        work.owe(marks);
        work.go(journey, 0, vec![work.history.finish_migration(name, State::Applied)])
            .inspect_err(|failed| forget_untouched(work, name, failed))?;
    }
    applied(work, ready, start);
    work.reset_session(&planned.steps)
}

/// A migration whose first step was refused leaves no trace, so that its file may be changed,
/// renamed or deleted as if it had never run. This is a comfort and not a need: where it fails,
/// the next run finds the migration half way with nothing done.
fn forget_untouched(work: &mut Work<'_, '_>, name: &str, failed: &Failed) {
    let Failed::Stop(stop) = failed else { return };
    let Stop::Step { kept: 0, error, .. } = &**stop else { return };
    if !error.trouble.passes() && error.trouble != Trouble::Cancelled {
        let mark = work.history.forget_untouched(name);
        let _ = work.target.connection.execute(&mark);
    }
}

fn applied(work: &mut Work<'_, '_>, ready: &Ready, start: Duration) {
    for notice in work.target.connection.take_notices() {
        work.say(Event::Said(notice));
    }
    let took = work.host.elapsed().saturating_sub(start);
    work.say(Event::Finished {
        migration: ready.record.name.clone(),
        direction: Direction::Up,
        statements: ready.plan.plan.steps.len(),
        took,
    });
}

/// Applies the migrations that were put together, in one transaction. If one is refused, all are
/// rolled back and applied one by one, so that those before it stay and it tells for itself what
/// is wrong with it.
fn flush(work: &mut Work<'_, '_>, together: &mut Vec<Ready>) -> Result<(), Failed> {
    let batch = std::mem::take(together);
    let Some(first) = batch.first() else { return Ok(()) };
    if batch.len() == 1 {
        return apply_one(work, first);
    }
    let last = batch.last().unwrap_or(first);
    let span = trace::migrations(&first.record.name, &last.record.name, batch.len()).entered();
    work.may_go_on(None)?;
    work.pay()?;
    let start = work.host.elapsed();
    for ready in &batch {
        let migration = ready.record.name.clone();
        work.say(Event::Started { migration, direction: Direction::Up });
    }
    let mut statements = Vec::new();
    statements.extend(work.limit(batch.iter().flat_map(|it| &it.plan.plan.steps)));
    let mut first_steps = Vec::new();
    for ready in &batch {
        statements.extend(room(&work.history, ready));
        statements.push(work.history.insert_migration(&ready.record, "", &ready.revert));
        first_steps.push(statements.len());
        let steps = ready.plan.plan.steps.iter();
        statements.extend(steps.map(|it| work::text_of(&it.statement)));
    }
    let failed = match work.fenced(&statements, Fence::Within) {
        Err(failed) => failed,
        Ok(took) => {
            for (ready, first) in batch.iter().zip(first_steps) {
                let took = took.iter().skip(first).copied();
                let journey = journey(ready);
                work.steps_finished(journey, 0..journey.planned.steps.len(), took);
                applied(work, ready, start);
            }
            let steps: Vec<_> = batch.iter().flat_map(|it| it.plan.plan.steps.clone()).collect();
            return work.reset_session(&steps);
        }
    };
    // One by one they stand back from a lock that somebody else holds.
    let alone = !failed.error.trouble.passes() || work.may_pass(&failed.error);
    let alone = alone && failed.error.trouble != Trouble::LockLost;
    if !alone || failed.position >= statements.len() {
        return Err(work::database("applying migrations", failed.error).into());
    }
    drop(span);
    for ready in &batch {
        apply_one(work, ready)?;
    }
    Ok(())
}

/// Finishes what an earlier run left half way, whichever way it was going.
fn resume(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    record: &Record,
) -> Result<(), Failed> {
    begin_run(work)?;
    match record.direction {
        Direction::Down => revert::resume(work, record),
        Direction::Up => resume_up(work, situation, record),
    }
}

fn resume_up(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    record: &Record,
) -> Result<(), Failed> {
    let name = &record.name;
    let _span = trace::migration(name, Direction::Up).entered();
    let stored = work.history.plans(work.target.connection, name);
    let (plan, _) = stored.map_err(|it| work::database("reading the history", it))?;
    let mut planned: Planned = read(name, &plan)?;
    work.check_pooler(name, &planned)?;
    let start = work.host.elapsed();
    let journey = Journey { name, direction: Direction::Up, planned: &planned, places: &[] };
    let mut next = work.settle(journey)?;
    let is_here = situation.file(name).is_some();
    if next == 0 && !is_here && !work.has_batches(journey, next)? {
        return forget_without_file(work, name);
    }
    // Only to point at the operation, should it be refused: a file that is gone or wrong by now
    // doesn't keep the stored plan from being finished.
    let loaded = situation.file(name).and_then(|it| situation.migrations.load(&it.name).ok());
    let mut places = loaded.map(|it| it.places.clone()).unwrap_or_default();
    if let Some(repaired) = repaired(work, situation, record)? {
        check_head(name, &planned, &repaired.plan.plan, next)?;
        let row = Record { state: State::Running, ..repaired.record.clone() };
        let mark = work.history.replan(&row, &json(&repaired.plan.plan), &repaired.revert);
        let mut marks = vec![mark];
        let body = |it: &Planned| it.steps.get(next).map(|it| it.statement.body.clone());
        if work.has_batches(journey, next)? && body(&planned) != body(&repaired.plan.plan) {
            // Other batches begin at the beginning.
            marks.push(work.history.step_undone(name, Direction::Up, next));
        }
        work.note("noting that the file was repaired", &marks)?;
        places.clone_from(&repaired.loaded.places);
        planned = repaired.plan.plan;
        next = next.min(planned.steps.len());
    }
    let steps = planned.steps.len();
    let event =
        Event::Resuming { migration: name.clone(), direction: Direction::Up, done: next, steps };
    work.say(event);
    let journey = Journey { name, direction: Direction::Up, planned: &planned, places: &places };
    let last = vec![work.history.finish_migration(name, State::Applied)];
    if let Err(failed) = work.go_on(journey, next, last) {
        forget_untouched(work, name, &failed);
        return Err(if is_here { failed } else { without_file(failed) });
    }
    let took = work.host.elapsed().saturating_sub(start);
    work.say(Event::Finished {
        migration: name.clone(),
        direction: Direction::Up,
        statements: steps - next,
        took,
    });
    work.pay()?;
    work.report.resumed.push(name.clone());
    work.reset_session(&planned.steps)
}

/// A migration that isn't in this checkout and of which nothing is done is not there.
fn forget_without_file(work: &mut Work<'_, '_>, name: &str) -> Result<(), Failed> {
    let mark = work.history.forget_untouched(name);
    let forgotten = work.target.connection.execute(&mark);
    match forgotten.map_err(|it| work::database("forgetting what was not begun", it))? {
        0 => Err(Failed::Overtaken(DatabaseError::new(
            Trouble::Data,
            format!("`{name}` was begun by another run"),
        ))),
        _ => Ok(()),
    }
}

/// What finishes a migration was refused, and there is no file in which it could be repaired.
fn without_file(failed: Failed) -> Failed {
    match failed {
        Failed::Stop(stop) => match *stop {
            Stop::Step { migration, error, .. } if !error.trouble.passes() => {
                Stop::HalfwayWithoutFile { migration, error }.into()
            }
            other => other.into(),
        },
        overtaken @ Failed::Overtaken(_) => overtaken,
    }
}

/// The plan of a half-way migration's file, where the file was changed since.
fn repaired(
    work: &Work<'_, '_>,
    situation: &Situation<'_>,
    record: &Record,
) -> Result<Option<Ready>, Stop> {
    let file = situation.file(&record.name);
    if file.is_none_or(|it| it.digest == record.digest) {
        return Ok(None);
    }
    let loaded = situation.migrations.load(&record.name).map_err(Stop::Unreadable)?;
    if loaded.meaning == record.meaning {
        return Ok(None);
    }
    review::check(situation.migrations, std::slice::from_ref(&record.name))?;
    let schema = situation.schema(Replayed::default())?;
    prepare(work, situation, &record.name, &schema, record.position, Grouping::Each).map(Some)
}

/// A repaired file goes on from the steps that are done, as long as it still says them.
fn check_head(name: &str, old: &Planned, new: &Planned, done: usize) -> Result<(), Stop> {
    let same = |step: usize| {
        let (old, new) = (old.steps.get(step), new.steps.get(step));
        old.map(|it| &it.statement.body) == new.map(|it| &it.statement.body)
    };
    match (0..done).find(|it| !same(*it)) {
        Some(step) => Err(Stop::EditedHalfway { migration: name.to_owned(), step: step + 1 }),
        None => Ok(()),
    }
}

/// A plan as it was stored.
pub(super) fn read(name: &str, text: &str) -> Result<Planned, Stop> {
    serde_json::from_str(text).map_err(|error| Stop::Refused {
        message: format!("the stored plan of `{name}` can't be read: {error}"),
        hint: "a newer whimbrel has written it; finish the migration with that version".to_owned(),
    })
}

/// The revert plan of a migration as it was stored.
pub(super) fn read_undo(name: &str, text: &str) -> Result<Vec<Undo>, Stop> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|error| Stop::Refused {
        message: format!("the stored revert plan of `{name}` can't be read: {error}"),
        hint: "a newer whimbrel has written it; take the migration back with that version"
            .to_owned(),
    })
}

/// What `up` would run, migration by migration. Nothing is created or locked.
pub fn plan_up(target: &mut Target<'_>, options: &UpOptions) -> Result<Vec<MigrationPlan>, Stop> {
    let (plans, conflict) = plan_up_to_conflict(target, options)?;
    conflict.map_or(Ok(plans), Err)
}

/// What `up` would run until it comes to a migration that doesn't fit behind what is applied by
/// then, as happens where branches conflict; and what it would say there.
pub fn plan_up_to_conflict(
    target: &mut Target<'_>,
    options: &UpOptions,
) -> Result<(Vec<MigrationPlan>, Option<Stop>), Stop> {
    let (survey, history) = arrive(target)?;
    let situation = situation(target, &survey, &history)?;
    let replayed = replayed::find(target.connection, &history, &situation.known())?;
    let mut schema = situation.schema(replayed)?;
    let (mut plans, mut conflict) = (Vec::new(), None);
    let wanted = wanted(&situation, options)?;
    let again = wanted.iter().any(|it| situation.record(it).is_some());
    let mut eyes =
        Eyes { dialect: target.dialect, connection: &mut *target.connection, history: &history };
    let trash = if again { eyes.trash()? } else { Vec::new() };
    for name in wanted {
        let loaded = situation.migrations.load(&name).map_err(Stop::Unreadable)?;
        let mut plan = match plan::plan(&loaded, eyes.dialect, &schema, &history) {
            Err(stop @ Stop::Conflict { .. }) => {
                conflict = Some(stop);
                break;
            }
            result => result?,
        };
        schema = plan.after.clone();
        aside::put_back(&mut eyes, &loaded, &mut plan, &trash)?;
        plans.push(plan);
    }
    uncovered::foresee(target, plans.iter_mut().map(|it| &mut it.plan))?;
    Ok((plans, conflict))
}

/// What would stop `up` before it runs anything, if something would. Nothing is created or locked.
pub fn obstacle(target: &mut Target<'_>, options: &UpOptions) -> Result<Option<Stop>, Stop> {
    let (survey, history) = arrive(target)?;
    let situation = situation(target, &survey, &history)?;
    if let Err(stop) = check_files(&situation, options, &mut Quiet) {
        return Ok(Some(stop));
    }
    let wanted = wanted(&situation, options)?;
    if let Err(stop) = late::check(&situation, &wanted, options.late) {
        return Ok(Some(stop));
    }
    if let Err(stop) = review::check(situation.migrations, &wanted) {
        return Ok(Some(stop));
    }
    if let Err(stop) = newer(target, &wanted) {
        return Ok(Some(stop));
    }
    let uncharted = !survey.has_history && !survey.tables.is_empty() && !options.into_existing;
    let stops = uncharted && !wanted.is_empty();
    Ok(stops.then_some(Stop::NoHistory(survey)))
}

/// Refuses what this server is too old for.
fn newer(target: &Target<'_>, wanted: &[String]) -> Result<(), Stop> {
    newer::check(target.dialect, target.connection.server(), target.migrations, wanted)
}

/// Tells nobody: what is looked at a second time was told the first time.
struct Quiet;

impl Host for Quiet {
    fn event(&mut self, _event: Event) {}

    fn pause(&mut self, _duration: Duration) {}

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn interrupted(&self) -> bool {
        false
    }
}
