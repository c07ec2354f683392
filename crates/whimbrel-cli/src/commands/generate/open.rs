//! What is left open where nobody can be asked: all of it is told at once, with the words that
//! answer it.

use crate::failure::{DECISION, Failure};

/// Questions of one kind that nothing has answered.
pub(super) struct Open {
    /// What they are about: "rows that are there need a value in a new column".
    pub(super) what: &'static str,
    /// The questions, or what would happen, each with the object that it is about.
    pub(super) questions: Vec<(String, String)>,
    /// What to add to the command: "`--value users.age=…`, or …".
    pub(super) ways: String,
}

/// Stops if anything is open.
pub(super) fn closed(mut open: Vec<Open>) -> Result<(), Failure> {
    open.retain(|it| !it.questions.is_empty());
    let what = match open.as_slice() {
        [] => return Ok(()),
        [one] => one.what,
        _ => "only you know what is to become of what is there",
    };
    let mut failure = Failure::new(DECISION, format!("{what}; nothing was written"));
    let ways: Vec<&str> = open.iter().map(|it| it.ways.as_str()).collect();
    failure.hint = Some(match ways.as_slice() {
        [one] => format!("run the command again with {one}"),
        several => format!("run the command again\n  with {}", several.join(";\n  with ")),
    });
    // What is asked of one object stands in one line.
    let mut lines: Vec<(String, String)> = Vec::new();
    for (object, text) in open.into_iter().flat_map(|it| it.questions) {
        match lines.iter_mut().find(|(known, _)| *known == object) {
            Some((_, line)) => {
                line.push(' ');
                line.push_str(&text);
            }
            None => lines.push((object, text)),
        }
    }
    failure.notes.extend(lines.into_iter().map(|(_, line)| line));
    Err(failure)
}
