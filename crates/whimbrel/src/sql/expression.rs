//! Expressions of the user's own, as far as names in them are to be understood.

use super::lexer::{Token, TokenKind, lex, lex_significant};
use crate::dialect::{Dialect, POSTGRES};

/// The condition or expression with one column's name put for another's.
///
/// Names are told from strings and comments by the standard's rules, which PostgreSQL's are the
/// nearest to; functions of the same name (`name(…)`) and names of something else's column
/// (`other.name`) stay.
pub fn rename_in_expression(expression: &str, from: &str, to: &str) -> String {
    rename_in_expression_of(&POSTGRES, expression, from, to)
}

/// The same by the rules of one database.
pub(super) fn rename_in_expression_of(
    dialect: &Dialect,
    expression: &str,
    from: &str,
    to: &str,
) -> String {
    let tokens = lex(dialect, expression);
    let mut renamed = String::with_capacity(expression.len());
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text(expression);
        if !is_column(dialect, expression, &tokens, at, from) {
            renamed += text;
        } else if token.kind == TokenKind::Word && is_plain(to) {
            renamed += to;
        } else {
            renamed += &dialect.quote(to);
        }
    }
    renamed
}

/// Whether an expression speaks of a column, by the rules of [`rename_in_expression`].
pub fn names_column(expression: &str, column: &str) -> bool {
    names_column_of(&POSTGRES, expression, column)
}

/// The same by the rules of one database.
pub(super) fn names_column_of(dialect: &Dialect, expression: &str, column: &str) -> bool {
    let tokens = lex(dialect, expression);
    (0..tokens.len()).any(|at| is_column(dialect, expression, &tokens, at, column))
}

/// Whether the token at this place is the name of this column.
fn is_column(
    dialect: &Dialect,
    expression: &str,
    tokens: &[Token],
    at: usize,
    column: &str,
) -> bool {
    let token = &tokens[at];
    let is_it = match token.kind {
        TokenKind::Word => token.text(expression).eq_ignore_ascii_case(column),
        TokenKind::QuotedName => token.name(dialect, expression).as_deref() == Some(column),
        _ => false,
    };
    let next = tokens[at + 1..].iter().find(|it| !it.is_blank());
    let called = next.is_some_and(|it| it.is_symbol(expression, '('));
    let before = tokens[..at].iter().rev().find(|it| !it.is_blank());
    let of_another = before.is_some_and(|it| it.is_symbol(expression, '.'));
    is_it && !called && !of_another
}

/// The expression without parentheses around all of it.
pub fn without_parentheses(expression: &str) -> &str {
    let mut text = expression.trim();
    while is_wrapped(text) {
        text = text[1..text.len() - 1].trim();
    }
    text
}

/// Whether the parenthesis that a text begins with is closed by its last character.
fn is_wrapped(text: &str) -> bool {
    let mut depth = 0_usize;
    for token in lex_significant(&POSTGRES, text) {
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return token.range().start > 0 && token.range().end == text.len();
        }
    }
    false
}

/// Whether an expression calls one of these functions.
pub fn calls_any(dialect: &Dialect, expression: &str, functions: &[&str]) -> bool {
    let tokens = lex_significant(dialect, expression);
    let named = |it: &str| functions.iter().any(|function| it.eq_ignore_ascii_case(function));
    tokens.windows(2).any(|it| {
        it[0].name(dialect, expression).is_some_and(|it| named(&it))
            && it[1].is_symbol(expression, '(')
    })
}

/// Words that are not names where they stand without quotes, among those that columns are
/// called by.
const RESERVED: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "between",
    "case",
    "check",
    "column",
    "constraint",
    "create",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "false",
    "for",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "intersect",
    "into",
    "is",
    "join",
    "key",
    "like",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "select",
    "table",
    "then",
    "to",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "when",
    "where",
    "with",
];

/// Whether a word without quotes is one of the language, among those that columns are called by.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Whether a name means itself without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(|it: char| it.is_ascii_lowercase() || it == '_');
    let goes_on = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    starts && name.chars().all(goes_on) && !RESERVED.contains(&name)
}
