//! Giving an index another name.

use whimbrel_migration::{DropIndex, RenameIndex};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, fitting::insert_index, folding};
use crate::{
    dialect::{self, Dialect, Object},
    schema::{Conflict, Index, Name, Schema, Table},
    sql::{self, Statement, Unsupported},
};

impl Change for RenameIndex {
    fn describe(&self) -> String {
        format!("Rename index `{}` of `{}` to `{}`", self.from, self.table, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        let Some(index) = table.index_named(&self.from) else {
            let (table, index) = (self.table.clone(), self.from.clone());
            return Err(Conflict::IndexMissing { table, index });
        };
        if table.index_named(&self.to).is_some() {
            let (table, index) = (self.table.clone(), self.to.clone());
            return Err(Conflict::IndexExists { table, index });
        }
        if table.unique_named(&self.to).is_some() {
            let (table, unique) = (self.table.clone(), self.to.clone());
            return Err(Conflict::UniqueExists { table, unique });
        }
        let index = Index { name: self.to.clone(), ..index.clone() };
        let table = schema.table_mut(&self.table)?;
        table.indexes.retain(|it| it.name != self.from);
        insert_index(table, index);
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let back = Self { table: self.table.clone(), from: self.to.clone(), to: self.from.clone() };
        Ok(Inverse::Operations(vec![back.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::RenameIndex(next) if next.table == self.table && next.from == self.to => {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), ..next.clone() }.into()
                })
            }
            Operation::DropIndex(next) if next.table == self.table && next.index == self.to => {
                let drop = DropIndex { table: self.table.clone(), index: self.from.clone() };
                Reduced::To(vec![drop.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        dialect.check_name(&self.to)?;
        let object = |name: &str| Object::Index(self.table.clone(), name.to_owned());
        let looks = [sql::absent(object(&self.from)), sql::present(object(&self.to))];
        let to = dialect.quote(&self.to);
        match dialect.indexes.rename {
            dialect::RenameIndex::Statement => {
                // An index stands in its table's namespace.
                let namespace = self.table.namespace.clone();
                let from = dialect.quote_name(&Name { namespace, name: self.from.clone() });
                Ok(vec![Statement::schema(format!("ALTER INDEX {from} RENAME TO {to}"), looks)])
            }
            dialect::RenameIndex::InTable => {
                let table = dialect.quote_name(&self.table);
                let from = dialect.quote(&self.from);
                let text = format!("ALTER TABLE {table} RENAME INDEX {from} TO {to}");
                Ok(vec![Statement::schema(text, looks)])
            }
            // The new one first, so that rows are never without what the index promises.
            dialect::RenameIndex::Anew => {
                let table = super::table_after(span, &self.table)?;
                let create = vec![sql::create_index(dialect, table, renamed(self, table)?)?];
                let drop = DropIndex { table: self.table.clone(), index: self.from.clone() };
                let drop = drop.sql(dialect, span)?;
                // A name that is taken by the old one has to be free before.
                let is_taken = dialect.case == dialect::Case::Ignored
                    && self.from.eq_ignore_ascii_case(&self.to);
                Ok(if is_taken { [drop, create].concat() } else { [create, drop].concat() })
            }
        }
    }
}

fn renamed<'a>(rename: &RenameIndex, table: &'a Table) -> Result<&'a Index, Unsupported> {
    table.index_named(&rename.to).ok_or_else(|| {
        let (table, index) = (table.name.clone(), rename.to.clone());
        super::unfit(&Conflict::IndexMissing { table, index })
    })
}
