//! Giving a table another primary key, or taking it away.

use whimbrel_migration::{AddForeignKey, AlterColumn, AlterPrimaryKey, DropForeignKey, set};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    enumeration::Around,
    fitting::{check_columns, check_key_is_free, rests_on_key},
    folding,
};
use crate::{
    dialect::{Dialect, ForeignKeys},
    schema::{Conflict, Index, Name, Schema, Table},
    sql::{self, Statement, Unsupported},
};

impl Change for AlterPrimaryKey {
    fn describe(&self) -> String {
        match self.columns.as_slice() {
            [] => format!("Drop the primary key of `{}`", self.table),
            columns => format!("Make {} the primary key of `{}`", listed(columns), self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        check_columns(table, &self.columns)?;
        if table.primary_key == self.columns {
            return Err(if self.columns.is_empty() {
                Conflict::KeyMissing { table: self.table.clone() }
            } else {
                Conflict::KeySame { table: self.table.clone(), columns: listed(&self.columns) }
            });
        }
        let twice = |(at, it): (usize, &String)| self.columns[..at].contains(it);
        if let Some((_, column)) = self.columns.iter().enumerate().find(|it| twice(*it)) {
            return Err(Conflict::KeyTwice { table: self.table.clone(), column: column.clone() });
        }
        check_key_is_free(schema, table)?;
        set_key(schema.table_mut(&self.table)?, self.columns.clone());
        Ok(())
    }

    /// Columns that the key has made `NOT NULL` may be null again once it is gone.
    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let table = before.table(&self.table)?;
        let back = Self { table: self.table.clone(), columns: table.primary_key.clone() };
        let was_nullable =
            |it: &&String| table.column_named(it).is_some_and(|column| column.nullable);
        let loosened = self.columns.iter().filter(was_nullable).map(|column| {
            let change = set().nullable();
            AlterColumn { table: self.table.clone(), column: column.clone(), change }.into()
        });
        Ok(Inverse::Operations([back.into()].into_iter().chain(loosened).collect()))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        // Two of one table both stand: the second may bring back the key that was there before the
        // first, and would then change nothing, which is refused.
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let table = before.get(&self.table)?;
        let nullable: Vec<String> = table
            .columns
            .iter()
            .filter(|it| it.column.nullable && self.columns.contains(&it.name))
            .map(|it| it.name.clone())
            .collect();
        let mut rows = Vec::new();
        if !nullable.is_empty() {
            rows.push(format!("rows of `{}` without {}", self.table, ored(&nullable)));
        }
        if !self.columns.is_empty() && !is_unique(table, &self.columns) {
            rows.push(format!(
                "rows of `{}` that are equal in {} ({})",
                self.table,
                listed(&self.columns),
                duplicates(&self.table, &self.columns, &[])
            ));
        }
        (!rows.is_empty()).then(|| Hazard::DependsOnRows(rows.join(", or ")))
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        gives_up_key(before.get(&self.table)?, &self.columns)
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        sql::check_options(dialect, super::table_after(span, &self.table)?)?;
        let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
        let around = resting(dialect, span.before, before);
        around.statements(dialect, span, |within| {
            let before = within.before.table(&self.table).map_err(|it| super::unfit(&it))?;
            let after = super::table_after(within, &self.table)?;
            Ok(vec![sql::set_primary_key(dialect, before, after, None)?])
        })
    }
}

/// The foreign keys for which something else would do as well as the primary key: which of the two
/// they rest on is known to the database alone, so they go before and come again.
fn resting(dialect: &Dialect, schema: &Schema, table: &Table) -> Around {
    let mut around = Around::default();
    if !matches!(dialect.foreign_keys, ForeignKeys::Clauses { pins_index: true, .. }) {
        return around;
    }
    for (from, key) in schema.pointing_at(&table.name) {
        if !rests_on_key(table, &key.references) {
            continue;
        }
        let (from, of) = (from.name.clone(), key.name.clone());
        around.before.push(DropForeignKey { table: from.clone(), foreign_key: of }.into());
        around.after.push(AddForeignKey { table: from, foreign_key: key.clone() }.into());
    }
    around
}

/// Makes these columns the key of a table: they are never null from then on, and neither are those
/// of the key that was.
pub(super) fn set_key(table: &mut Table, columns: Vec<String>) {
    let before = std::mem::replace(&mut table.primary_key, columns);
    for named in &mut table.columns {
        let is_key = before.contains(&named.name) || table.primary_key.contains(&named.name);
        named.column.nullable &= !is_key;
    }
}

/// What a table promises by its key and won't by this one.
pub(super) fn gives_up_key(table: &Table, columns: &[String]) -> Option<String> {
    let mut after = table.clone();
    after.primary_key = columns.to_vec();
    let old = &table.primary_key;
    (!old.is_empty() && !is_unique(&after, old)).then(|| {
        format!("loses that no two rows of `{}` have the same {}", table.name, listed(old))
    })
}

/// Whether a table promises that no two rows are equal in these columns.
pub(super) fn is_unique(table: &Table, columns: &[String]) -> bool {
    let promises = |index: &&Index| {
        let plain = index.columns.iter().all(|it| it.expression.is_none() && it.prefix.is_none());
        index.unique && index.filter.is_none() && plain
    };
    let key = &table.primary_key;
    let is_within = |it: &String| columns.contains(it);
    (!key.is_empty() && key.iter().all(is_within))
        || table.indexes.iter().filter(promises).any(|it| it.column_names().all(is_within))
        || table.uniques.iter().any(|it| it.columns.iter().all(is_within))
}

/// "`a`, `b`".
pub(super) fn listed(columns: &[String]) -> String {
    columns.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// "`a` or `b`".
fn ored(columns: &[String]) -> String {
    columns.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
}

/// The query that finds the rows of which a key can have one only; rows without a value of `present`
/// are none of them.
pub(super) fn duplicates(table: &Name, columns: &[String], present: &[&String]) -> String {
    let written = |name: &String| {
        let is_plain = name.starts_with(|it: char| it.is_ascii_lowercase() || it == '_')
            && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
        if is_plain { name.clone() } else { format!("\"{name}\"") }
    };
    let names = columns.iter().map(written).collect::<Vec<_>>().join(", ");
    let namespace = table.namespace.as_ref().map(|it| format!("{}.", written(it)));
    let present: Vec<String> =
        present.iter().map(|it| format!("{} IS NOT NULL", written(it))).collect();
    let only = if present.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", present.join(" AND "))
    };
    format!(
        "SELECT {names}, count(*) FROM {}{}{only} GROUP BY {names} HAVING count(*) > 1",
        namespace.unwrap_or_default(),
        written(&table.name)
    )
}
