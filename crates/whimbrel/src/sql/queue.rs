//! Which statements queue for a lock that keeps others out, on which tables, and how a statement is
//! shown to people.

use super::{
    lexer::{self, Token, TokenKind},
    statement::{Body, Kind, Statement},
};
use crate::{dialect::Dialect, schema::Name};

/// Whether a statement takes a lock for which it may have to queue, and in the queue behind it
/// everybody who only wants to read.
///
/// A concurrent build takes none: it waits for others, and nobody waits for it.
pub fn takes_strong_lock(dialect: &Dialect, statement: &Statement) -> bool {
    let text = match &statement.body {
        Body::Text(text) => text,
        Body::Live(_) => return true,
        Body::Batches(_) | Body::Code(_) => return false,
    };
    let tokens = lexer::lex_significant(dialect, text);
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(text, word));
    let any = |word: &str| tokens.iter().any(|it| it.is_word(text, word));
    if any("CONCURRENTLY") && !matches!(statement.kind, Kind::Unknown) {
        return false;
    }
    match statement.kind {
        Kind::Schema | Kind::Unknown => true,
        Kind::Repeatable => {
            ["CLUSTER", "REINDEX", "REFRESH", "OPTIMIZE", "CREATE", "ALTER", "DROP", "REPAIR"]
                .iter()
                .any(|it| is(0, it))
                || is(0, "VACUUM") && any("FULL")
        }
        Kind::Rows | Kind::Nothing => is(0, "TRUNCATE") || is(0, "LOCK"),
        Kind::Session => false,
    }
}

/// The tables that a statement names, as far as its words show: for telling who has them, and for
/// nothing that must be right.
pub fn tables_named(dialect: &Dialect, statement: &Statement) -> Vec<Name> {
    let mut found: Vec<Name> =
        statement.looks.iter().filter_map(|it| it.object.table().cloned()).collect();
    match &statement.body {
        Body::Live(change) => found.push(change.table.clone()),
        Body::Batches(change) => found.push(change.table.clone()),
        Body::Code(_) => {}
        Body::Text(text) => {
            let tokens = lexer::lex_significant(dialect, text);
            for at in 0..tokens.len() {
                let before = ["TABLE", "ON", "REFERENCES", "TRUNCATE", "INTO", "UPDATE", "FROM"];
                if before.iter().any(|it| tokens[at].is_word(text, it)) {
                    found.extend(name_at(dialect, text, &tokens[at + 1..]));
                }
            }
        }
    }
    let mut seen: Vec<Name> = Vec::new();
    found.retain(|it| {
        !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
    found
}

/// `[IF [NOT] EXISTS] [ONLY] a.b`
fn name_at(dialect: &Dialect, text: &str, tokens: &[Token]) -> Option<Name> {
    let skipped = ["IF", "NOT", "EXISTS", "ONLY", "TABLE"];
    let start = tokens.iter().position(|it| !skipped.iter().any(|word| it.is_word(text, word)))?;
    let first = tokens[start].name(dialect, text)?;
    let dot = tokens.get(start + 1).is_some_and(|it| it.is_symbol(text, '.'));
    let second = tokens.get(start + 2).filter(|_| dot).and_then(|it| it.name(dialect, text));
    Some(match second {
        Some(name) => Name { namespace: Some(first), name },
        None => Name { namespace: None, name: first },
    })
}

/// A statement on one line and cut to so many characters, with its strings hidden: they may hold
/// what is nobody's business, such as a password or a customer's name.
pub fn shown(dialect: &Dialect, text: &str, longest: usize) -> String {
    let mut line = String::new();
    for token in lexer::lex(dialect, text) {
        let piece = token.text(text);
        match token.kind {
            TokenKind::Whitespace | TokenKind::Comment => {
                if !line.is_empty() && !line.ends_with([' ', '(']) {
                    line.push(' ');
                }
            }
            TokenKind::Symbol if piece == ")" => {
                line.truncate(line.trim_end().len());
                line.push(')');
            }
            TokenKind::String | TokenKind::DollarString => line.push_str("'…'"),
            _ => line.extend(piece.chars().map(|it| if it.is_control() { ' ' } else { it })),
        }
    }
    let line = line.trim().trim_end_matches(';').trim_end();
    if line.chars().count() <= longest {
        return line.to_owned();
    }
    let cut: String = line.chars().take(longest.saturating_sub(2)).collect();
    format!("{} …", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::{MYSQL, POSTGRES},
        sql::classify::classify,
    };

    fn strong(dialect: &Dialect, text: &str) -> bool {
        takes_strong_lock(dialect, &classify(dialect, text).into_statement(text))
    }

    #[test]
    fn what_keeps_others_out_is_told_from_what_does_not() {
        for text in [
            "ALTER TABLE a ADD b int",
            "CREATE INDEX a_b ON a (b)",
            "DROP TABLE a",
            "TRUNCATE a",
            "LOCK TABLE a IN ACCESS EXCLUSIVE MODE",
            "REINDEX TABLE a",
            "VACUUM FULL a",
            "REFRESH MATERIALIZED VIEW m",
            "DO $$ BEGIN EXECUTE 'alter table a add b int'; END $$",
        ] {
            assert!(strong(&POSTGRES, text), "{text}");
        }
        for text in [
            "CREATE INDEX CONCURRENTLY a_b ON a (b)",
            "DROP INDEX CONCURRENTLY a_b",
            "REINDEX TABLE CONCURRENTLY a",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
            "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
            "UPDATE a SET b = 1",
            "VACUUM a",
            "ANALYZE a",
            "SET search_path = x",
            "SELECT 1",
        ] {
            assert!(!strong(&POSTGRES, text), "{text}");
        }
        assert!(strong(&MYSQL, "ALTER TABLE a ADD b int"));
    }

    #[test]
    fn tables_are_found_in_the_words() {
        let named = |text: &str| -> Vec<String> {
            let statement = classify(&POSTGRES, text).into_statement(text);
            tables_named(&POSTGRES, &statement).iter().map(ToString::to_string).collect()
        };
        assert_eq!(named("ALTER TABLE IF EXISTS ONLY a.b ADD c int, ADD d int"), ["a.b"]);
        assert_eq!(named("ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES \"B\" (id)"), ["a", "B"]);
        assert_eq!(named("CREATE INDEX i ON a (b)"), ["a"]);
        assert_eq!(named("TRUNCATE TABLE a"), ["a"]);
    }

    #[test]
    fn what_is_shown_of_a_statement_holds_no_string() {
        let text = "CREATE ROLE a\n  PASSWORD 'secret' -- really\n VALID UNTIL $x$never$x$;";
        assert_eq!(shown(&POSTGRES, text, 80), "CREATE ROLE a PASSWORD '…' VALID UNTIL '…'");
        assert_eq!(shown(&POSTGRES, "SELECT 'cut of", 80), "SELECT '…'");
        assert_eq!(shown(&MYSQL, "SELECT \"secret\"", 80), "SELECT '…'");
        assert_eq!(shown(&POSTGRES, "ALTER TABLE a ADD b integer", 14), "ALTER TABLE …");
    }
}
