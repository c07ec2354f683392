//! Triggers, functions and procedures, read from the texts that create them.

use std::collections::BTreeMap;

use crate::{
    dialect::Dialect,
    schema::{Found, Name, Opaque, RoutineName},
    sql::routine_in,
};

/// The text in the place of a body that the server doesn't show.
pub(super) const HIDDEN: &str = "-- not shown to this role";

/// Tells the triggers, functions and procedures in the schema's words, where those have words for
/// all that the text says; how the database keeps them stays beside.
pub(super) fn with_routines(dialect: &Dialect, mut found: Found) -> Found {
    // Where functions of one name are told apart by their arguments, there is a word for one of a
    // name alone.
    let mut counts: BTreeMap<RoutineName, usize> = BTreeMap::new();
    for name in found.opaque.iter().filter_map(|it| name_of(dialect, it)) {
        *counts.entry(name).or_default() += 1;
    }
    for mut opaque in std::mem::take(&mut found.opaque) {
        let name = name_of(dialect, &opaque).filter(|it| counts.get(it) == Some(&1));
        let shown = !opaque.definition.ends_with(HIDDEN);
        let schema = &found.schema;
        let of_known = |it: &RoutineName| {
            let there = |it: &Name| schema.views.contains_key(it) || schema.get(it).is_some();
            it.table().is_none_or(there)
        };
        let name = name.filter(|it| shown && of_known(it));
        match name.and_then(|it| routine_in(dialect, it, &opaque.definition)) {
            Some(routine) => {
                if let RoutineName::Function(name) | RoutineName::Procedure(name) = &routine.name {
                    opaque.name = name.clone();
                }
                found.schema.routines.insert(routine.name.clone(), routine);
                found.kept.push(opaque);
            }
            None => found.opaque.push(opaque),
        }
    }
    found
}

fn name_of(dialect: &Dialect, opaque: &Opaque) -> Option<RoutineName> {
    let called = || {
        let whole = opaque.name.name.as_str();
        let by_arguments = dialect.routines.by_arguments;
        let name = if by_arguments { whole.split('(').next().unwrap_or(whole) } else { whole };
        Name { namespace: opaque.name.namespace.clone(), name: name.to_owned() }
    };
    match (opaque.kind.as_str(), &opaque.table) {
        ("trigger", Some(table)) => {
            Some(RoutineName::Trigger(table.clone(), opaque.name.name.clone()))
        }
        ("function", None) => Some(RoutineName::Function(called())),
        ("procedure", None) => Some(RoutineName::Procedure(called())),
        _ => None,
    }
}
