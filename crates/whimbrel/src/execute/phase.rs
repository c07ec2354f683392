//! The two halves of a deploy: what may run while the programs of before are still at work, and
//! what takes away what only they need.

use std::collections::BTreeSet;

use super::{Stop, situation::Situation};
use crate::operation::{as_change, commute_but_for_order};

/// Which migrations are to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// All of them.
    #[default]
    Both,
    /// Those that don't wait for the deploy.
    BeforeDeploy,
    /// Those that do.
    AfterDeploy,
}

/// The migrations of `pending` that run in this phase.
///
/// One that doesn't wait for the deploy may run ahead of one that does and that it comes after, where
/// the two don't touch the same things. One that waits has to find everything done that it comes
/// after.
pub(super) fn of(
    situation: &Situation<'_>,
    pending: Vec<String>,
    phase: Phase,
) -> Result<Vec<String>, Stop> {
    if phase == Phase::Both {
        return Ok(pending);
    }
    let mut late: BTreeSet<&str> = BTreeSet::new();
    for name in &pending {
        if waits(situation, name)? {
            late.insert(name);
        }
    }
    let is_in = |name: &String| late.contains(name.as_str()) == (phase == Phase::AfterDeploy);
    for name in pending.iter().filter(|it| is_in(it)) {
        let ancestors = situation.graph.ancestors(name);
        let open = ancestors.into_iter().filter(|it| pending.iter().any(|name| name == it));
        for other in open {
            let is_late = late.contains(other);
            if phase == Phase::BeforeDeploy && is_late {
                may_overtake(situation, name, other)?;
            } else if phase == Phase::AfterDeploy && !is_late {
                return Err(too_early(name, other));
            }
        }
    }
    let chosen = pending.iter().filter(|it| is_in(it)).cloned().collect();
    Ok(chosen)
}

/// Whether a migration waits for the deploy.
pub(super) fn waits(situation: &Situation<'_>, name: &str) -> Result<bool, Stop> {
    let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
    Ok(loaded.migration.after_deploy)
}

/// Stops unless two migrations come to the same in either order.
fn may_overtake(situation: &Situation<'_>, name: &str, late: &str) -> Result<(), Stop> {
    let first = situation.migrations.load(late).map_err(Stop::Unreadable)?;
    let next = situation.migrations.load(name).map_err(Stop::Unreadable)?;
    for operation in &next.migration.operations {
        if let Some(other) =
            first.migration.operations.iter().find(|it| !commute_but_for_order(it, operation))
        {
            return Err(Stop::OutOfTurn {
                message: format!(
                    "`{name}` can't run before the deploy: it comes after `{late}`, which runs after \
                     it, and may not change places with it ({} / {})",
                    as_change(operation).describe(),
                    as_change(other).describe()
                ),
                hint: format!(
                    "once no program needs any more what `{late}` takes away, run `whimbrel up --phase \
                     after-deploy --to {late}` first; or let `{name}` run after the deploy as well"
                ),
            });
        }
    }
    Ok(())
}

fn too_early(name: &str, missing: &str) -> Stop {
    Stop::OutOfTurn {
        message: format!(
            "`{name}` runs after the deploy, and `{missing}`, which it comes after, has not run yet"
        ),
        hint: "run `whimbrel up --phase before-deploy`, and deploy, first".to_owned(),
    }
}
