//! Dropping an index.

use whimbrel_migration::{AddIndex, DropIndex};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, alter_primary_key::is_unique, folding,
};
use crate::{
    dialect::{Dialect, Object},
    schema::{Conflict, Index, IndexColumn, Name, Schema, Table},
    sql::{self, LiveChange, Statement, TableEdit, Transaction, Unsupported},
};

impl Change for DropIndex {
    fn describe(&self) -> String {
        format!("Drop index `{}` of `{}`", self.index, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        find(self, schema)?;
        schema.table_mut(&self.table)?.indexes.retain(|it| it.name != self.index);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let index = find(self, before)?.clone();
        Ok(Inverse::Operations(vec![AddIndex { table: self.table.clone(), index }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let index = find(self, before).ok()?;
        let mut rest = before.get(&self.table)?.clone();
        rest.indexes.retain(|it| it.name != self.index);
        if promises_the_same(&rest, index) {
            return None;
        }
        Some(if index.unique && !promises_as_much(&rest, index) {
            let columns: Vec<String> =
                index.columns.iter().map(|it| format!("`{}`", it.name)).collect();
            format!(
                "loses that no two rows of `{}` have the same {}",
                self.table,
                columns.join(", ")
            )
        } else {
            "loses the speed of what uses it".to_owned()
        })
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let looks = vec![sql::absent(Object::Index(self.table.clone(), self.index.clone()))];
        if dialect.keeping.foreign_key_index {
            let edits = vec![TableEdit::DropIndex { index: self.index.clone() }];
            let change = LiveChange { table: self.table.clone(), edits };
            return Ok(vec![change.statement(Transaction::Allowed, looks)]);
        }
        let text = if dialect.indexes.of_table {
            let (index, table) = (dialect.quote(&self.index), dialect.quote_name(&self.table));
            format!("DROP INDEX {index} ON {table}")
        } else {
            // An index stands in its table's namespace.
            let name = Name { namespace: self.table.namespace.clone(), name: self.index.clone() };
            format!("DROP INDEX {}", dialect.quote_name(&name))
        };
        Ok(vec![Statement::schema(text, looks)])
    }
}

/// Whether a table promises of its rows what the index does, by something that is as quick: over the
/// same columns in the same order.
fn promises_the_same(table: &Table, index: &Index) -> bool {
    let Some(columns) = whole_columns(index).filter(|_| index.include.is_empty()) else {
        return false;
    };
    let nulls = |not_distinct: bool| not_distinct || !index.nulls_not_distinct;
    table.primary_key == columns
        || table
            .indexes
            .iter()
            .any(|it| whole_columns(it).as_ref() == Some(&columns) && nulls(it.nulls_not_distinct))
        || table.uniques.iter().any(|it| {
            it.columns == columns && it.deferral.is_never() && nulls(it.nulls_not_distinct)
        })
}

/// Whether a table promises of its rows what the index does.
fn promises_as_much(table: &Table, index: &Index) -> bool {
    let columns = whole_columns(index).filter(|_| !index.nulls_not_distinct);
    columns.is_some_and(|it| is_unique(table, &it))
}

/// The columns of a unique index that is over all rows, and over columns as they are.
fn whole_columns(index: &Index) -> Option<Vec<String>> {
    let is_whole = |it: &IndexColumn| it.expression.is_none() && it.prefix.is_none();
    let all = index.unique && index.filter.is_none() && index.columns.iter().all(is_whole);
    all.then(|| index.column_names().cloned().collect())
}

fn find<'a>(drop: &DropIndex, schema: &'a Schema) -> Result<&'a Index, Conflict> {
    schema.table(&drop.table)?.index_named(&drop.index).ok_or_else(|| Conflict::IndexMissing {
        table: drop.table.clone(),
        index: drop.index.clone(),
    })
}
