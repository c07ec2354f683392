//! Which table an operation is about, for names and for what is told.

use whimbrel_migration::{DatabaseOnly, IgnoreErrors, Operation, StateOnly};

use crate::schema::Name;

/// The table that an operation is about: that which it changes, or whose rows.
pub(crate) fn subject(operation: &Operation) -> Option<&Name> {
    match operation {
        Operation::Upsert(it) => Some(&it.table),
        Operation::Backfill(it) => Some(&it.table),
        other => table_of(other),
    }
}

/// The table that an operation changes; none where it changes none of the schema's.
pub(crate) fn table_of(operation: &Operation) -> Option<&Name> {
    use Operation as Op;
    match operation {
        Op::CreateTable(it) => Some(&it.table.name),
        Op::DropTable(it) => Some(&it.table),
        Op::RenameTable(it) => Some(&it.to),
        Op::AlterTable(it) => Some(&it.table),
        Op::AddColumn(it) => Some(&it.table),
        Op::DropColumn(it) => Some(&it.table),
        Op::AlterColumn(it) => Some(&it.table),
        Op::RenameColumn(it) => Some(&it.table),
        Op::AddIndex(it) => Some(&it.table),
        Op::DropIndex(it) => Some(&it.table),
        Op::RenameIndex(it) => Some(&it.table),
        Op::AddForeignKey(it) => Some(&it.table),
        Op::DropForeignKey(it) => Some(&it.table),
        Op::AddUnique(it) => Some(&it.table),
        Op::DropUnique(it) => Some(&it.table),
        Op::AddCheck(it) => Some(&it.table),
        Op::DropCheck(it) => Some(&it.table),
        Op::RenameConstraint(it) => Some(&it.table),
        Op::AlterPrimaryKey(it) => Some(&it.table),
        Op::CreateRoutine(it) => it.routine.name.table(),
        Op::AlterRoutine(it) => it.routine.name.table(),
        Op::DropRoutine(it) => it.name.table(),
        Op::StateOnly(StateOnly { operations })
        | Op::DatabaseOnly(DatabaseOnly { operations })
        | Op::IgnoreErrors(IgnoreErrors { operations }) => operations.iter().find_map(table_of),
        Op::RunSql(it) => it.script.state.iter().flatten().find_map(table_of),
        // What they say of rows or of the migration leaves every table of the schema as it was.
        Op::CreateEnum(_)
        | Op::RenameEnum(_)
        | Op::RenameEnumValue(_)
        | Op::AddEnumValue(_)
        | Op::SetEnumValues(_)
        | Op::DropEnum(_)
        | Op::CreateNamespace(_)
        | Op::DropNamespace(_)
        | Op::CreateView(_)
        | Op::AlterView(_)
        | Op::DropView(_)
        | Op::SetNamedDefault(_)
        | Op::DropNamedDefault(_)
        | Op::Upsert(_)
        | Op::Backfill(_)
        | Op::Run(_)
        | Op::NeedsReview(_)
        | Op::Irreversible(_) => None,
    }
}
