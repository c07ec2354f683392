//! Adding a value to an enum.

use whimbrel_migration::{AddEnumValue, SetEnumValues};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, enumeration};
use crate::{
    dialect::{Dialect, Enums},
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for AddEnumValue {
    fn describe(&self) -> String {
        format!("Add value `{}` to enum `{}`", self.value, self.enumeration)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let values = enumeration::values_of(schema, &self.enumeration)?;
        let values = with(self, values)?;
        enumeration::set_values(schema, &self.enumeration, &values)
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let values = enumeration::values_of(before, &self.enumeration)?.to_vec();
        let enumeration = self.enumeration.clone();
        Ok(Inverse::Operations(vec![SetEnumValues { enumeration, values }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        enumeration::reduce(&self.clone().into(), &self.enumeration, next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        match dialect.types.enums {
            Enums::Types => {
                let before = self.before.as_deref();
                sql::add_enum_value(dialect, &self.enumeration, &self.value, before)
                    .map(|it| vec![it])
            }
            Enums::Inline | Enums::Checks => enumeration::restate(dialect, span, &self.enumeration),
        }
    }
}

/// The values with the new one among them.
pub(super) fn with(add: &AddEnumValue, values: &[String]) -> Result<Vec<String>, Conflict> {
    let name = add.enumeration.clone();
    if values.contains(&add.value) {
        return Err(Conflict::EnumValueExists { name, value: add.value.clone() });
    }
    let at = match &add.before {
        None => values.len(),
        Some(before) => values.iter().position(|it| it == before).ok_or_else(|| {
            Conflict::EnumValueMissing { name: name.clone(), value: before.clone() }
        })?,
    };
    let mut values = values.to_vec();
    values.insert(at, add.value.clone());
    Ok(values)
}
