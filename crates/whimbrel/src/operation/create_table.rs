//! Creating a table with its indexes, foreign keys and checks.

use whimbrel_migration::{CreateTable, DropTable};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    fitting::{
        check_auto_update, check_check, check_collation, check_columns, check_default,
        check_foreign_key, check_generated, check_identity, check_index, check_unique,
        insert_check, insert_foreign_key, insert_index, insert_unique, resolved,
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
/// other tables' keys are those types, and a column of the primary key is never null (which
/// SQLite alone does not see to by itself).
fn settled(schema: &Schema, table: &Table) -> Result<Table, Conflict> {
    if schema.get(&table.name).is_some() {
        return Err(Conflict::TableExists { table: table.name.clone() });
    }
    if table.columns.is_empty() {
        return Err(Conflict::TableEmpty { table: table.name.clone() });
    }
    check_options(table)?;
    let mut whole = table.clone();
    gather(&mut whole)?;
    check_columns(&whole, &whole.primary_key)?;
    for at in 0..whole.columns.len() {
        let data_type = resolved(schema, Some(&whole), &whole.columns[at].column.data_type)?;
        let is_key = whole.primary_key.contains(&whole.columns[at].name);
        let column = &mut whole.columns[at].column;
        column.data_type = data_type;
        column.nullable &= !is_key;
        check_default(schema, &whole.columns[at].column)?;
        check_auto_update(&table.name, &whole.columns[at].name, &whole.columns[at].column)?;
        check_generated(&table.name, &whole.columns[at].name, &whole.columns[at].column)?;
        check_collation(&table.name, &whole.columns[at].name, &whole.columns[at].column)?;
        check_identity(&table.name, &whole.columns[at].name, &whole.columns[at].column)?;
        check_column_options(&table.name, &whole.columns[at].name, &whole.columns[at].column)?;
    }
    for index in std::mem::take(&mut whole.indexes) {
        check_index(&whole, &index)?;
        insert_index(&mut whole, index);
    }
    for unique in std::mem::take(&mut whole.uniques) {
        check_unique(&whole, &unique)?;
        insert_unique(&mut whole, unique);
    }
    for key in std::mem::take(&mut whole.foreign_keys) {
        check_foreign_key(schema, &whole, &key)?;
        insert_foreign_key(&mut whole, key);
    }
    for check in std::mem::take(&mut whole.checks) {
        check_check(&whole, &check)?;
        insert_check(&mut whole, check);
    }
    Ok(whole)
}

/// Moves keys and references from columns to the table, and refuses names used twice.
fn gather(table: &mut Table) -> Result<(), Conflict> {
    for at in 0..table.columns.len() {
        let name = &table.columns[at].name;
        if table.position(name) != Some(at) {
            let (table, column) = (table.name.clone(), name.clone());
            return Err(Conflict::ColumnExists { table, column });
        }
        let NamedColumn { name, column } = &mut table.columns[at];
        if std::mem::take(&mut column.primary_key) && !table.primary_key.contains(name) {
            table.primary_key.push(name.clone());
        }
        if let Some(reference) = column.references.take() {
            let key = reference.of(&table.name, vec![name.clone()]);
            table.foreign_keys.push(key);
        }
    }
    Ok(())
}
