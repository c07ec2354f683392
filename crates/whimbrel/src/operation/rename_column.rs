//! Giving a column another name.

use whimbrel_migration::{DropColumn, DropIndex, RenameColumn};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, fitting::column, folding};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Index, Name, Schema, Table},
    sql::{self, LiveChange, Statement, TableEdit, Transaction, Unsupported},
};

impl Change for RenameColumn {
    fn describe(&self) -> String {
        format!("Rename column `{}` of `{}` to `{}`", self.from, self.table, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        column(table, &self.from)?;
        if table.position(&self.to).is_some() {
            return Err(Conflict::ColumnExists {
                table: self.table.clone(),
                column: self.to.clone(),
            });
        }
        let followers: Vec<Name> = schema
            .pointing_at(&self.table)
            .filter(|(from, _)| from.name != self.table)
            .map(|(from, _)| from.name.clone())
            .collect();
        for name in followers {
            follow(self, schema.table_mut(&name)?);
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
            Operation::RenameColumn(next) if next.table == self.table && next.from == self.to => {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), ..next.clone() }.into()
                })
            }
            Operation::DropColumn(next) if next.table == self.table && next.column == self.to => {
                let drop = DropColumn { table: self.table.clone(), column: self.from.clone() };
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
        let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
        let after = super::table_after(span, &self.table)?;
        let (mut statements, begins) = sql::renamed_auto_updates(dialect, before, after);
        let speaks = |it: &&Index| it.expressions().any(|it| sql::names_column(it, &self.to));
        let pinning = after.indexes.iter().filter(speaks);
        let pinning: Vec<&Index> =
            pinning.filter(|_| dialect.indexes.expressions_pin_names).collect();
        for index in &pinning {
            let drop = DropIndex { table: self.table.clone(), index: index.name.clone() };
            statements.extend(drop.sql(dialect, span)?);
        }
        let names = (self.from.as_str(), self.to.as_str());
        let checks = (before.checks.as_slice(), after.checks.as_slice());
        let renamed = sql::rename_column(dialect, &self.table, &self.from, &self.to);
        let tied = dialect.generation.tied_names
            && sql::computed_from(before, &self.from).next().is_some();
        statements.push(if tied {
            let (drop, add) = sql::clauses_of_checks(dialect, names, checks)?;
            let (column, to) = (self.from.clone(), self.to.clone());
            let edit = TableEdit::RenameColumn { column, to, drop, add };
            let change = LiveChange { table: self.table.clone(), edits: vec![edit] };
            change.statement(Transaction::Allowed, renamed.looks)
        } else {
            sql::rename_checked_column(dialect, &self.table, names, checks)?.unwrap_or(renamed)
        });
        for index in pinning {
            statements.push(sql::create_index(dialect, after, index)?);
        }
        statements.extend(begins);
        Ok(statements)
    }
}

/// Renames the column everywhere in its own table.
pub(super) fn rename_in(rename: &RenameColumn, table: &mut Table) {
    let RenameColumn { from, to, .. } = rename;
    let names = table.columns.iter_mut().map(|it| &mut it.name);
    let names = names.chain(table.primary_key.iter_mut());
    let indexed = table.indexes.iter_mut();
    let indexed =
        indexed.flat_map(|it| it.columns.iter_mut().map(|it| &mut it.name).chain(&mut it.include));
    let sole = table.uniques.iter_mut();
    let sole = sole.flat_map(|it| it.columns.iter_mut().chain(&mut it.include));
    let names = names.chain(indexed).chain(sole);
    let pointing = table.foreign_keys.iter_mut().flat_map(|it| &mut it.columns);
    names.chain(pointing).filter(|it| *it == from).for_each(|it| it.clone_from(to));
    for index in &mut table.indexes {
        let follow = |it: &mut String| *it = sql::rename_in_expression(it, from, to);
        index.filter.iter_mut().for_each(follow);
        let expressions = index.columns.iter_mut().filter_map(|it| it.expression.as_mut());
        expressions.for_each(|it| it.each_text(follow));
    }
    for check in &mut table.checks {
        check.condition = sql::renamed_in(&check.condition, from, to);
    }
    for named in &mut table.columns {
        sql::rename_in_generated(&mut named.column, from, to);
    }
    follow(rename, table);
}

/// Renames the column where another table's foreign keys point at it by name.
fn follow(rename: &RenameColumn, table: &mut Table) {
    for key in table.foreign_keys.iter_mut().filter(|it| it.table == rename.table) {
        key.references.iter_mut().filter(|it| **it == rename.from).for_each(|it| {
            it.clone_from(&rename.to);
        });
    }
}
