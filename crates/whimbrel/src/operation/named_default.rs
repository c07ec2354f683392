//! What follows when a default that columns use by name gets another expression.

use whimbrel_migration::Operation;

use super::{Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{DefaultValue, NamedColumn, Schema},
    sql::{self, Alteration, Statement, Unsupported},
};

/// The columns that use the default `name`, each with its table's position among the tables.
pub(super) fn users<'a>(
    schema: &'a Schema,
    name: &'a str,
) -> impl Iterator<Item = (&'a crate::schema::Table, &'a NamedColumn)> {
    schema.tables().flat_map(move |table| {
        let uses = move |it: &&NamedColumn| {
            matches!(&it.column.default, Some(DefaultValue::Named(it)) if it == name)
        };
        table.columns.iter().filter(uses).map(move |it| (table, it))
    })
}

/// What becomes of an operation on the default `name` and the next one: the later says what holds.
pub(super) fn reduce(first: &Operation, name: &str, next: &Operation) -> Reduced {
    match next {
        Operation::SetNamedDefault(it) if it.name == name => Reduced::To(vec![next.clone()]),
        next => folding::apart(first, next),
    }
}

/// One statement per table whose columns get another expression on this database.
pub(super) fn follow(
    dialect: &Dialect,
    span: Span<'_>,
    name: &str,
) -> Result<Vec<Statement>, Unsupported> {
    let mut changes: Vec<(crate::schema::Name, Vec<Alteration>)> = Vec::new();
    for (table, named) in users(span.after, name) {
        // What wasn't defined before can't have been used, so its old text is no matter.
        let was = sql::catalog_default(dialect, span.before, named).ok();
        let is = sql::catalog_default(dialect, span.after, named)?;
        if was.as_ref() == Some(&is) {
            continue;
        }
        let alteration = Alteration {
            column: named.name.clone(),
            default: Some(is),
            on_update: named.column.auto_update,
            ends_nullable: named.column.nullable,
            ..Alteration::default()
        };
        match changes.last_mut() {
            Some((name, alterations)) if *name == table.name => alterations.push(alteration),
            _ => changes.push((table.name.clone(), vec![alteration])),
        }
    }
    Ok(changes
        .into_iter()
        .filter_map(|(table, alterations)| sql::alter_columns(dialect, &table, alterations))
        .collect())
}
