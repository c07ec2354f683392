//! Changing rows in batches.

use whimbrel_migration::{Backfill, Cell, RunSql, Script, Undo};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_columns, check_default_named},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, DefaultValue, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for Backfill {
    fn describe(&self) -> String {
        let columns: Vec<String> = self.set.iter().map(|(name, _)| format!("`{name}`")).collect();
        format!("Fill {} of `{}` in batches of {}", columns.join(", "), self.table, self.batch)
    }

    /// The schema stays as it is.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        check_columns(table, self.set.iter().map(|(name, _)| name))?;
        for (_, cell) in &self.set {
            if let Cell::Value(DefaultValue::Named(name)) = cell {
                check_default_named(schema, name)?;
            }
        }
        match sql::unfit_backfill(table, self) {
            None => Ok(()),
            Some(because) => Err(Conflict::RowsUnfit { table: self.table.clone(), because }),
        }
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(match &self.undo {
            Undo::Unknown => Inverse::Unknown,
            Undo::Nothing => Inverse::Operations(vec![]),
            Undo::Sql(undo) => {
                let script = Script { undo: Undo::Nothing, ..Script::of(undo.clone()) };
                Inverse::Operations(vec![RunSql { script }.into()])
            }
        })
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let table = super::table_after(span, &self.table)?;
        sql::backfill(dialect, span.after, table, self)
    }
}
