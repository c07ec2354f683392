//! How evaluation stops: with a refusal that points at its place, or on its way out of a loop or
//! a function.

use std::sync::Arc;

use proc_macro2::Span as Token;
use syn::spanned::Spanned;

use super::value::Value;
use crate::diagnostic::{Diagnostic, SourceFile, Span};

macro_rules! a_program {
    () => {
        "build the migrations as a program of their own, which takes any Rust: `whimbrel init \
         --package`, then `cargo build --release` in their folder"
    };
}

/// The way out for what only a compiler takes.
pub(super) const A_PROGRAM: &str = a_program!();

/// The ways out for what a migration file can't say.
pub(super) const WAYS_OUT: &str = concat!(
    "write the step as SQL (`whimbrel new NAME --sql`), or write out what the code would come to; or ",
    a_program!()
);

/// Why an expression has no value.
pub(super) enum Stop<'a> {
    Refused(Box<Refusal>),
    Return(Value<'a>),
    Break(Value<'a>),
    Continue,
}

/// A refusal as it is made, before its place is looked up.
pub(super) struct Refusal {
    pub message: String,
    pub label: String,
    pub start: Token,
    pub end: Token,
    pub help: Option<String>,
    pub note: Option<(Token, String)>,
    /// The file, where it isn't the one that is being evaluated.
    pub unit: Option<usize>,
    /// Whether other values would do: a panic in Rust, not a mistake that the compiler finds.
    pub by_value: bool,
}

impl Refusal {
    pub(super) fn new(at: &(impl Spanned + ?Sized), message: impl Into<String>) -> Self {
        let span = at.span();
        Self::between(span, span, message)
    }

    pub(super) fn between(start: Token, end: Token, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            label: String::new(),
            start,
            end,
            help: None,
            note: None,
            unit: None,
            by_value: false,
        }
    }

    /// What no migration file can say.
    pub(super) fn foreign(at: &(impl Spanned + ?Sized), what: &str) -> Self {
        Self::new(at, format!("{what} can't stand in a migration file"))
            .label("not understood")
            .help(WAYS_OUT)
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Other values would do.
    pub(super) fn by_value(mut self) -> Self {
        self.by_value = true;
        self
    }

    pub(super) fn and(mut self, at: Token, label: impl Into<String>) -> Self {
        self.note = Some((at, label.into()));
        self
    }

    /// The refusal with its place in `file`.
    pub(super) fn diagnostic(self, file: &Arc<SourceFile>) -> Diagnostic {
        let label = if self.label.is_empty() { "here".to_owned() } else { with_an(&self.label) };
        let mut diagnostic = Diagnostic::error(with_an(&self.message))
            .at(span(file, self.start, self.end), label)
            .help(self.help.unwrap_or_else(|| WAYS_OUT.to_owned()));
        if let Some((at, label)) = self.note {
            diagnostic = diagnostic.and(span(file, at, at), label);
        }
        diagnostic
    }
}

/// ``a `integer` `` as it is said: ``an `integer` ``.
fn with_an(words: &str) -> String {
    let mut said = String::with_capacity(words.len() + 1);
    let mut rest = words;
    while let Some(at) = rest.find("a `") {
        let is_article = rest[..at].chars().next_back().or(said.chars().next_back());
        let is_article = is_article.is_none_or(|it| it == ' ');
        let sounds_open = rest[at + 3..].starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
        said.push_str(&rest[..at]);
        said.push_str(if is_article && sounds_open { "an `" } else { "a `" });
        rest = &rest[at + 3..];
    }
    said + rest
}

impl From<Refusal> for Stop<'_> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// The bytes from one token to another.
pub(super) fn span(file: &Arc<SourceFile>, start: Token, end: Token) -> Span {
    let length = file.text.len();
    let (first, last) = (start.byte_range(), end.byte_range());
    // The parser gives no place to what is missing at the end.
    if first.is_empty() && first.start == 0 {
        let at = file.text.trim_end().len();
        return Span { file: Arc::clone(file), range: at..at };
    }
    let start = first.start.min(length);
    Span { file: Arc::clone(file), range: start..last.end.clamp(start, length) }
}
