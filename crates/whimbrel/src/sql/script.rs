//! A script of the user's own as statements.

use super::{
    Kind, Statement, Transaction, Unsupported, classify::classify, lexer::lex_significant,
    split::split, words::Words,
};
use crate::dialect::{After, Dialect, Look, Object};

/// The statements of a script, each with what it touches.
///
/// A script that begins and commits transactions by itself is taken at its word and not by its
/// letter: those statements are left out, and the plan is cut where they stood, so that every
/// statement still shares its transaction with its mark.
pub fn script(dialect: &Dialect, text: &str) -> Result<Vec<Statement>, Unsupported> {
    let pieces = split(dialect, text).map_err(|errors| {
        let words = errors.iter().map(|it| format!("{}; {}", it.message, it.help));
        Unsupported::new("to read this SQL", words.collect::<Vec<_>>().join("; "))
    })?;
    let mut statements = Vec::with_capacity(pieces.len());
    let mut cut = false;
    for piece in pieces {
        let text = piece.text(text);
        let mut statement = classify(dialect, text).into_statement(text);
        if statement.transaction == Transaction::Controls {
            match Control::of(dialect, text) {
                Control::Bound => {
                    cut = true;
                    continue;
                }
                Control::Savepoint => {
                    statement.transaction = Transaction::Allowed;
                    statement.kind = Kind::Nothing;
                }
                Control::Other if is_discard(dialect, text) => {
                    return Err(Unsupported::new(
                        "to run `DISCARD ALL`",
                        "it would give up the lock that keeps other runs out; say `RESET ALL` or \
                         `DISCARD TEMP`",
                    ));
                }
                Control::Other => {
                    return Err(Unsupported::new(
                        format!("to run `{}`", text.trim()),
                        "whimbrel begins and ends transactions itself, so that a statement and its \
                         mark are kept together or not at all; leave it out",
                    ));
                }
            }
        }
        statement.after_commit = std::mem::take(&mut cut) && !statements.is_empty();
        match one_by_one(dialect, text, &statement) {
            Some(pieces) => statements.extend(pieces),
            None => statements.push(statement),
        }
    }
    Ok(statements)
}

/// A statement that drops several tables, as one for each, where the database itself goes from one
/// to the next and may be stopped between two.
fn one_by_one(dialect: &Dialect, text: &str, statement: &Statement) -> Option<Vec<Statement>> {
    let is_dropped = |it: &Look| matches!(it.object, Object::Table(_)) && it.after == After::Absent;
    let looks = &statement.looks;
    if dialect.drops_together || looks.len() < 2 || !looks.iter().all(is_dropped) {
        return None;
    }
    let mut words = Words::new(dialect, text);
    if !words.take(&["DROP"]) || !words.take_one_of(&["TABLE", "TABLES"]) {
        return None;
    }
    words.take(&["IF", "EXISTS"]);
    let before = &text[..words.rest().first()?.start];
    let (mut names, mut end) = (Vec::new(), 0);
    while names.is_empty() || words.take_symbol(',') {
        let start = words.rest().first()?.start;
        words.name()?;
        end = words.tokens.get(words.at - 1)?.end;
        names.push(&text[start..end]);
    }
    let pieces = names.iter().enumerate().map(|(position, name)| {
        let text = format!("{before}{name}{}", &text[end..]);
        let after_commit = statement.after_commit && position == 0;
        Statement { after_commit, ..classify(dialect, &text).into_statement(text) }
    });
    Some(pieces.collect())
}

fn is_discard(dialect: &Dialect, text: &str) -> bool {
    lex_significant(dialect, text).first().is_some_and(|it| it.is_word(text, "discard"))
}

/// What a statement that controls a transaction does.
enum Control {
    /// It begins one or commits one.
    Bound,
    /// It sets a savepoint or goes back to one.
    Savepoint,
    /// It gives one up, or hands it to somebody else.
    Other,
}

impl Control {
    fn of(dialect: &Dialect, text: &str) -> Self {
        let tokens = lex_significant(dialect, text);
        let word = |position: usize, word: &str| {
            tokens.get(position).is_some_and(|it| it.is_word(text, word))
        };
        let prepared = word(1, "prepared");
        match () {
            () if word(0, "savepoint") || word(0, "release") => Self::Savepoint,
            () if word(0, "rollback") && (1..4).any(|it| word(it, "to")) => Self::Savepoint,
            () if (word(0, "commit") && !prepared) || word(0, "end") => Self::Bound,
            () if word(0, "begin") || word(0, "start") => Self::Bound,
            () if word(0, "lock") || word(0, "unlock") => Self::Bound,
            // `SET autocommit`: whimbrel's own transactions don't depend on it.
            () if word(0, "set") => Self::Bound,
            () => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::{MARIADB, MYSQL, POSTGRES},
        sql::Body,
    };

    fn cuts(dialect: &Dialect, text: &str) -> Vec<(String, bool)> {
        let text_of = |it: &Statement| match &it.body {
            Body::Text(text) => text.trim().to_owned(),
            Body::Live(_) | Body::Batches(_) | Body::Code(_) => unreachable!("a script is text"),
        };
        let statements = script(dialect, text).expect("the script can be run");
        statements.iter().map(|it| (text_of(it), it.after_commit)).collect()
    }

    #[test]
    fn a_scripts_own_transactions_become_cuts() {
        let own = "BEGIN; INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); COMMIT; \
                   START TRANSACTION; INSERT INTO a VALUES (3); END";
        let expected = [
            ("INSERT INTO a VALUES (1)".to_owned(), false),
            ("INSERT INTO a VALUES (2)".to_owned(), false),
            ("INSERT INTO a VALUES (3)".to_owned(), true),
        ];
        assert_eq!(cuts(&POSTGRES, own), expected);
        let own = "SET autocommit = 0; INSERT INTO a VALUES (1); COMMIT";
        assert_eq!(cuts(&MYSQL, own), [("INSERT INTO a VALUES (1)".to_owned(), false)]);
    }

    #[test]
    fn tables_go_one_by_one_where_the_database_drops_them_so() {
        let own = "DROP TABLE IF EXISTS a, `x`.b /* c */ , c CASCADE";
        let texts = |dialect| cuts(dialect, own).into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(texts(&MYSQL), [own]);
        let pieces = ["a", "`x`.b", "c"].map(|it| format!("DROP TABLE IF EXISTS {it} CASCADE"));
        assert_eq!(texts(&MARIADB), pieces);
        assert_eq!(cuts(&MARIADB, "DROP TEMPORARY TABLE a, b").len(), 1);
        assert_eq!(cuts(&MARIADB, "DROP TABLE a, b c").len(), 1, "it isn't understood");
    }

    #[test]
    fn savepoints_stay() {
        let own = "SAVEPOINT s; DELETE FROM a; ROLLBACK TO SAVEPOINT s; RELEASE s";
        assert_eq!(cuts(&POSTGRES, own).len(), 4);
    }

    #[test]
    fn giving_a_transaction_up_is_refused() {
        for text in ["ROLLBACK", "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'"] {
            let refused = script(&POSTGRES, text).expect_err(text);
            assert!(refused.to_string().contains("itself"), "{refused}");
        }
    }
}
