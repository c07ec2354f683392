//! Taking the last migrations back and applying them again, for whoever is still writing them.

use super::{
    DownOptions, DownTarget, Host, Late, Report, Stop, Target, UpOptions, UpTarget, revert, review,
    situation::{Drift, Situation},
    up,
};
use crate::history::How;

/// What `redo` is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedoOptions {
    /// How many migrations, from the last applied one on.
    pub count: usize,
    /// Whether rows and values may be lost.
    pub allow_data_loss: bool,
    /// Whether what would be dropped is set aside, and put back where the migration means the same.
    pub keep_data: bool,
}

impl Default for RedoOptions {
    /// The migration that was applied last.
    fn default() -> Self {
        Self { count: 1, allow_data_loss: false, keep_data: false }
    }
}

/// Takes the last migrations back, by the way down that was stored with them, and applies them
/// again as their files are now.
///
/// # Errors
///
/// Before anything is done: where one of them has no file here, or can't be taken back, or `up`
/// would stop at another one's file; and as [`down`](super::down) and [`up`](super::up) do. What
/// was taken back is pending then, and the next `up` applies it.
pub fn redo(
    target: &mut Target<'_>,
    options: &RedoOptions,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let (survey, history) = up::arrive(target)?;
    let situation = up::situation(target, &survey, &history)?;
    let again = again(&situation, options.count)?;
    if again.is_empty() {
        return Ok(Report::default());
    }
    for name in &again {
        // What can't be read is told while it is still applied.
        situation.migrations.load(name).map_err(Stop::Unreadable)?;
    }
    review::check(situation.migrations, &again)?;
    let back = DownOptions {
        target: DownTarget::Count(again.len()),
        allow_data_loss: options.allow_data_loss,
        keep_data: options.keep_data,
    };
    revert::down(target, &back, host)?;
    let mut report = Report::default();
    for name in again {
        // The order was this database's own before.
        let target_of = UpTarget::Named(name);
        let options = UpOptions { target: target_of, late: Late::Allow, ..UpOptions::default() };
        report.migrations.extend(up::up(target, &options, host)?.migrations);
    }
    Ok(report)
}

/// The last applied ones, in the order in which they were applied.
fn again(situation: &Situation<'_>, count: usize) -> Result<Vec<String>, Stop> {
    if let Some(running) = situation.running() {
        return Err(Stop::Refused {
            message: format!("`{}` is half way", running.name),
            hint: "finish it with `whimbrel up` first; or run it anew with `whimbrel up \
                   --restart`"
                .to_owned(),
        });
    }
    let mut again = Vec::new();
    for (place, record) in situation.applied().rev().enumerate() {
        let drift = situation.drift(record)?;
        if place < count {
            if drift == Some(Drift::Missing) {
                return Err(Stop::Refused {
                    message: format!(
                        "`{}` can't be applied again: this checkout doesn't have it",
                        record.name
                    ),
                    hint: "`whimbrel down --unknown` takes such migrations back".to_owned(),
                });
            }
            if record.how != How::Ran {
                return Err(Stop::Refused {
                    message: format!(
                        "`{}` can't be applied again: it was only marked as applied here",
                        record.name
                    ),
                    hint: format!(
                        "take the mark away with `whimbrel fake --undo {}`, and what it makes by \
                         hand",
                        record.name
                    ),
                });
            }
            again.push(record.name.clone());
        } else if matches!(drift, Some(Drift::Edited { .. })) {
            return Err(Stop::Edited(vec![record.name.clone()]));
        }
    }
    again.reverse();
    Ok(again)
}
