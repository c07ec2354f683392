//! Changes of which a part may be made already: what is there is not made again, and what is not
//! there is not dropped. Everything else that the database refuses stops as always.

use whimbrel_migration::IgnoreErrors;

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding, listed};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for IgnoreErrors {
    fn describe(&self) -> String {
        format!("{}, or pass it over", listed(&self.operations))
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        Some(format!(
            "{}: passed over where it is there already, or not there",
            listed(&self.operations)
        ))
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let mut after = schema.clone();
        for operation in &self.operations {
            super::as_change(operation).apply(&mut after)?;
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
                other => return Ok(other),
            }
            super::as_change(operation).apply(&mut schema)?;
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
        let mut schema = before.clone();
        let mut hazards = Vec::new();
        for operation in &self.operations {
            hazards.extend(super::as_change(operation).hazard(&schema));
            super::as_change(operation).apply(&mut schema).ok()?;
        }
        let (lost, rest): (Vec<Hazard>, Vec<Hazard>) =
            hazards.into_iter().partition(|it| matches!(it, Hazard::Loses(_)));
        lost.into_iter().chain(rest).next()
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let mut schema = span.before.clone();
        let mut statements = Vec::new();
        for operation in &self.operations {
            let mut after = schema.clone();
            super::as_change(operation).apply(&mut after).map_err(|it| super::unfit(&it))?;
            let span = Span { before: &schema, after: &after };
            statements.extend(super::as_change(operation).sql(dialect, span)?);
            schema = after;
        }
        for statement in &mut statements {
            statement.lenient = true;
        }
        Ok(statements)
    }
}
