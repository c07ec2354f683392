//! Enums among the other changes: by their kinds they come before all that uses them, and go behind
//! it. One that gets other values does so before what needs the new ones, and behind what needs the
//! old ones.

use whimbrel_migration::{CreateEnum, DropEnum};

use super::{Atoms, Changes, Kind, Web};
use crate::{
    diff::enumerations::Changed,
    schema::{Column, DefaultChange, DefaultValue, Index, Table},
};

/// Enums that come, get values, or go.
pub(super) fn add(changes: &Changes<'_>, web: &mut Web) {
    for enumeration in &changes.created_enums {
        let operation = CreateEnum { enumeration: enumeration.clone() };
        web.add(Kind::CreateEnum, None, operation);
    }
    for changed in changes.changed_enums.iter().filter(|it| it.only_adds()) {
        for operation in changed.additions() {
            web.add(Kind::AddEnumValue, None, operation);
        }
    }
    for name in &changes.dropped_enums {
        let operation = DropEnum { enumeration: (*name).clone() };
        web.add(Kind::DropEnum, None, operation);
    }
}

/// What has to come before an enum gets other values, and what behind.
#[derive(Default)]
struct Sides {
    first: Vec<usize>,
    then: Vec<usize>,
}

impl Atoms<'_> {
    /// Enums that lose values, or get them in another order.
    pub(super) fn tie_enums(&self, changes: &Changes<'_>, web: &mut Web) {
        for changed in changes.changed_enums.iter().filter(|it| !it.only_adds()) {
            let sides = self.sides(changes, *changed);
            // What needs both gets the values that come beforehand.
            if !sides.first.is_empty() && !sides.then.is_empty() {
                for operation in changed.additions() {
                    web.add(Kind::AddEnumValue, None, operation);
                }
            }
            let whole = web.add(Kind::SetEnumValues, None, changed.whole());
            sides.first.iter().for_each(|first| web.edge(*first, whole));
            if sides.first.is_empty() {
                sides.then.iter().for_each(|then| web.edge(whole, *then));
            }
            self.tie_texts(changes, *changed, whole, web);
        }
    }

    fn sides(&self, changes: &Changes<'_>, changed: Changed<'_>) -> Sides {
        let mut sides = Sides::default();
        let is_of = |column: &Column| {
            column.data_type.enumeration().is_some_and(|(it, _)| it == changed.name)
        };
        let needs_new = |column: &Column| {
            let new = |it: &DefaultValue| matches!(it, DefaultValue::Text(it) if changed.adds(it));
            is_of(column) && column.default.as_ref().is_some_and(new)
        };
        for table in &changes.created {
            if table.columns.iter().any(|it| needs_new(&it.column)) {
                sides.then.push(self.created[&table.name]);
            }
        }
        for (table, column) in &changes.added_columns {
            if needs_new(&column.column) {
                sides.then.push(self.added_columns[&(*table, column.name.as_str())]);
            }
        }
        for table in &changes.dropped {
            if table.columns.iter().any(|it| is_of(&it.column)) {
                sides.first.push(self.dropped[&table.name]);
            }
        }
        for (table, column) in &changes.dropped_columns {
            if is_of(&column.column) {
                sides.first.push(self.dropped_columns[&(*table, column.name.as_str())]);
            }
        }
        for it in &changes.altered_columns {
            let position = self.altered_columns[&(it.table, it.name)];
            let becomes =
                it.change.data_type.as_ref().and_then(|it| it.enumeration().map(|it| it.0));
            let was = is_of(it.before);
            let is = becomes == Some(changed.name) || (was && it.change.data_type.is_none());
            let old =
                matches!(&it.before.default, Some(DefaultValue::Text(it)) if changed.loses(it));
            let new = matches!(&it.change.default,
                Some(DefaultChange::Set(DefaultValue::Text(it))) if changed.adds(it));
            if was && (!is || (old && it.change.default.is_some())) {
                sides.first.push(position);
            }
            if is && (!was || new) {
                sides.then.push(position);
            }
        }
        sides
    }

    /// Conditions and expressions over columns of the enum speak of its values.
    fn tie_texts(&self, changes: &Changes<'_>, changed: Changed<'_>, whole: usize, web: &mut Web) {
        let columns = |table: Option<&Table>| -> Vec<String> {
            let columns = table.into_iter().flat_map(|it| &it.columns);
            let of = columns.filter(|it| {
                it.column.data_type.enumeration().is_some_and(|(it, _)| it == changed.name)
            });
            of.map(|it| it.name.clone()).collect()
        };
        let has_texts = |it: &Index| it.filter.is_some() || it.expressions().next().is_some();
        let (before, after) = (changes.before, changes.after);
        for ((table, it), first) in
            changes.dropped_constraints.iter().zip(&self.dropped_constraints)
        {
            if columns(before.get(table)).iter().any(|column| it.names(column)) {
                web.edge(*first, whole);
            }
        }
        for ((table, it), first) in changes.dropped_indexes.iter().zip(&self.dropped_indexes) {
            if has_texts(it) && !columns(before.get(table)).is_empty() {
                web.edge(*first, whole);
            }
        }
        for ((table, it), then) in changes.added_constraints.iter().zip(&self.added_constraints) {
            if columns(after.get(table)).iter().any(|column| it.names(column)) {
                web.edge(whole, *then);
            }
        }
        for ((table, it), then) in changes.added_indexes.iter().zip(&self.added_indexes) {
            if has_texts(it) && !columns(after.get(table)).is_empty() {
                web.edge(whole, *then);
            }
        }
    }
}
