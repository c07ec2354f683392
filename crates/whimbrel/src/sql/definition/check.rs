//! Checks in a `CREATE TABLE` that have a name.

use super::names::token_name;
use crate::{dialect::Dialect, sql::words::Words};

/// The name and the condition of `CONSTRAINT name CHECK (…)`, of a table or of one of its columns;
/// `None` where the text says anything else or more.
pub fn named_check(dialect: &Dialect, text: &str) -> Option<(String, String)> {
    let mut words = Words::new(dialect, text);
    if !words.take(&["CONSTRAINT"]) {
        return None;
    }
    let name = token_name(dialect, text, words.rest().first()?)?;
    words.at += 1;
    if !words.take(&["CHECK"]) || !words.next_is('(') {
        return None;
    }
    let open = words.rest().first()?.end;
    let mut depth = 0_usize;
    while let Some(token) = words.rest().first().copied() {
        words.at += 1;
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                let condition = text[open..token.start].trim().to_owned();
                return words.at_end().then_some((name, condition));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::SQLITE;

    #[test]
    fn a_check_with_a_name_and_nothing_else_is_read() {
        let read = |text: &str| named_check(&SQLITE, text);
        let check = Some(("a b".to_owned(), "x > (1) /* ) */ AND y <> ')'".to_owned()));
        assert_eq!(read("CONSTRAINT \"a b\" CHECK (x > (1) /* ) */ AND y <> ')')"), check);
        for other in
            ["CHECK (x > 1)", "CONSTRAINT a CHECK (x) ON CONFLICT FAIL", "CONSTRAINT a", ""]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
