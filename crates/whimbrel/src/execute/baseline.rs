//! Taking over a database that was there before its migrations: what they would have built is
//! compared with what is there, and then they are marked.

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;

use super::{
    Host, MigrationPlan, Stop, Target, Thing, facts, fake, plan, seen,
    situation::Situation,
    up,
    work::{Failed, Work},
};
use crate::{
    dialect::Object,
    history::{How, State, Survey},
    operation::{runs_own_sql, writes_rows},
    schema::Schema,
};

/// What `baseline` is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaselineOptions {
    /// The last migration that is marked, with everything that it comes after: any unique
    /// beginning of its name. All migrations where `None`.
    pub name: Option<String>,
    /// Whether to mark them whatever the database looks like.
    pub unchecked: bool,
}

/// What `baseline` has done and seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Baselined {
    /// The migrations that were marked, parents first.
    pub marked: Vec<String>,
    /// Where the database is not as they would have left it, in words; only where that was not
    /// asked for.
    pub differences: Vec<String>,
    /// What is there beside what they make.
    pub beside: Vec<Thing>,
    /// The views, triggers, functions and procedures that are there, and whose texts could not be compared, as the database has made
    /// other texts of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncompared: Vec<Thing>,
    /// Of these migrations, those that run SQL: tables, columns and indexes of which its
    /// statements tell were looked after, and nothing else of it.
    pub unseen: Vec<String>,
}

/// Marks migrations as applied on a database that has been there before them, if it is as they
/// would have left it.
///
/// # Errors
///
/// [`Stop::NotThere`] with everything that differs, before anything is written; a refusal where
/// other migrations are applied here already.
pub fn baseline(
    target: &mut Target<'_>,
    options: &BaselineOptions,
    host: &mut dyn Host,
) -> Result<Baselined, Stop> {
    let (_, history) = up::arrive(target)?;
    let mut work = Work::new(target, host, history);
    work.lock()?;
    let result = match mark(&mut work, options) {
        Ok(done) => Ok(done),
        Err(Failed::Stop(stop)) => Err(*stop),
        Err(Failed::Overtaken(_)) => {
            let holder = "it has marked it first".to_owned();
            Err(Stop::Locked { holder, waited: Duration::ZERO })
        }
    };
    work.leave(result)
}

fn mark(work: &mut Work<'_, '_>, options: &BaselineOptions) -> Result<Baselined, Failed> {
    let (survey, _) = up::arrive(work.target)?;
    let situation = up::situation(work.target, &survey, &work.history.clone())?;
    let wanted = wanted(&situation, options)?;
    let is_marked = |it: &String| situation.record(it).is_some_and(|it| it.state == State::Applied);
    if wanted.iter().all(is_marked) {
        return Ok(Baselined::default());
    }
    nothing_else_ran(&situation)?;
    let plans = plans(work, &situation, &wanted)?;
    let mut done = compare(work, &plans, &survey)?;
    if !options.unchecked && !done.differences.is_empty() {
        return Err(Stop::NotThere { names: wanted, differences: done.differences }.into());
    }
    done.unseen = with_scripts(&situation, &wanted)?;

    work.ready_history(&survey)?;
    let seen = Survey { has_history: true, ..survey };
    let situation = up::situation(work.target, &seen, &work.history.clone())?;
    seen::before_marks(work, &situation);
    for (position, name) in (situation.next_position()..).zip(&wanted) {
        fake::mark_one(work, &situation, name, How::Baseline, position)?;
    }
    done.marked = wanted;
    Ok(done)
}

/// What is to be marked, parents first.
fn wanted(situation: &Situation<'_>, options: &BaselineOptions) -> Result<Vec<String>, Stop> {
    let order = situation.graph.order().map(str::to_owned);
    let Some(name) = &options.name else { return Ok(order.collect()) };
    let name = situation.graph.find(name)?;
    let mut wanted: BTreeSet<&str> = situation.graph.ancestors(name).into_iter().collect();
    wanted.insert(name);
    Ok(order.filter(|it| wanted.contains(it.as_str())).collect())
}

/// Stops where migrations are applied here: this database has its history already.
fn nothing_else_ran(situation: &Situation<'_>) -> Result<(), Stop> {
    if let Some(running) = situation.running() {
        return Err(Stop::Refused {
            message: format!("`{}` is half way", running.name),
            hint: "finish it with `whimbrel up` first".to_owned(),
        });
    }
    match situation.applied().last() {
        None => Ok(()),
        Some(last) => Err(Stop::Refused {
            message: format!(
                "this database has a history already; `{}` was applied last",
                last.name
            ),
            hint: "mark single migrations with `whimbrel fake NAME`".to_owned(),
        }),
    }
}

/// What the migrations would run on an empty database.
fn plans(
    work: &Work<'_, '_>,
    situation: &Situation<'_>,
    names: &[String],
) -> Result<Vec<MigrationPlan>, Stop> {
    let ahead: Vec<&str> = names.iter().map(String::as_str).collect();
    situation.migrations.read_ahead(&ahead);
    let (mut schema, mut plans) = (Schema::default(), Vec::with_capacity(names.len()));
    for name in names {
        let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
        let plan = plan::plan(&loaded, work.dialect(), &schema, &work.history)?;
        schema = plan.after.clone();
        plans.push(plan);
    }
    Ok(plans)
}

/// Those of the migrations that run SQL.
fn with_scripts(situation: &Situation<'_>, names: &[String]) -> Result<Vec<String>, Stop> {
    let mut found = Vec::new();
    for name in names {
        let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
        let runs = |it| runs_own_sql(it) || writes_rows(it);
        if loaded.migration.operations.iter().any(runs) {
            found.push(name.clone());
        }
    }
    Ok(found)
}

/// What is not as the migrations would have left it, and what is there beside.
fn compare(
    work: &mut Work<'_, '_>,
    plans: &[MigrationPlan],
    survey: &Survey,
) -> Result<Baselined, Stop> {
    let schema = plans.last().map(|it| it.after.clone()).unwrap_or_default();
    let expected = facts::of_schema(work.dialect(), &schema, work.history.namespace());
    let found = fake::found(work, &schema)?;
    let (beside, differ): (Vec<_>, Vec<_>) =
        facts::differences(&expected, &found).into_iter().partition(|it| {
            // A table or a view is somebody else's; a column of a table of ours is a difference.
            it.is_unexpected()
                && (it.thing.is_table() || (it.thing.table.is_none() && it.thing.is_kept_as_text()))
        });
    // Other tools' tables are nobody's business, and those of scripts are known.
    let by_scripts = fake::left_by(plans);
    let is_known = |it: &Thing| {
        let mut tables = by_scripts.keys().filter_map(|it| match it {
            Object::Table(table) => Some(table),
            _ => None,
        });
        survey.peers.contains(&it.name) || tables.any(|table| it.table.as_ref() == Some(table))
    };
    let beside = beside.into_iter().map(|it| it.thing).filter(|it| !is_known(it)).collect();
    let mut differences = Vec::new();
    for difference in differ {
        if difference.is_unexpected() {
            differences.push(format!("{} is there, and no migration makes it", difference.thing));
        } else {
            differences.extend(difference.words());
        }
    }
    differences.extend(fake::not_landed(work, plans, &[&expected])?);
    let uncompared = facts::uncompared(&expected, &found);
    Ok(Baselined { differences, beside, uncompared, ..Baselined::default() })
}
