//! Expressions as `pg_get_expr` writes them and as a definition does, brought to one form, so that
//! equal texts are equal expressions. What the server makes of an expression beyond that
//! (`IN` becomes `= ANY (ARRAY[…])`) stays as it is.

/// Without the types that the server adds, without parentheses around the whole, words in lower
/// case; a number that the server has written as a text is a number.
///
/// `'-1'::integer` and `-1`, `('a'::character varying)::text` and `'a'`, `NOW()` and `now()`.
pub(super) fn plain(text: &str) -> String {
    let mut tokens = tokens(text);
    loop {
        let before = tokens.len();
        drop_casts(&mut tokens);
        drop_single_parentheses(&mut tokens);
        if let Some(inner) = inside_parentheses(&tokens) {
            tokens = inner;
        }
        if tokens.len() == before {
            break;
        }
    }
    let mut plain = String::new();
    for token in &tokens {
        match token {
            Token::Space => plain.push(' '),
            Token::Text(text) | Token::Name(text) | Token::Other(text) => plain.push_str(text),
        }
    }
    let plain = plain.trim();
    let unquoted = plain.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    // A text that looks like a number stays a text unless the server has called it a number.
    let is_cast = || ends_with_number_type(text);
    match unquoted.filter(|it| number(it).is_some() && is_cast()) {
        Some(it) => number(it).unwrap_or_default(),
        None => number(plain).unwrap_or_else(|| plain.to_owned()),
    }
}

/// Without casts, without parentheses and with single spaces: what the server adds to the
/// expression of a computed column, `((price * (amount)::numeric))`, can't be told from what was
/// written.
pub(super) fn blunt(text: &str) -> String {
    let tokens = tokens(text);
    let sign = |token: &Token, sign: &str| matches!(token, Token::Other(it) if it == sign);
    let mut words = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let cast = sign(&tokens[at], "::").then(|| type_length(&tokens[at + 1..]));
        match (cast, &tokens[at]) {
            (Some(length @ 1..), _) => at += length,
            (_, Token::Space) => {}
            (_, it) if sign(it, "(") || sign(it, ")") => {}
            (_, Token::Text(it) | Token::Name(it) | Token::Other(it)) => words.push(it.as_str()),
        }
        at += 1;
    }
    words.join(" ")
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// White space, however much.
    Space,
    /// A string.
    Text(String),
    /// A name or a word, quoted or not, with its dots.
    Name(String),
    /// A sign, a number.
    Other(String),
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let length = quoted(rest, '\'');
                (Token::Text(rest[..length].to_owned()), length)
            }
            '"' => {
                let length = quoted(rest, '"');
                // The server quotes its own words too: `"left"(name, 3)`.
                let inner = rest[..length].trim_matches('"');
                let is_plain = inner.starts_with(|it: char| it.is_ascii_lowercase() || it == '_')
                    && inner.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'));
                let name = if is_plain { inner } else { &rest[..length] };
                (Token::Name(name.to_owned()), length)
            }
            it if it.is_whitespace() => {
                let length = rest.len() - rest.trim_start().len();
                (Token::Space, length)
            }
            it if it.is_alphabetic() || it == '_' => {
                let ends = |it: char| !it.is_alphanumeric() && it != '_' && it != '$';
                let length = rest.find(ends).unwrap_or(rest.len());
                (Token::Name(rest[..length].to_lowercase()), length)
            }
            it if it.is_ascii_digit() => {
                let ends = |it: char| !it.is_alphanumeric() && it != '.';
                let length = rest.find(ends).unwrap_or(rest.len());
                (Token::Other(rest[..length].to_owned()), length)
            }
            ':' if rest.starts_with("::") => (Token::Other("::".to_owned()), 2),
            it => (Token::Other(it.to_string()), it.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// The bytes of a string or a quoted name at the start of `text`, both quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut rest = text[1..].char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        if character == quote {
            if rest.peek().is_some_and(|(_, it)| *it == quote) {
                rest.next();
            } else {
                return at + 2;
            }
        }
    }
    text.len()
}

/// Takes the casts away that the server adds: any behind a string or null, and `::text` behind a
/// name.
pub(super) fn drop_casts(tokens: &mut Vec<Token>) {
    let mut at = 1;
    while at < tokens.len() {
        let is_cast = tokens[at] == Token::Other("::".to_owned());
        let length = if is_cast { type_length(&tokens[at + 1..]) } else { 0 };
        let is_text = length == 1 && tokens[at + 1] == Token::Name("text".to_owned());
        let added = match &tokens[at - 1] {
            Token::Text(_) => true,
            Token::Name(it) => it == "null" || is_text,
            // `(-1)::numeric`, where that is all.
            Token::Other(it) => it == ")" && is_number_in_parentheses(&tokens[..at]),
            Token::Space => false,
        };
        if length > 0 && added {
            tokens.drain(at..=at + length);
        } else {
            at += 1;
        }
    }
}

/// Takes parentheses away that are around a single name, string or number, and no call.
pub(super) fn drop_single_parentheses(tokens: &mut Vec<Token>) {
    let is =
        |token: Option<&Token>, sign: &str| matches!(token, Some(Token::Other(it)) if it == sign);
    let mut at = 0;
    while at + 2 < tokens.len() {
        let before = tokens[..at].iter().rev().find(|it| **it != Token::Space);
        let is_call = matches!(before, Some(Token::Name(_)));
        let is_alone = is(tokens.get(at), "(") && is(tokens.get(at + 2), ")");
        if is_alone && !is_call && tokens[at + 1] != Token::Space {
            tokens.remove(at + 2);
            tokens.remove(at);
        }
        at += 1;
    }
}

fn is_number_in_parentheses(tokens: &[Token]) -> bool {
    let text: String = tokens
        .iter()
        .map(|it| match it {
            Token::Space => " ",
            Token::Text(it) | Token::Name(it) | Token::Other(it) => it,
        })
        .collect();
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    inner.is_some_and(|it| number(it).is_some())
}

/// How many tokens the name of a type is: `timestamp(3) without time zone`, `sales.state[]`.
pub(super) fn type_length(tokens: &[Token]) -> usize {
    let name = |at: usize| match tokens.get(at) {
        Some(Token::Name(it)) => Some(it.as_str()),
        _ => None,
    };
    let is = |at: usize, sign: &str| matches!(tokens.get(at), Some(Token::Other(it)) if it == sign);
    let Some(first) = name(0) else { return 0 };
    let mut length = 1;
    while is(length, ".") && name(length + 1).is_some() {
        length += 2;
    }
    let second = matches!(
        (first, name(length + 1)),
        ("character" | "bit", Some("varying")) | ("double", Some("precision"))
    );
    if second && tokens.get(length) == Some(&Token::Space) {
        length += 2;
    }
    if is(length, "(")
        && let Some(end) =
            tokens[length..].iter().position(|it| *it == Token::Other(")".to_owned()))
    {
        length += end + 1;
    }
    let zone = [(1, "time"), (3, "zone")];
    if tokens.get(length) == Some(&Token::Space)
        && matches!(name(length + 1), Some("with" | "without"))
        && zone.iter().all(|(at, word)| name(length + 2 + at) == Some(word))
    {
        length += 6;
    }
    while is(length, "[") && is(length + 1, "]") {
        length += 2;
    }
    length
}

/// What stands between a pair of parentheses that is around the whole.
fn inside_parentheses(tokens: &[Token]) -> Option<Vec<Token>> {
    let open = Token::Other("(".to_owned());
    let close = Token::Other(")".to_owned());
    if tokens.first() != Some(&open) || tokens.last() != Some(&close) {
        return None;
    }
    let mut depth = 0_usize;
    for token in &tokens[..tokens.len() - 1] {
        if *token == open {
            depth += 1;
        } else if *token == close {
            depth -= 1;
        }
        if depth == 0 {
            return None;
        }
    }
    Some(tokens[1..tokens.len() - 1].to_vec())
}

fn ends_with_number_type(text: &str) -> bool {
    let lower = text.trim_end().trim_end_matches(')').to_lowercase();
    let types = [
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "decimal",
        "int",
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
    ];
    let before = |word: &str| lower.strip_suffix(word).map(|it| it.ends_with("::"));
    types.iter().any(|it| before(it) == Some(true))
        // `numeric(10,2)`, whose parenthesis was taken off.
        || lower.rsplit_once("::numeric(").is_some_and(|(_, it)| !it.contains('\''))
}

/// A number as the server writes it: `1.5e10` is `15000000000`, `.5` is `0.5`.
pub(super) fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.trim().strip_prefix('-') {
        Some(it) => ("-", it.trim_start()),
        None => ("", text.trim().trim_start_matches('+')),
    };
    let lower = digits.to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (lower.as_str(), 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: String = [whole, part].concat();
    if all.is_empty() || !all.bytes().all(|it| it.is_ascii_digit()) || exponent.abs() > 400 {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let (whole, part) = match usize::try_from(point) {
        Ok(point) if point >= all.len() => (format!("{all:0<point$}"), String::new()),
        Ok(point) => (all[..point].to_owned(), all[point..].to_owned()),
        Err(_) => {
            let zeros = usize::try_from(-point).ok()?;
            (String::new(), format!("{}{all}", "0".repeat(zeros)))
        }
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_the_catalog_says_is_what_was_written() {
        for (catalog, written) in [
            ("'abc'::character varying", "'abc'"),
            ("('abc'::character varying)::text", "'abc'"),
            ("'ABC'::text", "'ABC'"),
            ("'-1'::integer", "-1"),
            ("(-1)", "-1"),
            ("'-0.10'::numeric", "-0.10"),
            ("(- 0.5)::numeric", "-.5"),
            ("'15000000000'::numeric", "1.5e10"),
            ("0.001", "1e-3"),
            ("'9223372036854775807'::bigint", "9223372036854775807"),
            ("now()", "NOW()"),
            ("CURRENT_TIMESTAMP", "current_timestamp"),
            ("NULL::character varying", "null"),
            ("'2020-01-01 00:00:00'::timestamp(3) without time zone", "'2020-01-01 00:00:00'"),
            ("'{}'::text[]", "'{}'"),
            ("'x'::sales.\"State of\"[]", "'x'"),
            ("nextval('s'::regclass)", "nextval('s')"),
            ("lower('X'::text)", "LOWER('X')"),
            ("(((status)::text = 'x'::text))", "status = 'x'"),
            ("(deleted_at IS NULL)", "deleted_at IS NULL"),
            ("status::text = 'x'::text AND a > 5", "status = 'x' and  a > 5"),
            ("deleted_at IS NULL", "deleted_at is null"),
            ("''::text", "''"),
            ("'it''s ::text'::text", "'it''s ::text'"),
            ("gen_random_uuid()", "gen_random_uuid()"),
            ("\"left\"(email::text, 3)", "LEFT(email, 3)"),
            ("'0'::numeric(10,2)", "0"),
            ("'1'::\"bit\"", "'1'"),
        ] {
            assert_eq!(plain(catalog), plain(written), "{catalog} and {written}");
            assert_eq!(plain(&plain(catalog)), plain(catalog), "{catalog}, twice");
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (one, other) in [
            ("'ABC'::text", "'abc'::text"),
            ("'1'::text", "1"),
            ("'0.10'::numeric", "0.1"),
            ("\"A\" > 5", "a > 5"),
            ("(a + 1) > (b + 1)", "a + 1) > (b + 1"),
            ("lower(a)", "lower a"),
            ("x::date", "x"),
            ("now()", "CURRENT_TIMESTAMP"),
            ("'a'::text || 'b'::text", "'ab'"),
            ("'", "''"),
        ] {
            assert_ne!(plain(one), plain(other), "{one} and {other}");
        }
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in [
            "", "(", ")", "()", "::", "'a'::", "'", "\"", "a::(", "'x'::y(", "e5", "-", "1e9999",
            "ä'", "'ä",
        ] {
            plain(text);
        }
    }
}
