//! Columns that are updated by themselves, told by the triggers that whimbrel writes for them.

use super::Tables;
use crate::{
    dialect::Dialect,
    schema::{Name, Opaque},
    sql::{AutoUpdateMarks, holds_changes},
};

/// Takes out of what there is no word for the triggers, and their functions, that are just what
/// whimbrel writes: the columns say so instead. Anything else stays.
pub(super) fn auto_updates(dialect: &Dialect, tables: &mut Tables, opaque: &mut Vec<Opaque>) {
    if !opaque.iter().any(|it| it.kind == "trigger") {
        return;
    }
    for table in tables.values_mut() {
        for named in &mut table.columns {
            if !holds_changes(&named.column.data_type) {
                continue;
            }
            let Some(marks) = AutoUpdateMarks::of(dialect, &table.name, &named.name) else {
                continue;
            };
            let trigger = |it: &Opaque| {
                it.kind == "trigger"
                    && it.table.as_ref() == Some(&table.name)
                    && it.name.name == marks.name
                    && marks.is_trigger(&it.definition)
            };
            let Some(trigger) = opaque.iter().position(trigger) else { continue };
            if marks.has_function() {
                let name = Name {
                    namespace: table.name.namespace.clone(),
                    name: format!("{}()", marks.name),
                };
                let function = |it: &Opaque| {
                    it.kind == "function" && it.name == name && marks.is_function(&it.definition)
                };
                let Some(function) = opaque.iter().position(function) else { continue };
                opaque.remove(trigger.max(function));
                opaque.remove(trigger.min(function));
            } else {
                opaque.remove(trigger);
            }
            named.column.auto_update = true;
        }
    }
}
