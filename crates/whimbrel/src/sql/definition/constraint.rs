//! A constraint or an index of a table, as an item of its own.

use super::{
    foreign_key::points_at,
    names::{mentions_in_parentheses, same, token_name},
};
use crate::{dialect::Dialect, schema::Name, sql::words::Words};

/// The words that a table's constraint begins with.
pub(super) const CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The words that an index begins with where indexes stand among the columns.
const KEYS: &[&str] = &["KEY", "INDEX", "FULLTEXT", "SPATIAL", "VECTOR"];

pub(super) fn begins_constraint(words: &Words<'_>) -> bool {
    let first = words.peek();
    let key = words.dialect.lexical.keys_in_tables
        && (KEYS.contains(&first.as_str()) || words.next_are(&["PERIOD", "FOR"]));
    key || CONSTRAINTS.contains(&first.as_str())
}

/// A constraint or an index of a table.
#[derive(Clone, Debug)]
pub struct ConstraintItem<'a> {
    pub(super) dialect: &'a Dialect,
    pub(super) text: String,
}

impl ConstraintItem<'_> {
    /// Its text with the space and the comments around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn words(&self) -> Words<'_> {
        Words::new(self.dialect, &self.text)
    }

    /// Whether it is a check.
    pub fn is_check(&self) -> bool {
        self.is(&["CHECK"])
    }

    /// Whether it is the primary key.
    pub fn is_primary_key(&self) -> bool {
        self.is(&["PRIMARY", "KEY"])
    }

    /// Whether these words stand at its beginning, or behind its name.
    pub(super) fn is(&self, wanted: &[&str]) -> bool {
        let mut words = self.words();
        if words.take(&["CONSTRAINT"]) && !words.next_are(wanted) {
            words.at += 1;
        }
        words.next_are(wanted)
    }

    /// The name behind `CONSTRAINT`, or of an index.
    pub fn name(&self) -> Option<String> {
        let mut words = self.words();
        if words.take(&["CONSTRAINT"]) {
            let token = words.rest().first()?;
            return token_name(self.dialect, &self.text, token);
        }
        if !self.dialect.lexical.keys_in_tables {
            return None;
        }
        let special = words.take_one_of(&["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"]);
        if !words.take_one_of(&["KEY", "INDEX"]) && !special {
            return None;
        }
        words.identifier()
    }

    pub(super) fn mentions(&self, column: &str, this: Option<&Name>) -> bool {
        if let Some(key) = self.foreign_key(0) {
            return key.columns.iter().any(|it| same(it, column)) || points_at(&key, this, column);
        }
        let words = self.words();
        // The name of an index may be its column's; what it is over stands in parentheses.
        mentions_in_parentheses(&words, words.rest(), column)
    }
}
