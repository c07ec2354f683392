//! The lock of a run: waited for in words, looked after in each transaction, given back.

use std::time::Duration;

use super::{
    Event, Locking, Planned, Stop,
    running::Stopping,
    trace,
    work::{self, Work},
};
use crate::{
    connection::{BatchError, DatabaseError, Trouble},
    dialect::Lock,
    history::{self, Held, History, Holder, LONG, Lease, SHORT},
    sql::{Body, Kind, Statement, Transaction},
};

/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// What a run holds.
#[derive(Default)]
pub(super) struct Locks {
    key: i64,
    session: Option<Held>,
    lease: Option<Lease>,
    /// That it has gone to somebody else; nothing is written from then on.
    lost: Option<DatabaseError>,
    waiting: Waiting,
}

/// A run that waits for another one.
#[derive(Default)]
struct Waiting {
    /// Who was told last.
    holder: String,
    /// When it is to be told again.
    next: Duration,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// It does the work itself.
    Within,
    /// It notes something; what comes next may stand outside of a transaction.
    Before,
}

impl Work<'_, '_> {
    /// Waits for the lock, and tells who has it.
    pub(super) fn lock(&mut self) -> Result<(), Stop> {
        let _span = trace::lock().entered();
        let server = self.target.connection.server();
        self.locks.key = history::key_of(&server.database, &self.history);
        let start = self.host.elapsed();
        let mut stopping = Stopping::default();
        while let Some(holder) = self.try_to_lock()? {
            self.say_waiting(&holder.description, start)?;
            self.look_behind_the_lock(&mut stopping)?;
            self.host.pause(PAUSE);
        }
        Ok(())
    }

    /// Takes what keeps other runs out, or nothing of it and says who has it.
    fn try_to_lock(&mut self) -> Result<Option<Holder>, Stop> {
        const DOING: &str = "taking the lock";
        let (dialect, key) = (self.dialect(), self.locks.key);
        let server = self.target.connection.server();
        let leases = dialect.lock != Lock::File
            && (self.target.locking == Locking::Lease || server.shared || server.several);
        let session = if server.shared {
            None
        } else {
            let attempt = history::try_lock(self.target.connection, dialect, key);
            match attempt.map_err(|it| work::database(DOING, it))? {
                Ok(held) => Some(held),
                Err(holder) => return Ok(Some(holder)),
            }
        };
        let holder = if leases {
            self.try_to_lease(session.as_ref())
        } else {
            self.leaseholder().map_err(|it| work::database(DOING, it))
        };
        self.locks.session = session;
        if !matches!(holder, Ok(None)) {
            self.unlock();
        }
        holder
    }

    /// A run that came through a pooler and so holds no lock of a session, only a lease.
    fn leaseholder(&mut self) -> Result<Option<Holder>, DatabaseError> {
        let dialect = self.dialect();
        if dialect.lock == Lock::File {
            return Ok(None);
        }
        if self.history.has("state", "expires") {
            let history = self.history.clone();
            return history.leaseholder(self.target.connection);
        }
        // Somebody may have made a place for a lease since this run looked around.
        let survey = history::survey(self.target.connection, dialect)?;
        History::new(dialect, &survey).leaseholder(self.target.connection)
    }

    fn try_to_lease(&mut self, session: Option<&Held>) -> Result<Option<Holder>, Stop> {
        if !self.history.has("state", "expires") {
            // The row needs its table; creating it is safe beside another run that does it.
            let (survey, _) = super::up::arrive(self.target)?;
            self.ready_history(&survey)?;
        }
        let circumstances = &self.target.circumstances;
        let mut who = format!("whimbrel {}", circumstances.command);
        for (word, name) in [(" on ", &circumstances.host), (" by ", &circumstances.actor)] {
            if !name.is_empty() {
                who.push_str(word);
                who.push_str(name);
            }
        }
        let (history, key) = (self.history.clone(), self.locks.key);
        let attempt = history.try_lease(self.target.connection, &who, session, key);
        match attempt.map_err(|it| work::database("taking the lease", it))? {
            Ok(lease) => {
                self.locks.lease = Some(lease);
                Ok(None)
            }
            Err(holder) => Ok(Some(holder)),
        }
    }

    /// Says for whom the run waits; stops where there is no time left to wait.
    pub(super) fn say_waiting(&mut self, holder: &str, start: Duration) -> Result<(), Stop> {
        self.may_go_on(None)?;
        let (waited, limit) = (self.host.elapsed().saturating_sub(start), self.target.wait);
        if waited >= limit {
            return Err(Stop::Locked { holder: holder.to_owned(), waited });
        }
        let is_new = without_time(&self.locks.waiting.holder) != without_time(holder);
        if is_new || waited >= self.locks.waiting.next {
            // Sooner at first: after 5 s, 10 s, 20 s, 40 s, and then every minute.
            let later = waited.clamp(Duration::from_secs(5), Duration::from_mins(1));
            self.locks.waiting = Waiting { holder: holder.to_owned(), next: waited + later };
            self.say(Event::Waiting { holder: holder.to_owned(), waited, limit });
        }
        Ok(())
    }

    /// Notes how the run ended and gives the lock back.
    pub(super) fn leave<T>(&mut self, result: Result<T, Stop>) -> Result<T, Stop> {
        let result = result.map_err(Stop::or_lock_lost);
        super::up::close(self, &result);
        self.unlock();
        result
    }

    /// Gives the lock back. The work's own result is the one to tell: a lock that can't be given
    /// back ends with the session, and a lease by itself.
    fn unlock(&mut self) {
        let connection = &mut *self.target.connection;
        if connection.in_transaction() {
            return;
        }
        if let Some(lease) = self.locks.lease.take() {
            let _ = connection.execute(&self.history.release_lease(&lease));
        }
        if let Some(held) = self.locks.session.take() {
            let _ = history::release(connection, self.target.dialect, self.locks.key, held);
        }
    }

    /// Lets go of a session's lock for a moment, for a session that waits for it.
    pub(super) fn give_way(&mut self) -> Result<(), Stop> {
        self.unlock();
        self.host.pause(PAUSE);
        self.lock()
    }

    /// A session that waits for this run's lock inside the database.
    pub(super) fn peer(&mut self) -> Option<String> {
        self.locks.session.as_ref()?;
        let (dialect, key) = (self.dialect(), self.locks.key);
        let waiter = history::waiter(self.target.connection, dialect, key).ok().flatten();
        waiter.map(|it| it.description)
    }

    /// Runs statements in a transaction that does nothing unless the lock is still this run's.
    /// Where a migration's own SQL has given it up and nobody else has taken it, it is taken
    /// again. Returns how long each statement took, as far as that is known.
    pub(super) fn fenced(
        &mut self,
        statements: &[String],
        fence: Fence,
    ) -> Result<Vec<Duration>, BatchError> {
        self.fenced_by(statements, fence, &mut |work, all, _| {
            let connection = &mut work.target.connection;
            match fence {
                Fence::Within => connection.transaction(all)?,
                Fence::Before => connection.note(all)?,
            }
            Ok(connection.take_times())
        })
    }

    /// The same where `run` runs them; it is told how many are not of `statements`, but before
    /// them, and says how long each took.
    pub(super) fn fenced_by(
        &mut self,
        statements: &[String],
        fence: Fence,
        run: &mut dyn FnMut(&mut Self, &[String], usize) -> Took,
    ) -> Took {
        let at_start = |error| BatchError { position: 0, error };
        let mut again = true;
        loop {
            if let Some(lost) = &self.locks.lost {
                return Err(at_start(lost.clone()));
            }
            let mut all = self.fence(fence);
            let own = all.len();
            all.extend_from_slice(statements);
            if let Some(lease) = self.locks.lease.as_ref().filter(|_| fence == Fence::Within) {
                // It may have taken long, and nobody is to come in between this and the next one.
                all.push(self.history.renew_lease(lease, SHORT));
            }
            if all.is_empty() {
                return Ok(Vec::new());
            }
            let failed = match run(self, &all, own) {
                Ok(took) => return Ok(took.into_iter().skip(own).take(statements.len()).collect()),
                Err(failed) => failed,
            };
            if failed.position >= own {
                let position = failed.position - own;
                return Err(BatchError { position, error: failed.error });
            }
            if failed.error.trouble != Trouble::Data {
                return Err(at_start(failed.error));
            }
            let retaken = if again { self.retake() } else { Err(lost("another session")) };
            again = false;
            if let Err(error) = retaken {
                if error.trouble == Trouble::LockLost {
                    self.locks.lost = Some(error.clone());
                }
                return Err(at_start(error));
            }
        }
    }

    /// Looks whether the lock is still this run's, before something outside of a transaction.
    pub(super) fn still_locked(&mut self) -> Result<(), Stop> {
        let looked = self.fenced(&[], Fence::Before);
        looked.map(drop).map_err(|it| work::database("looking after the lock", it.error))
    }

    fn fence(&mut self, fence: Fence) -> Vec<String> {
        let mut statements = Vec::new();
        if let Some(held) = &mut self.locks.session {
            held.fenced();
            statements.extend(self.history.session_fence(self.locks.key, fence == Fence::Before));
        }
        if let Some(lease) = &self.locks.lease {
            // Behind a pooler everything stands in transactions, and those keep the lease.
            let is_short = fence == Fence::Within || self.target.connection.server().shared;
            let seconds = if is_short { SHORT } else { LONG };
            statements.extend(self.history.lease_fence(lease, seconds));
        }
        statements
    }

    /// Takes the lock again that has gone; says who has it now otherwise.
    fn retake(&mut self) -> Result<(), DatabaseError> {
        let history = self.history.clone();
        if let Some(lease) = &self.locks.lease
            && !history.holds(self.target.connection, lease)?
        {
            self.locks.lease = None;
            let holder = history.leaseholder(self.target.connection)?.unwrap_or_default();
            return Err(lost(&holder.description));
        }
        if self.locks.session.take().is_none() {
            return Err(lost("another session"));
        }
        let (dialect, key) = (self.dialect(), self.locks.key);
        match history::try_lock(self.target.connection, dialect, key)? {
            Ok(held) => {
                self.locks.session = Some(held);
                self.say(Event::LockRetaken);
                Ok(())
            }
            Err(holder) => Err(lost(&holder.description)),
        }
    }

    /// Refuses a plan that can't be run behind a pooler, where nothing lasts beyond a transaction.
    pub(super) fn check_pooler(&self, migration: &str, planned: &Planned) -> Result<(), Stop> {
        if !self.target.connection.server().shared {
            return Ok(());
        }
        let because = planned.steps.iter().enumerate().find_map(|(position, step)| {
            let because = if step.statement.transaction != Transaction::Allowed {
                "can't stand in a transaction"
            } else if sets_the_session(&step.statement) {
                "sets something in the session"
            } else {
                return None;
            };
            Some((position, because))
        });
        match because {
            None => Ok(()),
            Some((position, because)) => Err(Stop::Refused {
                message: format!(
                    "step {} of `{migration}` {because}, and this connection goes through a \
                     pooler that gives each transaction another session: {}",
                    position + 1,
                    work::text_of(&planned.steps[position].statement)
                ),
                hint: "say in `direct_url` where the server itself is (or \
                       `WHIMBREL_DIRECT_URL=postgres://…`), and run the same command again; \
                       nothing of this migration has run"
                    .to_owned(),
            }),
        }
    }
}

/// How long each of several statements took.
type Took = Result<Vec<Duration>, BatchError>;

/// Whether a statement leaves something in the session beyond its transaction.
fn sets_the_session(statement: &Statement) -> bool {
    let Body::Text(text) = &statement.body else { return false };
    let words: Vec<String> = text.split_whitespace().take(2).map(str::to_ascii_uppercase).collect();
    let is_local = matches!(
        [words.first(), words.get(1)].map(|it| it.map(String::as_str)),
        [Some("SET"), Some("LOCAL" | "CONSTRAINTS" | "TRANSACTION")]
    );
    statement.kind == Kind::Session && !is_local
}

/// The holder without how long it has been at it.
fn without_time(holder: &str) -> &str {
    holder.rsplit_once(", since ").map_or(holder, |it| it.0)
}

fn lost(holder: &str) -> DatabaseError {
    let holder = if holder.is_empty() { "another run" } else { holder };
    DatabaseError::new(Trouble::LockLost, format!("{holder} has it now"))
}
