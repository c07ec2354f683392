//! A step that is code of the user's own: what is kept of it, and the statements that it asks for.

use serde::{Deserialize, Serialize};
use whimbrel_migration::{
    Cell,
    run::{Program, Runnable, SourceText},
};

use super::{
    Body, Kind, Statement, Transaction,
    classify::classify,
    lexer::{TokenKind, lex},
    split::split,
    value_text,
};
use crate::{
    dialect::{Ddl, Dialect},
    schema::{ColumnType, DefaultValue, PerDatabase, Schema},
};

/// Code that runs as a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// What it does, in the user's words.
    pub title: String,
    /// The files that it is interpreted from; none where it was compiled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SourceText>,
    /// Which of the programs in these files it is.
    #[serde(default, skip_serializing_if = "is_first")]
    pub number: usize,
    /// The code itself.
    #[serde(default)]
    pub program: Program,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_first(number: &usize) -> bool {
    *number == 0
}

impl Code {
    /// A line that stands for it among statements.
    pub fn in_words(&self) -> String {
        let title: Vec<&str> = self.title.split_whitespace().collect();
        format!("-- runs the code `{}`", title.join(" "))
    }
}

/// The step that runs code.
pub fn code(title: &str, program: &Program) -> Statement {
    let (files, number) = match &program.code {
        Runnable::Interpreted(files, number) => (files.to_vec(), *number),
        Runnable::Compiled(_) | Runnable::Missing => (Vec::new(), 0),
    };
    let code = Code { title: title.to_owned(), files, number, program: program.clone() };
    Statement { body: Body::Code(Box::new(code)), ..Statement::rows("") }
}

/// A statement that code asks for, as the database gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its text, with its values.
    pub text: String,
    /// What it touches.
    pub kind: Kind,
}

/// A statement with its values in it, if the database takes it where the code runs: in a
/// transaction, unless the code is `alone`.
pub fn asked(
    dialect: &Dialect,
    sql: &PerDatabase,
    values: &[Cell],
    alone: bool,
) -> Result<Asked, String> {
    let Some(text) = dialect.text(sql) else {
        return Err(format!(
            "there is no text for {}; add one for `{}`, or `.otherwise(…)`",
            dialect.product, dialect.name
        ));
    };
    let pieces = split(dialect, text)
        .map_err(|errors| errors.into_iter().map(|it| it.message).collect::<Vec<_>>().join("; "))?;
    let text = match &*pieces {
        [] => return Err("there is no statement".to_owned()),
        [one] => one.text(text),
        several => {
            return Err(format!(
                "one statement is asked for at a time, and these are {}",
                several.len()
            ));
        }
    };
    let text = filled(dialect, text, values)?;
    let read = classify(dialect, &text);
    let because = match (read.transaction, read.kind, dialect.ddl) {
        (Transaction::Controls, _, _) => {
            "whimbrel begins and ends the transaction itself; leave it out"
        }
        (_, Kind::Session, _) => {
            "a setting would outlive the code; say it in the URL, or in a step of its own: `run_sql`"
        }
        (_, Kind::Schema | Kind::Unknown | Kind::Repeatable, Ddl::Autocommit) if !alone => {
            "it would commit what the code has done so far, without its mark; write it as a step \
             of its own, before or behind the `run`"
        }
        (Transaction::Forbidden, _, _) if !alone => {
            "it can't stand in the transaction that the code shares with its mark; write it as a \
             step of its own: `run_sql`"
        }
        _ => return Ok(Asked { text, kind: read.kind }),
    };
    Err(because.to_owned())
}

/// The text with a value in the place of each `?`.
fn filled(dialect: &Dialect, text: &str, values: &[Cell]) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len() + values.len() * 8);
    let mut left = values.iter();
    let mut places = 0;
    let mut tokens = lex(dialect, text).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let word = token.text(text);
        let is_place =
            word == "?" && matches!(token.kind, TokenKind::Parameter | TokenKind::Symbol);
        if !is_place {
            filled.push_str(word);
            continue;
        }
        if tokens.peek().is_some_and(|it| it.text(text) == "?") {
            tokens.next();
            filled.push('?');
            continue;
        }
        places += 1;
        if let Some(value) = left.next() {
            filled.push_str(&value_of(dialect, value)?);
        }
    }
    if places == values.len() {
        return Ok(filled);
    }
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    Err(format!(
        "the statement has {places} `?`, and there {} {} value{}; a `?` that is an operator is \
         written `??`",
        if values.len() == 1 { "is" } else { "are" },
        values.len(),
        plural(values.len())
    ))
}

/// A value of a statement.
fn value_of(dialect: &Dialect, value: &Cell) -> Result<String, String> {
    let schema = Schema::default();
    let written = |value: &DefaultValue, data_type: ColumnType| {
        let text = value_text(dialect, &schema, value, &data_type).map_err(|it| it.to_string())?;
        Ok(text.unwrap_or_else(|| "NULL".to_owned()))
    };
    match value {
        Cell::Null => Ok("NULL".to_owned()),
        Cell::Bytes(digits) => {
            if digits.len() % 2 == 1 || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
                return Err(format!("`{digits}` are no hexadecimal digits of whole bytes"));
            }
            Ok((dialect.rows.bytes)(digits))
        }
        Cell::Value(value) => match value {
            DefaultValue::Text(text) if text.contains('\0') => {
                Err("a text with a zero byte can't be a value".to_owned())
            }
            DefaultValue::Text(text) => Ok(dialect.literal(text)),
            // `- -1` is a number, and `--1` a comment.
            DefaultValue::Integer(number) if *number < 0 => Ok(format!("({number})")),
            DefaultValue::Integer(number) => Ok(number.to_string()),
            DefaultValue::Boolean(_) => written(value, ColumnType::Boolean),
            DefaultValue::Now => written(value, ColumnType::Timestamptz),
            DefaultValue::NewUuid => written(value, ColumnType::Uuid),
            DefaultValue::Sql(_) => written(value, ColumnType::Text { length: None }),
            // A default of the schema has no value here.
            _ => Err("write the value itself, or `sql(…)`".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MARIADB, MYSQL, POSTGRES, SQLITE};
    use whimbrel_migration::{hex, null, on, sql, value};

    fn text(dialect: &Dialect, sql: &str, values: &[Cell]) -> Result<String, String> {
        asked(dialect, &PerDatabase::all(sql), values, false).map(|it| it.text)
    }

    #[test]
    fn values_are_literals_of_the_database() {
        let values =
            [value("it's \\ a"), value(-1), value(true), null(), hex("00ff"), value(sql("1 + 1"))];
        let asked =
            |dialect| text(dialect, "VALUES (?, 5 -?, ?, ?, ?, ?, '?', \"?\") -- ?", &values);
        assert_eq!(
            asked(&POSTGRES).as_deref(),
            Ok("VALUES ('it''s \\ a', 5 -(-1), true, NULL, '\\x00ff', 1 + 1, '?', \"?\")")
        );
        assert!(asked(&MYSQL).is_ok_and(|it| it.starts_with("VALUES ('it''s \\\\ a', 5 -(-1), ")));
        assert!(asked(&SQLITE).is_ok_and(|it| it.contains("X'00ff'") || it.contains("x'00ff'")));
    }

    #[test]
    fn every_place_has_its_value() {
        for dialect in [&POSTGRES, &MYSQL, &SQLITE] {
            assert!(text(dialect, "SELECT ?", &[]).is_err());
            assert!(text(dialect, "SELECT 1", &[value(1)]).is_err());
            assert_eq!(text(dialect, "SELECT ?;", &[value("a")]).as_deref(), Ok("SELECT 'a'"));
        }
        let asked = text(&POSTGRES, "SELECT data ?? 'a' FROM t WHERE id = ?", &[value(1)]);
        assert_eq!(asked.as_deref(), Ok("SELECT data ? 'a' FROM t WHERE id = 1"));
    }

    #[test]
    fn what_breaks_the_transaction_is_refused() {
        for dialect in [&POSTGRES, &MYSQL, &SQLITE] {
            assert!(text(dialect, "COMMIT", &[]).is_err(), "{}", dialect.name);
            assert!(text(dialect, "SELECT 1; SELECT 2", &[]).is_err());
            assert!(text(dialect, "", &[]).is_err());
        }
        assert!(text(&POSTGRES, "CREATE TABLE t (n int)", &[]).is_ok());
        assert!(text(&POSTGRES, "VACUUM", &[]).is_err());
        assert!(text(&POSTGRES, "SET search_path = a", &[]).is_err());
        for dialect in [&MYSQL, &MARIADB] {
            assert!(text(dialect, "CREATE TABLE t (n int)", &[]).is_err());
            assert!(text(dialect, "CALL p()", &[]).is_err());
            let alone = asked(dialect, &PerDatabase::all("CREATE TABLE t (n int)"), &[], true);
            assert!(alone.is_ok());
        }
        assert!(asked(&SQLITE, &on(whimbrel_migration::Mysql, "SELECT 1"), &[], false).is_err());
    }
}
