//! A table and its foreign keys as SQL.

use super::{
    Statement, begin_auto_update, check_clause, check_seen, collation,
    column::{check_numbering, column_definition, is_written_as_key},
    column_option, comment, identity,
    index::{check_indexed, create_index, index_line},
    option,
    unique::{deferral_words, unique_clause},
};
use crate::{
    dialect::{After, Dialect, ForeignKeys, Look, Namespaces, Object, Unsupported},
    schema::{Action, ForeignKey, Name, Schema, Table},
};

/// The statements that make a table, whole: where its indexes can stand in its definition they
/// do, so that no crash leaves it without them.
pub fn create_table(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
) -> Result<Vec<Statement>, Unsupported> {
    let text = create_table_text(dialect, schema, table)?;
    let mut statements =
        vec![Statement::schema(text, [present(Object::Table(table.name.clone()))])];
    statements.extend(identity::beginning(dialect, table));
    if !dialect.indexes.in_create_table {
        for index in &table.indexes {
            statements.push(create_index(dialect, table, index)?);
        }
    }
    for column in &table.columns {
        statements.extend(begin_auto_update(dialect, table, column)?);
    }
    statements.extend(option::behind_new(dialect, table));
    statements.extend(comment::statements(dialect, table)?);
    statements.extend(column_option::statements(dialect, &table.name, &table.columns));
    Ok(statements)
}

/// `CREATE TABLE …` alone.
pub fn create_table_text(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
) -> Result<String, Unsupported> {
    check_table_name(dialect, &table.name)?;
    let mut lines = Vec::with_capacity(table.columns.len() + table.foreign_keys.len() + 1);
    for column in &table.columns {
        check_numbering(dialect, table, column)?;
        lines.push(column_definition(dialect, schema, table, column)?);
    }
    if !table.primary_key.is_empty()
        && !table.columns.iter().any(|it| is_written_as_key(dialect, table, it))
    {
        for name in &table.primary_key {
            check_indexed(dialect, table, "a primary key", name, None)?;
        }
        lines.push(format!("PRIMARY KEY ({})", dialect.quote_all(&table.primary_key)));
    }
    if dialect.indexes.in_create_table {
        for index in &table.indexes {
            lines.push(index_line(dialect, table, index)?);
        }
    }
    for unique in &table.uniques {
        lines.push(unique_clause(dialect, table, unique)?);
    }
    for key in &table.foreign_keys {
        check_key(dialect, schema, table, key)?;
        lines.push(foreign_key_clause(dialect, schema, key)?);
    }
    for check in &table.checks {
        check_seen(dialect, table, check)?;
        lines.extend(check_clause(dialect, check)?);
    }
    let (before, behind) = option::of_new(dialect, table)?;
    Ok(format!(
        "CREATE {before}TABLE {} (\n    {}\n){behind}{}{}",
        dialect.quote_name(&table.name),
        lines.join(",\n    "),
        identity::table_option(dialect, table).unwrap_or_default(),
        comment::suffix(dialect, table)?
    ))
}

/// Refuses a foreign key whose ends this database can't tie together.
pub fn check_key(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    key: &ForeignKey,
) -> Result<(), Unsupported> {
    check_target(dialect, table, key)?;
    collation::check_key(dialect, schema, table, key)?;
    option::check_key(dialect, schema, table, key)
}

/// Where namespaces are databases, a key takes the name of its target for one of the table's own
/// database, whatever the connection's own one is.
fn check_target(dialect: &Dialect, table: &Table, key: &ForeignKey) -> Result<(), Unsupported> {
    match (&table.name.namespace, &key.table.namespace, dialect.namespaces) {
        (Some(namespace), None, Namespaces::Databases { .. }) => Err(Unsupported::new(
            format!("foreign key `{}` from `{}` to `{}`", key.name, table.name, key.table),
            format!(
                "{} looks for `{}` in `{namespace}` unless its database is named, and the name of \
                 the connection's own isn't known here; add the key by SQL that names it, with \
                 `.state(changes().add_foreign_key(…))`",
                dialect.product, key.table
            ),
        )),
        _ => Ok(()),
    }
}

/// Refuses a table's name that this database can't have.
pub fn check_table_name(dialect: &Dialect, name: &Name) -> Result<(), Unsupported> {
    if let (Some(namespace), Namespaces::Unsupported { because }) =
        (&name.namespace, dialect.namespaces)
    {
        return Err(Unsupported::new(format!("the namespace `{namespace}`"), because));
    }
    dialect.check_name(&name.name)
}

/// `CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "t" ("id") ON DELETE CASCADE`. The target's
/// columns are always said: not every database takes them from the target's key.
pub fn foreign_key_clause(
    dialect: &Dialect,
    schema: &Schema,
    key: &ForeignKey,
) -> Result<String, Unsupported> {
    dialect.check_name(&key.name)?;
    let targets = schema
        .target_columns(key)
        .map_err(|it| Unsupported::new(format!("foreign key `{}`", key.name), it.to_string()))?;
    let mut text = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        dialect.quote(&key.name),
        dialect.quote_all(&key.columns),
        dialect.quote_name(&key.table),
        dialect.quote_all(targets)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(words) = action_words(dialect, event, key, action)? {
            text.extend([" ON ", event, " ", words]);
        }
    }
    Ok(text + key_deferral(dialect, key)?)
}

fn key_deferral(dialect: &Dialect, key: &ForeignKey) -> Result<&'static str, Unsupported> {
    match dialect.foreign_keys {
        ForeignKeys::Clauses { no_deferral: Some(because), .. } if !key.deferral.is_never() => {
            Err(Unsupported::new(format!("deferrable foreign key `{}`", key.name), because))
        }
        ForeignKeys::Clauses { .. } | ForeignKeys::Rebuild => Ok(deferral_words(key.deferral)),
    }
}

fn action_words(
    dialect: &Dialect,
    event: &str,
    key: &ForeignKey,
    action: Action,
) -> Result<Option<&'static str>, Unsupported> {
    Ok(match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => {
            if let ForeignKeys::Clauses { no_set_default: Some(because), .. } = dialect.foreign_keys
            {
                let what = format!("ON {event} SET DEFAULT of foreign key `{}`", key.name);
                return Err(Unsupported::new(what, because));
            }
            Some("SET DEFAULT")
        }
    })
}

/// An object that is there afterwards.
pub fn present(object: Object) -> Look {
    Look { object, after: After::Present }
}

/// An object that is gone afterwards.
pub fn absent(object: Object) -> Look {
    Look { object, after: After::Absent }
}
