//! Defining a default by name, or defining it anew.

use whimbrel_migration::{DropNamedDefault, SetNamedDefault};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, named_default};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for SetNamedDefault {
    fn describe(&self) -> String {
        format!("Define default `{}`", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        schema.defaults.insert(self.name.clone(), self.value.clone());
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let name = self.name.clone();
        Ok(Inverse::Operations(vec![match before.defaults.get(&name) {
            Some(value) => Self { name, value: value.clone() }.into(),
            None => DropNamedDefault { name }.into(),
        }]))
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
