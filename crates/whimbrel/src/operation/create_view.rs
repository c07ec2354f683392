//! Creating a view.

use whimbrel_migration::{CreateView, DropView};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, PerDatabase, Schema, View},
    sql::{self, Statement, Unsupported},
};

impl Change for CreateView {
    fn describe(&self) -> String {
        let kind = if self.view.materialized { "materialized view" } else { "view" };
        format!("Create {kind} `{}`", self.view.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let view = self.view.name.clone();
        if schema.get(&view).is_some() {
            return Err(Conflict::TableExists { table: view });
        }
        if schema.views.contains_key(&view) {
            return Err(Conflict::ViewExists { view });
        }
        check_query(&self.view, &self.view.query)?;
        schema.views.insert(view, self.view.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let view = self.view.name.clone();
        Ok(Inverse::Operations(vec![DropView { view }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropView(it) if it.view == self.view.name => Reduced::To(vec![]),
            Operation::AlterView(it) if it.view == self.view.name => {
                let view = View { query: it.query.clone(), ..self.view.clone() };
                Reduced::To(vec![Self { view }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        sql::create_view(dialect, &self.view)
    }
}

/// Refuses a query that says nothing for any database.
pub(super) fn check_query(view: &View, query: &PerDatabase) -> Result<(), Conflict> {
    let mut texts = query.texts.iter().map(|(_, it)| it).chain(&query.otherwise);
    if texts.all(|it| it.trim().is_empty()) {
        return Err(Conflict::ViewEmpty { view: view.name.clone() });
    }
    Ok(())
}
