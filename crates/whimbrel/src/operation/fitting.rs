//! What must hold of tables, columns, indexes and keys before a schema takes them in.

use std::ptr;

use crate::{
    dialect::BuiltIn,
    schema::{
        Check, Column, ColumnType, Conflict, DefaultValue, ForeignKey, Index, Name, Schema, Table,
        Unique,
    },
    sql,
    sql::names_column,
};

/// The type that `data_type` stands for: a key's type becomes the type of that key's values.
/// `itself` is the table that is being made, which the schema doesn't have yet.
pub(super) fn resolved(
    schema: &Schema,
    itself: Option<&Table>,
    data_type: &ColumnType,
) -> Result<ColumnType, Conflict> {
    resolved_within(schema, itself, data_type, 0)
}

/// A key may itself be typed by a key; a chain longer than this turns in a circle.
const LONGEST_CHAIN: usize = 64;

fn resolved_within(
    schema: &Schema,
    itself: Option<&Table>,
    data_type: &ColumnType,
    depth: usize,
) -> Result<ColumnType, Conflict> {
    match data_type {
        ColumnType::KeyOf { table } if depth >= LONGEST_CHAIN => {
            Err(Conflict::KeyCircular { table: (**table).clone() })
        }
        ColumnType::KeyOf { table: name } => {
            let table = match itself {
                Some(it) if it.name == **name => it,
                _ => schema.table(name)?,
            };
            let key = match table.primary_key.as_slice() {
                [] => return Err(Conflict::KeyMissing { table: (**name).clone() }),
                [one] => table.column_named(one).ok_or_else(|| missing(name, one))?,
                _ => return Err(Conflict::KeyComposite { table: (**name).clone() }),
            };
            Ok(resolved_within(schema, itself, &key.data_type, depth + 1)?.unnumbered())
        }
        ColumnType::Enum { name, .. } => {
            let values = super::enumeration::values_of(schema, name)?.to_vec();
            Ok(ColumnType::Enum { name: name.clone(), values })
        }
        ColumnType::Array { of } => {
            let of = Box::new(resolved_within(schema, itself, of, depth)?);
            Ok(ColumnType::Array { of })
        }
        ColumnType::Spelled { of, spelled } => {
            let of = Box::new(resolved_within(schema, itself, of, depth)?);
            Ok(ColumnType::Spelled { of, spelled: spelled.clone() })
        }
        other => Ok(other.clone()),
    }
}

/// Whether a type stands for itself and has the values that the schema knows.
pub(super) fn is_resolved(schema: &Schema, data_type: &ColumnType) -> bool {
    match data_type {
        ColumnType::KeyOf { .. } => false,
        ColumnType::Enum { name, values } => {
            super::enumeration::values_of(schema, name).is_ok_and(|it| it == values)
        }
        ColumnType::Array { of } | ColumnType::Spelled { of, .. } => is_resolved(schema, of),
        _ => true,
    }
}

/// Refuses a default by a name that nobody defines, and one of an enum that is none of its values.
pub(super) fn check_default(schema: &Schema, column: &Column) -> Result<(), Conflict> {
    match (&column.default, column.data_type.unspelled()) {
        (Some(DefaultValue::Named(name)), _) => check_default_named(schema, name),
        (Some(DefaultValue::Text(value)), ColumnType::Enum { name, values })
            if !values.contains(value) =>
        {
            Err(Conflict::EnumValueMissing { name: (**name).clone(), value: value.clone() })
        }
        _ => Ok(()),
    }
}

/// Refuses to update a column by itself that can't hold the moment.
pub(super) fn check_auto_update(table: &Name, name: &str, column: &Column) -> Result<(), Conflict> {
    if !column.auto_update || sql::holds_changes(&column.data_type) {
        return Ok(());
    }
    Err(Conflict::NoMoment {
        table: table.clone(),
        column: name.to_owned(),
        data_type: column.data_type.to_string(),
    })
}

/// Refuses a collation of what is no text.
pub(super) fn check_collation(table: &Name, name: &str, column: &Column) -> Result<(), Conflict> {
    if column.collation.is_none() || sql::holds_text(&column.data_type) {
        return Ok(());
    }
    Err(Conflict::NoText {
        table: table.clone(),
        column: name.to_owned(),
        data_type: column.data_type.to_string(),
    })
}

/// Refuses a default by a name that nobody defines, where it isn't a column's.
pub(super) fn check_default_named(schema: &Schema, name: &str) -> Result<(), Conflict> {
    if schema.defaults.contains_key(name) || BuiltIn::named(name).is_some() {
        return Ok(());
    }
    Err(Conflict::DefaultMissing { name: name.to_owned() })
}

/// Refuses a computed column that would get its values otherwise too.
pub(super) fn check_generated(table: &Name, name: &str, column: &Column) -> Result<(), Conflict> {
    if column.generated.is_none() {
        return Ok(());
    }
    let also = match column {
        Column { default: Some(_), .. } => "a default",
        Column { auto_update: true, .. } => "an automatic update",
        _ if column.is_numbered() => "a number of its own",
        _ => return Ok(()),
    };
    Err(Conflict::Computed { table: table.clone(), column: name.to_owned(), also })
}

/// Refuses to number a column that holds no whole numbers, or that gets its values otherwise too.
pub(super) fn check_identity(table: &Name, name: &str, column: &Column) -> Result<(), Conflict> {
    if column.identity.is_none() {
        return Ok(());
    }
    let also = match column {
        Column { default: Some(_), .. } => "a default",
        Column { generated: Some(_), .. } => "a computation",
        Column { nullable: true, .. } => "rows without a value",
        _ if column.data_type.is_numbered() => "a type that is numbered by itself",
        _ => {
            return match column.data_type.unspelled() {
                ColumnType::Smallint
                | ColumnType::Integer
                | ColumnType::Bigint
                | ColumnType::Other { .. } => Ok(()),
                other => Err(Conflict::NotNumbered {
                    table: table.clone(),
                    column: name.to_owned(),
                    data_type: other.to_string(),
                }),
            };
        }
    };
    Err(Conflict::Numbered { table: table.clone(), column: name.to_owned(), also })
}

/// Whether another one of these has the name of this one, which may be one of them itself.
fn is_taken<T>(all: &[T], name: fn(&T) -> &String, this: &T) -> bool {
    all.iter().any(|it| name(it) == name(this) && !ptr::eq(it, this))
}

/// Refuses an index whose name is taken or whose columns aren't there.
pub(super) fn check_index(table: &Table, index: &Index) -> Result<(), Conflict> {
    if is_taken(&table.indexes, |it| &it.name, index) {
        return Err(Conflict::IndexExists { table: table.name.clone(), index: index.name.clone() });
    }
    if table.unique_named(&index.name).is_some() {
        let (table, unique) = (table.name.clone(), index.name.clone());
        return Err(Conflict::UniqueExists { table, unique });
    }
    if index.columns.is_empty() {
        return Err(Conflict::IndexEmpty { table: table.name.clone(), index: index.name.clone() });
    }
    check_columns(table, index.column_names().chain(&index.include))
}

/// Refuses a unique constraint whose name is taken, by an index too, or whose columns aren't there.
pub(super) fn check_unique(table: &Table, unique: &Unique) -> Result<(), Conflict> {
    let (name, of) = (&unique.name, &table.name);
    if is_taken(&table.uniques, |it| &it.name, unique) {
        return Err(Conflict::UniqueExists { table: of.clone(), unique: name.clone() });
    }
    check_beside_uniques(table, name)?;
    if table.index_named(name).is_some() {
        return Err(Conflict::IndexExists { table: of.clone(), index: name.clone() });
    }
    if unique.columns.is_empty() {
        return Err(Conflict::UniqueEmpty { table: of.clone(), unique: name.clone() });
    }
    let all: Vec<&String> = unique.columns.iter().chain(&unique.include).collect();
    if let Some((_, twice)) = all.iter().enumerate().find(|(at, it)| all[..*at].contains(it)) {
        let (table, unique, column) = (of.clone(), name.clone(), (*twice).clone());
        return Err(Conflict::UniqueTwice { table, unique, column });
    }
    check_columns(table, all)
}

/// Refuses the name of a constraint that the table has.
pub(super) fn check_constraint_name(table: &Table, name: &str) -> Result<(), Conflict> {
    if table.unique_named(name).is_some() {
        let (table, unique) = (table.name.clone(), name.to_owned());
        return Err(Conflict::UniqueExists { table, unique });
    }
    check_beside_uniques(table, name)
}

/// Refuses the name of a check or a foreign key that the table has.
fn check_beside_uniques(table: &Table, name: &str) -> Result<(), Conflict> {
    if table.check_named(name).is_some() {
        let (table, check) = (table.name.clone(), name.to_owned());
        return Err(Conflict::CheckExists { table, check });
    }
    if table.foreign_key_named(name).is_some() {
        let (table, foreign_key) = (table.name.clone(), name.to_owned());
        return Err(Conflict::ForeignKeyExists { table, foreign_key });
    }
    Ok(())
}

/// Puts a unique constraint among the others, in the order of their names.
pub(super) fn insert_unique(table: &mut Table, unique: Unique) {
    let at = table.uniques.partition_point(|it| it.name < unique.name);
    table.uniques.insert(at, unique);
}

/// Whether an index speaks of a column: by its name, in an expression or in its filter.
pub(crate) fn indexes_column(index: &Index, column: &str) -> bool {
    index.column_names().chain(&index.include).any(|it| it == column)
        || index.expressions().chain(index.filter.as_deref()).any(|it| names_column(it, column))
}

/// Refuses a foreign key whose name is taken, or that names columns or a table that aren't there.
pub(super) fn check_foreign_key(
    schema: &Schema,
    table: &Table,
    key: &ForeignKey,
) -> Result<(), Conflict> {
    if table.unique_named(&key.name).is_some() {
        let (table, unique) = (table.name.clone(), key.name.clone());
        return Err(Conflict::UniqueExists { table, unique });
    }
    if is_taken(&table.foreign_keys, |it| &it.name, key) {
        return Err(Conflict::ForeignKeyExists {
            table: table.name.clone(),
            foreign_key: key.name.clone(),
        });
    }
    check_columns(table, &key.columns)?;
    let target = if key.table == table.name { table } else { schema.table(&key.table)? };
    let targets = if key.references.is_empty() { &target.primary_key } else { &key.references };
    if targets.is_empty() {
        return Err(Conflict::KeyMissing { table: key.table.clone() });
    }
    if targets.len() != key.columns.len() {
        return Err(Conflict::ForeignKeyShape {
            table: table.name.clone(),
            foreign_key: key.name.clone(),
            columns: key.columns.len(),
            targets: targets.len(),
        });
    }
    check_columns(target, targets)
}

/// Refuses to change a table's key while a foreign key points at it.
pub(super) fn check_key_is_free(schema: &Schema, table: &Table) -> Result<(), Conflict> {
    let pointing = schema.pointing_at(&table.name).find(|(_, key)| {
        schema.target_columns(key).is_ok_and(|targets| {
            let beside = !key.references.is_empty() && is_unique_beside_key(table, targets);
            rests_on_key(table, targets) && !beside
        })
    });
    pointing.map_or(Ok(()), |(from, key)| {
        Err(Conflict::KeyInUse {
            table: table.name.clone(),
            from: from.name.clone(),
            foreign_key: key.name.clone(),
        })
    })
}

/// Whether a foreign key that points at these columns of a table rests on its primary key: on the
/// whole of it, in any order, or, where nothing else tells rows apart by them, on its beginning.
pub(crate) fn rests_on_key(table: &Table, targets: &[String]) -> bool {
    let key = &table.primary_key;
    let whole = key.len() == targets.len() && key.iter().all(|it| targets.contains(it));
    let other = is_unique_beside_key(table, targets);
    !key.is_empty() && (whole || key.starts_with(targets) && !other)
}

/// Whether a unique index or a unique constraint tells rows apart by these columns, whatever the
/// primary key is, so that a foreign key can rest on it.
pub(super) fn is_unique_beside_key(table: &Table, targets: &[String]) -> bool {
    let is_it = |index: &Index| {
        let plain = index.columns.iter().all(|it| it.expression.is_none() && it.prefix.is_none());
        index.unique && index.filter.is_none() && plain && index.column_names().eq(targets)
    };
    table.indexes.iter().any(is_it) || table.uniques.iter().any(|it| sql::promises(it, targets))
}

/// Refuses a check whose name is taken, or that says nothing on any database.
pub(super) fn check_check(table: &Table, check: &Check) -> Result<(), Conflict> {
    let refused = || (table.name.clone(), check.name.clone());
    if is_taken(&table.checks, |it| &it.name, check) {
        let (table, check) = refused();
        return Err(Conflict::CheckExists { table, check });
    }
    if table.unique_named(&check.name).is_some() {
        let (table, unique) = refused();
        return Err(Conflict::UniqueExists { table, unique });
    }
    let mut texts =
        check.condition.texts.iter().map(|(_, it)| it).chain(&check.condition.otherwise);
    if texts.all(|it| it.trim().is_empty()) {
        let (table, check) = refused();
        return Err(Conflict::CheckEmpty { table, check });
    }
    Ok(())
}

/// Puts a check among the others, in the order of their names.
pub(super) fn insert_check(table: &mut Table, check: Check) {
    let at = table.checks.partition_point(|it| it.name < check.name);
    table.checks.insert(at, check);
}

/// Refuses names that are no columns of the table.
pub(super) fn check_columns<'a>(
    table: &Table,
    names: impl IntoIterator<Item = &'a String>,
) -> Result<(), Conflict> {
    for name in names {
        if table.position(name).is_none() {
            return Err(missing(&table.name, name));
        }
    }
    Ok(())
}

/// The column of a table, or that there is none.
pub(super) fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, Conflict> {
    table.column_named(name).ok_or_else(|| missing(&table.name, name))
}

/// That there is no such column.
pub(super) fn missing(table: &Name, column: &str) -> Conflict {
    Conflict::ColumnMissing { table: table.clone(), column: column.to_owned() }
}

/// Puts an index among the others. Indexes and foreign keys are kept in the order of their names,
/// so that two schemas are equal whichever way led to them.
pub(super) fn insert_index(table: &mut Table, index: Index) {
    let at = table.indexes.partition_point(|it| it.name < index.name);
    table.indexes.insert(at, index);
}

/// Puts a foreign key among the others, in the order of their names.
pub(super) fn insert_foreign_key(table: &mut Table, key: ForeignKey) {
    let at = table.foreign_keys.partition_point(|it| it.name < key.name);
    table.foreign_keys.insert(at, key);
}

/// What uses a column, in words, where something does.
pub(super) fn column_user(schema: &Schema, table: &Table, column: &str) -> Option<String> {
    if table.primary_key.iter().any(|it| it == column) {
        return Some("the primary key".to_owned());
    }
    if let Some(index) = table.indexes.iter().find(|it| indexes_column(it, column)) {
        return Some(format!("index `{}`", index.name));
    }
    if let Some(unique) = table.uniques.iter().find(|it| it.has(column)) {
        return Some(format!("unique constraint `{}`", unique.name));
    }
    if let Some(computed) = sql::computed_from(table, column).next() {
        return Some(format!("the computed column `{}`", computed.name));
    }
    if let Some(key) = table.foreign_keys.iter().find(|it| it.columns.iter().any(|it| it == column))
    {
        return Some(format!("foreign key `{}`", key.name));
    }
    if let Some(check) = table.checks.iter().find(|it| sql::speaks_of(&it.condition, column)) {
        return Some(format!("check `{}`", check.name));
    }
    schema
        .pointing_at(&table.name)
        .find(|(_, key)| key.references.iter().any(|it| it == column))
        .map(|(from, key)| format!("foreign key `{}` of `{}`", key.name, from.name))
}
