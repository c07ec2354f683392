//! Looks into a text, as far as a driver must, before the text leaves: is it one statement, and
//! is it one that a driver can carry?
//!
//! The texts come from a splitter that knows each dialect; this is the other side of that border,
//! where a mistake would otherwise run two statements as one.

#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "what only one of the drivers uses")
)]

use whimbrel::connection::{DatabaseError, Trouble};

/// Where the lexical rules of two families part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lexis {
    /// `E'\n'`, `$tag$ … $tag$`, comments within comments.
    Postgres,
    /// `` `name` ``, `#`, backslashes in strings unless the session forbids them.
    Mysql {
        /// Whether a backslash escapes (`NO_BACKSLASH_ESCAPES` is off).
        backslash: bool,
    },
    /// `[name]`, `` `name` ``, and a comment that the end of the text may close.
    Sqlite,
}

/// What a look at a text tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Its first words in capitals, without names in quotes and what stands in brackets.
    pub(crate) words: Vec<String>,
    /// It holds nothing but space, comments and semicolons.
    pub(crate) blank: bool,
    /// A second statement follows the first.
    pub(crate) second: bool,
    /// `FROM STDIN` or `TO STDOUT` stands in it.
    streams: bool,
}

/// How many of the first words are kept.
const WORDS: usize = 8;

impl Look {
    /// Looks through the whole of `sql`.
    pub(crate) fn at(sql: &str, lexis: Lexis) -> Self {
        let mut look = Self { blank: true, ..Self::default() };
        let mut at = 0;
        let mut depth = 0_usize;
        let mut blocks = 0_usize;
        let mut ended = false;
        let mut last = String::new();
        let bytes = sql.as_bytes();
        while at < bytes.len() {
            if let Some(end) = gap(sql, at, lexis) {
                at = end;
                continue;
            }
            if bytes[at] == b';' && depth == 0 && blocks == 0 {
                ended |= !look.blank;
                at += 1;
                continue;
            }
            look.blank = false;
            if ended {
                look.second = true;
                return look;
            }
            if let Some(end) = quoted(sql, at, lexis) {
                at = end;
                continue;
            }
            match bytes[at] {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let end = word_end(sql, at);
            if end == at {
                at += 1;
                continue;
            }
            let word = sql[at..end].to_ascii_uppercase();
            at = end;
            // The body of a routine in standard SQL is a block of statements with semicolons.
            if look.makes_routine() {
                match word.as_str() {
                    "BEGIN" => blocks += 1,
                    "CASE" if blocks > 0 => blocks += 1,
                    "END" => blocks = blocks.saturating_sub(1),
                    _ => {}
                }
            }
            look.streams |=
                matches!((last.as_str(), word.as_str()), ("FROM", "STDIN") | ("TO", "STDOUT"));
            if depth == 0 && look.words.len() < WORDS {
                look.words.push(word.clone());
            }
            last = word;
        }
        look
    }

    /// The word at `position`, or nothing.
    pub(crate) fn word(&self, position: usize) -> &str {
        self.words.get(position).map_or("", String::as_str)
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    /// Whether the statement creates something with a body of statements.
    pub(crate) fn makes_routine(&self) -> bool {
        self.word(0) == "CREATE"
            && ["FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "PACKAGE"]
                .iter()
                .any(|it| self.has(it))
    }

    /// What it does to the transaction around it.
    pub(crate) fn control(&self) -> Control {
        let second = self.word(1);
        match self.word(0) {
            "BEGIN" | "START" if self.begins() => Control::Begin,
            // A transaction that was prepared is not the open one.
            "COMMIT" | "ROLLBACK" if second == "PREPARED" => Control::None,
            "COMMIT" | "END" => Control::End { keeps: true, chains: self.chains() },
            "ROLLBACK" if self.has("TO") => Control::BackTo,
            "ROLLBACK" | "ABORT" => Control::End { keeps: false, chains: self.chains() },
            "PREPARE" if second == "TRANSACTION" => Control::End { keeps: true, chains: false },
            _ => Control::None,
        }
    }

    fn begins(&self) -> bool {
        match self.word(0) {
            "START" => self.word(1) == "TRANSACTION",
            _ => !self.is_block(),
        }
    }

    /// Whether it is MariaDB's `BEGIN NOT ATOMIC … END`, a block of statements.
    fn is_block(&self) -> bool {
        self.word(0) == "BEGIN" && self.word(1) == "NOT" && self.word(2) == "ATOMIC"
    }

    fn chains(&self) -> bool {
        self.has("CHAIN") && !self.has("NO")
    }

    /// Refuses what PostgreSQL's wire would need a stream of data for, and a second statement.
    #[cfg(feature = "postgres")]
    pub(crate) fn for_postgres(&self) -> Result<(), DatabaseError> {
        if self.word(0) == "COPY" && self.streams {
            return Err(refused(
                "COPY FROM STDIN and TO STDOUT need a stream of data beside the statement",
                "write the rows as `INSERT … VALUES`, or copy from a file on the server",
            ));
        }
        self.single()
    }

    /// Refuses what MySQL's wire would need a file for, and a second statement.
    #[cfg(feature = "mysql")]
    pub(crate) fn for_mysql(&self) -> Result<(), DatabaseError> {
        if self.word(0) == "LOAD" && self.has("LOCAL") {
            return Err(refused(
                "LOAD DATA LOCAL needs a file of the client's, and none is ever sent",
                "write the rows as `INSERT … VALUES`, or load a file on the server without LOCAL",
            ));
        }
        if self.makes_routine() || self.is_block() { Ok(()) } else { self.single() }
    }

    /// Refuses a second statement.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn single(&self) -> Result<(), DatabaseError> {
        if self.second { Err(two_statements()) } else { Ok(()) }
    }
}

/// What a statement does to the transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// Nothing.
    None,
    /// Opens one.
    Begin,
    /// Closes it; with `chains` the next is open at once.
    End {
        /// What was done is kept.
        keeps: bool,
        /// The next transaction is open at once.
        chains: bool,
    },
    /// Takes a part of it back, and with it the part's failure.
    BackTo,
}

/// The error for a text of two statements, which would run as one.
pub(crate) fn two_statements() -> DatabaseError {
    refused(
        "the text holds more than one statement",
        "send them one by one; where the text is one statement, a quote or `$$` isn't closed",
    )
}

pub(crate) fn refused(message: &str, hint: &str) -> DatabaseError {
    DatabaseError {
        hint: Some(hint.to_owned()),
        ..DatabaseError::new(Trouble::Statement, format!("not sent: {message}"))
    }
}

/// The end of the space or comment that begins at `at`, if one does.
fn gap(sql: &str, at: usize, lexis: Lexis) -> Option<usize> {
    let rest = &sql.as_bytes()[at..];
    let mysql = matches!(lexis, Lexis::Mysql { .. });
    let line = || at + rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |it| it + 1);
    match rest {
        [byte, ..] if byte.is_ascii_whitespace() => Some(at + 1),
        // In MySQL only a dash dash space begins a comment ("Comments" in its manual).
        [b'-', b'-', next, ..] if mysql && !next.is_ascii_whitespace() => None,
        [b'-', b'-', ..] => Some(line()),
        [b'#', ..] if mysql => Some(line()),
        // `/*!80000 … */` and MariaDB's `/*M! … */` are run, so only their marks are skipped.
        [b'/', b'*', b'!', ..] | [b'/', b'*', b'M', b'!', ..] if mysql => {
            let digits = |it: &u8| matches!(it, b'/' | b'*' | b'!' | b'M') || it.is_ascii_digit();
            Some(at + rest.iter().position(|it| !digits(it)).unwrap_or(rest.len()))
        }
        [b'*', b'/', ..] if mysql => Some(at + 2),
        [b'/', b'*', ..] => Some(at + comment(rest, lexis == Lexis::Postgres)),
        // A byte order mark.
        [0xEF, 0xBB, 0xBF, ..] => Some(at + 3),
        _ => None,
    }
}

/// The length of the comment that `rest` begins with.
fn comment(rest: &[u8], nests: bool) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] if nests || depth == 0 => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// The end of the string or name in quotes that begins at `at`, if one does.
fn quoted(sql: &str, at: usize, lexis: Lexis) -> Option<usize> {
    let bytes = sql.as_bytes();
    let quote = bytes[at];
    let escapes = match (lexis, quote) {
        (Lexis::Postgres, b'\'') => {
            // E'…' — but not the last letter of a longer word.
            at > 0
                && matches!(bytes[at - 1], b'E' | b'e')
                && (at == 1 || !part_of_word(bytes[at - 2]))
        }
        (Lexis::Postgres, b'$') => return dollar(sql, at),
        (Lexis::Mysql { backslash }, b'\'' | b'"') => backslash,
        (_, b'\'' | b'"') | (Lexis::Mysql { .. } | Lexis::Sqlite, b'`') => false,
        (Lexis::Sqlite, b'[') => {
            return Some(sql[at..].find(']').map_or(sql.len(), |it| at + it + 1));
        }
        _ => return None,
    };
    let mut end = at + 1;
    while end < bytes.len() {
        if bytes[end] == b'\\' && escapes {
            end += 2;
        } else if bytes[end] == quote {
            if bytes.get(end + 1) != Some(&quote) {
                return Some(end + 1);
            }
            end += 2;
        } else {
            end += 1;
        }
    }
    Some(bytes.len())
}

/// The end of `$tag$ … $tag$`.
fn dollar(sql: &str, at: usize) -> Option<usize> {
    let bytes = sql.as_bytes();
    if at > 0 && part_of_word(bytes[at - 1]) {
        return None;
    }
    let length = sql[at + 1..].find('$')?;
    let tag = &sql[at..=at + 1 + length];
    let inner = &tag[1..tag.len() - 1];
    if inner.starts_with(|it: char| it.is_ascii_digit())
        || !inner.chars().all(|it| it.is_alphanumeric() || it == '_')
    {
        return None;
    }
    let body = at + tag.len();
    Some(sql[body..].find(tag).map_or(sql.len(), |it| body + it + tag.len()))
}

fn part_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The end of the word that begins at `at`; `at` itself where none does.
fn word_end(sql: &str, at: usize) -> usize {
    let bytes = sql.as_bytes();
    let mut end = at;
    while end < bytes.len() && part_of_word(bytes[end]) {
        // `E'…'`: the prefix is a word of its own, and the quote is looked at next.
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{Control, Lexis, Look};

    const MYSQL: Lexis = Lexis::Mysql { backslash: true };

    fn second(sql: &str, lexis: Lexis) -> bool {
        Look::at(sql, lexis).second
    }

    #[test]
    fn a_second_statement_is_seen_and_a_semicolon_in_a_text_is_not() {
        for (sql, lexis, two) in [
            ("select 1; select 2", Lexis::Postgres, true),
            ("select 1;;  -- done\n /* ; x */ ;", Lexis::Postgres, false),
            ("; ;select 1", Lexis::Postgres, false),
            ("select ';x', \";y\", $$;z$$, $a$ $$; $a$", Lexis::Postgres, false),
            (r"select E'\';x'", Lexis::Postgres, false),
            (r"select 'a\'; drop table t --'", Lexis::Postgres, true),
            ("select /* /* */ ; */ 1", Lexis::Postgres, false),
            ("create rule r as on insert to t do (select 1; select 2)", Lexis::Postgres, false),
            (
                "create function f() returns int begin atomic select case when true then 1 end; \
                 select 2; end",
                Lexis::Postgres,
                false,
            ),
            (
                "create function f() returns int begin atomic select 2; end; drop table t",
                Lexis::Postgres,
                true,
            ),
            ("select a$b$;select 1; $b$", Lexis::Postgres, true),
            (r"select 'a\';b'", MYSQL, false),
            (r"select 'a\'; select 1", Lexis::Mysql { backslash: false }, true),
            ("select 1 # ; x\n", MYSQL, false),
            ("select 5--1; select 2", MYSQL, true),
            ("/*!40101 set a=1 */; /*!40101 set b=2 */", MYSQL, true),
            ("select `a;b`", MYSQL, false),
            ("select [a;b] /* ;", Lexis::Sqlite, false),
        ] {
            assert_eq!(second(sql, lexis), two, "{sql}");
        }
    }

    #[test]
    fn a_text_of_comments_alone_is_blank() {
        assert!(Look::at(" -- a\n/* b */ ; ", Lexis::Sqlite).blank);
        assert!(Look::at("", Lexis::Postgres).blank);
        assert!(!Look::at("-- a\nvacuum", Lexis::Sqlite).blank);
    }

    #[test]
    fn control_of_the_transaction_is_recognised() {
        let control = |sql| Look::at(sql, Lexis::Postgres).control();
        assert_eq!(control("/* x */ begin"), Control::Begin);
        assert_eq!(control("start transaction read only"), Control::Begin);
        assert_eq!(control("commit"), Control::End { keeps: true, chains: false });
        assert_eq!(control("end and chain"), Control::End { keeps: true, chains: true });
        assert_eq!(control("rollback and no chain"), Control::End { keeps: false, chains: false });
        assert_eq!(control("rollback work to savepoint a"), Control::BackTo);
        assert_eq!(control("commit prepared 'x'"), Control::None);
        assert_eq!(control("begin not deferrable"), Control::Begin);
        assert_eq!(control("begin not atomic select 1; end"), Control::None);
        assert_eq!(control("start replica"), Control::None);
        assert_eq!(control("create table begin_ (a int)"), Control::None);
    }

    #[test]
    #[cfg(all(feature = "postgres", feature = "mysql"))]
    fn what_needs_a_stream_of_data_is_refused() {
        let postgres = |sql| Look::at(sql, Lexis::Postgres).for_postgres();
        assert!(postgres("copy t (a, b) from stdin with (format csv)").is_err());
        assert!(postgres("copy (select 1) to stdout").is_err());
        assert!(postgres("copy t from '/srv/rows.csv'").is_ok());
        assert!(postgres("select 'copy t from stdin'").is_ok());
        let mysql = |sql| Look::at(sql, MYSQL).for_mysql();
        assert!(mysql("load data low_priority local infile 'a' into table t").is_err());
        assert!(mysql("/* x */ LOAD XML LOCAL INFILE 'a' into table t").is_err());
        assert!(mysql("load data infile 'a' into table t").is_ok());
    }
}
