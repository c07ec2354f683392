//! Running SQL of the user's own.

use whimbrel_migration::{RunSql, Script, StateOnly, Undo};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, listed};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for RunSql {
    fn describe(&self) -> String {
        if let Some(state) = changes(self) {
            return format!("{}, by SQL of your own", listed(&state.operations));
        }
        let up = &self.script.up;
        let text = up.otherwise.as_deref().or(up.texts.first().map(|(_, it)| it.as_str()));
        let mut words = text.unwrap_or_default().split_whitespace();
        let head: Vec<&str> = words.by_ref().take(6).collect();
        let more = if words.next().is_some() { " …" } else { "" };
        format!("Run `{}{more}`", head.join(" "))
    }

    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        changes(self).map(|_| self.describe())
    }

    /// The schema is taken to stay as it is, unless somebody has said what changes.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        changes(self).map_or(Ok(()), |it| it.apply(schema))
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let state = match changes(self).map(|it| it.inverse(before)) {
            None => None,
            Some(Ok(Inverse::Operations(state))) => Some(inner(state)),
            Some(other) => return other,
        };
        Ok(match (&self.script.undo, state) {
            (Undo::Unknown, None) => Inverse::Unknown,
            // Nobody has said how, and what it changed is known: that is taken back.
            (Undo::Unknown, Some(state)) => Inverse::Operations(state),
            (Undo::Nothing, None) => Inverse::Operations(vec![]),
            (Undo::Nothing, Some(operations)) => {
                Inverse::Operations(vec![StateOnly { operations }.into()])
            }
            (Undo::Sql(undo), state) => {
                let undone = Undo::Sql(self.script.up.clone());
                let state = state.or_else(|| self.script.state.clone());
                let script = Script { undo: undone, state, ..Script::of(undo.clone()) };
                Inverse::Operations(vec![Self { script }.into()])
            }
        })
    }

    /// Nobody knows what it reads and writes beside, so it stays where it is.
    fn reduce(&self, _next: &Operation) -> Reduced {
        Reduced::Stand
    }

    /// What its changes of the schema put at stake.
    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let mut schema = before.clone();
        let mut hazards = Vec::new();
        for operation in self.script.state.iter().flatten() {
            let change = super::as_change(operation);
            hazards.extend(change.hazard(&schema));
            change.apply(&mut schema).ok()?;
        }
        let lost = hazards.iter().position(|it| matches!(it, Hazard::Loses(_))).unwrap_or(0);
        hazards.into_iter().nth(lost)
    }

    fn sql(&self, dialect: &Dialect, _span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        match dialect.text(&self.script.up) {
            Some(text) => {
                let mut statements = sql::script(dialect, text)?;
                if let (Some(first), Some(queries)) =
                    (statements.first_mut(), &self.script.done_when)
                {
                    first.done_when = dialect.text(queries).map(ToOwned::to_owned);
                }
                Ok(statements)
            }
            None => Err(Unsupported::new(
                self.describe(),
                format!(
                    "it has no text for {}; add one for `{}`, an empty one if there is nothing \
                     to do",
                    dialect.product, dialect.name
                ),
            )),
        }
    }
}

/// What it changes of the schema, where somebody has said so and it is something.
fn changes(run: &RunSql) -> Option<StateOnly> {
    let operations = run.script.state.clone().filter(|it| !it.is_empty())?;
    Some(StateOnly { operations })
}

/// The operations that stand under a word that keeps them from the database.
fn inner(operations: Vec<Operation>) -> Vec<Operation> {
    let open = |it| match it {
        Operation::StateOnly(it) => it.operations,
        other => vec![other],
    };
    operations.into_iter().flat_map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::POSTGRES;
    use whimbrel_migration::{Migration, bigint, changes, integer, sql, table};

    fn schema() -> Schema {
        Schema::from_iter([table("users").column("id", bigint().primary_key())])
    }

    fn one(script: Script) -> Operation {
        Migration::first().run_sql(script).operations.remove(0)
    }

    fn back(operation: &Operation, before: &Schema) -> (Vec<Operation>, Vec<String>) {
        let mut after = before.clone();
        let change = super::super::as_change(operation);
        change.apply(&mut after).expect("it fits");
        let Ok(Inverse::Operations(back)) = change.inverse(before) else {
            panic!("it can be taken back");
        };
        let mut texts = Vec::new();
        for operation in &back {
            let mut next = after.clone();
            let change = super::super::as_change(operation);
            change.apply(&mut next).expect("it fits");
            let span = Span { before: &after, after: &next };
            for statement in change.sql(&POSTGRES, span).expect("it can be said") {
                texts.push(format!("{:?}", statement.body));
            }
            after = next;
        }
        assert_eq!(after, *before, "the schema is what it was");
        (back, texts)
    }

    #[test]
    fn what_is_said_of_its_effect_is_what_the_schema_follows() {
        let add = || changes().add_column("users", "age", integer());
        let up = || sql("ALTER TABLE users ADD age integer");
        let (_, texts) = back(&one(up().state(add())), &schema());
        assert_eq!(texts.len(), 1);
        assert!(texts[0].contains(r#"DROP COLUMN \"age\""#), "{texts:?}");
        let (_, texts) = back(&one(up().undo("DROP IT").state(add())), &schema());
        assert!(texts.len() == 1 && texts[0].contains("DROP IT"), "{texts:?}");
        let (operations, texts) = back(&one(up().undo_nothing().state(add())), &schema());
        assert!(texts.is_empty(), "{texts:?}");
        assert!(matches!(operations[..], [Operation::StateOnly(_)]), "{operations:?}");
    }

    #[test]
    fn of_sql_that_changes_no_schema_nobody_knows_the_way_back() {
        let operation = one(sql("UPDATE users SET id = 1").state(changes()));
        let change = super::super::as_change(&operation);
        assert_eq!(change.inverse(&schema()), Ok(Inverse::Unknown));
        assert_eq!(change.describe(), "Run `UPDATE users SET id = 1`");
        let (back, _) = back(&one(sql("SELECT 1").undo("SELECT 2").state(changes())), &schema());
        let Operation::RunSql(back) = &back[0] else { panic!("{back:?}") };
        assert_eq!(back.script.state, Some(vec![]), "that the schema stays holds both ways");
    }

    #[test]
    fn what_it_loses_is_known() {
        let dropped =
            one(sql("DROP TABLE users").undo_nothing().state(changes().drop_table("users")));
        let change = super::super::as_change(&dropped);
        assert!(matches!(change.hazard(&schema()), Some(Hazard::Loses(_))));
        let refused = change.apply(&mut Schema::default());
        assert!(matches!(refused, Err(Conflict::TableMissing { .. })), "{refused:?}");
    }
}
