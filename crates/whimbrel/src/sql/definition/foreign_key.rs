//! Foreign keys in a definition: constraints of their own, and clauses of a column.

use super::{
    ConstraintItem, Item, ItemBody, TableDefinition,
    names::{names_in_parentheses, same, same_all, take_name, token_name},
};
use crate::{
    schema::{Deferral, ForeignKey, Name},
    sql::words::Words,
};

/// A foreign key that a definition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundForeignKey {
    /// Its name, where it was given one.
    pub name: Option<String>,
    /// The columns that point.
    pub columns: Vec<String>,
    /// The table they point at.
    pub table: Name,
    /// The columns they point at; empty for the primary key.
    pub references: Vec<String>,
    /// When it is looked at.
    pub deferral: Deferral,
    pub(super) item: usize,
    /// Which of the column's clauses it is; `None` for a constraint of the table.
    pub(super) clause: Option<usize>,
}

impl TableDefinition<'_> {
    /// The foreign keys, those of columns too.
    pub fn foreign_keys(&self) -> Vec<FoundForeignKey> {
        let of = |(item, it): (usize, &Item<'_>)| match &it.body {
            ItemBody::Constraint(constraint) => constraint.foreign_key(item).into_iter().collect(),
            ItemBody::Column(column) => column.foreign_keys(item),
        };
        self.items.iter().enumerate().flat_map(of).collect()
    }

    /// The foreign key that `wanted` is: by its name, or without one by what points where.
    ///
    /// `target` are the columns that it points at, for a key that names none.
    pub fn foreign_key(&self, wanted: &ForeignKey, target: &[String]) -> Option<FoundForeignKey> {
        let found = self.foreign_keys();
        let named =
            found.iter().find(|it| it.name.as_ref().is_some_and(|it| same(it, &wanted.name)));
        let references = if wanted.references.is_empty() { target } else { &wanted.references };
        let alike = |it: &&FoundForeignKey| {
            it.name.is_none()
                && same_all(&it.columns, &wanted.columns)
                && same(&it.table.name, &wanted.table.name)
                && (it.references.is_empty() || same_all(&it.references, references))
        };
        named.or_else(|| found.iter().find(alike)).cloned()
    }

    /// The text of a foreign key that stands by itself and not in a column's definition.
    pub fn foreign_key_text(&self, key: &FoundForeignKey) -> Option<&str> {
        let item = self.items.get(key.item).filter(|_| key.clause.is_none())?;
        Some(item.body.text().trim())
    }

    /// Takes a foreign key out that was found in this definition as it stands.
    pub fn remove_foreign_key(&mut self, key: &FoundForeignKey) {
        match (key.clause, self.items.get_mut(key.item).map(|it| &mut it.body)) {
            (Some(clause), Some(ItemBody::Column(column))) => column.remove_clause(clause),
            (None, Some(ItemBody::Constraint(_))) => self.remove(key.item),
            _ => {}
        }
    }
}

impl ConstraintItem<'_> {
    pub(super) fn foreign_key(&self, item: usize) -> Option<FoundForeignKey> {
        let mut words = self.words();
        let mut name = None;
        if words.take(&["CONSTRAINT"]) && !words.next_are(&["FOREIGN"]) {
            name = token_name(self.dialect, &self.text, words.rest().first()?);
            words.at += 1;
        }
        if !words.take(&["FOREIGN", "KEY"]) {
            return None;
        }
        while !words.at_end() && !words.next_is('(') {
            words.at += 1;
        }
        let columns = names_in_parentheses(&mut words);
        let (table, references) = words.take(&["REFERENCES"]).then(|| target(&mut words))??;
        let deferral = deferral(&words);
        Some(FoundForeignKey { name, columns, table, references, deferral, item, clause: None })
    }
}

/// Whether the key points at this column of the table it stands in.
pub(super) fn points_at(key: &FoundForeignKey, this: Option<&Name>, column: &str) -> bool {
    this.is_some_and(|it| same(&it.name, &key.table.name))
        && key.references.iter().any(|it| same(it, column))
}

/// What stands behind `REFERENCES`.
pub(super) fn target(words: &mut Words<'_>) -> Option<(Name, Vec<String>)> {
    let first = take_name(words)?;
    let table = if words.take_symbol('.') {
        Name { namespace: Some(first), name: take_name(words)? }
    } else {
        Name::new(first)
    };
    Some((table, names_in_parentheses(words)))
}

/// What stands behind a foreign key's target of when it is looked at; only what is deferrable can
/// be deferred (SQLite, "Deferred Foreign Key Constraints").
pub(super) fn deferral(words: &Words<'_>) -> Deferral {
    let mut words = words.clone();
    while !words.at_end() && !words.next_are(&["NOT"]) && !words.next_are(&["DEFERRABLE"]) {
        words.at += 1;
    }
    if !words.take(&["DEFERRABLE"]) {
        return Deferral::Never;
    }
    if words.take(&["INITIALLY", "DEFERRED"]) { Deferral::Deferred } else { Deferral::Allowed }
}
