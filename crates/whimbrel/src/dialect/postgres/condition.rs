//! Conditions as `pg_get_constraintdef` and `pg_get_expr` write them and as a definition does,
//! brought to one form: what the server makes of `IN`, `BETWEEN`, `LIKE` and of parentheses that
//! change nothing is undone.

use super::expression::{Token, drop_single_parentheses, number, tokens, type_length};

/// A condition in a form in which equal texts are equal conditions.
///
/// `(state::text = ANY (ARRAY['a'::text, 'b'::text])) AND price > 0::numeric` and
/// `state IN ('a', 'b') AND price > 0`.
pub(in crate::dialect) fn condition(text: &str) -> String {
    let mut tokens = tokens(text);
    join_casts(&mut tokens);
    tokens.iter_mut().for_each(unquote);
    loop {
        let before = tokens.clone();
        drop_casts(&mut tokens);
        drop_single_parentheses(&mut tokens);
        join_operators(&mut tokens);
        lists(&mut tokens);
        ranges(&mut tokens);
        drop_groups(&mut tokens);
        if tokens == before {
            break;
        }
    }
    let mut out = String::new();
    for token in &tokens {
        let word = text_of(token);
        let wordly = |it: char| it.is_alphanumeric() || matches!(it, '_' | '"' | '\'');
        if out.ends_with(wordly) && word.starts_with(wordly) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Makes one token of each cast, with the words of its type in it; space says nothing then.
fn join_casts(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        let length = if is(tokens.get(at), "::") { type_length(&tokens[at + 1..]) } else { 0 };
        if length > 0 {
            let words = tokens[at + 1..=at + length].iter();
            let words: String =
                words.map(|it| if *it == Token::Space { " " } else { text_of(it) }).collect();
            tokens.splice(at..=at + length, [Token::Other(format!("::{words}"))]);
        }
        at += 1;
    }
    tokens.retain(|it| *it != Token::Space);
}

/// A name in quotes that would mean the same without them, or could stand nowhere without them.
fn unquote(token: &mut Token) {
    let Token::Name(name) = token else { return };
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let plain = |it: &str| {
        !it.is_empty()
            && !it.starts_with(|it: char| it.is_ascii_digit())
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
    };
    if let Some(inner) = inner.filter(|it| plain(it)).map(str::to_owned) {
        *name = inner;
    }
}

/// Takes the casts away that the server adds: those of literals, of names to text, of lists.
fn drop_casts(tokens: &mut Vec<Token>) {
    const NUMBERS: &[&str] =
        &["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    let mut at = 1;
    while at < tokens.len() {
        let cast = match &tokens[at] {
            Token::Other(it) => it.strip_prefix("::").filter(|it| !it.is_empty()),
            Token::Space | Token::Text(_) | Token::Name(_) => None,
        };
        let Some(cast) = cast else {
            at += 1;
            continue;
        };
        let to_number = NUMBERS.iter().any(|it| cast == *it || cast.starts_with("numeric("));
        let (to_text, to_list) = (cast == "text", cast.ends_with("[]"));
        let before = &tokens[at - 1];
        let value = match before {
            Token::Text(it) => number(it.trim_matches('\'')),
            Token::Other(it) => number(it),
            Token::Name(_) | Token::Space => None,
        };
        let added = match before {
            Token::Text(_) => true,
            Token::Name(it) => it == "null" || to_text,
            Token::Other(it) => match it.as_str() {
                ")" => to_text || to_list,
                "]" => to_list,
                _ => value.is_some(),
            },
            Token::Space => false,
        };
        if added {
            tokens.remove(at);
            if let (true, Some(value)) = (to_number, value) {
                tokens[at - 1] = Token::Other(value);
            }
        } else {
            at += 1;
        }
    }
}

fn text_of(token: &Token) -> &str {
    match token {
        Token::Space => "",
        Token::Text(it) | Token::Name(it) | Token::Other(it) => it,
    }
}

fn is(token: Option<&Token>, text: &str) -> bool {
    token.is_some_and(|it| !matches!(it, Token::Text(_)) && text_of(it) == text)
}

/// Signs that are one operator, as one token, and each operator by one name.
fn join_operators(tokens: &mut Vec<Token>) {
    const SIGNS: &str = "<>=!~*|&@#";
    let sign = |it: &Token| matches!(it, Token::Other(it) if !it.is_empty() && it.chars().all(|it| SIGNS.contains(it)));
    let mut at = 0;
    while at + 1 < tokens.len() {
        if sign(&tokens[at]) && sign(&tokens[at + 1]) {
            let whole = format!("{}{}", text_of(&tokens[at]), text_of(&tokens[at + 1]));
            tokens.splice(at..=at + 1, [Token::Other(whole)]);
        } else {
            at += 1;
        }
    }
    let word = |it: &str| Token::Name(it.to_owned());
    let named: &[(&str, &[Token])] = &[
        ("!=", &[Token::Other("<>".to_owned())]),
        ("~~", &[word("like")]),
        ("!~~", &[word("not"), word("like")]),
        ("~~*", &[word("ilike")]),
        ("!~~*", &[word("not"), word("ilike")]),
    ];
    let mut at = 0;
    while at < tokens.len() {
        let found = named.iter().find(|(it, _)| is(tokens.get(at), it));
        if let Some((_, with)) = found {
            tokens.splice(at..=at, with.iter().cloned());
        }
        // A sign before a number that is no operation.
        let unary = is(tokens.get(at), "-")
            && at.checked_sub(1).is_none_or(|before| match &tokens[before] {
                Token::Other(it) => it != ")" && number(it).is_none(),
                Token::Name(it) => matches!(it.as_str(), "and" | "or" | "not" | "between" | "in"),
                _ => false,
            });
        if let Some(Token::Other(it)) = tokens.get(at + 1)
            && unary
            && let Some(value) = number(&format!("-{it}"))
        {
            tokens.splice(at..=at + 1, [Token::Other(value)]);
        }
        at += 1;
    }
}

/// The position of the sign that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, open);
    while let Some(token) = tokens.get(at) {
        if is(Some(token), "(") || is(Some(token), "[") {
            depth += 1;
        } else if is(Some(token), ")") || is(Some(token), "]") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
        at += 1;
    }
    None
}

/// `= ANY (ARRAY[…])` is `IN (…)`, `<> ALL (ARRAY[…])` is `NOT IN (…)`, and a list of one value is
/// that value.
fn lists(tokens: &mut Vec<Token>) {
    let word = |it: &str| Token::Name(it.to_owned());
    let sign = |it: &str| Token::Other(it.to_owned());
    let mut at = 0;
    while at < tokens.len() {
        let any = is(tokens.get(at), "=") && is(tokens.get(at + 1), "any");
        let all = is(tokens.get(at), "<>") && is(tokens.get(at + 1), "all");
        let array = || {
            let mut inside = at + 2;
            while is(tokens.get(inside), "(") {
                inside += 1;
            }
            let open = is(tokens.get(inside), "array").then_some(inside + 1)?;
            let close = closing(tokens, open)?;
            Some((open + 1..close, closing(tokens, at + 2)?))
        };
        if let Some((values, end)) = (any || all).then(array).flatten() {
            let values = tokens[values].to_vec();
            let head = if any { vec![word("in")] } else { vec![word("not"), word("in")] };
            let whole = head.into_iter().chain([sign("(")]).chain(values).chain([sign(")")]);
            let whole: Vec<Token> = whole.collect();
            tokens.splice(at..=end, whole);
        }
        let single = is(tokens.get(at), "in")
            && is(tokens.get(at + 1), "(")
            && is(tokens.get(at + 3), ")")
            && !matches!(tokens[at + 2], Token::Name(_));
        if single {
            let value = tokens[at + 2].clone();
            let negated = at > 0 && is(tokens.get(at - 1), "not");
            let operator = sign(if negated { "<>" } else { "=" });
            tokens.splice(at - usize::from(negated)..=at + 3, [operator, value]);
        }
        at += 1;
    }
}

/// `a BETWEEN 1 AND 5` is `a >= 1 AND a <= 5`, where all three are single words.
fn ranges(tokens: &mut Vec<Token>) {
    let sign = |it: &str| Token::Other(it.to_owned());
    let mut at = 1;
    while at + 3 < tokens.len() {
        let is_range = is(tokens.get(at), "between") && is(tokens.get(at + 2), "and");
        let negated = at > 1 && is(tokens.get(at - 1), "not");
        let first = at - 1 - usize::from(negated);
        let single = matches!(tokens[first], Token::Name(_))
            && (first == 0 || !is(tokens.get(first - 1), "."));
        if is_range && single && !is(tokens.get(at + 4), "(") {
            let (what, low, high) =
                (tokens[first].clone(), tokens[at + 1].clone(), tokens[at + 3].clone());
            let (over, joined, under) =
                if negated { ("<", "or", ">") } else { (">=", "and", "<=") };
            let whole = [
                sign("("),
                what.clone(),
                sign(over),
                low,
                Token::Name(joined.to_owned()),
                what,
                sign(under),
                high,
                sign(")"),
            ];
            tokens.splice(first..=at + 3, whole);
        }
        at += 1;
    }
}

/// How tightly a condition holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    /// Nothing stands beside it.
    Nothing,
    Or,
    And,
    Not,
    Comparison,
}

/// Takes parentheses away that are around a condition and change nothing.
fn drop_groups(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        let open = is(tokens.get(at), "(") && !is_call(tokens, at);
        let close = if open { closing(tokens, at) } else { None };
        if let Some(close) = close
            && let Some(inside) = binding_inside(&tokens[at + 1..close])
            && let Some(before) = beside(at.checked_sub(1).map(|it| &tokens[it]))
            && let Some(behind) = beside(tokens.get(close + 1))
            && inside >= before.max(behind)
        {
            tokens.remove(close);
            tokens.remove(at);
        } else {
            at += 1;
        }
    }
}

fn is_call(tokens: &[Token], open: usize) -> bool {
    let Some(Token::Name(before)) = open.checked_sub(1).map(|it| &tokens[it]) else { return false };
    !matches!(before.as_str(), "and" | "or" | "not")
}

/// What stands beside a parenthesis; `None` where it is part of something else than a condition.
fn beside(token: Option<&Token>) -> Option<Binding> {
    match token {
        None => Some(Binding::Nothing),
        Some(Token::Name(it)) => match it.as_str() {
            "and" => Some(Binding::And),
            "or" => Some(Binding::Or),
            "not" => Some(Binding::Not),
            _ => None,
        },
        Some(Token::Other(it)) if it == "(" || it == ")" => Some(Binding::Nothing),
        Some(_) => None,
    }
}

/// What holds a condition together; `None` where it is none.
fn binding_inside(tokens: &[Token]) -> Option<Binding> {
    const COMPARES: &[&str] = &["=", "<>", "<", ">", "<=", ">=", "in", "like", "ilike", "is", "~"];
    let (mut depth, mut found) = (0_usize, None);
    for token in tokens {
        if is(Some(token), "(") || is(Some(token), "[") {
            depth += 1;
        } else if is(Some(token), ")") || is(Some(token), "]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            let here = match token {
                Token::Name(it) if it == "or" => Some(Binding::Or),
                Token::Name(it) if it == "and" => Some(Binding::And),
                it if COMPARES.iter().any(|word| is(Some(it), word)) => Some(Binding::Comparison),
                _ => None,
            };
            found = match (found, here) {
                (Some(one), Some(other)) => Some(std::cmp::min(one, other)),
                (one, other) => one.or(other),
            };
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::condition;

    #[test]
    fn what_the_server_makes_of_a_condition_is_what_was_written() {
        for (catalog, written) in [
            ("price > 0", "price>0"),
            ("(price > (0)::numeric)", "price > 0"),
            ("price > 0::numeric AND price <> '-1'::integer::numeric", "price > 0 and price != -1"),
            (
                "state::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
                "state IN ('a', 'b')",
            ),
            (
                "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "state in ('a','b')",
            ),
            (
                "(state = ANY (ARRAY['a'::text, 'b'::text])) AND x > 1",
                "state in ('a','b') AND x > 1",
            ),
            ("state <> ALL (ARRAY['a'::text, 'b'::text])", "state NOT IN ('a', 'b')"),
            ("kind = ANY (ARRAY[1, 2, 3])", "kind IN (1, 2, 3)"),
            ("state = 'a'::text", "state IN ('a')"),
            ("price >= 1 AND price <= 5", "price BETWEEN 1 AND 5"),
            ("price < 1 OR price > 5", "price not between 1 and 5"),
            ("a > 0 AND (price < 1 OR price > 5)", "a > 0 and price not between 1 and 5"),
            ("name ~~ 'a%'::text", "name LIKE 'a%'"),
            ("name::text !~~ 'a%'::text OR b IS NULL", "name not like 'a%' or b is null"),
            ("a > 0 OR b > 0 AND c > 0", "(a > 0) OR (b > 0 AND c > 0)"),
            ("(a > 0 OR b > 0) AND c > 0", "(a > 0 or b > 0) and c > 0"),
            ("char_length(name::text) > 2", "char_length(name) > 2"),
            ("deleted_at IS NULL", "(deleted_at is null)"),
            ("NOT a = 1", "NOT (a = 1)"),
            ("(a + 1) * 2 > 3", "(a + 1) * 2 > 3"),
            ("starts < ends", "starts < ends"),
            ("\"order\" > 0", "\"order\" > 0"),
            (
                "at > '2020-01-01 00:00:00'::timestamp without time zone",
                "at > '2020-01-01 00:00:00'",
            ),
        ] {
            assert_eq!(condition(catalog), condition(written), "{catalog} and {written}");
            assert_eq!(condition(&condition(catalog)), condition(catalog), "{catalog}, twice");
        }
    }

    #[test]
    fn conditions_that_differ_stay_different() {
        for (one, other) in [
            ("(a > 0 OR b > 0) AND c > 0", "a > 0 OR b > 0 AND c > 0"),
            ("NOT (a = 1 AND b = 2)", "NOT a = 1 AND b = 2"),
            ("(a + 1) * 2 > 3", "a + 1 * 2 > 3"),
            ("a = 'X'", "a = 'x'"),
            ("a = 1", "a = '1'"),
            ("a in (1, 2)", "a not in (1, 2)"),
            ("a - 1 > 0", "a > 0"),
            ("a > b", "a < b"),
            ("x = 'a b'", "x = 'ab'"),
        ] {
            assert_ne!(condition(one), condition(other), "{one} and {other}");
        }
    }

    #[test]
    fn no_condition_is_too_odd() {
        for text in [
            "",
            "(",
            ")",
            "in",
            "in (",
            "between",
            "a between 1 and",
            "not",
            "= any (array[",
            "- ",
            "a = any (",
            "((",
            "a in (1",
            "x not in",
            "between 1 and 2 and 3",
            "::",
            "1::numeric",
            "'a'::numeric(",
            "ä like",
            "not between 1 and 2",
        ] {
            condition(text);
        }
    }
}
