//! Changing the database, and leaving the schema that the migrations know alone.
//!
//! Such a change stands apart from what the schema says, and often before or behind a `state_only`
//! that says the same. What it makes may be in the schema already, and what it drops may be gone
//! from there: then it is taken at its word.

use whimbrel_migration::DatabaseOnly;

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, fitting::indexes_column, folding, listed,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for DatabaseOnly {
    fn describe(&self) -> String {
        format!("{}, in the database only", listed(&self.operations))
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        Some(self.describe())
    }

    /// Refuses what can't be said in SQL at that point, and changes nothing.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        legs(&self.operations, schema).map(drop)
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let mut undone: Vec<Vec<Operation>> = Vec::new();
        for leg in legs(&self.operations, before)? {
            if leg.is_blind {
                return Ok(Inverse::Unknown);
            }
            match super::as_change(leg.operation).inverse(&leg.before)? {
                Inverse::Operations(back) => undone.push(back),
                other => return Ok(other),
            }
        }
        let operations: Vec<Operation> = undone.into_iter().rev().flatten().collect();
        Ok(Inverse::Operations(if operations.is_empty() {
            vec![]
        } else {
            vec![Self { operations }.into()]
        }))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let legs = legs(&self.operations, before).ok()?;
        let hazards = legs.iter().map(|it| super::as_change(it.operation).hazard(&it.before));
        let (lost, rest): (Vec<Hazard>, Vec<Hazard>) =
            hazards.flatten().partition(|it| matches!(it, Hazard::Loses(_)));
        lost.into_iter().chain(rest).next()
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let mut statements = Vec::new();
        for leg in legs(&self.operations, span.before).map_err(|it| super::unfit(&it))? {
            let span = Span { before: &leg.before, after: &leg.after };
            statements.extend(super::as_change(leg.operation).sql(dialect, span)?);
        }
        Ok(statements)
    }
}

/// One change, with the schema on either side of it as the database has it.
struct Leg<'a> {
    operation: &'a Operation,
    before: Schema,
    after: Schema,
    /// Whether the schema doesn't know what it drops.
    is_blind: bool,
}

fn legs<'a>(operations: &'a [Operation], before: &Schema) -> Result<Vec<Leg<'a>>, Conflict> {
    let mut schema = before.clone();
    let mut legs = Vec::with_capacity(operations.len());
    for operation in operations {
        let leg = leg(operation, schema)?;
        schema = leg.after.clone();
        legs.push(leg);
    }
    Ok(legs)
}

fn leg(operation: &Operation, mut before: Schema) -> Result<Leg<'_>, Conflict> {
    loop {
        let mut after = before.clone();
        let conflict = match super::as_change(operation).apply(&mut after) {
            Ok(()) => return Ok(Leg { operation, before, after, is_blind: false }),
            Err(conflict) => conflict,
        };
        if is_gone(operation, &conflict) {
            return Ok(Leg { operation, after: before.clone(), before, is_blind: true });
        }
        // Each time there is one thing less in the schema, so this ends.
        if !makes_room(operation, &conflict, &mut before) {
            return Err(conflict);
        }
    }
}

/// Whether a change drops what the schema has forgotten already.
fn is_gone(operation: &Operation, conflict: &Conflict) -> bool {
    match (operation, conflict) {
        (Operation::DropTable(it), Conflict::TableMissing { table }) => it.table == *table,
        (Operation::DropColumn(it), Conflict::ColumnMissing { table, column }) => {
            it.table == *table && it.column == *column
        }
        (Operation::DropIndex(it), Conflict::IndexMissing { table, index }) => {
            it.table == *table && it.index == *index
        }
        (Operation::DropForeignKey(it), Conflict::ForeignKeyMissing { table, foreign_key }) => {
            it.table == *table && it.foreign_key == *foreign_key
        }
        (Operation::DropCheck(it), Conflict::CheckMissing { table, check }) => {
            it.table == *table && it.check == *check
        }
        (Operation::DropUnique(it), Conflict::UniqueMissing { table, unique }) => {
            it.table == *table && it.unique == *unique
        }
        _ => false,
    }
}

/// Takes out of the schema what a change adds to the database and the schema has already.
fn makes_room(operation: &Operation, conflict: &Conflict, schema: &mut Schema) -> bool {
    match (operation, conflict) {
        (Operation::CreateTable(_), Conflict::TableExists { table }) => {
            schema.remove(table).is_ok()
        }
        (Operation::AddColumn(_), Conflict::ColumnExists { table, column }) => {
            schema.table_mut(table).is_ok_and(|table| {
                table.foreign_keys.retain(|it| !it.columns.contains(column));
                table.indexes.retain(|it| !indexes_column(it, column));
                table.uniques.retain(|it| !it.has(column));
                let count = table.columns.len();
                table.columns.retain(|it| it.name != *column);
                table.columns.len() < count
            })
        }
        (Operation::AddCheck(_), Conflict::CheckExists { table, check }) => {
            schema.table_mut(table).is_ok_and(|table| {
                let count = table.checks.len();
                table.checks.retain(|it| it.name != *check);
                table.checks.len() < count
            })
        }
        (Operation::AddUnique(_), Conflict::UniqueExists { table, unique }) => {
            schema.table_mut(table).is_ok_and(|table| {
                let count = table.uniques.len();
                table.uniques.retain(|it| it.name != *unique);
                table.uniques.len() < count
            })
        }
        (Operation::AddIndex(_), Conflict::IndexExists { table, index }) => {
            schema.table_mut(table).is_ok_and(|table| {
                let count = table.indexes.len();
                table.indexes.retain(|it| it.name != *index);
                table.indexes.len() < count
            })
        }
        (
            Operation::AddForeignKey(_) | Operation::AddColumn(_),
            Conflict::ForeignKeyExists { table, foreign_key },
        ) => schema.table_mut(table).is_ok_and(|table| {
            let count = table.foreign_keys.len();
            table.foreign_keys.retain(|it| it.name != *foreign_key);
            table.foreign_keys.len() < count
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, POSTGRES};
    use crate::sql::Body;
    use whimbrel_migration::{Migration, bigint, changes, index, table, text};

    fn schema() -> Schema {
        let users = table("users").column("id", bigint().primary_key()).column("name", text());
        Schema::from_iter([users.index(index("users_name").on("name"))])
    }

    fn sql(migration: &Migration, dialect: &Dialect) -> Vec<String> {
        let before = schema();
        let mut texts = Vec::new();
        for operation in &migration.operations {
            let mut after = before.clone();
            let change = super::super::as_change(operation);
            change.apply(&mut after).expect("it fits");
            assert_eq!(after, before, "the state stays");
            let statements = change.sql(dialect, Span { before: &before, after: &after });
            for statement in statements.expect("it can be said") {
                match statement.body {
                    Body::Text(text) => texts.push(text),
                    other @ (Body::Live(_) | Body::Batches(_) | Body::Code(_)) => {
                        panic!("{other:?}")
                    }
                }
            }
        }
        texts
    }

    #[test]
    fn what_the_state_has_forgotten_can_be_dropped() {
        let drop = changes().drop_column("users", "legacy").drop_table("old");
        assert_eq!(
            sql(&Migration::first().database_only(drop.clone()), &POSTGRES),
            [r#"ALTER TABLE "users" DROP COLUMN "legacy""#, r#"DROP TABLE "old""#]
        );
        let migration = Migration::first().database_only(drop);
        let inverse = super::super::as_change(&migration.operations[0]).inverse(&schema());
        assert_eq!(inverse, Ok(Inverse::Unknown));
    }

    #[test]
    fn what_the_state_has_already_can_be_made() {
        let add = changes()
            .add_column("users", "name", whimbrel_migration::varchar(9))
            .add_index("users", index("users_name").on("name").unique());
        assert_eq!(
            sql(&Migration::first().database_only(add), &MYSQL),
            [
                "ALTER TABLE `users` ADD COLUMN `name` VARCHAR(9)",
                "CREATE UNIQUE INDEX `users_name` ON `users` (`name`)",
            ]
        );
    }

    #[test]
    fn what_is_neither_is_refused() {
        let migration = Migration::first().database_only(changes().drop_column("people", "x"));
        let mut after = schema();
        let refused = super::super::as_change(&migration.operations[0]).apply(&mut after);
        assert!(matches!(refused, Err(Conflict::TableMissing { .. })), "{refused:?}");
    }
}
