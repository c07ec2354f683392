//! From one schema to another, as operations, with questions where only the user knows.
//!
//! What differs is taken apart into the smallest changes, each knows which others must come
//! before it, and a stable sort puts them in order; see `order.rs`. Whatever looks like a rename
//! and was not answered is asked, and never dropped and added in silence; see `rename.rs`.

mod answers;
mod changes;
mod constraints;
mod destructive;
mod enumerations;
mod namespaces;
mod order;
mod question;
mod rename;
mod routines;
mod views;

use std::{collections::BTreeMap, fmt};

pub use self::{
    answers::{
        Answers, ColumnRename, EnumRename, EnumValueRename, IndexRename, NotRenamed, Origin,
        TableRename,
    },
    destructive::{Choice, Destructive, decided, destructive, is_filled},
    question::{Candidate, Question, Subject},
};

use crate::{
    operation::Operation,
    schema::{ForeignKey, Index, NamedColumn, Options, Schema, Table},
};

/// The operations that lead from `before` to `after`, in an order in which each finds what it
/// needs; or what has to be answered or changed first.
///
/// Both schemas are resolved: no column has the type `KeyOf`. The same schemas and answers give
/// the same operations, whatever order their tables were declared in. The order of columns,
/// indexes and keys within a table is no difference.
pub fn diff(
    before: &Schema,
    after: &Schema,
    answers: &Answers,
) -> Result<Vec<Operation>, Unresolved> {
    let (renamed, mut unresolved) = rename::settle(before, after, answers);
    let changes = changes::Changes::between(&renamed.schema, after, &mut unresolved.refusals);
    if !unresolved.is_empty() {
        return Err(unresolved);
    }
    let views = views::around(before, after, &renamed.operations, &changes);
    let routines = routines::around(before, after, &renamed.operations, &changes, &views.first);
    let mut operations = namespaces::created(before, after);
    operations.extend_from_slice(&routines.first);
    operations.extend(views.first);
    operations.extend_from_slice(&renamed.operations);
    operations.extend(order::ordered(&changes));
    operations.extend(views.last);
    routines.put_into(&mut operations);
    operations.extend(namespaces::dropped(before, after));
    operations.iter_mut().for_each(enumerations::by_name);
    Ok(operations)
}

/// What stands between two schemas and the operations that lead from one to the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unresolved {
    /// What only the user knows.
    pub questions: Vec<Question>,
    /// What can't be done, and answers that answer nothing.
    pub refusals: Vec<Refusal>,
}

impl Unresolved {
    fn is_empty(&self) -> bool {
        self.questions.is_empty() && self.refusals.is_empty()
    }
}

impl fmt::Display for Unresolved {
    /// Refusals first, then questions, a paragraph each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusals = self.refusals.iter().map(ToString::to_string);
        let all: Vec<String> =
            refusals.chain(self.questions.iter().map(ToString::to_string)).collect();
        f.write_str(&all.join("\n\n"))
    }
}

impl std::error::Error for Unresolved {}

/// Something that can't be done, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What can't be done, and why.
    pub message: String,
    /// What to do instead.
    pub help: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

/// Whether two schemas are the same but for the order of columns, keys and indexes within their
/// tables, for how the texts of views, triggers, functions and procedures are laid out, and for whether a
/// foreign key names the columns of the primary key it points at.
pub fn equivalent(one: &Schema, other: &Schema) -> bool {
    one.defaults == other.defaults
        && one.enums == other.enums
        && one.namespaces == other.namespaces
        && routines::all_same(one, other)
        && one.views.len() == other.views.len()
        && one.views.values().zip(other.views.values()).all(|(it, that)| views::same(it, that))
        && one.tables().len() == other.tables().len()
        && one
            .tables()
            .zip(other.tables())
            .all(|(it, that)| Parts::of(one, it) == Parts::of(other, that))
}

/// A table without the order of its parts.
#[derive(PartialEq)]
struct Parts<'a> {
    name: &'a crate::schema::Name,
    primary_key: &'a [String],
    comment: Option<&'a String>,
    options: &'a Options,
    columns: BTreeMap<&'a str, &'a NamedColumn>,
    foreign_keys: BTreeMap<&'a str, ForeignKey>,
    indexes: BTreeMap<&'a str, &'a Index>,
    constraints: BTreeMap<&'a str, constraints::Constraint<'a>>,
}

impl<'a> Parts<'a> {
    fn of(schema: &Schema, table: &'a Table) -> Self {
        let keys = table.foreign_keys.iter();
        Self {
            name: &table.name,
            primary_key: &table.primary_key,
            comment: table.comment.as_ref(),
            options: &table.options,
            columns: table.columns.iter().map(|it| (it.name.as_str(), it)).collect(),
            foreign_keys: keys.map(|it| (it.name.as_str(), explicit(schema, it))).collect(),
            indexes: table.indexes.iter().map(|it| (it.name.as_str(), it)).collect(),
            constraints: constraints::Constraint::of(table).map(|it| (it.name(), it)).collect(),
        }
    }
}

/// A foreign key that names the columns it points at.
fn explicit(schema: &Schema, key: &ForeignKey) -> ForeignKey {
    ForeignKey { references: targets(schema, key).to_vec(), ..key.clone() }
}

/// Whether a foreign key of one schema and one of another are the same, whether or not they name
/// the columns they point at.
fn same_key((before, one): (&Schema, &ForeignKey), (after, other): (&Schema, &ForeignKey)) -> bool {
    (one == other && targets(before, one) == targets(after, other))
        || explicit(before, one) == explicit(after, other)
}

/// The columns a foreign key points at; those it names where its target isn't there.
fn targets<'a>(schema: &'a Schema, key: &'a ForeignKey) -> &'a [String] {
    schema.target_columns(key).unwrap_or(&key.references)
}
