//! What a database has been through, in tables of whimbrel's own beside the user's.
//!
//! | table | a row is |
//! |---|---|
//! | `whimbrel_runs` | a call of `up`, `down` or `fake` that changed something |
//! | `whimbrel_migrations` | a migration as it stands here: running, applied or reverted |
//! | `whimbrel_steps` | a statement, begun or done, of a migration of several commits |
//! | `whimbrel_state` | a fact about the whole: the version of this layout, the lease |
//!
//! Marks are plain `INSERT`s: whoever comes second trips over them. Times are the database's.

mod layout;
mod lease;
mod lock;
mod marks;
mod peers;
mod survey;

use serde::{Deserialize, Serialize};

use crate::{
    connection::{Connection, DatabaseError, Row, Trouble},
    dialect::Dialect,
};

pub use self::{
    layout::Columns,
    lease::{LONG, Lease, SHORT},
    lock::{Held, Holder, holder, key_of, release, try_lock, waiter},
    peers::peers_say,
    survey::{Survey, survey, uncharted},
};

/// The version of the layout of whimbrel's own tables that this build writes.
pub const LAYOUT: u32 = 2;

/// Whether a migration is applied here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Some of its steps are done, or may be.
    Running,
    /// All of its steps are done.
    Applied,
    /// All of its steps were taken back.
    Reverted,
}

/// Which way a migration is going or went last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// It is applied.
    Up,
    /// It is taken back.
    Down,
}

/// How a migration came to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Its statements ran.
    Ran,
    /// It was marked so, because what it does was already there.
    Faked,
    /// It was marked so, because it is part of where whimbrel's work on this database begins.
    Baseline,
}

/// A migration as it stands in this database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// SHA-256 of its file's bytes when it ran.
    pub digest: String,
    /// Digest of what it meant, with the version of the way it is reckoned.
    pub meaning: String,
    /// Where it stands.
    pub state: State,
    /// Which way it is going or went last.
    pub direction: Direction,
    /// How it came to be applied.
    pub how: How,
    /// The migrations it came after.
    pub parents: Vec<String>,
    /// Its place in the order in which this database applied its migrations.
    pub position: u64,
    /// The run that wrote the row last.
    pub run: u64,
    /// When it began, by the database's clock in UTC.
    pub started: String,
    /// When it ended.
    pub ended: Option<String>,
}

/// A statement of a migration of several commits, as far as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// Its position in the plan, counted from 0.
    pub position: usize,
    /// Whether it is known to be done; begun otherwise.
    pub done: bool,
    /// What the catalog said of the objects concerned before it was begun, as JSON.
    pub observed: String,
    /// The text that was run.
    pub statement: String,
    /// The session that ran it.
    pub session: String,
}

/// A statement of a migration of several commits, as `history` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldStep {
    /// Which way it went.
    pub direction: Direction,
    /// Its number in that direction, counted from 1.
    pub step: usize,
    /// Whether it is known to be done; begun otherwise.
    pub done: bool,
    /// When it was begun, by the database's clock in UTC.
    pub began: String,
    /// When it was done.
    pub ended: Option<String>,
    /// The text that was run.
    pub statement: String,
    /// What it was refused with last.
    pub error: Option<String>,
}

/// A run as `history` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// The command.
    pub command: String,
    /// Who started it.
    pub actor: String,
    /// On which machine.
    pub host: String,
    /// With which version of whimbrel.
    pub version: String,
    /// When it began, by the database's clock in UTC.
    pub started: String,
    /// When it ended; `None` where nobody lived to say.
    pub ended: Option<String>,
    /// "done", or what stopped it.
    pub outcome: Option<String>,
}

/// Who runs what, for the row of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The command: `up`, `down`, `fake`.
    pub command: String,
    /// Who: the user's name on the machine, or what was given.
    pub actor: String,
    /// On which machine.
    pub host: String,
    /// With which version of whimbrel.
    pub version: String,
    /// The commit, the link of the CI job or the tag, where one was given.
    pub reference: String,
}

/// The history of one database, by the qualified names of its tables.
#[derive(Clone, Debug)]
pub struct History {
    dialect: &'static Dialect,
    namespace: String,
    /// The columns that its tables have.
    columns: Columns,
}

impl History {
    /// The history of the database that was surveyed, in the namespace that the connection works
    /// in: a PostgreSQL schema, a MySQL database, SQLite's `main`. Names are always qualified,
    /// because a script may empty the search path.
    pub fn new(dialect: &'static Dialect, survey: &Survey) -> Self {
        Self { dialect, namespace: survey.namespace.clone(), columns: survey.own.clone() }
    }

    /// Where it stands.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Every migration that this database knows, in the order in which it applied them.
    pub fn records(&self, connection: &mut dyn Connection) -> Result<Vec<Record>, DatabaseError> {
        let sql = format!(
            "SELECT name, digest, meaning, state, direction, how, parents, position, run, \
             {started}, {ended} FROM {migrations} ORDER BY position, name",
            migrations = self.table("migrations"),
            started = self.moment_text("started"),
            ended = self.moment_text("ended"),
        );
        connection.query(&sql)?.into_iter().map(record).collect()
    }

    /// The stored plan and revert plan of a migration, as JSON; empty where there is none.
    pub fn plans(
        &self,
        connection: &mut dyn Connection,
        name: &str,
    ) -> Result<(String, String), DatabaseError> {
        let sql = format!(
            "SELECT plan, revert FROM {} WHERE name = {}",
            self.table("migrations"),
            self.dialect.literal(name)
        );
        let mut row = Reader::first(connection.query(&sql)?);
        Ok((row.text(), row.text()))
    }

    /// The steps of a migration that were begun or done in this direction.
    pub fn steps(
        &self,
        connection: &mut dyn Connection,
        name: &str,
        direction: Direction,
    ) -> Result<Vec<StepRecord>, DatabaseError> {
        let sql = format!(
            "SELECT position, state, observed, statement, session FROM {} \
             WHERE migration = {} AND direction = {} ORDER BY position",
            self.table("steps"),
            self.dialect.literal(name),
            self.dialect.literal(direction.word()),
        );
        let step = |row| {
            let mut row = Reader::new(row);
            Ok(StepRecord {
                position: row.number("position")?,
                done: row.text() == "done",
                observed: row.text(),
                statement: row.text(),
                session: row.text(),
            })
        };
        connection.query(&sql)?.into_iter().map(step).collect()
    }

    /// The steps of a migration whose marks are kept, those of the way up first.
    pub fn told_steps(
        &self,
        connection: &mut dyn Connection,
        name: &str,
    ) -> Result<Vec<ToldStep>, DatabaseError> {
        let sql = format!(
            "SELECT direction, position, state, {begun}, {done}, statement, error FROM {steps} \
             WHERE migration = {name} ORDER BY direction DESC, position",
            begun = self.moment_text("begun"),
            done = self.moment_text("done"),
            steps = self.table("steps"),
            name = self.dialect.literal(name),
        );
        let step = |row| {
            let mut row = Reader::new(row);
            Ok(ToldStep {
                direction: row.word(
                    "direction",
                    &[Direction::Up, Direction::Down],
                    Direction::word,
                )?,
                step: row.number::<usize>("position")? + 1,
                done: row.text() == "done",
                began: row.text(),
                ended: row.optional(),
                statement: row.text(),
                error: row.optional().filter(|it| !it.is_empty()),
            })
        };
        connection.query(&sql)?.into_iter().map(step).collect()
    }

    /// The runs, the newest first, `limit` at most.
    pub fn runs(
        &self,
        connection: &mut dyn Connection,
        limit: usize,
    ) -> Result<Vec<Run>, DatabaseError> {
        self.runs_where(connection, &format!("ORDER BY id DESC LIMIT {limit}"))
    }

    /// One run, as far as its row is there.
    pub fn run(
        &self,
        connection: &mut dyn Connection,
        id: u64,
    ) -> Result<Option<Run>, DatabaseError> {
        Ok(self.runs_where(connection, &format!("WHERE id = {id}"))?.into_iter().next())
    }

    fn runs_where(
        &self,
        connection: &mut dyn Connection,
        which: &str,
    ) -> Result<Vec<Run>, DatabaseError> {
        let sql = format!(
            "SELECT id, command, actor, host, version, {started}, {ended}, outcome \
             FROM {runs} {which}",
            runs = self.table("runs"),
            started = self.moment_text("started"),
            ended = self.moment_text("ended"),
        );
        let run = |row| {
            let mut row = Reader::new(row);
            Ok(Run {
                id: row.number("id")?,
                command: row.text(),
                actor: row.text(),
                host: row.text(),
                version: row.text(),
                started: row.text(),
                ended: row.optional(),
                outcome: row.optional(),
            })
        };
        connection.query(&sql)?.into_iter().map(run).collect()
    }

    /// When a run began, by the database's clock in UTC.
    pub fn run_began(
        &self,
        connection: &mut dyn Connection,
        run: u64,
    ) -> Result<Option<String>, DatabaseError> {
        let (began, runs) = (self.moment_text("started"), self.table("runs"));
        let rows = connection.query(&format!("SELECT {began} FROM {runs} WHERE id = {run}"))?;
        Ok(rows.into_iter().flatten().next().flatten())
    }

    /// The number of the last run; 0 where there was none.
    pub fn last_run(&self, connection: &mut dyn Connection) -> Result<u64, DatabaseError> {
        let sql = format!("SELECT coalesce(max(id), 0) FROM {}", self.table("runs"));
        Reader::first(connection.query(&sql)?).number("id")
    }

    /// A table of whimbrel's own, by its name without `whimbrel_`, as it is written.
    pub(crate) fn table(&self, name: &str) -> String {
        let (namespace, name) = (&self.namespace, format!("whimbrel_{name}"));
        format!("{}.{}", self.dialect.quote(namespace), self.dialect.quote(&name))
    }
}

impl State {
    /// The word that stands in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Applied => "applied",
            Self::Reverted => "reverted",
        }
    }
}

impl Direction {
    /// The word that stands in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl How {
    /// The word that stands in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Faked => "faked",
            Self::Baseline => "baseline",
        }
    }

    /// Whether its statements ran here; otherwise it was only marked.
    pub const fn has_run(self) -> bool {
        matches!(self, Self::Ran)
    }
}

fn record(row: Row) -> Result<Record, DatabaseError> {
    let mut row = Reader::new(row);
    Ok(Record {
        name: row.text(),
        digest: row.text(),
        meaning: row.text(),
        state: row.word(
            "state",
            &[State::Running, State::Applied, State::Reverted],
            State::word,
        )?,
        direction: row.word("direction", &[Direction::Up, Direction::Down], Direction::word)?,
        how: row.word("how", &[How::Ran, How::Faked, How::Baseline], How::word)?,
        parents: {
            let text = row.text();
            serde_json::from_str(&text).map_err(|_| strange("parents", &text))?
        },
        position: row.number("position")?,
        run: row.number("run")?,
        started: row.text(),
        ended: row.optional(),
    })
}

/// Reads a row of text values in the order of its columns.
struct Reader(std::vec::IntoIter<Option<String>>);

impl Reader {
    fn new(row: Row) -> Self {
        Self(row.into_iter())
    }

    fn first(rows: Vec<Row>) -> Self {
        Self::new(rows.into_iter().next().unwrap_or_default())
    }

    fn optional(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }

    fn number<T: std::str::FromStr>(&mut self, column: &str) -> Result<T, DatabaseError> {
        let text = self.text();
        text.parse().map_err(|_| strange(column, &text))
    }

    fn word<T: Copy>(
        &mut self,
        column: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<T, DatabaseError> {
        let text = self.text();
        all.iter().copied().find(|it| word(*it) == text).ok_or_else(|| strange(column, &text))
    }
}

fn strange(column: &str, value: &str) -> DatabaseError {
    let message = format!(
        "whimbrel's own tables hold `{value}` as `{column}`, which this version does not know; \
         a newer whimbrel may have written them"
    );
    DatabaseError::new(Trouble::Other, message)
}
