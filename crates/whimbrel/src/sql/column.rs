//! A column as it stands in a table's definition.

use super::{
    auto_update, check_column_options, collation, comment, default_text, generated, identity,
    values_clause,
};
use crate::{
    dialect::{Dialect, Numbering, Unsupported},
    schema::{NamedColumn, Schema, Table},
};

/// `"email" VARCHAR(255) NOT NULL DEFAULT ''`; `table` is the table with the column in it.
pub fn column_definition(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    named: &NamedColumn,
) -> Result<String, Unsupported> {
    let column = &named.column;
    dialect.check_name(&named.name)?;
    identity::check(dialect, named)?;
    check_column_options(dialect, named)?;
    let mut text = dialect.quote(&named.name);
    add(&mut text, &dialect.type_text(&column.data_type)?);
    text += identity::word(dialect, column);
    if let Some(clause) = collation::collation_clause(dialect, named)? {
        add(&mut text, &clause);
    }
    if is_written_as_key(dialect, table, named) {
        text += " PRIMARY KEY AUTOINCREMENT";
    }
    let computed = generated::clause(dialect, named)?;
    if let Some(clause) = &computed {
        add(&mut text, clause);
    }
    if let Some(clause) = identity::clause(dialect, column) {
        add(&mut text, &clause);
    }
    if !column.nullable {
        text += " NOT NULL";
    } else if computed.is_none() && (dialect.types.says_null)(&dialect.own_type(&column.data_type))
    {
        text += " NULL";
    }
    if let Some(value) = &column.default
        && let Some(default) = default_text(dialect, schema, value, &column.data_type)?
    {
        text += " DEFAULT ";
        text += &default;
    }
    let clauses = [
        auto_update::clause(dialect, named)?,
        comment::clause(dialect, named)?,
        values_clause(dialect, named),
    ];
    for clause in clauses.into_iter().flatten() {
        add(&mut text, &clause);
    }
    Ok(text)
}

/// Puts a clause behind others.
fn add(text: &mut String, clause: &str) {
    text.push(' ');
    text.push_str(clause);
}

/// What the catalog says is the column's default: where the definition says what happens when a
/// row is changed, that is a part of it.
pub fn catalog_default(
    dialect: &Dialect,
    schema: &Schema,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let column = &named.column;
    let default = match &column.default {
        Some(value) => default_text(dialect, schema, value, &column.data_type)?,
        None => None,
    };
    Ok(match auto_update::clause(dialect, named)? {
        Some(clause) => Some(format!("{} {clause}", default.as_deref().unwrap_or("NULL"))),
        None => default,
    })
}

/// Whether the column carries the table's primary key in its own definition.
pub(super) fn is_written_as_key(dialect: &Dialect, table: &Table, named: &NamedColumn) -> bool {
    dialect.types.numbering == Numbering::AsKey
        && named.column.is_numbered()
        && table.primary_key.len() == 1
        && table.primary_key[0] == named.name
}

/// Refuses a column that the database could not number where it stands.
pub fn check_numbering(
    dialect: &Dialect,
    table: &Table,
    named: &NamedColumn,
) -> Result<(), Unsupported> {
    if !named.column.is_numbered() {
        return Ok(());
    }
    let leads = table.primary_key.first() == Some(&named.name)
        || table
            .indexes
            .iter()
            .any(|it| it.columns.first().map(|it| &it.name) == Some(&named.name))
        || table.uniques.iter().any(|it| it.columns.first() == Some(&named.name));
    let others = table.columns.iter().filter(|it| it.name != named.name);
    let other_is_numbered = others.into_iter().any(|it| it.column.is_numbered());
    let because = match dialect.types.numbering {
        Numbering::ByType => return Ok(()),
        Numbering::InKey if other_is_numbered => {
            "it numbers one column of a table, and another one is numbered already"
        }
        Numbering::InKey if leads => return Ok(()),
        Numbering::InKey => {
            "only the first column of a key or an index is numbered; add one over this column"
        }
        Numbering::AsKey if dialect.type_text(&named.column.data_type)? != "INTEGER" => {
            "only a column of the type INTEGER is numbered"
        }
        Numbering::AsKey if is_written_as_key(dialect, table, named) => return Ok(()),
        Numbering::AsKey => "only a primary key of one column is numbered; use integer() here",
    };
    Err(Unsupported::new(format!("to number column `{}`", named.name), because))
}
