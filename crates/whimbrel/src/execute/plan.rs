//! From a migration to the statements that make it, and those that take it back. Pure: nothing
//! here asks a database.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};

use super::{Stop, kept::kept, new_values};
use crate::{
    dialect::{Ddl, Dialect},
    history::History,
    migration::Loaded,
    operation::{
        Hazard, Inverse, Operation, Span, as_change, first_unfit, in_a_row, parts, runs_own_sql,
    },
    schema::{Conflict, Name, Schema},
    sql::{self, Body, Kind, Statement, Transaction, Unsupported},
};

/// A migration as it will run.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationPlan {
    /// The migration.
    pub name: String,
    /// Its statements, with what they belong to.
    pub plan: Planned,
    /// How each of its operations is taken back, in the order of the operations.
    pub undo: Vec<Undo>,
    /// The schema afterwards, as far as the migrations know it.
    pub after: Schema,
}

/// Statements in their order, and the operations they belong to. Stored with the migration while
/// it runs, so that a later version of whimbrel finishes what this one began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The statements.
    pub steps: Vec<Step>,
    /// The operations, in words.
    pub operations: Vec<String>,
    /// The rows that some of them are refused for if they are there, by the operation's position.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused_for: BTreeMap<usize, String>,
    /// What is to be said beside the statements, each with the position of the statement that it
    /// stands before. For people; it is not stored.
    #[serde(skip)]
    pub remarks: Vec<(usize, String)>,
}

/// One statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The position of the operation that it belongs to.
    pub operation: usize,
    /// The positions of others that it belongs to as well, as their changes of a table are made at
    /// once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<usize>,
    /// Whether it must run outside of a transaction because the migration or the run says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// The statement.
    pub statement: Statement,
}

/// How an operation is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What that is, in words: "Drop table `users`".
    pub describe: String,
    /// The statements, or why there are none.
    pub statements: Result<Vec<Statement>, String>,
    /// What is lost by it, if it is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stakes: Vec<Stake>,
    /// The rows that it is refused for if they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_for: Option<String>,
    /// Whether it must run outside of a transaction because the migration says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// Whether there are no statements because the migration says that it can't be taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_word: bool,
}

/// Rows or values that taking something back would lose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stake {
    /// The table.
    pub table: Name,
    /// The column whose values go; the rows themselves where `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// Steps that run together, by their positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// In one transaction with their marks.
    Together(Range<usize>),
    /// In one transaction in which foreign keys are not enforced but checked at its end.
    WithoutForeignKeys(Range<usize>),
    /// One step by itself, marked before and after.
    Alone(usize),
    /// One step in batches, each in a transaction with the mark of how far it came.
    InBatches(usize),
}

/// The plan of a migration that comes to a database whose schema is `before`.
pub(super) fn plan(
    loaded: &Loaded,
    dialect: &Dialect,
    before: &Schema,
    history: &History,
) -> Result<MigrationPlan, Stop> {
    let mut schema = before.clone();
    let mut planned = Planned::default();
    let mut undo = Vec::new();
    for (position, operation) in loaded.migration.operations.iter().enumerate() {
        let mut after = schema.clone();
        as_change(operation)
            .apply(&mut after)
            .map_err(|it| conflict(loaded, position, (operation, &schema), it))?;
        let span = Span { before: &schema, after: &after };
        let statements = as_change(operation)
            .sql(dialect, span)
            .map_err(|it| unsupported(loaded, position, operation, it))?;
        let steps = planned.steps.len();
        planned.remarks.extend(as_change(operation).remark(dialect, span).map(|it| (steps, it)));
        let alone = loaded.migration.no_transaction;
        let step = |statement| Step { alone, ..Step::of(position, by_itself(statement, alone)) };
        let kept = kept(operation, dialect, history, (&loaded.name, position), span)
            .map_err(|it| unsupported(loaded, position, operation, it))?;
        let mut taken_back = undo_of(operation, dialect, &schema, &after, alone);
        if let Some(kept) = kept {
            planned.steps.extend(kept.remember.into_iter().map(step));
            taken_back.describe = format!("Take back: {}", taken_back.describe);
            taken_back.statements = Ok(kept.back);
        }
        planned.push(dialect, statements.into_iter().map(step).collect());
        planned.operations.push(as_change(operation).describe());
        if let Some(Hazard::DependsOnRows(rows)) = as_change(operation).hazard(&schema) {
            planned.refused_for.insert(position, rows);
        }
        undo.push(taken_back);
        schema = after;
    }
    new_values::cut(&mut planned.steps);
    Ok(MigrationPlan { name: loaded.name.clone(), plan: planned, undo, after: schema })
}

fn undo_of(
    operation: &Operation,
    dialect: &Dialect,
    before: &Schema,
    after: &Schema,
    alone: bool,
) -> Undo {
    let describe = as_change(operation).describe();
    let inverse = match as_change(operation).inverse(before) {
        Ok(Inverse::Operations(operations)) => operations,
        Ok(Inverse::Unknown) => {
            let because = format!("nobody has said how \"{describe}\" is undone");
            return Undo::impossible(describe, because);
        }
        Ok(Inverse::Impossible(why)) => {
            return Undo { by_word: true, ..Undo::impossible(describe, why) };
        }
        Err(conflict) => return Undo::impossible(describe, conflict.to_string()),
    };
    let words: Vec<String> = inverse.iter().map(|it| as_change(it).describe()).collect();
    Undo {
        describe: if words.is_empty() { describe } else { words.join(", ") },
        statements: statements_of(&inverse, dialect, after)
            .map(|all| all.into_iter().map(|it| by_itself(it, alone)).collect()),
        stakes: inverse.iter().flat_map(stakes).collect(),
        refused_for: refused_for(&inverse, after),
        alone,
        by_word: false,
    }
}

/// Code stands outside of a transaction where its migration does: only it knows what it asks for.
fn by_itself(statement: Statement, alone: bool) -> Statement {
    if alone && matches!(statement.body, Body::Code(_)) {
        return Statement { transaction: Transaction::Forbidden, ..statement };
    }
    statement
}

/// The rows that operations in a row are refused for, if they are there.
fn refused_for(operations: &[Operation], start: &Schema) -> Option<String> {
    let mut schema = start.clone();
    let mut rows = Vec::new();
    for operation in operations {
        if let Some(Hazard::DependsOnRows(of)) = as_change(operation).hazard(&schema) {
            rows.push(of);
        }
        as_change(operation).apply(&mut schema).ok()?;
    }
    (!rows.is_empty()).then(|| rows.join(", or "))
}

fn statements_of(
    operations: &[Operation],
    dialect: &Dialect,
    start: &Schema,
) -> Result<Vec<Statement>, String> {
    let mut schema = start.clone();
    let mut statements = Vec::new();
    for operation in operations {
        let mut after = schema.clone();
        as_change(operation).apply(&mut after).map_err(|it| it.to_string())?;
        let span = Span { before: &schema, after: &after };
        statements.extend(as_change(operation).sql(dialect, span).map_err(|it| it.to_string())?);
        schema = after;
    }
    Ok(statements)
}

fn stakes(operation: &Operation) -> Vec<Stake> {
    match operation {
        Operation::DropTable(it) => vec![Stake { table: it.table.clone(), column: None }],
        Operation::DropColumn(it) => {
            vec![Stake { table: it.table.clone(), column: Some(it.column.clone()) }]
        }
        Operation::DatabaseOnly(it) => it.operations.iter().flat_map(stakes).collect(),
        Operation::IgnoreErrors(it) => it.operations.iter().flat_map(stakes).collect(),
        Operation::RunSql(it) => it.script.state.iter().flatten().flat_map(stakes).collect(),
        _ => vec![],
    }
}

impl Undo {
    /// Stops where the migration says that it can't be taken back: its own words say more than that
    /// nobody knows how.
    pub(super) fn refuse_by_word(migration: &str, undo: &[Self]) -> Result<(), Stop> {
        match undo.iter().find(|it| it.by_word).map(|it| &it.statements) {
            Some(Err(because)) => Err(Stop::Irreversible {
                migration: migration.to_owned(),
                because: because.clone(),
                by_word: true,
            }),
            _ => Ok(()),
        }
    }

    /// One that nobody has said, or that nothing can say.
    fn impossible(describe: String, because: String) -> Self {
        let (stakes, refused_for) = (Vec::new(), None);
        let (alone, by_word) = (false, false);
        Self { describe, statements: Err(because), stakes, refused_for, alone, by_word }
    }
}

impl Step {
    /// One that belongs to an operation.
    pub(super) const fn of(operation: usize, statement: Statement) -> Self {
        Self { operation, also: Vec::new(), alone: false, statement }
    }

    /// The positions of all operations that it belongs to.
    pub fn operations(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.operation).chain(self.also.iter().copied())
    }
}

impl Planned {
    /// The plan that takes operations back, the last first. `from` is how many of them are done.
    pub(super) fn revert(name: &str, undo: &[Undo]) -> Result<Self, Stop> {
        Undo::refuse_by_word(name, undo)?;
        let mut planned = Self::default();
        for (position, undo) in undo.iter().rev().enumerate() {
            let statements = undo.statements.clone().map_err(|because| Stop::Irreversible {
                migration: name.to_owned(),
                because,
                by_word: undo.by_word,
            })?;
            let alone = undo.alone;
            let step = |statement| Step { alone, ..Step::of(position, statement) };
            planned.steps.extend(statements.into_iter().map(step));
            planned.operations.push(undo.describe.clone());
            if let Some(rows) = &undo.refused_for {
                planned.refused_for.insert(position, rows.clone());
            }
        }
        Ok(planned)
    }

    /// The same with changes of a table made at once that would write it anew one by one.
    pub(super) fn at_once(mut self, dialect: &Dialect) -> Self {
        let steps = std::mem::take(&mut self.steps);
        for of_one in steps.chunk_by(|one, other| one.operation == other.operation) {
            self.push(dialect, of_one.to_vec());
        }
        self
    }

    /// Puts the steps of an operation behind the others; the only one of them is made one with the last
    /// of another operation where the table need not be written anew for each.
    fn push(&mut self, dialect: &Dialect, mut more: Vec<Step>) {
        if let ([one], Some(last)) = (more.as_slice(), self.steps.last_mut())
            && last.alone == one.alone
            && last.operation != one.operation
        {
            let refuses = last.operations().any(|it| self.refused_for.contains_key(&it));
            let both = sql::at_once(dialect, &last.statement, &one.statement, refuses);
            if let Some(statement) = both {
                last.statement = statement;
                last.also.push(one.operation);
                return;
            }
        }
        self.steps.append(&mut more);
    }

    /// Whether only the user can say of a step, after a crash, if it has run: it doesn't share a
    /// transaction with its mark, it may not run twice, and the database doesn't show its effect.
    pub fn asks(&self, step: usize, dialect: &Dialect) -> bool {
        self.steps.get(step).is_some_and(|step| {
            let statement = &step.statement;
            let shown = !statement.looks.is_empty() || statement.done_when.is_some();
            let repeats =
                matches!(statement.kind, Kind::Repeatable | Kind::Session | Kind::Nothing);
            style(step, dialect) == Style::Alone && !shown && !repeats
        })
    }

    /// The rows that a step is refused for if they are there, as far as its operation knows.
    pub(super) fn refused_for(&self, step: usize) -> Option<String> {
        let operations = self.steps.get(step)?.operations();
        let rows: Vec<&str> =
            operations.filter_map(|it| self.refused_for.get(&it)).map(String::as_str).collect();
        (!rows.is_empty()).then(|| rows.join(", or "))
    }

    /// What a step belongs to, in words.
    pub fn operation(&self, step: usize) -> String {
        let Some(step) = self.steps.get(step) else { return String::new() };
        let words = step.operations().filter_map(|it| self.operations.get(it));
        in_a_row(words.map(String::as_str))
    }
}

/// How the steps from `first` on share transactions on this database.
pub(super) fn groups(steps: &[Step], dialect: &Dialect, first: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (position, step) in steps.iter().enumerate().skip(first) {
        let last = groups.last_mut().filter(|_| !step.statement.after_commit);
        match (style(step, dialect), last) {
            (Style::Together, Some(Group::Together(range)))
            | (Style::WithoutForeignKeys, Some(Group::WithoutForeignKeys(range))) => {
                range.end = position + 1;
            }
            (Style::Together, _) => groups.push(Group::Together(position..position + 1)),
            (Style::WithoutForeignKeys, _) => {
                groups.push(Group::WithoutForeignKeys(position..position + 1));
            }
            (Style::Alone, _) => groups.push(Group::Alone(position)),
            (Style::InBatches, _) => groups.push(Group::InBatches(position)),
        }
    }
    groups
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Together,
    WithoutForeignKeys,
    Alone,
    InBatches,
}

fn style(step: &Step, dialect: &Dialect) -> Style {
    let statement = &step.statement;
    if matches!(statement.body, Body::Batches(_)) {
        return Style::InBatches;
    }
    match (statement.transaction, statement.kind, dialect.ddl) {
        (Transaction::Forbidden | Transaction::Controls, _, _) => Style::Alone,
        (Transaction::WithoutForeignKeys, _, _) => Style::WithoutForeignKeys,
        // Rows and their mark belong in one transaction, whatever the migration says of the rest.
        (Transaction::Allowed, Kind::Rows, _) => Style::Together,
        (Transaction::Allowed, _, _) if step.alone => Style::Alone,
        (Transaction::Allowed, _, Ddl::Transactional) => Style::Together,
        (Transaction::Allowed, Kind::Nothing | Kind::Session, Ddl::Autocommit) => Style::Together,
        (Transaction::Allowed, _, Ddl::Autocommit) => Style::Alone,
    }
}

/// The schema that the `operations` of an applied migration leave.
pub(super) fn replay(loaded: &Loaded, schema: &mut Schema) -> Result<(), Stop> {
    for (position, operation) in loaded.migration.operations.iter().enumerate() {
        as_change(operation)
            .apply(schema)
            .map_err(|it| conflict(loaded, position, (operation, schema), it))?;
    }
    Ok(())
}

fn conflict(
    loaded: &Loaded,
    position: usize,
    (operation, before): (&Operation, &Schema),
    it: Conflict,
) -> Stop {
    let part = first_unfit(operation, before);
    let unfit = parts(operation).get(part).unwrap_or(operation);
    Stop::Conflict {
        migration: loaded.name.clone(),
        operation: as_change(unfit).describe(),
        place: loaded.place_of_part(position, part),
        conflict: it,
    }
}

pub(super) fn unsupported(
    loaded: &Loaded,
    position: usize,
    operation: &Operation,
    it: Unsupported,
) -> Stop {
    Stop::Unsupported {
        migration: loaded.name.clone(),
        operation: as_change(operation).describe(),
        place: loaded.places.get(position).cloned().flatten(),
        own_sql: runs_own_sql(operation),
        unsupported: it,
    }
}
