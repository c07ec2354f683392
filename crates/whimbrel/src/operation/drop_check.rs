//! Dropping a condition that had to hold of every row.

use whimbrel_migration::{AddCheck, DropCheck};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::Dialect,
    schema::{Check, Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropCheck {
    fn describe(&self) -> String {
        format!("Drop check `{}` of `{}`", self.check, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        find(self, schema)?;
        schema.table_mut(&self.table)?.checks.retain(|it| it.name != self.check);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let check = find(self, before)?.clone();
        let add = AddCheck { table: self.table.clone(), check };
        Ok(Inverse::Operations(vec![add.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        find(self, before).ok()?;
        Some(format!("loses that every row of `{}` passes `{}`", self.table, self.check))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let check = find(self, span.before).map_err(|it| super::unfit(&it))?;
        // A database that goes without it has nothing to drop.
        let is_there = sql::check_clause(dialect, check)?.is_some();
        let drop = || sql::drop_constraint(dialect, &self.table, &self.check);
        Ok(is_there.then(drop).into_iter().collect())
    }
}

fn find<'a>(drop: &DropCheck, schema: &'a Schema) -> Result<&'a Check, Conflict> {
    let found = schema.table(&drop.table)?.check_named(&drop.check);
    found.ok_or_else(|| Conflict::CheckMissing {
        table: drop.table.clone(),
        check: drop.check.clone(),
    })
}
