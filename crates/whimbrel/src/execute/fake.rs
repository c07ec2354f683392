//! Marking migrations as applied, or as not applied, without running them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    Difference, Host, MigrationPlan, Report, Stop, Target,
    facts::{self, Facts, Thing},
    plan, replayed, seen,
    situation::Situation,
    trace, up,
    work::{self, Failed, Work},
};
use crate::{
    dialect::{After, Look, Object},
    history::{How, State, Survey},
    schema::Schema,
    source::live,
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
    let _span = trace::run("fake", target).entered();
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
        let mark = work.history.revert_migration(situation.stands_as(&name), work.run);
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
    let marked: Vec<&String> = pending.iter().filter(|it| wanted.contains(*it)).collect();
    for name in &marked {
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
    }
    let replayed = replayed::find(work.target.connection, &work.history, &situation.known())?;
    let before = situation.schema(replayed)?;
    let mut plans = Vec::with_capacity(marked.len());
    let mut schema = before.clone();
    for name in &marked {
        let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
        let plan = plan::plan(&loaded, work.dialect(), &schema, &work.history)?;
        schema = plan.after.clone();
        plans.push(plan);
    }
    if !options.unchecked {
        let differences = differences(work, &before, &plans)?;
        if !differences.is_empty() {
            let names = marked.into_iter().cloned().collect();
            return Err(Stop::NotThere { names, differences }.into());
        }
    }
    let mut report = Report::default();
    for (position, name) in (situation.next_position()..).zip(marked) {
        mark_one(work, situation, name, How::Faked, position)?;
        report.migrations.push(name.clone());
    }
    Ok(report)
}

/// Where the database is not as these migrations would leave it, all of them together, in words.
/// What they don't touch is no difference, and what scripts do is looked after as far as their
/// statements say it.
fn differences(
    work: &mut Work<'_, '_>,
    before: &Schema,
    plans: &[MigrationPlan],
) -> Result<Vec<String>, Stop> {
    let Some(after) = plans.last().map(|it| &it.after) else { return Ok(Vec::new()) };
    let (dialect, history) = (work.dialect(), work.history.clone());
    let of = |it: &Schema| facts::of_schema(dialect, it, history.namespace());
    let (before, expected) = (of(before), of(after));
    let touched = |thing: &Thing| before.get(thing) != expected.get(thing);
    let found = found(work, after)?;
    let differ = facts::all_differences(&expected, &found);
    let differ = differ.into_iter().filter(|it| touched(&it.thing) && !it.is_beyond_comparing());
    let differ = differ.collect();
    let mut words = in_words(facts::without_parts(differ));
    words.extend(not_landed(work, plans, &[&before, &expected])?);
    Ok(words)
}

/// What statements leave, as far as they say it: of several looks at one object the last.
pub(super) fn left_by(plans: &[MigrationPlan]) -> BTreeMap<&Object, &Look> {
    let steps = plans.iter().flat_map(|it| &it.plan.steps);
    steps.flat_map(|it| &it.statement.looks).map(|it| (&it.object, it)).collect()
}

/// What scripts would have left otherwise, in words. What is `compared` is told already.
pub(super) fn not_landed(
    work: &mut Work<'_, '_>,
    plans: &[MigrationPlan],
    compared: &[&Facts],
) -> Result<Vec<String>, Stop> {
    let (dialect, mut words) = (work.dialect(), Vec::new());
    for look in left_by(plans).values().filter(|it| !is_compared(&it.object, compared)) {
        let rows = work.ask("looking at the catalog", &dialect.look_query(&look.object))?;
        if dialect.landed(&look.after, &rows) {
            continue;
        }
        words.push(match look.after {
            After::Absent => format!("{} is still there", look.object),
            _ if rows.is_empty() => format!("{} is missing", look.object),
            _ => format!("{} is not as it would be left", look.object),
        });
    }
    Ok(words)
}

/// Whether an object is a thing that the migrations say in whimbrel's own words.
fn is_compared(object: &Object, compared: &[&Facts]) -> bool {
    let (table, kind, name) = match object {
        Object::Table(table) => (table, "table", &table.name),
        Object::Column(table, name) => (table, "column", name),
        Object::Index(table, name) => (table, "index", name),
        Object::ForeignKey(table, name) => (table, "foreign key", name),
        // The same word of the catalog's for two of ours.
        Object::Constraint(table, name) => {
            let unique = Thing::of_table(table, "unique constraint", name);
            if compared.iter().any(|it| it.contains_key(&unique)) {
                return true;
            }
            (table, "check", name)
        }
        Object::PrimaryKey(table) => {
            let thing = Thing::of_table(table, "primary key", "");
            return compared.iter().any(|it| it.contains_key(&thing));
        }
        Object::View(name) => {
            return compared.iter().any(|it| it.contains_key(&Thing::view(name, false)));
        }
        Object::MaterializedView(name) => {
            return compared.iter().any(|it| it.contains_key(&Thing::view(name, true)));
        }
        Object::Routine(name) => {
            return compared.iter().any(|it| it.contains_key(&Thing::routine(name)));
        }
        Object::LoneIndex(_)
        | Object::Type(_)
        | Object::Namespace(_)
        | Object::EnumValue(..)
        | Object::Partition(..)
        | Object::AutoUpdate(..)
        | Object::Function(_)
        | Object::Leftovers(_) => return false,
    };
    let thing = Thing { table: Some(table.clone()), kind: kind.to_owned(), name: name.clone() };
    compared.iter().any(|it| it.contains_key(&thing))
}

/// What there is in the database, of the kinds of things that a schema has words for.
pub(super) fn found(work: &mut Work<'_, '_>, expected: &Schema) -> Result<Facts, Stop> {
    let history = work.history.clone();
    let others = seen::namespaces(expected, None);
    let scope = live::Scope { own: history.namespace(), others: &others };
    let found = live::read(work.target.connection, work.target.dialect, scope);
    let found = found.map_err(|it| work::database("reading the catalog", it))?;
    Ok(facts::of_schema(work.dialect(), &found.schema, history.namespace()))
}

/// Differences, a line each; what only the database has should have gone.
pub(super) fn in_words(differences: Vec<Difference>) -> Vec<String> {
    let words = |it: Difference| {
        if it.is_unexpected() { vec![format!("{} is still there", it.thing)] } else { it.words() }
    };
    differences.into_iter().flat_map(words).collect()
}

/// The mark of one migration.
pub(super) fn mark_one(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    name: &str,
    how: How,
    position: u64,
) -> Result<(), Failed> {
    let loaded = situation.migrations.load(name).map_err(Stop::Unreadable)?;
    up::begin_run(work)?;
    let record = work.record(&loaded, how, position);
    let mut marks = Vec::new();
    if situation.record(name).is_some() {
        marks.extend(work.history.forget_migration(name));
    }
    marks.push(work.history.insert_migration(&record, "", ""));
    work.note("marking a migration", &marks)
}
