//! Columns of which no two rows may have the same values: `uniques` of a table.

use std::fmt::Write;

use super::{
    draft::{DraftTable, either, names},
    fields::{Fields, Reader, Spanned},
    print::{word, words},
    resolve::{has_column, is_first},
    tree::Value,
};
use crate::{
    diagnostic::Diagnostic,
    schema::{Deferral, Table, Unique, unique_name},
    source::{Declared, Place},
};

/// A unique constraint, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftUnique {
    /// Empty until the table's name is known, where it has none of its own.
    pub(super) name: Spanned<String>,
    pub(super) columns: Vec<Spanned<String>>,
    include: Vec<Spanned<String>>,
    nulls_not_distinct: bool,
    pub(super) deferral: Deferral,
}

impl DraftUnique {
    fn unique(&self) -> Unique {
        let texts =
            |all: &[Spanned<String>]| all.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        Unique {
            name: self.name.value.clone(),
            columns: texts(&self.columns),
            nulls_not_distinct: self.nulls_not_distinct,
            include: texts(&self.include),
            deferral: self.deferral,
        }
    }
}

const UNIQUE: &[&str] = &[
    "name",
    "fields",
    "columns",
    "nulls_not_distinct",
    "include",
    "deferrable",
    "initially_deferred",
];

/// The `uniques` of a table.
pub(super) fn of_table(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<DraftUnique> {
    let Some(node) = fields.get("uniques") else { return Vec::new() };
    let mut uniques = Vec::new();
    for node in reader.list(node, "`uniques`") {
        let Some(fields) = reader.fields(node, "a unique constraint", UNIQUE) else { continue };
        let name = fields.get("name").map(|it| reader.name(it, "a unique constraint"));
        let listed = either(reader, &fields, "fields", "columns");
        let said = listed.as_ref().is_some_and(|(_, node)| match &node.value {
            Value::List(all) => !all.is_empty(),
            Value::Scalar(..) | Value::Map(_) => !node.is_null(),
        });
        let columns = match listed {
            Some((key, node)) if said => names(reader, node, key),
            _ => Vec::new(),
        };
        if columns.is_empty() {
            // What is there and can't be read was told of.
            if !said && (fields.get("fields").is_none() || fields.get("columns").is_none()) {
                let (message, help) = ("a unique constraint has no fields", "add `fields: [...]`");
                reader.wrong_help(message, &fields.range, "it begins here", help);
            }
            continue;
        }
        let include = fields.get("include").map(|it| names(reader, it, "include"));
        let unnamed = Spanned { value: String::new(), span: reader.span(&fields.range) };
        let deferral = super::draft::deferral(reader, &fields);
        let nulls_not_distinct = reader.flag(&fields, "nulls_not_distinct").unwrap_or(false);
        // One whose name can't be read was told of.
        let Some(name) = name.unwrap_or(Some(unnamed)) else { continue };
        let include = include.unwrap_or_default();
        uniques.push(DraftUnique { name, columns, include, nulls_not_distinct, deferral });
    }
    uniques
}

/// Names those that have no name of their own, once the table's name is known.
pub(super) fn name_all(table: &mut DraftTable) {
    for unique in table.uniques.iter_mut().filter(|it| it.name.value.is_empty()) {
        let columns: Vec<String> = unique.columns.iter().map(|it| it.value.clone()).collect();
        unique.name.value = unique_name(&table.name.value, &columns);
    }
}

/// Adds what another file says. Two that differ are told of where all of them are looked at.
pub(super) fn unite(own: &mut Vec<DraftUnique>, other: Vec<DraftUnique>, yields: bool) {
    for unique in other {
        let same = own.iter().find(|it| it.name.value == unique.name.value);
        if same.is_none_or(|it| !yields && it.unique() != unique.unique()) {
            own.push(unique);
        }
    }
}

/// The unique constraints of a table, by name.
pub(super) fn resolve(
    table: &DraftTable,
    declared: &mut Declared,
    found: &mut Vec<Diagnostic>,
) -> Vec<Unique> {
    let mut uniques: Vec<Unique> = Vec::new();
    for draft in &table.uniques {
        let name = &draft.name;
        let kind = ["unique constraint", "unique constraints"];
        let place = Place::Unique(table.name.value.clone(), name.value.clone());
        if !is_first(place, kind, table, name, declared, found) {
            continue;
        }
        if let Some(index) = table.indexes.iter().find(|it| it.name.value == name.value) {
            let message = format!(
                "table `{}` has an index and a unique constraint `{}`",
                table.name.value, name.value
            );
            let diagnostic = Diagnostic::error(message)
                .at(name.span.clone(), "a unique constraint has an index of its name")
                .and(index.name.span.clone(), "this is the index")
                .help("remove one of the two, or give it another name");
            found.push(diagnostic);
            continue;
        }
        if let Some(check) = table.checks.iter().find(|it| it.name.value == name.value) {
            let message = format!(
                "table `{}` has a check and a unique constraint `{}`",
                table.name.value, name.value
            );
            let diagnostic = Diagnostic::error(message)
                .at(name.span.clone(), "constraints of a table have different names")
                .and(check.name.span.clone(), "this is the check")
                .help("give one of the two another name");
            found.push(diagnostic);
            continue;
        }
        let mut complete = true;
        for column in draft.columns.iter().chain(&draft.include) {
            complete &= has_column(table, column, found);
        }
        for column in &draft.include {
            if draft.columns.iter().any(|it| it.value == column.value) {
                let message =
                    format!("unique constraint `{}` has `{}` twice", name.value, column.value);
                let diagnostic = Diagnostic::error(message)
                    .at(column.span.clone(), "it is one of its fields already")
                    .help("remove it");
                found.push(diagnostic);
                complete = false;
            }
        }
        if complete {
            uniques.push(draft.unique());
        }
    }
    uniques.sort_by(|a, b| a.name.cmp(&b.name));
    uniques
}

/// Writes the unique constraints of a table.
pub(super) fn print(out: &mut String, table: &Table) {
    if !table.uniques.is_empty() {
        out.push_str("    uniques:\n");
    }
    for unique in &table.uniques {
        let mut lines = vec![format!("fields: {}", words(&unique.columns))];
        if unique.name != unique_name(&table.name, &unique.columns) {
            lines.push(format!("name: {}", word(&unique.name)));
        }
        if unique.nulls_not_distinct {
            lines.push("nulls_not_distinct: true".to_owned());
        }
        if !unique.include.is_empty() {
            lines.push(format!("include: {}", words(&unique.include)));
        }
        match unique.deferral {
            Deferral::Never => {}
            Deferral::Allowed => lines.push("deferrable: true".to_owned()),
            Deferral::Deferred => lines.push("initially_deferred: true".to_owned()),
        }
        let _ = writeln!(out, "      - {}", lines.join("\n        "));
    }
}
