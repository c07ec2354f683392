//! Writing rows by their key.

use whimbrel_migration::{Cell, Upsert};

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

impl Change for Upsert {
    fn describe(&self) -> String {
        let plural = if self.rows.len() == 1 { "" } else { "s" };
        format!("Write {} row{plural} to `{}`", self.rows.len(), self.table)
    }

    /// The schema stays as it is.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        check_columns(table, self.columns.iter().chain(&self.key))?;
        for cell in self.rows.iter().flatten() {
            if let Cell::Value(DefaultValue::Named(name)) = cell {
                check_default_named(schema, name)?;
            }
        }
        match sql::unfit_rows(table, self) {
            None => Ok(()),
            Some(because) => Err(Conflict::RowsUnfit { table: self.table.clone(), because }),
        }
    }

    /// The schema has nothing to be put back; what the rows were is remembered where they are
    /// written.
    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(Inverse::Operations(vec![]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let table = super::table_after(span, &self.table)?;
        sql::upsert(dialect, span.after, table, self)
    }
}
