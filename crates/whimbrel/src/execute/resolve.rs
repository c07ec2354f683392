//! Settling a step of which only the user can say whether it has had its effect.

use std::time::Duration;

use super::{
    Host, Planned, Stop, Target,
    revert::find,
    session, trace, up,
    work::{self, Failed, Found, Journey, Work},
};
use crate::{
    connection::Trouble,
    history::{Record, State, StepRecord},
    migration::LookupError,
};

/// What the user says of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has had its effect; the next run goes on behind it.
    Done,
    /// It has not, or may run twice; the next run runs it again.
    Again,
}

/// Which step is to be settled, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOptions {
    /// The migration that is half way; any unique beginning of its name.
    pub name: String,
    /// The step, counted from 1.
    pub step: usize,
    /// What the user says of it.
    pub answer: Answer,
}

/// Settles a step that was begun and of which nobody can tell whether it has run, and returns the
/// name of its migration. Nothing else is run: the next `up` or `down` goes on.
///
/// Refused where no such step is begun, and where the database itself shows the contrary.
pub fn resolve(
    target: &mut Target<'_>,
    options: &ResolveOptions,
    host: &mut dyn Host,
) -> Result<String, Stop> {
    let _span = trace::run("resolve", target).entered();
    let (survey, history) = up::arrive(target)?;
    if !survey.has_history {
        return Err(nothing_begun("this database has no history of whimbrel's".to_owned()));
    }
    let mut work = Work::new(target, host, history);
    work.lock()?;
    let result = match settle(&mut work, options) {
        Ok(name) => Ok(name),
        Err(Failed::Stop(stop)) => Err(*stop),
        Err(Failed::Overtaken(_)) => Err(Stop::Locked {
            holder: "it has settled it first".to_owned(),
            waited: Duration::ZERO,
        }),
    };
    work.leave(result)
}

fn settle(work: &mut Work<'_, '_>, options: &ResolveOptions) -> Result<String, Failed> {
    let (survey, _) = up::arrive(work.target)?;
    work.ready_history(&survey)?;
    let (record, begun) = begun(work, options)?;
    let history = work.history.clone();
    let stored = history.plans(work.target.connection, &record.name);
    let (plan, _) = stored.map_err(|it| work::database("reading the history", it))?;
    let planned: Planned = up::read(&record.name, &plan)?;
    let (name, direction) = (record.name.as_str(), record.direction);
    let journey = Journey { name, direction, planned: &planned, places: &[] };
    if !begun.done {
        work.wait_until_ended(journey, &begun)?;
        contradiction(work, journey, &begun, options)?;
    }
    up::begin_run(work)?;
    let mark = match options.answer {
        Answer::Done if begun.done => history.insert_step(name, direction, &begun),
        Answer::Done => history.step_done(name, direction, begun.position),
        Answer::Again => history.step_undone(name, direction, begun.position),
    };
    work.note("settling a step", &[mark])?;
    Ok(record.name)
}

/// The migration that is meant and its step that was begun.
fn begun(
    work: &mut Work<'_, '_>,
    options: &ResolveOptions,
) -> Result<(Record, StepRecord), Failed> {
    let history = work.history.clone();
    let records = history.records(work.target.connection);
    let records = records.map_err(|it| work::database("reading the history", it))?;
    let name = match find(&records, &options.name) {
        Err(Stop::Lookup(LookupError::NotFound { wanted, .. })) => {
            return Err(nothing_begun(format!("no migration `{wanted}` is half way here")).into());
        }
        found => found?,
    };
    let record = records.into_iter().find(|it| it.name == name && it.state == State::Running);
    let Some(record) = record else {
        return Err(nothing_begun(format!("`{name}` is not half way")).into());
    };
    let steps = history.steps(work.target.connection, &name, record.direction);
    let steps = steps.map_err(|it| work::database("reading the history", it))?;
    match steps.into_iter().find(|it| !it.done) {
        Some(begun) if begun.position + 1 == options.step => Ok((record, begun)),
        Some(begun) => Err(Stop::Refused {
            message: format!(
                "step {} of `{name}` is not in question; step {} is",
                options.step,
                begun.position + 1
            ),
            hint: format!("look whether this has run: {}", begun.statement),
        }
        .into()),
        None => match left_to_the_user(work, &record, options)? {
            Some(step) => Ok((record, step)),
            None => {
                Err(nothing_begun(format!("no step of `{name}` was begun and left open")).into())
            }
        },
    }
}

/// The next step, where it needs what is gone with a session and the user says that it is done by
/// hand.
fn left_to_the_user(
    work: &mut Work<'_, '_>,
    record: &Record,
    options: &ResolveOptions,
) -> Result<Option<StepRecord>, Failed> {
    let history = work.history.clone();
    let connection = &mut *work.target.connection;
    let read = history.steps(connection, &record.name, record.direction).and_then(|steps| {
        history.plans(connection, &record.name).map(|(plan, _)| (steps.len(), plan))
    });
    let (next, plan) = read.map_err(|it| work::database("reading the history", it))?;
    let planned: Planned = up::read(&record.name, &plan)?;
    let missed = session::missed(work.dialect(), &planned.steps, next);
    let is_meant = options.answer == Answer::Done && options.step == next + 1;
    Ok(missed.filter(|it| is_meant && it.step == next).map(|it| StepRecord {
        position: it.step,
        done: true,
        observed: String::new(),
        statement: work::text_of(&planned.steps[it.step].statement),
        session: work.target.connection.server().session.clone(),
    }))
}

/// Stops if the database itself shows the contrary of what the user says.
fn contradiction(
    work: &mut Work<'_, '_>,
    journey: Journey<'_>,
    begun: &StepRecord,
    options: &ResolveOptions,
) -> Result<(), Failed> {
    let shows = match work.find(journey, begun) {
        Ok(Found::Done) if options.answer == Answer::Again => "has run",
        Ok(Found::Undone) if options.answer == Answer::Done && is_shown(journey, begun) => {
            "has not run"
        }
        Ok(_) => return Ok(()),
        // That is what there is to be settled.
        Err(Failed::Stop(stop))
            if matches!(*stop, Stop::Undecidable { .. } | Stop::Neither { .. }) =>
        {
            return Ok(());
        }
        // A question in the migration that can't be asked any more must not stand in the way.
        Err(Failed::Stop(stop)) if matches!(&*stop, Stop::Database { error, .. } if error.trouble == Trouble::Statement) =>
        {
            return Ok(());
        }
        Err(failed) => return Err(failed),
    };
    Err(Stop::Refused {
        message: format!(
            "the database shows that step {} of `{}` {shows}",
            options.step, journey.name
        ),
        hint: "run `whimbrel up`; it goes on by itself".to_owned(),
    }
    .into())
}

/// Whether it was the database that said that a step has not run, and not that it may run twice.
fn is_shown(journey: Journey<'_>, begun: &StepRecord) -> bool {
    journey
        .planned
        .steps
        .get(begun.position)
        .is_some_and(|it| it.statement.done_when.is_some() || !it.statement.looks.is_empty())
}

fn nothing_begun(message: String) -> Stop {
    Stop::Refused { message, hint: "there is nothing to settle; run `whimbrel up`".to_owned() }
}
