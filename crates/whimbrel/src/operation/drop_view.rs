//! Dropping a view. The rows that it shows are those of tables and stay there.

use whimbrel_migration::{CreateRoutine, CreateView, DropView};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, alter_view::view_of, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropView {
    fn describe(&self) -> String {
        format!("Drop view `{}`", self.view)
    }

    fn remark(&self, dialect: &Dialect, span: Span<'_>) -> Option<String> {
        let view = span.before.views.get(&self.view)?;
        let is_there = sql::drop_view(dialect, view).is_ok_and(|it| it.is_some());
        is_there.then(|| {
            format!(
                "with view `{}` goes what only the database says of it, such as grants, triggers \
                 and comments",
                self.view
            )
        })
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        view_of(schema, &self.view)?;
        schema.views.remove(&self.view);
        schema.remove_triggers_of(&self.view);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let view = view_of(before, &self.view)?.clone();
        let mut operations: Vec<Operation> = vec![CreateView { view }.into()];
        let triggers = before.triggers_of(&self.view).cloned();
        operations.extend(triggers.map(|routine| CreateRoutine { routine }.into()));
        Ok(Inverse::Operations(operations))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let view = view_of(span.before, &self.view).map_err(|it| super::unfit(&it))?;
        Ok(sql::drop_view(dialect, view)?.into_iter().collect())
    }
}
