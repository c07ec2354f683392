//! Giving a view another query.

use whimbrel_migration::{AlterView, DropView};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, create_view::check_query, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Name, Schema, View},
    sql::{self, Statement, Unsupported},
};

impl Change for AlterView {
    fn describe(&self) -> String {
        format!("Alter view `{}`", self.view)
    }

    fn remark(&self, dialect: &Dialect, span: Span<'_>) -> Option<String> {
        let (old, new) = (span.before.views.get(&self.view)?, span.after.views.get(&self.view)?);
        let anew = !sql::replaces(dialect, span.before, old, new);
        let is_there = sql::drop_view(dialect, old).is_ok_and(|it| it.is_some());
        (anew && is_there).then(|| {
            let resting = sql::resting_on(span.before, &self.view);
            let resting = resting.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>();
            let with = match (dialect.views.as_written, resting.as_slice()) {
                (true, _) | (_, []) => String::new(),
                (false, all) => format!(" and {}, which rest on it,", all.join(", ")),
            };
            format!(
                "view `{}`{with} is dropped and created again: what only the database says of it, \
                 such as grants, triggers and comments, is lost",
                self.view
            )
        })
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_query(view_of(schema, &self.view)?, &self.query)?;
        if let Some(view) = schema.views.get_mut(&self.view) {
            view.query = self.query.clone();
        }
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let query = view_of(before, &self.view)?.query.clone();
        Ok(Inverse::Operations(vec![Self { view: self.view.clone(), query }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::AlterView(it) if it.view == self.view => Reduced::To(vec![next.clone()]),
            Operation::DropView(DropView { view }) if *view == self.view => {
                Reduced::To(vec![next.clone()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let of = |schema: &Schema| view_of(schema, &self.view).cloned();
        let old = of(span.before).map_err(|it| super::unfit(&it))?;
        let new = of(span.after).map_err(|it| super::unfit(&it))?;
        sql::alter_view(dialect, span.before, &old, &new)
    }
}

/// The view, or that there is none.
pub(super) fn view_of<'s>(schema: &'s Schema, name: &Name) -> Result<&'s View, Conflict> {
    schema.views.get(name).ok_or_else(|| Conflict::ViewMissing { view: name.clone() })
}
