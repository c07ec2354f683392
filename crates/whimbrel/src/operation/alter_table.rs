//! Changing what is said of a table itself.

use whimbrel_migration::{AlterTable, TableChange};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, folding,
    options::{check_names, check_options, foreign, names},
    table_after,
};
use crate::{
    dialect::{Dialect, SayOptions},
    schema::{CommentChange, Conflict, Database, NamedColumn, Schema, Setting},
    sql::{self, Statement, Unsupported},
};

impl Change for AlterTable {
    fn describe(&self) -> String {
        let mut what = Vec::new();
        if self.change.comment.is_some() {
            what.push("comment");
        }
        what.extend(names(&self.change.options));
        if what.is_empty() {
            what.push("nothing");
        }
        format!("Change {} of `{}`", what.join(" and "), self.table)
    }

    fn remark(&self, dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        let comment = self.change.comment.as_ref();
        let comment =
            comment.and_then(|_| sql::comments_left_out(dialect, &format!("`{}`", self.table)));
        let foreign = foreign(&self.change.options, dialect, &format!("`{}`", self.table));
        let remarks = [comment, foreign, rewritten(self, dialect)];
        remarks.into_iter().flatten().reduce(|all, it| format!("{all}\n{it}"))
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_names(&self.table, &self.change.options)?;
        let mut after = schema.table(&self.table)?.clone();
        after.take(&self.change);
        check_options(&after)?;
        schema.table_mut(&self.table)?.take(&self.change);
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let old = before.table(&self.table)?;
        let change = TableChange {
            comment: self.change.comment.as_ref().map(|_| CommentChange::to(old.comment.as_ref())),
            options: self.change.options.back_to(&old.options),
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

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        if let Some(columns) = recollated(self, before) {
            return Some(Hazard::DependsOnRows(format!(
                "values of {columns} in `{}` on MySQL and MariaDB that its new character set has no \
                 signs for, or that are the same by its new collation",
                self.table
            )));
        }
        let strict = self.change.options.iter().any(|it| it == STRICT);
        strict.then(|| {
            Hazard::DependsOnRows(format!(
                "rows of `{}` on SQLite that hold values of other types than their columns say",
                self.table
            ))
        })
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let (old, table) = (before.get(&self.table)?, &self.table);
        let mut given_up = Vec::new();
        for (database, name, to) in self.change.options.iter() {
            let was = old.options.get(database, name);
            match (name, was, to) {
                ("unlogged", None, Some(_)) => given_up.push(format!(
                    "loses that the rows of `{table}` outlive a crash of the server"
                )),
                ("engine", was, Some(Setting::Text(to)))
                    if is_usual(was) && !is_usual(Some(&Setting::Text(to.clone()))) =>
                {
                    given_up.push(format!(
                        "loses that a change of rows of `{table}` can be taken back, unless {to} \
                         has transactions"
                    ));
                }
                _ => {}
            }
        }
        (!given_up.is_empty()).then(|| given_up.join(", and "))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
        let after = table_after(span, &self.table)?;
        let [was, is] = [before, after].map(|it| sql::kept_comment(dialect, it.comment.as_ref()));
        let comment = if was == is { None } else { sql::comment_on_table(dialect, after)? };
        sql::check_recollated(dialect, span.after, before, after)?;
        sql::check_ties(dialect, span.after, after)?;
        let options = sql::change_options(dialect, before, after)?;
        Ok(comment.into_iter().chain(options).collect())
    }
}

/// The columns that follow their table's collation where that changes.
fn recollated(alter: &AlterTable, before: &Schema) -> Option<String> {
    let says = |it: &str| matches!(it, "collation" | "charset");
    alter.change.options.iter().find(|(_, name, _)| says(name))?;
    let follows =
        |it: &&NamedColumn| it.column.collation.is_none() && sql::holds_text(&it.column.data_type);
    let columns = before.get(&alter.table)?.columns.iter().filter(follows);
    let columns: Vec<String> = columns.map(|it| format!("`{}`", it.name)).collect();
    (!columns.is_empty()).then(|| columns.join(", "))
}

/// What makes values fit their columns' types from then on.
const STRICT: (Database, &str, Option<&Setting>) =
    (Database::Sqlite, "strict", Some(&Setting::Flag(true)));

/// Whether an engine is the usual one.
fn is_usual(engine: Option<&Setting>) -> bool {
    match engine {
        Some(Setting::Text(it)) => it.eq_ignore_ascii_case("InnoDB"),
        _ => true,
    }
}

/// That a table is written anew, which keeps everybody else waiting.
fn rewritten(change: &AlterTable, dialect: &Dialect) -> Option<String> {
    let own = change.change.options.iter().filter(|it| dialect.databases.contains(&it.0));
    let heavy: Vec<&str> =
        own.map(|(_, name, _)| name).filter(|it| dialect.rewrites_for(it)).collect();
    (!heavy.is_empty()).then(|| {
        format!(
            "`{}` is written anew for {}, and nobody else {} it meanwhile",
            change.table,
            heavy.join(", "),
            if dialect.table_options.said == SayOptions::Parameters {
                "reads or writes"
            } else {
                "writes to"
            }
        )
    })
}
