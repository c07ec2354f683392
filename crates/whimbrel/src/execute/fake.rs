//! Marking migrations as applied, or as not applied, without running them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    Host, Report, Stop, Target, plan, replayed, seen,
    situation::Situation,
    up,
    work::{Failed, Work},
};
use crate::{
    dialect::{Look, Object},
    history::{How, State, Survey},
    schema::Schema,
};

/// What `fake` is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeOptions {
    /// The migrations; any unique beginning of a name.
    pub names: Vec<String>,
    /// Whether those that they come after are marked as well.
    pub with_parents: bool,
    /// Whether they are marked as not applied.
    pub undo: bool,
    /// Whether to mark them without looking at the database first.
    pub unchecked: bool,
}

/// Marks migrations as applied because what they do is there already, or takes such marks away.
pub fn fake(
    target: &mut Target<'_>,
    options: &FakeOptions,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let (_, history) = up::arrive(target)?;
    let mut work = Work::new(target, host, history);
    work.lock()?;
    let result = mark(&mut work, options);
    let result = match result {
        Ok(report) => Ok(report),
        Err(Failed::Stop(stop)) => Err(*stop),
        Err(Failed::Overtaken(_)) => Err(Stop::Locked {
            holder: "it has marked it first".to_owned(),
            waited: Duration::ZERO,
        }),
    };
    work.leave(result)
}

fn mark(work: &mut Work<'_, '_>, options: &FakeOptions) -> Result<Report, Failed> {
    let (survey, _) = up::arrive(work.target)?;
    work.ready_history(&survey)?;
    let history = work.history.clone();
    let seen = Survey { has_history: true, ..survey };
    let situation = up::situation(work.target, &seen, &history)?;
    if let Some(running) = situation.running() {
        return Err(Stop::Refused {
            message: format!("`{}` is half way", running.name),
            hint: "finish it with `whimbrel up` first".to_owned(),
        }
        .into());
    }
    seen::before_marks(work, &situation);
    if options.undo {
        unmark_all(work, &situation, options)
    } else {
        mark_all(work, &situation, options)
    }
}

fn unmark_all(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    options: &FakeOptions,
) -> Result<Report, Failed> {
    let mut report = Report::default();
    for name in &options.names {
        let exact = situation.record(name).map(|it| it.name.clone());
        let name = match exact {
            Some(name) => name,
            None => situation.graph.find(name).map_err(Stop::from)?.to_owned(),
        };
        if situation.record(&name).is_none_or(|it| it.state != State::Applied) {
            continue;
        }
        up::begin_run(work)?;
        let mark = work.history.revert_migration(&name, work.run);
        work.note("taking a mark away", &[mark])?;
        report.migrations.push(name);
    }
    Ok(report)
}

fn mark_all(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    options: &FakeOptions,
) -> Result<Report, Failed> {
    let mut wanted = BTreeSet::new();
    for name in &options.names {
        let name = situation.graph.find(name).map_err(Stop::from)?;
        wanted.insert(name.to_owned());
        if options.with_parents {
            wanted.extend(situation.graph.ancestors(name).into_iter().map(str::to_owned));
        }
    }
    let pending = situation.pending();
    let replayed = replayed::find(work.target.connection, &work.history, &situation.known())?;
    let mut schema = situation.schema(replayed)?;
    let mut report = Report::default();
    let marked = pending.iter().filter(|it| wanted.contains(*it));
    for (position, name) in (situation.next_position()..).zip(marked) {
        let open = situation
            .graph
            .parents(name)
            .into_iter()
            .find(|parent| pending.iter().any(|it| it == parent) && !wanted.contains(*parent));
        if let Some(parent) = open {
            return Err(Stop::Refused {
                message: format!("`{name}` comes after `{parent}`, which is not applied"),
                hint: format!("mark both: `whimbrel fake {name} --with-parents`"),
            }
            .into());
        }
        mark_one(work, situation, name, &mut schema, position, options)?;
        report.migrations.push(name.clone());
    }
    Ok(report)
}

fn mark_one(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    name: &str,
    schema: &mut Schema,
    position: u64,
    options: &FakeOptions,
) -> Result<(), Failed> {
    let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
    let plan = plan::plan(&loaded, work.dialect(), schema)?;
    if !options.unchecked {
        // Of several looks at one object the last says how it is in the end.
        let mut looks: BTreeMap<&Object, &Look> = BTreeMap::new();
        for step in &plan.plan.steps {
            looks.extend(step.statement.looks.iter().map(|it| (&it.object, it)));
        }
        for look in looks.values() {
            let query = work.dialect().look_query(&look.object);
            let rows = work.ask("looking at the catalog", &query)?;
            if !work.dialect().landed(&look.after, &rows) {
                return Err(Stop::Refused {
                    message: format!(
                        "`{name}` can't be marked as applied: {} is not as it would leave it",
                        look.object
                    ),
                    hint: "apply it with `whimbrel up`, or add `--unchecked` if you know better"
                        .to_owned(),
                }
                .into());
            }
        }
    }
    up::begin_run(work)?;
    let record = work.record(&loaded, How::Faked, position);
    let mut marks = Vec::new();
    if situation.record(name).is_some() {
        marks.extend(work.history.forget_migration(name));
    }
    marks.push(work.history.insert_migration(&record, "", ""));
    work.note("marking a migration", &marks)?;
    *schema = plan.after;
    Ok(())
}
