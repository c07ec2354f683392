//! Statements that would take along what nobody has said: what is there is looked at beforehand.

use super::{
    Stop,
    work::{self, Failed, Journey, Work},
};
use crate::connection::{DatabaseError, Trouble};

/// How many things are named.
const SHOWN: usize = 8;

impl Work<'_, '_> {
    /// Refuses a step that would take something along, before it is said to have begun.
    pub(super) fn spare(&mut self, journey: Journey<'_>, position: usize) -> Result<(), Failed> {
        let Some(query) = &journey.planned.steps[position].statement.spares else { return Ok(()) };
        let rows = self.ask("looking at what would go too", query)?;
        let inside: Vec<String> = rows.into_iter().flatten().flatten().collect();
        if inside.is_empty() {
            return Ok(());
        }
        Err(refused(journey, position, &inside).into())
    }
}

fn refused(journey: Journey<'_>, position: usize, inside: &[String]) -> Stop {
    let mut shown = inside.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if inside.len() > SHOWN {
        shown.push_str(", …");
    }
    let message = format!("it would take along what no migration drops: {shown}");
    let hint = "drop these or move them elsewhere first, and run it again".to_owned();
    let error =
        DatabaseError { hint: Some(hint), ..DatabaseError::new(Trouble::Statement, message) };
    work::refused(journey, position, position, error)
}
