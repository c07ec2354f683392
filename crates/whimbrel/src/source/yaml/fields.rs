//! Taking a mapping apart by its keys, strictly: what isn't known is said, with what was meant.

use std::{fmt::Display, ops::Range, sync::Arc};

use super::{
    databases,
    tree::{Entry, Key, Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span, did_you_mean},
    schema::Name,
};

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// Reads nodes of one file and keeps what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'a> {
    /// All that is written, also what is not known.
    entries: &'a [Entry<'a>],
    known: usize,
    /// The marks of its keys: what has no mark here is not written.
    marks: u64,
    /// Where it begins.
    pub(super) range: Range<usize>,
}

/// One of 64 marks, by the length and the first letter of a key. Most keys that are asked for are
/// not written, and this says so at once.
fn mark(key: &str) -> u64 {
    let first = key.as_bytes().first().copied().unwrap_or_default();
    1 << ((key.len() + usize::from(first) * 7) % 64)
}

impl<'a> Fields<'a> {
    /// How many keys it has.
    pub(super) fn len(&self) -> usize {
        self.known
    }

    /// The value of `key`, unless nothing is written behind it.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node<'a>> {
        self.written(key).filter(|it| !it.is_null())
    }

    /// The value of `key`, even where it is null.
    pub(super) fn written(&self, key: &str) -> Option<&'a Node<'a>> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The bytes of `key` itself.
    pub(super) fn key(&self, key: &str) -> Option<Range<usize>> {
        self.entry(key).map(|(it, _)| it.range.clone())
    }

    fn entry(&self, key: &str) -> Option<&'a Entry<'a>> {
        let written = self.marks & mark(key) != 0;
        written.then(|| self.entries.iter().find(|(it, _)| it.text == key)).flatten()
    }
}

impl Reader<'_> {
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span { file: self.file.clone(), range: range.clone() }
    }

    /// Says that something at `range` is wrong.
    pub(super) fn wrong(&mut self, message: impl Into<String>, at: &Range<usize>, label: &str) {
        let diagnostic = Diagnostic::error(message).at(self.span(at), label);
        self.diagnostics.push(diagnostic);
    }

    /// The same, with what to do.
    pub(super) fn wrong_help(
        &mut self,
        message: impl Into<String>,
        at: &Range<usize>,
        label: &str,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::error(message).at(self.span(at), label).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// The mapping that `node` is, with `known` keys only.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node<'n>,
        what: impl Display,
        known: &[&str],
    ) -> Option<Fields<'n>> {
        let entries = self.map(node, &what)?;
        let mut fields = Fields { entries, known: 0, marks: 0, range: node.range.clone() };
        for (key, _) in entries {
            if known.contains(&&*key.text) {
                fields.known += 1;
                fields.marks |= mark(&key.text);
            } else {
                self.unknown_key(key, &what, known);
            }
        }
        Some(fields)
    }

    fn unknown_key(&mut self, key: &Key<'_>, what: &dyn Display, known: &[&str]) {
        let near = did_you_mean(&key.text, known.iter().copied());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{what} can have {}", list(&first_names(known))),
        };
        let message = format!("{what} has no key `{}`", key.text);
        self.wrong_help(message, &key.range, "this key is not known here", help);
    }

    /// The entries of the mapping that `node` is.
    pub(super) fn map<'n>(
        &mut self,
        node: &'n Node<'n>,
        what: impl Display,
    ) -> Option<&'n [Entry<'n>]> {
        match &node.value {
            Value::Map(entries) => Some(entries),
            Value::List(_) | Value::Scalar(..) => {
                let message = format!("{what} is a mapping of keys and values");
                self.wrong(message, &node.range, kind(node));
                None
            }
        }
    }

    /// The values of the list that `node` is.
    pub(super) fn list<'n>(&mut self, node: &'n Node<'n>, what: impl Display) -> &'n [Node<'n>] {
        match &node.value {
            Value::List(items) => items,
            Value::Map(_) | Value::Scalar(..) => {
                self.wrong_help(
                    format!("{what} is a list"),
                    &node.range,
                    kind(node),
                    "begin each entry with `- `",
                );
                &[]
            }
        }
    }

    /// The text that `node` is.
    pub(super) fn text(&mut self, node: &Node<'_>, what: impl Display) -> Option<Spanned<String>> {
        match &node.value {
            Value::Scalar(text, _) if !node.is_null() => {
                Some(Spanned { value: text.as_ref().to_owned(), span: self.span(&node.range) })
            }
            Value::Scalar(..) => {
                let label =
                    if node.range.is_empty() { "nothing is written" } else { "this is null" };
                self.wrong_help(
                    format!("{what} is a text"),
                    &node.range,
                    label,
                    "write the text, in quotes where it is `null` or `~`",
                );
                None
            }
            Value::List(_) | Value::Map(_) => {
                self.wrong(format!("{what} is a text"), &node.range, kind(node));
                None
            }
        }
    }

    /// The text that `key` must have.
    pub(super) fn required(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        what: impl Display,
    ) -> Option<Spanned<String>> {
        let Some(node) = fields.written(key) else {
            let message = format!("{what} has no `{key}`");
            self.wrong_help(message, &fields.range, "it begins here", format!("add `{key}:`"));
            return None;
        };
        self.text(node, format_args!("the {key} of {what}"))
    }

    /// A name of something in the database.
    pub(super) fn name(&mut self, node: &Node<'_>, what: impl Display) -> Option<Spanned<String>> {
        let name = self.text(node, format_args!("the name of {what}"))?;
        if name.value.trim().is_empty() {
            self.wrong(format!("the name of {what} is empty"), &node.range, "it needs a letter");
            return None;
        }
        if name.value.chars().any(char::is_control) {
            self.wrong(
                format!("the name of {what} holds a control character"),
                &node.range,
                "no database takes such a name",
            );
            return None;
        }
        if let Value::Scalar(text, true) = &node.value
            && text.parse::<f64>().is_ok()
        {
            let warning = Diagnostic::warning(format!("the name of {what} is a number"))
                .at(name.span.clone(), "it is taken as a text, just as it is written")
                .help(format!("write `\"{text}\"` to say that it is meant"));
            self.diagnostics.push(warning);
        }
        Some(name)
    }

    /// The name that `key` must have.
    pub(super) fn required_name(
        &mut self,
        fields: &Fields<'_>,
        what: impl Display,
    ) -> Option<Spanned<String>> {
        match fields.written("name") {
            Some(node) => self.name(node, what),
            None => self.required(fields, "name", what),
        }
    }

    /// The name of what may stand in a namespace.
    pub(super) fn qualified_name(
        &mut self,
        fields: &Fields<'_>,
        what: impl Display,
    ) -> Option<Spanned<Name>> {
        let name = self.required_name(fields, what);
        let namespace = fields.get("namespace").and_then(|it| self.name(it, "a namespace"));
        let Spanned { value: name, span } = name?;
        let namespace = namespace.map(|it| it.value);
        Some(Spanned { value: Name { namespace, name }, span })
    }

    /// Whether `key` is `true`; `None` where it isn't there.
    pub(super) fn flag(&mut self, fields: &Fields<'_>, key: &str) -> Option<bool> {
        let node = fields.get(key)?;
        let Value::Scalar(text, plain) = &node.value else {
            self.wrong(format!("`{key}` is `true` or `false`"), &node.range, kind(node));
            return None;
        };
        if *plain && matches!(&**text, "true" | "false") {
            return Some(text == "true");
        }
        let word = text.to_lowercase();
        let meant = match word.as_str() {
            "true" | "yes" | "on" | "y" | "1" => "true",
            "false" | "no" | "off" | "n" | "0" => "false",
            _ => "true` or `false",
        };
        if *plain && (word == "true" || word == "false") {
            return Some(word == "true");
        }
        let label = if *plain { "this is neither" } else { "this is a text" };
        let message = format!("`{key}` is `true` or `false`");
        self.wrong_help(message, &node.range, label, format!("write `{meant}`"));
        None
    }

    /// The whole number behind `key`.
    pub(super) fn number(&mut self, fields: &Fields<'_>, key: &str) -> Option<Spanned<u32>> {
        let node = fields.get(key)?;
        let number = match &node.value {
            Value::Scalar(text, true) => text.parse().ok(),
            Value::Scalar(..) | Value::List(_) | Value::Map(_) => None,
        };
        if let Some(value) = number {
            return Some(Spanned { value, span: self.span(&node.range) });
        }
        let message = format!("`{key}` is a whole number from 0 to {}", u32::MAX);
        let label = match &node.value {
            Value::Scalar(text, true) if text.parse::<f64>().is_ok() => {
                "this number is none of those"
            }
            Value::Scalar(_, true) if !node.range.is_empty() => "this is no number",
            _ => kind(node),
        };
        self.wrong(message, &node.range, label);
        None
    }
}

/// What a node is, in words.
fn kind(node: &Node<'_>) -> &'static str {
    match &node.value {
        Value::List(_) => "this is a list",
        Value::Map(_) => "this is a mapping",
        Value::Scalar(_, false) => "this is a text",
        Value::Scalar(..) if node.range.is_empty() => "nothing is written",
        Value::Scalar(..) => "this is a single value",
    }
}

/// The keys without the further names of databases, which would fill the message.
pub(super) fn first_names<'w>(known: &[&'w str]) -> Vec<&'w str> {
    let first = |word: &&'w str| {
        databases::named(word).and_then(databases::name).is_none_or(|it| it == *word)
    };
    known.iter().copied().filter(first).collect()
}

/// `a`, `b` and `c`.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}
