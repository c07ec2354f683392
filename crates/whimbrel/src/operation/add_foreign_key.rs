//! Adding a foreign key.

use whimbrel_migration::{AddForeignKey, DropForeignKey};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_foreign_key, insert_foreign_key},
    folding,
};
use crate::{
    dialect::{Dialect, ForeignKeys, Object},
    schema::{Conflict, Schema},
    sql::{self, LiveChange, Statement, TableEdit, Transaction, Unsupported},
};

impl Change for AddForeignKey {
    fn describe(&self) -> String {
        let Self { table, foreign_key: key } = self;
        format!("Add foreign key `{}` from `{table}` to `{}`", key.name, key.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_foreign_key(schema, schema.table(&self.table)?, &self.foreign_key)?;
        insert_foreign_key(schema.table_mut(&self.table)?, self.foreign_key.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let (table, foreign_key) = (self.table.clone(), self.foreign_key.name.clone());
        Ok(Inverse::Operations(vec![DropForeignKey { table, foreign_key }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropForeignKey(next)
                if next.table == self.table && next.foreign_key == self.foreign_key.name =>
            {
                Reduced::To(vec![])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        let Self { table, foreign_key: key } = self;
        Some(Hazard::DependsOnRows(format!("rows of `{table}` that point at no `{}`", key.table)))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        sql::check_key(
            dialect,
            span.after,
            super::table_after(span, &self.table)?,
            &self.foreign_key,
        )?;
        let clause = sql::foreign_key_clause(dialect, span.after, &self.foreign_key)?;
        let object = Object::ForeignKey(self.table.clone(), self.foreign_key.name.clone());
        let looks = vec![sql::present(object)];
        if dialect.foreign_keys == ForeignKeys::Rebuild {
            let edits = vec![TableEdit::AddForeignKey { clause }];
            let change = LiveChange { table: self.table.clone(), edits };
            return Ok(vec![change.statement(Transaction::WithoutForeignKeys, looks)]);
        }
        let table = dialect.quote_name(&self.table);
        Ok(vec![Statement::schema(format!("ALTER TABLE {table} ADD {clause}"), looks)])
    }
}
