//! Tables that several files speak of: their fields are united, and what two files say of one
//! field becomes one.
//!
//! Between files of the project itself the roomier type, the stricter `NOT NULL` and the later
//! default win. Over an included file the project's own files always win, so that a library's
//! table can be made to fit.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    check, comment,
    draft::{DraftColumn, DraftForeignKey, DraftTable, DraftType},
    fields::Spanned,
    options, unique,
};
use crate::{
    diagnostic::{Diagnostic, Span},
    schema::{ColumnType, Name},
};

/// The tables with all that is said of one name put together, in the order of their first places.
/// A table that one file declares twice is a mistake, which is said.
pub(super) fn merge(tables: Vec<DraftTable>, found: &mut Vec<Diagnostic>) -> Vec<DraftTable> {
    if all_differ(&tables) {
        return tables;
    }
    let mut places: BTreeMap<Name, usize> = BTreeMap::new();
    let mut merged: Vec<DraftTable> = Vec::with_capacity(tables.len());
    for table in tables {
        let Some(place) = places.get(&table.name.value) else {
            places.insert(table.name.value.clone(), merged.len());
            merged.push(table);
            continue;
        };
        let first = &mut merged[*place];
        if first.files.iter().any(|it| Arc::ptr_eq(it, &table.name.span.file)) || table.junction {
            declared_twice(&table, first, found);
        } else {
            unite(first, table, found);
        }
    }
    merged
}

/// Whether no two tables have one name, as it mostly is.
fn all_differ(tables: &[DraftTable]) -> bool {
    let mut names: Vec<&Name> = tables.iter().map(|it| &it.name.value).collect();
    names.sort_unstable();
    names.windows(2).all(|it| it[0] != it[1])
}

fn declared_twice(table: &DraftTable, first: &DraftTable, found: &mut Vec<Diagnostic>) {
    let message = format!("table `{}` is declared twice", table.name.value);
    let diagnostic = Diagnostic::error(message)
        .at(table.name.span.clone(), "it is declared again here")
        .and(first.name.span.clone(), "it was declared here")
        .help("put all its fields in one place, or rename one of the two");
    found.push(diagnostic);
}

/// Adds to `table` what `other` says of it.
fn unite(table: &mut DraftTable, other: DraftTable, found: &mut Vec<Diagnostic>) {
    // Files come with the project's own first, so an included one is never the first of the two
    // unless both are.
    let yields = other.included && !table.included;
    table.partial |= other.partial;
    table.files.extend(other.files);
    for column in other.columns {
        match table.columns.iter_mut().find(|it| it.name.value == column.name.value) {
            None => table.columns.push(column),
            Some(_) if yields => {}
            Some(own) => unite_columns(own, column, found),
        }
    }
    for key in other.foreign_keys {
        match table.foreign_keys.iter().find(|it| same_columns(it, &key)) {
            None => table.foreign_keys.push(key),
            Some(_) if yields => {}
            Some(own) => agree(own, &key, found),
        }
    }
    for index in other.indexes {
        let own = table.indexes.iter().find(|it| it.name.value == index.name.value);
        // Two that differ are told of where all indexes of the table are looked at.
        if own.is_none_or(|own| !yields && !own.says_the_same(&index)) {
            table.indexes.push(index);
        }
    }
    unique::unite(&mut table.uniques, other.uniques, yields);
    check::unite(&mut table.checks, other.checks, yields);
    comment::unite(&mut table.comment, other.comment, yields);
    options::unite(&mut table.options, other.options, yields);
    for field in other.many_to_many {
        match table.many_to_many.iter().find(|it| it.field.value == field.field.value) {
            None => table.many_to_many.push(field),
            Some(own) if yields || own.table.value == field.table.value => {}
            Some(own) => found.push(
                Diagnostic::error(format!("`{}` points at two tables", field.field.value))
                    .at(field.table.span.clone(), "at this one here")
                    .and(own.table.span.clone(), "and at this one here")
                    .help("let both files point at the same table, or rename one of the fields"),
            ),
        }
    }
    if let Some(key) = other.primary_key {
        let words = |key: &Spanned<Vec<Spanned<String>>>| {
            key.value.iter().map(|it| it.value.clone()).collect::<Vec<_>>()
        };
        match &table.primary_key {
            None => table.primary_key = Some(key),
            Some(own) if yields || words(own) == words(&key) => {}
            Some(own) => found.push(two("primary keys", &table.name.value, &key.span, &own.span)),
        }
    }
    match (&table.renamed_from, other.renamed_from) {
        (None, from) => table.renamed_from = from,
        (Some(own), Some(from)) if !yields && own.value != from.value => {
            found.push(two("names from before", &table.name.value, &from.span, &own.span));
        }
        _ => {}
    }
}

fn two(what: &str, table: &Name, here: &Span, there: &Span) -> Diagnostic {
    Diagnostic::error(format!("table `{table}` gets two {what}"))
        .at(here.clone(), "this one here")
        .and(there.clone(), "and this one here")
        .help("say it in one of the two files")
}

fn unite_columns(own: &mut DraftColumn, other: DraftColumn, found: &mut Vec<Diagnostic>) {
    match roomier(&own.data_type, &other.data_type) {
        Some(data_type) => own.data_type = data_type,
        None => found.push(
            Diagnostic::error(format!("`{}` has two types that don't go together", own.name.value))
                .at(other.name.span.clone(), "it is one here")
                .and(own.name.span.clone(), "and another here")
                .help("give it the same type in both files, or rename one of the two"),
        ),
    }
    // Whoever says that there is always a value is relied upon.
    if other.nullable.as_ref().is_some_and(|it| !it.value) || own.nullable.is_none() {
        own.nullable = other.nullable.or(own.nullable.take());
    }
    own.primary_key = own.primary_key.take().or(other.primary_key);
    own.auto_create = own.auto_create.take().or(other.auto_create);
    own.auto_update = own.auto_update.take().or(other.auto_update);
    own.generated = other.generated.or(own.generated.take());
    own.identity = other.identity.or(own.identity.take());
    own.default = other.default.or(own.default.take());
    own.collation = other.collation.or(own.collation.take());
    comment::unite(&mut own.comment, other.comment, false);
    options::unite(&mut own.options, other.options, false);
    own.renamed_from = own.renamed_from.take().or(other.renamed_from);
}

/// The type that holds the values of both, where there is one.
fn roomier(own: &DraftType, other: &DraftType) -> Option<DraftType> {
    match (own, other) {
        (DraftType::Unknown, _) | (_, DraftType::Unknown) => Some(DraftType::Unknown),
        (DraftType::Key, DraftType::Key) => Some(DraftType::Key),
        (DraftType::Known(own), DraftType::Known(other)) => {
            roomier_type(own, other).or_else(|| roomier_type(other, own)).map(DraftType::Known)
        }
        (DraftType::Key, DraftType::Known(_)) | (DraftType::Known(_), DraftType::Key) => None,
    }
}

/// `wide`, where it holds all that `narrow` holds; of numbers and texts with limits, with the
/// greater ones.
fn roomier_type(narrow: &ColumnType, wide: &ColumnType) -> Option<ColumnType> {
    use ColumnType::{Bigint, Decimal, Double, Float, Integer, Smallint, Text, Varchar};
    let holds = match (narrow, wide) {
        (Varchar { length: own }, Varchar { length }) => {
            return Some(Varchar { length: *own.max(length) });
        }
        (Text { length: own }, Text { length }) => {
            // No limit is more than any.
            let length = own.zip(*length).map(|(own, other)| own.max(other));
            return Some(Text { length });
        }
        (Varchar { .. }, Text { length: None }) => true,
        (Varchar { length: own }, Text { length: Some(length) }) => own <= length,
        (Decimal { precision: own, .. }, Decimal { precision, .. }) => own <= precision,
        (Float | Double, Decimal { .. }) | (Float, Double) => true,
        (Smallint, Integer | Bigint) | (Integer, Bigint) => true,
        (narrow, wide) => narrow == wide,
    };
    holds.then(|| wide.clone())
}

fn same_columns(own: &DraftForeignKey, other: &DraftForeignKey) -> bool {
    own.columns.len() == other.columns.len()
        && own.columns.iter().zip(&other.columns).all(|(own, other)| own.value == other.value)
}

fn agree(own: &DraftForeignKey, other: &DraftForeignKey, found: &mut Vec<Diagnostic>) {
    let references = |key: &DraftForeignKey| {
        key.references.iter().map(|it| it.value.clone()).collect::<Vec<_>>()
    };
    let same = own.table.value == other.table.value
        && references(own) == references(other)
        && own.on_delete.value == other.on_delete.value
        && own.on_update == other.on_update
        && own.deferral == other.deferral;
    if same {
        return;
    }
    let columns: Vec<&str> = own.columns.iter().map(|it| it.value.as_str()).collect();
    let message = format!(
        "two files say different things of the foreign key of {}",
        super::fields::list(&columns)
    );
    let diagnostic = Diagnostic::error(message)
        .at(other.span.clone(), "this is one")
        .and(own.span.clone(), "and this is the other")
        .help("let both name the same table and the same actions, or keep one of the two");
    found.push(diagnostic);
}
