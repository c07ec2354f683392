//! What was set aside: telling what there is, putting it back by hand, and letting it go for good.
//!
//! Either is a journey of its own, journalled under the number of what was set aside, so that one
//! that is cut off is finished by saying the same again.

use std::time::Duration;

use serde::Serialize;

use super::{
    Host, Planned, SetAside, Step, Stop, Target,
    aside::{self, Eyes},
    seen, up,
    work::{self, Failed, Journey, Work},
};
use crate::{
    dialect::Object,
    history::{self, Direction, State},
    sql::Statement,
};

/// Something that was set aside, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its number.
    pub id: u64,
    /// The migration that was taken back.
    pub migration: String,
    /// What it was: "table `orders`".
    pub what: String,
    /// What it is called meanwhile: "table `whimbrel_trash_7_orders`".
    pub kept: String,
    /// The run that set it aside.
    pub run: u64,
    /// When that began, by the database's clock in UTC.
    pub since: Option<String>,
    /// How it is.
    pub state: Condition,
}

/// How something is that was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It is there.
    Kept,
    /// It is a column of a table that is set aside itself, under this number.
    Inside(u64),
    /// Somebody else has taken it away.
    Gone,
    /// Somebody began to put it back and was cut off.
    HalfRestored,
    /// Somebody began to let it go and was cut off.
    HalfPurged,
}

/// What is set aside, the oldest first. Nothing is created, locked or changed.
///
/// # Errors
///
/// Where the database refuses a query, or a newer whimbrel has set something aside.
pub fn trash(target: &mut Target<'_>) -> Result<Vec<Kept>, Stop> {
    let (survey, history) = up::arrive(target)?;
    if !survey.has_history {
        return Ok(Vec::new());
    }
    let mut eyes =
        Eyes { dialect: target.dialect, connection: &mut *target.connection, history: &history };
    let entries = eyes.trash()?;
    let mut all = Vec::with_capacity(entries.len());
    for entry in &entries {
        let state = condition(&mut eyes, &entries, entry)?;
        let since = history.run_began(eyes.connection, entry.run);
        let since = since.map_err(|it| work::database("reading the history", it))?;
        all.push(Kept {
            id: entry.id,
            migration: entry.migration.clone(),
            what: entry.object.to_string(),
            kept: entry.kept.to_string(),
            run: entry.run,
            since,
            state,
        });
    }
    Ok(all)
}

/// Puts things back where they were, by their numbers, while the migrations that made them stay
/// taken back. Returns what they are: "table `orders`", with the migration.
///
/// # Errors
///
/// Where one isn't there, or its name is taken, before anything is done; and where the database
/// refuses a statement.
pub fn restore(
    target: &mut Target<'_>,
    ids: &[u64],
    host: &mut dyn Host,
) -> Result<Vec<SetAside>, Stop> {
    at_work(target, host, |work| {
        let (all, wanted) = wanted(work, Some(ids))?;
        for entry in &wanted {
            may_come_back(work, &all, entry)?;
        }
        each(work, wanted, Direction::Up)
    })
}

/// Lets go of things for good, by their numbers, or of everything that is set aside. A table takes
/// with it what was set aside of its columns before.
///
/// # Errors
///
/// Where a number is none, before anything is done; and where the database refuses a statement.
pub fn purge(
    target: &mut Target<'_>,
    ids: Option<&[u64]>,
    host: &mut dyn Host,
) -> Result<Vec<SetAside>, Stop> {
    at_work(target, host, |work| {
        let (all, mut wanted) = wanted(work, ids)?;
        for entry in &wanted {
            may_go(work, &all, &wanted, entry)?;
        }
        let inside = |it: &&SetAside| {
            let holder = holder(&all, it);
            holder.is_some_and(|id| wanted.iter().any(|it| it.id == id))
                && wanted.iter().all(|one| one.id != it.id)
        };
        let more: Vec<SetAside> = all.iter().filter(inside).cloned().collect();
        wanted.extend(more);
        // Tables before the columns that they held, and types behind all that is of them.
        let is_type = |it: &SetAside| matches!(it.object, Object::Type(_));
        wanted.sort_by_key(|it| (is_type(it), std::cmp::Reverse(it.id)));
        each(work, wanted, Direction::Down)
    })
}

/// The number under which the table of a column is set aside itself, with the column in it.
fn holder(all: &[SetAside], entry: &SetAside) -> Option<u64> {
    let Object::Column(table, _) = &entry.object else { return None };
    let holds = |it: &&SetAside| {
        it.id > entry.id && matches!(&it.object, Object::Table(held) if held == table)
    };
    all.iter().filter(holds).map(|it| it.id).min()
}

fn condition(eyes: &mut Eyes<'_>, all: &[SetAside], entry: &SetAside) -> Result<Condition, Stop> {
    if aside::is_begun(eyes, entry, Direction::Up)? {
        return Ok(Condition::HalfRestored);
    }
    if aside::is_begun(eyes, entry, Direction::Down)? {
        return Ok(Condition::HalfPurged);
    }
    Ok(match holder(all, entry) {
        Some(holder) => Condition::Inside(holder),
        None if eyes.look(&entry.kept)?.is_some() => Condition::Kept,
        None => Condition::Gone,
    })
}

fn at_work<T>(
    target: &mut Target<'_>,
    host: &mut dyn Host,
    act: impl FnOnce(&mut Work<'_, '_>) -> Result<T, Failed>,
) -> Result<T, Stop> {
    let (survey, history) = up::arrive(target)?;
    if !survey.has_history {
        return Err(none_there());
    }
    let mut work = Work::new(target, host, history);
    work.lock()?;
    let result = prepare(&mut work).and_then(|()| act(&mut work));
    let result = result.map_err(|it| it.stop().or_interrupted(work.host.interrupted()));
    work.leave(result)
}

/// Looks whether nothing else is half way, now that nobody else is at work.
fn prepare(work: &mut Work<'_, '_>) -> Result<(), Failed> {
    let (survey, _) = up::arrive(work.target)?;
    work.ready_history(&survey)?;
    let history = work.history.clone();
    let records = history.records(work.target.connection);
    let records = records.map_err(|it| work::database("reading the history", it))?;
    if let Some(running) = records.iter().find(|it| it.state == State::Running) {
        let again = match running.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        return Err(Stop::Refused {
            message: format!("`{}` is half way", running.name),
            hint: format!("finish it with `whimbrel {again}` first"),
        }
        .into());
    }
    // A file that can't be read doesn't stand in the way.
    if let Ok(situation) = up::situation(work.target, &survey, &history) {
        seen::before(work, &situation, None, true);
    }
    Ok(())
}

/// Everything that is set aside, and what of it is meant.
fn wanted(
    work: &mut Work<'_, '_>,
    ids: Option<&[u64]>,
) -> Result<(Vec<SetAside>, Vec<SetAside>), Stop> {
    let history = work.history.clone();
    let all = eyes(work, &history).trash()?;
    let Some(ids) = ids else { return Ok((all.clone(), all)) };
    let mut wanted: Vec<SetAside> = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(entry) = all.iter().find(|it| it.id == *id) else {
            if all.is_empty() {
                return Err(none_there());
            }
            let there = all.iter().map(|it| it.id.to_string()).collect::<Vec<_>>().join(", ");
            return Err(Stop::Refused {
                message: format!("nothing is set aside under the number {id}"),
                hint: format!("`whimbrel trash list` shows what is: {there}"),
            });
        };
        if wanted.iter().all(|it| it.id != *id) {
            wanted.push(entry.clone());
        }
    }
    Ok((all, wanted))
}

fn none_there() -> Stop {
    Stop::Refused {
        message: "nothing is set aside in this database".to_owned(),
        hint: "`whimbrel down --keep-data` sets aside what it would drop".to_owned(),
    }
}

fn eyes<'e>(work: &'e mut Work<'_, '_>, history: &'e history::History) -> Eyes<'e> {
    Eyes { dialect: work.target.dialect, connection: &mut *work.target.connection, history }
}

fn may_come_back(work: &mut Work<'_, '_>, all: &[SetAside], entry: &SetAside) -> Result<(), Stop> {
    let history = work.history.clone();
    let mut eyes = eyes(work, &history);
    let (id, what) = (entry.id, &entry.object);
    let (message, hint) = match condition(&mut eyes, all, entry)? {
        Condition::HalfRestored => return Ok(()),
        Condition::HalfPurged => (
            format!("`trash purge {id}` was left half way"),
            format!("finish it first: `whimbrel trash purge {id}`"),
        ),
        Condition::Inside(holder) => (
            format!("{what} is part of a table that is set aside itself, as number {holder}"),
            format!("put that back first: `whimbrel trash restore {holder}`"),
        ),
        Condition::Gone => (
            format!("{what} can't be put back: {} is not there any more", entry.kept),
            format!("`whimbrel trash purge {id}` forgets it"),
        ),
        Condition::Kept if eyes.look(what)?.is_some() => (
            format!("{what} can't be put back: there is another one by now"),
            format!(
                "take that away first (`whimbrel down`); or copy what you need from {}",
                entry.kept
            ),
        ),
        Condition::Kept => match what {
            Object::Column(table, _) if eyes.look(&Object::Table(table.clone()))?.is_none() => (
                format!("{what} can't be put back: table `{table}` is not there any more"),
                "put that back first".to_owned(),
            ),
            _ => match what.namespace() {
                Some(it) if eyes.look(&Object::Namespace(it.clone()))?.is_none() => (
                    format!("{what} can't be put back: there is no namespace `{it}` any more"),
                    "make that first; or apply the migration again (`whimbrel up`)".to_owned(),
                ),
                _ => return Ok(()),
            },
        },
    };
    Err(Stop::Refused { message, hint })
}

fn may_go(
    work: &mut Work<'_, '_>,
    all: &[SetAside],
    wanted: &[SetAside],
    entry: &SetAside,
) -> Result<(), Stop> {
    let history = work.history.clone();
    let (id, what) = (entry.id, &entry.object);
    match condition(&mut eyes(work, &history), all, entry)? {
        Condition::Kept | Condition::Gone | Condition::HalfPurged => Ok(()),
        Condition::Inside(holder) if wanted.iter().any(|it| it.id == holder) => Ok(()),
        Condition::Inside(holder) => Err(Stop::Refused {
            message: format!(
                "{what} is part of a table that is set aside itself, as number {holder}"
            ),
            hint: format!("let that go, or put it back first: `whimbrel trash purge {holder}`"),
        }),
        Condition::HalfRestored => Err(Stop::Refused {
            message: format!("`trash restore {id}` was left half way"),
            hint: format!("finish it first: `whimbrel trash restore {id}`"),
        }),
    }
}

fn each(
    work: &mut Work<'_, '_>,
    entries: Vec<SetAside>,
    direction: Direction,
) -> Result<Vec<SetAside>, Failed> {
    if !entries.is_empty() {
        up::begin_run(work)?;
    }
    for entry in &entries {
        one(work, entry, direction).map_err(|failed| match failed {
            Failed::Stop(stop) => told(*stop, entry, direction),
            Failed::Overtaken(_) => {
                let holder = "it has come to it first".to_owned();
                Stop::Locked { holder, waited: Duration::ZERO }
            }
        })?;
    }
    Ok(entries)
}

/// The whole way of one thing, or what is left of it.
fn one(work: &mut Work<'_, '_>, entry: &SetAside, direction: Direction) -> Result<(), Failed> {
    let history = work.history.clone();
    let is_begun = aside::is_begun(&mut eyes(work, &history), entry, direction)?;
    let there = is_begun || eyes(work, &history).look(&entry.kept)?.is_some();
    let mut statements = Vec::new();
    for statement in match direction {
        Direction::Up => &entry.back,
        Direction::Down => &entry.purge,
    } {
        if there || is_still_to_do(work, statement)? {
            statements.push(statement.clone());
        }
    }
    statements.push(entry.forget(&history));
    let step = |statement| Step::of(0, statement);
    let planned = Planned {
        steps: statements.into_iter().map(step).collect(),
        operations: vec![words(&entry.object.to_string(), direction)],
        ..Planned::default()
    };
    let key = entry.key();
    let journey = Journey { name: &key, direction, planned: &planned, places: &[] };
    let first = work.settle(journey)?;
    work.go_on(journey, first, history.forget_migration(&key))?;
    work.pay()?;
    work.reset_session(&planned.steps)
}

/// Of what can go once the thing itself is gone already: what is there to be asked after.
fn is_still_to_do(work: &mut Work<'_, '_>, statement: &Statement) -> Result<bool, Stop> {
    let Some(question) = &statement.done_when else { return Ok(false) };
    let rows = work.ask("looking at the catalog", question)?;
    Ok(rows.into_iter().flatten().next().flatten().as_deref() == Some("0"))
}

fn words(what: &str, direction: Direction) -> String {
    match direction {
        Direction::Up => format!("putting back {what}"),
        Direction::Down => format!("letting go of {what}"),
    }
}

/// A refused step in words that don't speak of a migration.
fn told(stop: Stop, entry: &SetAside, direction: Direction) -> Stop {
    let id = entry.id;
    let command = match direction {
        Direction::Up => format!("whimbrel trash restore {id}"),
        Direction::Down => format!("whimbrel trash purge {id}"),
    };
    match stop {
        Stop::Step { step, steps, kept, statement, error, .. } => Stop::Trash {
            doing: words(&entry.object.to_string(), direction),
            command,
            step,
            steps,
            kept,
            statement,
            error,
        },
        other => other,
    }
}
