//! Dropping a unique constraint.

use whimbrel_migration::{AddUnique, DropUnique};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    alter_primary_key::{is_unique, listed},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema, Unique},
    sql::{self, Statement, Unsupported},
};

impl Change for DropUnique {
    fn describe(&self) -> String {
        format!("Drop unique constraint `{}` of `{}`", self.unique, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        find(self, schema)?;
        schema.table_mut(&self.table)?.uniques.retain(|it| it.name != self.unique);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let unique = find(self, before)?.clone();
        let add = AddUnique { table: self.table.clone(), unique };
        Ok(Inverse::Operations(vec![add.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::apart(&self.clone().into(), next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let unique = find(self, before).ok()?;
        let mut rest = before.get(&self.table)?.clone();
        rest.uniques.retain(|it| it.name != self.unique);
        if is_unique(&rest, &unique.columns) {
            return None;
        }
        let columns = listed(&unique.columns);
        Some(format!("loses that no two rows of `{}` have the same {columns}", self.table))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let unique = find(self, span.before).map_err(|it| super::unfit(&it))?;
        Ok(vec![sql::drop_unique(dialect, &self.table, unique)])
    }
}

fn find<'a>(drop: &DropUnique, schema: &'a Schema) -> Result<&'a Unique, Conflict> {
    let found = schema.table(&drop.table)?.unique_named(&drop.unique);
    found.ok_or_else(|| Conflict::UniqueMissing {
        table: drop.table.clone(),
        unique: drop.unique.clone(),
    })
}
