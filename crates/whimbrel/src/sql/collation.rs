//! By which rules the texts of a column are compared and ordered.

use super::Unsupported;
use crate::{
    dialect::{Charsets, Dialect, ForeignKeys},
    schema::{Column, ColumnType, ForeignKey, NamedColumn, Options, PerDatabase, Schema, Table},
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

/// The collation that a column has here, as it was said: by its name, or by its character set.
pub fn own_collation(dialect: &Dialect, column: &Column) -> Option<String> {
    let said = column.collation.as_ref().and_then(|it| dialect.text(it)).map(str::trim);
    if let Some(it) = said.filter(|it| !it.is_empty()) {
        return Some(it.to_owned());
    }
    let charset = own_charset(dialect, &column.options)?;
    Some((dialect.charsets?.usual_collation)(&charset))
}

/// The character set that is said of a table or a column.
fn own_charset(dialect: &Dialect, options: &Options) -> Option<String> {
    dialect.charsets?;
    let own = dialect.databases.iter().find_map(|it| options.get(*it, "charset"))?;
    Some(own.to_string().to_ascii_lowercase())
}

/// The collation, as it is kept, that texts of a table have which name none; `None` where tables have
/// none of their own. A database that is told neither the collation nor the character set has what
/// the one is told that it is like.
pub(super) fn table_collation(dialect: &Dialect, options: &Options) -> Option<String> {
    let charsets = dialect.charsets?;
    let said = dialect.databases.iter().find_map(|database| {
        let collation = options.get(*database, "collation").map(ToString::to_string);
        let charset = options.get(*database, "charset").map(ToString::to_string);
        collation.or_else(|| charset.map(|it| (charsets.usual_collation)(&it.to_ascii_lowercase())))
    });
    let said = said.and_then(|it| (dialect.keeping.collation)(&it));
    Some(said.unwrap_or_else(|| dialect.keeping.usual_collation.to_owned()))
}

/// Refuses a table's collation that is none of its character set.
pub(super) fn check_table(dialect: &Dialect, table: &Table) -> Result<(), Unsupported> {
    let Some(charsets) = dialect.charsets else { return Ok(()) };
    for database in dialect.databases {
        let said = |name| table.options.get(*database, name).map(ToString::to_string);
        if let (Some(collation), Some(charset)) = (said("collation"), said("charset")) {
            check_agrees(charsets, &collation, &charset, || format!("table `{}`", table.name))?;
        }
    }
    Ok(())
}

fn check_agrees(
    charsets: Charsets,
    collation: &str,
    charset: &str,
    of: impl FnOnce() -> String,
) -> Result<(), Unsupported> {
    let has = (charsets.of_collation)(&collation.to_ascii_lowercase()).to_owned();
    if has.eq_ignore_ascii_case(charset) {
        return Ok(());
    }
    Err(Unsupported::new(
        format!("the collation {collation} of {}", of()),
        format!(
            "it is one of the character set {has}, and the character set is to be {charset}; leave \
             one of the two out"
        ),
    ))
}

/// Whether a column's values are texts here, in a character set.
fn is_written(dialect: &Dialect, column: &Column) -> bool {
    let spelled = dialect.type_text(&column.data_type.unnumbered());
    dialect.charsets.is_some_and(|it| spelled.is_ok_and(|text| (it.writes)(&text)))
}

/// The columns that have the collation of their table.
pub(super) fn inheriting<'t>(
    dialect: &Dialect,
    table: &'t Table,
) -> impl Iterator<Item = &'t NamedColumn> {
    table.columns.iter().filter(move |it| {
        own_collation(dialect, &it.column).is_none() && is_written(dialect, &it.column)
    })
}

/// The collation that a column of a table has, where it has one; the usual one of a database whose
/// tables have none isn't told.
pub fn effective_collation(dialect: &Dialect, table: &Table, column: &Column) -> Option<String> {
    match own_collation(dialect, column) {
        Some(it) => (dialect.keeping.collation)(&it),
        None => table_collation(dialect, &table.options).filter(|_| is_written(dialect, column)),
    }
}

/// The collation as it is kept; none where it goes without saying in its table.
pub(super) fn kept_collation(
    dialect: &Dialect,
    options: &Options,
    column: &Column,
) -> Option<PerDatabase> {
    let kept = (dialect.keeping.collation)(&own_collation(dialect, column)?)?;
    let of_table = table_collation(dialect, options);
    let usual = of_table.as_deref().unwrap_or(dialect.keeping.usual_collation);
    (kept != usual).then(|| PerDatabase::all(kept))
}

/// `COLLATE "C"`, where the column has a collation of its own.
pub fn collation_clause(
    dialect: &Dialect,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let column = &named.column;
    let Some(collation) = own_collation(dialect, column) else { return Ok(None) };
    if let (Some(charsets), Some(charset)) =
        (dialect.charsets, own_charset(dialect, &column.options))
    {
        let called = || format!("column `{}`", named.name);
        if !holds_text(&column.data_type) || !is_written(dialect, column) {
            let what = format!("the character set {charset} of {}", called());
            return Err(Unsupported::new(what, "its values are no texts; leave it out"));
        }
        check_agrees(charsets, &collation, &charset, called)?;
    }
    let data_type = dialect.own_type(&column.data_type);
    match (dialect.types.no_collation)(&data_type) {
        Some(because) => {
            Err(Unsupported::new(format!("a collation of column `{}`", named.name), because))
        }
        None => Ok(Some(format!("COLLATE {}", dialect.quote(&collation)))),
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
    for (from, to) in key.columns.iter().zip(targets) {
        let (Some(own), Some(other)) = (table.column_named(from), target.column_named(to)) else {
            continue;
        };
        let [one, another] =
            [(table, own), (target, other)].map(|(of, it)| effective_collation(dialect, of, it));
        if one != another {
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
