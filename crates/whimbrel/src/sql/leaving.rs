//! What a statement leaves in the session, where it is gone when the session is: temporary tables,
//! variables, prepared statements, cursors, settings.

use serde::{Deserialize, Serialize};

use super::{
    lexer::{Token, TokenKind, lex_significant},
    words::Words,
};
use crate::dialect::{Ddl, Dialect};

/// Something that lives in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// What it is.
    pub what: Living,
    /// Its name: `@a`, `t`.
    pub name: String,
}

/// What lives in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Living {
    /// A temporary table.
    Table,
    /// A temporary view, sequence or index.
    Other,
    /// A variable of the user's.
    Variable,
    /// A prepared statement.
    Statement,
    /// A cursor.
    Cursor,
    /// A setting; it is said again and never lost.
    Setting,
    /// The role that is acted as; it is said again and never lost.
    Role,
}

impl Living {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "the temporary table",
            Self::Other => "the temporary",
            Self::Variable => "the variable",
            Self::Statement => "the prepared statement",
            Self::Cursor => "the cursor",
            Self::Setting => "the setting",
            Self::Role => "the role",
        }
    }
}

/// What a statement leaves, and whether saying it again may leave something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leaving {
    pub left: Vec<Left>,
    pub varies: bool,
}

impl Leaving {
    fn of(what: Living, name: impl Into<String>, varies: bool) -> Self {
        Self { left: vec![Left { what, name: name.into() }], varies }
    }
}

/// Reads what a statement leaves.
pub(super) fn leaving(mut words: Words<'_>) -> Leaving {
    let autocommit = words.dialect.ddl == Ddl::Autocommit;
    let first = words.peek();
    words.at += 1;
    match first.as_str() {
        "CREATE" => created(&mut words),
        "DECLARE" => named(&mut words, Living::Cursor),
        "PREPARE" if !words.next_are(&["TRANSACTION"]) => named(&mut words, Living::Statement),
        "SET" if words.take(&["ROLE"]) => Leaving::of(Living::Role, "role", false),
        "SET" if autocommit => set(&words),
        "SELECT" | "WITH" | "VALUES" | "TABLE" if autocommit => selected(&words),
        "SELECT" | "WITH" => {
            let temporary = ["TEMP", "TEMPORARY"].into_iter().any(|it| {
                let word = words.outside().position(|token| token.is_word(words.source, it));
                let into = words.outside().position(|token| token.is_word(words.source, "INTO"));
                matches!((into, word), (Some(into), Some(word)) if word == into + 1)
            });
            if !temporary {
                return Leaving::default();
            }
            while !words.take(&["INTO"]) {
                words.at += 1;
            }
            words.at += 1;
            words.take(&["TABLE"]);
            named(&mut words, Living::Table)
        }
        _ => Leaving::default(),
    }
}

fn named(words: &mut Words<'_>, what: Living) -> Leaving {
    let Some(name) = words.name() else { return Leaving::default() };
    Leaving::of(what, name.name, !matches!(what, Living::Statement))
}

fn created(words: &mut Words<'_>) -> Leaving {
    words.take(&["OR", "REPLACE"]);
    words.take_one_of(&["GLOBAL", "LOCAL"]);
    if !words.take_one_of(&["TEMP", "TEMPORARY"]) {
        return Leaving::default();
    }
    words.take_one_of(&["RECURSIVE", "UNIQUE"]);
    let what = if words.take(&["TABLE"]) {
        Living::Table
    } else {
        words.at += 1;
        Living::Other
    };
    words.take(&["IF", "NOT", "EXISTS"]);
    named(words, what)
}

/// `SET @a = 1, SESSION sql_mode = ''`
fn set(words: &Words<'_>) -> Leaving {
    let mut leaving = Leaving::default();
    let source = words.source;
    let asks = words.rest().windows(2).any(|it| {
        it[0].is_word(source, "SELECT")
            || (it[0].kind == TokenKind::Word && it[1].is_symbol(source, '('))
    });
    for assignment in assignments(words) {
        let mut names = assignment
            .iter()
            .take_while(|it| !it.is_symbol(source, '=') && !it.is_symbol(source, ':'));
        let is_assignment = assignment.iter().any(|it| it.is_symbol(source, '='));
        let Some(last) = names.by_ref().last().filter(|_| is_assignment) else { continue };
        let name = last.text(source);
        let elsewhere = ["GLOBAL", "PERSIST", "PERSIST_ONLY"];
        let elsewhere = assignment.first().is_some_and(|it| {
            elsewhere.iter().any(|word| it.is_word(source, word))
                || it.text(source).to_ascii_lowercase().starts_with("@@global")
                || it.text(source).to_ascii_lowercase().starts_with("@@persist")
        });
        if let Some(variable) = name.strip_prefix("@@") {
            let variable = variable.rsplit('.').next().unwrap_or(variable);
            if !elsewhere {
                leaving.left.push(Left { what: Living::Setting, name: variable.to_owned() });
            }
        } else if name.starts_with('@') {
            leaving.left.push(Left { what: Living::Variable, name: name.to_ascii_lowercase() });
            leaving.varies |= asks;
        } else if !elsewhere {
            leaving.left.push(Left { what: Living::Setting, name: name.to_owned() });
        }
    }
    leaving
}

fn assignments<'a>(words: &'a Words<'_>) -> Vec<&'a [Token]> {
    let rest = words.rest();
    let mut depth = 0_usize;
    let (mut start, mut found) = (0, Vec::new());
    for (at, token) in rest.iter().enumerate() {
        if token.is_symbol(words.source, '(') {
            depth += 1;
        } else if token.is_symbol(words.source, ')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_symbol(words.source, ',') {
            found.push(&rest[start..at]);
            start = at + 1;
        }
    }
    found.push(&rest[start.min(rest.len())..]);
    found
}

/// `SELECT max(id) INTO @a FROM b`, `SELECT @a := max(id) FROM b`
fn selected(words: &Words<'_>) -> Leaving {
    let rest = words.rest();
    let source = words.source;
    let mut leaving = Leaving { varies: true, ..Leaving::default() };
    let variable = |it: &Token| {
        let name = it.text(source);
        (name.starts_with('@') && !name.starts_with("@@")).then(|| name.to_ascii_lowercase())
    };
    for (at, token) in rest.iter().enumerate() {
        let Some(name) = variable(token) else { continue };
        let symbol = |ahead: usize, symbol| {
            rest.get(at + ahead).is_some_and(|it| it.is_symbol(source, symbol))
        };
        let assigned = symbol(1, ':') && symbol(2, '=');
        // Behind INTO there are variables and commas alone.
        let into = rest[..at]
            .iter()
            .rev()
            .find(|it| variable(it).is_none() && !it.is_symbol(source, ','))
            .is_some_and(|it| it.is_word(source, "INTO"));
        if assigned || into {
            leaving.left.push(Left { what: Living::Variable, name });
        }
    }
    leaving
}

/// Whether a statement says this name anywhere.
pub fn mentions(dialect: &Dialect, text: &str, name: &str) -> bool {
    lex_significant(dialect, text).iter().any(|it| {
        let said = match it.kind {
            TokenKind::QuotedName => it.name(dialect, text).unwrap_or_default(),
            TokenKind::Word | TokenKind::Parameter => it.text(text).to_owned(),
            _ => return false,
        };
        said.eq_ignore_ascii_case(name)
    })
}

/// What a statement asks its session about the rows that a statement before it has written, if it
/// does: `LAST_INSERT_ID()`, `currval('s')`.
pub fn asks_its_session(dialect: &Dialect, text: &str) -> Option<String> {
    const ASKING: &[&str] = &[
        "changes",
        "currval",
        "found_rows",
        "last_insert_id",
        "last_insert_rowid",
        "lastval",
        "row_count",
        "total_changes",
    ];
    let tokens = lex_significant(dialect, text);
    let call = tokens.windows(2).find(|pair| {
        let is_known = ASKING.iter().any(|it| pair[0].is_word(text, it));
        is_known && pair[1].is_symbol(text, '(')
    });
    let call = call.map(|pair| format!("{}()", pair[0].text(text)));
    call.or_else(|| {
        let identity = tokens.iter().find(|it| it.text(text).eq_ignore_ascii_case("@@identity"));
        identity.map(|it| it.text(text).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};

    fn left(dialect: &Dialect, text: &str) -> String {
        let found = leaving(Words::new(dialect, text));
        let names: Vec<String> =
            found.left.iter().map(|it| format!("{} {}", it.what.word(), it.name)).collect();
        let varies = if found.varies && !found.left.is_empty() { " or another" } else { "" };
        format!("{}{varies}", names.join(", "))
    }

    #[test]
    fn what_lives_in_a_session_is_known() {
        for (dialect, text, wanted) in [
            (&POSTGRES, "CREATE TEMP TABLE t (a int)", "the temporary table t or another"),
            (
                &POSTGRES,
                "CREATE LOCAL TEMPORARY TABLE IF NOT EXISTS \"T\" AS SELECT 1",
                "the temporary table T or another",
            ),
            (&POSTGRES, "CREATE OR REPLACE TEMP VIEW v AS SELECT 1", "the temporary v or another"),
            (&POSTGRES, "SELECT * INTO TEMP t FROM a", "the temporary table t or another"),
            (&POSTGRES, "SELECT * INTO t FROM a", ""),
            (&POSTGRES, "PREPARE s AS SELECT 1", "the prepared statement s"),
            (&POSTGRES, "PREPARE TRANSACTION 'x'", ""),
            (&POSTGRES, "DECLARE c CURSOR FOR SELECT 1", "the cursor c or another"),
            (&POSTGRES, "SET ROLE x", "the role role"),
            (&POSTGRES, "SET search_path TO a", ""),
            (&POSTGRES, "CREATE TABLE t (a int)", ""),
            (&SQLITE, "CREATE TEMP TABLE t (a)", "the temporary table t or another"),
            (&MYSQL, "SET @a = 1", "the variable @a"),
            (&MYSQL, "SET @a := 1, @B = 'x'", "the variable @a, the variable @b"),
            (&MYSQL, "SET @a = (SELECT max(b) FROM c)", "the variable @a or another"),
            (&MYSQL, "SET @a = now()", "the variable @a or another"),
            (
                &MYSQL,
                "SET @OLD=@@SQL_MODE, SQL_MODE='', SESSION a = 1",
                "the variable @old, the setting SQL_MODE, the setting a",
            ),
            (&MYSQL, "SET @@session.sql_mode = ''", "the setting sql_mode"),
            (&MYSQL, "SET GLOBAL a = 1, @@global.b = 2", ""),
            (&MYSQL, "SET NAMES utf8mb4", ""),
            (
                &MYSQL,
                "SELECT max(id), 1 INTO @a, @b FROM c",
                "the variable @a, the variable @b or another",
            ),
            (&MYSQL, "SELECT @a := 1", "the variable @a or another"),
            (&MYSQL, "SELECT @a", ""),
            (&MYSQL, "CREATE TEMPORARY TABLE t LIKE u", "the temporary table t or another"),
        ] {
            assert_eq!(left(dialect, text), wanted, "{text}");
        }
    }

    #[test]
    fn a_name_is_found_where_it_is_said_and_not_in_a_string() {
        assert!(mentions(&MYSQL, "INSERT INTO a VALUES (@A)", "@a"));
        assert!(mentions(&MYSQL, "INSERT INTO `T` VALUES (1)", "t"));
        assert!(!mentions(&MYSQL, "INSERT INTO a VALUES ('@a')", "@a"));
        assert!(!mentions(&MYSQL, "INSERT INTO ab VALUES (1) -- t", "t"));
    }

    #[test]
    fn a_question_about_the_session_is_seen() {
        let asks = |text| asks_its_session(&MYSQL, text);
        assert_eq!(asks("SELECT last_insert_id()"), Some("last_insert_id()".to_owned()));
        assert_eq!(asks("INSERT INTO a VALUES (@@IDENTITY)"), Some("@@IDENTITY".to_owned()));
        assert_eq!(asks("SELECT changes FROM a"), None);
    }
}
