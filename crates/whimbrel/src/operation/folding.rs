//! What two operations in a row come to, and when one may be moved past the other.
//!
//! Where this isn't sure it says that they stand: a list that is longer than need be is right,
//! one that is too short is not.

use std::collections::BTreeSet;

use whimbrel_migration::{
    AddCheck, AddColumn, AddForeignKey, AddIndex, AddUnique, AlterColumn, AlterPrimaryKey,
    AlterTable, Cell, ColumnChange, CreateTable, DatabaseOnly, DefaultChange, DropCheck,
    DropColumn, DropForeignKey, DropIndex, DropUnique, IdentityChange, IgnoreErrors, RenameColumn,
    RenameIndex, RenameTable, StateOnly, TableChange,
};

use super::{
    Operation, Reduced, add_column, alter_primary_key, fitting::indexes_column, rename_column,
    rename_constraint,
};
use crate::{
    schema::{Column, ColumnType, DefaultValue, Name, Routine, RoutineName, Table},
    sql,
};

/// The operations with every pair that comes to less put together, in the order of the rest.
pub fn reduce_all(operations: Vec<Operation>) -> Vec<Operation> {
    let mut waiting: Vec<Operation> = operations.into_iter().rev().collect();
    let mut done: Vec<Operation> = Vec::new();
    while let Some(next) = waiting.pop() {
        match meeting(&done, &next) {
            None => done.push(next),
            Some((at, less)) => {
                // What it has become may come to less with what is before or behind it: both are
                // looked at again. Each time there is one operation less, so this ends.
                waiting.extend(done.drain(at..).skip(1).rev());
                waiting.extend(less.into_iter().rev());
            }
        }
    }
    done
}

/// The last operation that `next` can be moved back to and comes to less with.
fn meeting(done: &[Operation], next: &Operation) -> Option<(usize, Vec<Operation>)> {
    for (at, earlier) in done.iter().enumerate().rev() {
        match super::as_change(earlier).reduce(next) {
            Reduced::To(less) => return Some((at, less)),
            Reduced::Commute => {}
            Reduced::Stand => return None,
        }
    }
    None
}

/// Nothing, or this one operation.
pub(super) fn to_unless(nothing: bool, one: impl FnOnce() -> Operation) -> Reduced {
    Reduced::To(if nothing { vec![] } else { vec![one()] })
}

/// What no operation says of itself: they don't come to less, unless the second one drops what
/// the first one changed.
pub(super) fn apart(first: &Operation, next: &Operation) -> Reduced {
    if let Operation::DropTable(drop) = next
        && is_part_of(first, &drop.table)
    {
        return Reduced::To(vec![next.clone()]);
    }
    if commute(first, next) { Reduced::Commute } else { Reduced::Stand }
}

/// Whether all that an operation does is gone with this table.
fn is_part_of(operation: &Operation, table: &Name) -> bool {
    match operation {
        Operation::AlterTable(it) => it.table == *table,
        Operation::AddColumn(it) => it.table == *table,
        Operation::DropColumn(it) => it.table == *table,
        Operation::AlterColumn(it) => it.table == *table,
        Operation::RenameColumn(it) => it.table == *table,
        Operation::AddIndex(it) => it.table == *table,
        Operation::DropIndex(it) => it.table == *table,
        Operation::RenameIndex(it) => it.table == *table,
        Operation::AddForeignKey(it) => it.table == *table,
        Operation::DropForeignKey(it) => it.table == *table,
        Operation::Upsert(it) => it.table == *table,
        Operation::AddUnique(it) => it.table == *table,
        Operation::DropUnique(it) => it.table == *table,
        Operation::AddCheck(it) => it.table == *table,
        Operation::DropCheck(it) => it.table == *table,
        Operation::RenameConstraint(it) => it.table == *table,
        Operation::AlterPrimaryKey(it) => it.table == *table,
        Operation::Backfill(it) => it.table == *table,
        _ => false,
    }
}

/// What an operation reads or changes.
#[derive(PartialEq, Eq)]
enum Touch {
    /// A table with all that is in it.
    Table(Name),
    /// A part of a table.
    Part(Name, Part),
    /// The defaults that are defined by name.
    Defaults,
    /// Foreign keys of unknown tables: it takes one away, or needs that there is none.
    Pointers,
    /// An enum.
    Enum(Name),
    /// Columns of unknown tables, by the enum that is their type.
    Enums,
    /// A table in which there may be columns of any enum.
    EnumsInside,
    /// A namespace itself, and whether there is anything in it.
    Namespace(String),
    /// That something comes into a namespace, or goes from it.
    InNamespace(String),
    /// A view.
    View(Name),
    /// A trigger, a function or a procedure.
    Routine(RoutineName),
    /// Whatever has one of these names, in lower case: a query speaks of it.
    Spoken(BTreeSet<String>),
    /// Tables and columns of unknown names: a view that goes or changes has spoken of them.
    Resting,
    /// That something goes or becomes another, which views may rest on.
    Shaken,
}

#[derive(PartialEq, Eq)]
enum Part {
    Column(String),
    /// Which columns there are, and in which order.
    Columns,
    Index(String),
    ForeignKey(String),
    /// What is said of the table itself.
    Said,
}

impl Touch {
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table(one), Self::Table(other) | Self::Part(other, _))
            | (Self::Part(one, _), Self::Table(other)) => one == other,
            (Self::Enums, Self::EnumsInside) | (Self::EnumsInside, Self::Enums) => true,
            (Self::Namespace(one), Self::InNamespace(other))
            | (Self::InNamespace(one), Self::Namespace(other)) => one == other,
            (Self::EnumsInside, Self::EnumsInside)
            | (Self::Enums, Self::Enums)
            | (Self::InNamespace(_), Self::InNamespace(_)) => false,
            (Self::Spoken(names), it) | (it, Self::Spoken(names)) => it.is_one_of(names),
            (Self::View(view), Self::Table(name)) | (Self::Table(name), Self::View(view)) => {
                view == name
            }
            (Self::Resting, Self::Shaken) | (Self::Shaken, Self::Resting) => true,
            (Self::Resting, Self::Resting) | (Self::Shaken, Self::Shaken) => false,
            (one, other) => one == other,
        }
    }
}

impl Touch {
    /// Whether it has one of these names.
    fn is_one_of(&self, names: &BTreeSet<String>) -> bool {
        match self {
            Self::Table(name) | Self::Part(name, _) | Self::View(name) | Self::Enum(name) => {
                names.contains(&name.name.to_lowercase())
            }
            Self::Routine(name) => names.contains(&name.own().to_lowercase()),
            _ => false,
        }
    }
}

/// Whether two operations certainly come to the same in either order: they touch nothing in
/// common. SQL of the user's own may touch anything.
pub fn commute(first: &Operation, next: &Operation) -> bool {
    let (Some(first), Some(next)) = (touches(first), touches(next)) else { return false };
    !first.iter().any(|one| next.iter().any(|other| one.meets(other)))
}

/// The same but for the order of a table's columns, in which nobody trusts: two databases may have
/// columns that come and go in another order.
pub fn commute_but_for_order(first: &Operation, next: &Operation) -> bool {
    let comes_or_goes =
        |it: &Operation| matches!(it, Operation::AddColumn(_) | Operation::DropColumn(_));
    if !comes_or_goes(first) || !comes_or_goes(next) {
        return commute(first, next);
    }
    let (Some(mut first), Some(next)) = (touches(first), touches(next)) else { return false };
    first.retain(|it| !matches!(it, Touch::Part(_, Part::Columns)));
    !first.iter().any(|one| next.iter().any(|other| one.meets(other)))
}

/// What an operation touches; `None` where nobody knows.
fn touches(operation: &Operation) -> Option<Vec<Touch>> {
    let mut all = touched(operation)?;
    if shakes(operation) {
        all.push(Touch::Shaken);
    }
    let knows_its_types = match operation {
        Operation::CreateTable(it) => !has_texts(&it.table),
        Operation::AddColumn(it) => !is_written(&it.column),
        _ => false,
    };
    if !knows_its_types && all.iter().any(|it| matches!(it, Touch::Table(_) | Touch::Part(..))) {
        all.push(Touch::EnumsInside);
    }
    let namespaces = come_or_gone(operation).into_iter().filter_map(|it| it.namespace.clone());
    all.extend(namespaces.map(Touch::InNamespace));
    Some(all)
}

/// What an operation makes or takes away that stands in a namespace.
fn come_or_gone(operation: &Operation) -> Vec<&Name> {
    match operation {
        Operation::CreateTable(it) => vec![&it.table.name],
        Operation::DropTable(it) => vec![&it.table],
        Operation::RenameTable(it) => vec![&it.from, &it.to],
        Operation::CreateEnum(it) => vec![&it.enumeration.name],
        Operation::DropEnum(it) => vec![&it.enumeration],
        Operation::RenameEnum(it) => vec![&it.from, &it.to],
        Operation::CreateView(it) => vec![&it.view.name],
        Operation::DropView(it) => vec![&it.view],
        Operation::CreateRoutine(it) => named(&it.routine.name),
        Operation::DropRoutine(it) => named(&it.name),
        _ => vec![],
    }
}

/// The name of a function or a procedure.
fn named(name: &RoutineName) -> Vec<&Name> {
    match name {
        RoutineName::Function(it) | RoutineName::Procedure(it) => vec![it],
        RoutineName::Trigger(..) => vec![],
    }
}

/// What a change of a routine touches. What any text speaks of may be a function.
fn of_routine(name: &RoutineName) -> Vec<Touch> {
    let own = Touch::Routine(name.clone());
    match name.table() {
        Some(table) => vec![own, Touch::Table(table.clone())],
        None => vec![own, Touch::Enums],
    }
}

/// The same, and what the text speaks of.
fn of_text(routine: &Routine) -> Vec<Touch> {
    let mut all = of_routine(&routine.name);
    all.push(Touch::Spoken(sql::routine_speaks_of(routine)));
    all
}

/// Whether something goes or becomes another that views may rest on.
fn shakes(operation: &Operation) -> bool {
    match operation {
        Operation::DropTable(_)
        | Operation::RenameTable(_)
        | Operation::DropColumn(_)
        | Operation::RenameColumn(_)
        | Operation::AlterPrimaryKey(_)
        | Operation::SetEnumValues(_)
        | Operation::DropEnum(_)
        | Operation::DropView(_)
        | Operation::AlterRoutine(_)
        | Operation::DropRoutine(_) => true,
        Operation::AlterColumn(it) => {
            let change = &it.change;
            change.data_type.is_some() || change.generated.is_some() || change.collation.is_some()
        }
        _ => false,
    }
}

/// Whether there is SQL of the user's own in a table, which may speak of any enum.
fn has_texts(table: &Table) -> bool {
    !table.checks.is_empty()
        || table.columns.iter().any(|it| is_written(&it.column))
        || table.indexes.iter().any(|it| it.filter.is_some() || it.expressions().next().is_some())
}

/// The same of a column.
fn is_written(column: &Column) -> bool {
    column.generated.is_some() || matches!(column.default, Some(DefaultValue::Sql(_)))
}

fn touched(operation: &Operation) -> Option<Vec<Touch>> {
    let part = |table: &Name, part: Part| Touch::Part(table.clone(), part);
    Some(match operation {
        Operation::CreateTable(it) => {
            let mut all = vec![Touch::Table(it.table.name.clone())];
            all.extend(it.table.foreign_keys.iter().map(|it| Touch::Table(it.table.clone())));
            all.extend(it.table.columns.iter().flat_map(|it| column_touches(&it.column)));
            all
        }
        Operation::DropTable(it) => {
            vec![Touch::Table(it.table.clone()), Touch::Pointers, Touch::Defaults]
        }
        Operation::RenameTable(it) => {
            vec![Touch::Table(it.from.clone()), Touch::Table(it.to.clone())]
        }
        Operation::AlterTable(it) => vec![part(&it.table, Part::Said)],
        Operation::AddColumn(it) => {
            let mut all = column_touches(&it.column);
            if it.column.generated.is_some() || it.column.primary_key {
                all.push(Touch::Table(it.table.clone()));
            }
            if it.column.primary_key {
                all.push(Touch::Pointers);
            }
            all.push(part(&it.table, Part::Column(it.name.clone())));
            all.push(part(&it.table, Part::Columns));
            all.extend(
                add_column::foreign_key(it).map(|key| part(&it.table, Part::ForeignKey(key.name))),
            );
            all
        }
        Operation::DropColumn(it) => vec![
            part(&it.table, Part::Column(it.column.clone())),
            part(&it.table, Part::Columns),
            Touch::Pointers,
            Touch::Defaults,
        ],
        Operation::AlterColumn(it) => {
            let mut all = vec![part(&it.table, Part::Column(it.column.clone()))];
            all.extend(it.change.data_type.iter().flat_map(type_touches));
            if it.change.default.is_some() {
                all.push(Touch::Defaults);
            }
            if it.change.generated.is_some() {
                all.push(Touch::Table(it.table.clone()));
            }
            all
        }
        Operation::AddIndex(it)
            if it.index.filter.is_none() && it.index.expressions().next().is_none() =>
        {
            let columns = it.index.column_names().chain(&it.index.include);
            let columns = columns.map(|column| part(&it.table, Part::Column(column.clone())));
            let name = part(&it.table, Part::Index(it.index.name.clone()));
            columns.chain([name]).collect()
        }
        Operation::AddIndex(it) => vec![Touch::Table(it.table.clone())],
        Operation::DropIndex(it) => vec![Touch::Table(it.table.clone())],
        Operation::RenameIndex(it) => vec![Touch::Table(it.table.clone())],
        Operation::RenameColumn(it) => vec![Touch::Table(it.table.clone())],
        Operation::AddForeignKey(it) => {
            vec![Touch::Table(it.table.clone()), Touch::Table(it.foreign_key.table.clone())]
        }
        Operation::DropForeignKey(it) => vec![Touch::Table(it.table.clone()), Touch::Pointers],
        // Foreign keys and other constraints of the table share its names.
        Operation::AddUnique(it) => vec![Touch::Table(it.table.clone())],
        Operation::DropUnique(it) => vec![Touch::Table(it.table.clone()), Touch::Pointers],
        // A condition may speak of any column, and a rename changes it.
        Operation::AddCheck(it) => vec![Touch::Table(it.table.clone())],
        Operation::DropCheck(it) => vec![Touch::Table(it.table.clone())],
        Operation::RenameConstraint(it) => vec![Touch::Table(it.table.clone())],
        // Whether foreign keys of other tables point at it decides.
        Operation::AlterPrimaryKey(it) => vec![Touch::Table(it.table.clone()), Touch::Pointers],
        Operation::CreateEnum(it) => vec![Touch::Enum(it.enumeration.name.clone())],
        // Texts of any table, and defaults by name, may cast to it.
        Operation::RenameEnum(it) => vec![
            Touch::Enum(it.from.clone()),
            Touch::Enum(it.to.clone()),
            Touch::Enums,
            Touch::Defaults,
        ],
        // Texts of any table, and defaults by name, may speak of the value.
        Operation::RenameEnumValue(it) => {
            vec![Touch::Enum(it.enumeration.clone()), Touch::Enums, Touch::Defaults]
        }
        Operation::AddEnumValue(it) => vec![Touch::Enum(it.enumeration.clone()), Touch::Enums],
        Operation::SetEnumValues(it) => vec![Touch::Enum(it.enumeration.clone()), Touch::Enums],
        Operation::DropEnum(it) => vec![Touch::Enum(it.enumeration.clone()), Touch::Enums],
        Operation::CreateNamespace(it) => vec![Touch::Namespace(it.namespace.clone())],
        Operation::DropNamespace(it) => vec![Touch::Namespace(it.namespace.clone())],
        Operation::CreateView(it) => {
            let name = it.view.name.clone();
            vec![Touch::View(name), Touch::Spoken(sql::spoken_of(&it.view.query))]
        }
        Operation::AlterView(it) => {
            let spoken = Touch::Spoken(sql::spoken_of(&it.query));
            vec![Touch::View(it.view.clone()), spoken, Touch::Resting]
        }
        Operation::DropView(it) => vec![Touch::View(it.view.clone()), Touch::Resting],
        Operation::CreateRoutine(it) => of_text(&it.routine),
        Operation::AlterRoutine(it) => {
            let mut all = of_text(&it.routine);
            all.push(Touch::Resting);
            all
        }
        Operation::DropRoutine(it) => {
            let mut all = of_routine(&it.name);
            all.push(Touch::Resting);
            all
        }
        Operation::SetNamedDefault(_) | Operation::DropNamedDefault(_) => vec![Touch::Defaults],
        Operation::Upsert(it) if !it.rows.iter().flatten().any(is_sql) => {
            vec![Touch::Table(it.table.clone()), Touch::Defaults]
        }
        Operation::Backfill(it)
            if it.filter.is_none() && !it.set.iter().any(|(_, cell)| is_sql(cell)) =>
        {
            vec![Touch::Table(it.table.clone()), Touch::Defaults]
        }
        Operation::Upsert(_) | Operation::Backfill(_) => return None,
        Operation::Run(it) if it.touches.is_empty() => return None,
        Operation::Run(it) => {
            it.touches.iter().cloned().map(Touch::Table).chain([Touch::Defaults]).collect()
        }
        // What it reads and writes beside what is said of it is its writer's affair.
        Operation::RunSql(it) => {
            let state = it.script.state.as_ref().filter(|it| !it.is_empty())?;
            let all: Option<Vec<_>> = state.iter().map(touches).collect();
            all?.into_iter().flatten().collect()
        }
        Operation::NeedsReview(_) | Operation::Irreversible(_) => vec![],
        Operation::StateOnly(StateOnly { operations })
        | Operation::DatabaseOnly(DatabaseOnly { operations })
        | Operation::IgnoreErrors(IgnoreErrors { operations }) => {
            let all: Option<Vec<_>> = operations.iter().map(touches).collect();
            all?.into_iter().flatten().collect()
        }
    })
}

/// Whether a value is SQL, which may read anything.
fn is_sql(cell: &Cell) -> bool {
    matches!(cell, Cell::Value(DefaultValue::Sql(_)))
}

fn column_touches(column: &Column) -> Vec<Touch> {
    let mut all = type_touches(&column.data_type);
    all.extend(column.references.iter().map(|it| Touch::Table(it.table.clone())));
    if matches!(column.default, Some(DefaultValue::Named(_))) {
        all.push(Touch::Defaults);
    }
    all
}

fn type_touches(data_type: &ColumnType) -> Vec<Touch> {
    match data_type {
        ColumnType::KeyOf { table } => vec![Touch::Table((**table).clone())],
        ColumnType::Enum { name, .. } => vec![Touch::Enum((**name).clone())],
        ColumnType::Array { of } | ColumnType::Spelled { of, .. } => type_touches(of),
        _ => vec![],
    }
}

/// Two changes of one column, one after the other.
pub(super) fn both(first: &ColumnChange, next: &ColumnChange) -> ColumnChange {
    // What is numbered is never null, and stays so when the numbering ends.
    let left_null = match (first.identity, next.identity) {
        (_, Some(IdentityChange::Set(_))) => None,
        (Some(IdentityChange::Set(_)), Some(IdentityChange::Drop)) => Some(false),
        _ => first.nullable,
    };
    ColumnChange {
        data_type: next.data_type.clone().or_else(|| first.data_type.clone()),
        using: next.using.clone().or_else(|| first.using.clone()),
        nullable: next.nullable.or(left_null),
        default: next.default.clone().or_else(|| first.default.clone()),
        auto_update: next.auto_update.or(first.auto_update),
        generated: next.generated.clone().or_else(|| first.generated.clone()),
        collation: next.collation.clone().or_else(|| first.collation.clone()),
        comment: next.comment.clone().or_else(|| first.comment.clone()),
        identity: next.identity.or(first.identity),
        options: first.options.then(&next.options),
    }
}

/// Two changes of one table itself, one after the other.
pub(super) fn both_of_table(first: &TableChange, next: &TableChange) -> TableChange {
    TableChange {
        comment: next.comment.clone().or_else(|| first.comment.clone()),
        options: first.options.then(&next.options),
    }
}

/// A column that is added, and what becomes of it next.
pub(super) fn into_column(first: &AddColumn, next: &Operation) -> Reduced {
    let here = |table: &Name, column: &String| *table == first.table && *column == first.name;
    match next {
        Operation::DropColumn(DropColumn { table, column })
            if here(table, column)
                && first.column.references.is_none()
                && !first.column.primary_key =>
        {
            Reduced::To(vec![])
        }
        Operation::AlterColumn(AlterColumn { table, column, change })
            if here(table, column) && keeps_filling(&first.column, change) =>
        {
            let mut merged = first.clone();
            merged.column.take(change);
            Reduced::To(vec![merged.into()])
        }
        Operation::AlterPrimaryKey(AlterPrimaryKey { table, columns })
            if *table == first.table && *columns == [first.name.as_str()] =>
        {
            let mut merged = first.clone();
            merged.column.primary_key = true;
            merged.column.nullable = false;
            Reduced::To(vec![merged.into()])
        }
        Operation::RenameColumn(RenameColumn { table, from, to }) if here(table, from) => {
            let mut merged = first.clone();
            merged.name.clone_from(to);
            // A foreign key keeps the name that it got from the column's first name.
            let key = add_column::foreign_key(first).map(|it| it.name);
            if let (Some(reference), Some(name)) = (&mut merged.column.references, key) {
                reference.name = Some(name);
            }
            Reduced::To(vec![merged.into()])
        }
        next => apart(&first.clone().into(), next),
    }
}

/// Whether rows that are there get the same values when the change is part of the new column:
/// not if they were filled with a default that is then taken away, or are converted.
fn keeps_filling(column: &Column, change: &ColumnChange) -> bool {
    let fills_alike = if column.default.is_some() {
        change.default.is_none() && change.data_type.is_none()
    } else {
        !matches!(change.default, Some(DefaultChange::Set(_)))
    };
    // A column that is computed no more keeps what was computed.
    let was_computed = column.generated.is_some() && change.generated.is_some();
    // One that comes with numbers has them in the rows that are there.
    change.using.is_none() && fills_alike && !was_computed && change.identity.is_none()
}

/// A table that is made, and what becomes of it next.
pub(super) fn into_table(first: &CreateTable, next: &Operation) -> Reduced {
    if let Operation::DropTable(it) = next
        && it.table == first.table.name
    {
        return Reduced::To(vec![]);
    }
    match merged(&first.table, next) {
        Some(table) => Reduced::To(vec![CreateTable { table: table.into() }.into()]),
        None => apart(&first.clone().into(), next),
    }
}

/// The table as it would have been made with the next operation done.
fn merged(table: &Table, next: &Operation) -> Option<Table> {
    let mut merged = table.clone();
    match next {
        Operation::AlterTable(AlterTable { table: name, change }) if *name == table.name => {
            merged.take(change);
        }
        Operation::AddColumn(it) if it.table == table.name => {
            let mut column = it.column.clone();
            column.references = None;
            let is_key = std::mem::take(&mut column.primary_key);
            merged.columns.push(whimbrel_migration::NamedColumn { name: it.name.clone(), column });
            if is_key {
                merged = with_key(merged, vec![it.name.clone()])?;
            }
            merged.foreign_keys.extend(add_column::foreign_key(it));
        }
        Operation::DropColumn(it) if it.table == table.name => {
            if is_mentioned(table, &it.column) || table.columns.len() == 1 {
                return None;
            }
            merged.columns.retain(|column| column.name != it.column);
        }
        Operation::AlterColumn(it) if it.table == table.name => {
            // A column typed by this table's key has the type that the key had first.
            let key = ColumnType::KeyOf { table: Box::new(table.name.clone()) };
            if it.change.data_type.is_some()
                && table.columns.iter().any(|it| is_or_holds(&it.column.data_type, &key))
            {
                return None;
            }
            let column = merged.columns.iter_mut().find(|column| column.name == it.column)?;
            column.column.take(&it.change);
        }
        Operation::RenameColumn(it) if it.table == table.name => {
            if table.columns.iter().any(|it| it.column.references.is_some()) {
                return None;
            }
            rename_column::rename_in(it, &mut merged);
        }
        Operation::AddIndex(AddIndex { table: name, index }) if *name == table.name => {
            merged.indexes.push(index.clone());
        }
        Operation::DropIndex(DropIndex { table: name, index }) if *name == table.name => {
            table.index_named(index)?;
            merged.indexes.retain(|it| it.name != *index);
        }
        Operation::RenameIndex(RenameIndex { table: name, from, to }) if *name == table.name => {
            table.index_named(from)?;
            merged.indexes.iter_mut().filter(|it| it.name == *from).for_each(|it| {
                it.name.clone_from(to);
            });
        }
        Operation::AddForeignKey(AddForeignKey { table: name, foreign_key })
            if *name == table.name =>
        {
            merged.foreign_keys.push(foreign_key.clone());
        }
        Operation::DropForeignKey(DropForeignKey { table: name, foreign_key })
            if *name == table.name =>
        {
            table.foreign_key_named(foreign_key)?;
            merged.foreign_keys.retain(|it| it.name != *foreign_key);
        }
        Operation::AddUnique(AddUnique { table: name, unique }) if *name == table.name => {
            merged.uniques.push(unique.clone());
        }
        Operation::DropUnique(DropUnique { table: name, unique }) if *name == table.name => {
            table.unique_named(unique)?;
            merged.uniques.retain(|it| it.name != *unique);
        }
        Operation::AddCheck(AddCheck { table: name, check }) if *name == table.name => {
            merged.checks.push(check.clone());
        }
        Operation::DropCheck(DropCheck { table: name, check }) if *name == table.name => {
            table.check_named(check)?;
            merged.checks.retain(|it| it.name != *check);
        }
        Operation::RenameConstraint(it) if it.table == table.name => {
            if !rename_constraint::rename_in(it, &mut merged) {
                return None;
            }
        }
        Operation::AlterPrimaryKey(it) if it.table == table.name => {
            merged = with_key(merged, it.columns.clone())?;
        }
        Operation::RenameTable(RenameTable { from, to }) if *from == table.name => {
            if table.columns.iter().any(|it| it.column.references.is_some()) {
                return None;
            }
            merged.name = to.clone();
            for key in merged.foreign_keys.iter_mut().filter(|it| it.table == *from) {
                key.table = to.clone();
            }
            for column in &mut merged.columns {
                retarget(&mut column.column.data_type, from, to);
            }
        }
        _ => return None,
    }
    Some(merged)
}

/// The table with these columns as its key; `None` where something in it was typed by the key that
/// it had.
fn with_key(mut table: Table, columns: Vec<String>) -> Option<Table> {
    let key = ColumnType::KeyOf { table: Box::new(table.name.clone()) };
    let typed = |it: &Column| is_or_holds(&it.data_type, &key) || it.references.is_some();
    if table.columns.iter().any(|it| typed(&it.column)) {
        return None;
    }
    for named in table.columns.iter_mut().filter(|it| it.column.primary_key) {
        named.column.primary_key = false;
        if !table.primary_key.contains(&named.name) {
            table.primary_key.push(named.name.clone());
        }
    }
    alter_primary_key::set_key(&mut table, columns);
    Some(table)
}

fn is_or_holds(data_type: &ColumnType, wanted: &ColumnType) -> bool {
    match data_type {
        ColumnType::Array { of } | ColumnType::Spelled { of, .. } => is_or_holds(of, wanted),
        other => other == wanted,
    }
}

/// A type that is its own table's key, when the table gets another name.
fn retarget(data_type: &mut ColumnType, from: &Name, to: &Name) {
    match data_type {
        ColumnType::KeyOf { table } if **table == *from => **table = to.clone(),
        ColumnType::Array { of } | ColumnType::Spelled { of, .. } => retarget(of, from, to),
        _ => {}
    }
}

/// Whether something in the table speaks of the column beside the column itself.
fn is_mentioned(table: &Table, column: &str) -> bool {
    let names = |them: &[String]| them.iter().any(|it| it == column);
    names(&table.primary_key)
        || sql::computed_from(table, column).next().is_some()
        || table.columns.iter().any(|it| {
            it.name == column && (it.column.references.is_some() || it.column.primary_key)
        })
        || table.foreign_keys.iter().any(|it| names(&it.columns) || names(&it.references))
        || table.indexes.iter().any(|it| indexes_column(it, column))
        || table.uniques.iter().any(|it| it.has(column))
        || table.checks.iter().any(|it| sql::speaks_of(&it.condition, column))
}
