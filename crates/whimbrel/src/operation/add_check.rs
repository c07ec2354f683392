//! Adding a condition that must hold of every row.

use whimbrel_migration::{AddCheck, DropCheck};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_check, insert_check},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for AddCheck {
    fn describe(&self) -> String {
        format!("Add check `{}` to `{}`", self.check.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_check(schema.table(&self.table)?, &self.check)?;
        insert_check(schema.table_mut(&self.table)?, self.check.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let (table, check) = (self.table.clone(), self.check.name.clone());
        Ok(Inverse::Operations(vec![DropCheck { table, check }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropCheck(next)
                if next.table == self.table && next.check == self.check.name =>
            {
                Reduced::To(vec![])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        let Self { table, check } = self;
        Some(Hazard::DependsOnRows(format!(
            "rows of `{table}` that check `{}` refuses",
            check.name
        )))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        if let Some(table) = span.after.get(&self.table) {
            sql::check_seen(dialect, table, &self.check)?;
        }
        let clause = sql::check_clause(dialect, &self.check)?;
        let add = |it| sql::add_constraint(dialect, &self.table, &self.check.name, it);
        Ok(clause.map(add).into_iter().collect())
    }
}
