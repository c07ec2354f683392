//! What the client program reads itself and no server does: `DELIMITER`, `\i`, the rows of a `COPY`.

use std::ops::Range;

use super::Splitter;
use crate::sql::lexer::Token;

impl Splitter<'_> {
    /// A line for the client program where a statement would begin.
    pub(super) fn client_command(&mut self, token: &Token) -> bool {
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

    pub(super) fn meta_command(&mut self, token: &Token) {
        let range = self.skip_line(token.start);
        let command = self.script[range.clone()].split_whitespace().next().unwrap_or("\\");
        self.error(
            range,
            format!("`{command}` is a command of the database's client program, not SQL"),
            "take it out, or write what it does in SQL; what `\\i` would include can be a \
             migration of its own",
        );
    }

    /// Refuses what only a client program can do.
    pub(super) fn refused(&mut self, tokens: &[Token], at_end: bool) -> bool {
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

    fn line_end(&self, from: usize) -> usize {
        self.script[from..].find('\n').map_or(self.script.len(), |it| from + it)
    }

    fn skip_line(&mut self, from: usize) -> Range<usize> {
        let end = self.line_end(from);
        self.lexer.go_to(end);
        from..from + self.script[from..end].trim_end().len()
    }
}
