//! Changing the schema that the migrations know, and leaving the database alone.

use whimbrel_migration::StateOnly;

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    folding::{self, reduce_all},
    listed, namespace,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for StateOnly {
    fn describe(&self) -> String {
        format!("{}, in the state only", listed(&self.operations))
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        Some(format!("{}; nothing runs", self.describe()))
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let mut after = schema.clone();
        for operation in &self.operations {
            namespace::apply_to_state(operation, &mut after)?;
        }
        *schema = after;
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let mut schema = before.clone();
        let mut undone: Vec<Vec<Operation>> = Vec::new();
        for operation in &self.operations {
            match super::as_change(operation).inverse(&schema)? {
                Inverse::Operations(back) => undone.push(back),
                // SQL that doesn't run leaves nothing to take back.
                Inverse::Unknown => {}
                Inverse::Impossible(why) => return Ok(Inverse::Impossible(why)),
            }
            namespace::apply_to_state(operation, &mut schema)?;
        }
        let operations: Vec<Operation> = undone.into_iter().rev().flatten().collect();
        Ok(Inverse::Operations(if operations.is_empty() {
            vec![]
        } else {
            vec![Self { operations }.into()]
        }))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::StateOnly(next) => {
                let both = self.operations.iter().chain(&next.operations).cloned().collect();
                let operations = reduce_all(both);
                let nothing = operations.is_empty();
                folding::to_unless(nothing, || Self { operations }.into())
            }
            _ => folding::apart(&self.clone().into(), next),
        }
    }

    /// The database is left alone.
    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, _dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![])
    }
}
