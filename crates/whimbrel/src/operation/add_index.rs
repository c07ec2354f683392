//! Adding an index.

use whimbrel_migration::{AddIndex, DropIndex};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_index, insert_index},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Index, IndexColumn, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for AddIndex {
    fn describe(&self) -> String {
        let unique = if self.index.unique { "unique " } else { "" };
        format!("Add {unique}index `{}` to `{}`", self.index.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_index(schema.table(&self.table)?, &self.index)?;
        insert_index(schema.table_mut(&self.table)?, self.index.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let drop = DropIndex { table: self.table.clone(), index: self.index.name.clone() };
        Ok(Inverse::Operations(vec![drop.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropIndex(next)
                if next.table == self.table && next.index == self.index.name =>
            {
                Reduced::To(vec![])
            }
            Operation::RenameIndex(next)
                if next.table == self.table && next.from == self.index.name =>
            {
                let index = Index { name: next.to.clone(), ..self.index.clone() };
                Reduced::To(vec![Self { index, ..self.clone() }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        self.index.unique.then(|| {
            let said = |it: &IndexColumn| match &it.expression {
                Some(it) => it.all_texts().next().unwrap_or_default().to_owned(),
                None => it.name.clone(),
            };
            let names: Vec<_> =
                self.index.columns.iter().map(|it| format!("`{}`", said(it))).collect();
            Hazard::DependsOnRows(format!(
                "rows of `{}` that are equal in {}",
                self.table,
                names.join(", ")
            ))
        })
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let table = super::table_after(span, &self.table)?;
        Ok(vec![sql::create_index(dialect, table, &self.index)?])
    }
}
