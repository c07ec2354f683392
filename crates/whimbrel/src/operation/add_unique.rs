//! Adding a unique constraint.

use whimbrel_migration::{AddUnique, DropUnique};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    alter_primary_key::{duplicates, listed},
    fitting::{check_unique, insert_unique},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema, Unique},
    sql::{self, Statement, Unsupported},
};

impl Change for AddUnique {
    fn describe(&self) -> String {
        format!("Add unique constraint `{}` to `{}`", self.unique.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_unique(schema.table(&self.table)?, &self.unique)?;
        insert_unique(schema.table_mut(&self.table)?, self.unique.clone());
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let (table, unique) = (self.table.clone(), self.unique.name.clone());
        Ok(Inverse::Operations(vec![DropUnique { table, unique }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::DropUnique(next)
                if next.table == self.table && next.unique == self.unique.name =>
            {
                Reduced::To(vec![])
            }
            Operation::RenameConstraint(next)
                if next.table == self.table && next.from == self.unique.name =>
            {
                let unique = Unique { name: next.to.clone(), ..self.unique.clone() };
                Reduced::To(vec![Self { unique, ..self.clone() }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let (table, columns) = (&self.table, &self.unique.columns);
        let is_promised = before.get(table).is_some_and(|it| {
            !self.unique.nulls_not_distinct && super::alter_primary_key::is_unique(it, columns)
        });
        // Rows without a value are as many as they like.
        let may_lack = |name: &&String| {
            let column = before.get(table).and_then(|it| it.column_named(name));
            !self.unique.nulls_not_distinct && column.is_some_and(|it| it.nullable)
        };
        let present: Vec<&String> = columns.iter().filter(may_lack).collect();
        (!is_promised).then(|| {
            Hazard::DependsOnRows(format!(
                "rows of `{table}` that are equal in {} ({})",
                listed(columns),
                duplicates(table, columns, &present)
            ))
        })
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let table = super::table_after(span, &self.table)?;
        Ok(vec![sql::add_unique(dialect, table, &self.unique)?])
    }
}
