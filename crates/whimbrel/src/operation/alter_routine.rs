//! Giving a trigger, a function or a procedure another definition.

use whimbrel_migration::AlterRoutine;

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    create_routine::{check_texts, goes_with},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Routine, RoutineName, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for AlterRoutine {
    fn describe(&self) -> String {
        format!("Alter {}", self.routine.name)
    }

    fn remark(&self, dialect: &Dialect, span: Span<'_>) -> Option<String> {
        let old = span.before.routines.get(&self.routine.name)?;
        let is_there = sql::drop_routine(dialect, old).is_ok_and(|it| it.is_some());
        let anew = is_there && !sql::replaces_routine(dialect, old, &self.routine);
        (anew && self.routine.name.table().is_none()).then(|| {
            format!(
                "{} is dropped and created again: what only the database says of it, such as grants \
                 and comments, is lost",
                self.routine.name
            )
        })
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        routine_of(schema, &self.routine.name)?;
        check_texts(&self.routine)?;
        schema.routines.insert(self.routine.name.clone(), self.routine.clone());
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let routine = routine_of(before, &self.routine.name)?.clone();
        Ok(Inverse::Operations(vec![Self { routine }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::AlterRoutine(it) if it.routine.name == self.routine.name => {
                Reduced::To(vec![next.clone()])
            }
            Operation::DropRoutine(it) if it.name == self.routine.name => {
                Reduced::To(vec![next.clone()])
            }
            Operation::DropTable(it) if goes_with(&self.routine.name, it) => {
                Reduced::To(vec![next.clone()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let old = routine_of(span.before, &self.routine.name).map_err(|it| super::unfit(&it))?;
        sql::alter_routine(dialect, span.after, old, &self.routine)
    }
}

/// The trigger, function or procedure, or that there is none.
pub(super) fn routine_of<'s>(
    schema: &'s Schema,
    name: &RoutineName,
) -> Result<&'s Routine, Conflict> {
    let missing = || Conflict::RoutineMissing { routine: name.to_string() };
    schema.routines.get(name).ok_or_else(missing)
}
