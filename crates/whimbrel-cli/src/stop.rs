//! Why a run stopped, as the user sees it: the line of the migration, the database's words, what
//! state things are in, what to do now.

use whimbrel::{
    diagnostic::{Diagnostic, Span},
    execute::Stop,
};

use crate::failure::Failure;

/// How many differences are told.
const LONGEST_LIST: usize = 40;

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        let code = stop.exit_code();
        let (state, hint) = (stop.state(), stop.hint());
        let mut failure = match stop {
            Stop::Unreadable(diagnostics) => Self::texts(code, diagnostics),
            Stop::Step { migration, step, steps, statement, operation, place, error, .. } => {
                let title = format!("migration `{migration}` stopped at step {step} of {steps}");
                let mut failure = placed(code, title, place, error.to_string(), &operation);
                failure.notes.push(format!("the statement was: {}", shortened(&statement)));
                failure.notes.extend(error.detail);
                failure.notes.extend(error.hint.map(|it| format!("the database adds: {it}")));
                failure
            }
            Stop::Late { ref operation, ref place, ref ran, ref other, .. } => {
                placed(code, stop.to_string(), place.clone(), operation.clone(), operation)
                    .note(format!("`{ran}` has run: {other}"))
                    .note("whether they come to the same in this order can't be told")
            }
            Stop::NeedsReview(ref reviews) => {
                let mut failure = Self::new(code, "");
                for it in reviews {
                    let title = format!("`{}` waits for a review", it.migration);
                    match &it.place {
                        Some(place) => failure
                            .diagnostics
                            .push(Diagnostic::error(title).at(place.clone(), it.why.clone())),
                        None => failure.diagnostics.push(Diagnostic::error(title).note(&it.why)),
                    }
                }
                failure.note("nothing has run")
            }
            Stop::NotThere { ref differences, .. } => {
                let mut failure = Self::new(code, stop.to_string());
                failure.notes.extend(differences.iter().take(LONGEST_LIST).cloned());
                if let Some(more) = differences.len().checked_sub(LONGEST_LIST).filter(|it| *it > 0)
                {
                    failure.notes.push(format!("and {more} more differences"));
                }
                failure
            }
            Stop::Trash { ref statement, ref error, .. } => {
                let mut failure = Self::new(code, stop.to_string())
                    .note(format!("the statement was: {}", shortened(statement)));
                failure.notes.extend(error.detail.clone());
                failure
                    .notes
                    .extend(error.hint.iter().map(|it| format!("the database adds: {it}")));
                failure
            }
            Stop::Conflict { migration, operation, place, conflict } => {
                let title = format!("migration `{migration}` does not fit");
                placed(code, title, place, conflict.to_string(), &operation)
            }
            Stop::Unsupported { migration, operation, place, unsupported, .. } => {
                let title = format!("migration `{migration}` can't run on this database");
                placed(code, title, place, unsupported.to_string(), &operation)
            }
            Stop::Undecidable { ref statement, .. }
            | Stop::SessionLost { ref statement, .. }
            | Stop::StillRunning { ref statement, .. } => Self::new(code, stop.to_string())
                .note(format!("the statement is: {}", shortened(statement))),
            Stop::Neither { ref statement, ref object, ref before, ref now, .. } => {
                Self::new(code, stop.to_string())
                    .note(format!("the statement is: {}", shortened(statement)))
                    .note(format!("{object} was: {before}"))
                    .note(format!("{object} is: {now}"))
            }
            Stop::Blocked { ref statement, ref by, ref error, .. } => {
                let mut failure = Self::new(code, stop.to_string());
                failure.notes.push(format!("the statement is: {statement}"));
                failure.notes.push(format!("the database says: {error}"));
                if by.is_empty() {
                    failure.notes.push("the server doesn't tell this role who holds it".to_owned());
                }
                failure.notes.extend(by.iter().map(|it| format!("in the way: {it}")));
                failure
            }
            other => Self::new(code, other.to_string()),
        };
        failure.notes.extend(state);
        failure.hint = hint;
        failure
    }
}

/// A failure that points at an operation in a file, or names the operation where it has no place.
fn placed(code: u8, title: String, place: Option<Span>, why: String, operation: &str) -> Failure {
    match place {
        Some(place) => Failure::texts(code, vec![Diagnostic::error(title).at(place, why)]),
        None => Failure::new(code, format!("{title}: {why}")).note(format!("in: {operation}")),
    }
}

/// The first lines of a statement: enough to recognise it.
fn shortened(statement: &str) -> String {
    const LONGEST: usize = 400;
    let statement = statement.trim();
    if statement.chars().count() <= LONGEST {
        return statement.to_owned();
    }
    let start: String = statement.chars().take(LONGEST).collect();
    format!("{start} …")
}
