//! Cuts SQL text into tokens, as the database that the text is for would.
//!
//! Nothing is lost: the tokens in a row are the text. Nothing is refused either: what isn't
//! closed is a token that says so, and whoever reads the tokens decides what to tell the user.

use std::{borrow::Cow, ops::Range};

use crate::dialect::{Dialect, Lexical, Parameters};

/// A stretch of SQL text, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The byte it begins at.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// Whether a string, a quoted name or a comment was closed before the text ended.
    pub terminated: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, or a name without quotes.
    Word,
    /// A name in quotes of any kind.
    QuotedName,
    /// A string with what stands before its quote: `'a'`, `E'a'`, `x'ff'`, `N'a'`.
    String,
    /// A string between `$tag$`s.
    DollarString,
    /// A number.
    Number,
    /// A place for a value, or a variable of the session: `$1`, `?`, `:name`, `@name`.
    Parameter,
    /// One character of punctuation, or of an operator.
    Symbol,
    /// Space between tokens.
    Whitespace,
    /// A comment.
    Comment,
    /// `/*+ … */`: a word to the optimizer.
    Hint,
    /// `/*! … */`: text that the database reads, and others skip.
    ExecutableComment,
}

impl Token {
    /// Its bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its text, out of the text it was cut from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start..self.end]
    }

    /// Whether it is the keyword or unquoted name `word`.
    pub fn is_word(&self, source: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(source).eq_ignore_ascii_case(word)
    }

    /// Whether it is this character of punctuation.
    pub fn is_symbol(&self, source: &str, symbol: char) -> bool {
        self.kind == TokenKind::Symbol && self.text(source).starts_with(symbol)
    }

    /// Whether it means nothing to the database: space, a comment or a hint.
    pub fn is_blank(&self) -> bool {
        matches!(self.kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::Hint)
    }

    /// The name that it is as the catalog knows it: without its quotes, and folded where this
    /// database folds. `None` if it is no name, or one that can't be told (`U&"…"`).
    pub fn name(&self, dialect: &Dialect, source: &str) -> Option<String> {
        let text = self.text(source);
        match self.kind {
            TokenKind::Word if dialect.lexical.folds_names => Some(text.to_lowercase()),
            TokenKind::Word => Some(text.to_owned()),
            TokenKind::QuotedName => unquoted(text).map(Cow::into_owned),
            _ => None,
        }
    }
}

/// A quoted name without its quotes; `None` for one with escapes of its own, or unclosed.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '`' => open,
        '[' => ']',
        _ => return None,
    };
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    let doubled: String = [close, close].iter().collect();
    Some(if open != '[' && inner.contains(&doubled) {
        Cow::Owned(inner.replace(&doubled, &close.to_string()))
    } else {
        Cow::Borrowed(inner)
    })
}

/// The tokens of `text`.
pub fn lex(dialect: &Dialect, text: &str) -> Vec<Token> {
    let mut lexer = Lexer::new(dialect, text);
    std::iter::from_fn(|| lexer.next_token()).collect()
}

/// The tokens of `text` that mean something, without space and comments.
pub fn lex_significant(dialect: &Dialect, text: &str) -> Vec<Token> {
    let mut tokens = lex(dialect, text);
    tokens.retain(|it| !it.is_blank());
    tokens
}

/// Reads one token after the other.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    rules: Lexical,
    text: &'a str,
    position: usize,
    /// Whether the token before was a name, so that `.5` behind it is no number.
    after_name: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(dialect: &Dialect, text: &'a str) -> Self {
        Self { rules: dialect.lexical, text, position: 0, after_name: false }
    }

    /// Where the next token begins.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Goes on at `position`, which must lie between two characters.
    pub(super) fn go_to(&mut self, position: usize) {
        self.position = position.min(self.text.len());
        self.after_name = false;
    }

    /// The next token, or `None` at the end.
    pub(super) fn next_token(&mut self) -> Option<Token> {
        if self.position >= self.text.len() {
            return None;
        }
        let start = self.position;
        let scan = Scan { rules: self.rules, text: self.text, bytes: self.text.as_bytes() };
        let (kind, end) = scan.token(start, self.after_name);
        // An end behind the text is how a scanner says that it found no closing mark.
        let terminated = end.is_some();
        let end = end.unwrap_or(self.text.len());
        self.position = end;
        self.after_name = matches!(kind, TokenKind::Word | TokenKind::QuotedName);
        Some(Token { kind, start, end, terminated })
    }
}

/// The text and how it is read; each method answers where something ends, or `None` if it
/// doesn't before the text does.
#[derive(Clone, Copy)]
struct Scan<'a> {
    rules: Lexical,
    text: &'a str,
    bytes: &'a [u8],
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn continues_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

impl Scan<'_> {
    fn at(&self, position: usize) -> u8 {
        // A zero byte stands for the end: no token begins or goes on with one.
        self.bytes.get(position).copied().unwrap_or(0)
    }

    fn starts(&self, position: usize, with: &str) -> bool {
        self.bytes[position.min(self.bytes.len())..].starts_with(with.as_bytes())
    }

    /// The first position from `from` on whose byte isn't of this kind.
    fn skip(&self, from: usize, of_kind: impl Fn(u8) -> bool) -> usize {
        let rest = &self.bytes[from.min(self.bytes.len())..];
        from + rest.iter().position(|it| !of_kind(*it)).unwrap_or(rest.len())
    }

    /// The kind of the token at `start`, and its end.
    fn token(&self, start: usize, after_name: bool) -> (TokenKind, Option<usize>) {
        // Editors on Windows put a byte order mark first, which no database wants to see.
        if start == 0 && self.text.starts_with('\u{feff}') {
            return (TokenKind::Whitespace, Some('\u{feff}'.len_utf8()));
        }
        if is_space(self.at(start)) {
            return (TokenKind::Whitespace, Some(self.skip(start, is_space)));
        }
        self.comment(start)
            .or_else(|| self.quoted(start))
            .or_else(|| self.number(start, after_name))
            .or_else(|| self.parameter(start))
            .unwrap_or_else(|| self.word_or_symbol(start))
    }

    fn word_or_symbol(&self, start: usize) -> (TokenKind, Option<usize>) {
        let byte = self.at(start);
        // MySQL's names may begin with a dollar sign ("Schema Object Names"); where it begins a
        // parameter or a string, that was looked for before.
        let dollar = byte == b'$' && self.rules.parameters == Parameters::Variables;
        if begins_word(byte) || dollar {
            (TokenKind::Word, Some(self.skip(start, continues_word)))
        } else {
            (TokenKind::Symbol, Some(start + 1))
        }
    }

    fn comment(&self, start: usize) -> Option<(TokenKind, Option<usize>)> {
        let rules = &self.rules;
        if self.begins_line_comment(start) {
            return Some((TokenKind::Comment, Some(self.line_end(start))));
        }
        if !self.starts(start, "/*") {
            return None;
        }
        let executable = rules.executable_comments && self.starts(start, "/*!")
            || rules.mariadb_comments && self.starts(start, "/*M!");
        if executable {
            let end = self.executable_comment(start + 2).or_else(|| self.plain_comment(start));
            return Some((TokenKind::ExecutableComment, end));
        }
        let hint = rules.executable_comments && self.starts(start, "/*+");
        let kind = if hint { TokenKind::Hint } else { TokenKind::Comment };
        let end = if rules.nested_comments {
            self.nested_comment(start)
        } else {
            self.plain_comment(start)
        };
        Some((kind, end))
    }

    fn begins_line_comment(&self, start: usize) -> bool {
        if self.rules.hash_comments && self.at(start) == b'#' {
            return true;
        }
        if !self.starts(start, "--") {
            return false;
        }
        // MySQL, "Comments": the second dash must be followed by a space or control character.
        let after = self.at(start + 2);
        !self.rules.dashes_need_space || after <= b' ' || after == 0x7f
    }

    fn line_end(&self, start: usize) -> usize {
        // PostgreSQL ends a comment at a lone carriage return too; others at a newline only.
        let both = self.rules.return_ends_comment;
        self.skip(start, |it| it != b'\n' && !(both && it == b'\r'))
    }

    fn plain_comment(&self, start: usize) -> Option<usize> {
        self.text[start + 2..].find("*/").map(|it| start + 2 + it + 2)
    }

    fn nested_comment(&self, start: usize) -> Option<usize> {
        let (mut depth, mut position) = (1_usize, start + 2);
        while position < self.bytes.len() {
            if self.starts(position, "/*") {
                depth += 1;
                position += 2;
            } else if self.starts(position, "*/") {
                depth -= 1;
                position += 2;
                if depth == 0 {
                    return Some(position);
                }
            } else {
                position += 1;
            }
        }
        None
    }

    /// The end of text that is executed: a `*/` in one of its strings doesn't close it.
    fn executable_comment(&self, from: usize) -> Option<usize> {
        let mut position = from;
        while position < self.bytes.len() {
            if self.starts(position, "*/") {
                return Some(position + 2);
            }
            position = if self.starts(position, "/*") {
                self.plain_comment(position)?
            } else if self.begins_line_comment(position) {
                self.line_end(position)
            } else if let Some((_, end)) = self.quoted(position) {
                end?
            } else if continues_word(self.at(position)) {
                self.skip(position, continues_word)
            } else {
                position + 1
            };
        }
        None
    }

    /// A string or a quoted name.
    fn quoted(&self, start: usize) -> Option<(TokenKind, Option<usize>)> {
        let rules = &self.rules;
        let found = match self.at(start) {
            b'\'' => (TokenKind::String, self.string(start, rules.backslash_escapes)),
            b'"' if rules.double_quoted_names => {
                (TokenKind::QuotedName, self.until(start + 1, b'"', false))
            }
            b'"' => (TokenKind::String, self.until(start + 1, b'"', rules.backslash_escapes)),
            b'`' if rules.backtick_names => {
                (TokenKind::QuotedName, self.until(start + 1, b'`', false))
            }
            b'[' if rules.bracket_names => {
                let end = self.text[start..].find(']').map(|it| start + it + 1);
                (TokenKind::QuotedName, end)
            }
            b'$' if rules.dollar_quotes => return self.dollar_string(start),
            b'e' | b'E' if rules.escape_strings && self.at(start + 1) == b'\'' => {
                (TokenKind::String, self.string(start + 1, true))
            }
            b'u' | b'U' if rules.escape_strings && self.at(start + 1) == b'&' => {
                match self.at(start + 2) {
                    b'\'' => (TokenKind::String, self.string(start + 2, false)),
                    b'"' => (TokenKind::QuotedName, self.until(start + 3, b'"', false)),
                    _ => return None,
                }
            }
            b'n' | b'N' | b'x' | b'X' | b'b' | b'B' if self.at(start + 1) == b'\'' => {
                (TokenKind::String, self.string(start + 1, rules.backslash_escapes))
            }
            _ => return None,
        };
        Some(found)
    }

    /// The end of the string whose quote stands at `quote`.
    fn string(&self, quote: usize, escapes: bool) -> Option<usize> {
        let mut end = self.until(quote + 1, b'\'', escapes)?;
        if !(escapes && self.rules.escape_strings) {
            return Some(end);
        }
        // PostgreSQL, "String Constants": a string goes on in the next line, with the same
        // meaning of the backslash.
        loop {
            let next = self.skip(end, is_space);
            let broken = self.text[end..next].contains(['\n', '\r']);
            if !broken || self.at(next) != b'\'' {
                return Some(end);
            }
            end = self.until(next + 1, b'\'', true)?;
        }
    }

    /// Behind the closing quote: a doubled one belongs to the text, as does an escaped one.
    fn until(&self, from: usize, quote: u8, escapes: bool) -> Option<usize> {
        let mut position = from;
        while let Some(&byte) = self.bytes.get(position) {
            if escapes && byte == b'\\' {
                position += 2;
            } else if byte != quote {
                position += 1;
            } else if self.at(position + 1) == quote {
                position += 2;
            } else {
                return Some(position + 1);
            }
        }
        None
    }

    fn dollar_string(&self, start: usize) -> Option<(TokenKind, Option<usize>)> {
        let first = self.at(start + 1);
        let tag_end = if first == b'$' {
            start + 1
        } else if begins_word(first) {
            self.skip(start + 1, |it| continues_word(it) && it != b'$')
        } else {
            return None;
        };
        if self.at(tag_end) != b'$' {
            return None;
        }
        let tag = &self.text[start..=tag_end];
        let end = self.text[tag_end + 1..].find(tag).map(|it| tag_end + 1 + it + tag.len());
        Some((TokenKind::DollarString, end))
    }

    fn number(&self, start: usize, after_name: bool) -> Option<(TokenKind, Option<usize>)> {
        let digit = |it: u8| it.is_ascii_digit() || it == b'_';
        let first = self.at(start);
        let leading_point = first == b'.' && !after_name && self.at(start + 1).is_ascii_digit();
        if !first.is_ascii_digit() && !leading_point {
            return None;
        }
        if first == b'0' && matches!(self.at(start + 1), b'x' | b'X' | b'b' | b'B' | b'o' | b'O') {
            return Some((TokenKind::Number, Some(self.skip(start + 2, continues_word))));
        }
        let whole = self.skip(start, digit);
        let mut end = whole;
        if self.at(end) == b'.' && self.at(end + 1) != b'.' {
            end = self.skip(end + 1, digit);
        }
        let sign = usize::from(matches!(self.at(end + 1), b'+' | b'-'));
        if matches!(self.at(end), b'e' | b'E') && self.at(end + 1 + sign).is_ascii_digit() {
            end = self.skip(end + 1 + sign, digit);
        }
        // MySQL's names may begin with a digit ("Schema Object Names"): `1st`, `2fa_codes`.
        let name = end == whole
            && self.rules.parameters == Parameters::Variables
            && continues_word(self.at(end));
        if name {
            return Some((TokenKind::Word, Some(self.skip(end, continues_word))));
        }
        Some((TokenKind::Number, Some(end)))
    }

    fn parameter(&self, start: usize) -> Option<(TokenKind, Option<usize>)> {
        let next = self.at(start + 1);
        let end = match (self.rules.parameters, self.at(start)) {
            (Parameters::Numbered, b'$') if next.is_ascii_digit() => {
                self.skip(start + 1, |it| it.is_ascii_digit())
            }
            (Parameters::Named, b'?') => self.skip(start + 1, |it| it.is_ascii_digit()),
            (Parameters::Named, b':' | b'@' | b'$') if continues_word(next) => {
                self.skip(start + 1, continues_word)
            }
            (Parameters::Variables, b'?') => start + 1,
            (Parameters::Variables, b'@') => return Some(self.variable(start)),
            _ => return None,
        };
        Some((TokenKind::Parameter, Some(end)))
    }

    /// MySQL's `@name`, `` @`name` ``, `@'name'` and `@@global.name`; also the host of a user,
    /// as in `root@localhost`.
    fn variable(&self, start: usize) -> (TokenKind, Option<usize>) {
        let from = self.skip(start, |it| it == b'@');
        match self.at(from) {
            b'`' | b'\'' | b'"' => {
                let (_, end) = self.quoted(from).unwrap_or((TokenKind::Symbol, Some(from)));
                (TokenKind::Parameter, end)
            }
            _ => {
                (TokenKind::Parameter, Some(self.skip(from, |it| continues_word(it) || it == b'.')))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TokenKind::*, *};
    use crate::dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE};

    /// The tokens with their kinds, without space.
    fn check(dialect: &Dialect, text: &str, wanted: &[(TokenKind, &str)]) {
        let tokens = lex(dialect, text);
        let found: Vec<_> = tokens
            .iter()
            .filter(|it| it.kind != Whitespace)
            .map(|it| (it.kind, it.text(text)))
            .collect();
        assert_eq!(found, wanted, "{} reads {text:?}", dialect.name);
        assert!(tokens.iter().all(|it| it.terminated), "{} reads {text:?}", dialect.name);
    }

    #[test]
    fn postgres_strings_are_read_by_its_manual() {
        check(&POSTGRES, r"'a\' 'b'", &[(String, r"'a\'"), (String, "'b'")]);
        check(&POSTGRES, r"E'a\'b' e'\\'", &[(String, r"E'a\'b'"), (String, r"e'\\'")]);
        check(&POSTGRES, "E'a'\n 'b\\'c' x", &[(String, "E'a'\n 'b\\'c'"), (Word, "x")]);
        check(
            &POSTGRES,
            "'it''s' U&'d\\0061' U&\"x\"",
            &[(String, "'it''s'"), (String, "U&'d\\0061'"), (QuotedName, "U&\"x\"")],
        );
        check(
            &POSTGRES,
            "$$a'b$$ $f$ $$ $f$ $1 a$b$ 1",
            &[
                (DollarString, "$$a'b$$"),
                (DollarString, "$f$ $$ $f$"),
                (Parameter, "$1"),
                (Word, "a$b$"),
                (Number, "1"),
            ],
        );
        check(
            &POSTGRES,
            "/* a /* b */ c */ 1--2",
            &[(Comment, "/* a /* b */ c */"), (Number, "1"), (Comment, "--2")],
        );
        check(
            &POSTGRES,
            "a[1] ? '#' # 1",
            &[
                (Word, "a"),
                (Symbol, "["),
                (Number, "1"),
                (Symbol, "]"),
                (Symbol, "?"),
                (String, "'#'"),
                (Symbol, "#"),
                (Number, "1"),
            ],
        );
        check(&POSTGRES, "--a\rb", &[(Comment, "--a"), (Word, "b")]);
    }

    #[test]
    fn mysql_text_is_read_by_its_manual() {
        check(
            &MYSQL,
            r#"'a\'b' "c\"d" `e``f`"#,
            &[(String, r"'a\'b'"), (String, r#""c\"d""#), (QuotedName, "`e``f`")],
        );
        check(
            &MYSQL,
            "5--1 # c\n-- d\n--\te",
            &[
                (Number, "5"),
                (Symbol, "-"),
                (Symbol, "-"),
                (Number, "1"),
                (Comment, "# c"),
                (Comment, "-- d"),
                (Comment, "--\te"),
            ],
        );
        check(
            &MYSQL,
            "/*!50001 SELECT '*/' /* x */ */ /*+ A */ /*M! b */",
            &[
                (ExecutableComment, "/*!50001 SELECT '*/' /* x */ */"),
                (Hint, "/*+ A */"),
                (Comment, "/*M! b */"),
            ],
        );
        check(&MARIADB, "/*M!100100 a */", &[(ExecutableComment, "/*M!100100 a */")]);
        check(
            &MYSQL,
            "N'a' _utf8'b' x'ff' 0xFF 2fa 1e5 @a @@global.x @`q` t.1a",
            &[
                (String, "N'a'"),
                (Word, "_utf8"),
                (String, "'b'"),
                (String, "x'ff'"),
                (Number, "0xFF"),
                (Word, "2fa"),
                (Number, "1e5"),
                (Parameter, "@a"),
                (Parameter, "@@global.x"),
                (Parameter, "@`q`"),
                (Word, "t"),
                (Symbol, "."),
                (Word, "1a"),
            ],
        );
    }

    #[test]
    fn sqlite_text_is_read_by_its_manual() {
        check(
            &SQLITE,
            "[a b] `c` \"d\"\"e\" x'ff' ?1 :a @b $c .5",
            &[
                (QuotedName, "[a b]"),
                (QuotedName, "`c`"),
                (QuotedName, "\"d\"\"e\""),
                (String, "x'ff'"),
                (Parameter, "?1"),
                (Parameter, ":a"),
                (Parameter, "@b"),
                (Parameter, "$c"),
                (Number, ".5"),
            ],
        );
        check(&SQLITE, "/* /* */ 'a\\'", &[(Comment, "/* /* */"), (String, "'a\\'")]);
    }

    #[test]
    fn a_name_is_what_the_catalog_calls_it() {
        let name = |dialect: &Dialect, text: &str| lex(dialect, text)[0].name(dialect, text);
        assert_eq!(name(&POSTGRES, "Users").as_deref(), Some("users"));
        assert_eq!(name(&POSTGRES, "\"Us\"\"ers\"").as_deref(), Some("Us\"ers"));
        assert_eq!(name(&POSTGRES, "U&\"x\""), None);
        assert_eq!(name(&SQLITE, "[Us`ers]").as_deref(), Some("Us`ers"));
        assert_eq!(name(&MYSQL, "`Us``ers`").as_deref(), Some("Us`ers"));
        assert_eq!(name(&MYSQL, "Users").as_deref(), Some("Users"));
        assert_eq!(name(&MYSQL, "'a'"), None);
    }

    #[test]
    fn what_is_not_closed_says_so() {
        for text in ["'a", "\"a", "/* a", "$$ a", "E'a\\'", "/* /* */", "'a''", "$ä$ x $b$"] {
            let tokens = lex(&POSTGRES, text);
            assert!(!tokens.last().unwrap().terminated, "{text}");
        }
        for text in ["`a", "\"a\\\"", "/*!", "@'a"] {
            assert!(!lex(&MYSQL, text).last().unwrap().terminated, "{text}");
        }
    }

    #[test]
    fn an_apostrophe_in_a_skipped_version_comment_does_not_swallow_the_file() {
        let text = "/*!99999 don't */ SELECT 1";
        assert_eq!(lex(&MYSQL, text)[0].text(text), "/*!99999 don't */");
    }

    fn check_lossless(text: &str) {
        for dialect in ALL {
            let mut position = 0;
            for token in lex(dialect, text) {
                assert_eq!(token.start, position, "{} of {text:?}", dialect.name);
                assert!(token.end > token.start, "{} of {text:?}", dialect.name);
                assert!(text.is_char_boundary(token.end), "{} of {text:?}", dialect.name);
                position = token.end;
            }
            assert_eq!(position, text.len(), "{} of {text:?}", dialect.name);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_of_any_text(text in any::<std::string::String>()) {
            check_lossless(&text);
        }

        #[test]
        fn nothing_is_lost_of_text_that_looks_like_sql(
            text in r#"(E|U&|N|x|_|-- |--|#|/\*|\*/|/\*!|/\*M!|\$a\$|\$\$|\$|'|"|`|\[|\]|\\|@|:|\?|1|0x|\.|e|ä| |\n|\r|;|\(|\)){0,24}"#
        ) {
            check_lossless(&text);
        }
    }
}
