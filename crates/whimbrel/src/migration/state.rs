//! What the schema is after a list of migrations.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use whimbrel_migration::Migration;

use super::Graph;
use crate::{
    operation::{as_change, first_unfit},
    schema::{Conflict, Schema},
};

/// An operation that doesn't fit the schema that the ones before it lead to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("operation {} of migration `{migration}` doesn't fit: {conflict}", .position + 1)]
pub struct ReplayError {
    /// The migration.
    pub migration: String,
    /// The operation's position in it, counted from 0.
    pub position: usize,
    /// Which of the changes that it is made of, counted from 0.
    pub part: usize,
    /// Why it doesn't fit.
    pub conflict: Box<Conflict>,
}

/// The schema after these migrations, in their order.
pub fn replay<'a>(
    migrations: impl IntoIterator<Item = (&'a str, &'a Migration)>,
) -> Result<Schema, ReplayError> {
    let mut schema = Schema::default();
    for (name, migration) in migrations {
        apply(name, migration, &mut schema)?;
    }
    Ok(schema)
}

/// The schema after each leaf of a graph and all that it comes after, by the leaf's name.
///
/// Each leaf has a state of its own, so that two branches that don't fit together still have
/// theirs. `migration` gives what could be read; a migration that couldn't be changes nothing.
pub fn states<'a>(
    graph: &Graph,
    migration: impl Fn(&str) -> Option<&'a Migration>,
) -> BTreeMap<String, Result<Schema, ReplayError>> {
    let state = |leaf: &str| {
        let mut wanted: BTreeSet<&str> = graph.ancestors(leaf).into_iter().collect();
        let leaf = graph.find(leaf).ok();
        wanted.extend(leaf);
        let path = graph.order().filter(|it| wanted.contains(it));
        let mut schema = Schema::default();
        for name in path {
            if let Some(migration) = migration(name) {
                apply(name, migration, &mut schema)?;
            }
        }
        Ok(schema)
    };
    graph.leaves().into_iter().map(|leaf| (leaf.to_owned(), state(leaf))).collect()
}

fn apply(name: &str, migration: &Migration, schema: &mut Schema) -> Result<(), ReplayError> {
    for (position, operation) in migration.operations.iter().enumerate() {
        as_change(operation).apply(schema).map_err(|conflict| ReplayError {
            migration: name.to_owned(),
            position,
            part: first_unfit(operation, schema),
            conflict: Box::new(conflict),
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Node, Parent};
    use whimbrel_migration::{bigint, table, text};

    #[test]
    fn two_branches_that_do_not_fit_together_each_have_a_state() {
        let users =
            Migration::first().create_table(table("users").column("id", bigint().primary_key()));
        let migrations: BTreeMap<&str, Migration> = [
            ("1", users),
            ("2", Migration::after("1").add_column("users", "email", text())),
            ("3", Migration::after("1").add_column("users", "email", bigint())),
        ]
        .into();
        let nodes = migrations.iter().map(|(name, migration)| Node {
            name: (*name).to_owned(),
            parents: migration
                .parents
                .iter()
                .map(|it| Parent { name: it.clone(), span: None })
                .collect(),
            span: None,
        });
        let (graph, _) = Graph::new(nodes.collect());
        let states = states(&graph, |it| migrations.get(it));
        assert_eq!(states.keys().collect::<Vec<_>>(), ["2", "3"]);
        assert!(states.values().all(Result::is_ok), "{states:#?}");
        assert_ne!(states["2"], states["3"]);

        let all = migrations.iter().map(|(name, migration)| (*name, migration));
        assert_eq!(
            replay(all).map_err(|it| it.to_string()),
            Err("operation 1 of migration `3` doesn't fit: table `users` already has a column \
                 `email`"
                .to_owned())
        );
    }
}
