//! Enums: which come and go, and which get other values.

use std::sync::Arc;

use whimbrel_migration::{AddEnumValue, SetEnumValues};

use crate::{
    operation::Operation,
    schema::{Column, Enumeration, Name, NamedColumn, Schema},
};

/// The enums of `schema` that `other` doesn't have.
pub(super) fn missing(schema: &Schema, other: &Schema) -> Vec<Enumeration> {
    let mut missing = schema.enumerations();
    missing.retain(|it| !other.enums.contains_key(&it.name));
    missing
}

/// Leaves the values of enums out of types: a migration says the name alone.
pub(super) fn by_name(operation: &mut Operation) {
    let plain = |it: &mut Column| {
        if let Some((_, values)) = it.data_type.enumeration_mut() {
            values.clear();
        }
    };
    match operation {
        Operation::CreateTable(it) => {
            let says = |it: &NamedColumn| it.column.data_type.enumeration().is_some();
            if it.table.columns.iter().any(says) {
                for it in &mut Arc::make_mut(&mut it.table).columns {
                    plain(&mut it.column);
                }
            }
        }
        Operation::AddColumn(it) => plain(&mut it.column),
        _ => {}
    }
}

/// An enum whose values change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changed<'a> {
    pub(super) name: &'a Name,
    pub(super) before: &'a [String],
    pub(super) after: &'a [String],
}

/// The enums of both schemas whose values aren't the same.
pub(super) fn changed<'a>(before: &'a Schema, after: &'a Schema) -> Vec<Changed<'a>> {
    let both = after.enums.iter().filter_map(|(name, values)| {
        let before = before.enums.get(name)?;
        (before != values).then_some(Changed { name, before, after: values })
    });
    both.collect()
}

impl Changed<'_> {
    /// Whether a value comes.
    pub(super) fn adds(&self, value: &str) -> bool {
        !self.before.iter().any(|it| it == value)
    }

    /// Whether a value goes.
    pub(super) fn loses(&self, value: &str) -> bool {
        !self.after.iter().any(|it| it == value)
    }

    /// Whether values come and nothing else changes.
    pub(super) fn only_adds(&self) -> bool {
        let kept: Vec<&String> = self.after.iter().filter(|it| !self.adds(it)).collect();
        kept.iter().copied().eq(self.before)
    }

    /// The operations that add the values that come, each where it will stand.
    pub(super) fn additions(&self) -> Vec<Operation> {
        let mut additions = Vec::new();
        for (at, value) in self.after.iter().enumerate().filter(|(_, it)| self.adds(it)) {
            let before = self.after[at..].iter().find(|it| !self.adds(it)).cloned();
            let (enumeration, value) = (self.name.clone(), value.clone());
            additions.push(AddEnumValue { enumeration, value, before }.into());
        }
        additions
    }

    /// The operation that gives it all its values at once.
    pub(super) fn whole(&self) -> Operation {
        SetEnumValues { enumeration: self.name.clone(), values: self.after.to_vec() }.into()
    }
}
