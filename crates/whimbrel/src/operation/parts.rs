//! The changes of a schema that one operation is made of.

use super::{Operation, as_change};
use crate::schema::Schema;

/// What an operation changes of the schema, one by one: SQL and `state_only` say several changes in
/// a row, and others are one themselves.
pub fn parts(operation: &Operation) -> &[Operation] {
    match operation {
        Operation::RunSql(it) => match it.script.state.as_deref() {
            Some(state) if !state.is_empty() => state,
            _ => std::slice::from_ref(operation),
        },
        Operation::StateOnly(it) => &it.operations,
        _ => std::slice::from_ref(operation),
    }
}

/// Which of its [`parts`] it is that doesn't fit a schema; the first where all do.
pub(crate) fn first_unfit(operation: &Operation, schema: &Schema) -> usize {
    let mut schema = schema.clone();
    let unfit = parts(operation).iter().position(|it| as_change(it).apply(&mut schema).is_err());
    unfit.unwrap_or_default()
}
