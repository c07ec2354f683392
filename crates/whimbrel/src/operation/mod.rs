//! The steps a migration is made of. Each has a file of its own that says all there is to say of
//! it: what it does to a schema, how it is undone, how it merges with the next, what it puts at
//! stake, which SQL it is. Its data stands in `whimbrel-migration`, in a file of the same name.

pub use whimbrel_migration::Operation;

use crate::{
    dialect::Dialect,
    schema::{Conflict, Schema},
    sql::{Statement, Unsupported},
};

/// What every operation can say of itself.
pub trait Change {
    /// "Add column `email` to `users`", for progress lines and migration names.
    fn describe(&self) -> String;

    /// Makes the change in a schema, or says why it doesn't fit there and leaves it as it was.
    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict>;

    /// The operations that take this one back, given the schema it was applied to. What they
    /// can't bring back is rows.
    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict>;

    /// What this operation and the `next` one come to together.
    fn reduce(&self, next: &Operation) -> Reduced;

    /// What may be lost or refused when it runs.
    fn hazard(&self, before: &Schema) -> Option<Hazard>;

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
