//! Running a plan so that a stop at any moment leaves a database that the next run can finish.
//!
//! A step is *untouched*, *begun* or *done*. Consecutive steps that may stand in a transaction
//! share one with their marks. A step that may not is marked as begun before and as done after;
//! if nobody lived to mark it done, the next run looks at what the catalog says of the objects
//! concerned: as it was before, so it runs; as it will be, so it is marked; neither, so it stops
//! and tells.
//!
//! What decides stands in pure code (`plan`, `situation`); what acts stands in `work`.

mod aside;
mod baseline;
mod batches;
mod code;
mod event;
mod facts;
mod fake;
mod files;
mod follow;
mod halfway;
mod kept;
mod late;
mod lock;
mod new_values;
mod newer;
mod passing;
mod past;
mod patience;
mod peers;
mod phase;
mod plan;
mod redo;
mod replayed;
mod resolve;
mod restart;
mod revert;
mod review;
mod running;
mod seen;
mod session;
mod situation;
mod sparing;
mod speaking;
mod squashed;
mod stake;
mod status;
mod stop;
mod trace;
mod trash;
mod uncovered;
mod undo;
mod up;
mod verify;
mod work;

use std::time::Duration;

use crate::{
    connection::Connection, dialect::Dialect, history::Circumstances, migration::Migrations,
};

pub use self::{
    aside::SetAside,
    baseline::{BaselineOptions, Baselined, baseline},
    event::{Event, Host},
    facts::{Difference, Properties, Thing},
    fake::{FakeOptions, fake},
    late::{Late, Newer},
    past::{Last, Past, past_of},
    patience::{Blocker, Patience, Progress, Sighting, in_words, sight, times},
    phase::Phase,
    plan::{MigrationPlan, Planned, Stake, Step, Undo},
    redo::{RedoOptions, redo},
    resolve::{Answer, ResolveOptions, resolve},
    revert::{DownOptions, DownTarget, down, plan_down},
    running::at_work,
    status::{Applied, Entry, Status, history_of, status},
    stop::{Review, Stop},
    trash::{Condition, Kept, purge, restore, trash},
    up::{UpOptions, UpTarget, obstacle, plan_up, plan_up_to_conflict, up},
    verify::{Verified, accept, agrees, verify},
};

/// A database, the migrations for it, and who is at work.
pub struct Target<'a> {
    /// The open session; it does the work and holds the lock.
    pub connection: &'a mut dyn Connection,
    /// What is true of the database.
    pub dialect: &'static Dialect,
    /// The migrations of this checkout.
    pub migrations: &'a dyn Migrations,
    /// Who runs what.
    pub circumstances: Circumstances,
    /// How long to wait for another run to end, or for a step that an earlier run has left
    /// running on the server.
    pub wait: Duration,
    /// Whether such a step is stopped instead.
    pub cancel_running: bool,
    /// How long to wait for locks of programs that are no run of ours.
    pub patience: Patience,
    /// Which lock keeps other runs out.
    pub locking: Locking,
}

/// Which lock keeps other runs out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locking {
    /// That of the session; the lease where nobody is kept out by that, as far as it shows.
    #[default]
    Auto,
    /// The lease as well, as there is something between the session and the data that doesn't
    /// show.
    Lease,
}

/// How migrations are put into transactions, where the database has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// One for each migration; on a database without tables they share, for speed.
    #[default]
    Auto,
    /// All pending migrations in one, as far as their statements may stand in one.
    All,
    /// One for each migration.
    Each,
    /// None: each step runs by itself, marked before and after, so that locks are never held from
    /// one to the next.
    None,
}

/// What a run has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The migrations that were applied or taken back, in order.
    pub migrations: Vec<String>,
    /// Of these, those that an earlier run had left half way.
    pub resumed: Vec<String>,
}
