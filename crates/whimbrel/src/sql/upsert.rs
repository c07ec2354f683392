//! Rows that are written by their key, and how what they replace is remembered and put back.

use std::fmt::Write;

use whimbrel_migration::{Cell, Upsert};

use super::{Statement, value_text, with_zero};
use crate::{
    dialect::{Dialect, Identities, Packing, Unsupported, Upserting},
    schema::{Column, ColumnType, DefaultValue, Name, Schema, Table},
};

/// The most rows that one statement writes, and about how many bytes they may be.
const MOST_ROWS: usize = 200;
const MOST_BYTES: usize = 100_000;

/// A row as it is written.
struct Written {
    /// Its values, in the order of the columns.
    values: Vec<String>,
    /// Its key: quoted columns and their values.
    key: Vec<(String, String)>,
}

impl Written {
    /// The condition that holds of the row with its key; `of` stands before each column.
    fn is_it(&self, of: &str) -> String {
        let equal = self.key.iter().map(|(column, value)| format!("{of}{column} = {value}"));
        equal.collect::<Vec<_>>().join(" AND ")
    }
}

/// Where what rows were before is kept: a table of names and values, and how its names begin.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The table, as it is written.
    pub table: String,
    /// How the names begin.
    pub prefix: String,
}

/// The statements that remember what is replaced, and those that put it back.
#[derive(Clone, Debug)]
pub struct Kept {
    /// To run before the rows are written.
    pub remember: Vec<Statement>,
    /// To run when they are taken back.
    pub back: Vec<Statement>,
}

/// The statements that write the rows.
pub fn upsert(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    it: &Upsert,
) -> Result<Vec<Statement>, Unsupported> {
    let batches = batches(written(dialect, schema, table, it)?);
    let mut statements = Vec::new();
    for batch in batches {
        match dialect.rows.upserting {
            Upserting::OnConflict => statements.push(on_conflict(dialect, table, it, &batch)),
            Upserting::OnDuplicateKey if meets_one_key_only(table, it) => {
                statements.push(on_duplicate_key(dialect, table, it, &batch));
            }
            Upserting::OnDuplicateKey => statements.extend(one_by_one(dialect, it, &batch)),
        }
    }
    let statements = statements.into_iter().map(Statement::rows).collect();
    Ok(if may_bring_zero(table, it) { with_zero(dialect, statements) } else { statements })
}

/// Whether a row may have 0 as its number.
fn may_bring_zero(table: &Table, it: &Upsert) -> bool {
    let is_numbered = |name: &String| table.column_named(name).is_some_and(Column::is_numbered);
    let other = |cell: &Cell| match cell {
        Cell::Value(DefaultValue::Integer(number)) => *number != 0,
        Cell::Null => true,
        _ => false,
    };
    let Some(at) = it.columns.iter().position(is_numbered) else { return false };
    it.rows.iter().filter_map(|row| row.get(at)).any(|cell| !other(cell))
}

/// How what the rows replace is remembered and put back.
pub fn kept_of_upsert(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    it: &Upsert,
    keep: &Keep,
) -> Result<Kept, Unsupported> {
    let mut kept = Kept { remember: Vec::new(), back: Vec::new() };
    // What somebody adds between the look and the write would be taken for ours, and go with it.
    if let Some(hold) = dialect.rows.hold {
        kept.remember.push(Statement::rows(hold(&dialect.quote_name(&it.table))));
    }
    let mut first = 0;
    for batch in batches(written(dialect, schema, table, it)?) {
        let names: Vec<String> = (first..first + batch.len())
            .map(|number| dialect.literal(&format!("{}{number}", keep.prefix)))
            .collect();
        first += batch.len();
        let batch = Batch { dialect, table, it, keep, rows: &batch, names };
        kept.remember.push(Statement::rows(batch.remember()));
        kept.back.extend(batch.back().into_iter().map(Statement::rows));
    }
    Ok(kept)
}

/// A value as it stands among those of a row.
pub fn cell_text(
    dialect: &Dialect,
    schema: &Schema,
    cell: &Cell,
    data_type: &ColumnType,
) -> Result<String, Unsupported> {
    let null = || "NULL".to_owned();
    match cell {
        Cell::Null => Ok(null()),
        Cell::Bytes(digits) => Ok((dialect.rows.bytes)(digits)),
        Cell::Value(value) => {
            // A default that is empty here stands for none.
            let text = value_text(dialect, schema, value, data_type)?.unwrap_or_else(null);
            let plain = matches!(value, DefaultValue::Integer(_) | DefaultValue::Boolean(_));
            // MySQL takes any text for equal to a number that it begins with.
            Ok(if plain && is_text(&dialect.own_type(data_type)) {
                dialect.literal(&text)
            } else {
                text
            })
        }
    }
}

fn is_text(data_type: &ColumnType) -> bool {
    matches!(data_type, ColumnType::Varchar { .. } | ColumnType::Text { .. })
}

fn written(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    it: &Upsert,
) -> Result<Vec<Written>, Unsupported> {
    let types: Vec<&ColumnType> = it
        .columns
        .iter()
        .filter_map(|name| table.column_named(name).map(|it| &it.data_type))
        .collect();
    let key: Vec<usize> =
        it.key.iter().filter_map(|key| it.columns.iter().position(|it| it == key)).collect();
    let mut rows = Vec::with_capacity(it.rows.len());
    for cells in &it.rows {
        let values: Vec<String> = cells
            .iter()
            .zip(&types)
            .map(|(cell, data_type)| cell_text(dialect, schema, cell, data_type))
            .collect::<Result<_, _>>()?;
        let key = key.iter().map(|at| (dialect.quote(&it.columns[*at]), values[*at].clone()));
        let key = key.collect();
        rows.push(Written { values, key });
    }
    Ok(rows)
}

fn batches(rows: Vec<Written>) -> Vec<Vec<Written>> {
    let mut batches: Vec<Vec<Written>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let own = row.values.iter().map(String::len).sum::<usize>();
        bytes += own;
        match batches.last_mut() {
            Some(last) if last.len() < MOST_ROWS && bytes <= MOST_BYTES => last.push(row),
            _ => {
                bytes = own;
                batches.push(vec![row]);
            }
        }
    }
    batches
}

/// The columns that aren't the key's.
fn others(it: &Upsert) -> Vec<&String> {
    it.columns.iter().filter(|name| !it.key.contains(name)).collect()
}

fn insert(dialect: &Dialect, table: &Table, it: &Upsert, rows: &[Written]) -> String {
    let rows: Vec<String> = rows.iter().map(|it| format!("({})", it.values.join(", "))).collect();
    format!(
        "INSERT INTO {} ({}){}\nVALUES {}",
        dialect.quote_name(&it.table),
        dialect.quote_all(&it.columns),
        overriding(dialect, table, &it.columns),
        rows.join(",\n       ")
    )
}

/// What lets a row bring a number of its own where the database gives every row one.
fn overriding(dialect: &Dialect, table: &Table, columns: &[String]) -> &'static str {
    let always = |name: &String| {
        let column = table.column_named(name);
        column.and_then(|it| it.identity).is_some_and(|it| it.always)
    };
    let sequences = dialect.types.identities == Identities::Sequence;
    if sequences && columns.iter().any(always) { " OVERRIDING SYSTEM VALUE" } else { "" }
}

fn on_conflict(dialect: &Dialect, table: &Table, it: &Upsert, rows: &[Written]) -> String {
    let mut text = insert(dialect, table, it, rows);
    let _ = write!(text, "\nON CONFLICT ({}) DO ", dialect.quote_all(&it.key));
    let sets = others(it);
    if sets.is_empty() {
        text.push_str("NOTHING");
        return text;
    }
    let sets = sets.into_iter().map(|name| {
        let name = dialect.quote(name);
        format!("  {name} = EXCLUDED.{name}")
    });
    text.push_str("UPDATE SET\n");
    text.push_str(&sets.collect::<Vec<_>>().join(",\n"));
    text
}

/// `VALUES(…)` is what MySQL and MariaDB both know (MySQL's manual, "INSERT … ON DUPLICATE KEY
/// UPDATE Statement", prefers an alias since 8.0.20, which MariaDB doesn't have). The key stays as
/// the row has it: another spelling may be equal there.
fn on_duplicate_key(dialect: &Dialect, table: &Table, it: &Upsert, rows: &[Written]) -> String {
    let sets = others(it);
    let sets: Vec<String> = if sets.is_empty() {
        it.key
            .iter()
            .take(1)
            .map(|it| dialect.quote(it))
            .map(|it| format!("  {it} = {it}"))
            .collect()
    } else {
        let set = |name: &String| {
            let name = dialect.quote(name);
            format!("  {name} = VALUES({name})")
        };
        sets.into_iter().map(set).collect()
    };
    format!("{}\nON DUPLICATE KEY UPDATE\n{}", insert(dialect, table, it, rows), sets.join(",\n"))
}

/// Whether no row can meet another key than the one that is meant, so that `ON DUPLICATE KEY`,
/// which takes any, does what is wanted: of every other key a column is left out that no two new
/// rows have equal.
fn meets_one_key_only(table: &Table, it: &Upsert) -> bool {
    let same = |columns: &[&String]| {
        columns.len() == it.key.len() && columns.iter().all(|name| it.key.contains(name))
    };
    let differs = |name: &&String| {
        !it.columns.contains(name)
            && table.column_named(name).is_some_and(|column| {
                column.is_numbered()
                    || matches!(column.default, Some(DefaultValue::NewUuid))
                    || (column.nullable && column.default.is_none())
            })
    };
    unique_keys(table).iter().all(|key| same(key) || key.iter().any(differs))
}

/// The primary key, the unique indexes and the unique constraints, by their columns. What is put off
/// to the end of a transaction tells no row apart before.
pub(crate) fn unique_keys(table: &Table) -> Vec<Vec<&String>> {
    let primary: Vec<&String> = table.primary_key.iter().collect();
    let unique = table.indexes.iter().filter(|it| it.unique && it.filter.is_none());
    let unique = unique.map(|it| it.columns.iter().map(|it| &it.name).collect::<Vec<_>>());
    let sole = table.uniques.iter().filter(|it| it.deferral.is_never());
    let sole = sole.map(|it| it.columns.iter().collect());
    std::iter::once(primary).chain(unique).chain(sole).filter(|it| !it.is_empty()).collect()
}

/// What is there is changed, what isn't is added: two statements a row.
fn one_by_one(dialect: &Dialect, it: &Upsert, rows: &[Written]) -> Vec<String> {
    let table = dialect.quote_name(&it.table);
    let mut texts = Vec::new();
    for row in rows {
        let sets = it.columns.iter().zip(&row.values).filter(|(name, _)| !it.key.contains(name));
        let sets: Vec<String> =
            sets.map(|(name, value)| format!("{} = {value}", dialect.quote(name))).collect();
        if !sets.is_empty() {
            let is_it = row.is_it("");
            texts.push(format!("UPDATE {table} SET {} WHERE {is_it}", sets.join(", ")));
        }
        texts.push(format!(
            "INSERT INTO {table} ({})\nSELECT {} FROM DUAL\nWHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {})",
            dialect.quote_all(&it.columns),
            row.values.join(", "),
            row.is_it(""),
        ));
    }
    texts
}

/// Rows of one statement, and the names under which what was there of them is kept.
struct Batch<'b> {
    dialect: &'b Dialect,
    table: &'b Table,
    it: &'b Upsert,
    keep: &'b Keep,
    rows: &'b [Written],
    names: Vec<String>,
}

impl Batch<'_> {
    fn table(&self) -> String {
        self.dialect.quote_name(&self.it.table)
    }

    /// Which of the rows the database's own comparison finds: their names.
    fn name(&self, of: &str) -> String {
        let mut text = "CASE".to_owned();
        for (row, name) in self.rows.iter().zip(&self.names) {
            let _ = write!(text, " WHEN {} THEN {name}", row.is_it(of));
        }
        text + " END"
    }

    fn any_of_them(&self, of: &str) -> String {
        if let Some((column, _)) = self.rows.first().and_then(|it| it.key.first())
            && self.it.key.len() == 1
        {
            let values = self.rows.iter().flat_map(|it| &it.key).map(|(_, value)| value.as_str());
            return format!("{of}{column} IN ({})", values.collect::<Vec<_>>().join(", "));
        }
        let rows: Vec<String> = self.rows.iter().map(|it| format!("({})", it.is_it(of))).collect();
        format!("({})", rows.join(" OR "))
    }

    /// The columns whose values are kept, with the types that they have.
    fn sets(&self) -> Vec<(String, &ColumnType)> {
        let typed = |name: &&String| {
            let column = self.table.column_named(name)?;
            Some((self.dialect.quote(name), &column.data_type))
        };
        others(self.it).iter().filter_map(typed).collect()
    }

    fn remember(&self) -> String {
        let value = match self.dialect.rows.packing {
            Packing::Record => {
                let names = self.it.columns.iter().map(|it| self.dialect.quote(it));
                let names = names.collect::<Vec<_>>().join(", ");
                return format!(
                    "INSERT INTO {} (name, value)\nSELECT {}, row_to_json(kept)::text\nFROM (SELECT {names} FROM {} WHERE {} FOR UPDATE) AS kept",
                    self.keep.table,
                    self.name(""),
                    self.table(),
                    self.any_of_them(""),
                );
            }
            Packing::List { pack, .. } => {
                let values: Vec<String> = self
                    .sets()
                    .iter()
                    .map(|(name, data_type)| pack(name, &self.dialect.own_type(data_type)))
                    .collect();
                format!("json_array({})", values.join(", "))
            }
        };
        format!(
            "INSERT INTO {} (name, value)\nSELECT {}, {value}\nFROM {}\nWHERE {}",
            self.keep.table,
            self.name(""),
            self.table(),
            self.any_of_them(""),
        )
    }

    fn back(&self) -> Vec<String> {
        let (table, keep, names) = (self.table(), &self.keep.table, self.names.join(", "));
        let mut texts = Vec::new();
        if !self.sets().is_empty() {
            texts.push(self.restore(&names));
        }
        // What wasn't there before goes.
        texts.push(format!(
            "DELETE FROM {table}\nWHERE {}\nAND {} NOT IN (SELECT kept.name FROM {keep} AS kept WHERE kept.name IN ({names}))",
            self.any_of_them(""),
            self.name(""),
        ));
        texts.push(format!("DELETE FROM {keep} WHERE name IN ({names})"));
        texts
    }

    /// What was there before is there again.
    fn restore(&self, names: &str) -> String {
        let (table, keep) = (self.table(), &self.keep.table);
        let name = self.name("whole.");
        let is_kept = format!("kept.name IN ({names}) AND kept.name = {name}");
        let sets = |prefix: &str, value: &dyn Fn(usize, &str, &ColumnType) -> String| {
            let sets = self.sets();
            let sets = sets.iter().enumerate().map(|(at, (name, data_type))| {
                format!("{prefix}{name} = {}", value(at, name, data_type))
            });
            sets.collect::<Vec<_>>().join(", ")
        };
        match self.dialect.rows.packing {
            Packing::Record => format!(
                "UPDATE {table} AS whole\nSET {}\nFROM {keep} AS kept\nCROSS JOIN LATERAL json_populate_record(NULL::{table}, kept.value::json) AS was\nWHERE {is_kept}",
                sets("", &|_, name, _| format!("was.{name}")),
            ),
            Packing::List { unpack, joined, .. } => {
                let value = |at: usize, _: &str, data_type: &ColumnType| {
                    unpack("kept.value", at, &self.dialect.own_type(data_type))
                };
                if joined {
                    let sets = sets("whole.", &value);
                    format!("UPDATE {table} AS whole\nJOIN {keep} AS kept ON {is_kept}\nSET {sets}")
                } else {
                    let sets = sets("", &value);
                    format!(
                        "UPDATE {table} AS whole\nSET {sets}\nFROM {keep} AS kept\nWHERE {is_kept}"
                    )
                }
            }
        }
    }
}

/// Why the rows don't fit their table, if they don't.
pub(crate) fn unfit_rows(table: &Table, it: &Upsert) -> Option<String> {
    let listed =
        |names: &[String]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let twice = |names: &[String]| {
        names
            .iter()
            .enumerate()
            .find(|(at, it)| names[..*at].contains(it))
            .map(|(_, it)| it.clone())
    };
    if let Some(name) = twice(&it.columns).or_else(|| twice(&it.key)) {
        return Some(format!("column `{name}` is named twice"));
    }
    if it.key.is_empty() {
        return Some("no key is named by which a row would be known".to_owned());
    }
    if let Some(name) = it.key.iter().find(|name| !it.columns.contains(name)) {
        return Some(format!(
            "column `{name}` of the key is not among the columns that are written: {}",
            listed(&it.columns)
        ));
    }
    let is_key = |columns: &Vec<&String>| {
        columns.len() == it.key.len() && columns.iter().all(|name| it.key.contains(name))
    };
    if !unique_keys(table).iter().any(is_key) {
        return Some(format!(
            "no primary key, unique constraint or unique index is over {}, so nothing says which \
             row is meant; add one first (not `deferrable`), or name another key",
            listed(&it.key)
        ));
    }
    let mut keys: Vec<Vec<&Cell>> = Vec::with_capacity(it.rows.len());
    for (number, row) in it.rows.iter().enumerate() {
        let number = number + 1;
        if row.len() != it.columns.len() {
            return Some(format!(
                "row {number} has {} values for {} columns: {}",
                row.len(),
                it.columns.len(),
                listed(&it.columns)
            ));
        }
        if let Some(because) = unfit_bytes(row) {
            return Some(format!("row {number}: {because}"));
        }
        let key: Vec<&Cell> = it
            .columns
            .iter()
            .zip(row)
            .filter(|(name, _)| it.key.contains(name))
            .map(|(_, cell)| cell)
            .collect();
        let plain = |cell: &&Cell| {
            matches!(
                cell,
                Cell::Bytes(_)
                    | Cell::Value(
                        DefaultValue::Text(_) | DefaultValue::Integer(_) | DefaultValue::Boolean(_)
                    )
            )
        };
        if !key.iter().all(plain) {
            return Some(format!(
                "the key of row {number} is no plain value, so that the row could not be found \
                 again; write a text, a number, a bool or `hex(…)`"
            ));
        }
        keys.push(key);
    }
    let mut sorted: Vec<(String, usize)> =
        keys.iter().enumerate().map(|(at, key)| (format!("{key:?}"), at + 1)).collect();
    sorted.sort();
    let same = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    Some(format!("rows {} and {} have the same key", same[0].1, same[1].1))
}

/// Why some of these are no bytes.
pub(super) fn unfit_bytes<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Option<String> {
    cells.into_iter().find_map(|cell| match cell {
        Cell::Bytes(digits)
            if digits.len() % 2 != 0 || !digits.chars().all(|it| it.is_ascii_hexdigit()) =>
        {
            Some(format!("`{digits}` is no bytes; write two hexadecimal digits for each"))
        }
        _ => None,
    })
}

/// The name of the fact that tells what the row of a table was, without its number.
pub fn keep_prefix(migration: &str, operation: usize) -> String {
    format!("rows:{migration}:{operation}:")
}

/// The table of `it` in the schema that it finds.
pub(crate) fn table_of<'s>(schema: &'s Schema, name: &Name) -> Result<&'s Table, Unsupported> {
    schema.table(name).map_err(|conflict| Unsupported::new("these rows", conflict.to_string()))
}
