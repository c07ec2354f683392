//! Which operations lose what the database holds.

use crate::{
    operation::{Hazard, Operation, as_change},
    schema::{Conflict, Schema},
};

/// An operation that loses rows or values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destructive {
    /// Its position among the operations, counted from 0.
    pub position: usize,
    /// What it does: "Drop column `name` from `users`".
    pub what: String,
    /// What is lost: "the rows of `users`".
    pub loses: String,
}

/// The operations among those on top of `before` that lose rows or values, in their order.
pub fn destructive(
    operations: &[Operation],
    before: &Schema,
) -> Result<Vec<Destructive>, Conflict> {
    let mut schema = before.clone();
    let mut found = Vec::new();
    for (position, operation) in operations.iter().enumerate() {
        let change = as_change(operation);
        if let Some(Hazard::Loses(loses)) = change.hazard(&schema) {
            found.push(Destructive { position, what: change.describe(), loses });
        }
        change.apply(&mut schema)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{Migration, bigint, table, text};

    #[test]
    fn what_loses_rows_or_values_is_found() {
        let users = table("users").column("id", bigint().primary_key()).column("name", text());
        let before = Schema::from_iter([users, table("old").column("id", bigint())]);
        let migration = Migration::first()
            .add_column("users", "email", text())
            .drop_column("users", "name")
            .drop_table("old");
        let found = destructive(&migration.operations, &before).expect("all fit");
        assert_eq!(found.iter().map(|it| it.position).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(found[1].loses, "the rows of `old`");
        assert!(destructive(&migration.operations, &Schema::default()).is_err());
    }
}
