//! Forgetting a default that was defined by name.

use whimbrel_migration::{DropNamedDefault, SetNamedDefault};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, named_default};
use crate::{
    dialect::{BuiltIn, Dialect},
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for DropNamedDefault {
    fn describe(&self) -> String {
        format!("Forget default `{}`", self.name)
    }

    /// A default that columns use stays, unless every database knows one of that name: the
    /// columns then have that one.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let name = self.name.clone();
        if !schema.defaults.contains_key(&name) {
            return Err(Conflict::DefaultMissing { name });
        }
        if BuiltIn::named(&name).is_none()
            && let Some((table, column)) = named_default::users(schema, &self.name).next()
        {
            let (table, column) = (table.name.clone(), column.name.clone());
            return Err(Conflict::DefaultInUse { name, table, column });
        }
        schema.defaults.remove(&name);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let name = self.name.clone();
        let value = before.defaults.get(&name).cloned();
        let value = value.ok_or_else(|| Conflict::DefaultMissing { name: name.clone() })?;
        Ok(Inverse::Operations(vec![SetNamedDefault { name, value }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        named_default::reduce(&self.clone().into(), &self.name, next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        named_default::follow(dialect, span, &self.name)
    }
}
