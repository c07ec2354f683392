//! What `up` would do: nothing is created, locked or changed.

use super::{Quiet, UpOptions, arrive, newer, situation, wanted};
use crate::execute::{
    MigrationPlan, Stop, Target,
    aside::{self, Eyes},
    files::check_files,
    late, plan, replayed, review, uncovered,
};

/// What `up` would run, migration by migration. Nothing is created or locked.
pub fn plan_up(target: &mut Target<'_>, options: &UpOptions) -> Result<Vec<MigrationPlan>, Stop> {
    let (plans, conflict) = plan_up_to_conflict(target, options)?;
    conflict.map_or(Ok(plans), Err)
}

/// What `up` would run until it comes to a migration that doesn't fit behind what is applied by
/// then, as happens where branches conflict; and what it would say there.
pub fn plan_up_to_conflict(
    target: &mut Target<'_>,
    options: &UpOptions,
) -> Result<(Vec<MigrationPlan>, Option<Stop>), Stop> {
    let (survey, history) = arrive(target)?;
    let situation = situation(target, &survey, &history)?;
    let replayed = replayed::find(target.connection, &history, &situation.known())?;
    let mut schema = situation.schema(replayed)?;
    let (mut plans, mut conflict) = (Vec::new(), None);
    let wanted = wanted(&situation, options)?;
    let again = wanted.iter().any(|it| situation.record(it).is_some());
    let mut eyes =
        Eyes { dialect: target.dialect, connection: &mut *target.connection, history: &history };
    let trash = if again { eyes.trash()? } else { Vec::new() };
    for name in wanted {
        let loaded = situation.migrations.load(&name).map_err(Stop::Unreadable)?;
        let mut plan = match plan::plan(&loaded, eyes.dialect, &schema, &history) {
            Err(stop @ Stop::Conflict { .. }) => {
                conflict = Some(stop);
                break;
            }
            result => result?,
        };
        schema = plan.after.clone();
        aside::put_back(&mut eyes, &loaded, &mut plan, &trash)?;
        plans.push(plan);
    }
    uncovered::foresee(target, plans.iter_mut().map(|it| &mut it.plan))?;
    Ok((plans, conflict))
}

/// What would stop `up` before it runs anything, if something would. Nothing is created or locked.
pub fn obstacle(target: &mut Target<'_>, options: &UpOptions) -> Result<Option<Stop>, Stop> {
    let (survey, history) = arrive(target)?;
    let situation = situation(target, &survey, &history)?;
    if let Err(stop) = check_files(&situation, options, &mut Quiet) {
        return Ok(Some(stop));
    }
    let wanted = wanted(&situation, options)?;
    if let Err(stop) = late::check(&situation, &wanted, options.late) {
        return Ok(Some(stop));
    }
    if let Err(stop) = review::check(situation.migrations, &wanted) {
        return Ok(Some(stop));
    }
    if let Err(stop) = newer(target, &wanted) {
        return Ok(Some(stop));
    }
    let uncharted = !survey.has_history && !survey.tables.is_empty() && !options.into_existing;
    let stops = uncharted && !wanted.is_empty();
    Ok(stops.then_some(Stop::NoHistory(survey)))
}
