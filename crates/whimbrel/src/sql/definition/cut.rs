//! Where the items of a definition begin and end, and the space around them.

use std::ops::Range;

use super::constraint::CONSTRAINTS;
use crate::{
    dialect::Dialect,
    sql::lexer::{Token, TokenKind, lex},
};

/// The items between the parenthesis at `open` and its closing one, each with whether a comma
/// stands before it; and where the closing one stands.
pub(super) fn cuts(
    text: &str,
    tokens: &[Token],
    open: usize,
) -> (Vec<(Range<usize>, bool)>, Option<usize>) {
    let mut cuts = Vec::new();
    let (mut start, mut comma) = (tokens[open].end, true);
    let (mut depth, mut constraint, mut complete, mut fresh) = (0_usize, false, false, true);
    for token in &tokens[open + 1..] {
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            if depth == 0 {
                cuts.push((start..token.start, comma));
                return (cuts, Some(token.start));
            }
            depth -= 1;
            complete |= depth == 0;
        } else if depth == 0 && token.is_symbol(text, ',') {
            cuts.push((start..token.start, comma));
            (start, comma) = (token.end, true);
            (constraint, complete, fresh) = (false, false, true);
            continue;
        }
        if token.is_blank() {
            continue;
        }
        let begins = CONSTRAINTS.iter().any(|it| token.is_word(text, it)) && depth == 0;
        // SQLite, "CREATE TABLE": its parser takes two constraints without a comma between.
        if begins && constraint && complete {
            cuts.push((start..token.start, comma));
            (start, comma) = (token.start, false);
            complete = false;
        }
        if fresh {
            constraint = begins;
        }
        fresh = false;
    }
    (cuts, None)
}

/// The white space that a text begins with.
pub(super) fn leading_space<'a>(dialect: &Dialect, text: &'a str) -> &'a str {
    match lex(dialect, text).first() {
        Some(it) if it.kind == TokenKind::Whitespace => it.text(text),
        _ => "",
    }
}

/// The white space that a text ends with; not the line break that ends a comment.
pub(super) fn trailing_space<'a>(dialect: &Dialect, text: &'a str) -> &'a str {
    let tokens = lex(dialect, text);
    match tokens.as_slice() {
        [.., before, last] if last.kind == TokenKind::Whitespace => {
            let line = before.kind == TokenKind::Comment && !before.text(text).starts_with("/*");
            if line { "" } else { last.text(text) }
        }
        _ => "",
    }
}
