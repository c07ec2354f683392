//! How a session waits for locks that other programs hold, and where a database says for whom, and
//! how far a long statement has got.

mod mysql;
mod postgres;

use std::time::Duration;

use super::Dialect;
use crate::{connection::Version, schema::Name};

pub(super) use self::{
    mysql::{OF_MARIADB, WAITING as OF_MYSQL},
    postgres::WAITING as OF_POSTGRES,
};

/// How a session waits for other people's locks, and where the database says for whom.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// How it is told to wait no longer than so.
    pub limit: Limit,
    /// The settings of that limit: a script that sets one itself is left alone.
    pub settings: &'static [&'static str],
    /// Asked in another session while this one waits: for whom. Of several queries the first that
    /// is allowed and has rows answers. Columns as of [`Self::holders`].
    pub blockers: fn(&Session<'_>) -> Vec<String>,
    /// Asked in our own session when it waits no more: who else has locks on these tables. The
    /// columns: the session in words, who it is, what it is doing, for how many seconds, and its
    /// last statement.
    pub holders: fn(&Dialect, &[Name]) -> Vec<String>,
    /// Asked in another session: what this one's statement is at, how much of it is done and how
    /// much there is, as far as the server knows.
    pub progress: fn(&Session<'_>) -> Vec<String>,
}

/// How a session is told to wait no longer than so for a lock.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// By the first statement of a transaction, for this transaction alone; and, for statements
    /// that stand in none, by a query that answers how it was, and a statement that puts it back.
    Transaction {
        /// For the open transaction.
        local: fn(Duration) -> String,
        /// For the session; answers what held before.
        session: fn(Duration) -> String,
        /// Puts back what held before.
        restore: fn(&Dialect, &str) -> String,
    },
    /// For the whole session, once.
    Session(fn(Duration) -> String),
    /// The client does the waiting, and is told when the connection is opened.
    Client,
}

/// A session, as another one finds it in the server's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session<'s> {
    /// `Server::session`.
    pub name: &'s str,
    /// `Server::version`.
    pub version: Version,
}

impl Session<'_> {
    /// The number before the `@`: a pid.
    pub(super) fn pid(&self) -> Option<u64> {
        self.name.split('@').next()?.parse().ok()
    }

    /// The number behind the last `:`: a connection.
    pub(super) fn connection(&self) -> Option<u64> {
        self.name.rsplit(':').next()?.parse().ok()
    }
}

/// A database whose sessions are not listed anywhere.
pub(super) const BY_CLIENT: Waiting = Waiting {
    limit: Limit::Client,
    settings: &[],
    blockers: |_| Vec::new(),
    holders: |_, _| Vec::new(),
    progress: |_| Vec::new(),
};
