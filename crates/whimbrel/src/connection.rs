//! What we ask of an open database: one statement at a time, and an honest answer to each.
//!
//! A driver implements [`Connection`]; everything above it is free of sockets. All values
//! travel as text, so that all databases answer alike.

use std::{fmt, time::Duration};

/// An open session. It belongs to one thread at a time and is never shared.
pub trait Connection {
    /// Which server this is.
    fn server(&self) -> &Server;

    /// Runs exactly one statement and throws its rows away. Every answer is read to its end, so
    /// that a statement that was killed half way is never taken for one that ran.
    ///
    /// Returns how many rows it changed, as far as the database says.
    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError>;

    /// Runs exactly one statement and returns its rows.
    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError>;

    /// Runs exactly one statement and returns its rows with the names of their columns.
    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError>;

    /// Opens a transaction that will write.
    fn begin(&mut self) -> Result<(), DatabaseError>;

    /// Makes what the transaction did last. A transaction in which a statement failed is rolled
    /// back and reported as failed, whatever the server answers to `COMMIT`.
    fn commit(&mut self) -> Result<(), DatabaseError>;

    /// Takes the open transaction back; does nothing where none is open.
    fn rollback(&mut self) -> Result<(), DatabaseError>;

    /// Whether a transaction is open.
    fn in_transaction(&self) -> bool;

    /// Runs the statements one after another and stops at the first that fails. A driver may
    /// send them in one go; each answer is checked all the same.
    fn execute_all(&mut self, statements: &[String]) -> Result<(), BatchError> {
        for (position, sql) in statements.iter().enumerate() {
            self.execute(sql).map_err(|error| BatchError { position, error })?;
        }
        Ok(())
    }

    /// Runs the statements in a transaction of their own: all of them last, or none. An error's
    /// position points at the statement that failed, or behind the last one where it was the
    /// commit. A connection lost at the commit leaves open whether they lasted.
    fn transaction(&mut self, statements: &[String]) -> Result<(), BatchError> {
        self.begin().map_err(|error| BatchError { position: 0, error })?;
        if let Err(failed) = self.execute_all(statements) {
            // The first error is the one to tell; a rollback that fails too means that the
            // connection is gone, and the server rolls back by itself.
            let _ = self.rollback();
            return Err(failed);
        }
        self.commit().map_err(|error| BatchError { position: statements.len(), error })
    }

    /// Runs statements of whimbrel's own in a transaction, as [`Self::transaction`] does. Nobody
    /// waits for what the server says beside its answers, so a driver may send them as one text.
    fn note(&mut self, statements: &[String]) -> Result<(), BatchError> {
        self.transaction(statements)
    }

    /// What was said to the session when it was opened: statements that are to be said again once
    /// its settings were put back to the server's own.
    fn opening(&self) -> &[String] {
        &[]
    }

    /// How long each statement of the last batch took, in their order, where the client knows:
    /// of [`Self::execute_all`] and [`Self::transaction`], up to the one that failed.
    fn take_times(&mut self) -> Vec<Duration> {
        Vec::new()
    }

    /// What the server has said beside its answers since the last call.
    fn take_notices(&mut self) -> Vec<Notice> {
        Vec::new()
    }

    /// Something that stops the running statement from another thread, where there is such a
    /// thing.
    fn canceller(&self) -> Option<Box<dyn Cancel>> {
        None
    }
}

/// Stops a running statement from another thread.
pub trait Cancel: Send + Sync {
    /// Asks the server to stop what the session runs. The statement itself then reports
    /// [`Trouble::Cancelled`].
    fn cancel(&self) -> Result<(), DatabaseError>;
}

/// A row; `None` is SQL's null.
pub type Row = Vec<Option<String>>;

/// Rows, and what their columns are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The names of the columns; none where there are no rows.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Which server a session talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The product, as it calls itself: "PostgreSQL", "MySQL", "MariaDB", "SQLite".
    pub product: String,
    /// Its version.
    pub version: Version,
    /// The database (SQLite: the file).
    pub database: String,
    /// The address, without any secret; empty for a file.
    pub host: String,
    /// The role; empty for a file.
    pub user: String,
    /// What tells this session from every other, for as long as the server may still be running
    /// one of its statements: PostgreSQL's pid and start, MySQL's server id and connection id.
    pub session: String,
    /// Whether a session is ours for one transaction only, as behind a pooler in transaction
    /// mode: neither a lock nor a setting of a session lasts beyond it.
    pub shared: bool,
    /// Whether other servers take writes to the same data, so that a lock of this one keeps nobody
    /// out there: a Galera cluster, group replication with several primaries.
    pub several: bool,
    /// Whether it keeps the names of tables in lower case, however they were said: MySQL and MariaDB
    /// with `lower_case_table_names = 1`.
    pub lowers_tables: bool,
}

/// A version of a server, compared by its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second.
    pub minor: u32,
    /// The third; 0 where there is none.
    pub patch: u32,
}

impl Version {
    /// A version by its numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The first numbers found in `text`: `15.18 (Debian 15.18-0)`, `8.4.3`, `10.11.6-MariaDB`.
    pub fn parse(text: &str) -> Self {
        let mut numbers = text
            .trim_start_matches(|it: char| !it.is_ascii_digit())
            .split(|it: char| !it.is_ascii_digit())
            .map(|it| it.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Self { major: next(), minor: next(), patch: next() }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch == 0 { Ok(()) } else { write!(f, ".{}", self.patch) }
    }
}

/// Something the server said beside its answer: a notice or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// "NOTICE", "WARNING", ….
    pub severity: String,
    /// Its words.
    pub message: String,
}

/// What a database refused, or why it could not be asked. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseError {
    /// Which kind of trouble it is.
    pub trouble: Trouble,
    /// The server's own code: an SQLSTATE, MySQL's number, SQLite's name for it.
    pub code: Option<String>,
    /// The server's own words.
    pub message: String,
    /// More of them.
    pub detail: Option<String>,
    /// The server's advice.
    pub hint: Option<String>,
    /// Where in the statement, in bytes.
    pub position: Option<usize>,
}

impl DatabaseError {
    /// An error that has only words.
    pub fn new(trouble: Trouble, message: impl Into<String>) -> Self {
        Self {
            trouble,
            code: None,
            message: message.into(),
            detail: None,
            hint: None,
            position: None,
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DatabaseError {}

/// The kinds of trouble that whimbrel tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The server can't be reached.
    Unreachable,
    /// The server doesn't let us in.
    AccessDenied,
    /// The server has no such database.
    DatabaseMissing,
    /// The connection broke; whether the last statement ran is not known.
    ConnectionLost,
    /// The role may not do this.
    NotAllowed,
    /// Somebody else's lock was not given up in time.
    LockTimeout,
    /// The run's own lock is another run's by now; said by whimbrel, never by a server.
    LockLost,
    /// Two sessions waited for each other, or could not be put in an order.
    Deadlock,
    /// The statement was stopped on request.
    Cancelled,
    /// There is no room left to write.
    Full,
    /// The database takes no writes: a read-only file, a standby.
    ReadOnly,
    /// The rows don't allow it: a key that would be broken, a value that doesn't fit.
    Data,
    /// The statement is not understood, or names what isn't there.
    Statement,
    /// Anything else.
    Other,
}

impl Trouble {
    /// Whether trying again later may help without anything being changed.
    pub const fn passes(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::ConnectionLost
                | Self::LockTimeout
                | Self::LockLost
                | Self::Deadlock
        )
    }
}

/// The statement of a batch that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchError {
    /// Its position, counted from 0.
    pub position: usize,
    /// Why.
    pub error: DatabaseError,
}
