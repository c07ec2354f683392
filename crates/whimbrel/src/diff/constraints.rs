//! Constraints of tables that are no foreign keys: which come and which go.

use whimbrel_migration::{AddCheck, AddUnique, DropCheck, DropUnique};

use crate::{
    operation::Operation,
    schema::{Check, IndexColumn, Name, Table, Unique},
    sql,
};

/// A constraint that comes or goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constraint<'a> {
    Check(&'a Check),
    Unique(&'a Unique),
}

impl<'a> Constraint<'a> {
    /// The constraints of a table.
    pub(super) fn of(table: &'a Table) -> impl Iterator<Item = Self> {
        let uniques = table.uniques.iter().map(Self::Unique);
        uniques.chain(table.checks.iter().map(Self::Check))
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Check(it) => &it.name,
            Self::Unique(it) => &it.name,
        }
    }

    pub(super) fn added_to(self, table: &Name) -> Operation {
        let table = table.clone();
        match self {
            Self::Check(it) => AddCheck { table, check: it.clone() }.into(),
            Self::Unique(it) => AddUnique { table, unique: it.clone() }.into(),
        }
    }

    pub(super) fn dropped_from(self, table: &Name) -> Operation {
        let table = table.clone();
        match self {
            Self::Check(it) => DropCheck { table, check: it.name.clone() }.into(),
            Self::Unique(it) => DropUnique { table, unique: it.name.clone() }.into(),
        }
    }

    /// Whether it speaks of a column.
    pub(super) fn names(self, column: &str) -> bool {
        match self {
            Self::Check(it) => sql::speaks_of(&it.condition, column),
            Self::Unique(it) => it.has(column),
        }
    }

    /// What its index begins with, where it has one.
    pub(super) fn leads(self) -> Option<IndexColumn> {
        match self {
            Self::Check(_) => None,
            Self::Unique(it) => it.columns.first().map(IndexColumn::new),
        }
    }

    /// Whether it is what makes these columns unique.
    pub(super) fn promises(self, columns: &[String]) -> bool {
        match self {
            Self::Check(_) => false,
            Self::Unique(it) => sql::promises(it, columns),
        }
    }
}

/// The constraints of `table` that are not so in `other`.
pub(super) fn missing<'a>(
    table: &'a Table,
    other: &Table,
) -> impl Iterator<Item = (&'a Name, Constraint<'a>)> {
    let is_there = |it: &Constraint<'_>| Constraint::of(other).any(|that| that == *it);
    let missing: Vec<_> = Constraint::of(table).filter(|it| !is_there(it)).collect();
    missing.into_iter().map(|it| (&table.name, it))
}
