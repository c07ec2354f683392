//! Namespaces: which come before everything else, and which go behind it.

use whimbrel_migration::{CreateNamespace, DropNamespace, StateOnly};

use crate::{operation::Operation, schema::Schema};

/// What declares the namespaces that `after` has and `before` hasn't. Where something stands in one
/// already, somebody else has made it, and nothing is left to do but to know it.
pub(super) fn created(before: &Schema, after: &Schema) -> Vec<Operation> {
    let come = after.namespaces.difference(&before.namespaces).map(|it| {
        let operation = CreateNamespace { namespace: it.clone() }.into();
        (operation, before.holds(it).is_some())
    });
    apart(come)
}

/// What drops the namespaces that `before` has and `after` hasn't. Where something is to stand in
/// one yet, somebody else looks after it from now on.
pub(super) fn dropped(before: &Schema, after: &Schema) -> Vec<Operation> {
    let go = before.namespaces.difference(&after.namespaces).map(|it| {
        let operation = DropNamespace { namespace: it.clone() }.into();
        (operation, after.holds(it).is_some())
    });
    apart(go)
}

/// The operations for the database, behind those that only the state knows.
fn apart(all: impl Iterator<Item = (Operation, bool)>) -> Vec<Operation> {
    let (said, done): (Vec<_>, Vec<_>) = all.partition(|(_, of_state)| *of_state);
    let plain = |all: Vec<(Operation, bool)>| all.into_iter().map(|(it, _)| it);
    let mut operations = Vec::new();
    if !said.is_empty() {
        operations.push(StateOnly { operations: plain(said).collect() }.into());
    }
    operations.extend(plain(done));
    operations
}
