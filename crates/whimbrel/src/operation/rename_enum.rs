//! Giving an enum another name.

use std::convert::Infallible;

use whimbrel_migration::{DropEnum, RenameEnum};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, enumeration, folding};
use crate::{
    dialect::{Dialect, Enums},
    schema::{Conflict, Name, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for RenameEnum {
    fn describe(&self) -> String {
        format!("Rename enum `{}` to `{}`", self.from, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let renamed = followed(schema, &self.from, &self.to)?;
        let back = followed(&renamed, &self.to, &self.from)?;
        if let Some(place) = enumeration::difference(schema, &back) {
            return Err(Conflict::EnumNameSpokenOf { name: self.to.clone(), place });
        }
        *schema = renamed;
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let back = Self { from: self.to.clone(), to: self.from.clone() };
        Ok(Inverse::Operations(vec![back.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::RenameEnum(next) if next.from == self.to => {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), to: next.to.clone() }.into()
                })
            }
            Operation::DropEnum(next) if next.enumeration == self.to => {
                Reduced::To(vec![DropEnum { enumeration: self.from.clone() }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        match dialect.types.enums {
            Enums::Types => sql::rename_enum(dialect, &self.from, &self.to),
            // Nothing there has the name.
            Enums::Inline => {
                let values = enumeration::values_of(span.after, &self.to);
                let values = values.map_err(|it| super::unfit(&it))?;
                sql::create_enum(dialect, &self.to, values).map(|_| vec![])
            }
            Enums::Checks => enumeration::restate(dialect, span, &self.to),
        }
    }
}

/// The schema with the enum under its new name: in the types of columns, and where texts cast to it.
fn followed(schema: &Schema, from: &Name, to: &Name) -> Result<Schema, Conflict> {
    let values = enumeration::values_of(schema, from)?.to_vec();
    if schema.enums.contains_key(to) {
        return Err(Conflict::EnumExists { name: to.clone() });
    }
    let mut renamed = schema.clone();
    enumeration::change(&mut renamed, from, |(name, _)| *name = to.clone())?;
    renamed.enums.remove(from);
    renamed.enums.insert(to.clone(), values);
    enumeration::change_texts(&mut renamed, |_, _, reader, text| {
        *text = sql::rename_type_in(reader, text, from, to);
        Ok(())
    })?;
    for texts in renamed.defaults.values_mut() {
        let Ok(()) = sql::each_text_as_read(texts, |reader, text| {
            *text = sql::rename_type_in(reader, text, from, to);
            Ok::<(), Infallible>(())
        });
    }
    Ok(renamed)
}
