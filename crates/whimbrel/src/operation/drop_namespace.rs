//! Dropping a namespace in which nothing stands.

use whimbrel_migration::{CreateNamespace, DropNamespace};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding, namespace};
use crate::{
    dialect::{Dialect, Namespaces},
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropNamespace {
    fn describe(&self) -> String {
        format!("Drop namespace `{}`", self.namespace)
    }

    fn remark(&self, dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        let takes_all = matches!(dialect.namespaces, Namespaces::Databases { .. });
        takes_all.then(|| {
            format!(
                "Drop namespace `{}`, once nothing is in it: whatever is there would go with it",
                self.namespace
            )
        })
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        namespace::drop(schema, self)
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let namespace = self.namespace.clone();
        if !before.namespaces.contains(&namespace) {
            return Err(Conflict::NamespaceMissing { namespace });
        }
        Ok(Inverse::Operations(vec![CreateNamespace { namespace }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    /// The database keeps it while there is something in it, or is asked beforehand.
    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, _before: &Schema) -> Option<String> {
        Some("loses what roles were granted in it".to_owned())
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(vec![sql::drop_namespace(dialect, &self.namespace)?])
    }
}
