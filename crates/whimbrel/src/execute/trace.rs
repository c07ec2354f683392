//! What a run does, for `tracing`: spans around the run, its lock, each migration and what is sent
//! for it, and an event for whatever a host is told. No string of a statement is in any field.

use std::ops::Range;

use tracing::{Span, debug, debug_span, info, info_span, warn};

use super::{Event, Target, work::Journey};
use crate::{
    dialect::Dialect,
    history::Direction,
    sql::{self, Statement},
};

/// How much of a statement stands in a field, in characters.
const SHOWN: usize = 200;

/// Around a run, from the first look to the last mark.
pub(super) fn run(command: &'static str, target: &Target<'_>) -> Span {
    let server = target.connection.server();
    info_span!(
        "run",
        command,
        product = server.product,
        host = server.host,
        database = server.database,
    )
}

/// While the run's lock is taken, and waited for.
pub(super) fn lock() -> Span {
    debug_span!("lock")
}

/// Around a migration that is applied or taken back, what an earlier run began included.
pub(super) fn migration(name: &str, direction: Direction) -> Span {
    info_span!("migration", name, direction = direction.word())
}

/// Around migrations that share a transaction.
pub(super) fn migrations(first: &str, last: &str, count: usize) -> Span {
    info_span!("migrations", first, last, count, direction = Direction::Up.word())
}

/// Around a step outside of a transaction, its marks included.
pub(super) fn step(
    journey: Journey<'_>,
    position: usize,
    statement: &Statement,
    dialect: &Dialect,
) -> Span {
    debug_span!(
        "step",
        step = position + 1,
        steps = journey.planned.steps.len(),
        statement = shown(dialect, &super::work::text_of(statement)),
    )
}

/// Around a transaction of these steps.
pub(super) fn transaction(journey: Journey<'_>, range: &Range<usize>) -> Span {
    let steps = journey.planned.steps.len();
    debug_span!("transaction", first = range.start + 1, last = range.end, steps)
}

/// While the catalog is read as a whole.
pub(super) fn catalog() -> Span {
    debug_span!("catalog")
}

/// Says what a host is told. What the spans say already is not said again.
pub(super) fn heard(event: &Event, dialect: &Dialect) {
    match event {
        Event::Waiting { holder, .. } => info!(holder, "waiting for another run"),
        Event::LockRetaken => warn!("a script gave the lock up; it was taken again"),
        Event::GaveWay { migration, step, peer } => {
            warn!(migration, step, peer, "a session that waits for the lock was let go first");
        }
        Event::Resuming { migration, direction, done, steps } => {
            let direction = direction.word();
            info!(migration, direction, done, steps, "an earlier run left it half way");
        }
        Event::StillRunning { migration, step, session, statement, cancels, .. } => {
            let statement = shown(dialect, statement);
            warn!(migration, step, session, statement, cancels, "still running on the server");
        }
        Event::FoundDone { migration, step } => {
            info!(migration, step, "an earlier run's step turns out to be done");
        }
        Event::Cured { migration, what } => {
            warn!(migration, statement = shown(dialect, what), "put away what a dead run left");
        }
        Event::Blocked { migration, step, by, tries, pause, .. } => {
            let by = by.first().map(ToString::to_string).unwrap_or_default();
            let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            warn!(migration, step, by, tries, pause_ms, "somebody else holds its lock");
        }
        Event::BatchFinished { migration, step, table, rows, .. } => {
            debug!(migration, step, table, rows, "a batch is done");
        }
        Event::StepFinished { migration, step, statement, .. } => {
            debug!(migration, step, statement, "the step is done");
        }
        Event::PassedOver { migration, step, operation, why } => {
            warn!(migration, step, operation, why, "the step is passed over");
        }
        Event::Finished { migration, direction, statements, .. } => {
            info!(migration, direction = direction.word(), statements, "the migration is done");
        }
        Event::SetAside { migration, what, kept } => {
            info!(migration, what, kept, "set aside instead of dropped");
        }
        Event::PutBack { migration, what } => info!(migration, what, "put back"),
        Event::LeftAside { migration, id, what, because } => {
            warn!(migration, id, what, because, "what was set aside did not come back");
        }
        Event::Renumbered { migration, now } => {
            info!(migration, now, "its file has another number by now");
        }
        Event::Folded { migration, replaced } => {
            info!(migration, replaced = replaced.join(", "), "all that it replaces has run");
        }
        Event::Told { migration, words } => info!(migration, words, "the code says"),
        Event::Said(notice) => {
            debug!(severity = notice.severity, message = notice.message, "the server says");
        }
        Event::Started { .. }
        | Event::StepStarted { .. }
        | Event::StepsStarted { .. }
        | Event::Unknown { .. }
        | Event::Progress(_) => {}
    }
}

fn shown(dialect: &Dialect, text: &str) -> String {
    sql::shown(dialect, text, SHOWN)
}
