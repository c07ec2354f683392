//! Conditions that must hold of every row: `check` of a field, and `checks` of a table.

use std::fmt::{Display, Write};

use super::{
    default,
    draft::DraftTable,
    fields::{Fields, Reader, Spanned},
    print,
    resolve::is_first,
    tree::{Node, Value},
};
use crate::{
    diagnostic::Diagnostic,
    schema::{Check, PerDatabase, Table},
    source::{Declared, Place},
};

/// A check, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftCheck {
    pub(super) name: Spanned<String>,
    /// The field that it stands at, from which it has its name.
    field: Option<String>,
    condition: PerDatabase,
}

/// The name of the check that stands at a field.
fn name_of(table: &str, field: &str) -> String {
    format!("ck_{table}_{field}")
}

/// The `check` of a field.
pub(super) fn of_field(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    field: &str,
) -> Option<DraftCheck> {
    let node = fields.get("check")?;
    let condition = condition(reader, node, format_args!("the check of `{field}`"))?;
    let name = Spanned {
        value: String::new(),
        span: reader.span(&fields.key("check").unwrap_or_default()),
    };
    Some(DraftCheck { name, field: Some(field.to_owned()), condition })
}

/// The `checks` of a table.
pub(super) fn of_table(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<DraftCheck> {
    let Some(node) = fields.get("checks") else { return Vec::new() };
    let mut checks = Vec::new();
    for node in reader.list(node, "`checks`") {
        let Some(fields) = reader.fields(node, "a check", &["name", "check"]) else { continue };
        let name = reader.required_name(&fields, "the check");
        let called = name.as_ref().map_or("the check".to_owned(), |it| format!("`{}`", it.value));
        let Some(node) = fields.get("check") else {
            let (message, help) = (format!("{called} has no `check`"), "add `check:`");
            reader.wrong_help(message, &fields.range, "it begins here", help);
            continue;
        };
        let condition = condition(reader, node, called);
        let both = name.zip(condition);
        checks.extend(both.map(|(name, condition)| DraftCheck { name, field: None, condition }));
    }
    checks
}

/// A condition, or one for each of several databases.
fn condition(reader: &mut Reader<'_>, node: &Node<'_>, what: impl Display) -> Option<PerDatabase> {
    let mut condition = match &node.value {
        Value::Map(_) => default::sql(reader, node, "`check`")?,
        _ => PerDatabase::all(reader.text(node, "`check`")?.value),
    };
    let texts = condition.texts.iter_mut().map(|(_, it)| it).chain(&mut condition.otherwise);
    let mut says = false;
    for text in texts {
        *text = text.trim().to_owned();
        says |= !text.is_empty();
    }
    if !says {
        let help = "write it in SQL: `check: price > 0`";
        let message = format!("{what} says no condition");
        reader.wrong_help(message, &node.range, "it is empty", help);
    }
    says.then_some(condition)
}

/// Names the checks that stand at fields, once the table's name is known.
pub(super) fn name_all(table: &mut DraftTable) {
    for check in table.checks.iter_mut().filter(|it| it.name.value.is_empty()) {
        if let Some(field) = &check.field {
            check.name.value = name_of(&table.name.value.name, field);
        }
    }
}

/// Adds what another file says. Two that differ are told of where all checks are looked at.
pub(super) fn unite(own: &mut Vec<DraftCheck>, other: Vec<DraftCheck>, yields: bool) {
    for check in other {
        let same = own.iter().find(|it| it.name.value == check.name.value);
        if same.is_none_or(|it| !yields && it.condition != check.condition) {
            own.push(check);
        }
    }
}

/// The checks of a table, by name.
pub(super) fn resolve(
    table: &DraftTable,
    declared: &mut Declared,
    found: &mut Vec<Diagnostic>,
) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    for draft in &table.checks {
        let name = &draft.name.value;
        let place = Place::Check(table.name.value.clone(), name.clone());
        if !is_first(place, ["check", "checks"], table, &draft.name, declared, found) {
            continue;
        }
        checks.push(Check { name: name.clone(), condition: draft.condition.clone() });
    }
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    checks
}

/// Writes the check that stands at a field, if there is one.
pub(super) fn print_field(out: &mut String, table: &Table, field: &str) {
    if let Some(check) = table.check_named(&name_of(&table.name.name, field)) {
        let _ = writeln!(out, "        check: {}", print::print_sql(&check.condition));
    }
}

/// Writes the checks that stand at no field.
pub(super) fn print_table(out: &mut String, table: &Table) {
    let at_field = |check: &Check| {
        table.columns.iter().any(|it| name_of(&table.name.name, &it.name) == check.name)
    };
    let listed: Vec<&Check> = table.checks.iter().filter(|it| !at_field(it)).collect();
    if !listed.is_empty() {
        out.push_str("    checks:\n");
    }
    for check in listed {
        let _ = writeln!(out, "      - name: {}", print::word(&check.name));
        let _ = writeln!(out, "        check: {}", print::print_sql(&check.condition));
    }
}
