//! What a run tells while it goes on, and what it asks of the program around it.

use std::time::Duration;

use crate::{connection::Notice, history::Direction};

/// Something that has happened; told when it is true, so "applied" comes after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another run holds the lock.
    Waiting {
        /// What the server says of it.
        holder: String,
    },
    /// An earlier run stopped in this migration; this one finishes it.
    Resuming {
        /// The migration.
        migration: String,
        /// Which way it was going.
        direction: Direction,
        /// How many steps are done.
        done: usize,
        /// How many there are.
        steps: usize,
    },
    /// The server is still at a step that another session began: an earlier run's, whose client is
    /// gone, or that of a run that is alive.
    StillRunning {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// What the server calls the session: "pid 4121".
        session: String,
        /// For how long it has been at it, where the server says it.
        since: Option<Duration>,
        /// The statement.
        statement: String,
        /// Whether it is stopped; waited for otherwise.
        cancels: bool,
    },
    /// A step of an earlier run turned out to have had its effect.
    FoundDone {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
    },
    /// A leftover of an earlier run was put away.
    Cured {
        /// The migration.
        migration: String,
        /// What was done.
        what: String,
    },
    /// A migration begins.
    Started {
        /// The migration.
        migration: String,
        /// Which way it goes.
        direction: Direction,
    },
    /// A step outside of a transaction begins.
    StepStarted {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// Its text.
        statement: String,
    },
    /// A migration is applied or taken back, and it will stay so.
    Finished {
        /// The migration.
        migration: String,
        /// Which way it went.
        direction: Direction,
        /// How many statements ran.
        statements: usize,
        /// How long it took.
        took: Duration,
    },
    /// This database has applied a migration that the checkout doesn't have.
    Unknown {
        /// The migration.
        migration: String,
    },
    /// The server said something beside its answers.
    Said(Notice),
}

/// The program around a run.
pub trait Host {
    /// Takes notice of what has happened.
    fn event(&mut self, event: Event);

    /// Waits.
    fn pause(&mut self, duration: Duration);

    /// The time since some moment that stays the same.
    fn elapsed(&self) -> Duration;

    /// Whether somebody has asked the run to stop.
    fn interrupted(&self) -> bool;
}
