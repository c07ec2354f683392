//! By which rules the texts of a column are compared and ordered.

use super::Unsupported;
use crate::{
    dialect::{Dialect, ForeignKeys},
    schema::{Column, ColumnType, ForeignKey, NamedColumn, PerDatabase, Schema, Table},
};

/// Whether values of this type are texts, on some database at least, so that they can have a
/// collation.
pub fn holds_text(data_type: &ColumnType) -> bool {
    match data_type {
        ColumnType::Varchar { .. }
        | ColumnType::Text { .. }
        | ColumnType::Uuid
        | ColumnType::KeyOf { .. }
        | ColumnType::Other { .. } => true,
        ColumnType::Array { of } => holds_text(of),
        // What a database spells otherwise may be a text there.
        ColumnType::Spelled { .. } => true,
        _ => false,
    }
}

/// The collation that a column has here, as it was said.
pub fn own_collation<'a>(dialect: &Dialect, column: &'a Column) -> Option<&'a str> {
    let text = dialect.text(column.collation.as_ref()?)?.trim();
    (!text.is_empty()).then_some(text)
}

/// The collation as it is kept; none where it goes without saying.
pub(super) fn kept_collation(dialect: &Dialect, column: &Column) -> Option<PerDatabase> {
    let kept = (dialect.keeping.collation)(own_collation(dialect, column)?)?;
    (kept != dialect.keeping.usual_collation).then(|| PerDatabase::all(kept))
}

/// `COLLATE "C"`, where the column has a collation of its own.
pub fn collation_clause(
    dialect: &Dialect,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let Some(collation) = own_collation(dialect, &named.column) else { return Ok(None) };
    let data_type = dialect.own_type(&named.column.data_type);
    match (dialect.types.no_collation)(&data_type) {
        Some(because) => {
            Err(Unsupported::new(format!("a collation of column `{}`", named.name), because))
        }
        None => Ok(Some(format!("COLLATE {}", dialect.quote(collation)))),
    }
}

/// Refuses a foreign key between texts that are compared by different rules, where the database would.
pub(super) fn check_key(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    key: &ForeignKey,
) -> Result<(), Unsupported> {
    let ForeignKeys::Clauses { pins_types: true, .. } = dialect.foreign_keys else { return Ok(()) };
    let target = if key.table == table.name { Some(table) } else { schema.get(&key.table) };
    let (Some(target), Ok(targets)) = (target, schema.target_columns(key)) else { return Ok(()) };
    for (from, to) in key.columns.iter().zip(&targets) {
        let (Some(own), Some(other)) = (table.column_named(from), target.column_named(to)) else {
            continue;
        };
        if kept_collation(dialect, own) != kept_collation(dialect, other) {
            return Err(Unsupported::new(
                format!("foreign key `{}` of `{}`", key.name, table.name),
                format!(
                    "`{from}` and `{to}` of `{}` have different collations; give both the same",
                    target.name
                ),
            ));
        }
    }
    Ok(())
}
