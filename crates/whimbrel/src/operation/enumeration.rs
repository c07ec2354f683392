//! What operations on enums share.

use crate::schema::{Conflict, Name, Schema};

/// The values of an enum, or that there is none.
pub(super) fn values_of<'a>(schema: &'a Schema, name: &Name) -> Result<&'a [String], Conflict> {
    let values = schema.enums.get(name).map(Vec::as_slice);
    values.ok_or_else(|| Conflict::EnumMissing { name: name.clone() })
}

/// Refuses values of which there are none, or one twice.
pub(super) fn check_values(name: &Name, values: &[String]) -> Result<(), Conflict> {
    if values.is_empty() {
        return Err(Conflict::EnumEmpty { name: name.clone() });
    }
    match values.iter().enumerate().find(|(at, it)| values[..*at].contains(it)) {
        None => Ok(()),
        Some((_, twice)) => {
            Err(Conflict::EnumValueExists { name: name.clone(), value: twice.clone() })
        }
    }
}

/// `` `new`, `paid` ``.
pub(super) fn listed(values: &[String]) -> String {
    values.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
