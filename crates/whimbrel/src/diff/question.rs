//! Questions that only the user can answer: whether something that is gone is something that is new.

use std::fmt;

use crate::schema::Name;

/// Something that may get another name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
    /// An index of a table.
    Index(Name, String),
    /// An enum.
    Enum(Name),
    /// A value of an enum.
    EnumValue(Name, String),
}

/// Whether something that is gone has only got another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is gone; a renamed table or enum that it is part of by its new name.
    pub subject: Subject,
    /// What it may have become, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// What something may have become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is new, of the same kind.
    pub subject: Subject,
    /// How much they are alike, from 0 to 100.
    pub score: u32,
    /// Why it may be: "same type".
    pub reasons: Vec<String>,
}

impl Subject {
    /// The table or the enum that it is, or is a part of.
    pub fn whole(&self) -> &Name {
        match self {
            Self::Table(it) | Self::Column(it, _) | Self::Index(it, _) => it,
            Self::Enum(it) | Self::EnumValue(it, _) => it,
        }
    }

    /// Its name, where it is only a part of something.
    pub fn part(&self) -> Option<&str> {
        match self {
            Self::Column(_, it) | Self::Index(_, it) | Self::EnumValue(_, it) => Some(it),
            Self::Table(_) | Self::Enum(_) => None,
        }
    }

    /// Its name, without that of what it is a part of.
    pub fn name(&self) -> &str {
        self.part().unwrap_or(&self.whole().name)
    }

    /// What answers call it: `users`, `users.name`.
    pub fn place(&self) -> String {
        match self.part() {
            Some(part) => format!("{}.{part}", self.whole()),
            None => self.whole().to_string(),
        }
    }

    /// Whether something goes with it that rows hold.
    pub fn holds_values(&self) -> bool {
        matches!(self, Self::Table(_) | Self::Column(..))
    }
}

impl fmt::Display for Subject {
    /// "column `name` of `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "table `{table}`"),
            Self::Column(table, column) => write!(f, "column `{column}` of `{table}`"),
            Self::Index(table, index) => write!(f, "index `{index}` of `{table}`"),
            Self::Enum(name) => write!(f, "enum `{name}`"),
            Self::EnumValue(name, value) => write!(f, "value `{value}` of enum `{name}`"),
        }
    }
}

impl Question {
    /// The question about `subject`; `None` where there is nothing that it may be.
    pub(super) fn about(subject: Subject, mut candidates: Vec<Candidate>) -> Option<Self> {
        // The sort is stable: of equally likely ones the one declared first stays first.
        candidates.sort_by_key(|it| std::cmp::Reverse(it.score));
        (!candidates.is_empty()).then_some(Self { subject, candidates })
    }

    /// The word that says yes: `--rename users.name=display_name`.
    pub fn rename_flag(&self, candidate: &Candidate) -> String {
        let to = match candidate.subject.part() {
            Some(part) => part.to_owned(),
            None => candidate.subject.whole().to_string(),
        };
        quoted(&format!("--rename {}={to}", self.subject.place()))
    }

    /// The word that says no: `--drop users.name`.
    pub fn drop_flag(&self) -> String {
        quoted(&format!("--drop {}", self.subject.place()))
    }

    /// What says yes in the schema's source: "`renamed_from: name` at `display_name`".
    pub fn hint(&self, candidate: &Candidate) -> String {
        let (from, to) = (self.subject.name(), candidate.subject.name());
        match &candidate.subject {
            Subject::EnumValue(name, _) => {
                format!("`{{name: {to}, renamed_from: {from}}}` among the values of `{name}`")
            }
            _ => format!("`renamed_from: {from}` at `{to}`"),
        }
    }
}

/// A flag as a shell takes it.
fn quoted(flag: &str) -> String {
    let (word, answer) = flag.split_once(' ').unwrap_or((flag, ""));
    let plain = |it: char| it.is_alphanumeric() || "._=-/+:".contains(it);
    if answer.chars().all(plain) {
        flag.to_owned()
    } else {
        format!("{word} '{}'", answer.replace('\'', "'\\''"))
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "was {} renamed?", self.subject)?;
        for candidate in &self.candidates {
            let name = candidate.subject.name();
            write!(f, "\n  it may be `{name}` now: {}", candidate.reasons.join(", "))?;
            write!(f, "\n    yes: `{}`", self.rename_flag(candidate))?;
            write!(f, ", or {} in the schema", self.hint(candidate))?;
        }
        let with_it = if self.subject.holds_values() { " with what it holds" } else { "" };
        write!(f, "\n  no, it is gone{with_it}: `{}`", self.drop_flag())
    }
}
