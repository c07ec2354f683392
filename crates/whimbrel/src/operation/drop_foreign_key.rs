//! Dropping a foreign key.

use whimbrel_migration::{AddForeignKey, DropForeignKey};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::{Dialect, ForeignKeys, Object},
    schema::{Conflict, ForeignKey, Schema},
    sql::{self, LiveChange, Statement, TableEdit, Transaction, Unsupported},
};

impl Change for DropForeignKey {
    fn describe(&self) -> String {
        format!("Drop foreign key `{}` of `{}`", self.foreign_key, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        find(self, schema)?;
        schema.table_mut(&self.table)?.foreign_keys.retain(|it| it.name != self.foreign_key);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let foreign_key = find(self, before)?.clone();
        let add = AddForeignKey { table: self.table.clone(), foreign_key };
        Ok(Inverse::Operations(vec![add.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let key = before.get(&self.table)?.foreign_key_named(&self.foreign_key)?;
        let columns: Vec<String> = key.columns.iter().map(|it| format!("`{it}`")).collect();
        let (columns, table) = (columns.join(", "), &self.table);
        Some(format!("loses that {columns} of `{table}` points at rows of `{}`", key.table))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let object = Object::ForeignKey(self.table.clone(), self.foreign_key.clone());
        let looks = vec![sql::absent(object)];
        if dialect.keeping.foreign_key_index {
            let foreign_key = find(self, span.before).map_err(|it| super::unfit(&it))?.clone();
            let table = span.before.get(&self.table);
            // An index of the user's own stays, whatever it is called.
            let with_index = table.is_none_or(|it| it.index_named(&self.foreign_key).is_none());
            let edits = vec![TableEdit::DropForeignKey { foreign_key, with_index }];
            let change = LiveChange { table: self.table.clone(), edits };
            return Ok(vec![change.statement(Transaction::Allowed, looks)]);
        }
        let text = match dialect.foreign_keys {
            ForeignKeys::Clauses { drop, .. } => format!(
                "ALTER TABLE {} {drop} {}",
                dialect.quote_name(&self.table),
                dialect.quote(&self.foreign_key)
            ),
            ForeignKeys::Rebuild => {
                let key = find(self, span.before).map_err(|it| super::unfit(&it))?;
                // A live key that has no name is found by where it points.
                let mut foreign_key = key.clone();
                let targets = span.before.target_columns(key).map_err(|it| super::unfit(&it))?;
                foreign_key.references = targets.to_vec();
                let edits = vec![TableEdit::DropForeignKey { foreign_key, with_index: false }];
                let change = LiveChange { table: self.table.clone(), edits };
                return Ok(vec![change.statement(Transaction::WithoutForeignKeys, looks)]);
            }
        };
        Ok(vec![Statement::schema(text, looks)])
    }
}

fn find<'a>(drop: &DropForeignKey, schema: &'a Schema) -> Result<&'a ForeignKey, Conflict> {
    let found = schema.table(&drop.table)?.foreign_key_named(&drop.foreign_key);
    found.ok_or_else(|| Conflict::ForeignKeyMissing {
        table: drop.table.clone(),
        foreign_key: drop.foreign_key.clone(),
    })
}
