//! Dropping a column and its values. The column that is the whole primary key takes the key with it.

use whimbrel_migration::{AddColumn, DropColumn};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_key_is_free, column, column_user},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Column, Conflict, Schema, Table},
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
        let mut rest = table.clone();
        if is_key(table, &self.column) {
            check_key_is_free(schema, table)?;
            rest.primary_key.clear();
        }
        if let Some(user) = column_user(schema, &rest, &self.column) {
            return Err(Conflict::ColumnInUse {
                table: self.table.clone(),
                column: self.column.clone(),
                user,
            });
        }
        rest.columns.retain(|it| it.name != self.column);
        *schema.table_mut(&self.table)? = rest;
        Ok(())
    }

    /// Brings the column back behind the others, whatever its place was: not every database can
    /// put a column between others, and nothing in a schema depends on the order.
    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let table = before.table(&self.table)?;
        let primary_key = is_key(table, &self.column);
        let back = AddColumn {
            table: self.table.clone(),
            name: self.column.clone(),
            column: Column { primary_key, ..column(table, &self.column)?.clone() },
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
        let takes_key = table.is_some_and(|it| is_key(it, &self.column));
        statements.push(sql::drop_column(dialect, &self.table, &self.column, takes_key));
        Ok(statements)
    }
}

fn is_key(table: &Table, column: &str) -> bool {
    table.primary_key == [column]
}
