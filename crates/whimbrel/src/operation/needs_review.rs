//! Waiting for somebody to look at a migration before it runs.

use whimbrel_migration::NeedsReview;

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for NeedsReview {
    fn describe(&self) -> String {
        format!("Wait for a review: {}", self.why)
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        Some(format!("needs a review, so `up` stops before it runs anything: {}", self.why))
    }

    fn apply(&self, _schema: &mut Schema) -> Result<(), Conflict> {
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(Inverse::Operations(vec![]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    /// Nothing: what waits is refused before anything of it is planned to run.
    fn sql(&self, _dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![])
    }
}
