//! The primary key of a table that is there.

use super::{
    LiveChange, Statement, TableEdit, Transaction, absent,
    column::{check_numbering, is_written_as_key},
    index::check_indexed,
};
use crate::{
    dialect::{After, AlterPrimaryKey, Dialect, Look, Object, Unsupported},
    schema::Table,
};

/// The statement that gives a table the key that it has in `after`. With a column that is numbered
/// by the database only as the key, `column` is the edit that adds it.
pub fn set_primary_key(
    dialect: &Dialect,
    before: &Table,
    after: &Table,
    column: Option<TableEdit>,
) -> Result<Statement, Unsupported> {
    for name in &after.primary_key {
        check_indexed(dialect, after, "a primary key", name, None)?;
    }
    for column in &after.columns {
        check_numbering(dialect, after, column)?;
    }
    let object = Object::PrimaryKey(after.name.clone());
    let mut looks = match after.primary_key.as_slice() {
        [] => vec![absent(object)],
        columns => vec![Look { object, after: After::Key(columns.to_vec()) }],
    };
    let rebuilds = match dialect.alter_primary_key {
        AlterPrimaryKey::Constraint => {
            return Ok(Statement::schema(constraint(dialect, before, after), looks));
        }
        AlterPrimaryKey::Clauses => false,
        AlterPrimaryKey::Rebuild => true,
    };
    if let Some(TableEdit::AddColumn { column, .. }) = &column {
        let object = Object::Column(after.name.clone(), column.clone());
        looks.insert(0, super::present(object));
    }
    let mut not_null = after.primary_key.clone();
    not_null
        .extend(before.primary_key.iter().filter(|it| !after.primary_key.contains(it)).cloned());
    let key = TableEdit::PrimaryKey {
        columns: after.primary_key.clone(),
        numbered: after.columns.iter().any(|it| is_written_as_key(dialect, after, it)),
        not_null,
    };
    let edits = column.into_iter().chain([key]).collect();
    let change = LiveChange { table: after.name.clone(), edits };
    let transaction = if rebuilds { Transaction::WithoutForeignKeys } else { Transaction::Allowed };
    Ok(change.statement(transaction, looks))
}

/// A key that is there goes by its constraint's name, which only the catalog knows: it follows from
/// what the table was called once, or is somebody's own.
fn constraint(dialect: &Dialect, before: &Table, after: &Table) -> String {
    let add = match after.primary_key.as_slice() {
        [] => None,
        columns => Some(format!("ADD PRIMARY KEY ({})", dialect.quote_all(columns))),
    };
    let table = dialect.quote_name(&after.name);
    if before.primary_key.is_empty() {
        return format!("ALTER TABLE {table} {}", add.unwrap_or_default());
    }
    let and = add.map(|it| format!(", {}", it.replace('%', "%%"))).unwrap_or_default();
    let change = format!("ALTER TABLE {} DROP CONSTRAINT %I{and}", table.replace('%', "%%"));
    format!(
        "DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format({}, conname) \
         FROM pg_catalog.pg_constraint WHERE conrelid = {}::regclass AND contype = 'p'); \
         END $whimbrel$",
        dialect.literal(&change),
        dialect.literal(&table)
    )
}
