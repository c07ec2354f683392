//! Dropping an enum that no column uses.

use whimbrel_migration::{CreateEnum, DropEnum};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, enumeration, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Enumeration, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropEnum {
    fn describe(&self) -> String {
        format!("Drop enum `{}`", self.enumeration)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        enumeration::values_of(schema, &self.enumeration)?;
        if let Some((table, column)) = schema.columns_of(&self.enumeration).next() {
            let (table, column) = (table.name.clone(), column.name.clone());
            return Err(Conflict::EnumInUse { name: self.enumeration.clone(), table, column });
        }
        schema.enums.remove(&self.enumeration);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let name = self.enumeration.clone();
        let values = enumeration::values_of(before, &name)?.to_vec();
        let enumeration = Enumeration { name, values };
        Ok(Inverse::Operations(vec![CreateEnum { enumeration }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let values = before.enums.get(&self.enumeration)?;
        Some(format!("loses the values {}", enumeration::listed(values)))
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        Ok(sql::drop_enum(dialect, &self.enumeration).into_iter().collect())
    }
}
