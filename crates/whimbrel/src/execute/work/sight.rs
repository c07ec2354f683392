//! Looking at the catalog: before a step begins, and again where nobody lived to say how it ended.

use std::collections::BTreeMap;

use super::{Failed, Journey, Work, refusal::database};
use crate::{
    connection::Row,
    dialect::{After, Look},
    execute::{Event, Stop},
    history::StepRecord,
    sql::{Body, Kind, Statement},
};

/// What the catalog says of objects, by their names in words.
pub(in crate::execute) type Sight = BTreeMap<String, Vec<Row>>;

/// What a statement that was begun, and of which no one knows more, turns out to be.
pub(in crate::execute) enum Found {
    /// It has had its effect.
    Done,
    /// It has not; it is to run.
    Undone,
}

impl Work<'_, '_> {
    /// Finds out which steps of a migration that an earlier run left half way are done, settles
    /// the one that was only begun, and returns where to go on.
    pub(in crate::execute) fn settle(&mut self, journey: Journey<'_>) -> Result<usize, Failed> {
        let history = self.history.clone();
        let connection = &mut *self.target.connection;
        let records = history
            .steps(connection, journey.name, journey.direction)
            .map_err(|it| database("reading the history", it))?;
        let done = records.iter().filter(|it| it.done).count();
        let Some(begun) = records.iter().find(|it| !it.done) else { return Ok(done) };
        let position = begun.position;
        self.wait_until_ended(journey, begun)?;
        let step = journey.planned.steps.get(position);
        if step.is_some_and(|it| matches!(it.statement.body, Body::Batches(_))) {
            // Its mark says how far it came.
            return Ok(done);
        }
        match self.find(journey, begun)? {
            Found::Done => {
                let mark = self.history.step_done(journey.name, journey.direction, position);
                self.note("noting that a step is done", &[mark])?;
                self.say(Event::FoundDone {
                    migration: journey.name.to_owned(),
                    step: position + 1,
                });
                Ok(done + 1)
            }
            Found::Undone => {
                let mark = self.history.step_undone(journey.name, journey.direction, position);
                self.note("noting that a step is not done", &[mark])?;
                Ok(done)
            }
        }
    }

    /// Looks at the database to tell whether a step that was begun has had its effect.
    pub(in crate::execute) fn find(
        &mut self,
        journey: Journey<'_>,
        begun: &StepRecord,
    ) -> Result<Found, Failed> {
        let Some(step) = journey.planned.steps.get(begun.position) else {
            return Ok(Found::Undone);
        };
        let statement = &step.statement;
        let asks = Stop::Undecidable {
            migration: journey.name.to_owned(),
            step: begun.position + 1,
            statement: begun.statement.clone(),
        };
        if let Some(question) = &statement.done_when {
            let rows = self.ask("asking whether a step is done", question)?;
            let answer = rows.first().and_then(|it| it.first().cloned()).flatten();
            let yes = answer.is_some_and(|it| !matches!(it.as_str(), "" | "0" | "f" | "false"));
            return Ok(if yes { Found::Done } else { Found::Undone });
        }
        let before: Sight = serde_json::from_str(&begun.observed).unwrap_or_default();
        match statement.kind {
            Kind::Repeatable => {
                let now = self.look(&statement.looks)?;
                self.cure(journey, &statement.looks, &before, &now)?;
                return Ok(Found::Undone);
            }
            Kind::Nothing | Kind::Session => return Ok(Found::Undone),
            _ if statement.looks.is_empty() => return Err(asks.into()),
            _ => {}
        }
        let mut now = self.look(&statement.looks)?;
        if before != now && self.cure(journey, &statement.looks, &before, &now)? {
            now = self.look(&statement.looks)?;
        }
        if before == now {
            return Ok(Found::Undone);
        }
        for look in &statement.looks {
            let key = sight_key(look);
            let (was, is) = (before.get(&key), now.get(&key));
            if !is.is_some_and(|rows| self.dialect().landed(&look.after, rows)) {
                return Err(Stop::Neither {
                    migration: journey.name.to_owned(),
                    step: begun.position + 1,
                    statement: begun.statement.clone(),
                    object: look.object.to_string(),
                    before: words(was),
                    now: words(is),
                }
                .into());
            }
        }
        Ok(Found::Done)
    }

    /// Puts away or finishes what a statement left that can be left half done: the unusable index
    /// of a concurrent build that died, a partition that is neither in nor out. Returns whether
    /// there was something to do.
    pub(in crate::execute) fn cure(
        &mut self,
        journey: Journey<'_>,
        looks: &[Look],
        before: &Sight,
        now: &Sight,
    ) -> Result<bool, Failed> {
        let mut found = false;
        for look in looks {
            let rows = |it: &Sight| it.get(&sight_key(look)).cloned().unwrap_or_default();
            for cure in self.dialect().cures(look, &rows(before), &rows(now)) {
                self.still_locked()?;
                self.tell("putting away what a dead run left", &cure)?;
                self.say(Event::Cured { migration: journey.name.to_owned(), what: cure });
                found = true;
            }
        }
        Ok(found)
    }

    /// What the catalog says before a step begins. What stands in the way of what it makes and
    /// can't be used, such as the index of a concurrent build that died, is put away first:
    /// `IF NOT EXISTS` would take it for the real one.
    pub(super) fn observe(
        &mut self,
        journey: Journey<'_>,
        statement: &Statement,
    ) -> Result<Sight, Failed> {
        let observed = self.look(&statement.looks)?;
        let made: Vec<Look> =
            statement.looks.iter().filter(|it| it.after == After::Present).cloned().collect();
        if self.cure(journey, &made, &Sight::new(), &observed)? {
            return Ok(self.look(&statement.looks)?);
        }
        Ok(observed)
    }

    /// What the catalog says of the objects that a statement changes.
    pub(in crate::execute) fn look(&mut self, looks: &[Look]) -> Result<Sight, Stop> {
        let mut sight = Sight::new();
        for look in looks {
            let query = self.dialect().look_query(&look.object);
            let rows = self.ask("looking at the catalog", &query)?;
            sight.insert(sight_key(look), rows);
        }
        Ok(sight)
    }
}

fn sight_key(look: &Look) -> String {
    look.object.to_string()
}

fn words(rows: Option<&Vec<Row>>) -> String {
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return "not there".to_owned();
    }
    let texts: Vec<String> = rows
        .iter()
        .map(|row| {
            row.iter().map(|it| it.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join(" ")
        })
        .collect();
    texts.join("; ")
}
