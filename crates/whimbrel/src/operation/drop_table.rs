//! Dropping a table and its rows.

use whimbrel_migration::{CreateRoutine, CreateTable, DropTable};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::{AutoUpdate, Dialect, Object},
    schema::{Action, Conflict, Schema, Table},
    sql::{self, Statement, Transaction, Unsupported},
};

impl Change for DropTable {
    fn describe(&self) -> String {
        format!("Drop table `{}`", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        schema.table(&self.table)?;
        let user = schema.pointing_at(&self.table).find(|(from, _)| from.name != self.table);
        if let Some((from, key)) = user {
            return Err(Conflict::TableInUse {
                table: self.table.clone(),
                from: from.name.clone(),
                foreign_key: key.name.clone(),
            });
        }
        schema.remove(&self.table)?;
        schema.remove_triggers_of(&self.table);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let table = before.shared(&self.table)?;
        let mut operations: Vec<Operation> = vec![CreateTable { table }.into()];
        let triggers = before.triggers_of(&self.table).cloned();
        operations.extend(triggers.map(|routine| CreateRoutine { routine }.into()));
        Ok(Inverse::Operations(operations))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        Some(Hazard::Loses(format!("the rows of `{}`", self.table)))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let text = format!("DROP TABLE {}", dialect.quote_name(&self.table));
        let mut statements = Vec::new();
        // A trigger goes with its table, its function does not.
        if let (AutoUpdate::Function, Some(table)) =
            (dialect.auto_update, span.before.get(&self.table))
        {
            for column in table.columns.iter().filter(|it| it.column.auto_update) {
                statements.extend(sql::end_auto_update(dialect, &self.table, &column.name));
            }
        }
        let gone = [sql::absent(Object::Table(self.table.clone()))];
        let drop = Statement::schema(text, gone);
        // SQLite deletes the rows first, one by one, and one that another still points at can't go
        // (manual, "DROP TABLE").
        let restricts = |table: &Table| {
            let own = table.foreign_keys.iter().filter(|it| it.table == table.name);
            own.into_iter().any(|it| it.on_delete == Action::Restrict)
        };
        let transaction = match dialect.unenforced {
            Some(_) if span.before.get(&self.table).is_some_and(restricts) => {
                Transaction::WithoutForeignKeys
            }
            _ => drop.transaction,
        };
        statements.push(Statement { transaction, ..drop });
        Ok(statements)
    }
}
