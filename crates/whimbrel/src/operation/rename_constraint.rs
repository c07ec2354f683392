//! Giving a check, a unique constraint or a foreign key another name.

use whimbrel_migration::{DropCheck, DropForeignKey, DropUnique, RenameConstraint};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{check_constraint_name, insert_check, insert_foreign_key, insert_unique},
    folding,
};
use crate::{
    dialect::Dialect,
    schema::{Check, Conflict, ForeignKey, Schema, Table, Unique},
    sql::{self, Statement, Unsupported},
};

impl Change for RenameConstraint {
    fn describe(&self) -> String {
        format!("Rename constraint `{}` of `{}` to `{}`", self.from, self.table, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        let name = self.table.clone();
        check_constraint_name(table, &self.to)?;
        // A unique constraint shares its name with an index.
        if table.unique_named(&self.from).is_some() && table.index_named(&self.to).is_some() {
            return Err(Conflict::IndexExists { table: name, index: self.to.clone() });
        }
        if !rename_in(self, &mut table.clone()) {
            return Err(Conflict::ConstraintMissing { table: name, constraint: self.from.clone() });
        }
        rename_in(self, schema.table_mut(&self.table)?);
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let back = Self { table: self.table.clone(), from: self.to.clone(), to: self.from.clone() };
        Ok(Inverse::Operations(vec![back.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::RenameConstraint(next)
                if next.table == self.table && next.from == self.to =>
            {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), ..next.clone() }.into()
                })
            }
            Operation::DropCheck(next) if next.table == self.table && next.check == self.to => {
                let drop = DropCheck { table: self.table.clone(), check: self.from.clone() };
                Reduced::To(vec![drop.into()])
            }
            Operation::DropUnique(next) if next.table == self.table && next.unique == self.to => {
                let drop = DropUnique { table: self.table.clone(), unique: self.from.clone() };
                Reduced::To(vec![drop.into()])
            }
            Operation::DropForeignKey(next)
                if next.table == self.table && next.foreign_key == self.to =>
            {
                let (table, foreign_key) = (self.table.clone(), self.from.clone());
                Reduced::To(vec![DropForeignKey { table, foreign_key }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        dialect.check_name(&self.to)?;
        let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
        if let Some(check) = before.check_named(&self.from) {
            let renamed = Check { name: self.to.clone(), ..check.clone() };
            let statement = sql::rename_check(dialect, &self.table, check, &renamed)?;
            return Ok(statement.into_iter().collect());
        }
        if let Some(unique) = before.unique_named(&self.from) {
            let renamed = Unique { name: self.to.clone(), ..unique.clone() };
            return Ok(vec![sql::rename_unique(dialect, before, unique, &renamed)?]);
        }
        let Some(key) = before.foreign_key_named(&self.from) else {
            let (table, constraint) = (self.table.clone(), self.from.clone());
            return Err(super::unfit(&Conflict::ConstraintMissing { table, constraint }));
        };
        // A live key that has no name is found by where it points.
        let references = span.before.target_columns(key).map_err(|it| super::unfit(&it))?;
        let key = ForeignKey { references: references.to_vec(), ..key.clone() };
        let renamed = ForeignKey { name: self.to.clone(), ..key.clone() };
        sql::check_key(dialect, span.after, super::table_after(span, &self.table)?, &renamed)?;
        let clause = sql::foreign_key_clause(dialect, span.after, &renamed)?;
        // An index of the user's own stays, whatever it is called.
        let with_index = before.index_named(&self.from).is_none();
        Ok(vec![sql::rename_foreign_key(dialect, &self.table, key, &self.to, clause, with_index)])
    }
}

/// Renames the check, the unique constraint or else the foreign key; `false` where there is none.
pub(super) fn rename_in(rename: &RenameConstraint, table: &mut Table) -> bool {
    if let Some(at) = table.checks.iter().position(|it| it.name == rename.from) {
        let check = table.checks.remove(at);
        insert_check(table, Check { name: rename.to.clone(), ..check });
        return true;
    }
    if let Some(at) = table.uniques.iter().position(|it| it.name == rename.from) {
        let unique = table.uniques.remove(at);
        insert_unique(table, Unique { name: rename.to.clone(), ..unique });
        return true;
    }
    let Some(at) = table.foreign_keys.iter().position(|it| it.name == rename.from) else {
        return false;
    };
    let key = table.foreign_keys.remove(at);
    insert_foreign_key(table, ForeignKey { name: rename.to.clone(), ..key });
    true
}
