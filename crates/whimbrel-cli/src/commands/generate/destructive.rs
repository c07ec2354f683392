//! Operations that lose data: somebody has to say that this is meant.

use whimbrel::{
    diff::{Destructive, destructive},
    operation::Operation,
    schema::Schema,
};

use super::OnDestructive;
use crate::{
    failure::{DECISION, Failure, REFUSED, USAGE},
    ui::Ui,
};

/// Two of the choices need operations that there aren't yet.
pub(super) fn refuse_missing_choices(choice: Option<OnDestructive>) -> Result<(), Failure> {
    let (word, why) = match choice {
        Some(OnDestructive::Review) => {
            ("review", "a migration can't be made to stop `up` until it was looked at")
        }
        Some(OnDestructive::Omit) => {
            ("omit", "a migration can't change the state alone and leave the database as it is")
        }
        Some(OnDestructive::Generate | OnDestructive::Abort) | None => return Ok(()),
    };
    Err(Failure::new(USAGE, format!("`--on-destructive {word}` isn't there yet: {why}"))
        .hint("use `generate` and edit the file, or `abort`"))
}

/// Lets the operations pass, or stops before anything is written.
pub(super) fn decide(
    operations: &[Operation],
    before: &Schema,
    choice: Option<OnDestructive>,
    ui: &mut Ui,
) -> Result<(), Failure> {
    let found = destructive(operations, before)
        .map_err(|it| Failure::new(REFUSED, format!("the operations don't fit: {it}")))?;
    if found.is_empty() || choice == Some(OnDestructive::Generate) {
        return Ok(());
    }
    if choice.is_none() && ui.is_interactive() {
        return ask(&found, ui);
    }
    let mut failure = Failure::new(DECISION, "this would lose data; nothing was written");
    failure.notes.extend(found.iter().map(|it| format!("{} loses {}", it.what, it.loses)));
    if choice.is_none() {
        failure.hint =
            Some("if it is meant, run the command again with `--on-destructive generate`".into());
    }
    Err(failure)
}

fn ask(found: &[Destructive], ui: &mut Ui) -> Result<(), Failure> {
    let choices = [
        "Generate: write it",
        "Review: not there yet",
        "Omit: not there yet",
        "Exit: write nothing",
        "All: write this and all that follow",
    ]
    .map(str::to_owned);
    for it in found {
        loop {
            match ui.choose(&format!("{} loses {}", it.what, it.loses), &choices)? {
                0 => break,
                1 => ui.note("A migration can't be made to wait for a review yet; choose another."),
                2 => ui.note("A migration can't change the state alone yet; choose another."),
                4 => return Ok(()),
                _ => return Err(Failure::new(DECISION, "nothing was written")),
            }
        }
    }
    Ok(())
}
