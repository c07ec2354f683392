//! What one database is told of a column beyond what all of them have: storage, compression,
//! statistics.

use std::collections::BTreeMap;

use whimbrel_migration::{Of, Takes, known_option};

use super::{Alteration, Statement, alter_columns};
use crate::{
    dialect::{Dialect, SayColumnOptions, Unsupported},
    schema::{Column, Name, NamedColumn, Options, Setting},
};

/// The options of a column as this database keeps them, by name: values as they are compared, and
/// without what goes without saying.
pub fn kept_column_options(dialect: &Dialect, column: &Column) -> BTreeMap<String, String> {
    let data_type = dialect.own_type(&column.data_type);
    let kept = |name: &str, it: &Setting| {
        // It is kept as the collation.
        if name == "charset" {
            return None;
        }
        let value = dialect.kept_column_option(name, &it.to_string(), &data_type)?;
        Some((name.to_owned(), value))
    };
    let own = column.options.of(dialect.databases);
    own.into_iter().filter_map(|(name, it)| kept(name, it)).collect()
}

/// The options as they are kept, as options again.
pub(super) fn normal_column_options(dialect: &Dialect, column: &Column) -> Options {
    let mut normal = Options::default();
    if let Some(database) = dialect.databases.first() {
        for (name, value) in kept_column_options(dialect, column) {
            normal.set(*database, name, Setting::Text(value));
        }
    }
    normal
}

/// What a live column says of itself, as options where there is a word for it; the rest comes back.
pub(crate) fn read_column_options(
    dialect: &Dialect,
    column: &mut Column,
    said: impl IntoIterator<Item = (String, String)>,
) -> Vec<(String, String)> {
    let mut rest = Vec::new();
    for (name, text) in said {
        let known = dialect.databases.iter().find_map(|database| {
            let known = known_option(Of::Column, *database, &name.to_ascii_lowercase())?;
            Some((known.name, known.takes.read(&text)?))
        });
        match (known, dialect.databases.first()) {
            (Some((name, setting)), Some(database)) => column.options.set(*database, name, setting),
            _ => rest.push((name, text)),
        }
    }
    rest
}

/// Refuses options that don't go with the rest of the column.
pub fn check_column_options(dialect: &Dialect, named: &NamedColumn) -> Result<(), Unsupported> {
    let data_type = dialect.own_type(&named.column.data_type);
    for (name, value) in kept_column_options(dialect, &named.column) {
        if let Some(because) = (dialect.column_options.refused)(&name, &value, &data_type) {
            let what = format!("`{name}: {value}` of column `{}`", named.name);
            return Err(Unsupported::new(what, because));
        }
    }
    Ok(())
}

/// What a column comes to be told, where that changes; `None` for what goes without saying. One that
/// gets its type `anew` forgets how its values are kept.
pub fn changed_column_options(
    dialect: &Dialect,
    old: &Column,
    new: &Column,
    anew: bool,
) -> BTreeMap<String, Option<String>> {
    let [mut was, is] = [old, new].map(|it| kept_column_options(dialect, it));
    if anew {
        was.retain(|name, _| !matches!(name.as_str(), "storage" | "compression"));
    }
    let names = was.keys().chain(is.keys().filter(|it| !was.contains_key(*it)));
    names
        .filter(|it| was.get(*it) != is.get(*it))
        .map(|it| (it.clone(), is.get(it).cloned()))
        .collect()
}

/// The statement that tells a column that was just made its options, where its definition has no
/// place for them and there are any.
pub fn tell_column_options(
    dialect: &Dialect,
    table: &Name,
    named: &NamedColumn,
) -> Result<Option<Statement>, Unsupported> {
    check_column_options(dialect, named)?;
    Ok(alter_columns(dialect, table, told(dialect, named).into_iter().collect()))
}

/// The same for all columns of a new table.
pub(super) fn statements(
    dialect: &Dialect,
    table: &Name,
    columns: &[NamedColumn],
) -> Option<Statement> {
    alter_columns(dialect, table, columns.iter().filter_map(|it| told(dialect, it)).collect())
}

fn told(dialect: &Dialect, named: &NamedColumn) -> Option<Alteration> {
    let own = kept_column_options(dialect, &named.column);
    let by_clauses = dialect.column_options.said == SayColumnOptions::Clauses;
    (by_clauses && !own.is_empty()).then(|| Alteration {
        column: named.name.clone(),
        options: own.into_iter().map(|(name, it)| (name, Some(it))).collect(),
        usual_storage: usual_storage(dialect, &named.column),
        ..Alteration::default()
    })
}

/// How values of the column's type are kept unless something else is said.
pub fn usual_storage(dialect: &Dialect, column: &Column) -> Option<&'static str> {
    (dialect.column_options.usual)("storage", &dialect.own_type(&column.data_type))
}

/// `SET STORAGE EXTERNAL`, `SET COMPRESSION DEFAULT`, … behind `ALTER COLUMN c`.
pub(super) fn clause(name: &str, value: Option<&str>, usual_storage: Option<&str>) -> String {
    let upper = name.to_ascii_uppercase();
    let takes = known_option(Of::Column, whimbrel_migration::Database::Postgres, name);
    match (takes.map(|it| it.takes), value) {
        (Some(Takes::Word(_)), Some(it)) => format!("SET {upper} {}", it.to_ascii_uppercase()),
        // There is no word for it before PostgreSQL 16.
        (Some(Takes::Word(_)), None) if name == "storage" => {
            format!("SET STORAGE {}", usual_storage.unwrap_or("extended").to_ascii_uppercase())
        }
        (Some(Takes::Word(_)), None) => format!("SET {upper} DEFAULT"),
        (Some(Takes::Whole(..)), it) => format!("SET {upper} {}", it.unwrap_or("-1")),
        (_, Some(it)) => format!("SET ({name} = {it})"),
        (_, None) => format!("RESET ({name})"),
    }
}
