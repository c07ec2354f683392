//! Cuts a script into its statements, where the database's own client program would.
//!
//! A semicolon ends a statement unless it stands in a string, in parentheses or in the body of a
//! routine. What only a client program understands (`\i`, `COPY … FROM stdin` with its rows) is
//! refused in words that say what to write instead.

mod body;
mod client;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::body::{Block, Body, Routine, is_one_of};
use super::lexer::{Lexer, Token, TokenKind};
use crate::dialect::Dialect;

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes: from its first word to its last, without the semicolon and without the
    /// comments around it.
    pub range: Range<usize>,
}

impl Piece {
    /// Its text, out of the script it was cut from.
    pub fn text<'a>(&self, script: &'a str) -> &'a str {
        &script[self.range.clone()]
    }

    /// The line it begins in, counted from 1.
    pub fn line(&self, script: &str) -> usize {
        script[..self.range.start].matches('\n').count() + 1
    }
}

/// Why a script can't be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitError {
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do now.
    pub help: String,
    /// The bytes that are to blame.
    pub range: Range<usize>,
}

/// The statements of `script` in their order, or everything that keeps it from being cut.
pub fn split(dialect: &Dialect, script: &str) -> Result<Vec<Piece>, Vec<SplitError>> {
    let mut splitter = Splitter {
        dialect,
        script,
        lexer: Lexer::new(dialect, script),
        delimiter: None,
        pieces: Vec::new(),
        errors: Vec::new(),
        current: Current::default(),
    };
    while splitter.step() {}
    splitter.finish_statement(true);
    if splitter.errors.is_empty() { Ok(splitter.pieces) } else { Err(splitter.errors) }
}

struct Splitter<'a> {
    dialect: &'a Dialect,
    script: &'a str,
    lexer: Lexer<'a>,
    /// What the client program was told to end statements with, in place of a semicolon.
    delimiter: Option<&'a str>,
    pieces: Vec<Piece>,
    errors: Vec<SplitError>,
    current: Current,
}

/// The statement that is being read.
#[derive(Default)]
struct Current {
    /// Its tokens so far, without space and comments.
    tokens: Vec<Token>,
    /// Where its open parentheses stand.
    parentheses: Vec<usize>,
    /// The body that it may have, once its first words tell.
    body: Option<Body>,
    /// Whether its first words have told.
    known: bool,
}

impl<'a> Splitter<'a> {
    /// Reads one token; `false` at the end.
    fn step(&mut self) -> bool {
        let position = self.lexer.position();
        if let Some(delimiter) = self.delimiter
            && self.script[position..].starts_with(delimiter)
        {
            self.finish_statement(false);
            self.lexer.go_to(position + delimiter.len());
            return true;
        }
        let Some(mut token) = self.lexer.next_token() else { return false };
        self.cut_at_delimiter(&mut token);
        if !token.terminated {
            self.unterminated(&token);
            return false;
        }
        if token.is_blank() {
            return true;
        }
        if self.current.tokens.is_empty() && self.client_command(&token) {
            return true;
        }
        if token.is_symbol(self.script, '\\') && !self.null_literal(&token) {
            self.meta_command(&token);
            return true;
        }
        if token.is_symbol(self.script, ';') && self.semicolon_ends() {
            self.finish_statement(false);
            return true;
        }
        self.take(token);
        true
    }

    fn text(&self, token: &Token) -> &'a str {
        token.text(self.script)
    }

    /// The client program finds its delimiter everywhere but in strings and comments, also in
    /// the middle of what would else be a word: `END$$`.
    fn cut_at_delimiter(&mut self, token: &mut Token) {
        let Some(delimiter) = self.delimiter else { return };
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Parameter) {
            return;
        }
        if let Some(at) = self.text(token).find(delimiter).filter(|it| *it > 0) {
            token.end = token.start + at;
            self.lexer.go_to(token.end);
        }
    }

    /// MariaDB reads `\N` as `NULL` where a backslash escapes.
    fn null_literal(&self, token: &Token) -> bool {
        self.dialect.lexical.backslash_escapes && self.script[token.end..].starts_with('N')
    }

    fn error(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(SplitError { message: message.into(), help: help.into(), range });
    }

    fn unterminated(&mut self, token: &Token) {
        let text = self.text(token);
        let (what, help) = match token.kind {
            TokenKind::Comment | TokenKind::Hint | TokenKind::ExecutableComment => {
                ("this comment is never closed", "close it with `*/`".to_owned())
            }
            TokenKind::DollarString => {
                let tag = &text[..text[1..].find('$').map_or(text.len(), |it| it + 2)];
                ("this string is never closed", format!("close it with `{tag}`"))
            }
            TokenKind::QuotedName => {
                let close = if text.starts_with('[') { "]" } else { &text[..1] };
                let close = if text.starts_with(['u', 'U']) { "\"" } else { close };
                ("this quoted name is never closed", format!("close it with `{close}`"))
            }
            _ => (
                "this string is never closed",
                "close it; a quote inside of a string is written twice".to_owned(),
            ),
        };
        // The rest of the file is in it, so the mark that opens it is what to look at.
        let end = text.find('\n').map_or(token.end, |it| token.start + it);
        self.error(token.start..end, what, help);
        self.current = Current::default();
    }

    /// Whether a semicolon here ends the statement.
    fn semicolon_ends(&self) -> bool {
        if !self.current.parentheses.is_empty() {
            return false;
        }
        match &self.current.body {
            None => true,
            // With a delimiter of its own, a routine ends there and nowhere else.
            Some(_) if self.delimiter.is_some() => false,
            Some(body) => body.open.is_empty(),
        }
    }

    /// Adds a token to the statement.
    fn take(&mut self, token: Token) {
        let current = &mut self.current;
        if token.is_symbol(self.script, '(') {
            current.parentheses.push(token.start);
        } else if token.is_symbol(self.script, ')') {
            current.parentheses.pop();
        }
        if !current.known {
            current.tokens.push(token);
            self.recognise();
            return;
        }
        let depth = current.parentheses.len();
        if let Some(body) = &mut current.body {
            body.read(self.dialect, self.script, &current.tokens, &token, depth, &self.lexer);
        }
        current.tokens.push(token);
    }

    /// Decides from the first words of a statement whether it has a body.
    fn recognise(&mut self) {
        const HEAD: &[&str] = &[
            "CREATE",
            "ALTER",
            "OR",
            "REPLACE",
            "DEFINER",
            "CURRENT_USER",
            "CURRENT_ROLE",
            "SQL",
            "SECURITY",
            "INVOKER",
            "AGGREGATE",
            "TEMP",
            "TEMPORARY",
            "CONSTRAINT",
        ];
        let lexical = &self.dialect.lexical;
        let tokens = &self.current.tokens;
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        if first.kind != TokenKind::Word || !(lexical.compound_bodies || lexical.atomic_bodies) {
            self.current.known = true;
            return;
        }
        if !is_one_of(self.text(first), &["CREATE", "ALTER"]) {
            self.recognise_compound();
            return;
        }
        // A definer is a user, whatever its name: ``DEFINER = event@localhost``.
        let before = tokens.len().checked_sub(2).map(|it| &tokens[it]);
        let user = before.is_some_and(|it| it.is_symbol(self.script, '='));
        if user || last.kind != TokenKind::Word {
            return;
        }
        let word = self.text(last);
        let routine = match () {
            () if !lexical.compound_bodies && is_one_of(word, &["FUNCTION", "PROCEDURE"]) => {
                Routine::Atomic
            }
            () if !lexical.compound_bodies => {
                self.current.known = !is_one_of(word, HEAD);
                return;
            }
            () if is_one_of(word, &["FUNCTION", "PROCEDURE"]) => Routine::Procedure,
            () if is_one_of(word, &["TRIGGER"]) => Routine::Trigger,
            () if is_one_of(word, &["EVENT"]) => Routine::Event,
            () => {
                self.current.known = !is_one_of(word, HEAD);
                return;
            }
        };
        self.current.known = true;
        self.current.body =
            Some(Body { routine, begun: false, ready: false, when: false, open: Vec::new() });
    }

    /// A block that stands by itself: MariaDB, "Using Compound Statements Outside of Stored
    /// Programs". `BEGIN` alone begins a transaction.
    fn recognise_compound(&mut self) {
        let tokens = &self.current.tokens;
        let procedural =
            self.dialect.lexical.compound_bodies && self.dialect.lexical.delimiter_command;
        let block = match tokens.as_slice() {
            _ if !procedural => None,
            [first] if Block::of(self.text(first)) == Some(Block::Begin) => return,
            [first] => Block::of(self.text(first)),
            [_, second] if second.is_word(self.script, "NOT") => Some(Block::Begin),
            _ => None,
        };
        self.current.known = true;
        if let Some(block) = block {
            self.current.body = Some(Body {
                routine: Routine::None,
                begun: true,
                ready: true,
                when: false,
                open: vec![(block, tokens[0].start, 0)],
            });
        }
    }

    /// Ends the statement, at the end of the script or before.
    fn finish_statement(&mut self, at_end: bool) {
        let mut current = std::mem::take(&mut self.current);
        while current.tokens.last().is_some_and(|it| it.is_symbol(self.script, ';')) {
            current.tokens.pop();
        }
        let (Some(first), Some(last)) = (current.tokens.first(), current.tokens.last()) else {
            return;
        };
        let range = first.start..last.end;
        if let Some(&open) = current.parentheses.last() {
            self.error(open..open + 1, "this parenthesis is never closed", "close it with `)`");
            return;
        }
        let open = current.body.as_ref().filter(|_| self.delimiter.is_none());
        if let Some((block, at, _)) = open.and_then(|it| it.open.last()) {
            let word = block.word();
            let end = match block {
                Block::Begin | Block::CaseExpression => "END".to_owned(),
                _ => format!("END {word}"),
            };
            let message = format!("this `{word}` has no `{end}`");
            self.error(*at..at + word.len(), message, format!("close it with `{end};`"));
            return;
        }
        if self.refused(&current.tokens, at_end) {
            return;
        }
        self.pieces.push(Piece { range });
    }
}
