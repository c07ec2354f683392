//! Creating an enum.

use whimbrel_migration::{CreateEnum, DropEnum};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, add_enum_value, enumeration, folding,
    rename_enum_value,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Enumeration, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for CreateEnum {
    fn describe(&self) -> String {
        format!("Create enum `{}`", self.enumeration.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let name = self.enumeration.name.clone();
        if schema.enums.contains_key(&name) {
            return Err(Conflict::EnumExists { name });
        }
        enumeration::check_values(&name, &self.enumeration.values)?;
        schema.enums.insert(name, self.enumeration.values.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let enumeration = self.enumeration.name.clone();
        Ok(Inverse::Operations(vec![DropEnum { enumeration }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropEnum(it) if it.enumeration == self.enumeration.name => {
                Reduced::To(vec![])
            }
            Operation::AddEnumValue(it) if it.enumeration == self.enumeration.name => {
                match add_enum_value::with(it, &self.enumeration.values) {
                    Ok(values) => Reduced::To(vec![with(self, values).into()]),
                    Err(_) => Reduced::Stand,
                }
            }
            Operation::RenameEnum(it) if it.from == self.enumeration.name => {
                let (name, values) = (it.to.clone(), self.enumeration.values.clone());
                Reduced::To(vec![Self { enumeration: Enumeration { name, values } }.into()])
            }
            Operation::RenameEnumValue(it) if it.enumeration == self.enumeration.name => {
                match rename_enum_value::with(it, &self.enumeration.values) {
                    Ok(values) => Reduced::To(vec![with(self, values).into()]),
                    Err(_) => Reduced::Stand,
                }
            }
            Operation::SetEnumValues(it) if it.enumeration == self.enumeration.name => {
                Reduced::To(vec![with(self, it.values.clone()).into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let statement =
            sql::create_enum(dialect, &self.enumeration.name, &self.enumeration.values)?;
        Ok(statement.into_iter().collect())
    }
}

/// The same enum with other values.
fn with(create: &CreateEnum, values: Vec<String>) -> CreateEnum {
    let name = create.enumeration.name.clone();
    CreateEnum { enumeration: Enumeration { name, values } }
}
