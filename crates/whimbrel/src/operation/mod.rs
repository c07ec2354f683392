//! The steps a migration is made of. Each has a file of its own that says all there is to say of
//! it: what it does to a schema, how it is undone, how it merges with the next, what it puts at
//! stake, which SQL it is. Its data stands in `whimbrel-migration`, in a file of the same name.

mod add_check;
mod add_column;
mod add_enum_value;
mod add_foreign_key;
mod add_index;
mod add_unique;
mod alter_column;
mod alter_primary_key;
mod alter_routine;
mod alter_table;
mod alter_view;
mod backfill;
mod conversion;
mod create_enum;
mod create_namespace;
mod create_routine;
mod create_table;
mod create_view;
mod database_only;
mod drop_check;
mod drop_column;
mod drop_enum;
mod drop_foreign_key;
mod drop_index;
mod drop_named_default;
mod drop_namespace;
mod drop_routine;
mod drop_table;
mod drop_unique;
mod drop_view;
mod enumeration;
mod fitting;
mod folding;
mod ignore_errors;
mod irreversible;
mod named_default;
mod namespace;
mod needs_review;
mod options;
mod parts;
mod recomputed;
mod rename_column;
mod rename_constraint;
mod rename_enum;
mod rename_enum_value;
mod rename_index;
mod rename_table;
mod run;
mod run_sql;
mod set_enum_values;
mod set_named_default;
mod spoken;
mod state_only;
mod table_of;
mod upsert;

pub(crate) use self::fitting::{indexes_column, rests_on_key};
pub use self::folding::{commute, commute_but_for_order, reduce_all};
pub(crate) use self::parts::first_unfit;
pub use self::parts::parts;
pub(crate) use self::run::title_of_undo;
pub(crate) use self::table_of::{subject, table_of};
pub use whimbrel_migration::Operation;

use crate::{
    dialect::Dialect,
    schema::{Conflict, Name, NamedColumn, Schema, Table},
    sql::{Statement, Unsupported},
};

/// The operation as something that can be asked and done: the one place that knows them all.
pub fn as_change(operation: &Operation) -> &dyn Change {
    match operation {
        Operation::CreateTable(it) => it,
        Operation::DropTable(it) => it,
        Operation::RenameTable(it) => it,
        Operation::AlterTable(it) => it,
        Operation::AddColumn(it) => it,
        Operation::DropColumn(it) => it,
        Operation::AlterColumn(it) => it,
        Operation::RenameColumn(it) => it,
        Operation::AddIndex(it) => it,
        Operation::DropIndex(it) => it,
        Operation::RenameIndex(it) => it,
        Operation::AddForeignKey(it) => it,
        Operation::DropForeignKey(it) => it,
        Operation::AddUnique(it) => it,
        Operation::DropUnique(it) => it,
        Operation::AddCheck(it) => it,
        Operation::DropCheck(it) => it,
        Operation::RenameConstraint(it) => it,
        Operation::AlterPrimaryKey(it) => it,
        Operation::CreateEnum(it) => it,
        Operation::RenameEnum(it) => it,
        Operation::RenameEnumValue(it) => it,
        Operation::AddEnumValue(it) => it,
        Operation::SetEnumValues(it) => it,
        Operation::DropEnum(it) => it,
        Operation::CreateNamespace(it) => it,
        Operation::DropNamespace(it) => it,
        Operation::CreateView(it) => it,
        Operation::AlterView(it) => it,
        Operation::DropView(it) => it,
        Operation::CreateRoutine(it) => it,
        Operation::AlterRoutine(it) => it,
        Operation::DropRoutine(it) => it,
        Operation::SetNamedDefault(it) => it,
        Operation::DropNamedDefault(it) => it,
        Operation::Backfill(it) => it,
        Operation::Upsert(it) => it,
        Operation::Run(it) => it,
        Operation::RunSql(it) => it,
        Operation::NeedsReview(it) => it,
        Operation::Irreversible(it) => it,
        Operation::StateOnly(it) => it,
        Operation::DatabaseOnly(it) => it,
        Operation::IgnoreErrors(it) => it,
    }
}

/// What every operation can say of itself.
pub trait Change {
    /// "Add column `email` to `users`", for progress lines and migration names.
    fn describe(&self) -> String;

    /// What is to be said of it beside its statements, where they don't say it all.
    fn remark(&self, _dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        None
    }

    /// Makes the change in a schema, or says why it doesn't fit there and leaves it as it was.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict>;

    /// The operations that take this one back, given the schema it was applied to. What they
    /// can't bring back is rows.
    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict>;

    /// What this operation and the `next` one come to together.
    fn reduce(&self, next: &Operation) -> Reduced;

    /// What may be lost or refused when it runs.
    fn hazard(&self, before: &Schema) -> Option<Hazard>;

    /// What is given up by it, so that somebody has to say that it is meant; in words that follow
    /// [`Self::describe`]: "loses the rows of `users`".
    fn gives_up(&self, before: &Schema) -> Option<String> {
        match self.hazard(before) {
            Some(Hazard::Loses(what)) => Some(format!("loses {what}")),
            Some(Hazard::DependsOnRows(_)) | None => None,
        }
    }

    /// The statements that make the change.
    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported>;
}

/// The schema on either side of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// As the operation finds it.
    pub before: &'a Schema,
    /// As the operation leaves it.
    pub after: &'a Schema,
}

/// How an operation is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// By these operations, in this order.
    Operations(Vec<Operation>),
    /// Nobody has said how: SQL without an undo.
    Unknown,
    /// Not at all, and somebody has said why.
    Impossible(String),
}

/// What two operations in a row come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reduced {
    /// These, instead of the two.
    To(Vec<Operation>),
    /// The two, and either may be moved past the other.
    Commute,
    /// The two, in this order.
    Stand,
}

/// What may be lost or refused when an operation runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// Rows or values are lost: "the rows of `users`".
    Loses(String),
    /// Rows that are there may make the database refuse it: "rows of `users` without `email`".
    DependsOnRows(String),
}

/// Several operations in words.
fn listed(operations: &[Operation]) -> String {
    let words: Vec<String> = operations.iter().map(|it| as_change(it).describe()).collect();
    if words.is_empty() { "Nothing".to_owned() } else { in_a_row(words.iter().map(String::as_str)) }
}

/// What several operations are in words, as one sentence: "Add column `a` to `t`, drop column `b` of
/// `t`".
pub(crate) fn in_a_row<'w>(mut words: impl Iterator<Item = &'w str>) -> String {
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |words, next| {
        let mut letters = next.chars();
        let first = letters.next().map(|it| it.to_lowercase().to_string()).unwrap_or_default();
        format!("{words}, {first}{}", letters.as_str())
    })
}

/// Whether what an operation leaves in the database can't be told from the schema: SQL and code
/// of the user's own, and changes of one of the two only.
pub(crate) fn parts_ways(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Run(_)
            | Operation::RunSql(_)
            | Operation::StateOnly(_)
            | Operation::DatabaseOnly(_)
            | Operation::IgnoreErrors(_)
    )
}

/// Whether an operation is about rows, so that no schema shows whether it has run.
pub(crate) fn writes_rows(operation: &Operation) -> bool {
    matches!(operation, Operation::Upsert(_) | Operation::Backfill(_) | Operation::Run(_))
}

/// Whether an operation runs SQL of the user's own.
pub(crate) fn runs_own_sql(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql(_) => true,
        Operation::DatabaseOnly(it) => it.operations.iter().any(runs_own_sql),
        Operation::IgnoreErrors(it) => it.operations.iter().any(runs_own_sql),
        _ => false,
    }
}

/// The table as an operation leaves it.
fn table_after<'a>(span: Span<'a>, name: &Name) -> Result<&'a Table, Unsupported> {
    span.after.table(name).map_err(|it| unfit(&it))
}

/// The column as an operation leaves it.
fn column_after<'a>(
    span: Span<'a>,
    table: &Name,
    column: &str,
) -> Result<&'a NamedColumn, Unsupported> {
    let found = table_after(span, table)?.columns.iter().find(|it| it.name == column);
    found.ok_or_else(|| unfit(&fitting::missing(table, column)))
}

/// A span whose schemas are not those before and after the operation.
fn unfit(conflict: &Conflict) -> Unsupported {
    Unsupported::new("this operation", conflict.to_string())
}
