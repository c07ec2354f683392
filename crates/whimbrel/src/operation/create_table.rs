//! Creating a table with its indexes, foreign keys and checks.

use std::sync::Arc;

use whimbrel_migration::{CreateTable, DropTable};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{
        check_auto_update, check_check, check_collation, check_columns, check_default,
        check_foreign_key, check_generated, check_identity, check_index, check_unique, is_resolved,
        resolved,
    },
    folding,
    options::{check_column_options, check_options},
};
use crate::{
    dialect::Dialect,
    schema::{Conflict, NamedColumn, Schema, Table},
    sql::{self, Statement, Unsupported},
};

impl Change for CreateTable {
    fn describe(&self) -> String {
        format!("Create table `{}`", self.table.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = settled(schema, &self.table)?;
        schema.insert(table)
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let table = self.table.name.clone();
        Ok(Inverse::Operations(vec![DropTable { table }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::into_table(self, next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let table = super::table_after(span, &self.table.name)?;
        sql::create_table(dialect, span.after, table)
    }
}

/// The table as the schema takes it in: what columns say of keys belongs to the table, types of
/// other tables' keys are those types, a column of the primary key is never null (which SQLite
/// alone does not see to by itself), and parts stand in the order of their names.
fn settled(schema: &Schema, table: &Arc<Table>) -> Result<Arc<Table>, Conflict> {
    if schema.get(&table.name).is_some() {
        return Err(Conflict::TableExists { table: table.name.clone() });
    }
    if table.columns.is_empty() {
        return Err(Conflict::TableEmpty { table: table.name.clone() });
    }
    check_options(table)?;
    check_column_names(table)?;
    let mut whole = Arc::clone(table);
    if !is_settled(schema, table) {
        settle(schema, Arc::make_mut(&mut whole))?;
    }
    check_columns(&whole, &whole.primary_key)?;
    for NamedColumn { name, column } in &whole.columns {
        check_default(schema, column)?;
        check_auto_update(&table.name, name, column)?;
        check_generated(&table.name, name, column)?;
        check_collation(&table.name, name, column)?;
        check_identity(&table.name, name, column)?;
        check_column_options(&table.name, name, column)?;
    }
    whole.indexes.iter().try_for_each(|it| check_index(&whole, it))?;
    whole.uniques.iter().try_for_each(|it| check_unique(&whole, it))?;
    whole.foreign_keys.iter().try_for_each(|it| check_foreign_key(schema, &whole, it))?;
    whole.checks.iter().try_for_each(|it| check_check(&whole, it))?;
    Ok(whole)
}

/// Refuses columns of one name.
fn check_column_names(table: &Table) -> Result<(), Conflict> {
    for (at, NamedColumn { name, .. }) in table.columns.iter().enumerate() {
        if table.position(name) != Some(at) {
            let (table, column) = (table.name.clone(), name.clone());
            return Err(Conflict::ColumnExists { table, column });
        }
    }
    Ok(())
}

/// Whether a table is already as a schema takes it in, as those are that come from one.
fn is_settled(schema: &Schema, table: &Table) -> bool {
    let is_column = |NamedColumn { name, column }: &NamedColumn| {
        let says_keys = column.primary_key || column.references.is_some();
        let is_loose_key = column.nullable && table.primary_key.contains(name);
        !says_keys && !is_loose_key && is_resolved(schema, &column.data_type)
    };
    table.columns.iter().all(is_column)
        && table.indexes.is_sorted_by_key(|it| &it.name)
        && table.uniques.is_sorted_by_key(|it| &it.name)
        && table.foreign_keys.is_sorted_by_key(|it| &it.name)
        && table.checks.is_sorted_by_key(|it| &it.name)
}

fn settle(schema: &Schema, table: &mut Table) -> Result<(), Conflict> {
    gather(table);
    check_columns(table, &table.primary_key)?;
    for at in 0..table.columns.len() {
        let data_type = resolved(schema, Some(table), &table.columns[at].column.data_type)?;
        let is_key = table.primary_key.contains(&table.columns[at].name);
        let column = &mut table.columns[at].column;
        column.data_type = data_type;
        column.nullable &= !is_key;
    }
    table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
    table.uniques.sort_by(|one, other| one.name.cmp(&other.name));
    table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
    table.checks.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

/// Moves keys and references from columns to the table.
fn gather(table: &mut Table) {
    for NamedColumn { name, column } in &mut table.columns {
        if std::mem::take(&mut column.primary_key) && !table.primary_key.contains(name) {
            table.primary_key.push(name.clone());
        }
        if let Some(reference) = column.references.take() {
            table.foreign_keys.push(reference.of(&table.name, vec![name.clone()]));
        }
    }
}
