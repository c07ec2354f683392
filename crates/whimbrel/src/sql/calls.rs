//! The functions that a statement calls, and those that are known to change nothing.

use super::{
    lexer::{Token, TokenKind},
    words::Words,
};

/// Whether a parenthesis follows the token at once, as behind the name of a function.
pub(super) fn tokens_call(words: &Words<'_>, token: Token) -> bool {
    let behind = words.rest().iter().find(|it| it.start >= token.end);
    behind.is_some_and(|it| it.is_symbol(words.source, '('))
}

/// The functions that are called, and whatever else has a parenthesis behind it.
fn calls<'a>(words: &'a Words<'_>) -> impl Iterator<Item = &'a str> {
    words
        .rest()
        .windows(2)
        .filter(|pair| {
            matches!(pair[0].kind, TokenKind::Word | TokenKind::QuotedName)
                && pair[1].is_symbol(words.source, '(')
        })
        .map(|pair| pair[0].text(words.source))
}

pub(super) fn calls_unknown(words: &Words<'_>) -> bool {
    calls(words).any(|it| !PURE.contains(&it.to_ascii_lowercase().as_str()))
}

pub(super) fn only_call_is(words: &Words<'_>, function: &str) -> bool {
    let mut calls = calls(words).peekable();
    calls.peek().is_some() && calls.all(|it| it.eq_ignore_ascii_case(function))
}

/// Functions that change nothing, and keywords and types that a parenthesis may follow.
const PURE: &[&str] = &[
    "abs",
    "all",
    "and",
    "any",
    "array",
    "array_agg",
    "as",
    "avg",
    "between",
    "by",
    "case",
    "cast",
    "ceil",
    "ceiling",
    "char",
    "char_length",
    "character",
    "coalesce",
    "concat",
    "concat_ws",
    "convert",
    "count",
    "current_database",
    "current_date",
    "current_schema",
    "current_setting",
    "current_timestamp",
    "current_user",
    "database",
    "date",
    "date_format",
    "date_trunc",
    "datetime",
    "decimal",
    "dense_rank",
    "distinct",
    "else",
    "except",
    "exists",
    "extract",
    "filter",
    "first_value",
    "floor",
    "format",
    "from",
    "greatest",
    "group_concat",
    "having",
    "if",
    "ifnull",
    "iif",
    "in",
    "instr",
    "intersect",
    "isnull",
    "join",
    "json_extract",
    "jsonb_agg",
    "json_agg",
    "julianday",
    "lag",
    "last_value",
    "lateral",
    "lead",
    "least",
    "left",
    "length",
    "like",
    "limit",
    "lower",
    "ltrim",
    "max",
    "md5",
    "min",
    "mod",
    "not",
    "now",
    "nullif",
    "numeric",
    "offset",
    "on",
    "or",
    "over",
    "partition",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "rank",
    "repeat",
    "replace",
    "return",
    "returning",
    "reverse",
    "right",
    "round",
    "row",
    "row_number",
    "rtrim",
    "select",
    "some",
    "split_part",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "then",
    "time",
    "timestamp",
    "to_char",
    "to_regclass",
    "total",
    "trim",
    "typeof",
    "union",
    "upper",
    "using",
    "values",
    "varchar",
    "version",
    "when",
    "where",
    "window",
];
