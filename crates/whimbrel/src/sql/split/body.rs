//! The body of a routine, in which semicolons end no statement of the script.

use crate::{
    dialect::Dialect,
    sql::lexer::{Lexer, Token, TokenKind},
};

/// The body of a routine, or a compound statement that stands by itself.
pub(super) struct Body {
    pub(super) routine: Routine,
    /// Whether the body has begun; before that, this is the routine's head.
    pub(super) begun: bool,
    /// The head has come to where the body can begin: `FOR EACH ROW`, `DO`, the parameters.
    pub(super) ready: bool,
    /// Whether the head has a `WHEN (…)`, in which a `CASE` is an expression.
    pub(super) when: bool,
    /// What is open, each with the place it was opened at and how many parentheses were open.
    pub(super) open: Vec<(Block, usize, usize)>,
}

/// What the body belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Routine {
    Trigger,
    Event,
    Procedure,
    /// `BEGIN ATOMIC … END` and nothing else.
    Atomic,
    /// Nothing: `BEGIN NOT ATOMIC … END`.
    None,
}

/// Something that an `END` closes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Begin,
    If,
    Loop,
    While,
    Repeat,
    For,
    CaseStatement,
    CaseExpression,
}

impl Block {
    /// The block that begins with `word`, where a statement can begin.
    pub(super) fn of(word: &str) -> Option<Self> {
        const WORDS: [(&str, Block); 7] = [
            ("BEGIN", Block::Begin),
            ("IF", Block::If),
            ("LOOP", Block::Loop),
            ("WHILE", Block::While),
            ("REPEAT", Block::Repeat),
            ("FOR", Block::For),
            ("CASE", Block::CaseStatement),
        ];
        WORDS.iter().find(|(it, _)| word.eq_ignore_ascii_case(it)).map(|(_, block)| *block)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Begin => "BEGIN",
            Self::If => "IF",
            Self::Loop => "LOOP",
            Self::While => "WHILE",
            Self::Repeat => "REPEAT",
            Self::For => "FOR",
            Self::CaseStatement | Self::CaseExpression => "CASE",
        }
    }
}

/// The words that a routine's body can begin with besides those that open a block.
const VERBS: &[&str] = &[
    "ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "GET", "GRANT",
    "INSERT", "LOAD", "OPTIMIZE", "PREPARE", "REPLACE", "RESIGNAL", "RETURN", "REVOKE", "SELECT",
    "SET", "SIGNAL", "TRUNCATE", "UPDATE", "VALUES", "WITH",
];

pub(super) fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| word.eq_ignore_ascii_case(it))
}

impl Body {
    /// Reads one token of the head or the body; `before` are the statement's tokens so far.
    pub(super) fn read(
        &mut self,
        dialect: &Dialect,
        script: &str,
        before: &[Token],
        token: &Token,
        depth: usize,
        lexer: &Lexer<'_>,
    ) {
        if token.kind != TokenKind::Word {
            self.ready |=
                self.routine == Routine::Procedure && depth == 0 && token.is_symbol(script, ')');
            return;
        }
        // `NEW.end` and `t.case` are columns.
        let Some(previous) = before.last() else { return };
        if previous.is_symbol(script, '.') {
            return;
        }
        let word = token.text(script);
        let next = || Next::of(dialect, script, lexer);
        if word.eq_ignore_ascii_case("END") {
            self.end(script, previous, &next());
            return;
        }
        let mut starts = self.begun && self.statement_starts(script, before, depth);
        if !self.begun && depth == 0 {
            starts = self.body_begins(script, word, previous, &next);
            self.begun |= starts;
            self.when |= word.eq_ignore_ascii_case("WHEN");
            self.ready |= match self.routine {
                Routine::Trigger => word.eq_ignore_ascii_case("ROW"),
                Routine::Event => word.eq_ignore_ascii_case("DO"),
                Routine::Procedure | Routine::Atomic | Routine::None => false,
            };
        }
        self.begin(script, token, before, depth, starts);
    }

    /// Whether the word is the first one of the body.
    fn body_begins(
        &self,
        script: &str,
        word: &str,
        previous: &Token,
        next: &impl Fn() -> Next,
    ) -> bool {
        if !self.open.is_empty() {
            return false;
        }
        if word.eq_ignore_ascii_case("BEGIN") {
            return self.routine != Routine::Atomic || next().is("ATOMIC");
        }
        // `CHARACTER SET` and `RETURNS SET(…)` belong to the type that a function returns. A
        // trigger with a `WHEN` is SQLite's, whose body begins with `BEGIN` always.
        let of_type = ["CHARACTER", "RETURNS"].iter().any(|it| previous.is_word(script, it));
        let verb = is_one_of(word, VERBS) || Block::of(word).is_some();
        self.ready && !self.when && verb && !of_type
    }

    /// Opens what the word opens.
    fn begin(&mut self, script: &str, token: &Token, before: &[Token], depth: usize, starts: bool) {
        let word = token.text(script);
        let previous_is = |it| before.last().is_some_and(|token| token.is_word(script, it));
        let block = match Block::of(word) {
            // The `CASE` of `END CASE` opens nothing.
            Some(Block::CaseStatement) if previous_is("END") => None,
            Some(Block::CaseStatement) if !starts => Some(Block::CaseExpression),
            // `DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN`: a handler's block follows its
            // condition.
            Some(Block::Begin) if !starts && depth == self.depth() => {
                is_handler(script, before).then_some(Block::Begin)
            }
            other => other.filter(|_| starts),
        };
        if let Some(block) = block {
            self.open.push((block, token.start, depth));
        }
    }

    /// How many parentheses were open where the innermost block began.
    fn depth(&self) -> usize {
        self.open.last().map_or(0, |(_, _, depth)| *depth)
    }

    /// Whether a statement of the body can begin behind the tokens so far.
    fn statement_starts(&self, script: &str, before: &[Token], depth: usize) -> bool {
        let Some(previous) = before.last() else { return true };
        if depth != self.depth() {
            return false;
        }
        let expression = matches!(self.open.last(), Some((Block::CaseExpression, ..)));
        previous.is_symbol(script, ';')
            || previous.is_symbol(script, ':')
            || previous.kind == TokenKind::Word
                && !expression
                && is_one_of(
                    previous.text(script),
                    &["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ATOMIC"],
                )
    }

    /// Closes what an `END` closes.
    fn end(&mut self, script: &str, previous: &Token, next: &Next) {
        let Some(&(block, ..)) = self.open.last() else { return };
        let closes = match block {
            Block::CaseExpression | Block::CaseStatement => true,
            // `end` can be the name of a column, but not where a statement begins.
            Block::Begin => {
                let starts = previous.is_symbol(script, ';')
                    || previous.kind == TokenKind::Word
                        && is_one_of(previous.text(script), &["BEGIN", "ATOMIC"]);
                let other = ["IF", "LOOP", "WHILE", "REPEAT", "FOR", "CASE"];
                starts && !other.iter().any(|it| next.is(it))
            }
            Block::If | Block::Loop | Block::While | Block::Repeat | Block::For => {
                next.is(block.word())
            }
        };
        if closes {
            self.open.pop();
        }
    }
}

/// Whether the statement that the last of these tokens belong to declares a handler.
fn is_handler(script: &str, before: &[Token]) -> bool {
    let statement = before.iter().rev().take_while(|it| !it.is_symbol(script, ';'));
    statement.take(MOST_OF_A_HANDLER).any(|it| it.is_word(script, "HANDLER"))
}

/// So many tokens are looked at for a handler: a list of conditions is not longer than this.
const MOST_OF_A_HANDLER: usize = 200;

/// The word that comes next, if it is one.
struct Next(Option<String>);

impl Next {
    fn of(dialect: &Dialect, script: &str, lexer: &Lexer<'_>) -> Self {
        let mut ahead = Lexer::new(dialect, script);
        ahead.go_to(lexer.position());
        let token = std::iter::from_fn(|| ahead.next_token()).find(|it| !it.is_blank());
        let word = token.filter(|it| it.kind == TokenKind::Word);
        Self(word.map(|it| it.text(script).to_owned()))
    }

    fn is(&self, word: &str) -> bool {
        self.0.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(word))
    }
}
