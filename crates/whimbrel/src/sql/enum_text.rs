//! Enums in expressions of the user's own: which strings are values of one, and where its type is
//! named. What isn't certain is said to be so, and never guessed.

use super::{
    constraint::reader_of,
    expression::is_plain,
    lexer::{Token, TokenKind, lex_significant},
};
use crate::{
    dialect::{Dialect, POSTGRES},
    schema::{Name, PerDatabase},
};

/// What the values of a column are to an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfEnum {
    /// Values of it.
    Values,
    /// Lists of its values.
    Lists,
    /// Nothing.
    Others,
}

/// A value of an enum that gets another name, and what a text may say of it.
#[derive(Clone, Copy, Debug)]
pub struct ValueRename<'a> {
    /// The enum.
    pub enumeration: &'a Name,
    /// The name that the value has.
    pub from: &'a str,
    /// The name that it gets.
    pub to: &'a str,
    /// The columns that the text may speak of, and what each is to the enum.
    pub columns: &'a [(&'a str, OfEnum)],
    /// What the text as a whole is to the enum, where it is a default.
    pub whole: OfEnum,
}

/// Changes each text, with the dialect by whose rules it is read.
pub fn each_text_as_read<E>(
    texts: &mut PerDatabase,
    mut change: impl FnMut(&Dialect, &mut String) -> Result<(), E>,
) -> Result<(), E> {
    for (database, text) in &mut texts.texts {
        change(reader_of(*database), text)?;
    }
    match &mut texts.otherwise {
        Some(text) => change(&POSTGRES, text),
        None => Ok(()),
    }
}

/// The text with the value's new name; `None` where a string in it may be the value or may not.
pub fn rename_value_in(dialect: &Dialect, text: &str, rename: &ValueRename<'_>) -> Option<String> {
    let tokens = lex_significant(dialect, text);
    let reading = Reading { dialect, text, tokens: &tokens, rename };
    let speaks = rename.whole != OfEnum::Others
        || (0..tokens.len()).any(|at| reading.is_type(at) || reading.is_value_column(at));
    let (mut renamed, mut done) = (String::with_capacity(text.len()), 0);
    for (at, token) in tokens.iter().enumerate() {
        if !matches!(token.kind, TokenKind::String | TokenKind::DollarString) {
            continue;
        }
        let value = literal_value(dialect, token.text(text));
        let is_it = value.as_deref() == Some(rename.from);
        let may_hold = match &value {
            Some(value) => holds(value, rename.from),
            None => token.text(text).contains(rename.from),
        };
        match reading.means(at) {
            Means::Value if is_it => {
                renamed += &text[done..token.start];
                renamed += &dialect.literal(rename.to);
                done = token.end;
            }
            Means::Value if value.is_some() => {}
            Means::Other => {}
            Means::Value | Means::Unclear if speaks && (is_it || may_hold) => return None,
            Means::Value | Means::Unclear => {}
        }
    }
    renamed += &text[done..];
    Some(renamed)
}

/// The text with the new name of a type where it casts to it.
pub fn rename_type_in(dialect: &Dialect, text: &str, from: &Name, to: &Name) -> String {
    let tokens = lex_significant(dialect, text);
    let (mut renamed, mut done) = (String::with_capacity(text.len()), 0);
    for at in 0..tokens.len() {
        let Some((range, qualified)) = type_named(dialect, text, &tokens, at, from) else {
            continue;
        };
        let plain = tokens[at].kind == TokenKind::Word;
        let said = |name: &str| {
            if plain && is_plain(name) { name.to_owned() } else { dialect.quote(name) }
        };
        renamed += &text[done..range.start];
        if let Some(namespace) = &to.namespace
            && (qualified || from.namespace != to.namespace)
        {
            renamed += &said(namespace);
            renamed.push('.');
        } else if qualified && from.namespace == to.namespace {
            renamed += tokens[at].text(text);
            renamed.push('.');
        }
        renamed += &said(&to.name);
        done = range.end;
    }
    renamed += &text[done..];
    renamed
}

/// Where a text names this type to cast to it, from the token at this place on, and whether with a
/// namespace. A name without one is that of a type in the connection's own namespace.
fn type_named(
    dialect: &Dialect,
    text: &str,
    tokens: &[Token],
    at: usize,
    wanted: &Name,
) -> Option<(std::ops::Range<usize>, bool)> {
    let before = |back: usize| at.checked_sub(back).and_then(|it| tokens.get(it));
    let is = |back: usize, symbol: char| before(back).is_some_and(|it| it.is_symbol(text, symbol));
    let casts = (is(1, ':') && is(2, ':')) || before(1).is_some_and(|it| it.is_word(text, "AS"));
    if !casts {
        return None;
    }
    let first = tokens.get(at)?.name(dialect, text)?;
    let dotted = tokens.get(at + 1).is_some_and(|it| it.is_symbol(text, '.'));
    let second = tokens.get(at + 2).filter(|_| dotted);
    match second {
        None => (wanted.namespace.is_none() && first == wanted.name)
            .then(|| (tokens[at].range(), false)),
        Some(name) => {
            let namespace = wanted.namespace.as_deref().unwrap_or("public");
            let is_it = first == namespace && name.name(dialect, text)? == wanted.name;
            is_it.then(|| (tokens[at].start..name.end, true))
        }
    }
}

/// The value of a string; `None` for one with a word before its quote, or with escapes.
fn literal_value(dialect: &Dialect, text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut value = inner.replace(&format!("{quote}{quote}"), &quote.to_string());
    if dialect.lexical.backslash_escapes {
        if value.replace("\\\\", "").contains('\\') {
            return None;
        }
        value = value.replace("\\\\", "\\");
    }
    Some(value)
}

/// Whether a string is the value, or a list that has it.
fn holds(text: &str, value: &str) -> bool {
    let is_list = text.contains(['{', '[', '%', ',']);
    text == value
        || (is_list
            && (text.split(|it| "{}[],\"'% ".contains(it)).any(|it| it == value)
                || (value.contains(|it| "{}[],\"'% ".contains(it)) && text.contains(value))))
}

/// What a string in a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// A value of the enum.
    Value,
    /// A value of something else.
    Other,
    Unclear,
}

struct Reading<'a> {
    dialect: &'a Dialect,
    text: &'a str,
    tokens: &'a [Token],
    rename: &'a ValueRename<'a>,
}

/// The words between which an operand stands alone.
const BEFORE: &[&str] = &["AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "WHERE", "CASE"];
const BEHIND: &[&str] = &["AND", "OR", "WHEN", "THEN", "ELSE", "END"];

impl Reading<'_> {
    fn is_symbol(&self, at: usize, symbol: char) -> bool {
        self.tokens.get(at).is_some_and(|it| it.is_symbol(self.text, symbol))
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|it| words.iter().any(|word| it.is_word(self.text, word)))
    }

    /// Whether the enum is named here, to cast to it.
    fn is_type(&self, at: usize) -> bool {
        type_named(self.dialect, self.text, self.tokens, at, self.rename.enumeration).is_some()
    }

    /// The column that is named here.
    fn column(&self, at: usize) -> Option<OfEnum> {
        let token = self.tokens.get(at)?;
        let is_it = |column: &str| match token.kind {
            TokenKind::Word => token.text(self.text).eq_ignore_ascii_case(column),
            TokenKind::QuotedName => token.name(self.dialect, self.text).as_deref() == Some(column),
            _ => false,
        };
        let called = self.is_symbol(at + 1, '(');
        let found = self.rename.columns.iter().find(|(column, _)| is_it(column));
        found.filter(|_| !called).map(|(_, of)| *of)
    }

    fn is_value_column(&self, at: usize) -> bool {
        matches!(self.column(at), Some(OfEnum::Values | OfEnum::Lists))
    }

    /// What the string at this place is.
    fn means(&self, at: usize) -> Means {
        if let Some(of) = self.cast(at) {
            return of;
        }
        if self.rename.whole == OfEnum::Values && self.is_alone(at) {
            return Means::Value;
        }
        match self.partner(at) {
            Some(OfEnum::Values) => Means::Value,
            Some(OfEnum::Others) => Means::Other,
            Some(OfEnum::Lists) | None => Means::Unclear,
        }
    }

    /// What it is turned into, where that is said; a string that becomes something else may still
    /// be compared with what has nothing to do with the enum.
    fn cast(&self, at: usize) -> Option<Means> {
        let to = if self.is_symbol(at + 1, ':') && self.is_symbol(at + 2, ':') {
            at + 3
        } else if self.is_word(at + 1, &["AS"]) && at > 1 && self.is_word(at - 2, &["CAST"]) {
            at + 2
        } else {
            return self.cast_as_list(at);
        };
        let listed = self.is_symbol(to + 1, '[') || self.is_symbol(to + 3, '[');
        if self.is_type(to) {
            return Some(if listed { Means::Unclear } else { Means::Value });
        }
        let other = self.partner_on_the_left(at) == Some(OfEnum::Others);
        Some(if other { Means::Other } else { Means::Unclear })
    }

    /// `ARRAY['new', 'paid']::order_status[]`
    fn cast_as_list(&self, at: usize) -> Option<Means> {
        let is_part = |at: usize| {
            self.is_symbol(at, ',')
                || self.tokens.get(at).is_some_and(|it| it.kind == TokenKind::String)
        };
        let open = (0..at).rev().find(|it| !is_part(*it)).filter(|it| self.is_symbol(*it, '['))?;
        let close = (at..self.tokens.len()).find(|it| !is_part(*it))?;
        let is_cast = open > 0
            && self.is_word(open - 1, &["ARRAY"])
            && self.is_symbol(close, ']')
            && self.is_symbol(close + 1, ':')
            && self.is_type(close + 3);
        is_cast.then_some(Means::Value)
    }

    /// Whether there is nothing beside it but parentheses.
    fn is_alone(&self, at: usize) -> bool {
        let others = (0..self.tokens.len()).filter(|it| *it != at);
        others.into_iter().all(|it| self.is_symbol(it, '(') || self.is_symbol(it, ')'))
    }

    /// The column that it is compared with.
    fn partner(&self, at: usize) -> Option<OfEnum> {
        let behind = at + 1 >= self.tokens.len()
            || self.is_symbol(at + 1, ')')
            || self.is_symbol(at + 1, ',')
            || self.is_word(at + 1, BEHIND);
        if behind {
            return self.partner_on_the_left(at).or_else(|| self.case_of(at));
        }
        self.partner_on_the_right(at)
    }

    /// `status = 'paid'`, `status IN ('new', 'paid')`, `status IS DISTINCT FROM 'paid'`
    fn partner_on_the_left(&self, at: usize) -> Option<OfEnum> {
        let mut left = at.checked_sub(1)?;
        if self.is_symbol(left, '(') || self.is_symbol(left, ',') {
            let is_part = |at: usize| {
                self.is_symbol(at, ',')
                    || self.is_symbol(at, ':')
                    || self.is_symbol(at.wrapping_sub(1), ':')
                    || self.tokens.get(at).is_some_and(|it| it.kind == TokenKind::String)
            };
            while left > 0 && is_part(left) {
                left -= 1;
            }
            if !self.is_symbol(left, '(') || !self.is_word(left.checked_sub(1)?, &["IN"]) {
                return None;
            }
            left = left.checked_sub(2)?;
            if self.is_word(left, &["NOT"]) {
                left = left.checked_sub(1)?;
            }
        } else if self.is_word(left, &["FROM"]) {
            left = left.checked_sub(1).filter(|it| self.is_word(*it, &["DISTINCT"]))?;
            left = left.checked_sub(1)?;
            if self.is_word(left, &["NOT"]) {
                left = left.checked_sub(1)?;
            }
            left = left.checked_sub(1).filter(|_| self.is_word(left, &["IS"]))?;
        } else {
            let end = left;
            while self.is_comparison(left) {
                left = left.checked_sub(1)?;
            }
            if left == end {
                return None;
            }
        }
        let of = self.column(left)?;
        // `orders.status`
        let mut first = left;
        while first >= 2 && self.is_symbol(first - 1, '.') {
            first -= 2;
        }
        let alone = first == 0
            || self.is_symbol(first - 1, '(')
            || self.is_symbol(first - 1, ',')
            || self.is_word(first - 1, BEFORE);
        alone.then_some(of)
    }

    /// `'paid' = status`, `'paid' = ANY (history)`
    fn partner_on_the_right(&self, at: usize) -> Option<OfEnum> {
        let before = at == 0
            || self.is_symbol(at - 1, '(')
            || self.is_symbol(at - 1, ',')
            || self.is_word(at - 1, BEFORE);
        let mut right = at + 1;
        while self.is_comparison(right) {
            right += 1;
        }
        if !before || right == at + 1 {
            return None;
        }
        if self.is_word(right, &["ANY", "ALL", "SOME"]) {
            let of = self.column(right + 2).filter(|_| self.is_symbol(right + 3, ')'))?;
            return match of {
                OfEnum::Lists => Some(OfEnum::Values),
                OfEnum::Values | OfEnum::Others => None,
            };
        }
        while self.is_symbol(right + 1, '.') {
            right += 2;
        }
        let alone = right + 1 >= self.tokens.len()
            || self.is_symbol(right + 1, ')')
            || self.is_symbol(right + 1, ',')
            || self.is_word(right + 1, BEHIND);
        self.column(right).filter(|_| alone)
    }

    /// `CASE status WHEN 'paid' THEN …`
    fn case_of(&self, at: usize) -> Option<OfEnum> {
        if !self.is_word(at.checked_sub(1)?, &["WHEN"]) || !self.is_word(at + 1, &["THEN"]) {
            return None;
        }
        let mut depth = 0_usize;
        for case in (0..at).rev() {
            if self.is_word(case, &["END"]) {
                depth += 1;
            } else if self.is_word(case, &["CASE"]) {
                if depth == 0 {
                    return self.column(case + 1).filter(|_| self.is_word(case + 2, &["WHEN"]));
                }
                depth -= 1;
            }
        }
        None
    }

    fn is_comparison(&self, at: usize) -> bool {
        ['=', '<', '>', '!'].iter().any(|it| self.is_symbol(at, *it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::MYSQL;

    fn renamed(dialect: &Dialect, text: &str, whole: OfEnum) -> Option<String> {
        let name = Name::new("order_status");
        let columns =
            [("status", OfEnum::Values), ("history", OfEnum::Lists), ("note", OfEnum::Others)];
        let rename =
            ValueRename { enumeration: &name, from: "payed", to: "it's", columns: &columns, whole };
        rename_value_in(dialect, text, &rename)
    }

    #[test]
    fn a_value_is_known_by_what_it_is_compared_with() {
        for (text, expected) in [
            ("status = 'payed'", "status = 'it''s'"),
            ("(orders.status<>'payed') AND id > 0", "(orders.status<>'it''s') AND id > 0"),
            ("STATUS NOT IN ('new', 'payed')", "STATUS NOT IN ('new', 'it''s')"),
            ("\"status\" IS DISTINCT FROM 'payed'", "\"status\" IS DISTINCT FROM 'it''s'"),
            ("'payed' = status", "'it''s' = status"),
            ("'payed' = ANY (history)", "'it''s' = ANY (history)"),
            ("note = 'payed' OR status = 'payed'", "note = 'payed' OR status = 'it''s'"),
            (
                "CASE status WHEN 'new' THEN 1 WHEN 'payed' THEN 2 END",
                "CASE status WHEN 'new' THEN 1 WHEN 'it''s' THEN 2 END",
            ),
            (
                "CASE WHEN status = 'payed' THEN 1 ELSE 0 END",
                "CASE WHEN status = 'it''s' THEN 1 ELSE 0 END",
            ),
            ("status = 'payed'::order_status", "status = 'it''s'::order_status"),
            ("f('payed'::public.order_status)", "f('it''s'::public.order_status)"),
            ("CAST('payed' AS order_status) = x", "CAST('it''s' AS order_status) = x"),
            (
                "status = ANY (ARRAY['new', 'payed']::order_status[])",
                "status = ANY (ARRAY['new', 'it''s']::order_status[])",
            ),
            ("status <> 'payed_late' AND note <> 'not payed, yet'", ""),
            ("coalesce(note, 'payed') = note", ""),
            ("length(note) > 2 -- 'payed'", ""),
        ] {
            let expected = if expected.is_empty() { text } else { expected };
            assert_eq!(renamed(&POSTGRES, text, OfEnum::Others).as_deref(), Some(expected));
        }
        let doubled = renamed(&MYSQL, "status = \"payed\"", OfEnum::Others);
        assert_eq!(doubled.as_deref(), Some("status = 'it''s'"));
    }

    #[test]
    fn what_may_be_a_value_or_not_is_unclear() {
        for text in [
            "status::text = 'payed'",
            "coalesce(status, 'payed') = 'new'",
            "lower(status) = 'payed'",
            "note || status = 'payed'",
            "CASE WHEN status = 'new' THEN 'payed' END",
            "status LIKE 'payed%'",
            "history = '{new,payed}'",
            "status = E'payed'",
            "'payed'::text = status",
            "status BETWEEN 'new' AND 'payed'",
        ] {
            assert_eq!(renamed(&POSTGRES, text, OfEnum::Others), None, "{text}");
        }
    }

    #[test]
    fn a_default_is_a_value_as_a_whole() {
        let one = |text| renamed(&POSTGRES, text, OfEnum::Values);
        assert_eq!(one("('payed')").as_deref(), Some("('it''s')"));
        assert_eq!(one("'payed'::order_status").as_deref(), Some("'it''s'::order_status"));
        assert_eq!(one("'payed'::text::order_status"), None);
        assert_eq!(one("lower('PAYED')").as_deref(), Some("lower('PAYED')"));
        assert_eq!(one("lower('payed')"), None);
        let list = |text| renamed(&POSTGRES, text, OfEnum::Lists);
        assert_eq!(list("'{new}'").as_deref(), Some("'{new}'"));
        assert_eq!(list("'{new,payed}'"), None);
        let listed = "ARRAY['payed']::order_status[]";
        assert_eq!(list(listed).as_deref(), Some("ARRAY['it''s']::order_status[]"));
    }

    #[test]
    fn a_type_is_known_by_the_casts_to_it() {
        let shop = Name { namespace: Some("shop".to_owned()), name: "order_status".to_owned() };
        let (plain, state) = (Name::new("order_status"), Name::new("order_state"));
        let odd = Name { namespace: Some("shop".to_owned()), name: "Order state".to_owned() };
        for (from, to, text, expected) in [
            (&plain, &state, "a = 'x'::order_status", "a = 'x'::order_state"),
            (&plain, &state, "a::Order_Status[]", "a::order_state[]"),
            (&plain, &state, "a::public.order_status", "a::public.order_state"),
            (&plain, &state, "CAST(a AS \"order_status\")", "CAST(a AS \"order_state\")"),
            (&plain, &state, "order_status = 1 OR a::shop.order_status = b", ""),
            (&shop, &odd, "a::shop.order_status", "a::shop.\"Order state\""),
            (&shop, &odd, "a::order_status", ""),
            (&plain, &odd, "a::order_status", "a::shop.\"Order state\""),
        ] {
            let expected = if expected.is_empty() { text } else { expected };
            assert_eq!(rename_type_in(&POSTGRES, text, from, to), expected);
        }
    }
}
