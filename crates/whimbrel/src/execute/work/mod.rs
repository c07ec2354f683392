//! Doing: the one place in the library that changes a database.
//!
//! Marks stand before what they tell of in every transaction, so that of two runs that come to
//! the same migration the second trips over the first one's mark before it has done anything.

mod refusal;
mod sight;
mod steps;
mod unenforced;

use std::time::Duration;

pub(super) use self::{
    refusal::{database, mark_refused, refused, text_of},
    sight::{Found, Sight},
};
use super::{
    Event, Host, Planned, Report, Stop, Target,
    code::Stumble,
    lock::{Fence, Locks},
    passing::Passed,
    seen, trace,
};
use crate::{
    connection::{DatabaseError, Row, Trouble},
    diagnostic::Span,
    dialect::{Ddl, Dialect, Lock},
    history::{Direction, History, How, Record, State, Survey},
    migration::Loaded,
    schema::Name,
};

/// A session at work on one database.
pub(super) struct Work<'w, 't> {
    pub target: &'w mut Target<'t>,
    pub host: &'w mut dyn Host,
    pub history: History,
    /// The run's number; 0 until its row is written.
    pub run: u64,
    /// What the run has done so far.
    pub report: Report,
    /// How things stood before the run changed any, where that is known.
    pub before: Option<seen::Before>,
    /// What the run has passed over, as its migrations said.
    pub passed: Passed,
    /// The tables of which the scripts of this run say what they change.
    pub declared: Vec<Name>,
    /// Whether nothing is to be done, not even noted: this is a plan.
    pub only_looks: bool,
    /// What keeps other runs out.
    pub locks: Locks,
    /// Whether it is known that the database has no triggers.
    pub has_no_triggers: bool,
    /// Where code that failed did so.
    pub stumble: Option<Stumble>,
    owed: Owed,
}

/// Marks that wait for the next commit, and what is told once they are written.
///
/// A step that a look at the database finds again, should nobody live to mark it, need not be
/// marked by a commit of its own: that it is done is noted together with what begins next.
#[derive(Default)]
struct Owed {
    marks: Vec<String>,
    events: Vec<Event>,
}

/// A migration on its way.
#[derive(Clone, Copy)]
pub(super) struct Journey<'j> {
    pub name: &'j str,
    pub direction: Direction,
    pub planned: &'j Planned,
    /// Where its operations are written, where that is known.
    pub places: &'j [Option<Span>],
}

/// Why a piece of work did not get done.
pub(super) enum Failed {
    /// Another run has set the same mark already, as it seems by this: look again.
    Overtaken(DatabaseError),
    /// Tell the user.
    Stop(Box<Stop>),
}

impl From<Stop> for Failed {
    fn from(stop: Stop) -> Self {
        Self::Stop(Box::new(stop))
    }
}

impl Failed {
    /// What to tell where looking again would not help.
    pub(super) fn stop(self) -> Stop {
        match self {
            Self::Overtaken(error) => database("noting what is about to happen", error),
            Self::Stop(stop) => *stop,
        }
    }
}

impl<'w, 't> Work<'w, 't> {
    /// Before anything is done.
    pub(super) fn new(
        target: &'w mut Target<'t>,
        host: &'w mut dyn Host,
        history: History,
    ) -> Self {
        Self {
            target,
            host,
            history,
            run: 0,
            report: Report::default(),
            before: None,
            passed: Passed::default(),
            declared: Vec::new(),
            only_looks: false,
            has_no_triggers: false,
            stumble: None,
            owed: Owed::default(),
            locks: Locks::default(),
        }
    }
}

impl Work<'_, '_> {
    /// Creates whimbrel's own tables, or brings those of an older build up to date.
    pub(super) fn ready_history(&mut self, survey: &Survey) -> Result<(), Stop> {
        self.history = History::new(self.dialect(), survey);
        let doing = match (survey.has_history, self.history.is_older()) {
            (true, false) => return Ok(()),
            (true, true) => "upgrading whimbrel's own tables",
            (false, _) => "creating whimbrel's own tables",
        };
        self.history.create(self.target.connection).map_err(|it| database(doing, it))
    }

    /// Has marks written with the next ones, and before anything else happens to the database.
    pub(super) fn owe(&mut self, marks: impl IntoIterator<Item = String>) {
        self.owed.marks.extend(marks);
    }

    /// Tells what has happened, as soon as it is written down.
    pub(super) fn say(&mut self, event: Event) {
        if self.owed.marks.is_empty() {
            self.heard(event);
        } else {
            self.owed.events.push(event);
        }
    }

    fn heard(&mut self, event: Event) {
        trace::heard(&event, self.dialect());
        if let Event::Finished { migration, .. } = &event {
            self.report.migrations.push(migration.clone());
        }
        self.host.event(event);
    }

    /// The row of a migration that is applied by this run, as the `position`th.
    pub(super) fn record(&self, loaded: &Loaded, how: How, position: u64) -> Record {
        Record {
            name: loaded.name.clone(),
            digest: loaded.digest.clone(),
            meaning: loaded.meaning.clone(),
            state: State::Applied,
            direction: Direction::Up,
            how,
            parents: loaded.migration.parents.clone(),
            position,
            run: self.run,
            started: String::new(),
            ended: None,
        }
    }

    /// Writes the marks that are owed, in one transaction.
    pub(super) fn pay(&mut self) -> Result<(), Failed> {
        let Owed { marks, events } = std::mem::take(&mut self.owed);
        if !marks.is_empty() {
            self.fenced(&marks, Fence::Before).map_err(|it| mark_refused(it.error))?;
        }
        for event in events {
            self.heard(event);
        }
        Ok(())
    }

    pub(super) fn dialect(&self) -> &'static Dialect {
        self.target.dialect
    }

    /// Writes marks by themselves.
    pub(super) fn note(&mut self, doing: &str, marks: &[String]) -> Result<(), Failed> {
        if marks.is_empty() {
            return Ok(());
        }
        let noted = self.fenced(marks, Fence::Before).map(drop);
        noted.map_err(|failed| match failed.error.trouble {
            Trouble::Data => Failed::Overtaken(failed.error),
            _ => database(doing, failed.error).into(),
        })
    }

    pub(super) fn ask(&mut self, doing: &str, sql: &str) -> Result<Vec<Row>, Stop> {
        self.target.connection.query(sql).map_err(|it| database(doing, it))
    }

    pub(super) fn tell(&mut self, doing: &str, sql: &str) -> Result<(), Failed> {
        self.target.connection.execute(sql).map(drop).map_err(|it| database(doing, it).into())
    }

    /// Whether what stopped a run is that another program has locked the file, and there is still
    /// time to wait for it. `since` is when the run began to work.
    ///
    /// Where the lock is the file's own, it is held for a transaction and not for a run, so that
    /// a run meets it at any of its own.
    pub(super) fn may_try_again(&mut self, stop: Stop, since: Duration) -> Result<(), Stop> {
        let is_busy = self.dialect().lock == Lock::File
            && matches!(&stop, Stop::Database { error, .. } if error.trouble == Trouble::LockTimeout);
        if !is_busy || !self.owed.marks.is_empty() {
            return Err(stop);
        }
        self.say_waiting("another program has locked the file", since)?;
        self.host.pause(READERS);
        Ok(())
    }
}

/// How long a run stands back from a file that other programs have locked. A commit that waits for
/// readers keeps new ones out, and these look ten times a second whether they may
/// (`sqliteDefaultBusyCallback` in SQLite's source).
const READERS: Duration = Duration::from_millis(250);

/// Whether the database takes a whole migration back when one of its statements is refused.
pub(super) const fn rolls_back(dialect: &Dialect) -> bool {
    matches!(dialect.ddl, Ddl::Transactional)
}
