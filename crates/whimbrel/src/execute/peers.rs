//! Statements that wait for other sessions, which wait for us.
//!
//! `CREATE INDEX CONCURRENTLY` waits for every snapshot that is older than it. A session that waits
//! for this run's lock by a call that blocks, as no run of whimbrel does, has such a snapshot; so
//! each waits for the other until the server breaks one of them off.

use std::time::Duration;

use super::{
    Event,
    work::{self, Failed, Journey, Sight, Work},
};
use crate::{
    connection::{DatabaseError, Trouble},
    sql::Transaction,
};

/// How often a statement is tried again that was broken off.
const TRIES: usize = 5;

impl Work<'_, '_> {
    /// Runs one text of a step that stands outside of a transaction. Where it is broken off
    /// because somebody waits for us, puts away what it left, lets them go first and runs it
    /// again.
    pub(super) fn run_beside_peers(
        &mut self,
        journey: Journey<'_>,
        position: usize,
        text: &str,
    ) -> Result<(), Refusal> {
        let statement = &journey.planned.steps[position].statement;
        for again in 1..=TRIES {
            let Err(error) = self.run_alone(journey, position, text) else { return Ok(()) };
            let is_broken_off = error.trouble == Trouble::Deadlock
                && statement.transaction == Transaction::Forbidden
                && again < TRIES
                && !self.host.interrupted();
            if !is_broken_off {
                return Err(Refusal::Refused(error));
            }
            let peer = self.peer();
            self.put_away(journey, position).map_err(Refusal::Failed)?;
            match peer {
                Some(peer) => {
                    let migration = journey.name.to_owned();
                    self.say(Event::GaveWay { migration, step: position + 1, peer });
                    self.give_way().map_err(|it| Refusal::Failed(it.into()))?;
                    self.still_ours(journey, position).map_err(Refusal::Failed)?;
                }
                // Two that are after the same objects; the other one has gone on by now.
                None => self.host.pause(Duration::from_millis(200)),
            }
        }
        Ok(())
    }

    /// Puts away what a statement left that was broken off.
    fn put_away(&mut self, journey: Journey<'_>, position: usize) -> Result<(), Failed> {
        let before = self.still_ours(journey, position)?;
        let looks = &journey.planned.steps[position].statement.looks;
        let now = self.look(looks)?;
        self.cure(journey, looks, &before, &now).map(drop)
    }

    /// What stood there before the step, as it was noted; it may be gone on with by another run
    /// after the lock was another's.
    fn still_ours(&mut self, journey: Journey<'_>, position: usize) -> Result<Sight, Failed> {
        let history = self.history.clone();
        let steps = history.steps(self.target.connection, journey.name, journey.direction);
        let steps = steps.map_err(|it| work::database("reading the history", it))?;
        if let Some(step) = steps.iter().find(|it| it.position == position && !it.done) {
            return Ok(serde_json::from_str(&step.observed).unwrap_or_default());
        }
        let message = format!("`{}` was gone on with by another run", journey.name);
        Err(Failed::Overtaken(DatabaseError::new(Trouble::Data, message)))
    }
}

/// Why a text did not run.
pub(super) enum Refusal {
    /// The database refused it.
    Refused(DatabaseError),
    /// What was done about that failed.
    Failed(Failed),
}
