//! What one statement touches, whether it may stand in a transaction, and how to tell afterwards
//! that it ran: read from its words alone.
//!
//! What isn't understood is `Unknown`, never guessed.

mod schema;
mod setting;
#[cfg(test)]
mod tests;
mod verdict;

use self::verdict::{Verdict, verdict};
use super::{
    Kind, Statement, Transaction,
    leaving::{Leaving, Left, leaving},
    lexer::TokenKind,
    statement::Body,
    words::Words,
};
use crate::dialect::{Dialect, Look};

/// What is known of a statement from its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// What it touches.
    pub kind: Kind,
    /// Whether it may stand in a transaction.
    pub transaction: Transaction,
    /// How to tell from the catalog that it has had its effect; empty where nobody can.
    pub looks: Vec<Look>,
    /// What it leaves in the session.
    pub leaves: Vec<Left>,
    /// Whether that may be something else when it is said again.
    pub varies: bool,
    /// Its first words, for people. Strings are left out: they may be secrets.
    pub described: String,
}

impl Classified {
    /// The statement of which this is known.
    pub fn into_statement(self, text: impl Into<String>) -> Statement {
        Statement {
            body: Body::Text(text.into()),
            kind: self.kind,
            transaction: self.transaction,
            looks: self.looks,
            done_when: None,
            after_commit: false,
            leaves: self.leaves,
            varies: self.varies,
            lenient: false,
            spares: None,
        }
    }
}

/// Reads one statement, without its semicolon.
pub fn classify(dialect: &Dialect, text: &str) -> Classified {
    let words = Words::new(dialect, text);
    let described = describe(&words);
    let executable = words.tokens.iter().any(|it| it.kind == TokenKind::ExecutableComment);
    let bare = if executable { without_marks(&words) } else { String::new() };
    let (verdict, leaving) = if executable {
        // Which of it a server reads depends on its version, so nothing is to be looked at.
        let words = Words::new(dialect, &bare);
        (Verdict { looks: Vec::new(), ..verdict(words.clone()) }, leaving(words))
    } else {
        (verdict(words.clone()), leaving(words))
    };
    let Verdict { kind, transaction, looks } = verdict;
    let Leaving { left: leaves, varies } = leaving;
    Classified { kind, transaction, looks, leaves, varies, described }
}

/// The statement as a server reads it that is new enough for every `/*!99999 … */` in it.
fn without_marks(words: &Words<'_>) -> String {
    let mut text = words.source.to_owned();
    for token in words.tokens.iter().rev().filter(|it| it.kind == TokenKind::ExecutableComment) {
        let inner = token.text(words.source).trim_start_matches(['/', '*', 'M', '!']);
        let inner = inner.trim_start_matches(|it: char| it.is_ascii_digit());
        let inner = inner.strip_suffix("*/").unwrap_or(inner);
        text.replace_range(token.range(), &format!(" {inner} "));
    }
    text
}

/// Whether a statement does nothing where things are already as it wants them: `IF NOT EXISTS`,
/// `IF EXISTS`, `OR REPLACE`.
pub fn is_guarded(dialect: &Dialect, text: &str) -> bool {
    let words = Words::new(dialect, text);
    let pair = |one: &str, other: &str| {
        words.tokens.windows(2).any(|it| it[0].is_word(text, one) && it[1].is_word(text, other))
    };
    pair("IF", "NOT") || pair("IF", "EXISTS") || pair("OR", "REPLACE")
}

/// Whether a statement gives something another name and does nothing else: not `CHANGE`, which
/// says a column anew.
pub fn only_renames(dialect: &Dialect, text: &str) -> bool {
    let words = Words::new(dialect, text);
    words.any("RENAME") && !words.any("CHANGE") && !is_guarded(dialect, text)
}

/// How many characters of a statement are shown.
const SHOWN: usize = 60;

/// `CREATE TABLE users …`
fn describe(words: &Words<'_>) -> String {
    let mut shown = String::new();
    let mut end = None;
    for token in &words.tokens {
        let string = matches!(token.kind, TokenKind::String | TokenKind::DollarString);
        let text = token.text(words.source);
        if string || text == "(" || shown.chars().count() + text.chars().count() > SHOWN {
            shown.push_str(" …");
            return shown.trim_start().to_owned();
        }
        if end.is_some_and(|it| it != token.start) {
            shown.push(' ');
        }
        shown.push_str(text);
        end = Some(token.end);
    }
    shown
}
