//! Operations as a file in SQL: what they change in a `state` section, and the statements that make
//! and unmake it on the databases at hand.
//!
//! It is written without a database, so what only a database can say is refused with the way out.

use std::sync::Arc;

use whimbrel_migration::{Irreversible, Migration, NeedsReview, StateOnly};

use super::{header::header, parse};
use crate::{
    diagnostic::SourceFile,
    dialect::{AlterColumn, Dialect},
    migration::format::rust::{NoSiblings, print_changes},
    operation::{Inverse, Operation, Span, as_change},
    schema::Schema,
    sql::{self, Body, Statement, TableEdit, Transaction},
};

/// A migration in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The text of its file.
    pub text: String,
    /// What it says, read back.
    pub migration: Migration,
    /// What is to be known of it, in sentences.
    pub notes: Vec<String>,
}

/// Why operations can't be said in SQL beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// What can't: "change of `users`".
    pub what: String,
    /// Why not.
    pub because: String,
}

impl Unwritable {
    fn new(what: impl Into<String>, because: impl Into<String>) -> Self {
        Self { what: what.into(), because: because.into() }
    }
}

/// The file that makes the changes of `migration`, which comes to `before`, on each of `dialects`:
/// one part for all where it is one database, one for each where they are several. `title` says in a
/// sentence what it does. The same input gives the same bytes.
///
/// # Errors
///
/// An operation that has no words in SQL, or whose statements only a database can tell.
pub fn print(
    migration: &Migration,
    before: &Schema,
    dialects: &[&'static Dialect],
    title: &str,
) -> Result<Printed, Unwritable> {
    let operations = Operations::of(migration)?;
    let mut notes = Vec::new();
    let mut text = format!("{}-- {title}\n", header(&one_of_each(migration)));
    if !operations.state.is_empty() {
        text.push_str("-- whimbrel: state\n");
        for line in print_changes(&operations.state) {
            text.push_str(format!("--   {line}").trim_end());
            text.push('\n');
        }
    }
    if operations.state.is_empty() {
        return read_back(text, migration, &operations, Vec::new(), notes);
    }
    if operations.run.iter().all(Option::is_none) {
        // Nothing runs: the state alone follows, there and back.
        text.push_str("-- whimbrel: up\n");
        return read_back(text, migration, &operations, Vec::new(), notes);
    }
    let section = |word: &str, dialect: &Dialect| match dialects {
        [_] => format!("-- whimbrel: {word}\n"),
        _ => format!("-- whimbrel: {word} {}\n", dialect.name),
    };
    let mut ups = Vec::new();
    for dialect in dialects {
        let statements = operations.up(before, dialect)?;
        notes.extend(restated(&statements, dialect));
        text.push_str(&section("up", dialect));
        text.extend(statements.iter().map(Written::text));
        text.push('\n');
        ups.push((*dialect, statements));
    }
    let is_irreversible =
        migration.operations.iter().any(|it| matches!(it, Operation::Irreversible(_)));
    if !is_irreversible {
        let downs: Result<Vec<_>, _> =
            dialects.iter().map(|it| Ok((*it, operations.down(before, it)?))).collect();
        match downs {
            Ok(downs) => {
                for (dialect, statements) in downs {
                    text.push_str(&section("down", dialect));
                    text.extend(statements.iter().map(Written::text));
                    text.push('\n');
                }
            }
            // What runs for nothing on the way up would run on the way down.
            Err(why) if operations.run.iter().any(Option::is_none) => return Err(why),
            Err(why) => notes.push(format!(
                "there is no `down` section ({}); `down` takes back what the `state` section says",
                why.because
            )),
        }
    }
    let text = format!("{}\n", text.trim_end());
    read_back(text, migration, &operations, ups, notes)
}

/// The most changes of a file of which it is found out which of them run.
const MOST_PARTED: usize = 8;

/// The migration from which [`print()`] wrote this text, and the title of that, if it did so for these
/// databases and nobody has changed the text since.
pub fn written_from(
    file: &Arc<SourceFile>,
    before: &Schema,
    dialects: &[&'static Dialect],
) -> Option<(Migration, String)> {
    let (read, diagnostics) = parse(file, &NoSiblings);
    if !diagnostics.is_empty() {
        return None;
    }
    let text = file.text.replace("\r\n", "\n");
    let title = text.lines().find(|it| !it.to_ascii_lowercase().starts_with("-- whimbrel:"))?;
    let title = title.strip_prefix("-- ")?;
    let said = read.migration().0;
    let whole = said
        .operations
        .iter()
        .filter(|it| matches!(it, Operation::NeedsReview(_) | Operation::Irreversible(_)));
    let whole: Vec<Operation> = whole.cloned().collect();
    let changes = read.state.map(|it| it.operations).unwrap_or_default();
    // Only the statements tell which of the changes are to be known and run nothing: all of them or
    // none, or as it comes out the same.
    let all = (1_u64 << changes.len().min(MOST_PARTED)) - 1;
    let known = [0, u64::MAX].into_iter().chain(1..all);
    for known in known {
        let mut operations = whole.clone();
        for (position, change) in changes.iter().enumerate() {
            let runs = known == 0 || (known != u64::MAX && known >> position.min(63) & 1 == 0);
            operations.push(if runs {
                change.clone()
            } else {
                StateOnly { operations: vec![change.clone()] }.into()
            });
        }
        let migration = Migration { operations, ..said.clone() };
        if print(&migration, before, dialects, title).is_ok_and(|it| it.text == text) {
            return Some((migration, title.to_owned()));
        }
    }
    None
}

/// The operations of a migration, as a file in SQL says them.
struct Operations {
    /// What changes of the schema.
    state: Vec<Operation>,
    /// Of each of these, what of it runs; `None` for what is to be known only.
    run: Vec<Option<Operation>>,
}

impl Operations {
    fn of(migration: &Migration) -> Result<Self, Unwritable> {
        let mut all = Self { state: Vec::new(), run: Vec::new() };
        for operation in &migration.operations {
            let what = || as_change(operation).describe();
            let refuse = |because: &str| Err(Unwritable::new(what(), because));
            match operation {
                Operation::NeedsReview(_) | Operation::Irreversible(_) => {}
                Operation::StateOnly(it) => {
                    all.state.extend(it.operations.iter().cloned());
                    all.run.extend(it.operations.iter().map(|_| None));
                }
                Operation::Backfill(_) => {
                    return refuse("its rows change in batches, each in a transaction of its own");
                }
                Operation::IgnoreErrors(_) => {
                    return refuse("SQL has no word for passing over what is there already");
                }
                Operation::Upsert(_)
                | Operation::Run(_)
                | Operation::RunSql(_)
                | Operation::DatabaseOnly(_) => {
                    return refuse("it is no change of the schema alone");
                }
                change => {
                    all.state.push(change.clone());
                    all.run.push(Some(change.clone()));
                }
            }
        }
        Ok(all)
    }

    fn up(&self, before: &Schema, dialect: &Dialect) -> Result<Vec<Written>, Unwritable> {
        let steps = self.state.iter().zip(&self.run);
        written(steps.map(|(state, run)| (state.clone(), run.is_some())), before, dialect)
    }

    fn down(&self, before: &Schema, dialect: &Dialect) -> Result<Vec<Written>, Unwritable> {
        let mut schema = before.clone();
        let mut undone = Vec::new();
        for (operation, run) in self.state.iter().zip(&self.run) {
            let change = as_change(operation);
            let unfit = |why: String| Unwritable::new(change.describe(), why);
            match change.inverse(&schema).map_err(|it| unfit(it.to_string()))? {
                Inverse::Operations(back) => undone.push((back, run.is_some())),
                Inverse::Impossible(why) => return Err(unfit(why)),
                Inverse::Unknown => return Err(unfit("nobody knows how it is undone".to_owned())),
            }
            change.apply(&mut schema).map_err(|it| unfit(it.to_string()))?;
        }
        let steps = undone.into_iter().rev();
        let steps = steps.flat_map(|(back, runs)| back.into_iter().map(move |it| (it, runs)));
        written(steps, &schema, dialect)
    }
}

/// A statement with the schemas between which it stands.
struct Written {
    statement: Statement,
    before: Schema,
    after: Schema,
    texts: Vec<String>,
}

impl Written {
    /// It as it stands in a file: with a semicolon at its end.
    fn text(&self) -> String {
        let mut script = String::new();
        for text in self.texts.iter().map(|it| it.trim()) {
            script.push_str(text);
            script.push_str(if text.ends_with(';') { "\n" } else { ";\n" });
        }
        script
    }
}

/// The statements of these operations, as far as they run, joined as a plan joins them.
fn written(
    operations: impl Iterator<Item = (Operation, bool)>,
    before: &Schema,
    dialect: &Dialect,
) -> Result<Vec<Written>, Unwritable> {
    let mut schema = before.clone();
    let mut all: Vec<Written> = Vec::new();
    let mut refuses = false;
    for (operation, runs) in operations {
        let change = as_change(&operation);
        let unfit = |why: String| Unwritable::new(change.describe(), why);
        let mut after = schema.clone();
        change.apply(&mut after).map_err(|it| unfit(it.to_string()))?;
        if runs {
            let span = Span { before: &schema, after: &after };
            let statements = change.sql(dialect, span).map_err(|it| unfit(it.to_string()))?;
            if let ([one], Some(last)) = (statements.as_slice(), all.last_mut())
                && let Some(both) = sql::at_once(dialect, &last.statement, one, refuses)
            {
                last.statement = both;
                last.after = after.clone();
            } else {
                refuses = false;
                let new = |statement| {
                    let (before, after) = (schema.clone(), after.clone());
                    Written { statement, before, after, texts: Vec::new() }
                };
                all.extend(statements.into_iter().map(new));
            }
            refuses |= change.hazard(&schema).is_some();
        }
        schema = after;
    }
    for it in &mut all {
        it.texts = texts(it, dialect)?;
    }
    Ok(all)
}

/// What a statement is in SQL, by what the migrations know.
fn texts(written: &Written, dialect: &Dialect) -> Result<Vec<String>, Unwritable> {
    let statement = &written.statement;
    let without_keys = statement.transaction == Transaction::WithoutForeignKeys;
    match &statement.body {
        Body::Text(text) if without_keys => Err(Unwritable::new(
            format!("`{text}`"),
            "foreign keys are looked at only when all of it is done, which a file can't ask for",
        )),
        Body::Text(text) => Ok(vec![text.clone()]),
        Body::Live(change) => {
            let what = format!("change of table `{}`", change.table);
            if without_keys || dialect.alter_column == AlterColumn::Rebuild {
                return Err(Unwritable::new(
                    what,
                    format!(
                        "{} builds the table anew for it, from what the table is in the database \
                         when it runs",
                        dialect.product
                    ),
                ));
            }
            let is_of_columns = |it: &TableEdit| {
                matches!(
                    it,
                    TableEdit::AlterColumn { .. }
                        | TableEdit::AddColumn { .. }
                        | TableEdit::RenameColumn { .. }
                )
            };
            if !change.edits.iter().all(is_of_columns) {
                return Err(Unwritable::new(
                    what,
                    format!(
                        "which indexes {} has made for foreign keys is seen only in the database",
                        dialect.product
                    ),
                ));
            }
            // What the operation itself has added before stands in the schema behind it.
            let texts = sql::offline(dialect, &written.before, statement)
                .or_else(|why| sql::offline(dialect, &written.after, statement).map_err(|_| why));
            texts.map_err(|it| Unwritable::new(what, it.to_string()))
        }
        Body::Batches(_) => Err(Unwritable::new("change of rows", "it runs in batches")),
        Body::Code(_) => Err(Unwritable::new("code", "it runs only in whimbrel")),
    }
}

/// What is to be known where a column is said again, whole.
fn restated(statements: &[Written], dialect: &Dialect) -> Vec<String> {
    let restates = |it: &&Written| matches!(it.statement.body, Body::Live(_));
    let changes = statements.iter().filter(restates).filter_map(|it| match &it.statement.body {
        Body::Live(change) => Some(format!(
            "on {} the columns of `{}` that change are written whole, as the migrations know them",
            dialect.product, change.table
        )),
        _ => None,
    });
    let mut notes: Vec<String> = changes.collect();
    notes.dedup();
    notes
}

/// A directive says one thing: several that are to be looked at are put into one.
fn one_of_each(migration: &Migration) -> Migration {
    let line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut reviews: Vec<String> = Vec::new();
    let mut others = Vec::new();
    for operation in &migration.operations {
        match operation {
            Operation::NeedsReview(it) => reviews.push(line(&it.why)),
            Operation::Irreversible(it) => {
                others.push(Irreversible { why: line(&it.why) }.into());
            }
            _ => {}
        }
    }
    let review = (!reviews.is_empty()).then(|| NeedsReview { why: reviews.join("; ") }.into());
    Migration { operations: review.into_iter().chain(others).collect(), ..migration.clone() }
}

/// The other side of the border: what is written says what was meant.
fn read_back(
    text: String,
    meant: &Migration,
    operations: &Operations,
    ups: Vec<(&'static Dialect, Vec<Written>)>,
    notes: Vec<String>,
) -> Result<Printed, Unwritable> {
    let lost = |what: &str| {
        let because = "it reads back as something else, which is a mistake in whimbrel; please \
                       report it with the schema that led to it";
        Unwritable::new(what, because)
    };
    let (file, diagnostics) = parse(&SourceFile::new("migration.sql", &*text), &NoSiblings);
    if !diagnostics.is_empty() {
        return Err(lost("the file"));
    }
    let (migration, _) = file.migration();
    let state = file.state.map(|it| it.operations).unwrap_or_default();
    if state != operations.state || migration.parents != meant.parents {
        return Err(lost("its `state` section"));
    }
    for (dialect, statements) in ups {
        let scripts = migration.operations.iter().filter_map(|it| match it {
            Operation::RunSql(it) => dialect.text(&it.script.up),
            _ => None,
        });
        let script: String = scripts.collect();
        let read = sql::script(dialect, &script).map_err(|_| lost("its statements"))?;
        let read = read.iter().map(|it| match &it.body {
            Body::Text(text) => text.trim(),
            _ => "",
        });
        let meant = statements.iter().flat_map(|it| &it.texts);
        if !read.eq(meant.map(|it| it.trim().trim_end_matches(';'))) {
            return Err(lost("its statements"));
        }
    }
    Ok(Printed { text, migration, notes })
}
