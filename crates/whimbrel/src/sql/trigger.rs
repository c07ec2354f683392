//! What triggers speak of. SQLite drops a table or a column although triggers elsewhere need it, and
//! fails only when one of those is set off (manual, "CREATE TRIGGER"), so it is looked for before.

use super::lexer::{Token, lex_significant};
use crate::dialect::Dialect;

/// A `CREATE TRIGGER`.
#[derive(Clone, Debug)]
pub struct Trigger<'a> {
    dialect: &'a Dialect,
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Trigger<'a> {
    /// Reads a text; `None` for one that makes no trigger.
    pub fn read(dialect: &'a Dialect, text: &'a str) -> Option<Self> {
        let tokens = lex_significant(dialect, text);
        let is_one = tokens.iter().take(3).any(|it| it.is_word(text, "TRIGGER"));
        is_one.then_some(Self { dialect, text, tokens })
    }

    /// Its name.
    pub fn name(&self) -> Option<String> {
        let at = self.position(0, "TRIGGER")? + 1;
        let at = if self.is(at, "IF") { at + 3 } else { at };
        self.last_of_name(at)
    }

    /// The table or view that sets it off.
    pub fn table(&self) -> Option<String> {
        self.last_of_name(self.position(0, "ON")? + 1)
    }

    /// Whether a statement of it reads or writes a table.
    pub fn uses_table(&self, table: &str) -> bool {
        let reads = ["INTO", "FROM", "JOIN", "UPDATE"];
        (0..self.tokens.len()).any(|at| {
            if !reads.iter().any(|it| self.is(at, it)) {
                return false;
            }
            // `UPDATE OR IGNORE t`
            let at = if self.is(at + 1, "OR") { at + 3 } else { at + 1 };
            self.last_of_name(at).is_some_and(|it| it.eq_ignore_ascii_case(table))
        })
    }

    /// Whether it speaks of a column of a table: as a value of the row that sets it off, as what
    /// sets it off, or in a statement on that table.
    pub fn uses_column(&self, table: &str, column: &str) -> bool {
        let is_column =
            |at: usize| self.name_at(at).is_some_and(|it| it.eq_ignore_ascii_case(column));
        let mut columns = (0..self.tokens.len()).filter(|at| is_column(*at));
        if self.uses_table(table) {
            return columns.next().is_some();
        }
        if !self.table().is_some_and(|it| it.eq_ignore_ascii_case(table)) {
            return false;
        }
        let on = self.position(0, "ON").unwrap_or(0);
        let of = self.position(0, "OF").filter(|it| *it < on);
        columns.any(|at| {
            let is_of_row = at >= 2
                && self.tokens[at - 1].is_symbol(self.text, '.')
                && (self.is(at - 2, "NEW") || self.is(at - 2, "OLD"));
            is_of_row || of.is_some_and(|of| of < at && at < on)
        })
    }

    fn position(&self, from: usize, word: &str) -> Option<usize> {
        (from..self.tokens.len()).find(|it| self.is(*it, word))
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|it| it.is_word(self.text, word))
    }

    fn name_at(&self, at: usize) -> Option<String> {
        self.tokens.get(at).and_then(|it| it.name(self.dialect, self.text))
    }

    /// The last part of `main.users` or `users`, which begins at a token.
    fn last_of_name(&self, at: usize) -> Option<String> {
        let qualified = self.tokens.get(at + 1).is_some_and(|it| it.is_symbol(self.text, '.'));
        self.name_at(if qualified { at + 2 } else { at })
    }
}

/// The name of the trigger that a statement drops.
pub fn dropped_trigger(dialect: &Dialect, text: &str) -> Option<String> {
    let tokens = lex_significant(dialect, text);
    let trigger = Trigger { dialect, text, tokens };
    if !trigger.is(0, "DROP") || !trigger.is(1, "TRIGGER") {
        return None;
    }
    trigger.last_of_name(if trigger.is(2, "IF") { 4 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::SQLITE;

    const LOG: &str = "CREATE TRIGGER IF NOT EXISTS main.\"log it\" AFTER UPDATE OF size, \"color\" \
                       ON items WHEN new.weight > 1 BEGIN \
                       INSERT INTO main.logs (what, name) VALUES (old.code, 'price'); \
                       UPDATE OR IGNORE [counts] SET n = n + 1; \
                       DELETE FROM parts WHERE id IN (SELECT id FROM shelves JOIN rooms); END";

    #[test]
    fn a_trigger_is_read() {
        let trigger = Trigger::read(&SQLITE, LOG).unwrap();
        assert_eq!(trigger.name().as_deref(), Some("log it"));
        assert_eq!(trigger.table().as_deref(), Some("items"));
        for table in ["logs", "LOGS", "counts", "parts", "shelves", "rooms"] {
            assert!(trigger.uses_table(table), "{table}");
        }
        for other in ["items", "what", "size", "main", "price"] {
            assert!(!trigger.uses_table(other), "{other}");
        }
        assert!(Trigger::read(&SQLITE, "CREATE VIEW trigger_happy AS SELECT 1").is_none());
    }

    #[test]
    fn columns_are_told_by_where_they_stand() {
        let trigger = Trigger::read(&SQLITE, LOG).unwrap();
        for column in ["size", "color", "weight", "code", "CODE"] {
            assert!(trigger.uses_column("items", column), "{column}");
        }
        // They are other tables' columns, and a text.
        for column in ["what", "n", "name", "price", "id"] {
            assert!(!trigger.uses_column("items", column), "{column}");
        }
        assert!(trigger.uses_column("logs", "what"));
        assert!(!trigger.uses_column("elsewhere", "what"));
    }

    #[test]
    fn a_dropped_trigger_is_named() {
        let dropped = |text| dropped_trigger(&SQLITE, text);
        assert_eq!(dropped("DROP TRIGGER IF EXISTS main.a -- x").as_deref(), Some("a"));
        assert_eq!(dropped("drop trigger \"b c\"").as_deref(), Some("b c"));
        assert_eq!(dropped("DROP TABLE trigger"), None);
    }
}
