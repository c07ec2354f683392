//! Creating a trigger, a function or a procedure.

use whimbrel_migration::{CreateRoutine, DropRoutine, DropTable};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, PerDatabase, Routine, RoutineName, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for CreateRoutine {
    fn describe(&self) -> String {
        format!("Create {}", self.routine.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let name = &self.routine.name;
        if schema.routines.contains_key(name) {
            return Err(Conflict::RoutineExists { routine: name.to_string() });
        }
        if let Some(table) = name.table().filter(|it| !schema.views.contains_key(*it)) {
            schema.table(table)?;
        }
        check_texts(&self.routine)?;
        schema.routines.insert(name.clone(), self.routine.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let name = self.routine.name.clone();
        Ok(Inverse::Operations(vec![DropRoutine { name }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropRoutine(it) if it.name == self.routine.name => Reduced::To(vec![]),
            Operation::AlterRoutine(it) if it.routine.name == self.routine.name => {
                Reduced::To(vec![Self { routine: it.routine.clone() }.into()])
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
        sql::create_routine(dialect, span.after, &self.routine)
    }
}

/// Whether it is a trigger of a table that is dropped.
pub(super) fn goes_with(name: &RoutineName, drop: &DropTable) -> bool {
    name.table() == Some(&drop.table)
}

/// Refuses what says nothing for any database, and a trigger that nothing sets off.
pub(super) fn check_texts(routine: &Routine) -> Result<(), Conflict> {
    let is_empty = |it: &PerDatabase| it.all_texts().all(|it| it.trim().is_empty());
    let is_trigger = matches!(routine.name, RoutineName::Trigger(..));
    let unset = routine.when.as_ref().is_none_or(is_empty);
    if is_empty(&routine.definition) || (is_trigger && unset) {
        return Err(Conflict::RoutineEmpty { routine: routine.name.to_string() });
    }
    Ok(())
}
