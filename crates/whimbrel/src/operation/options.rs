//! What only one database has a word for, of tables and of columns: what must hold of it, and what is
//! said of a change of it.

use std::collections::BTreeSet;

use whimbrel_migration::{KnownOption, Of, known_option, known_options};

use crate::{
    dialect::Dialect,
    schema::{Column, Conflict, Database, Name, Options, OptionsChange, Table},
};

/// Refuses options that a database doesn't have, and values that they don't take.
pub(super) fn check_options(table: &Table) -> Result<(), Conflict> {
    check(Of::Table, &table.options, || format!("`{}`", table.name))
}

/// The same for a column.
pub(super) fn check_column_options(
    table: &Name,
    name: &str,
    column: &Column,
) -> Result<(), Conflict> {
    check(Of::Column, &column.options, || format!("`{name}` in `{table}`"))
}

/// Refuses what a change of a table takes away and no database has.
pub(super) fn check_names(table: &Name, change: &OptionsChange) -> Result<(), Conflict> {
    check_change(Of::Table, change, || format!("`{table}`"))
}

/// The same for a change of a column.
pub(super) fn check_column_names(
    table: &Name,
    column: &str,
    change: &OptionsChange,
) -> Result<(), Conflict> {
    check_change(Of::Column, change, || format!("`{column}` in `{table}`"))
}

fn check(of: Of, options: &Options, called: impl Fn() -> String) -> Result<(), Conflict> {
    for (database, name, setting) in options.iter() {
        let known = known(of, database, name, &called)?;
        if !known.takes.holds(setting) {
            return Err(Conflict::OptionWrong {
                of: called(),
                option: known.function.replace("::", " "),
                takes: known.takes.to_string(),
                setting: setting.to_string(),
            });
        }
    }
    Ok(())
}

fn check_change(
    of: Of,
    change: &OptionsChange,
    called: impl Fn() -> String,
) -> Result<(), Conflict> {
    for (database, name, _) in change.iter() {
        known(of, database, name, &called)?;
    }
    Ok(())
}

fn known(
    of: Of,
    database: Database,
    name: &str,
    called: impl Fn() -> String,
) -> Result<&'static KnownOption, Conflict> {
    known_option(of, database, name).ok_or_else(|| {
        let known = known_options().filter(|it| it.of == of && it.database == database);
        let known: Vec<String> = known.map(|it| format!("`{}`", it.name)).collect();
        let word = match of {
            Of::Table => "a table",
            Of::Column => "a column",
        };
        Conflict::OptionUnknown {
            of: format!("{word} such as {}", called()),
            database: format!("{database:?}"),
            option: name.to_owned(),
            known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
        }
    })
}

/// The names of what changes, each once.
pub(super) fn names(change: &OptionsChange) -> BTreeSet<&str> {
    change.iter().map(|(_, name, _)| name).collect()
}

/// That options of other databases come to nothing here; `called` is what they are of.
pub(super) fn foreign(change: &OptionsChange, dialect: &Dialect, called: &str) -> Option<String> {
    let names = change.iter().filter(|(database, ..)| !dialect.databases.contains(database));
    let names: BTreeSet<String> = names.map(|(_, name, _)| format!("`{name}`")).collect();
    let names: Vec<String> = names.into_iter().collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        format!("{names} of {called} {are} for another database than {}", dialect.product)
    })
}
