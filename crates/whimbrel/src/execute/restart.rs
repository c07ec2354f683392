//! Running a half-way migration anew: what is done of it is taken back, then its file's text runs.
//!
//! There is no state for it. What is taken back is taken back as by `down`, which any run goes on
//! with, and what was taken back is pending; so a restart may be stopped at any instant.

use super::{
    Stop, UpOptions, revert, review,
    situation::Situation,
    work::{Failed, Work},
};
use crate::history::{Direction, Record, State};

/// The name of the migration that is to run anew, whole. One that isn't half way by now, because
/// the same command did its work before, is left to what `up` does anyway.
pub(super) fn name(situation: &Situation<'_>, options: &UpOptions) -> Result<Option<String>, Stop> {
    let Some(wanted) = &options.restart else { return Ok(None) };
    match revert::find(&situation.records, wanted) {
        Ok(name) => Ok(Some(name)),
        // It may be pending, and never have been begun.
        Err(_) => Ok(Some(situation.graph.find(wanted)?.to_owned())),
    }
}

/// Whether this half-way migration is the one that is to run anew.
pub(super) fn is_meant(record: &Record, name: Option<&str>) -> bool {
    record.state == State::Running
        && record.direction == Direction::Up
        && Some(&*record.name) == name
}

/// Takes back what is done of a migration that stopped half way up.
pub(super) fn take_back(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    record: &Record,
    options: &UpOptions,
) -> Result<(), Failed> {
    if situation.file(&record.name).is_none() {
        return Err(Stop::Refused {
            message: format!("there is no file of `{}` that could run anew", record.name),
            hint: "take back what is done of it with `whimbrel down`".to_owned(),
        }
        .into());
    }
    // What can't be run must not be the reason to take anything back.
    situation.migrations.load(&record.name).map_err(Stop::Unreadable)?;
    review::check(situation.migrations, std::slice::from_ref(&record.name))?;
    revert::take_back_done(work, record, options.allow_data_loss)?;
    work.pay()?;
    // It counts once it is applied.
    work.report.migrations.retain(|it| *it != record.name);
    Ok(())
}
