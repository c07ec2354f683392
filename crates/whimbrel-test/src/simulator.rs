//! A connection that dies on cue, around a real one.
//!
//! The client is killed before the effect of a call or after it; the server rolls back what was
//! open. So that one real and fast engine stands for two kinds, [`Simulated`] can also end the
//! open transaction at every change of the schema, as MySQL does; the dialect that goes with it
//! is SQLite's with `Ddl::Autocommit`.
//!
//! A server may also go on without its client: [`Side::Later`] leaves an [`Afterlife`], the
//! statement that was sent and that takes effect while the next session is already at work.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use whimbrel::{
    connection::{Cancel, Connection, DatabaseError, Named, Notice, Row, Server, Trouble},
    dialect::{Ddl, Dialect, SQLITE, Sessions},
};
use whimbrel_wire::{ConnectOptions, Target, connect};

/// SQLite as if it were a server that commits every change of the schema by itself, goes on with
/// what it does for a client that died, and can be asked about it. It wants a [`Simulated`].
pub static SERVER: Dialect = Dialect {
    ddl: Ddl::Autocommit,
    sessions: Sessions {
        running: |_, session| Some(session_query(session)),
        uptime: None,
        cancel: |_, session| Some(cancel_query(session)),
        end: |_, session| Some(cancel_query(session)),
    },
    ..SQLITE
};

/// Which side of a call's effect the client dies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The call never reaches the server.
    Before,
    /// The server does it, and nobody lives to hear.
    After,
    /// The server is still at it when the next session comes. Only a change of the schema outside
    /// of a transaction takes so long and then lasts; with any other call it is [`Side::After`].
    Later,
}

/// When the client dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// The call, counted from 0.
    pub call: usize,
    /// Which side of its effect.
    pub side: Side,
}

/// What a server goes on with after its client has died.
pub struct Afterlife {
    connection: Box<dyn Connection>,
    session: String,
    statement: String,
}

impl Afterlife {
    /// The session that is still there; what `Server::session` said to the client that died.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The statement that is still to take effect.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// Has its effect, or is refused: nobody lives to hear.
    fn land(mut self) {
        let _ = self.connection.execute(&self.statement);
    }
}

/// Asks a simulated server whether it still works for a session: a row with the session, for how
/// long it has worked, and its statement where it does, and none where it doesn't.
pub fn session_query(session: &str) -> String {
    format!("SELECT session, seconds, statement FROM {SESSIONS} WHERE session = '{session}'")
}

/// Asks a simulated server to stop what it does for a session: it will have had no effect.
pub fn cancel_query(session: &str) -> String {
    format!("SELECT cancel(session) FROM {SESSIONS} WHERE session = '{session}'")
}

/// A table that only [`Simulated`] knows.
const SESSIONS: &str = "simulated_sessions";

/// A connection that dies on cue.
pub struct Simulated {
    inner: Option<Box<dyn Connection>>,
    server: Server,
    death: Option<Death>,
    calls: usize,
    outliving: Vec<usize>,
    autocommits_schema: bool,
    rebuilding: bool,
    left: Option<Afterlife>,
    beside: Option<(Afterlife, usize)>,
    dies_at: Option<String>,
    dies_behind: Option<String>,
}

/// A SQLite file, opened. The machine stays up in these tests; it is the client that dies.
pub fn open(file: &Path) -> Box<dyn Connection> {
    let address = Target::parse(&format!("sqlite:{}", file.display()), None);
    let mut connection = connect(&address.expect("it is one"), &ConnectOptions::default())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    connection.query("PRAGMA synchronous = OFF").expect("it is known");
    connection
}

/// The same, dying on cue, and committing what `dialect` says that commits.
pub fn simulated(file: &Path, dialect: &Dialect, death: Option<Death>) -> Simulated {
    let simulated = Simulated::new(open(file), death);
    if dialect.ddl == Ddl::Autocommit { simulated.autocommitting() } else { simulated }
}

impl Simulated {
    /// Around `inner`; it never dies without a `death`.
    pub fn new(inner: Box<dyn Connection>, death: Option<Death>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut server = inner.server().clone();
        server.session = format!("simulated {}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self {
            inner: Some(inner),
            server,
            death,
            calls: 0,
            outliving: Vec::new(),
            autocommits_schema: false,
            rebuilding: false,
            left: None,
            beside: None,
            dies_at: None,
            dies_behind: None,
        }
    }

    /// Dies before the first statement that begins so reaches the server.
    pub fn dying_at(mut self, beginning: &str) -> Self {
        self.dies_at = Some(beginning.to_owned());
        self
    }

    /// Dies behind the first statement that begins so, before it hears the answer.
    pub fn dying_behind(mut self, beginning: &str) -> Self {
        self.dies_behind = Some(beginning.to_owned());
        self
    }

    /// Ends the open transaction at every change of the schema, before it and after it.
    pub fn autocommitting(mut self) -> Self {
        self.autocommits_schema = true;
        self
    }

    /// Works on a server that still has something to do for a client that died. It takes effect
    /// after so many `calls` of this session, or at the first one after them that no transaction
    /// of this session keeps waiting.
    pub fn beside(mut self, afterlife: Option<Afterlife>, calls: usize) -> Self {
        self.beside = afterlife.map(|it| (it, calls));
        self
    }

    /// What the server goes on with, where this session died by [`Side::Later`].
    pub fn take_afterlife(&mut self) -> Option<Afterlife> {
        self.left.take()
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// The calls whose statements would outlive their client; see [`Side::Later`].
    pub fn outliving(&self) -> &[usize] {
        &self.outliving
    }

    /// Whether it died.
    pub fn is_dead(&self) -> bool {
        self.inner.is_none()
    }

    /// Whether the statement of the next call would outlive the client.
    fn can_outlive(&self, commits: bool, sql: &str) -> bool {
        let alone = commits || !self.in_transaction();
        changes_schema(sql) && !self.rebuilding && alone
    }

    /// The time that a call takes, in which the server goes on with what it has to do.
    fn pass_time(&mut self) {
        let waits = self.in_transaction();
        if let Some((_, calls)) = &mut self.beside {
            if *calls > 0 {
                *calls -= 1;
            } else if !waits && let Some((afterlife, _)) = self.beside.take() {
                afterlife.land();
            }
        }
    }

    fn call<T>(
        &mut self,
        effect: impl FnOnce(&mut dyn Connection) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        self.pass_time();
        let number = self.calls;
        self.calls += 1;
        let dies = self.death.filter(|it| it.call == number);
        let Some(inner) = self.inner.as_deref_mut() else { return Err(lost()) };
        match dies.map(|it| it.side) {
            None => effect(inner),
            Some(Side::Before) => {
                self.inner = None;
                Err(lost())
            }
            // What takes no time is done at once; `execute` knows what does.
            Some(Side::After | Side::Later) => {
                // Whatever the server answers, nobody hears it.
                let _ = effect(inner);
                self.inner = None;
                Err(lost())
            }
        }
    }
}

fn lost() -> DatabaseError {
    DatabaseError::new(Trouble::ConnectionLost, "the simulated client is dead")
}

fn changes_schema(sql: &str) -> bool {
    let word: String = sql.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    ["create", "alter", "drop"].iter().any(|it| word.eq_ignore_ascii_case(it))
}

impl Connection for Simulated {
    fn server(&self) -> &Server {
        &self.server
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        if self.dies_at.as_deref().is_some_and(|it| sql.starts_with(it)) {
            self.inner = None;
        }
        if self.dies_behind.as_deref().is_some_and(|it| sql.starts_with(it)) {
            self.death = Some(Death { call: self.calls, side: Side::After });
        }
        // SQLite's rebuild, which no engine without transactional DDL has, stays one piece.
        match sql {
            "PRAGMA foreign_keys = OFF" => self.rebuilding = true,
            "PRAGMA foreign_keys = ON" => self.rebuilding = false,
            _ => {}
        }
        let commits = self.autocommits_schema && !self.rebuilding && changes_schema(sql);
        let outlives = self.can_outlive(commits, sql);
        if outlives {
            self.outliving.push(self.calls);
        }
        if outlives
            && self.death == Some(Death { call: self.calls, side: Side::Later })
            && let Some(mut connection) = self.inner.take()
        {
            self.calls += 1;
            if commits && connection.in_transaction() {
                connection.commit()?;
            }
            let (session, statement) = (self.server.session.clone(), sql.to_owned());
            self.left = Some(Afterlife { connection, session, statement });
            return Err(lost());
        }
        self.call(|inner| {
            if commits && inner.in_transaction() {
                inner.commit()?;
            }
            inner.execute(sql)
        })
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        if sql.contains(SESSIONS) {
            self.call(|_| Ok(()))?;
            self.beside = self.beside.take().filter(|(it, _)| sql != cancel_query(&it.session));
            let working = self.beside.iter().filter(|(it, _)| sql == session_query(&it.session));
            let row = |it: &Afterlife| {
                let (session, statement) = (it.session.clone(), it.statement.clone());
                vec![Some(session), Some("720".to_owned()), Some(statement)]
            };
            return Ok(working.map(|(it, _)| row(it)).collect());
        }
        self.call(|inner| inner.query(sql))
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.call(|inner| inner.query_named(sql))
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.call(|inner| inner.begin())
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.call(|inner| if inner.in_transaction() { inner.commit() } else { Ok(()) })
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.call(|inner| inner.rollback())
    }

    fn in_transaction(&self) -> bool {
        self.inner.as_deref().is_some_and(Connection::in_transaction)
    }

    fn opening(&self) -> &[String] {
        self.inner.as_deref().map(Connection::opening).unwrap_or_default()
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        self.inner.as_deref_mut().map(Connection::take_notices).unwrap_or_default()
    }

    fn canceller(&self) -> Option<Box<dyn Cancel>> {
        self.inner.as_deref().and_then(Connection::canceller)
    }
}
