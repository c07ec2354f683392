//! Foreign keys.

use std::collections::BTreeMap;

use super::{Reading, ask};
use crate::{
    connection::{Connection, DatabaseError},
    schema::{Action, ForeignKey, IndexColumn, Name, Table},
};

impl Reading<'_> {
    pub(super) fn foreign_keys(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        let here = self.here();
        // Two queries: joined, MariaDB would look the second up anew for each row of the first.
        let columns = format!(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, \
             REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME \
             FROM information_schema.KEY_COLUMN_USAGE \
             WHERE TABLE_SCHEMA = {here} AND REFERENCED_TABLE_NAME IS NOT NULL \
             ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION"
        );
        let rules = format!(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE \
             FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {here}"
        );
        let mut keys: BTreeMap<(Name, String), ForeignKey> = BTreeMap::new();
        for mut row in ask(connection, &columns)? {
            let (table, name, column) = (self.name(&row.text()), row.text(), row.text());
            let (namespace, target) = (row.text(), row.text());
            let key = keys.entry((table, name.clone())).or_insert_with(|| {
                ForeignKey::new(name, Vec::new(), self.target(&namespace, &target))
            });
            key.columns.push(column);
            key.references.push(row.text());
        }
        let mut ruled = BTreeMap::new();
        for mut row in ask(connection, &rules)? {
            let key = (self.name(&row.text()), row.text());
            ruled.insert(key, (action(&row.text()), action(&row.text())));
        }
        for ((table, name), mut key) in keys {
            let Some(owner) = self.tables.get_mut(&table) else { continue };
            let Some((on_delete, on_update)) = ruled.get(&(table.clone(), name)) else {
                // MariaDB shows a role that may only SELECT that there is a key, and no more.
                let what = format!("what foreign key `{}` of `{table}` does", key.name);
                return Err(self.hidden(&what, "SELECT, SHOW VIEW"));
            };
            (key.on_delete, key.on_update) = (*on_delete, *on_update);
            leave_out_its_own(owner, &key);
            owner.foreign_keys.push(key);
        }
        Ok(())
    }

    /// The table that a key points at. Where names are compared without their case, InnoDB may
    /// have noted it otherwise than it was made (manual, "Identifier Case Sensitivity").
    fn target(&self, namespace: &str, target: &str) -> Name {
        let is_here = namespace.eq_ignore_ascii_case(self.namespace);
        let exact = self.scope.name(namespace, target);
        if self.tables.contains_key(&exact) || !is_here {
            return exact;
        }
        let alike = |it: &&Name| it.name.eq_ignore_ascii_case(target);
        self.tables.keys().find(alike).cloned().unwrap_or(exact)
    }
}

/// Leaves out the index that a key made for itself: it comes and goes with the key.
fn leave_out_its_own(table: &mut Table, key: &ForeignKey) {
    table.indexes.retain(|it| {
        let plain = it.columns.iter().all(IndexColumn::is_plain);
        it.unique || it.name != key.name || !plain || !it.column_names().eq(&key.columns)
    });
}

/// What InnoDB does on this rule. It makes no difference between refusing now and refusing at the
/// end, and MariaDB says `RESTRICT` where nothing was said.
fn action(rule: &str) -> Action {
    match rule {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}
