//! Changes that give something up: somebody has to say what is to be done about each.

use std::str::FromStr;

use whimbrel::{
    diagnostic::did_you_mean,
    diff::{Choice, Destructive, decided, destructive},
    operation::Operation,
    schema::Schema,
};

use super::{open::Open, said::Said};
use crate::{
    failure::{DECISION, Failure, REFUSED, USAGE},
    ui::Ui,
};

/// `--on-destructive`: a choice for all changes that give something up, or for one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnDestructive {
    /// The one that it is for, as the questions call it: `users.legacy`.
    pub(crate) object: Option<String>,
    /// The choice; `None` to write nothing.
    pub(crate) choice: Option<Choice>,
}

/// The words for the choices, on the command line and in an answers file.
const WORDS: [(&str, Option<Choice>); 7] = [
    ("generate", Some(Choice::Generate)),
    ("all", Some(Choice::Generate)),
    ("review", Some(Choice::Review)),
    ("omit", Some(Choice::Omit)),
    ("ignore-errors", Some(Choice::IgnoreErrors)),
    ("abort", None),
    ("exit", None),
];

/// The choice that a word stands for.
pub(crate) fn choice(word: &str) -> Result<Option<Choice>, String> {
    let found = WORDS.iter().find(|(it, _)| *it == word).map(|(_, choice)| *choice);
    found.ok_or_else(|| {
        let words =
            "`generate` (or `all`), `review`, `omit`, `ignore-errors` or `abort` (or `exit`)";
        match did_you_mean(word, WORDS.iter().map(|(it, _)| *it)) {
            Some(near) => {
                format!("there is no choice `{word}`, only {words}; did you mean `{near}`?")
            }
            None => format!("there is no choice `{word}`, only {words}"),
        }
    })
}

impl FromStr for OnDestructive {
    type Err = String;

    /// `omit`, or `users.legacy=omit`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.rsplit_once('=') {
            Some((object, word)) => {
                Ok(Self { object: Some(object.trim().to_owned()), choice: choice(word.trim())? })
            }
            None => Ok(Self { object: None, choice: choice(text)? }),
        }
    }
}

/// The operations with each change that gives something up made as it was chosen, or the end before
/// anything is written. What was `answered`, or is asked about the operation at one of `places`, is
/// no question here.
pub(super) fn decide(
    operations: Vec<Operation>,
    before: &Schema,
    said: &Said,
    (answered, places): (&[String], &[usize]),
    ui: &mut Ui,
) -> Result<(Vec<Operation>, Open), Failure> {
    let found = found(&operations, before)?;
    answers_something(&found, said)?;
    let is_asked = |it: &Destructive| {
        !answered.contains(&it.object) && !it.positions.iter().all(|it| places.contains(it))
    };
    let found: Vec<Destructive> = found.into_iter().filter(is_asked).collect();
    let mut choices = Vec::with_capacity(found.len());
    let (mut open, mut refused) = (Vec::new(), Vec::new());
    for it in &found {
        match said.choice(&it.object) {
            Some(OnDestructive { choice: Some(choice), .. }) => choices.push(*choice),
            Some(OnDestructive { choice: None, .. }) => refused.push(it),
            // Where nobody can be asked nothing is written; until then it is taken as meant.
            None => {
                open.push(it);
                choices.push(Choice::Generate);
            }
        }
    }
    if !refused.is_empty() {
        return Err(listed(refused));
    }
    if !open.is_empty() && ui.is_interactive() {
        choices = ask(&found, said, ui)?;
        open.clear();
    }
    Ok((decided(operations, &found, &choices), unanswered(&open)))
}

fn found(operations: &[Operation], before: &Schema) -> Result<Vec<Destructive>, Failure> {
    destructive(operations, before)
        .map_err(|it| Failure::new(REFUSED, format!("the operations don't fit: {it}")))
}

/// Refuses choices for what these operations don't give up.
pub(super) fn all_asked(
    operations: &[Operation],
    before: &Schema,
    said: &Said,
) -> Result<(), Failure> {
    answers_something(&found(operations, before)?, said)
}

/// A choice for what isn't asked is a mistake, or is out of date.
fn answers_something(found: &[Destructive], said: &Said) -> Result<(), Failure> {
    let is_asked = |object: &String| found.iter().any(|it| it.object == *object);
    let Some(object) = said.chosen_for().find(|it| !is_asked(it)) else {
        return Ok(());
    };
    let mut failure = Failure::new(
        USAGE,
        format!("there is a choice for `{object}`, and nothing of that name gives anything up"),
    )
    .note("nothing was written");
    failure.notes.extend(found.iter().map(|it| format!("asked is `{}`: {it}", it.object)));
    let near = did_you_mean(object, found.iter().map(|it| it.object.as_str()));
    failure.hint = near.map(|it| format!("did you mean `{it}`?"));
    Err(failure)
}

fn listed(found: Vec<&Destructive>) -> Failure {
    let message = "`abort` was chosen for what this would give up; nothing was written";
    let mut failure = Failure::new(DECISION, message);
    failure.notes.extend(found.into_iter().map(ToString::to_string));
    failure
}

fn unanswered(open: &[&Destructive]) -> Open {
    let one = open.first().map(|it| it.object.as_str()).unwrap_or_default();
    Open {
        what: "this would give up what is there",
        questions: open.iter().map(|it| (it.object.clone(), it.to_string())).collect(),
        ways: format!(
            "`--on-destructive generate` if it is meant, `review` if somebody has to look before it \
             runs, or `omit` if the migrations are to forget it and the database is to stay as it \
             is; `--on-destructive {one}=omit` says it of one alone"
        ),
    }
}

/// Asks about each change of which nothing was said.
fn ask(found: &[Destructive], said: &Said, ui: &mut Ui) -> Result<Vec<Choice>, Failure> {
    let mut of_rest = None;
    let mut choices = Vec::with_capacity(found.len());
    for (position, it) in found.iter().enumerate() {
        let choice = match (said.choice(&it.object).and_then(|it| it.choice), of_rest) {
            (Some(choice), _) | (_, Some(choice)) => choice,
            _ => {
                let rest = found.len() - position;
                let (choice, is_for_all) = question(&it.to_string(), rest, ui)?;
                if is_for_all {
                    of_rest = Some(choice);
                }
                choice
            }
        };
        choices.push(choice);
    }
    Ok(choices)
}

/// The choices in the order in which they are shown.
const SHOWN: [(&str, Choice); 4] = [
    ("Generate: write it", Choice::Generate),
    ("Review: write it, and `up` waits until somebody has looked", Choice::Review),
    ("Omit: the migrations forget it, and the database stays as it is", Choice::Omit),
    ("Ignore errors: write it, passed over where it is not there", Choice::IgnoreErrors),
];

/// One question, and whether the answer is for all that are left. Whoever only presses Enter writes
/// nothing.
fn question(text: &str, rest: usize, ui: &mut Ui) -> Result<(Choice, bool), Failure> {
    const EXIT: &str = "Exit: write nothing";
    let mut shown: Vec<String> = SHOWN.iter().map(|(words, _)| (*words).to_owned()).collect();
    if rest > 1 {
        shown.push(format!("All: the same for this and the {} that follow …", rest - 1));
    }
    shown.push(EXIT.to_owned());
    let exit = shown.len() - 1;
    let answer = ui.choose_with(text, &shown, exit)?;
    if let Some((_, choice)) = SHOWN.get(answer) {
        return Ok((*choice, false));
    }
    if answer < exit {
        let mut shown: Vec<String> = SHOWN.iter().map(|(words, _)| (*words).to_owned()).collect();
        shown.push(EXIT.to_owned());
        let answer = ui.choose_with(&format!("All {rest}"), &shown, shown.len() - 1)?;
        if let Some((_, choice)) = SHOWN.get(answer) {
            return Ok((*choice, true));
        }
    }
    Err(Failure::new(DECISION, "nothing was written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_for_all_or_for_one() {
        let read = |text: &str| text.parse::<OnDestructive>();
        let (object, choice) = (Some("users.legacy".to_owned()), Some(Choice::Omit));
        assert_eq!(read("users.legacy=omit"), Ok(OnDestructive { object, choice }));
        assert_eq!(read("exit"), Ok(OnDestructive { object: None, choice: None }));
        assert_eq!(read("all").map(|it| it.choice), Ok(Some(Choice::Generate)));
        assert!(read("").is_err() && read("users=").is_err() && read("yes").is_err());
        assert!(read("genrate").is_err_and(|it| it.ends_with("did you mean `generate`?")));
    }
}
