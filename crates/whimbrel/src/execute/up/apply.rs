//! From a list of wanted migrations to migrations that are applied, one by one or together.

use std::{sync::Arc, time::Duration};

use whimbrel_migration::RunSql;

use crate::{
    connection::Trouble,
    execute::{
        Event, Grouping, MigrationPlan, Planned, SetAside, Stop,
        aside::{self, Eyes},
        lock::Fence,
        new_values,
        plan::{self, Group},
        replayed, seen,
        situation::Situation,
        trace,
        work::{self, Failed, Journey, Work},
    },
    history::{Direction, History, How, Record, State},
    migration::Loaded,
    operation::{Operation, parts_ways, table_of},
    schema::{Name, Schema, Script},
    sql::{Body, Kind},
};

/// How many migrations share a transaction at the most: a server's table of locks is finite.
const SHARED: usize = 50;

/// A migration that is ready to run.
pub(super) struct Ready {
    pub(super) loaded: Arc<Loaded>,
    pub(super) plan: MigrationPlan,
    pub(super) record: Record,
    pub(super) revert: String,
    pub(super) again: bool,
}

pub(super) fn apply_all(
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

pub(super) fn prepare(
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

pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
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
pub(super) fn forget_untouched(work: &mut Work<'_, '_>, name: &str, failed: &Failed) {
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
