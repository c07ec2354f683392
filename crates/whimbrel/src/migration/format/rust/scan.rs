//! A look at a text before it is parsed: what would make the parser run out of stack is refused,
//! and what precedes the first item is blanked.

use std::ops::Range;

/// The largest file, in bytes.
const MOST_BYTES: usize = 1024 * 1024;
/// How deep brackets may nest.
const DEEPEST: usize = 256;
/// How many tokens may follow each other without a `,`, a `;` or a closed block: each may be a
/// call of the parser inside the last one's.
const LONGEST_RUN: usize = 6_000;
/// How many of `<`, `=`, `|` and `else` such a run may have: each opens one more level for the
/// parser, of which it needs far more stack than of others.
const MOST_LEVELS: usize = 256;
/// How many signs or words may follow each other.
const LONGEST_SIGNS: usize = 64;

/// Why a text isn't parsed at all, and where.
pub(super) struct TooMuch {
    pub message: String,
    pub at: Range<usize>,
}

/// The text with a byte order mark and a `#!` line as spaces, so that every byte stays where it
/// is.
pub(super) fn blanked(text: &str) -> String {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let rest = &text[start..];
    let line = if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        rest.find('\n').unwrap_or(rest.len())
    } else {
        0
    };
    format!("{}{}", " ".repeat(start + line), &rest[line..])
}

/// Checks that a text is small and flat enough to be parsed.
pub(super) fn check(text: &str) -> Result<(), TooMuch> {
    if text.len() > MOST_BYTES {
        let message =
            format!("the file has {} bytes, and at most {MOST_BYTES} are read", text.len());
        return Err(TooMuch { message, at: 0..0 });
    }
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, depth: vec![Run::default()] };
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        let kind = scan.token();
        if let Err(message) = scan.count(kind) {
            let mut end = scan.at.min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            return Err(TooMuch { message, at: start..end });
        }
    }
    Ok(())
}

/// The text without its comments and its literals, except for what templates name: `{name}`. Every
/// byte stays where it is.
pub(super) fn spoken(text: &str) -> String {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, depth: Vec::new() };
    let mut left = text.as_bytes().to_vec();
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        let kind = scan.token();
        let end = scan.at.min(left.len());
        if !matches!(kind, Token::Blank | Token::Literal) {
            continue;
        }
        let mut named = false;
        for byte in &mut left[start..end] {
            named = *byte == b'{' || named && is_word(*byte);
            if !named && *byte != b'}' && *byte != b'"' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&left).into_owned()
}

/// The bracket or the quote in a text that is never closed; of brackets the one that is still open
/// where another one's other half comes.
pub(super) fn unclosed(text: &str) -> Option<Range<usize>> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, depth: vec![Run::default()] };
    let mut open: Vec<usize> = Vec::new();
    let mut last = (Token::Blank, 0);
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        let kind = scan.token();
        match kind {
            Token::Open => open.push(start),
            Token::Close(close) => {
                let other = match close {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.last().is_some_and(|it| scan.bytes[*it] != other) {
                    break;
                }
                open.pop();
            }
            _ => {}
        }
        if kind != Token::Blank || scan.at >= scan.bytes.len() {
            last = (kind, start);
        }
    }
    let at = match last {
        // A text or a comment that swallows the rest of the file.
        (Token::Literal | Token::Blank, start)
            if scan.at >= scan.bytes.len() && opens_for_good(&text[start..]) =>
        {
            start
        }
        _ => *open.last()?,
    };
    Some(at..at + text[at..].chars().next().map_or(0, char::len_utf8))
}

/// Whether a text or comment that reaches the end of the file is not ended there.
fn opens_for_good(token: &str) -> bool {
    let token = token.trim_end();
    let quotes = token.len() > 1 && token.ends_with('"') && !token.ends_with("\\\"");
    let ends = if token.starts_with("/*") { token.ends_with("*/") } else { quotes };
    (token.contains('"') || token.starts_with("/*")) && !ends && !token.starts_with("//")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Blank,
    Word,
    Else,
    Literal,
    Open,
    Close(u8),
    Separator,
    Sign,
    /// A sign that may open a level of its own.
    Level,
}

/// What was counted since the last separator inside one pair of brackets.
#[derive(Default)]
struct Run {
    tokens: usize,
    signs: usize,
    words: usize,
    levels: usize,
    /// Whether a block has just been closed.
    after_block: bool,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    depth: Vec<Run>,
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn count(&mut self, token: Token) -> Result<(), String> {
        match token {
            Token::Open => {
                self.add(Token::Open)?;
                self.depth.push(Run::default());
                if self.depth.len() > DEEPEST {
                    return Err(format!("brackets nest deeper than {DEEPEST}"));
                }
            }
            Token::Close(close) => {
                if self.depth.len() > 1 {
                    self.depth.pop();
                }
                if let Some(run) = self.depth.last_mut() {
                    run.after_block = close == b'}';
                }
            }
            Token::Blank => {}
            other => self.add(other)?,
        }
        Ok(())
    }

    fn add(&mut self, token: Token) -> Result<(), String> {
        let Some(run) = self.depth.last_mut() else { return Ok(()) };
        // A block ends a statement, unless an `else` or an operator goes on with it.
        let ended = run.after_block && !matches!(token, Token::Else | Token::Sign | Token::Level);
        if token == Token::Separator || ended {
            *run = Run::default();
        }
        run.after_block = false;
        run.tokens += 1;
        let is_sign = matches!(token, Token::Sign | Token::Level);
        run.levels += usize::from(matches!(token, Token::Level | Token::Else));
        run.signs = if is_sign { run.signs + 1 } else { 0 };
        run.words = if token == Token::Word { run.words + 1 } else { 0 };
        if run.tokens > LONGEST_RUN || run.levels > MOST_LEVELS {
            return Err("an expression has too many parts".to_owned());
        }
        if run.signs > LONGEST_SIGNS || run.words > LONGEST_SIGNS {
            return Err(format!("more than {LONGEST_SIGNS} signs or words follow each other"));
        }
        Ok(())
    }

    /// Steps over one token.
    fn token(&mut self) -> Token {
        let byte = self.peek(0);
        match byte {
            _ if byte.is_ascii_whitespace() => {
                self.at += 1;
                Token::Blank
            }
            b'/' if self.peek(1) == b'/' => {
                while self.at < self.bytes.len() && self.peek(0) != b'\n' {
                    self.at += 1;
                }
                Token::Blank
            }
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => self.quoted(),
            b'\'' => self.tick(),
            b'(' | b'[' | b'{' => {
                self.at += 1;
                Token::Open
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                Token::Close(byte)
            }
            b',' | b';' => {
                self.at += 1;
                Token::Separator
            }
            b'<' | b'=' | b'|' => {
                self.at += 1;
                Token::Level
            }
            _ if is_word(byte) => self.word(),
            _ => {
                self.at += 1;
                Token::Sign
            }
        }
    }

    fn block_comment(&mut self) -> Token {
        let mut open = 0;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    open += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    open -= 1;
                    self.at += 2;
                    if open == 0 {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        Token::Blank
    }

    fn quoted(&mut self) -> Token {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        Token::Literal
    }

    /// A character literal, or a lifetime.
    fn tick(&mut self) -> Token {
        if self.peek(1) == b'\\' {
            self.at += 3;
            while self.at < self.bytes.len() && !matches!(self.peek(0), b'\'' | b'\n') {
                self.at += 1;
            }
            self.at += 1;
            return Token::Literal;
        }
        let mut end = self.at + 2;
        while self.bytes.get(end).is_some_and(|it| it & 0b1100_0000 == 0b1000_0000) {
            end += 1;
        }
        if self.bytes.get(end) == Some(&b'\'') {
            self.at = end + 1;
            return Token::Literal;
        }
        self.at += 1;
        Token::Word
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        let prefix = matches!(word, b"r" | b"b" | b"c" | b"br" | b"cr");
        let raw = prefix && word.ends_with(b"r");
        match self.peek(0) {
            b'"' if raw => self.raw(0),
            b'"' if prefix => self.quoted(),
            b'#' if raw => {
                let hashes = self.bytes[self.at..].iter().take_while(|it| **it == b'#').count();
                if self.peek(hashes) == b'"' {
                    self.at += hashes;
                    return self.raw(hashes);
                }
                Token::Word
            }
            _ if word == b"else" => Token::Else,
            _ => Token::Word,
        }
    }

    /// From the opening quote of a raw string to behind its last `#`.
    fn raw(&mut self, hashes: usize) -> Token {
        self.at += 1;
        while self.at < self.bytes.len() {
            let closed = self.peek(0) == b'"' && (1..=hashes).all(|it| self.peek(it) == b'#');
            self.at += 1;
            if closed {
                self.at += hashes;
                break;
            }
        }
        Token::Literal
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
