//! Dropping a column and its values.

use whimbrel_migration::{AddColumn, DropColumn};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{column, column_user},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for DropColumn {
    fn describe(&self) -> String {
        format!("Drop column `{}` of `{}`", self.column, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        column(table, &self.column)?;
        if table.columns.len() == 1 {
            return Err(Conflict::TableEmpty { table: self.table.clone() });
        }
        if let Some(user) = column_user(schema, table, &self.column) {
            return Err(Conflict::ColumnInUse {
                table: self.table.clone(),
                column: self.column.clone(),
                user,
            });
        }
        schema.table_mut(&self.table)?.columns.retain(|it| it.name != self.column);
        Ok(())
    }

    /// Brings the column back behind the others, whatever its place was: not every database can
    /// put a column between others, and nothing in a schema depends on the order.
    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let back = AddColumn {
            table: self.table.clone(),
            name: self.column.clone(),
            column: column(before.table(&self.table)?, &self.column)?.clone(),
        };
        Ok(Inverse::Operations(vec![back.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let column = before.get(&self.table).and_then(|it| it.column_named(&self.column));
        if column.is_some_and(|it| it.generated.is_some()) {
            return None;
        }
        Some(Hazard::Loses(format!("the values of `{}` in `{}`", self.column, self.table)))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let mut statements = Vec::new();
        let table = span.before.get(&self.table);
        if table.and_then(|it| it.column_named(&self.column)).is_some_and(|it| it.auto_update) {
            statements = sql::end_auto_update(dialect, &self.table, &self.column);
        }
        statements.push(sql::drop_column(dialect, &self.table, &self.column));
        Ok(statements)
    }
}
