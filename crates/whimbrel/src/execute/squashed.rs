//! Squashes on databases that have run what they replace: all of it, and one row takes the place
//! of many; some of it, and the rest goes on first.

use std::collections::BTreeMap;

use super::{
    Event, Stop, Undo,
    situation::Situation,
    up,
    work::{self, Failed, Work},
};
use crate::{
    history::{Direction, How, Record, State},
    migration::Migrations,
};

/// The rows that a squash takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// Their names, in the order in which this database applied them.
    pub rows: Vec<String>,
    /// What these migrations meant when they ran.
    pub meanings: Vec<String>,
}

/// Puts one row in the place of those of each squash all of whose migrations have run. It stands
/// where the first of them stood: what ran between them comes after some of them, and before none.
pub(super) fn fold(
    migrations: &dyn Migrations,
    mut records: Vec<Record>,
    squashes: Vec<(String, Vec<String>)>,
) -> Result<(Vec<Record>, BTreeMap<String, Folded>), Stop> {
    let mut folded: BTreeMap<String, Folded> = BTreeMap::new();
    for (squash, replaced) in squashes {
        let loaded = migrations.load(&squash).map_err(Stop::Unreadable)?;
        let (members, mut rest): (Vec<Record>, Vec<Record>) = records
            .into_iter()
            .partition(|it| it.state == State::Applied && replaced.contains(&it.name));
        // One that was taken back before is as good as none.
        rest.retain(|it| it.name != squash);
        let mut rows = Folded { rows: Vec::new(), meanings: Vec::new() };
        for member in &members {
            let inner = folded.remove(&member.name).unwrap_or_else(|| Folded {
                rows: vec![member.name.clone()],
                meanings: vec![member.meaning.clone()],
            });
            rows.rows.extend(inner.rows);
            rows.meanings.extend(inner.meanings);
        }
        if let (Some(first), Some(last)) = (members.first(), members.last()) {
            let ran = members.iter().find(|it| it.how.has_run());
            rest.push(Record {
                name: squash.clone(),
                digest: loaded.digest.clone(),
                meaning: loaded.meaning.clone(),
                state: State::Applied,
                direction: Direction::Up,
                how: ran.map_or(first.how, |_| How::Ran),
                parents: loaded.migration.parents.clone(),
                position: first.position,
                run: last.run,
                started: first.started.clone(),
                ended: last.ended.clone(),
            });
            rest.sort_by(|one, other| {
                (one.position, &one.name).cmp(&(other.position, &other.name))
            });
            folded.insert(squash, rows);
        }
        records = rest;
    }
    Ok((records, folded))
}

/// Writes one row in the place of many, for each squash all of whose migrations have run: with what
/// takes all of them back, the last first.
pub(super) fn write_down(work: &mut Work<'_, '_>, situation: &Situation<'_>) -> Result<(), Failed> {
    let history = work.history.clone();
    let squashes: Vec<(Record, Folded)> =
        situation.folded().map(|(record, it)| (record.clone(), it.clone())).collect();
    for (record, folded) in squashes {
        let mut undo: Vec<Undo> = Vec::new();
        for row in &folded.rows {
            let plans = history.plans(work.target.connection, row);
            let (_, revert) = plans.map_err(|it| work::database("reading the history", it))?;
            undo.extend(up::read_undo(row, &revert)?);
        }
        let revert = serde_json::to_string(&undo).unwrap_or_default();
        let mut marks = history.forget_migration(&record.name);
        let Some((last, others)) = folded.rows.split_last() else { continue };
        for row in others {
            marks.extend(history.forget_migration(row));
        }
        marks.extend(history.fold_into(last, &record, &revert));
        work.note("noting a squash", &marks)?;
        work.say(Event::Folded { migration: record.name, replaced: folded.rows });
    }
    Ok(())
}

/// Stops where some of what a squash replaces has run and the rest has no file.
pub(super) fn check_files(situation: &Situation<'_>) -> Result<(), Stop> {
    for (squash, replaced) in situation.waiting() {
        let is_missing = |name: &&String| {
            let ran = situation.record(name).is_some_and(|it| it.state == State::Applied);
            let waits = situation.waiting().iter().any(|it| it.0 == **name);
            !ran && !waits && situation.file(name).is_none()
        };
        if let Some(missing) = replaced.iter().find(is_missing) {
            return Err(Stop::OutOfTurn {
                message: format!(
                    "`{squash}` stands in the place of migrations of which some have run here, \
                     and of `{missing}`, which has not and whose file is gone"
                ),
                hint: format!(
                    "check out the last version that has `{missing}` and run `whimbrel up` there"
                ),
            });
        }
    }
    Ok(())
}
