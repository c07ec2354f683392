//! Steps that are passed over because the migration says so: what they make is there already, or
//! what they drop is not there. Told loudly, and never anything else that a database refuses.

use super::{
    Event,
    work::{Journey, Sight, Work},
};
use crate::{
    connection::DatabaseError,
    dialect::{After, Dialect, Existence},
    schema::Name,
    sql::{self, Statement},
};

/// What a run has passed over.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// How many steps.
    pub steps: usize,
    /// The tables that they are about: what differs there is not this run's work.
    pub tables: Vec<Name>,
}

/// Whether a refusal says no more than that what the statement makes is there already, or that what
/// it changes or drops isn't there.
pub(super) fn is_passed(dialect: &Dialect, statement: &Statement, error: &DatabaseError) -> bool {
    if !statement.lenient {
        return false;
    }
    let makes = |present: bool| {
        let fits = |it: &crate::dialect::Look| (it.after == After::Present) == present;
        statement.looks.is_empty() || statement.looks.iter().any(fits)
    };
    match (dialect.existence)(error) {
        Some(Existence::There) => makes(true),
        Some(Existence::Missing) => makes(false),
        None => false,
    }
}

/// Whether nothing is there of what a statement changes or drops.
pub(super) fn is_missing(statement: &Statement, sight: &Sight) -> bool {
    statement.lenient
        && !statement.looks.is_empty()
        && statement.looks.iter().all(|it| {
            it.after != After::Present
                && sight.get(&it.object.to_string()).is_none_or(Vec::is_empty)
        })
}

impl Work<'_, '_> {
    /// Tells that a step is passed over, and remembers what it was about.
    pub(super) fn pass_over(&mut self, journey: Journey<'_>, position: usize, why: String) {
        let statement = &journey.planned.steps[position].statement;
        let tables = sql::tables_named(self.dialect(), statement);
        self.passed.steps += 1;
        self.passed.tables.extend(tables);
        self.say(Event::PassedOver {
            migration: journey.name.to_owned(),
            step: position + 1,
            operation: journey.planned.operation(position),
            why,
        });
    }
}
