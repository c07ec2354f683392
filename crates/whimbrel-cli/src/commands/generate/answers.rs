//! What only the user knows about renames: said by flags, by the schema, or when asked.

use std::cmp::Ordering;

use whimbrel::{
    diff::{self, Answers, Question, Unresolved},
    operation::Operation,
    schema::Schema,
    source::Declared,
};

use super::said::Said;
use crate::{
    failure::{DECISION, Failure, REFUSED},
    ui::Ui,
};

/// The operations from `before` to what is declared, once every question has its answer.
pub(super) fn settle(
    said: &Said,
    before: &Schema,
    declared: &Declared,
    ui: &mut Ui,
) -> Result<Vec<Operation>, Failure> {
    let mut answers = said.answers(before, declared)?;
    loop {
        let unresolved = match diff::diff(before, &declared.schema, &answers) {
            Ok(operations) => return Ok(operations),
            Err(unresolved) => unresolved,
        };
        match unresolved.questions.first() {
            Some(question) if unresolved.refusals.is_empty() && ui.is_interactive() => {
                ask(question, &mut answers, ui)?;
            }
            _ => return Err(open(&unresolved)),
        }
    }
}

fn ask(question: &Question, answers: &mut Answers, ui: &mut Ui) -> Result<(), Failure> {
    let mut choices: Vec<String> = question
        .candidates
        .iter()
        .map(|it| format!("It is `{}` now ({})", it.subject.name(), it.reasons.join(", ")))
        .collect();
    let holds = question.subject.holds_values();
    let gone = if holds { "It is gone, with what it holds" } else { "It is gone" };
    choices.push(gone.to_owned());
    choices.push("Exit: write nothing".to_owned());
    let choice = ui.choose(&format!("What became of {}?", question.subject), &choices)?;
    match choice.cmp(&question.candidates.len()) {
        Ordering::Less => answers.accept(question, choice),
        Ordering::Equal => answers.refuse(question),
        Ordering::Greater => return Err(Failure::new(DECISION, "nothing was written")),
    }
    Ok(())
}

/// Without a terminal: everything that is open, with the very words that answer it.
fn open(unresolved: &Unresolved) -> Failure {
    let mut failure = if unresolved.questions.is_empty() {
        Failure::new(REFUSED, "the schema asks for what can't be done")
    } else {
        Failure::new(DECISION, "only you know what was renamed; nothing was written")
            .hint("run the command again with one of these flags for each question")
    };
    failure.notes.extend(unresolved.refusals.iter().map(ToString::to_string));
    failure.notes.extend(unresolved.questions.iter().map(ToString::to_string));
    failure
}
