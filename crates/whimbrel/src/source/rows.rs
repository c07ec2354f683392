//! Rows of a live table, as a migration writes them.

use whimbrel_migration::{Cell, Upsert};

use crate::{
    connection::{Connection, DatabaseError},
    dialect::Dialect,
    schema::{Column, ColumnType, DefaultValue, NamedColumn, Table},
};

/// Which rows are wanted, and how they are known again.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The table, as the migrations have it.
    pub table: &'a Table,
    /// The columns by which a row is known.
    pub key: &'a [String],
    /// Which rows, as conditions in the database's own SQL that must all hold.
    pub conditions: &'a [String],
}

/// The rows of a table, in the order of their key.
pub fn read(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    wanted: Wanted<'_>,
) -> Result<Upsert, DatabaseError> {
    let columns: Vec<&NamedColumn> = written(wanted.table).collect();
    let rows = connection.query(&query(dialect, wanted))?;
    let cells = |row: Vec<Option<String>>| {
        let cell = |(text, column): (Option<String>, &Column)| cell(dialect, text, column);
        row.into_iter().zip(columns.iter().map(|it| &it.column)).map(cell).collect()
    };
    Ok(Upsert {
        table: wanted.table.name.clone(),
        key: wanted.key.to_vec(),
        columns: columns.iter().map(|it| it.name.clone()).collect(),
        rows: rows.into_iter().map(cells).collect(),
    })
}

/// The columns that can be written: the database computes the others.
fn written(table: &Table) -> impl Iterator<Item = &NamedColumn> {
    table.columns.iter().filter(|it| it.column.generated.is_none())
}

fn query(dialect: &Dialect, wanted: Wanted<'_>) -> String {
    let shown = |name: &str, column: &Column| {
        (dialect.rows.shown)(&dialect.quote(name), &dialect.own_type(&column.data_type))
    };
    let columns = written(wanted.table).map(|it| shown(&it.name, &it.column));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut query = format!("SELECT {columns} FROM {}", dialect.quote_name(&wanted.table.name));
    if !wanted.conditions.is_empty() {
        // Each by itself, so that an OR in one of them stays inside, and a comment ends.
        let conditions = wanted.conditions.iter().map(|it| format!("({it}\n)"));
        query.push_str(" WHERE ");
        query.push_str(&conditions.collect::<Vec<_>>().join(" AND "));
    }
    format!("{query} ORDER BY {}", dialect.quote_all(wanted.key))
}

fn cell(dialect: &Dialect, text: Option<String>, column: &Column) -> Cell {
    let Some(text) = text else { return Cell::Null };
    let data_type = dialect.own_type(&column.data_type);
    let value = match data_type.unspelled() {
        ColumnType::Bytes => return Cell::Bytes(text.to_ascii_lowercase()),
        ColumnType::Boolean => DefaultValue::Boolean(matches!(&*text, "1" | "t" | "true")),
        ColumnType::Smallint
        | ColumnType::Integer
        | ColumnType::Bigint
        | ColumnType::Serial
        | ColumnType::Bigserial => match text.parse() {
            Ok(number) => DefaultValue::Integer(number),
            Err(_) => DefaultValue::Text(text),
        },
        _ => DefaultValue::Text(text),
    };
    Cell::Value(value)
}
