//! Saying that a migration can't be taken back.

use whimbrel_migration::Irreversible;

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for Irreversible {
    fn describe(&self) -> String {
        format!("Can't be taken back: {}", self.why)
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        Some(format!("can't be taken back: {}", self.why))
    }

    fn apply(&self, _schema: &mut Schema) -> Result<(), Conflict> {
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(Inverse::Impossible(self.why.clone()))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, _dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![])
    }
}
