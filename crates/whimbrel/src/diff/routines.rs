//! Triggers, functions and procedures: which come, go and change, and where between the other
//! changes. What a text speaks of is known by its words alone.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_migration::{AlterRoutine, CreateRoutine, DropRoutine};

use super::{changes::Changes, views::News};
use crate::{
    operation::Operation,
    schema::{
        Column, ColumnType, DefaultValue, Index, Name, PerDatabase, Routine, RoutineName, Schema,
        Table,
    },
    sql,
};

/// The changes of routines around all others.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// Triggers that go for good or for a while, and functions that nothing needs any more.
    pub(super) first: Vec<Operation>,
    /// Triggers that come or change.
    triggers: Vec<Operation>,
    /// Functions and procedures that come or change, each behind those that it speaks of.
    functions: Vec<Operation>,
    /// Functions and procedures that go.
    last: Vec<Operation>,
}

/// The changes of routines from one schema to another. `changes` are those of tables and enums,
/// behind the `renames`, and `views` those before them.
pub(super) fn around(
    before: &Schema,
    after: &Schema,
    renames: &[Operation],
    changes: &Changes<'_>,
    views: &[Operation],
) -> Around {
    let mut around = Around::default();
    if before.routines.is_empty() && after.routines.is_empty() {
        return around;
    }
    let news = News::of(renames, changes, BTreeSet::new());
    let dropped = |table: &Name| {
        let is_it = |it: &Operation| matches!(it, Operation::DropView(it) if it.view == *table);
        changes.dropped.iter().any(|it| it.name == *table) || views.iter().any(is_it)
    };
    // The triggers that stay where they are.
    let mut stay: BTreeMap<RoutineName, &Routine> = BTreeMap::new();
    for routine in sql::routines_in_order(before.routines.values()).into_iter().rev() {
        let RoutineName::Trigger(old, own) = &routine.name else { continue };
        let table = renamed(old, renames);
        let new = RoutineName::Trigger(table.clone(), own.clone());
        // It goes with its table or view.
        if dropped(&table) {
            continue;
        }
        if after.routines.contains_key(&new) && !shaken(&news, &table, routine) {
            stay.insert(new, routine);
        } else {
            around.first.push(DropRoutine { name: routine.name.clone() }.into());
        }
    }
    let table_words: BTreeSet<String> = before.tables().flat_map(words_of_table).collect();
    for routine in sql::routines_in_order(before.routines.values()).into_iter().rev() {
        if routine.name.table().is_some() || after.routines.contains_key(&routine.name) {
            continue;
        }
        let drop = DropRoutine { name: routine.name.clone() }.into();
        // What it takes or returns may be a type or a row of what goes.
        let in_the_way = news.goes(&sql::routine_speaks_of(routine));
        if in_the_way && !table_words.contains(&routine.name.own().to_lowercase()) {
            around.first.push(drop);
        } else {
            around.last.push(drop);
        }
    }
    for routine in sql::routines_in_order(after.routines.values()) {
        let is_trigger = routine.name.table().is_some();
        let old = if is_trigger {
            stay.get(&routine.name).copied()
        } else {
            before.routines.get(&routine.name)
        };
        let list = if is_trigger { &mut around.triggers } else { &mut around.functions };
        match old {
            None => list.push(CreateRoutine { routine: routine.clone() }.into()),
            Some(old) if !same(old, routine) => {
                list.push(AlterRoutine { routine: routine.clone() }.into());
            }
            Some(_) => {}
        }
    }
    around
}

impl Around {
    /// Puts what comes behind the other changes, or in between where those need it.
    pub(super) fn put_into(self, operations: &mut Vec<Operation>) {
        operations.extend(self.triggers);
        for function in self.functions.into_iter().rev() {
            let at = place_of(&function, operations);
            operations.insert(at, function);
        }
        operations.extend(self.last);
    }
}

/// The functions that are dropped and created again, as they take or return something else, by their
/// names in lower case.
pub(super) fn made_anew(before: &Schema, after: &Schema) -> BTreeSet<String> {
    let functions = before.routines.values().filter(|it| it.name.table().is_none());
    let changed = functions.filter(|old| {
        let new = after.routines.get(&old.name);
        new.is_some_and(|new| !sql::same_routine(old, new) && !sql::keeps_its_head(old, new))
    });
    changed.map(|it| it.name.own().to_lowercase()).collect()
}

/// Whether all routines of two schemas are the same but for how their texts are laid out.
pub(super) fn all_same(one: &Schema, other: &Schema) -> bool {
    let same = |(it, that)| sql::same_routine(it, that);
    one.routines.len() == other.routines.len()
        && one.routines.values().zip(other.routines.values()).all(same)
}

/// The same of a trigger whose table may have got another name.
fn same(old: &Routine, new: &Routine) -> bool {
    sql::same_routine(&Routine { name: new.name.clone(), ..old.clone() }, new)
}

/// Whether a trigger may need what goes or becomes another. That its own table gets another name is
/// nothing to it.
fn shaken(news: &News, table: &Name, trigger: &Routine) -> bool {
    let texts: Vec<&PerDatabase> = trigger.when.iter().chain([&trigger.definition]).collect();
    let words: BTreeSet<String> = texts.iter().flat_map(|it| sql::spoken_of(it)).collect();
    let mut all = words.clone();
    all.insert(table.name.to_lowercase());
    news.goes(&words) || news.columns_shake(&all, false)
}

/// The name of a table behind the renames.
fn renamed(table: &Name, renames: &[Operation]) -> Name {
    renames.iter().fold(table.clone(), |name, it| match it {
        Operation::RenameTable(it) if it.from == name => it.to.clone(),
        _ => name,
    })
}

/// Where a function comes: before the first that needs it, and else at the end, before the triggers.
fn place_of(function: &Operation, operations: &[Operation]) -> usize {
    let (Operation::CreateRoutine(CreateRoutine { routine })
    | Operation::AlterRoutine(AlterRoutine { routine })) = function
    else {
        return operations.len();
    };
    let name = routine.name.own().to_lowercase();
    let needs = |it: &Operation| speaks(it).contains(&name);
    let end = operations.iter().position(is_trigger).unwrap_or(operations.len());
    operations.iter().position(needs).map_or(end, |it| it.min(end))
}

fn is_trigger(operation: &Operation) -> bool {
    match operation {
        Operation::CreateRoutine(it) => it.routine.name.table().is_some(),
        Operation::AlterRoutine(it) => it.routine.name.table().is_some(),
        _ => false,
    }
}

/// The words of what is SQL of the user's own in an operation.
fn speaks(operation: &Operation) -> BTreeSet<String> {
    match operation {
        Operation::CreateTable(it) => words_of_table(&it.table).collect(),
        Operation::AddColumn(it) => words_of_column(&it.column).collect(),
        Operation::AlterColumn(it) => {
            let mut column = Column::from(ColumnType::Boolean);
            column.take(&it.change);
            words_of_column(&column).collect()
        }
        Operation::AddCheck(it) => sql::spoken_of(&it.check.condition),
        Operation::AddIndex(it) => words_of_index(&it.index).collect(),
        Operation::SetNamedDefault(it) => sql::spoken_of(&it.value),
        Operation::CreateView(it) => sql::spoken_of(&it.view.query),
        Operation::AlterView(it) => sql::spoken_of(&it.query),
        Operation::CreateRoutine(it) => sql::routine_speaks_of(&it.routine),
        Operation::AlterRoutine(it) => sql::routine_speaks_of(&it.routine),
        _ => BTreeSet::new(),
    }
}

fn words_of_table(table: &Table) -> impl Iterator<Item = String> {
    let columns = table.columns.iter().flat_map(|it| words_of_column(&it.column));
    let checks = table.checks.iter().flat_map(|it| sql::spoken_of(&it.condition));
    columns.chain(checks).chain(table.indexes.iter().flat_map(words_of_index))
}

fn words_of_column(column: &Column) -> impl Iterator<Item = String> {
    let default = match &column.default {
        Some(DefaultValue::Sql(text)) => Some(text),
        _ => None,
    };
    let generated = column.generated.as_ref().map(|it| &it.expression);
    default.into_iter().chain(generated).flat_map(sql::spoken_of)
}

fn words_of_index(index: &Index) -> impl Iterator<Item = String> {
    let filter = index.filter.iter().map(|it| PerDatabase::all(it.clone()));
    let parts = index.expressions().map(|it| PerDatabase::all(it.to_owned()));
    filter.chain(parts).collect::<Vec<_>>().into_iter().flat_map(|it| sql::spoken_of(&it))
}
