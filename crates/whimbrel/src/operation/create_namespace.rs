//! Creating a namespace.

use whimbrel_migration::{CreateNamespace, DropNamespace};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding, namespace};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for CreateNamespace {
    fn describe(&self) -> String {
        format!("Create namespace `{}`", self.namespace)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        namespace::create(schema, self)
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let namespace = self.namespace.clone();
        Ok(Inverse::Operations(vec![DropNamespace { namespace }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropNamespace(it) if it.namespace == self.namespace => Reduced::To(vec![]),
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![sql::create_namespace(dialect, &self.namespace)?])
    }
}
