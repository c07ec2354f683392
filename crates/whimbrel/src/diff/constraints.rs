//! Constraints of tables that are no foreign keys: which come and which go.

use whimbrel_migration::{AddCheck, DropCheck};

use crate::{
    operation::Operation,
    schema::{Check, Name, Table},
    sql,
};

/// A constraint that comes or goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constraint<'a> {
    Check(&'a Check),
}

impl<'a> Constraint<'a> {
    /// The constraints of a table.
    pub(super) fn of(table: &'a Table) -> impl Iterator<Item = Self> {
        table.checks.iter().map(Self::Check)
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Check(it) => &it.name,
        }
    }

    pub(super) fn added_to(self, table: &Name) -> Operation {
        let table = table.clone();
        match self {
            Self::Check(it) => AddCheck { table, check: it.clone() }.into(),
        }
    }

    pub(super) fn dropped_from(self, table: &Name) -> Operation {
        let table = table.clone();
        match self {
            Self::Check(it) => DropCheck { table, check: it.name.clone() }.into(),
        }
    }

    /// Whether it speaks of a column.
    pub(super) fn names(self, column: &str) -> bool {
        match self {
            Self::Check(it) => sql::speaks_of(&it.condition, column),
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
