//! How applied migrations are taken back: by what was stored when they were applied, and only
//! where nobody had said how, by what their files say since.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Stop, Undo,
    follow::follow,
    halfway::{Otherwise, undo_of_done},
    plan, up,
    work::{self, Work},
};
use crate::{
    history::{Direction, Record, State},
    schema::Schema,
};

/// How the operations of each of these migrations are taken back, in the order of the operations.
pub(super) fn undos(
    work: &mut Work<'_, '_>,
    wanted: &[Record],
    otherwise: Otherwise,
) -> Result<Vec<Vec<Undo>>, Stop> {
    let history = work.history.clone();
    let mut stored = Vec::with_capacity(wanted.len());
    for record in wanted {
        // What was only marked is only unmarked, and what is on its way down has its plan.
        let on_its_way = record.state == State::Running && record.direction == Direction::Down;
        let has_run = record.how.has_run() && !on_its_way;
        let (plan, undo) = if has_run {
            let plans = history.plans(work.target.connection, &record.name);
            let (plan, revert) = plans.map_err(|it| work::database("reading the history", it))?;
            (plan, up::read_undo(&record.name, &revert)?)
        } else {
            (String::new(), Vec::new())
        };
        stored.push((plan, undo));
    }
    let silent = |undo: &[Undo]| undo.iter().any(|it| it.statements.is_err());
    let asked = wanted.iter().zip(&stored).filter(|(_, (_, undo))| silent(undo));
    let mut said = said_since(work, asked.map(|(it, _)| it.name.clone()).collect())?;
    let mut undos = Vec::with_capacity(wanted.len());
    for (record, (plan, mut undo)) in wanted.iter().zip(stored) {
        if let Some(since) = said.remove(&record.name).and_then(|it| beside(&undo, it)) {
            undo = since;
        }
        if record.state == State::Running && record.direction == Direction::Up {
            let planned = up::read(&record.name, &plan)?;
            undo = undo_of_done(work, record, &planned, undo, otherwise)?;
        }
        undos.push(undo);
    }
    Ok(undos)
}

/// What a file says since, operation by operation beside what was stored: a file that no longer
/// says that nothing takes it back has an operation less.
fn beside(stored: &[Undo], since: Vec<Undo>) -> Option<Vec<Undo>> {
    if since.len() == stored.len() || since.iter().any(|it| it.by_word) {
        return Some(since).filter(|it| it.len() == stored.len());
    }
    let mut rest = since.into_iter();
    let mut all = Vec::with_capacity(stored.len());
    for undo in stored {
        all.push(if undo.by_word {
            Undo { statements: Ok(Vec::new()), by_word: false, ..undo.clone() }
        } else {
            rest.next()?
        });
    }
    rest.next().is_none().then_some(all)
}

/// What the files of these migrations say by now of how they are taken back, in one walk over
/// what was applied.
fn said_since(
    work: &mut Work<'_, '_>,
    mut asked: BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Undo>>, Stop> {
    let mut said = BTreeMap::new();
    if asked.is_empty() {
        return Ok(said);
    }
    let migrations = work.target.migrations;
    let is_here = |name: &str| migrations.files().iter().any(|it| it.name == name);
    let history = work.history.clone();
    let records = history.records(work.target.connection);
    let records = records.map_err(|it| work::database("reading the history", it))?;
    let mut now = records.clone();
    follow(migrations, &mut now);
    let here: Vec<(Record, String)> = records
        .into_iter()
        .zip(now)
        .filter(|(_, now)| is_here(&now.name))
        .map(|(record, now)| (record, now.name))
        .collect();
    asked.retain(|it| here.iter().any(|(record, _)| record.name == *it));
    let mut schema = Schema::default();
    for (record, file) in &here {
        let is_asked = asked.remove(&record.name);
        if is_asked || record.state == State::Applied {
            let loaded = migrations.load(file).map_err(Stop::Unreadable)?;
            if is_asked {
                let plan = plan::plan(&loaded, work.dialect(), &schema, &work.history)?;
                said.insert(record.name.clone(), plan.undo);
                schema = plan.after;
            } else {
                plan::replay(&loaded, &mut schema)?;
            }
        }
        if asked.is_empty() {
            break;
        }
    }
    Ok(said)
}
