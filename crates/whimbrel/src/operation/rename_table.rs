//! Giving a table another name.

use whimbrel_migration::RenameTable;

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding};
use crate::{
    dialect::{self, Dialect, Object},
    schema::{Conflict, Name, Routine, RoutineName, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for RenameTable {
    fn describe(&self) -> String {
        format!("Rename table `{}` to `{}`", self.from, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        schema.table(&self.from)?;
        if schema.get(&self.to).is_some() {
            return Err(Conflict::TableExists { table: self.to.clone() });
        }
        if schema.views.contains_key(&self.to) {
            return Err(Conflict::ViewExists { view: self.to.clone() });
        }
        let followers: Vec<Name> =
            schema.pointing_at(&self.from).map(|(from, _)| from.name.clone()).collect();
        for name in followers {
            for key in &mut schema.table_mut(&name)?.foreign_keys {
                if key.table == self.from {
                    key.table = self.to.clone();
                }
            }
        }
        let triggers: Vec<Routine> = schema.triggers_of(&self.from).cloned().collect();
        schema.remove_triggers_of(&self.from);
        for mut routine in triggers {
            routine.name = RoutineName::Trigger(self.to.clone(), routine.name.own().to_owned());
            schema.routines.insert(routine.name.clone(), routine);
        }
        let mut table = schema.remove(&self.from)?.as_ref().clone();
        table.name = self.to.clone();
        schema.insert(table)
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        let back = Self { from: self.to.clone(), to: self.from.clone() };
        Ok(Inverse::Operations(vec![back.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::RenameTable(next) if next.from == self.to => {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), to: next.to.clone() }.into()
                })
            }
            Operation::DropTable(next) if next.table == self.to => {
                let table = self.from.clone();
                Reduced::To(vec![whimbrel_migration::DropTable { table }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        sql::check_table_name(dialect, &self.to)?;
        let (from, to) = (dialect.quote_name(&self.from), dialect.quote_name(&self.to));
        let looks = |from: &Name, to: &Name| {
            [sql::absent(Object::Table(from.clone())), sql::present(Object::Table(to.clone()))]
        };
        let whole = looks(&self.from, &self.to);
        let renamed = match dialect.rename_table {
            dialect::RenameTable::Statement => {
                vec![Statement::schema(format!("RENAME TABLE {from} TO {to}"), whole)]
            }
            // To SQLite the new name is the old one, and so it is taken.
            dialect::RenameTable::Rename
                if dialect.case == dialect::Case::Ignored
                    && self.from.name.eq_ignore_ascii_case(&self.to.name) =>
            {
                let name = format!("whimbrel_case_{}", self.to.name);
                let between = Name { namespace: self.from.namespace.clone(), name };
                let step = |from: &Name, to: &Name| {
                    let (old, new) = (dialect.quote_name(from), dialect.quote(&to.name));
                    let text = format!("ALTER TABLE {old} RENAME TO {new}");
                    Statement::schema(text, looks(from, to))
                };
                vec![step(&self.from, &between), step(&between, &self.to)]
            }
            dialect::RenameTable::Rename => {
                let text = format!("ALTER TABLE {from} RENAME TO {}", dialect.quote(&self.to.name));
                vec![Statement::schema(text, whole)]
            }
            dialect::RenameTable::RenameAndSetSchema => in_two(self, dialect, looks)?,
        };
        let before = span.before.table(&self.from).map_err(|it| super::unfit(&it))?;
        let after = super::table_after(span, &self.to)?;
        let (mut statements, begins) = sql::renamed_auto_updates(dialect, before, after);
        // A table with triggers can't go into another database (MySQL, error 1435).
        let stays = dialect.rename_table == dialect::RenameTable::Statement;
        let moves = stays && self.from.namespace != self.to.namespace;
        for trigger in span.before.triggers_of(&self.from).filter(|_| moves) {
            statements.extend(sql::drop_routine(dialect, trigger)?);
        }
        statements.extend(renamed);
        for trigger in span.after.triggers_of(&self.to).filter(|_| moves) {
            statements.extend(sql::create_routine(dialect, span.after, trigger)?);
        }
        statements.extend(begins);
        Ok(statements)
    }
}

/// A name and a namespace change by a statement each.
fn in_two(
    rename: &RenameTable,
    dialect: &Dialect,
    looks: impl Fn(&Name, &Name) -> [dialect::Look; 2],
) -> Result<Vec<Statement>, Unsupported> {
    let mut statements = Vec::new();
    let mut now = rename.from.clone();
    if now.name != rename.to.name {
        let next = Name { namespace: now.namespace.clone(), name: rename.to.name.clone() };
        let text = format!(
            "ALTER TABLE {} RENAME TO {}",
            dialect.quote_name(&now),
            dialect.quote(&next.name)
        );
        statements.push(Statement::schema(text, looks(&now, &next)));
        now = next;
    }
    if now.namespace != rename.to.namespace {
        let Some(namespace) = &rename.to.namespace else {
            return Err(Unsupported::new(
                format!("to move `{}` into the connection's own namespace", rename.from),
                "its name isn't known here; name it: qualified(\"public\", …)",
            ));
        };
        let text = format!(
            "ALTER TABLE {} SET SCHEMA {}",
            dialect.quote_name(&now),
            dialect.quote(namespace)
        );
        statements.push(Statement::schema(text, looks(&now, &rename.to)));
    }
    Ok(statements)
}
