//! Running SQL of the user's own.

use whimbrel_migration::{RunSql, Script, Undo};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span};
use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for RunSql {
    fn describe(&self) -> String {
        let up = &self.script.up;
        let text = up.otherwise.as_deref().or(up.texts.first().map(|(_, it)| it.as_str()));
        let mut words = text.unwrap_or_default().split_whitespace();
        let head: Vec<&str> = words.by_ref().take(6).collect();
        let more = if words.next().is_some() { " …" } else { "" };
        format!("Run `{}{more}`", head.join(" "))
    }

    /// The schema is taken to stay as it is.
    fn apply(&self, _schema: &mut Schema) -> Result<(), Conflict> {
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(match &self.script.undo {
            Undo::Unknown => Inverse::Unknown,
            Undo::Nothing => Inverse::Operations(vec![]),
            Undo::Sql(undo) => {
                let up = undo.clone();
                let script =
                    Script { up, undo: Undo::Sql(self.script.up.clone()), done_when: None };
                Inverse::Operations(vec![Self { script }.into()])
            }
        })
    }

    /// Nobody knows what it reads and writes, so it stays where it is.
    fn reduce(&self, _next: &Operation) -> Reduced {
        Reduced::Stand
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
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
