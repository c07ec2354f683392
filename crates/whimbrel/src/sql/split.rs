//! Cuts a script into its statements, where the database's own client program would.
//!
//! A semicolon ends a statement unless it stands in a string, in parentheses or in the body of a
//! routine. What only a client program understands (`\i`, `COPY … FROM stdin` with its rows) is
//! refused in words that say what to write instead.

use std::ops::Range;

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

/// The body of a routine, or a compound statement that stands by itself.
struct Body {
    routine: Routine,
    /// Whether the body has begun; before that, this is the routine's head.
    begun: bool,
    /// The head has come to where the body can begin: `FOR EACH ROW`, `DO`, the parameters.
    ready: bool,
    /// Whether the head has a `WHEN (…)`, in which a `CASE` is an expression.
    when: bool,
    /// What is open, each with the place it was opened at and how many parentheses were open.
    open: Vec<(Block, usize, usize)>,
}

/// What the body belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Routine {
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
enum Block {
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
    fn of(word: &str) -> Option<Self> {
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

    fn word(self) -> &'static str {
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

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| word.eq_ignore_ascii_case(it))
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

    fn line_end(&self, from: usize) -> usize {
        self.script[from..].find('\n').map_or(self.script.len(), |it| from + it)
    }

    fn skip_line(&mut self, from: usize) -> Range<usize> {
        let end = self.line_end(from);
        self.lexer.go_to(end);
        from..from + self.script[from..end].trim_end().len()
    }

    /// A line for the client program where a statement would begin.
    fn client_command(&mut self, token: &Token) -> bool {
        if self.dialect.lexical.delimiter_command && token.is_word(self.script, "delimiter") {
            let line = self.skip_line(token.start);
            match self.script[token.end..line.end].split_whitespace().next() {
                Some(";") => self.delimiter = None,
                Some(delimiter) => self.delimiter = Some(delimiter),
                None => self.error(
                    line,
                    "`DELIMITER` names no delimiter",
                    "write it behind, as in `DELIMITER //`",
                ),
            }
            return true;
        }
        if token.is_symbol(self.script, '.') {
            let range = self.skip_line(token.start);
            let command = self.script[range.clone()].to_owned();
            self.error(
                range,
                format!("`{command}` is a command of the `sqlite3` program, not SQL"),
                "take it out, or write what it does in SQL",
            );
            return true;
        }
        false
    }

    fn meta_command(&mut self, token: &Token) {
        let range = self.skip_line(token.start);
        let command = self.script[range.clone()].split_whitespace().next().unwrap_or("\\");
        self.error(
            range,
            format!("`{command}` is a command of the database's client program, not SQL"),
            "take it out, or write what it does in SQL; what `\\i` would include can be a \
             migration of its own",
        );
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

    /// Refuses what only a client program can do.
    fn refused(&mut self, tokens: &[Token], at_end: bool) -> bool {
        let is =
            |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.script, word));
        let range = tokens[0].start..tokens[tokens.len() - 1].end;
        let stdin = (1..tokens.len()).any(|at| is(at - 1, "FROM") && is(at, "STDIN"));
        if is(0, "COPY") && stdin {
            self.error(
                range,
                "`COPY … FROM stdin` takes its rows from the lines behind it, which only psql does",
                "write the rows as `INSERT` statements (`pg_dump --inserts` does), or use \
                 `COPY … FROM` a file or program of the server",
            );
            if !at_end {
                self.skip_copied_rows();
            }
            return true;
        }
        let local = (2..tokens.len().min(5)).any(|at| is(at, "LOCAL"));
        if is(0, "LOAD") && (is(1, "DATA") || is(1, "XML")) && local {
            self.error(
                range,
                "`LOAD … LOCAL` reads a file beside the client program, and a migration has none",
                "write the rows as `INSERT` statements, or put the file on the server and use \
                 `LOAD DATA INFILE`",
            );
            return true;
        }
        false
    }

    /// Goes behind the line `\.` that ends the rows, so that they aren't taken for SQL.
    fn skip_copied_rows(&mut self) {
        let mut position = self.line_end(self.lexer.position());
        while position < self.script.len() {
            let start = position + 1;
            position = self.line_end(start.min(self.script.len()));
            if start <= position && self.script[start..position].trim_end() == "\\." {
                break;
            }
        }
        self.lexer.go_to(position);
    }
}

impl Body {
    /// Reads one token of the head or the body; `before` are the statement's tokens so far.
    fn read(
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE};

    fn pieces<'a>(dialect: &Dialect, script: &'a str) -> Vec<&'a str> {
        match split(dialect, script) {
            Ok(pieces) => pieces.iter().map(|it| it.text(script)).collect(),
            Err(errors) => panic!("{} refuses {script:?}: {errors:#?}", dialect.name),
        }
    }

    /// Each of `statements` is one piece, alone and between others.
    fn check_whole(dialect: &Dialect, statements: &[&str]) {
        for statement in statements {
            assert_eq!(pieces(dialect, statement), [*statement], "{}", dialect.name);
            let script = format!("SELECT 1;\n{statement};\n-- end\nSELECT 2");
            let wanted = ["SELECT 1", statement, "SELECT 2"];
            assert_eq!(pieces(dialect, &script), wanted, "{}", dialect.name);
        }
    }

    fn check_error(dialect: &Dialect, script: &str, at: &str, message: &str) {
        let errors = split(dialect, script).expect_err(script);
        let found = (&script[errors[0].range.clone()], errors[0].message.as_str());
        assert_eq!(found, (at, message), "{} of {script:?}", dialect.name);
        assert_eq!(errors.len(), 1, "{} of {script:?}: {errors:#?}", dialect.name);
    }

    #[test]
    fn semicolons_end_statements_and_comments_vanish() {
        for dialect in ALL {
            let script =
                "\u{feff}-- a;\nSELECT ';' /* ; */ AS \"a;\" -- ;\n;;\n/* b; */ SELECT 2 -- c\n";
            let wanted = ["SELECT ';' /* ; */ AS \"a;\"", "SELECT 2"];
            assert_eq!(pieces(dialect, script), wanted, "{}", dialect.name);
            assert_eq!(pieces(dialect, "-- nothing\n;/* */"), [""; 0], "{}", dialect.name);
            assert_eq!(pieces(dialect, "BEGIN; COMMIT"), ["BEGIN", "COMMIT"], "{}", dialect.name);
            let found = split(dialect, script).unwrap();
            assert_eq!(found.iter().map(|it| it.line(script)).collect::<Vec<_>>(), [2, 4]);
        }
    }

    #[test]
    fn postgres_bodies_stay_whole() {
        check_whole(
            &POSTGRES,
            &[
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$",
                "CREATE OR REPLACE PROCEDURE p(a int DEFAULT CASE WHEN true THEN 1 END) \
             BEGIN ATOMIC INSERT INTO t VALUES (a); \
             SELECT CASE a WHEN 1 THEN 2 ELSE CASE WHEN a > 2 THEN 1 END END; END",
                "CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 ELSE 2 END",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END",
                "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); DELETE FROM c)",
                "CREATE FUNCTION f(\"begin\" int) RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'",
                "DO $x$ BEGIN PERFORM 1; END $x$",
                "SELECT E'a\\';b', $1$2",
            ],
        );
        let script = "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; END";
        let wanted = ["BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT 1", "END"];
        assert_eq!(pieces(&POSTGRES, script), wanted);
    }

    #[test]
    fn mysql_bodies_stay_whole() {
        for dialect in [&MYSQL, &MARIADB] {
            check_whole(dialect, MYSQL_BODIES);
        }
        check_whole(
            &MARIADB,
            &[
                "BEGIN NOT ATOMIC DECLARE x INT; SET x = 1; IF x THEN SELECT 1; END IF; END",
                "IF @a THEN SELECT 1; ELSE SELECT 2; END IF",
                "CREATE PROCEDURE p() FOR i IN 1..10 DO SELECT i; END FOR",
            ],
        );
    }

    const MYSQL_BODIES: &[&str] = &[
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = IF(NEW.y, 1, 2)",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; END IF",
        "CREATE TRIGGER IF NOT EXISTS t AFTER UPDATE ON a FOR EACH ROW FOLLOWS b BEGIN END",
        "CREATE DEFINER=`root`@`localhost` TRIGGER t AFTER DELETE ON a FOR EACH ROW BEGIN \
         INSERT INTO l (begin, end) VALUES (OLD.begin, OLD.end); \
         UPDATE l SET begin = 1, note = CASE WHEN OLD.end THEN IF(1, 2, 3) ELSE REPEAT('a', 3) END; \
         END",
        "CREATE DEFINER = event@localhost PROCEDURE p(IN a VARCHAR(3) CHARACTER SET utf8, OUT b INT) \
         COMMENT 'x; y' MODIFIES SQL DATA SQL SECURITY INVOKER \
         main: BEGIN DECLARE done INT DEFAULT FALSE; DECLARE c CURSOR FOR SELECT 1; \
         DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE; \
         DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE '23000' BEGIN ROLLBACK; RESIGNAL; END; \
         l: LOOP FETCH c INTO a; IF done THEN LEAVE l; \
         ELSEIF a THEN ITERATE l; ELSE IF b THEN SELECT 1; END IF; END IF; END LOOP l; \
         WHILE a < 1 DO SET a = a + 1; END WHILE; \
         REPEAT SET a = a - 1; UNTIL a < 0 END REPEAT; \
         CASE a WHEN 1 THEN SELECT 1; WHEN 2 THEN BEGIN END; \
         ELSE CASE WHEN b THEN SELECT CASE WHEN 1 THEN 2 END; END CASE; END CASE; \
         DROP TABLE IF EXISTS x; CREATE TABLE IF NOT EXISTS x (a INT); \
         START TRANSACTION; COMMIT; END main",
        "CREATE FUNCTION f(a INT) RETURNS VARCHAR(9) CHARACTER SET utf8mb4 DETERMINISTIC \
         RETURN CASE WHEN a THEN 'x' ELSE 'y' END",
        "CREATE FUNCTION f() RETURNS SET('a','b') BEGIN RETURN 'a'; END",
        "CREATE FUNCTION f() RETURNS INT IF 1 THEN RETURN 1; ELSE RETURN 2; END IF",
        "CREATE FUNCTION f RETURNS STRING SONAME 'udf.so'",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01' COMMENT 'a;b' DO BEGIN \
         DELETE FROM a; DELETE FROM b; END",
        "ALTER EVENT e DO CASE 1 WHEN 1 THEN SELECT 1; END CASE",
        "CREATE PROCEDURE p() WHILE 1 DO SELECT 1; END WHILE",
        "CREATE TABLE begin (a INT, `case` INT)",
        "/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */",
    ];

    #[test]
    fn a_delimiter_of_its_own_ends_statements() {
        let script = "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT '//'; END//\n\
                      CREATE PROCEDURE q() SELECT 1;//\ndelimiter $$ \n\
                      CREATE PROCEDURE r() BEGIN SELECT 1; END$$\nINSERT INTO a VALUES (1); SELECT 2$$\n\
                      DELIMITER ;\nSELECT 1; SELECT 2";
        assert_eq!(
            pieces(&MYSQL, script),
            [
                "CREATE PROCEDURE p() BEGIN SELECT '//'; END",
                "CREATE PROCEDURE q() SELECT 1",
                "CREATE PROCEDURE r() BEGIN SELECT 1; END",
                "INSERT INTO a VALUES (1)",
                "SELECT 2",
                "SELECT 1",
                "SELECT 2",
            ]
        );
        check_error(&MYSQL, "DELIMITER\nSELECT 1", "DELIMITER", "`DELIMITER` names no delimiter");
    }

    #[test]
    fn sqlite_triggers_stay_whole() {
        check_whole(
            &SQLITE,
            &[
                "CREATE TRIGGER t AFTER UPDATE OF a ON b BEGIN SELECT 1; SELECT end FROM c; END",
                "CREATE TEMP TRIGGER IF NOT EXISTS t INSTEAD OF INSERT ON v FOR EACH ROW \
             WHEN CASE WHEN replace(new.a, 'x', '') THEN 1 ELSE 0 END BEGIN \
             UPDATE c SET x = CASE new.a WHEN 1 THEN 2 END WHERE new.end; END",
                "CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW WHEN replace(old.a, 'a', 'b') = 'b' \
             BEGIN DELETE FROM [b;c]; END",
                "BEGIN IMMEDIATE",
                "END TRANSACTION",
            ],
        );
    }

    #[test]
    fn what_only_a_client_program_does_is_refused_once() {
        let rows = "COPY a (b) FROM stdin;\n1\t'x\n\\N\n\\.\n\nSELECT 1;";
        check_error(
            &POSTGRES,
            rows,
            "COPY a (b) FROM stdin",
            "`COPY … FROM stdin` takes its rows from the lines behind it, which only psql does",
        );
        check_error(
            &POSTGRES,
            "SELECT 1;\n\\i other.sql\nSELECT 2;",
            "\\i other.sql",
            "`\\i` is a command of the database's client program, not SQL",
        );
        check_error(
            &SQLITE,
            ".read x.sql\nSELECT 1",
            ".read x.sql",
            "`.read x.sql` is a command of the `sqlite3` program, not SQL",
        );
        check_error(
            &MYSQL,
            "LOAD DATA LOCAL INFILE 'a' INTO TABLE b",
            "LOAD DATA LOCAL INFILE 'a' INTO TABLE b",
            "`LOAD … LOCAL` reads a file beside the client program, and a migration has none",
        );
        assert_eq!(pieces(&POSTGRES, "COPY a FROM '/x'; COPY a TO stdout").len(), 2);
        assert_eq!(pieces(&MARIADB, "SELECT \\N").len(), 1);
    }

    #[test]
    fn what_is_not_closed_is_shown_where_it_opens() {
        check_error(&POSTGRES, "SELECT 'a;\nb", "'a;", "this string is never closed");
        check_error(&POSTGRES, "SELECT $x$ a;", "$x$ a;", "this string is never closed");
        check_error(&MYSQL, "SELECT `a;", "`a;", "this quoted name is never closed");
        check_error(&SQLITE, "SELECT 1; /* a", "/* a", "this comment is never closed");
        check_error(
            &SQLITE,
            "CREATE TABLE a (b; SELECT 1",
            "(",
            "this parenthesis is never closed",
        );
        check_error(
            &SQLITE,
            "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1;",
            "BEGIN",
            "this `BEGIN` has no `END`",
        );
        check_error(
            &MYSQL,
            "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END;",
            "IF",
            "this `IF` has no `END IF`",
        );
    }

    proptest! {
        #[test]
        fn pieces_are_in_order_and_nothing_else_is_left_out(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "SELECT", "1", ";", ";\n", "'a;b'", "-- c;\n", "/* ; */", "(", ")", "BEGIN", "END",
                "CASE", "IF", "THEN", "CREATE", "TRIGGER", "FUNCTION", "FOR EACH ROW", "NOT", "ATOMIC",
                "DELIMITER //\n", "//", "$$", "\n", "ä", "\\", ".x", "COPY", "FROM", "STDIN", "'",
            ]), 0..40)
        ) {
            let script = words.join(" ");
            for dialect in ALL {
                let Ok(pieces) = split(dialect, &script) else { continue };
                let mut rest = String::new();
                let mut position = 0;
                for piece in pieces {
                    prop_assert!(piece.range.start >= position && !piece.range.is_empty());
                    rest.push_str(&script[position..piece.range.start]);
                    position = piece.range.end;
                }
                rest.push_str(&script[position..]);
                // Between the pieces there is nothing that a database would want to see.
                let left = super::super::lexer::lex_significant(dialect, &rest);
                for token in left {
                    let text = token.text(&rest);
                    let delimiter = [";", "/", "$", "$$", "DELIMITER"].contains(&text);
                    prop_assert!(delimiter, "{} leaves {text:?} of {script:?}", dialect.name);
                }
            }
        }
    }
}
