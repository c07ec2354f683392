//! What operations on namespaces share.

use whimbrel_migration::{CreateNamespace, DropNamespace, Operation};

use super::as_change;
use crate::schema::{Conflict, Schema};

/// Says that a namespace is the migrations' own from now on.
fn declare(schema: &mut Schema, namespace: &str) -> Result<(), Conflict> {
    let namespace = namespace.to_owned();
    if schema.namespaces.contains(&namespace) {
        return Err(Conflict::NamespaceExists { namespace });
    }
    schema.namespaces.insert(namespace);
    Ok(())
}

/// Says that a namespace is no more the migrations' own.
fn disown(schema: &mut Schema, namespace: &str) -> Result<(), Conflict> {
    if schema.namespaces.remove(namespace) {
        return Ok(());
    }
    Err(Conflict::NamespaceMissing { namespace: namespace.to_owned() })
}

pub(super) fn create(schema: &mut Schema, it: &CreateNamespace) -> Result<(), Conflict> {
    let namespace = &it.namespace;
    if let (Some(holds), false) = (schema.holds(namespace), schema.namespaces.contains(namespace)) {
        return Err(Conflict::NamespaceThere { namespace: namespace.clone(), holds });
    }
    declare(schema, namespace)
}

pub(super) fn drop(schema: &mut Schema, it: &DropNamespace) -> Result<(), Conflict> {
    let namespace = &it.namespace;
    if let (Some(holds), true) = (schema.holds(namespace), schema.namespaces.contains(namespace)) {
        return Err(Conflict::NamespaceInUse { namespace: namespace.clone(), holds });
    }
    disown(schema, namespace)
}

/// Makes a change of which the database hears nothing. Whose a namespace is can be said then
/// whatever stands in it: somebody else has made it, or looks after it from now on.
pub(super) fn apply_to_state(operation: &Operation, schema: &mut Schema) -> Result<(), Conflict> {
    match operation {
        Operation::CreateNamespace(it) => declare(schema, &it.namespace),
        Operation::DropNamespace(it) => disown(schema, &it.namespace),
        other => as_change(other).apply(schema),
    }
}
