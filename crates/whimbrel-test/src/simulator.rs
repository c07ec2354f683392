//! A connection that dies on cue, around a real one.
//!
//! The client is killed before the effect of a call or after it; the server rolls back what was
//! open. So that one real and fast engine stands for two kinds, [`Simulated`] can also end the
//! open transaction at every change of the schema, as MySQL does; the dialect that goes with it
//! is SQLite's with `Ddl::Autocommit`.

use whimbrel::connection::{Cancel, Connection, DatabaseError, Notice, Row, Server, Trouble};

/// Which side of a call's effect the client dies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The call never reaches the server.
    Before,
    /// The server does it, and nobody lives to hear.
    After,
}

/// When the client dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// The call, counted from 0.
    pub call: usize,
    /// Which side of its effect.
    pub side: Side,
}

/// A connection that dies on cue.
pub struct Simulated {
    inner: Option<Box<dyn Connection>>,
    server: Server,
    death: Option<Death>,
    calls: usize,
    autocommits_schema: bool,
    rebuilding: bool,
}

impl Simulated {
    /// Around `inner`; it never dies without a `death`.
    pub fn new(inner: Box<dyn Connection>, death: Option<Death>) -> Self {
        let server = inner.server().clone();
        Self {
            inner: Some(inner),
            server,
            death,
            calls: 0,
            autocommits_schema: false,
            rebuilding: false,
        }
    }

    /// Ends the open transaction at every change of the schema, before it and after it.
    pub fn autocommitting(mut self) -> Self {
        self.autocommits_schema = true;
        self
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// Whether it died.
    pub fn is_dead(&self) -> bool {
        self.inner.is_none()
    }

    fn call<T>(
        &mut self,
        effect: impl FnOnce(&mut dyn Connection) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
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
            Some(Side::After) => {
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
        // SQLite's rebuild, which no engine without transactional DDL has, stays one piece.
        match sql {
            "PRAGMA foreign_keys = OFF" => self.rebuilding = true,
            "PRAGMA foreign_keys = ON" => self.rebuilding = false,
            _ => {}
        }
        let commits = self.autocommits_schema && !self.rebuilding && changes_schema(sql);
        self.call(|inner| {
            if commits && inner.in_transaction() {
                inner.commit()?;
            }
            inner.execute(sql)
        })
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.call(|inner| inner.query(sql))
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
