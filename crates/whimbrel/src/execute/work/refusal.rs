//! What is told where the database refuses: which step, where it is written, what stays.

use super::{Failed, Journey};
use crate::{
    connection::{DatabaseError, Trouble},
    diagnostic::Span,
    execute::{Step, Stop},
    sql::{self, Body, Statement},
};

/// Something that is no step was refused, while `doing` this.
pub(in crate::execute) fn database(doing: &str, error: DatabaseError) -> Stop {
    Stop::Database { doing: doing.to_owned(), error }
}

/// A step was refused whose text was written down when it was its turn. The table that only a
/// rebuild knows is told by the name that the user gave it.
pub(super) fn refused_text(
    journey: Journey<'_>,
    position: usize,
    rolled_back_to: usize,
    text: &str,
    error: DatabaseError,
) -> Stop {
    let message = error.message.replace(sql::FRESH, "");
    let error = DatabaseError { message, ..error };
    let mut stop = refused(journey, position, rolled_back_to, error);
    if let Stop::Step { statement, .. } = &mut stop {
        text.clone_into(statement);
    }
    stop
}

/// A step was refused; the steps before `rolled_back_to` stay.
pub(in crate::execute) fn refused(
    journey: Journey<'_>,
    position: usize,
    rolled_back_to: usize,
    error: DatabaseError,
) -> Stop {
    let step = &journey.planned.steps[position];
    Stop::Step {
        migration: journey.name.to_owned(),
        direction: journey.direction,
        step: position + 1,
        steps: journey.planned.steps.len(),
        kept: rolled_back_to,
        statement: text_of(&step.statement),
        operation: journey.planned.operation(position),
        place: place_of(journey, step),
        rows: journey.planned.refused_for(position),
        error,
    }
}

/// A mark that can't be set, because it is set already, means that another run was faster.
pub(in crate::execute) fn mark_refused(error: DatabaseError) -> Failed {
    match error.trouble {
        Trouble::Data => Failed::Overtaken(error),
        _ => database("noting what is about to happen", error).into(),
    }
}

/// The text of a statement, for a mark or an error; a live one has none yet.
pub(in crate::execute) fn text_of(statement: &Statement) -> String {
    match &statement.body {
        Body::Text(text) => text.clone(),
        Body::Batches(change) => {
            format!("-- sets {} in `{}`, in batches of {}", change.set, change.table, change.size)
        }
        Body::Live(change) => format!("-- changes table {} as it stands", change.table),
        Body::Code(code) => code.in_words(),
    }
}

/// Where a step is written: its own text where the operation's place holds it once, the operation
/// otherwise.
fn place_of(journey: Journey<'_>, step: &Step) -> Option<Span> {
    let place = journey.places.get(step.operation).cloned().flatten()?;
    let Body::Text(text) = &step.statement.body else { return Some(place) };
    let text = text.trim();
    let written = place.file.text.get(place.range.clone()).unwrap_or_default();
    let mut found = written.match_indices(text);
    match (found.next(), found.next()) {
        (Some((at, _)), None) if !text.is_empty() => {
            let start = place.range.start + at;
            Some(Span { range: start..start + text.len(), ..place })
        }
        _ => Some(place),
    }
}
