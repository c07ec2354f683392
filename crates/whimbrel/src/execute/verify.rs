//! Whether a database is as what ran here has left it. Nothing is created, locked or changed, so a
//! role that may only read can ask.

use serde::Serialize;

use super::{
    Difference, Host, Report, Stop, Target, Thing, facts, replayed, seen,
    situation::Drift,
    trace, up,
    work::{self, Work},
};
use crate::{
    history::{self, State},
    schema::Schema,
};

/// How a database differs from what ran here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whether this database has a history of whimbrel's; nothing is compared without one.
    pub has_history: bool,
    /// How many tables the applied migrations lead to.
    pub tables: usize,
    /// What somebody else has changed.
    pub differences: Vec<Difference>,
    /// What is there that no migration has said in whimbrel's own words: made by scripts, or
    /// before there were migrations.
    pub unknown: Vec<Thing>,
    /// Whether the end of the last run was seen. If not, what scripts made can't be told from what
    /// somebody else did, and counts as unknown.
    pub end_seen: bool,
    /// The views, triggers, functions and procedures whose texts could not be compared: the database has made other texts of them, and
    /// what those were at the end of the last run was not seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncompared: Vec<Thing>,
    /// Applied migrations that this checkout doesn't have, so that nobody knows what they did.
    pub missing: Vec<String>,
    /// Applied migrations whose files say something else by now, so that what is expected of them is
    /// not what ran.
    pub edited: Vec<String>,
}

/// Compares the database with what ran here: the applied migrations, and what was seen beside them
/// at the end of the last run.
///
/// # Errors
///
/// Where a migration is half way, a file can't be read, or the database refuses a query.
pub fn verify(target: &mut Target<'_>) -> Result<Verified, Stop> {
    let _span = trace::run("verify", target).entered();
    let (survey, history) = up::arrive(target)?;
    let situation = up::situation(target, &survey, &history)?;
    if let Some(running) = situation.running() {
        return Err(Stop::Refused {
            message: format!("`{}` is half way, so there is nothing to compare with", running.name),
            hint: "finish it with `whimbrel up` first".to_owned(),
        });
    }
    let is_gone =
        |it: &&history::Record| it.state == State::Applied && situation.file(&it.name).is_none();
    let missing = situation.records.iter().filter(is_gone).map(|it| it.name.clone()).collect();
    let mut edited = Vec::new();
    for record in situation.applied() {
        if matches!(situation.drift(record)?, Some(Drift::Edited { .. })) {
            edited.push(record.name.clone());
        }
    }
    if !survey.has_history {
        return Ok(Verified { missing, ..Verified::default() });
    }
    let replayed = replayed::find(target.connection, &history, &situation.known())?;
    let schema = situation.schema(replayed)?;
    let kept = seen::find(target, &history)?.filter(|it| it.is_of(&situation));
    let planned = facts::expected(target, &schema, history.namespace());
    let found = seen::look(target, history.namespace(), &seen::namespaces(&schema, kept.as_ref()));
    let found = found.map_err(|it| work::database("reading the catalog", it))?;

    let by_plan = facts::differences(&planned, &found);
    let unknown: Vec<Thing> =
        by_plan.iter().filter(|it| it.is_unexpected()).map(|it| it.thing.clone()).collect();
    let differences = match &kept {
        Some(seen) => {
            let mut differences = facts::all_differences(&seen.over(planned.clone()), &found);
            // What is as the migrations say is right, whoever put it so.
            let is_right =
                |it: &Difference| it.found.is_some() && planned.get(&it.thing) == it.found.as_ref();
            differences.retain(|it| !is_right(it));
            facts::without_parts(differences)
        }
        None => by_plan.into_iter().filter(|it| !it.is_unexpected()).collect(),
    };
    let unknown = unknown.into_iter().filter(|it| differences.iter().all(|one| one.thing != *it));
    let uncompared = match &kept {
        Some(_) => Vec::new(),
        None => facts::uncompared(&planned, &found),
    };
    Ok(Verified {
        has_history: true,
        uncompared,
        tables: schema.tables().len(),
        unknown: unknown.collect(),
        end_seen: kept.is_some(),
        differences,
        missing,
        edited,
    })
}

/// Where the database differs from a schema that some migrations lead to, in this database's own
/// eyes. Things that the schema has no word for are no difference; things of its kinds that it
/// doesn't have are, as [`Difference::is_unexpected`] tells.
///
/// # Errors
///
/// Where the database refuses a query.
pub fn agrees(target: &mut Target<'_>, expected: &Schema) -> Result<Vec<Difference>, Stop> {
    let (_, history) = up::arrive(target)?;
    let others = seen::namespaces(expected, None);
    let scope = crate::source::live::Scope { own: history.namespace(), others: &others };
    let found = crate::source::live::read(target.connection, target.dialect, scope);
    let found = found.map_err(|it| work::database("reading the catalog", it))?;
    let found = facts::of_schema(target.dialect, &found.schema, history.namespace());
    let expected = facts::expected(target, expected, history.namespace());
    Ok(facts::differences(&expected, &found))
}

/// Takes the database as it is: what differs now is what is expected from now on.
///
/// # Errors
///
/// As for any run that writes the history.
pub fn accept(target: &mut Target<'_>, host: &mut dyn Host) -> Result<Report, Stop> {
    let _span = trace::run("verify", target).entered();
    let (survey, history) = up::arrive(target)?;
    if !survey.has_history {
        return Err(Stop::NoHistory(survey));
    }
    let mut work = Work::new(target, host, history);
    work.lock()?;
    let result = up::begin_run(&mut work).map_err(work::Failed::stop);
    work.leave(result).map(|()| work.report)
}
