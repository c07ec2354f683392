//! A step that changes rows in batches: each batch shares a transaction with the mark of how far it
//! came, so that whoever is stopped goes on with the next one, and no row is changed twice.

use serde::{Deserialize, Serialize};

use super::{
    Event, Stop,
    lock::Fence,
    patience::Tries,
    trace,
    work::{self, Failed, Journey, Work},
};
use crate::{
    connection::{DatabaseError, Trouble},
    history::StepRecord,
    sql::{Batches, Body},
};

/// How far a step has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    /// The key of the last row of the last batch.
    #[serde(default)]
    cursor: Option<Vec<String>>,
    /// How many rows were gone through.
    #[serde(default)]
    rows: u64,
}

impl Work<'_, '_> {
    /// Runs a step that goes in batches, from where it stopped.
    pub(super) fn in_batches(
        &mut self,
        journey: Journey<'_>,
        position: usize,
    ) -> Result<(), Failed> {
        let step = &journey.planned.steps[position];
        let Body::Batches(batches) = &step.statement.body else { return Ok(()) };
        self.pay()?;
        self.nobody_speaks(journey, position..position + 1)?;
        if !self.uncovered(&journey.planned.steps, position..position + 1)?.is_empty() {
            let error = DatabaseError::new(
                Trouble::Other,
                format!(
                    "no transaction covers the rows of `{}`, so a batch could not be told from \
                     one that was stopped; write the change as `run_sql`",
                    batches.table
                ),
            );
            return Err(work::refused(journey, position, position, error).into());
        }
        let _span = trace::step(journey, position, &step.statement, self.dialect()).entered();
        let dialect = self.dialect();
        let statement = batches.in_words(dialect);
        self.say(Event::StepStarted {
            migration: journey.name.to_owned(),
            step: position + 1,
            steps: journey.planned.steps.len(),
            statement: statement.clone(),
        });
        let record = StepRecord {
            position,
            done: false,
            observed: String::new(),
            statement,
            session: self.target.connection.server().session.clone(),
        };
        let start = self.host.elapsed();
        let mut was = self.how_far(journey, position)?;
        let mut progress = match &was {
            Some(text) => read(text)?,
            None => Progress::default(),
        };
        let mut tries = Tries::default();
        loop {
            self.may_go_on(Some(journey.name))?;
            let keys = batches.next(dialect, progress.cursor.as_deref());
            let mut keys = self.ask("looking for the next batch", &keys)?;
            let found = keys.len() as u64;
            let Some(last) = keys.pop() else { break };
            let last = Batches::key(last).ok_or_else(|| {
                let message = "a row has no value in the key by which batches go".to_owned();
                let error = DatabaseError::new(Trouble::Data, message);
                work::refused(journey, position, position, error)
            })?;
            let next = Progress { cursor: Some(last.clone()), rows: progress.rows + found };
            let text = serde_json::to_string(&next).unwrap_or_default();
            let mut statements = self.history.advance_step(
                journey.name,
                journey.direction,
                &record,
                was.as_deref(),
                &text,
            );
            let marks = statements.len();
            statements.push(batches.one(dialect, progress.cursor.as_deref(), &last));
            match self.fenced(&statements, Fence::Within) {
                Ok(_) => {}
                Err(failed) if self.may_pass(&failed.error) => {
                    self.stand_back(&mut tries, journey, position, position, failed.error)?;
                    continue;
                }
                Err(failed) if failed.position < marks => {
                    return Err(work::mark_refused(failed.error));
                }
                Err(failed) if failed.position > marks => {
                    return Err(work::database("committing a batch", failed.error).into());
                }
                Err(failed) => {
                    return Err(work::refused(journey, position, position, failed.error).into());
                }
            }
            tries = Tries::default();
            (progress, was) = (next, Some(text));
            self.say(Event::BatchFinished {
                migration: journey.name.to_owned(),
                step: position + 1,
                steps: journey.planned.steps.len(),
                table: batches.table.to_string(),
                rows: progress.rows,
            });
        }
        let done = StepRecord { done: true, ..record };
        let (name, direction) = (journey.name, journey.direction);
        let mark = match was {
            Some(_) => self.history.step_done(name, direction, position),
            None => self.history.insert_step(name, direction, &done),
        };
        self.note("noting that a step is done", &[mark])?;
        let took = self.host.elapsed().saturating_sub(start);
        self.steps_finished(journey, std::iter::once(position), std::iter::once(took));
        Ok(())
    }

    /// How far an earlier run has come with this very step.
    fn how_far(&mut self, journey: Journey<'_>, position: usize) -> Result<Option<String>, Stop> {
        let query = self.history.step_progress(journey.name, journey.direction, position);
        let rows = self.ask("reading the history", &query)?;
        let mut cells = rows.into_iter().next().unwrap_or_default().into_iter();
        Ok(cells.next().flatten())
    }

    /// Whether some batches of a step are done.
    pub(super) fn has_batches(
        &mut self,
        journey: Journey<'_>,
        position: usize,
    ) -> Result<bool, Stop> {
        let step = journey.planned.steps.get(position);
        if !step.is_some_and(|it| matches!(it.statement.body, Body::Batches(_))) {
            return Ok(false);
        }
        Ok(self.how_far(journey, position)?.is_some())
    }
}

fn read(text: &str) -> Result<Progress, Stop> {
    serde_json::from_str(text).map_err(|error| Stop::Refused {
        message: format!("how far a step has come can't be read: {error}"),
        hint: "a newer whimbrel has written it; finish the migration with that version".to_owned(),
    })
}
