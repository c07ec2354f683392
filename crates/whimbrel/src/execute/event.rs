//! What a run tells while it goes on, and what it asks of the program around it.

use std::time::Duration;

use super::{Blocker, Progress};
use crate::{connection::Notice, history::Direction};

/// Something that has happened; told when it is true, so "applied" comes after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another run holds the lock; told at once, and now and then while that stays so.
    Waiting {
        /// What is known of it.
        holder: String,
        /// How long this run has waited so far.
        waited: Duration,
        /// How long it is going to wait.
        limit: Duration,
    },
    /// The migrations' own SQL has given the run's lock up, and it is taken again.
    LockRetaken,
    /// A statement waits for a session that waits for this run's lock; it is let go first.
    GaveWay {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// What is known of that session.
        peer: String,
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
    /// Steps begin that share a transaction with their marks.
    StepsStarted {
        /// The migration.
        migration: String,
        /// The first of them, counted from 1.
        first: usize,
        /// The last of them.
        last: usize,
        /// How many the migration has.
        steps: usize,
    },
    /// A step is done, and what it did will stay.
    StepFinished {
        /// The migration.
        migration: String,
        /// Which way it goes.
        direction: Direction,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// Its text on one line, cut, its strings hidden.
        statement: String,
        /// How long the statement itself took, where that is known.
        took: Option<Duration>,
    },
    /// A step was passed over, as the migration says that it may be: what it makes is there
    /// already, or what it drops isn't there.
    PassedOver {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// The operation, in words.
        operation: String,
        /// What the database said.
        why: String,
    },
    /// A batch of a step that goes in batches is committed, and how far it came with it.
    BatchFinished {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// The table.
        table: String,
        /// How many of its rows were gone through so far, by earlier runs too.
        rows: u64,
    },
    /// A statement goes on; told by who watches it from another session, now and then.
    Progress(Progress),
    /// Somebody else's lock was not given up in time. What had been tried is taken back, so that
    /// nobody waits for us meanwhile, and it is tried again after a pause.
    Blocked {
        /// The migration.
        migration: String,
        /// The step that had to wait, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// Who has the lock, as far as the server tells.
        by: Vec<Blocker>,
        /// How many times it was tried so far.
        tries: u32,
        /// How long until it is tried again.
        pause: Duration,
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
    /// Something that a migration made was set aside when it was taken back.
    SetAside {
        /// The migration.
        migration: String,
        /// What it was called: "table `users`".
        what: String,
        /// What it is called now.
        kept: String,
    },
    /// What was set aside came back with its migration.
    PutBack {
        /// The migration.
        migration: String,
        /// What it is called: "table `users`".
        what: String,
    },
    /// What was set aside did not come back with its migration, which made it anew.
    LeftAside {
        /// The migration.
        migration: String,
        /// The number of what was set aside.
        id: u64,
        /// What it was called: "table `users`".
        what: String,
        /// Why it did not come back.
        because: String,
    },
    /// This database has applied a migration that the checkout doesn't have.
    Unknown {
        /// The migration.
        migration: String,
    },
    /// The file of an applied migration has another number by now, and its row follows.
    Renumbered {
        /// The name that it was applied by.
        migration: String,
        /// The name that it has now.
        now: String,
    },
    /// All that a squash replaces has run here, and it counts as applied from now on.
    Folded {
        /// The squash.
        migration: String,
        /// The migrations in whose place it stands, in the order in which they ran here.
        replaced: Vec<String>,
    },
    /// The code of a `run` tells how far it has come.
    Told {
        /// The migration.
        migration: String,
        /// Its words.
        words: String,
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

    /// Whether it is too late to begin another step.
    fn too_late(&self) -> bool {
        false
    }

    /// For whom the last statement had to wait, as somebody saw who watched it from another
    /// session; empty where nobody does.
    fn blockers(&mut self) -> Vec<Blocker> {
        Vec::new()
    }
}
