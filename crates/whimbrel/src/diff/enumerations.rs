//! Enums: which come and go.

use crate::{
    operation::Operation,
    schema::{Column, Enumeration, Schema},
};

/// The enums of `schema` that `other` doesn't have.
pub(super) fn missing(schema: &Schema, other: &Schema) -> Vec<Enumeration> {
    let mut missing = schema.enumerations();
    missing.retain(|it| !other.enums.contains_key(&it.name));
    missing
}

/// Leaves the values of enums out of types: a migration says the name alone.
pub(super) fn by_name(operation: &mut Operation) {
    let plain = |it: &mut Column| it.data_type = it.data_type.by_name();
    match operation {
        Operation::CreateTable(it) => {
            it.table.columns.iter_mut().for_each(|it| plain(&mut it.column));
        }
        Operation::AddColumn(it) => plain(&mut it.column),
        _ => {}
    }
}
