//! How a migration is taken back of which only a part is done.
//!
//! An operation that is done whole is taken back as always. Of one that is done in part, or whose
//! undo nobody has said, each done step is taken back by itself where its words leave no doubt;
//! otherwise what takes back the whole is used as far as the catalog shows that there is
//! something to take back; otherwise the operation is finished first.

use super::{
    Planned, Stake, Step, Stop, Undo,
    work::{self, Failed, Journey, Work},
};
use crate::{
    connection::Row,
    dialect::{After, Constraints, Dialect, ForeignKeys, Look, Object},
    history::{Direction, Record, StepRecord},
    schema::Name,
    sql::{
        Body, Kind, Statement,
        classify::{is_guarded, only_renames},
        dropping,
    },
};

/// What is done about an operation that can't be taken back in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// It is finished and then taken back whole.
    Finish,
    /// Nothing: it can't be finished, or this is only a plan.
    Refuse,
}

/// How the done part of a migration is taken back that stopped half way up, in the order of its
/// operations. `undo` is how each of them is taken back whole.
pub(super) fn undo_of_done(
    work: &mut Work<'_, '_>,
    record: &Record,
    planned: &Planned,
    mut undo: Vec<Undo>,
    otherwise: Otherwise,
) -> Result<Vec<Undo>, Stop> {
    let name = &record.name;
    Undo::refuse_by_word(name, &undo)?;
    let journey = Journey { name, direction: Direction::Up, planned, places: &[] };
    let done = if work.only_looks {
        steps(work, name)?.iter().filter(|it| it.done).count()
    } else {
        work.settle(journey).map_err(Failed::stop)?
    };
    let records = steps(work, name)?;
    let next = planned.steps.get(done);
    let whole = next.map_or(undo.len(), |it| it.operation);
    for (position, undo) in undo.iter_mut().enumerate().take(whole) {
        if undo.statements.is_err()
            && let Some(derived) = derived(work.dialect(), planned, &records, position, done)
        {
            *undo = one_by_one(undo, derived);
        }
    }
    if next.is_some_and(|it| matches!(it.statement.body, Body::Batches(_)))
        && records.iter().any(|it| it.position == done)
    {
        // Of what goes in batches any part is taken back as the whole.
        undo.truncate(whole + 1);
        return Ok(undo);
    }
    let begun =
        done > 0 && next.is_some_and(|it| planned.steps[done - 1].operation == it.operation);
    if !begun {
        undo.truncate(whole);
        return Ok(undo);
    }
    undo.truncate(whole + 1);
    let Some(last) = undo.last_mut() else { return Ok(undo) };
    let dialect = work.dialect();
    if let Some(statements) = derived(dialect, planned, &records, whole, done) {
        *last = one_by_one(last, statements);
        return Ok(undo);
    }
    let steps = &planned.steps[..done];
    let steps: Vec<&Statement> =
        steps.iter().filter(|it| it.operation == whole).map(|it| &it.statement).collect();
    let of_whole = last.statements.clone().unwrap_or_default();
    if last.statements.is_ok() && touched(&steps, &of_whole).is_some() {
        last.statements = Ok(remaining(work, &steps, of_whole)?);
        return Ok(undo);
    }
    let cant = Stop::MidOperation { migration: name.clone(), operation: planned.operation(done) };
    if work.only_looks {
        return Ok(undo);
    }
    // What can't be taken back whole need not be finished.
    if otherwise == Otherwise::Refuse || last.statements.is_err() {
        return Err(cant);
    }
    finish(work, journey, done, whole).map_err(Failed::stop)?;
    Ok(undo)
}

/// The undo of an operation by these statements, and what they put at stake.
fn one_by_one(undo: &Undo, statements: Vec<Statement>) -> Undo {
    let lost = |it: &Look| match (&it.object, &it.after) {
        (Object::Table(table), After::Absent) => Some(Stake { table: table.clone(), column: None }),
        (Object::Column(table, column), After::Absent) => {
            Some(Stake { table: table.clone(), column: Some(column.clone()) })
        }
        _ => None,
    };
    // What is renamed has two looks, and loses nothing.
    let drops = statements.iter().filter(|it| it.looks.len() == 1);
    let stakes = drops.flat_map(|it| &it.looks).filter_map(lost).collect();
    Undo { stakes, statements: Ok(statements), ..undo.clone() }
}

fn steps(work: &mut Work<'_, '_>, name: &str) -> Result<Vec<StepRecord>, Stop> {
    let history = work.history.clone();
    let steps = history.steps(work.target.connection, name, Direction::Up);
    steps.map_err(|it| work::database("reading the history", it))
}

/// Runs what is left of an operation.
fn finish(
    work: &mut Work<'_, '_>,
    journey: Journey<'_>,
    done: usize,
    operation: usize,
) -> Result<(), Failed> {
    super::up::begin_run(work)?;
    let left = journey.planned.steps[done..].iter().take_while(|it| it.operation == operation);
    let end = done + left.count();
    let planned =
        Planned { steps: journey.planned.steps[..end].to_vec(), ..journey.planned.clone() };
    let journey = Journey { planned: &planned, ..journey };
    work.go_on(journey, done, Vec::new())?;
    work.pay()?;
    work.reset_session(&planned.steps)
}

/// What takes back the done steps of an operation one by one, the last first; `None` where the
/// words of one of them don't say it.
fn derived(
    dialect: &Dialect,
    planned: &Planned,
    records: &[StepRecord],
    operation: usize,
    done: usize,
) -> Option<Vec<Statement>> {
    let steps = planned.steps[..done].iter().enumerate();
    let mut undone = Vec::new();
    let mine = |it: &Step| it.operations().any(|it| it == operation);
    for (position, step) in steps.rev().filter(|(_, it)| mine(it)) {
        let observed = records.iter().find(|it| it.position == position);
        undone.extend(inverse(dialect, &step.statement, observed.map(|it| it.observed.as_str()))?);
    }
    Some(undone)
}

/// What takes a statement back, where its words leave no doubt: what it made is
/// dropped, and what it renamed gets its name again. `observed` is what the catalog said before.
fn inverse(
    dialect: &Dialect,
    statement: &Statement,
    observed: Option<&str>,
) -> Option<Vec<Statement>> {
    match statement.kind {
        // Nothing to take back; what can be repeated may be there already when it runs again.
        Kind::Session | Kind::Nothing | Kind::Repeatable => return Some(Vec::new()),
        Kind::Rows | Kind::Unknown => return None,
        Kind::Schema => {}
    }
    let Body::Text(text) = &statement.body else { return None };
    let back = |sql: String, looks: Vec<Look>| Some(vec![Statement::schema(sql, looks)]);
    let absent = |object: &Object| Look { object: object.clone(), after: After::Absent };
    match statement.looks.as_slice() {
        [Look { object, after: After::Present }] => {
            // What was there before must not be dropped.
            let made = was_absent(object, observed) || !is_guarded(dialect, text);
            let drop = drop_of(dialect, object).filter(|_| made)?;
            back(drop, vec![absent(object)])
        }
        [
            Look { object: from, after: After::Absent },
            Look { object: to, after: After::Present },
        ] if only_renames(dialect, text) => {
            let looks = vec![absent(to), Look { object: from.clone(), after: After::Present }];
            back(rename_of(dialect, to, from)?, looks)
        }
        _ => None,
    }
}

fn was_absent(object: &Object, observed: Option<&str>) -> bool {
    let sight: Option<std::collections::BTreeMap<String, Vec<Row>>> =
        observed.and_then(|it| serde_json::from_str(it).ok());
    sight.is_some_and(|it| it.get(&object.to_string()).is_some_and(Vec::is_empty))
}

fn drop_of(dialect: &Dialect, object: &Object) -> Option<String> {
    let alter = |table: &Name| format!("ALTER TABLE {}", dialect.quote_name(table));
    Some(match object {
        Object::Table(table) => format!("DROP TABLE {}", dialect.quote_name(table)),
        Object::Column(table, column) => {
            format!("{} DROP COLUMN {}", alter(table), dialect.quote(column))
        }
        Object::Index(table, index) if dialect.indexes.of_table => {
            format!("DROP INDEX {} ON {}", dialect.quote(index), dialect.quote_name(table))
        }
        Object::Index(table, index) => {
            let name = Name { namespace: table.namespace.clone(), name: index.clone() };
            format!("DROP INDEX {}", dialect.quote_name(&name))
        }
        Object::ForeignKey(table, key) => match dialect.foreign_keys {
            ForeignKeys::Clauses { drop, .. } => {
                format!("{} {drop} {}", alter(table), dialect.quote(key))
            }
            ForeignKeys::Rebuild => return None,
        },
        Object::Constraint(table, name) => match dialect.constraints {
            Constraints::Clauses { .. } => {
                format!("{} DROP CONSTRAINT {}", alter(table), dialect.quote(name))
            }
            Constraints::Rebuild => return None,
        },
        Object::LoneIndex(index) => format!("DROP INDEX {}", dialect.quote_name(index)),
        Object::View(name) => format!("DROP VIEW {}", dialect.quote_name(name)),
        Object::MaterializedView(name) => {
            format!("DROP MATERIALIZED VIEW {}", dialect.quote_name(name))
        }
        Object::Routine(name) => dropping(dialect, name, None),
        Object::Type(name) => format!("DROP TYPE {}", dialect.quote_name(name)),
        // PostgreSQL has no way to take a value out of a type, and what else is in a namespace by
        // now is nobody's to drop.
        Object::EnumValue(..)
        | Object::Namespace(_)
        | Object::AutoUpdate(..)
        | Object::Function(_)
        | Object::Partition(..)
        | Object::PrimaryKey(_)
        | Object::Leftovers(_) => return None,
    })
}

fn rename_of(dialect: &Dialect, from: &Object, to: &Object) -> Option<String> {
    match (from, to) {
        (Object::Table(from), Object::Table(to))
            if from.namespace.is_none() && to.namespace.is_none() =>
        {
            let (from, to) = (dialect.quote_name(from), dialect.quote_name(to));
            Some(format!("ALTER TABLE {from} RENAME TO {to}"))
        }
        (Object::Column(table, from), Object::Column(other, to)) if table == other => {
            let (from, to) = (dialect.quote(from), dialect.quote(to));
            Some(format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", dialect.quote_name(table)))
        }
        _ => None,
    }
}

/// The objects that done steps have touched, where all that is said of them and of what takes the
/// whole operation back can be seen in the catalog.
fn touched<'s>(done: &[&'s Statement], undo: &[Statement]) -> Option<Vec<&'s Object>> {
    let seen = |it: &Statement| {
        !it.looks.is_empty() || matches!(it.kind, Kind::Session | Kind::Nothing | Kind::Repeatable)
    };
    // Rows that were written go with the column or table that they were written to.
    let known = |it: &&Statement| seen(it) || it.kind == Kind::Rows;
    let all = done.iter().all(known) && undo.iter().all(seen);
    all.then(|| done.iter().flat_map(|it| &it.looks).map(|it| &it.object).collect())
}

/// What takes the whole operation back, without what there is nothing to take back of.
fn remaining(
    work: &mut Work<'_, '_>,
    done: &[&Statement],
    undo: Vec<Statement>,
) -> Result<Vec<Statement>, Stop> {
    let touched = touched(done, &undo).unwrap_or_default();
    let mut left = Vec::new();
    for statement in undo {
        let concerns = |it: &Look| touched.iter().any(|other| is_of(&it.object, other));
        let idle = statement.looks.is_empty();
        if idle || statement.looks.iter().any(concerns) && !has_landed(work, &statement)? {
            left.push(statement);
        }
    }
    Ok(left)
}

/// Whether an object is another one, or a part of it.
fn is_of(object: &Object, other: &Object) -> bool {
    let table = match object {
        Object::Table(table)
        | Object::Column(table, _)
        | Object::Index(table, _)
        | Object::ForeignKey(table, _)
        | Object::AutoUpdate(table, _)
        | Object::Constraint(table, _)
        | Object::PrimaryKey(table)
        | Object::Partition(table, _) => table,
        Object::LoneIndex(_)
        | Object::Type(_)
        | Object::Namespace(_)
        | Object::View(_)
        | Object::MaterializedView(_)
        | Object::Routine(_)
        | Object::EnumValue(..)
        | Object::Function(_)
        | Object::Leftovers(_) => {
            return object == other;
        }
    };
    object == other || matches!(other, Object::Table(it) if it == table)
}

fn has_landed(work: &mut Work<'_, '_>, statement: &Statement) -> Result<bool, Stop> {
    for look in &statement.looks {
        let query = work.dialect().look_query(&look.object);
        let rows = work.ask("looking at the catalog", &query)?;
        if !work.dialect().landed(&look.after, &rows) {
            return Ok(false);
        }
    }
    Ok(true)
}
