//! Dropping a trigger, a function or a procedure.

use whimbrel_migration::{CreateRoutine, DropRoutine};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, alter_routine::routine_of,
    create_routine::goes_with, folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropRoutine {
    fn describe(&self) -> String {
        format!("Drop {}", self.name)
    }

    fn remark(&self, dialect: &Dialect, span: Span<'_>) -> Option<String> {
        let routine = span.before.routines.get(&self.name)?;
        let is_there = sql::drop_routine(dialect, routine).is_ok_and(|it| it.is_some());
        (is_there && self.name.table().is_none()).then(|| {
            format!(
                "with {} goes what only the database says of it, such as grants and comments",
                self.name
            )
        })
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        routine_of(schema, &self.name)?;
        schema.routines.remove(&self.name);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let routine = routine_of(before, &self.name)?.clone();
        Ok(Inverse::Operations(vec![CreateRoutine { routine }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropTable(it) if goes_with(&self.name, it) => {
                Reduced::To(vec![next.clone()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let routine = routine_of(span.before, &self.name).map_err(|it| super::unfit(&it))?;
        Ok(sql::drop_routine(dialect, routine)?.into_iter().collect())
    }
}
