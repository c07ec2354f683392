//! What is there in a live database: the schema, and beside it all that the schema has no word for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Name, Schema, View};

/// What a view is called.
pub(crate) const VIEW: &str = "view";

/// What a view is called whose rows are kept.
pub(crate) const MATERIALIZED_VIEW: &str = "materialized view";

/// What was found in a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the schema has words for.
    pub schema: Schema,
    /// How the database keeps the views, triggers, functions and procedures of the schema.
    pub kept: Vec<Opaque>,
    /// The rest, ordered by table, kind and name: shown, compared by its text and kept, never
    /// dropped in silence.
    pub opaque: Vec<Opaque>,
}

/// Something in a database that the schema has no word for, or the part of it that has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Opaque {
    /// The table that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Name>,
    /// What it is, in the user's words: "view", "trigger", "check constraint", "enum type".
    pub kind: String,
    /// Its name; that of the column where it says something of a column.
    pub name: Name,
    /// Its definition, as the database writes it.
    pub definition: String,
    /// The tables, types and functions that it needs, as far as the catalog says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Name>,
}

impl Found {
    /// What was found, in its order.
    pub fn new(schema: Schema, mut opaque: Vec<Opaque>) -> Self {
        opaque.sort();
        let kind = |view: &View| if view.materialized { MATERIALIZED_VIEW } else { VIEW };
        let is_view = |it: &Opaque| {
            it.table.is_none() && schema.views.get(&it.name).is_some_and(|of| it.kind == kind(of))
        };
        let (kept, opaque) = opaque.into_iter().partition(is_view);
        Self { schema, kept, opaque }
    }
}

impl Opaque {
    /// Something that stands for itself: a view, a type, a function.
    pub fn new(kind: &str, name: Name, definition: impl Into<String>) -> Self {
        let (kind, definition) = (kind.to_owned(), definition.into());
        Self { table: None, kind, name, definition, depends_on: Vec::new() }
    }

    /// Something that belongs to a table, or says something of one of its columns.
    pub fn of_table(
        kind: &str,
        table: &Name,
        name: impl Into<String>,
        definition: impl Into<String>,
    ) -> Self {
        Self { table: Some(table.clone()), ..Self::new(kind, Name::new(name), definition) }
    }
}

impl fmt::Display for Opaque {
    /// "trigger `log_it` of `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if !self.name.name.is_empty() {
            write!(f, " `{}`", self.name)?;
        }
        match &self.table {
            Some(table) => write!(f, " of `{table}`"),
            None => Ok(()),
        }
    }
}
