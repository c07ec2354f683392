//! Other people's locks: how long to queue for one, whom to name, and standing back.
//!
//! Whoever queues for a lock that keeps others out holds up everybody who comes behind, be it only
//! to read. So a statement queues for a few seconds; then all that its transaction has is given
//! back, those who piled up get through, and it is tried again after a pause. Nothing is ever held
//! during a pause.

use std::{fmt, time::Duration};

use super::{
    Event, Stop,
    plan::Step,
    work::{Failed, Journey, Work, text_of},
};
use crate::{
    connection::{BatchError, Connection, DatabaseError, Row, Trouble},
    dialect::{Dialect, Limit, Session},
    sql::{self, Body, Kind, Transaction},
};

/// How long to wait for locks that other programs hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a statement may queue for a lock that keeps others out; zero for as long as it
    /// takes, and then nothing is tried again.
    pub timeout: Duration,
    /// How long one transaction, or one statement outside of any, is tried again.
    pub wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(5), wait: Duration::from_mins(5) }
    }
}

/// The first pause before another try; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How much of a statement is told of it.
const SHOWN: usize = 70;

/// A session for whose lock another one waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocker {
    /// The session as its server numbers it: "pid 4121", "connection 77".
    pub session: String,
    /// Its role, where it comes from, and what program it says it is.
    pub who: String,
    /// What it is doing: "idle in transaction".
    pub doing: String,
    /// For how long: a transaction's age where that is known, in seconds.
    pub seconds: u64,
    /// Its last statement, on one line, cut, its strings hidden; `None` where the role may not see
    /// it.
    pub statement: Option<String>,
}

impl fmt::Display for Blocker {
    /// "pid 4121 (app from 10.0.0.7, api), idle in transaction for 2 min: SELECT …"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.session)?;
        if !self.who.is_empty() {
            write!(f, " ({})", self.who)?;
        }
        let doing = if self.doing.is_empty() { "there" } else { &self.doing };
        write!(f, ", {doing} for {}", in_words(Duration::from_secs(self.seconds)))?;
        match &self.statement {
            Some(statement) => write!(f, ": {statement}"),
            None => Ok(()),
        }
    }
}

/// How a statement that takes its time is getting on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The migration.
    pub migration: String,
    /// The first of the steps that share its transaction, counted from 1.
    pub first: usize,
    /// The last of them; the same where the step stands alone.
    pub last: usize,
    /// How many steps the migration has.
    pub steps: usize,
    /// For how long it has been running.
    pub running: Duration,
    /// What the server says of it.
    pub sighting: Sighting,
}

/// What a server says of a session that is at work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// What it is at: "create index: building index".
    pub doing: Option<String>,
    /// How much of that is done, in units of the server's.
    pub done: Option<u64>,
    /// How much there is to do.
    pub total: Option<u64>,
    /// For whom it waits.
    pub blockers: Vec<Blocker>,
}

impl fmt::Display for Sighting {
    /// "create index: building index, 45 % (450 of 1000)"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.blockers.first() {
            write!(f, "waits for {first}")?;
            return match self.blockers.len() {
                1 => Ok(()),
                several => write!(f, " (and {} more)", several - 1),
            };
        }
        f.write_str(self.doing.as_deref().unwrap_or_default())?;
        match (self.done, self.total) {
            (Some(done), Some(total)) if total > 0 => {
                write!(f, ", {} % ({done} of {total})", done.min(total) * 100 / total)
            }
            (Some(done), _) => write!(f, ", {done}"),
            _ => Ok(()),
        }
    }
}

/// Looks, in a session of its own, at how another one is getting on. What the role may not see is
/// left out; an error is one of the connection.
pub fn sight(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    session: &Session<'_>,
) -> Result<Sighting, DatabaseError> {
    let mut sighting = Sighting::default();
    let rows = first_answer(connection, (dialect.waiting.blockers)(session))?;
    sighting.blockers = rows.into_iter().map(|it| blocker(dialect, it)).collect();
    let rows = first_answer(connection, (dialect.waiting.progress)(session))?;
    if let Some(row) = rows.into_iter().next() {
        let mut cells = row.into_iter();
        sighting.doing = cells.next().flatten();
        let mut number = || cells.next().flatten().and_then(|it| it.parse().ok());
        (sighting.done, sighting.total) = (number(), number());
    }
    Ok(sighting)
}

/// The rows of the first query that the server answers with any.
fn first_answer(
    connection: &mut dyn Connection,
    queries: Vec<String>,
) -> Result<Vec<Row>, DatabaseError> {
    for query in queries {
        match connection.query(&query) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => return Ok(rows),
            Err(error) if error.trouble == Trouble::ConnectionLost => return Err(error),
            // This server has no such list, or the role may not read it.
            Err(_) => {}
        }
    }
    Ok(Vec::new())
}

fn blocker(dialect: &Dialect, row: Row) -> Blocker {
    let mut cells = row.into_iter();
    let mut cell = || cells.next().flatten();
    Blocker {
        session: match cell() {
            // "System Information Functions" in PostgreSQL's manual.
            Some(session) if session == "pid 0" => "a prepared transaction".to_owned(),
            session => session.unwrap_or_default(),
        },
        who: cell().unwrap_or_default(),
        doing: cell().unwrap_or_default(),
        seconds: cell().and_then(|it| it.parse().ok()).unwrap_or_default(),
        statement: cell()
            .map(|it| sql::shown(dialect, &it, SHOWN))
            .filter(|statement| !statement.is_empty()),
    }
}

/// A stretch of time for people: "12 ms", "1.4 s", "3 min", "2 h".
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 if time.as_millis() == 0 => "<1 ms".to_owned(),
        0 => format!("{} ms", time.as_millis()),
        1..10 => format!("{:.1} s", time.as_secs_f64()).replace(".0 s", " s"),
        10..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60).replace(" 0 min", ""),
    }
}

/// "once", "twice", "3 times".
pub fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// How often something has been tried, and since when.
#[derive(Default)]
pub(super) struct Tries {
    count: u32,
    since: Option<Duration>,
}

impl Work<'_, '_> {
    /// Stops where somebody asked for it, or where it is too late to begin anything more.
    pub(super) fn may_go_on(&self, migration: Option<&str>) -> Result<(), Stop> {
        let migration = migration.map(str::to_owned);
        if self.host.interrupted() {
            return Err(Stop::Interrupted { migration });
        }
        if self.host.too_late() {
            return Err(Stop::TooLate { migration });
        }
        Ok(())
    }

    /// What a transaction begins with that makes these steps, so that it never queues for longer
    /// than it should; nothing where a script says itself how long.
    pub(super) fn limit<'s>(&self, steps: impl IntoIterator<Item = &'s Step>) -> Option<String> {
        let Limit::Transaction { local, .. } = self.dialect().waiting.limit else { return None };
        let mut queues = false;
        for step in steps {
            if self.sets_limit(step) {
                return None;
            }
            queues |= sql::takes_strong_lock(self.dialect(), &step.statement);
        }
        (queues && !self.target.patience.timeout.is_zero())
            .then(|| local(self.target.patience.timeout))
    }

    /// Whether a step is a script's own word on how long it waits for locks.
    fn sets_limit(&self, step: &Step) -> bool {
        step.statement.kind == Kind::Session && {
            let text = text_of(&step.statement).to_ascii_lowercase();
            self.dialect().waiting.settings.iter().any(|it| text.contains(it))
        }
    }

    /// Says to the session how long it may queue, where that is said once for all.
    pub(super) fn limit_session(&mut self) -> Result<(), Failed> {
        match self.dialect().waiting.limit {
            Limit::Session(limit) if !self.target.patience.timeout.is_zero() => {
                let limit = limit(self.target.patience.timeout);
                self.tell("saying how long to wait for locks", &limit)
            }
            Limit::Session(_) | Limit::Transaction { .. } | Limit::Client => Ok(()),
        }
    }

    /// Runs a statement that shares no transaction with its marks.
    pub(super) fn run_alone(
        &mut self,
        journey: Journey<'_>,
        position: usize,
        text: &str,
    ) -> Result<(), DatabaseError> {
        let statement = &journey.planned.steps[position].statement;
        let timeout = self.target.patience.timeout;
        let said = journey.planned.steps[..=position].iter().any(|it| self.sets_limit(it));
        let queues =
            !said && !timeout.is_zero() && sql::takes_strong_lock(self.dialect(), statement);
        let connection = &mut *self.target.connection;
        match self.target.dialect.waiting.limit {
            Limit::Transaction { local, .. }
                if queues
                    && statement.kind == Kind::Schema
                    && statement.transaction == Transaction::Allowed =>
            {
                // By itself it is a transaction anyway.
                let both = [local(timeout), text.to_owned()];
                connection.transaction(&both).map_err(|BatchError { error, .. }| error)
            }
            Limit::Transaction { session, restore, .. } if queues => {
                let was = connection.query(&session(timeout))?;
                let result = connection.execute(text).map(drop);
                let was = was.into_iter().flatten().next().flatten().unwrap_or_default();
                let restored = connection.query(&restore(self.target.dialect, &was));
                result.and(restored.map(drop))
            }
            _ => connection.execute(text).map(drop),
        }
    }

    /// Whether what stopped a try may be gone at the next one: somebody else's lock, or two that
    /// waited for each other.
    pub(super) fn may_pass(&self, error: &DatabaseError) -> bool {
        matches!(error.trouble, Trouble::LockTimeout | Trouble::Deadlock)
            && !matches!(self.dialect().waiting.limit, Limit::Client)
            && !self.target.patience.timeout.is_zero()
    }

    /// Tells who is in the way of a step, and pauses; stops where there is no time left. Nothing
    /// is open: what was tried has been rolled back.
    pub(super) fn stand_back(
        &mut self,
        tries: &mut Tries,
        journey: Journey<'_>,
        position: usize,
        kept: usize,
        error: DatabaseError,
    ) -> Result<(), Failed> {
        let now = self.host.elapsed();
        // The first try has lasted for as long as it was to queue.
        let timeout = self.target.patience.timeout;
        let since = *tries.since.get_or_insert(now.saturating_sub(timeout));
        let waited = now.saturating_sub(since);
        let pause = FIRST_PAUSE.saturating_mul(1 << tries.count.min(16)).min(LONGEST_PAUSE);
        tries.count += 1;
        let by = self.blockers(journey, position);
        let (migration, steps) = (journey.name.to_owned(), journey.planned.steps.len());
        self.may_go_on(Some(journey.name).filter(|_| kept > 0))?;
        if waited + pause > self.target.patience.wait {
            return Err(Stop::Blocked {
                migration,
                step: position + 1,
                steps,
                kept,
                statement: self.in_short(journey, position),
                by,
                tries: tries.count,
                waited,
                error,
            }
            .into());
        }
        let tries = tries.count;
        self.say(Event::Blocked { migration, step: position + 1, steps, by, tries, pause });
        self.host.pause(pause);
        Ok(self.may_go_on(Some(journey.name).filter(|_| kept > 0))?)
    }

    /// Who holds what a step needs: by the word of whoever watched, or else by what the server
    /// says of its tables now.
    fn blockers(&mut self, journey: Journey<'_>, position: usize) -> Vec<Blocker> {
        let seen = self.host.blockers();
        if !seen.is_empty() {
            return seen;
        }
        let dialect = self.dialect();
        let tables = sql::tables_named(dialect, &journey.planned.steps[position].statement);
        let queries = (dialect.waiting.holders)(dialect, &tables);
        // Whom to name is worth a question, and no error.
        let rows = first_answer(self.target.connection, queries).unwrap_or_default();
        rows.into_iter().map(|it| blocker(dialect, it)).collect()
    }

    /// Tells of steps that are done, each with the time that the client took it to take.
    pub(super) fn steps_finished(
        &mut self,
        journey: Journey<'_>,
        positions: impl Iterator<Item = usize>,
        mut took: impl Iterator<Item = Duration>,
    ) {
        for position in positions {
            let took = took.next();
            self.say(Event::StepFinished {
                migration: journey.name.to_owned(),
                direction: journey.direction,
                step: position + 1,
                steps: journey.planned.steps.len(),
                statement: self.in_short(journey, position),
                took,
            });
        }
    }

    /// A step in a few words: its text, or what it comes to where that is only written down when
    /// the table has been looked at.
    fn in_short(&self, journey: Journey<'_>, position: usize) -> String {
        let step = &journey.planned.steps[position];
        match &step.statement.body {
            Body::Text(text) => sql::shown(self.dialect(), text, SHOWN),
            Body::Batches(change) => {
                sql::shown(self.dialect(), &change.at_once(self.dialect()), SHOWN)
            }
            Body::Code(code) => format!("the code `{}`", code.title),
            Body::Live(change) => {
                let words = Some(journey.planned.operation(position)).filter(|it| !it.is_empty());
                words.unwrap_or_else(|| format!("Change table `{}`", change.table))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = |millis| in_words(Duration::from_millis(millis));
        let words = [3, 1400, 2000, 59_000, 200_000, 7_200_000, 9_000_000].map(said);
        assert_eq!(words, ["3 ms", "1.4 s", "2 s", "59 s", "3 min", "2 h", "2 h 30 min"]);
    }

    #[test]
    fn a_blocker_and_a_progress_are_said_in_a_line() {
        let blocker = Blocker {
            session: "pid 7".to_owned(),
            who: "app from 10.0.0.7, api".to_owned(),
            doing: "idle in transaction".to_owned(),
            seconds: 125,
            statement: Some("SELECT 1".to_owned()),
        };
        let line = "pid 7 (app from 10.0.0.7, api), idle in transaction for 2 min: SELECT 1";
        assert_eq!(blocker.to_string(), line);
        let mut sighting = Sighting {
            doing: Some("create index: building index".to_owned()),
            done: Some(45),
            total: Some(200),
            blockers: Vec::new(),
        };
        assert_eq!(sighting.to_string(), "create index: building index, 22 % (45 of 200)");
        sighting.blockers = vec![blocker.clone(), blocker];
        assert_eq!(sighting.to_string(), format!("waits for {line} (and 1 more)"));
    }
}
