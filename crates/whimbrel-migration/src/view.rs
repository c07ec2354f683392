//! Views: queries that are read like tables.

use crate::{Name, PerDatabase};

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct View {
    /// Its name.
    pub name: Name,
    /// Its query; an empty text on a database that is to go without.
    pub query: PerDatabase,
    /// Whether its rows are kept, as they were when they were last refreshed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub materialized: bool,
}

impl View {
    /// A view of which nothing else is said.
    pub fn new(name: impl Into<Name>, query: PerDatabase) -> Self {
        Self { name: name.into(), query, materialized: false }
    }
}
