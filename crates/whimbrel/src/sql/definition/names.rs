//! Names in a definition, and whether two of them are one.

use std::ops::Range;

use crate::{
    dialect::Dialect,
    schema::Name,
    sql::{
        lexer::{Token, TokenKind},
        words::Words,
    },
};

/// Names of columns and constraints differ by more than case.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

pub(super) fn same_all(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// Where the name stands behind `CREATE TABLE`, with its namespace.
pub(super) fn table_name(dialect: &Dialect, text: &str) -> Option<Range<usize>> {
    let mut words = Words::new(dialect, text);
    if !words.take(&["CREATE"]) {
        return None;
    }
    words.take(&["OR", "REPLACE"]);
    words.take_one_of(&["TEMP", "TEMPORARY"]);
    if !words.take(&["TABLE"]) {
        return None;
    }
    words.take(&["IF", "NOT", "EXISTS"]);
    let first = words.rest().first()?.range();
    let dotted = words.rest().get(1).is_some_and(|it| it.is_symbol(text, '.'));
    let last = if dotted { words.rest().get(2)?.range() } else { first.clone() };
    let named = text[first.start..last.end].chars().next()? != '(';
    named.then_some(first.start..last.end)
}

/// The name that a token is; SQLite takes a string for one where nothing else can stand.
pub(super) fn token_name(dialect: &Dialect, source: &str, token: &Token) -> Option<String> {
    if token.kind != TokenKind::String {
        return token.name(dialect, source);
    }
    let text = token.text(source);
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

pub(super) fn written_name(dialect: &Dialect, text: &str) -> Option<Name> {
    let words = Words::new(dialect, text);
    let name = |it: &Token| token_name(dialect, text, it);
    match words.rest() {
        [one] => Some(Name::new(name(one)?)),
        [namespace, _, one] => Some(Name { namespace: Some(name(namespace)?), name: name(one)? }),
        _ => None,
    }
}

pub(super) fn take_name(words: &mut Words<'_>) -> Option<String> {
    let name = token_name(words.dialect, words.source, words.rest().first()?)?;
    words.at += 1;
    Some(name)
}

/// `(a, b DESC)`: the first name of each.
pub(super) fn names_in_parentheses(words: &mut Words<'_>) -> Vec<String> {
    let mut names = Vec::new();
    if !words.take_symbol('(') {
        return names;
    }
    let mut begins = true;
    while let Some(token) = words.rest().first().copied() {
        words.at += 1;
        if token.is_symbol(words.source, ')') {
            break;
        }
        if begins {
            names.extend(token_name(words.dialect, words.source, &token));
        }
        begins = token.is_symbol(words.source, ',');
    }
    names
}

/// Whether a name in parentheses is this column's.
pub(super) fn mentions_in_parentheses(words: &Words<'_>, tokens: &[Token], column: &str) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|token| {
        if token.is_symbol(words.source, '(') {
            depth += 1;
        } else if token.is_symbol(words.source, ')') {
            depth = depth.saturating_sub(1);
        }
        depth > 0
            && token.kind != TokenKind::String
            && token.name(words.dialect, words.source).is_some_and(|it| same(&it, column))
    })
}
