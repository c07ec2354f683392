//! Migrations that arrive late, and migrations that this checkout doesn't know.
//!
//! A branch is merged after a younger one has run here: its migrations stand before ones that are
//! applied. Where the operations of the two don't touch the same things it makes no difference;
//! elsewhere whoever runs them must say that this order is fine too.

use std::collections::BTreeSet;

use super::{Stop, situation::Situation};
use crate::{
    history::State,
    operation::{as_change, commute_but_for_order},
};

/// What becomes of a migration that stands before ones that have run here already, and whose
/// operations may come to something else behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Late {
    /// It stops the run.
    #[default]
    Deny,
    /// It is applied, in the order that this database knows.
    Allow,
}

/// What becomes of a run on a database that has applied migrations of which this checkout has no
/// file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newer {
    /// It says so and goes on.
    #[default]
    Warn,
    /// It stops.
    Deny,
}

/// Stops if one of the `wanted` migrations comes too late.
pub(super) fn check(
    situation: &Situation<'_>,
    wanted: &[String],
    policy: Late,
) -> Result<(), Stop> {
    if policy == Late::Allow {
        return Ok(());
    }
    // From the end of the order on: what has run and stands behind the one that is looked at.
    let mut ran: Vec<&str> = Vec::new();
    let mut late: Vec<(&str, usize)> = Vec::new();
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let order: Vec<&str> = situation.graph.order().collect();
    for name in order.into_iter().rev() {
        if situation.record(name).is_some_and(|it| it.state == State::Applied) {
            ran.push(name);
        } else if wanted.contains(name) && !ran.is_empty() {
            late.push((name, ran.len()));
        }
    }
    for (name, behind) in late.into_iter().rev() {
        for other in ran[..behind].iter().rev() {
            conflict(situation, name, other)?;
        }
    }
    Ok(())
}

/// Stops if the operations of two migrations don't come to the same in either order.
fn conflict(situation: &Situation<'_>, late: &str, ran: &str) -> Result<(), Stop> {
    let migrations = situation.migrations;
    let first = migrations.load(ran).map_err(Stop::Unreadable)?;
    let next = migrations.load(late).map_err(Stop::Unreadable)?;
    for (position, operation) in next.migration.operations.iter().enumerate() {
        let stands =
            first.migration.operations.iter().find(|it| !commute_but_for_order(it, operation));
        if let Some(other) = stands {
            return Err(Stop::Late {
                migration: late.to_owned(),
                operation: as_change(operation).describe(),
                place: next.places.get(position).cloned().flatten(),
                ran: ran.to_owned(),
                other: as_change(other).describe(),
            });
        }
    }
    Ok(())
}
