//! Giving an enum other values, or the same in another order.

use whimbrel_migration::SetEnumValues;

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, enumeration};
use crate::{
    dialect::{Dialect, Enums},
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

impl Change for SetEnumValues {
    fn describe(&self) -> String {
        format!("Set the values of enum `{}`", self.enumeration)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        enumeration::values_of(schema, &self.enumeration)?;
        enumeration::check_values(&self.enumeration, &self.values)?;
        enumeration::check_defaults(schema, &self.enumeration, &self.values)?;
        enumeration::set_values(schema, &self.enumeration, &self.values)
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let values = enumeration::values_of(before, &self.enumeration)?.to_vec();
        Ok(Inverse::Operations(vec![Self { values, ..self.clone() }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::SetEnumValues(next) if next.enumeration == self.enumeration => {
                // Rows that have a value which goes and comes again stop the first of the two.
                let keeps = next.values.iter().all(|it| self.values.contains(it));
                if keeps { Reduced::To(vec![next.clone().into()]) } else { Reduced::Stand }
            }
            next => enumeration::reduce(&self.clone().into(), &self.enumeration, next),
        }
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let gone = gone(self, before);
        let columns = before.columns_of(&self.enumeration);
        let places: Vec<String> = columns
            .map(|(table, it)| format!("rows of `{}` whose `{}`", table.name, it.name))
            .collect();
        if gone.is_empty() || places.is_empty() {
            return None;
        }
        let values = gone.join(" or ");
        let places: Vec<String> = places.iter().map(|it| format!("{it} is {values}")).collect();
        Some(Hazard::DependsOnRows(places.join(", or ")))
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let gone = gone(self, before);
        let values = if gone.len() == 1 { "value" } else { "values" };
        let refused = match self.hazard(before) {
            Some(Hazard::DependsOnRows(rows)) => format!(", and is refused where there are {rows}"),
            _ => String::new(),
        };
        (!gone.is_empty()).then(|| format!("loses the {values} {}{refused}", gone.join(", ")))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        match dialect.types.enums {
            Enums::Types => enumeration::swap(dialect, span, &self.enumeration, &self.values),
            Enums::Inline | Enums::Checks => enumeration::restate(dialect, span, &self.enumeration),
        }
    }
}

/// The values that it takes away, quoted.
fn gone(set: &SetEnumValues, before: &Schema) -> Vec<String> {
    let old = before.enums.get(&set.enumeration).map(Vec::as_slice).unwrap_or_default();
    old.iter().filter(|it| !set.values.contains(it)).map(|it| format!("`{it}`")).collect()
}
