//! Changing what is said of a table itself.

use whimbrel_migration::{AlterTable, TableChange};

use super::{Change, Hazard, Inverse, Operation, Reduced, Span, folding, table_after};
use crate::{
    dialect::Dialect,
    schema::{CommentChange, Conflict, Schema},
    sql::{self, Statement, Unsupported},
};

impl Change for AlterTable {
    fn describe(&self) -> String {
        let mut what = Vec::new();
        if self.change.comment.is_some() {
            what.push("comment");
        }
        if what.is_empty() {
            what.push("nothing");
        }
        format!("Change {} of `{}`", what.join(" and "), self.table)
    }

    fn remark(&self, dialect: &Dialect) -> Option<String> {
        self.change.comment.as_ref()?;
        sql::comments_left_out(dialect, &format!("`{}`", self.table))
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        schema.table_mut(&self.table)?.take(&self.change);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let old = before.table(&self.table)?;
        let change = TableChange {
            comment: self.change.comment.as_ref().map(|_| CommentChange::to(old.comment.as_ref())),
        };
        Ok(Inverse::Operations(vec![Self { change, ..self.clone() }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::AlterTable(next) if next.table == self.table => {
                let change = folding::both_of_table(&self.change, &next.change);
                Reduced::To(vec![Self { change, ..self.clone() }.into()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
        let after = table_after(span, &self.table)?;
        let [was, is] = [before, after].map(|it| sql::kept_comment(dialect, it.comment.as_ref()));
        let comment = if was == is { None } else { sql::comment_on_table(dialect, after)? };
        Ok(comment.into_iter().collect())
    }
}
