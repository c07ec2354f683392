//! Columns that get the moment whenever their row is changed: a clause of the column where the
//! database has one, and else a trigger, which is known again by its name and its text.

use super::{Statement, Unsupported, absent, present};
use crate::{
    dialect::{AutoUpdate, BuiltIn, Dialect, Object, auto_update_name},
    schema::{ColumnType, Name, NamedColumn, Table},
};

/// Whether a column of this type can hold the moment of a change. What there is no word for may.
pub fn holds_changes(data_type: &ColumnType) -> bool {
    matches!(
        data_type.unspelled(),
        ColumnType::Timestamp | ColumnType::Timestamptz | ColumnType::Other { .. }
    )
}

/// What the column's definition says behind its default.
pub(super) fn clause(
    dialect: &Dialect,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    match dialect.auto_update {
        AutoUpdate::Clause(clause) if named.column.auto_update => {
            match clause(&dialect.own_type(&named.column.data_type)) {
                Some(text) => Ok(Some(text)),
                None => Err(Unsupported::new(
                    format!("to update column `{}` by itself", named.name),
                    format!(
                        "{} does that for `datetime` and `timestamp` only; give the column one of \
                         these types",
                        dialect.product
                    ),
                )),
            }
        }
        _ => Ok(None),
    }
}

/// A default without what it says of changes of a row, and whether it says that.
pub(crate) fn without_update<'t>(dialect: &Dialect, default: &'t str) -> (&'t str, bool) {
    let says = match dialect.auto_update {
        AutoUpdate::Clause(_) => default.to_ascii_lowercase().find(" on update "),
        AutoUpdate::Function | AutoUpdate::Trigger => None,
    };
    (says.map_or(default, |at| &default[..at]), says.is_some())
}

/// The statements behind `CREATE TABLE` or `ADD COLUMN` that let the column be updated by itself.
pub fn begin_auto_update(
    dialect: &Dialect,
    table: &Table,
    named: &NamedColumn,
) -> Result<Vec<Statement>, Unsupported> {
    if !named.column.auto_update {
        return Ok(vec![]);
    }
    if matches!(dialect.auto_update, AutoUpdate::Trigger) && table.position(ROW).is_some() {
        return Err(Unsupported::new(
            format!("to update column `{}` of `{}` by itself", named.name, table.name),
            format!("a column is called `{ROW}`, by which its trigger would find the row"),
        ));
    }
    Ok(create(dialect, &table.name, &named.name))
}

/// The statements that make what updates the column by itself, where that stands beside the table.
pub(super) fn create(dialect: &Dialect, table: &Name, column: &str) -> Vec<Statement> {
    let name = auto_update_name(dialect, table, column);
    let trigger = Object::AutoUpdate(table.clone(), column.to_owned());
    let made = |text: String| Statement::schema(text, [present(trigger.clone())]);
    match dialect.auto_update {
        AutoUpdate::Clause(_) => vec![],
        AutoUpdate::Trigger => vec![made(rewriting(dialect, table, column, &name))],
        AutoUpdate::Function => {
            let function = beside(table, &name);
            let called = dialect.quote_name(&function);
            let text = format!(
                "CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql AS {}",
                dialect.literal(&body(dialect, column))
            );
            let before = format!(
                "CREATE TRIGGER {} BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {called}()",
                dialect.quote(&name),
                dialect.quote_name(table)
            );
            vec![Statement::schema(text, [present(Object::Function(function))]), made(before)]
        }
    }
}

/// A trigger that writes the row again where nothing else was given to the column. What it writes
/// itself does not set it off, as the column is different then.
fn rewriting(dialect: &Dialect, table: &Name, column: &str, name: &str) -> String {
    let (column, table, now) = (dialect.quote(column), dialect.quote_name(table), now(dialect));
    format!(
        "CREATE TRIGGER {} AFTER UPDATE ON {table} FOR EACH ROW \
         WHEN NEW.{column} IS OLD.{column} AND OLD.{column} IS NOT {now} BEGIN \
         UPDATE {table} SET {column} = {now} WHERE {ROW} = NEW.{ROW}; END",
        dialect.quote(name)
    )
}

/// What a trigger does before the row is written. Rows are compared byte by byte, as not every type
/// has an operator for equality.
fn body(dialect: &Dialect, column: &str) -> String {
    let (column, now) = (dialect.quote(column), now(dialect));
    format!(
        "BEGIN IF NEW *<> OLD AND NEW.{column} IS NOT DISTINCT FROM OLD.{column} THEN \
         NEW.{column} := {now}; END IF; RETURN NEW; END"
    )
}

/// The statements that take away what updates the column by itself, where that stands beside the
/// table.
pub fn end_auto_update(dialect: &Dialect, table: &Name, column: &str) -> Vec<Statement> {
    let name = auto_update_name(dialect, table, column);
    let trigger = absent(Object::AutoUpdate(table.clone(), column.to_owned()));
    let drop = format!("DROP TRIGGER {}", dialect.quote(&name));
    match dialect.auto_update {
        AutoUpdate::Clause(_) => vec![],
        AutoUpdate::Trigger => vec![Statement::schema(drop, [trigger])],
        AutoUpdate::Function => {
            let drop = format!("{drop} ON {}", dialect.quote_name(table));
            let function = beside(table, &name);
            let text = format!("DROP FUNCTION {}()", dialect.quote_name(&function));
            vec![
                Statement::schema(drop, [trigger]),
                Statement::schema(text, [absent(Object::Function(function))]),
            ]
        }
    }
}

/// The statements that take the triggers of all such columns away, and those that make them again
/// once the table and its columns have the names that they have in `after`. Columns stay in their
/// order.
pub fn renamed_auto_updates(
    dialect: &Dialect,
    before: &Table,
    after: &Table,
) -> (Vec<Statement>, Vec<Statement>) {
    let updated = |table: &Table| {
        let columns = table.columns.iter().filter(|it| it.column.auto_update);
        columns.map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    let pairs = updated(before).into_iter().zip(updated(after));
    let (mut ends, mut begins) = (Vec::new(), Vec::new());
    for (was, is) in pairs.filter(|(was, is)| before.name != after.name || was != is) {
        ends.extend(end_auto_update(dialect, &before.name, &was));
        begins.extend(create(dialect, &after.name, &is));
    }
    (ends, begins)
}

/// The name of what stands beside a table, in its namespace.
fn beside(table: &Name, name: &str) -> Name {
    Name { namespace: table.namespace.clone(), name: name.to_owned() }
}

/// How SQLite's trigger finds the row.
const ROW: &str = "_rowid_";

/// The moment, as a column that is a timestamp gets it by default.
fn now(dialect: &Dialect) -> String {
    (dialect.defaults.built_in)(BuiltIn::Now, &ColumnType::Timestamp)
}

/// What updates a column by itself, beside the table.
pub(crate) struct Marks {
    /// The name of the trigger, and of its function where there is one.
    pub name: String,
    /// What the function does, where there is one.
    body: Option<String>,
    /// The trigger as the catalog shows it, without quotes where the catalog sets its own.
    trigger: String,
}

impl Marks {
    /// `None` where the column's own definition says it.
    pub(crate) fn of(dialect: &Dialect, table: &Name, column: &str) -> Option<Self> {
        let name = auto_update_name(dialect, table, column);
        match dialect.auto_update {
            AutoUpdate::Clause(_) => None,
            AutoUpdate::Trigger => {
                let trigger = rewriting(dialect, table, column, &name);
                Some(Self { name, body: None, trigger })
            }
            AutoUpdate::Function => {
                let beside = beside(table, &name);
                let trigger = format!(
                    "CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW \
                     EXECUTE FUNCTION {beside}()"
                );
                let trigger = trigger.replace('"', "");
                Some(Self { name, body: Some(body(dialect, column)), trigger })
            }
        }
    }

    /// Whether the trigger has a function.
    pub(crate) fn has_function(&self) -> bool {
        self.body.is_some()
    }

    /// Whether the trigger is this one, as the catalog shows it.
    pub(crate) fn is_trigger(&self, definition: &str) -> bool {
        match self.body {
            Some(_) => definition.replace('"', "") == self.trigger,
            None => definition == self.trigger,
        }
    }

    /// Whether the function is this one, as the catalog shows it.
    pub(crate) fn is_function(&self, definition: &str) -> bool {
        self.body.as_ref().is_some_and(|body| {
            let end =
                format!("()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function${body}$function$");
            definition.trim_end().ends_with(&end)
        })
    }
}
