//! Going on with a migration that an earlier run left half way: by its stored plan, or by its file
//! where that was repaired since.

use super::{
    apply::{Ready, forget_untouched, json, prepare},
    begin_run,
};
use crate::{
    connection::{DatabaseError, Trouble},
    execute::{
        Event, Grouping, Planned, Stop, Undo,
        replayed::Replayed,
        revert, review,
        situation::Situation,
        trace,
        work::{self, Failed, Journey, Work},
    },
    history::{Direction, Record, State},
};

/// Finishes what an earlier run left half way, whichever way it was going.
pub(super) fn resume(
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
pub(in crate::execute) fn read(name: &str, text: &str) -> Result<Planned, Stop> {
    serde_json::from_str(text).map_err(|error| Stop::Refused {
        message: format!("the stored plan of `{name}` can't be read: {error}"),
        hint: "a newer whimbrel has written it; finish the migration with that version".to_owned(),
    })
}

/// The revert plan of a migration as it was stored.
pub(in crate::execute) fn read_undo(name: &str, text: &str) -> Result<Vec<Undo>, Stop> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|error| Stop::Refused {
        message: format!("the stored revert plan of `{name}` can't be read: {error}"),
        hint: "a newer whimbrel has written it; take the migration back with that version"
            .to_owned(),
    })
}
