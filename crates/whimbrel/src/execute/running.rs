//! A step of an earlier run that the server is still at: the client died, its `ALTER` lives on.
//!
//! Before anything is decided about a step that was begun, the session that began it is looked
//! up. As long as it works, the catalog shows the step as not done, and a second try would get
//! in its way.

use std::time::Duration;

use super::{
    Event, Stop, trace,
    work::{self, Failed, Journey, Work},
};
use crate::{
    connection::{DatabaseError, Row, Trouble},
    history::{Direction, State, StepRecord},
};

/// How often is looked whether it has ended.
const PACE: Duration = Duration::from_millis(200);

/// How long a session is given to stop what it runs before it is ended itself.
const GRACE: Duration = Duration::from_secs(5);

/// A session that is at work on a step.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Running {
    /// What the server calls it: "pid 4121".
    session: String,
    /// For how long it has been at its statement, where the server says it.
    since: Option<Duration>,
}

/// Which step, for messages.
struct Place<'a> {
    migration: &'a str,
    direction: Direction,
    begun: &'a StepRecord,
}

/// How far stopping it has come.
#[derive(Default)]
pub(super) struct Stopping {
    told: bool,
    asked: Option<Duration>,
    ended: bool,
}

impl Work<'_, '_> {
    /// Comes back when no session is at work on a step that was begun: waits for it, or stops it
    /// if that is wanted.
    pub(super) fn wait_until_ended(
        &mut self,
        journey: Journey<'_>,
        begun: &StepRecord,
    ) -> Result<(), Failed> {
        let place = Place { migration: journey.name, direction: journey.direction, begun };
        let start = self.host.elapsed();
        let mut stopping = Stopping::default();
        while let Some(running) = self.still_running(&place)? {
            if self.host.interrupted() {
                let migration = Some(journey.name.to_owned());
                return Err(Stop::Interrupted { migration }.into());
            }
            let waited = self.host.elapsed().saturating_sub(start);
            let patience = if self.target.cancel_running { GRACE * 2 } else { Duration::ZERO };
            if waited >= self.target.wait.max(patience) {
                return Err(still_running(&place, &running).into());
            }
            self.stop_or_tell(&place, &running, &mut stopping)?;
            self.host.pause(PACE);
        }
        Ok(())
    }

    /// While somebody else holds the lock: tells which step that session is at, if it is at one,
    /// and stops it if that is wanted.
    pub(super) fn look_behind_the_lock(&mut self, stopping: &mut Stopping) -> Result<(), Stop> {
        if stopping.told && !self.target.cancel_running {
            return Ok(());
        }
        // What another run is at may be anything, creating the history included.
        let history = self.history.clone();
        let Ok(records) = history.records(self.target.connection) else { return Ok(()) };
        let Some(record) = records.iter().find(|it| it.state == State::Running) else {
            return Ok(());
        };
        let steps = history.steps(self.target.connection, &record.name, record.direction);
        let steps = steps.map_err(|it| work::database("reading the history", it))?;
        let Some(begun) = steps.iter().find(|it| !it.done) else { return Ok(()) };
        let place = Place { migration: &record.name, direction: record.direction, begun };
        match self.still_running(&place)? {
            Some(running) => self.stop_or_tell(&place, &running, stopping),
            None => Ok(()),
        }
    }

    fn still_running(&mut self, place: &Place<'_>) -> Result<Option<Running>, Stop> {
        let dialect = self.dialect();
        let own = &self.target.connection.server().session;
        let theirs = &place.begun.session;
        if own == theirs || !dialect.is_of_one_server(own, theirs) {
            return Ok(None);
        }
        let Some(query) = (dialect.sessions.running)(dialect, theirs) else { return Ok(None) };
        let rows = self.ask("looking whether a step is still running", &query)?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        if self.is_of_an_earlier_life(place)? {
            return Ok(None);
        }
        let mut cells = row.into_iter();
        let session = cells.next().flatten().unwrap_or_else(|| "a session".to_owned());
        let seconds = cells.next().flatten().and_then(|it| it.parse().ok());
        Ok(Some(Running { session, since: seconds.map(Duration::from_secs) }))
    }

    /// Whether the server has started again since the step was begun, so that the number of its
    /// session is somebody else's now.
    fn is_of_an_earlier_life(&mut self, place: &Place<'_>) -> Result<bool, Stop> {
        let Some(uptime) = self.dialect().sessions.uptime else { return Ok(false) };
        let number =
            |rows: Vec<Row>| -> Option<u64> { rows.into_iter().next()?.pop()??.parse().ok() };
        let up = number(self.ask("asking for how long the server has been up", uptime)?);
        let (name, position) = (place.migration, place.begun.position);
        let age = self.history.step_age(name, place.direction, position);
        let age = number(self.ask("reading the history", &age)?);
        // Both are cut to whole seconds.
        Ok(matches!((up, age), (Some(up), Some(age)) if age > up + 1))
    }

    fn stop_or_tell(
        &mut self,
        place: &Place<'_>,
        running: &Running,
        stopping: &mut Stopping,
    ) -> Result<(), Stop> {
        let cancels = self.target.cancel_running;
        if !stopping.told {
            stopping.told = true;
            let event = Event::StillRunning {
                migration: place.migration.to_owned(),
                step: place.begun.position + 1,
                session: running.session.clone(),
                since: running.since,
                statement: place.begun.statement.clone(),
                cancels,
            };
            trace::heard(&event, self.dialect());
            self.host.event(event);
        }
        if !cancels {
            return Ok(());
        }
        let now = self.host.elapsed();
        match stopping.asked {
            None => {
                stopping.asked = Some(now);
                self.stop_session(place, false)
            }
            Some(asked) if !stopping.ended && now.saturating_sub(asked) >= GRACE => {
                stopping.ended = true;
                self.stop_session(place, true)
            }
            Some(_) => Ok(()),
        }
    }

    /// Stops what the session runs, or ends the session itself.
    fn stop_session(&mut self, place: &Place<'_>, whole: bool) -> Result<(), Stop> {
        let dialect = self.dialect();
        let sessions = &dialect.sessions;
        let sql = if whole { sessions.end } else { sessions.cancel };
        let Some(sql) = sql(dialect, &place.begun.session) else { return Ok(()) };
        match self.target.connection.query(&sql) {
            Ok(_) => Ok(()),
            // It is gone by now, as the next look will show.
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(work::database("stopping a step that is still running", error)),
        }
    }
}

/// Whether the server knows no such session: MySQL's error 1094, `ER_NO_SUCH_THREAD`.
fn is_gone(error: &DatabaseError) -> bool {
    error.trouble == Trouble::Statement && error.code.as_deref() == Some("1094")
}

fn still_running(place: &Place<'_>, running: &Running) -> Stop {
    Stop::StillRunning {
        migration: place.migration.to_owned(),
        step: place.begun.position + 1,
        statement: place.begun.statement.clone(),
        session: running.session.clone(),
        since: running.since,
    }
}

/// "12 min", "40 s", "3 h".
pub(super) fn spelled(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// "pid 4121, 12 min": a session and for how long it has been at it.
pub fn at_work(session: &str, since: Option<Duration>) -> String {
    match since {
        Some(since) => format!("{session}, {}", spelled(since)),
        None => session.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_words_that_are_read_at_a_glance() {
        let words = |seconds| at_work("pid 4121", Some(Duration::from_secs(seconds)));
        assert_eq!(words(0), "pid 4121, 0 s");
        assert_eq!(words(119), "pid 4121, 119 s");
        assert_eq!(words(720), "pid 4121, 12 min");
        assert_eq!(words(7_500), "pid 4121, 2 h 5 min");
        assert_eq!(at_work("pid 1", None), "pid 1");
    }
}
