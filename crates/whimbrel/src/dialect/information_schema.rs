//! How the databases that say what they are in `information_schema` differ in what they say there.

use crate::connection::Version;

/// Expressions and queries over MySQL's `information_schema`, where its relatives have their own.
#[derive(Clone, Copy, Debug)]
pub struct InformationSchema {
    /// Over `COLUMNS`: what stands behind `DEFAULT` of a column, `ON UPDATE` included, or null.
    pub default: &'static str,
    /// A column that holds an expression, as SQL that could be written again.
    pub expression: fn(&str) -> String,
    /// Over `COLUMNS`: the spatial reference system of a column, or null.
    pub reference_system: &'static str,
    /// Over `STATISTICS`: the expression that is indexed in place of a column, or null.
    pub indexed: &'static str,
    /// Over `STATISTICS`: the word that hides an index from the optimizer, or null.
    pub hidden_index: &'static str,
    /// Over `ROUTINES`: the language of a routine that isn't written in SQL, or null.
    pub language: &'static str,
    /// Over `VIEWS`: the algorithm that a view asks for, or null.
    pub algorithm: &'static str,
    /// The columns and the source of a query for checks: the table, the name, the column that it
    /// belongs to, the condition, and what stands behind it. Its condition is on the schema named
    /// `t.CONSTRAINT_SCHEMA`.
    pub checks: &'static str,
    /// Whether `JSON` is a text with a check that it is JSON.
    pub json_is_text: bool,
    /// Since which version periods of time are listed, if they are.
    pub periods: Option<Version>,
}
