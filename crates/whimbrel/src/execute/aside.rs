//! Setting aside what taking a migration back would drop, and putting it back when the migration
//! is applied again.
//!
//! Either becomes ordinary steps of a plan, the account of it included, so that a run that is
//! stopped is finished like any other. Each thing that is set aside is one fact in
//! `whimbrel_state` which is complete in itself: it holds the statements that put it back and
//! those that let it go.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Event, MigrationPlan, Step, Stop, Undo, stake, work};
use crate::{
    connection::Connection,
    dialect::{After, Dialect, Object},
    history::{Direction, History, Record},
    migration::Loaded,
    operation::runs_own_sql,
    sql::{self, Aside, Body, Gone, Kind, LiveTable, Statement, Ties, Unsupported},
};

/// Something that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Its number.
    pub id: u64,
    /// The migration that was taken back.
    pub migration: String,
    /// What that migration meant then.
    pub meaning: String,
    /// The position of the operation that makes it.
    pub operation: usize,
    /// What it was called.
    pub object: Object,
    /// What it is called while it is set aside.
    pub kept: Object,
    /// The run that set it aside.
    pub run: u64,
    /// The statements that put it back.
    pub back: Vec<Statement>,
    /// The statements that let it go for good.
    pub purge: Vec<Statement>,
}

/// How the names of the facts begin.
const PREFIX: &str = "trash:";

impl SetAside {
    /// The name of the fact that tells of it, under which its steps are journalled too.
    pub(super) fn key(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// The statement that forgets it, as a step of a plan.
    pub(super) fn forget(&self, history: &History) -> Statement {
        rows(history.forget_fact(&self.key()))
    }
}

/// A session, for looking at what is there.
pub(super) struct Eyes<'e> {
    pub connection: &'e mut dyn Connection,
    pub dialect: &'static Dialect,
    pub history: &'e History,
}

impl Eyes<'_> {
    fn ask(&mut self, doing: &str, query: &str) -> Result<Vec<crate::connection::Row>, Stop> {
        self.connection.query(query).map_err(|it| work::database(doing, it))
    }

    /// Whether an object is there, and what the catalog says of it.
    pub(super) fn look(&mut self, object: &Object) -> Result<Option<crate::connection::Row>, Stop> {
        let query = self.dialect.look_query(object);
        Ok(self.ask("looking at the catalog", &query)?.into_iter().next())
    }

    /// Everything that is set aside, the oldest first.
    pub(super) fn trash(&mut self) -> Result<Vec<SetAside>, Stop> {
        let query = self.history.facts(PREFIX);
        let mut trash = Vec::new();
        for row in self.ask("reading what was set aside", &query)? {
            let text = row.into_iter().nth(1).flatten().unwrap_or_default();
            let entry: SetAside = serde_json::from_str(&text).map_err(|error| Stop::Refused {
                message: format!("what was set aside can't be read: {error}"),
                hint: "a newer whimbrel has set it aside; use that version".to_owned(),
            })?;
            trash.push(entry);
        }
        trash.sort_by_key(|it| it.id);
        Ok(trash)
    }

    fn ties(&mut self, table: &crate::schema::Name) -> Result<Result<Ties, Unsupported>, Stop> {
        let query = (self.dialect.looking.ties)(self.dialect, table);
        let rows = self.ask("reading what hangs on a table", &query)?;
        let queries = self.dialect.live_queries(table);
        let mut answers = Vec::new();
        for query in &queries {
            answers.push(self.ask("reading the table as it stands", query)?);
        }
        let live = if queries.is_empty() {
            Ok(None)
        } else {
            LiveTable::from_rows(self.dialect, table, answers).map(Some)
        };
        Ok(live.and_then(|live| Ties::read(self.dialect, table, rows, live)))
    }

    fn aside(
        &mut self,
        object: &Object,
        row: &crate::connection::Row,
        id: u64,
        gone: Gone<'_>,
    ) -> Result<Result<Aside, Unsupported>, Stop> {
        if let Object::Type(name) = object {
            return Ok(Ok(sql::type_aside(self.dialect, name, id, self.history.namespace())));
        }
        let (Object::Table(table) | Object::Column(table, _)) = object else {
            let because = "only tables and columns hold data";
            return Ok(Err(Unsupported::new(format!("to set {object} aside"), because)));
        };
        let ties = match self.ties(table)? {
            Ok(ties) => ties,
            Err(unsupported) => return Ok(Err(unsupported)),
        };
        let (dialect, home) = (self.dialect, self.history.namespace());
        Ok(match object {
            Object::Column(_, column) => ties
                .column(dialect, column, row)
                .and_then(|found| sql::column_aside(dialect, &ties, column, &found, id, gone)),
            _ => sql::table_aside(dialect, &ties, id, home, gone),
        })
    }
}

/// How a migration is taken back without losing anything: what its operations would drop is set
/// aside. The second value tells what that is.
pub(super) fn instead_of_dropping(
    eyes: &mut Eyes<'_>,
    record: &Record,
    run: u64,
    undo: &[Undo],
) -> Result<(Vec<Undo>, Vec<SetAside>), Stop> {
    let trash = eyes.trash()?;
    let mut id = trash.last().map_or(0, |it| it.id);
    let mut entries = Vec::new();
    // What is gone by then, and what gets its name only then.
    let (mut before, mut later) = (BTreeSet::new(), BTreeSet::new());
    let mut turned = undo.to_vec();
    for (operation, undo) in turned.iter_mut().enumerate().rev() {
        let Ok(statements) = &undo.statements else { continue };
        let (mut with_it, mut words) = (BTreeSet::new(), Vec::new());
        let mut kept = Vec::with_capacity(statements.len());
        for statement in statements {
            let looks = statement.looks.iter();
            let there = looks.clone().filter(|it| it.after != After::Absent);
            later.extend(there.map(|it| it.object.clone()));
            let gone = looks.filter(|it| it.after == After::Absent).map(|it| it.object.clone());
            let gone: Vec<Object> = gone.collect();
            let mut found = Vec::new();
            for object in stake::dropped(statement).unwrap_or_default() {
                // A type holds no data, but columns that are set aside may be of it.
                let is_needed = match object {
                    Object::Table(_) | Object::Column(..) => true,
                    Object::Type(_) => !(trash.is_empty() && entries.is_empty()),
                    _ => false,
                };
                if !is_needed {
                    continue;
                }
                match eyes.look(object)? {
                    // What is computed can be computed again.
                    Some(row) if is_computed(object, &row) => {}
                    Some(row) => found.push((object.clone(), row)),
                    None if later.contains(object) => {
                        let because = "only this migration's own undo gives it this name; rename \
                                       it by hand first";
                        return Err(refused(
                            record,
                            Unsupported::new(format!("to set {object} aside"), because),
                        ));
                    }
                    // Nothing is there that could be lost.
                    None => {}
                }
            }
            let is_key = gone.iter().any(|it| matches!(it, Object::PrimaryKey(_)));
            if let (true, Some((column, _))) = (is_key, found.first()) {
                let because = "it is the primary key of its table; copy its values into a column of \
                               another table first, or let them go with `--allow-data-loss`";
                let unsupported = Unsupported::new(format!("to set {column} aside"), because);
                return Err(refused(record, unsupported));
            }
            if found.is_empty() {
                kept.push(statement.clone());
            } else if found.len() < gone.len() {
                let others = gone.iter().filter(|it| found.iter().all(|(found, _)| found != *it));
                let others = others.map(ToString::to_string).collect::<Vec<_>>().join(", ");
                return Err(refused(
                    record,
                    Unsupported::new(
                        format!("to set {} aside", found[0].0),
                        format!("the same statement drops {others}; write a statement for each"),
                    ),
                ));
            } else {
                for (object, row) in found {
                    id += 1;
                    let gone = Gone { before: &before, with_it: &with_it };
                    let aside = eyes
                        .aside(&object, &row, id, gone)?
                        .map_err(|unsupported| refused(record, unsupported))?;
                    let entry = SetAside {
                        id,
                        migration: record.name.clone(),
                        meaning: record.meaning.clone(),
                        operation,
                        object: object.clone(),
                        kept: aside.kept,
                        run,
                        back: aside.back,
                        purge: aside.purge,
                    };
                    let text = serde_json::to_string(&entry).unwrap_or_default();
                    kept.push(rows(eyes.history.insert_fact(&entry.key(), &text)));
                    kept.extend(aside.away);
                    words.push(format!("Set {object} aside"));
                    entries.push(entry);
                }
            }
            before.extend(gone.iter().cloned());
            with_it.extend(gone);
        }
        if !words.is_empty() {
            undo.describe = words.join(", ");
        }
        undo.statements = Ok(kept);
    }
    Ok((turned, entries))
}

/// Whether a look at a column says that it is computed.
fn is_computed(object: &Object, row: &crate::connection::Row) -> bool {
    matches!(object, Object::Column(..)) && row.get(3).is_some_and(Option::is_some)
}

fn refused(record: &Record, unsupported: Unsupported) -> Stop {
    Stop::NotSetAside { migration: record.name.clone(), unsupported }
}

fn rows(text: String) -> Statement {
    Statement { kind: Kind::Rows, ..Statement::schema(text, []) }
}

/// Puts into the plan of a migration, in the place of what would make things anew, what puts back
/// what was set aside when it was taken back. Returns what is to be told once it is done.
pub(super) fn put_back(
    eyes: &mut Eyes<'_>,
    loaded: &Loaded,
    plan: &mut MigrationPlan,
    trash: &[SetAside],
) -> Result<Vec<Event>, Stop> {
    let mut events = Vec::new();
    let mut usable = Vec::new();
    for entry in trash.iter().filter(|it| it.migration == plan.name).rev() {
        not_half_way(eyes, entry)?;
        let because = if entry.meaning != loaded.meaning {
            Some("the migration was changed since")
        } else if eyes.look(&entry.kept)?.is_none() {
            Some("it is not there any more")
        } else if is_sql(loaded, entry) && made_by(plan, entry).is_none() {
            Some("no statement of the migration says that it makes it")
        } else {
            None
        };
        match because {
            None => {
                let (migration, what) = (plan.name.clone(), entry.object.to_string());
                events.push(Event::PutBack { migration, what });
                usable.push(entry);
            }
            Some(because) => events.push(Event::LeftAside {
                migration: plan.name.clone(),
                id: entry.id,
                what: entry.object.to_string(),
                because: because.to_owned(),
            }),
        }
    }
    if usable.is_empty() {
        return Ok(events);
    }
    let mut steps = Vec::with_capacity(plan.plan.steps.len());
    for operation in 0..plan.plan.operations.len() {
        let mine: Vec<&SetAside> =
            usable.iter().filter(|it| it.operation == operation).copied().collect();
        let own_sql = mine.first().is_some_and(|it| is_sql(loaded, it));
        let alone = plan.plan.steps.iter().any(|it| it.operation == operation && it.alone);
        let back = |entry: &SetAside| -> Vec<Step> {
            let statements = entry.back.iter().cloned().chain([entry.forget(eyes.history)]);
            statements.map(|it| Step { alone, ..Step::of(operation, it) }).collect()
        };
        if !mine.is_empty() {
            let words = mine.iter().map(|it| format!("Put back {}", it.object));
            plan.plan.operations[operation] = words.collect::<Vec<_>>().join(", ");
        }
        if !mine.is_empty() && !own_sql {
            steps.extend(mine.iter().flat_map(|it| back(it)));
            continue;
        }
        let undone = !matches!(&plan.undo[operation].statements, Ok(it) if it.is_empty());
        for (position, step) in plan.plan.steps.iter().enumerate() {
            if step.operation != operation {
                continue;
            }
            if let Some(entry) = mine.iter().find(|it| made_by(plan, it) == Some(position)) {
                steps.extend(back(entry));
                continue;
            }
            // Rows that nothing took away came back with their table.
            let stands =
                (!undone || own_sql) && usable.iter().any(|it| fills(eyes.dialect, step, it));
            if !stands && !comes_with(eyes, step, &mine)? {
                steps.push(step.clone());
            }
        }
    }
    plan.plan.steps = steps;
    Ok(events)
}

/// Stops if somebody began to restore or to purge it by hand and was cut off.
fn not_half_way(eyes: &mut Eyes<'_>, entry: &SetAside) -> Result<(), Stop> {
    for (direction, word) in [(Direction::Up, "restore"), (Direction::Down, "purge")] {
        if is_begun(eyes, entry, direction)? {
            let id = entry.id;
            return Err(Stop::Refused {
                message: format!("`trash {word} {id}` was left half way"),
                hint: format!("finish it first: `whimbrel trash {word} {id}`"),
            });
        }
    }
    Ok(())
}

/// Whether somebody began to put it back (up) or to let it go (down) by hand and was cut off.
pub(super) fn is_begun(
    eyes: &mut Eyes<'_>,
    entry: &SetAside,
    direction: Direction,
) -> Result<bool, Stop> {
    let steps = eyes.history.steps(eyes.connection, &entry.key(), direction);
    Ok(!steps.map_err(|it| work::database("reading the history", it))?.is_empty())
}

fn is_sql(loaded: &Loaded, entry: &SetAside) -> bool {
    loaded.migration.operations.get(entry.operation).is_some_and(runs_own_sql)
}

/// The position of the statement of the user's own that makes what was set aside.
fn made_by(plan: &MigrationPlan, entry: &SetAside) -> Option<usize> {
    plan.plan.steps.iter().position(|step| {
        let looks = &step.statement.looks;
        step.operation == entry.operation
            && looks.len() == 1
            && looks.iter().all(|it| it.after != After::Absent && it.object == entry.object)
    })
}

/// Whether a step writes rows or values that were set aside with what they stand in.
fn fills(dialect: &Dialect, step: &Step, entry: &SetAside) -> bool {
    let (Kind::Rows, Body::Text(text)) = (step.statement.kind, &step.statement.body) else {
        return false;
    };
    match &entry.object {
        Object::Column(table, column) => {
            sql::mentions(dialect, text, &table.name) && sql::mentions(dialect, text, column)
        }
        Object::Table(table) => sql::mentions(dialect, text, &table.name),
        _ => false,
    }
}

/// Whether a step makes an index that a table has kept.
fn comes_with(eyes: &mut Eyes<'_>, step: &Step, mine: &[&SetAside]) -> Result<bool, Stop> {
    let [look] = step.statement.looks.as_slice() else { return Ok(false) };
    let Object::Index(table, index) = &look.object else { return Ok(false) };
    for entry in mine {
        let (Object::Table(was), Object::Table(kept)) = (&entry.object, &entry.kept) else {
            continue;
        };
        if was == table {
            let is_said = |it: &Statement| it.looks.iter().any(|it| it.object == look.object);
            let object = Object::Index(kept.clone(), index.clone());
            return Ok(entry.back.iter().any(is_said) || eyes.look(&object)?.is_some());
        }
    }
    Ok(false)
}
