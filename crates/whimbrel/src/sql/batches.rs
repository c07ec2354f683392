//! Changes of rows in batches, by a key that says how far they have come.

use serde::{Deserialize, Serialize};
use whimbrel_migration::Backfill;

use super::{Body, Kind, Statement, cell_text, unique_keys};
use crate::{
    connection::Row,
    dialect::{Dialect, Unsupported, is_number},
    schema::{ColumnType, Name, Schema, Table},
};

/// A change of rows in batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batches {
    /// The table.
    pub table: Name,
    /// The columns by whose order it goes, and whether their values are numbers.
    pub key: Vec<(String, bool)>,
    /// What stands behind `SET`.
    pub set: String,
    /// Which rows, as a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// How many rows a batch has at the most.
    pub size: u32,
}

/// The statement that makes the change.
pub fn backfill(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    it: &Backfill,
) -> Result<Vec<Statement>, Unsupported> {
    let mut sets = Vec::new();
    for (name, cell) in &it.set {
        let Some(column) = table.column_named(name) else { continue };
        let value = cell_text(dialect, schema, cell, &column.data_type)?;
        sets.push(format!("{} = {value}", dialect.quote(name)));
    }
    let filter = match &it.filter {
        None => None,
        Some(texts) => Some(dialect.text(texts).map(str::to_owned).ok_or_else(|| {
            Unsupported::new(
                "which rows are meant",
                format!(
                    "the condition has no text for {}; add one for `{}`",
                    dialect.product, dialect.name
                ),
            )
        })?),
    };
    let key = key_of(table).unwrap_or_default();
    let batches = Batches {
        table: it.table.clone(),
        key: key.into_iter().map(|(name, column)| (name.clone(), is_whole(column))).collect(),
        set: sets.join(", "),
        filter,
        size: it.batch,
    };
    let body = Body::Batches(batches);
    Ok(vec![Statement { body, kind: Kind::Rows, ..Statement::schema("", []) }])
}

impl Batches {
    /// The whole change as one statement, for showing it and for databases that it is made in by
    /// hand.
    pub fn at_once(&self, dialect: &Dialect) -> String {
        self.update(dialect, self.filter.as_deref())
    }

    /// The same, with how it is made.
    pub fn in_words(&self, dialect: &Dialect) -> String {
        let key: Vec<&str> = self.key.iter().map(|(name, _)| name.as_str()).collect();
        let key = key.join(", ").replace("*/", "");
        format!("{} /* in batches of {} by {key} */", self.at_once(dialect), self.size)
    }

    /// The query for the keys of the next batch, behind those of the row at `cursor`.
    pub fn next(&self, dialect: &Dialect, cursor: Option<&[String]>) -> String {
        let key = self.key.iter().map(|(name, _)| dialect.quote(name));
        let key = key.collect::<Vec<_>>().join(", ");
        let behind = cursor.map(|it| self.beside(dialect, it, '>', ">"));
        let conditions: Vec<String> =
            behind.into_iter().chain(self.filter.as_ref().map(|it| format!("({it})"))).collect();
        let which = match &*conditions {
            [] => String::new(),
            some => format!(" WHERE {}", some.join(" AND ")),
        };
        format!(
            "SELECT {key} FROM {}{which} ORDER BY {key} LIMIT {}",
            dialect.quote_name(&self.table),
            self.size
        )
    }

    /// The change of the rows behind `cursor`, up to the one at `last`.
    pub fn one(&self, dialect: &Dialect, cursor: Option<&[String]>, last: &[String]) -> String {
        let behind = cursor.map(|it| self.beside(dialect, it, '>', ">"));
        let filter = self.filter.as_ref().map(|it| format!("({it})"));
        let conditions: Vec<String> = behind
            .into_iter()
            .chain([self.beside(dialect, last, '<', "<=")])
            .chain(filter)
            .collect();
        self.update(dialect, Some(&conditions.join(" AND ")))
    }

    /// The key of a row that [`Self::next`] found; `None` where it has no value somewhere.
    pub fn key(row: Row) -> Option<Vec<String>> {
        row.into_iter().collect()
    }

    fn update(&self, dialect: &Dialect, which: Option<&str>) -> String {
        let which = which.map(|it| format!(" WHERE {it}")).unwrap_or_default();
        format!("UPDATE {} SET {}{which}", dialect.quote_name(&self.table), self.set)
    }

    /// The rows on one side of a key. The first column is said by itself too: by that a database
    /// finds them in its index, whatever it makes of the rest.
    fn beside(&self, dialect: &Dialect, key: &[String], side: char, last: &str) -> String {
        let mut text = String::new();
        for (at, ((name, is_number_), value)) in self.key.iter().zip(key).enumerate().rev() {
            let (name, value) = (dialect.quote(name), of_key(dialect, *is_number_, value));
            text = if at + 1 == self.key.len() {
                format!("{name} {last} {value}")
            } else {
                format!("({name} {side} {value} OR ({name} = {value} AND {text}))")
            };
            if at == 0 && self.key.len() > 1 {
                text = format!("{name} {side}= {value} AND {text}");
            }
        }
        text
    }
}

fn of_key(dialect: &Dialect, number: bool, value: &str) -> String {
    if number && is_number(value) { value.to_owned() } else { dialect.literal(value) }
}

/// The key by which batches go: the primary key, or a unique constraint or index over columns that every row
/// has, of types whose texts are as good as the values.
fn key_of(table: &Table) -> Option<Vec<(&String, &ColumnType)>> {
    unique_keys(table).into_iter().enumerate().find_map(|(at, key)| {
        // The first is the primary key, where there is one.
        let is_primary = at == 0 && !table.primary_key.is_empty();
        let column = |name: &'_ String| {
            table.column_named(name).filter(|it| is_primary || !it.nullable).map(|it| &it.data_type)
        };
        let typed: Option<Vec<_>> =
            key.into_iter().map(|name| column(name).map(|it| (name, it))).collect();
        typed.filter(|it| it.iter().all(|(_, data_type)| has_order(data_type)))
    })
}

fn is_whole(data_type: &ColumnType) -> bool {
    matches!(
        data_type.unspelled(),
        ColumnType::Smallint
            | ColumnType::Integer
            | ColumnType::Bigint
            | ColumnType::Serial
            | ColumnType::Bigserial
    )
}

fn has_order(data_type: &ColumnType) -> bool {
    is_whole(data_type)
        || matches!(
            data_type,
            ColumnType::Varchar { .. }
                | ColumnType::Text { .. }
                | ColumnType::Uuid
                | ColumnType::Date
                | ColumnType::Timestamp
                | ColumnType::Timestamptz
        )
}

/// Why rows can't be changed so, if they can't.
pub(crate) fn unfit_backfill(table: &Table, it: &Backfill) -> Option<String> {
    if it.batch == 0 {
        return Some("a batch of no rows never comes to an end".to_owned());
    }
    let Some(key) = key_of(table) else {
        return Some(
            "there is no key by which batches could go on where a run was stopped: a primary \
             key, or a unique constraint over columns that are never null, of whole numbers, texts, \
             UUIDs, dates or times; add one, or write the change as `run_sql`, in one statement"
                .to_owned(),
        );
    };
    for (at, (name, _)) in it.set.iter().enumerate() {
        if key.iter().any(|(key, _)| *key == name) {
            return Some(format!(
                "column `{name}` is of the key by which batches go, so it can't be set in them; \
                 write the change as `run_sql`"
            ));
        }
        if it.set[..at].iter().any(|(other, _)| other == name) {
            return Some(format!("column `{name}` is set twice"));
        }
    }
    super::upsert::unfit_bytes(it.set.iter().map(|(_, cell)| cell))
}
