//! Walks over the tokens of one statement, word by word and name by name.

use super::lexer::{Token, TokenKind, lex_significant};
use crate::{dialect::Dialect, schema::Name};

/// The tokens of a statement without space and comments, and how far they have been read.
#[derive(Clone)]
pub(super) struct Words<'a> {
    pub(super) dialect: &'a Dialect,
    pub(super) source: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(dialect: &'a Dialect, source: &'a str) -> Self {
        let mut tokens = lex_significant(dialect, source);
        while tokens.last().is_some_and(|it| it.is_symbol(source, ';')) {
            tokens.pop();
        }
        Self { dialect, source, tokens, at: 0 }
    }

    pub(super) fn rest(&self) -> &[Token] {
        &self.tokens[self.at.min(self.tokens.len())..]
    }

    pub(super) fn at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// The next word in capitals; empty where no word comes next.
    pub(super) fn peek(&self) -> String {
        match self.rest().first() {
            Some(token) if token.kind == TokenKind::Word => {
                token.text(self.source).to_ascii_uppercase()
            }
            _ => String::new(),
        }
    }

    /// Whether the next words are these.
    pub(super) fn next_are(&self, words: &[&str]) -> bool {
        let rest = self.rest();
        rest.len() >= words.len()
            && rest.iter().zip(words).all(|(token, word)| token.is_word(self.source, word))
    }

    /// Goes behind `words` if they come next.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let found = self.next_are(words);
        if found {
            self.at += words.len();
        }
        found
    }

    /// Goes behind whichever one of `words` comes next.
    pub(super) fn take_one_of(&mut self, words: &[&str]) -> bool {
        words.iter().any(|it| self.take(&[it]))
    }

    /// Whether this sign comes next.
    pub(super) fn next_is(&self, symbol: char) -> bool {
        self.rest().first().is_some_and(|it| it.is_symbol(self.source, symbol))
    }

    /// Goes behind `symbol` if it comes next.
    pub(super) fn take_symbol(&mut self, symbol: char) -> bool {
        let found = self.next_is(symbol);
        self.at += usize::from(found);
        found
    }

    /// One name without a namespace.
    pub(super) fn identifier(&mut self) -> Option<String> {
        let name = self.rest().first()?.name(self.dialect, self.source)?;
        self.at += 1;
        Some(name)
    }

    /// A name, with its namespace if it has one; `None` for what is no name, or one of three parts.
    pub(super) fn name(&mut self) -> Option<Name> {
        let first = self.identifier()?;
        if !self.take_symbol('.') {
            return Some(Name::new(first));
        }
        let name = self.identifier()?;
        (!self.next_is('.')).then_some(Name { namespace: Some(first), name })
    }

    /// A plain string, without its quotes; `None` for one that may hold escapes.
    pub(super) fn string(&mut self) -> Option<String> {
        let text = self.rest().first()?.text(self.source);
        let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
        let plain = !inner.contains('\\') && !inner.replace("''", "").contains('\'');
        self.at += 1;
        plain.then(|| inner.replace("''", "'"))
    }

    /// Whether any of the tokens still to be read is this word.
    pub(super) fn any(&self, word: &str) -> bool {
        self.rest().iter().any(|it| it.is_word(self.source, word))
    }

    /// Whether this word stands outside of parentheses among the tokens still to be read.
    pub(super) fn any_outside(&self, word: &str) -> bool {
        self.outside().any(|it| it.is_word(self.source, word))
    }

    /// The tokens still to be read that stand outside of parentheses.
    pub(super) fn outside(&self) -> impl Iterator<Item = &Token> {
        let mut depth = 0_usize;
        self.rest().iter().filter(move |token| {
            if token.is_symbol(self.source, '(') {
                depth += 1;
            } else if token.is_symbol(self.source, ')') {
                depth = depth.saturating_sub(1);
            }
            depth == 0
        })
    }
}
