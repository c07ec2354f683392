//! The section in which a file says what it changes of the schema, in the words of the migration
//! language as comments:
//!
//! ```sql
//! -- whimbrel: state
//! --   .add_column("users", "age", integer())
//! --   .add_index("users", index("users_age_ix").on("age"))
//! -- whimbrel: up
//! ```
//!
//! It goes on to the next directive or statement, so that nothing of it is passed over in silence.

use std::ops::Range;

use whimbrel_migration::Operation;

use super::directives::Parser;
use crate::{
    diagnostic::{Diagnostic, Span},
    migration::format::rust::{self, Calls, Siblings},
};

/// What a file says that it changes of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The changes; none where it says that the schema stays.
    pub operations: Vec<Operation>,
    /// Where they are written.
    pub place: Option<Span>,
    /// Where each of them is written.
    pub places: Vec<Span>,
}

/// The section before it is read.
pub(super) struct Section {
    /// Its directive.
    directive: Range<usize>,
    /// Where its changes are written, line by line.
    lines: Vec<Range<usize>>,
}

impl Parser {
    /// Reads the directive at `all`, behind which the first changes may stand.
    pub(super) fn begin_state(&mut self, all: Range<usize>, rest: Range<usize>) {
        self.in_state = true;
        if self.migration.down.is_some() {
            self.error(
                all.clone(),
                "`state` stands behind `down`".to_owned(),
                "it says what the way up changes",
                "move it before the line `-- whimbrel: down`; on the way down the schema becomes \
                 what it was by itself",
            );
        }
        if let Some(first) = &self.state {
            let twice = Diagnostic::error("`state` is stated twice")
                .at(self.span(all), "here again")
                .and(self.span(first.directive.clone()), "first here")
                .help("put all changes into one section, in their order");
            self.diagnostics.push(twice);
            return;
        }
        self.state = Some(Section { directive: all, lines: vec![rest] });
    }

    /// Adds a line, which is a comment or empty.
    pub(super) fn state_line(&mut self, line: Range<usize>) {
        let text = &self.migration.file.text[line.clone()];
        if let (Some(at), Some(section)) = (text.find("--"), &mut self.state) {
            section.lines.push(line.start + at + "--".len()..line.end);
        }
        self.go_on_behind(line);
    }

    /// Reads the whole section.
    pub(super) fn read_state(&mut self, siblings: &dyn Siblings) {
        let Some(section) = self.state.take() else { return };
        let file = &self.migration.file;
        let mut text: Vec<u8> =
            file.text.bytes().map(|it| if it == b'\n' { it } else { b' ' }).collect();
        for line in &section.lines {
            text[line.clone()].copy_from_slice(&file.text.as_bytes()[line.clone()]);
        }
        // Whole lines of a text are a text.
        let text = String::from_utf8(text).unwrap_or_default();
        match rust::changes(file, &text, siblings) {
            Ok(Calls { operations, place, places }) => {
                let place = Some(place.unwrap_or_else(|| self.span(section.directive)));
                self.migration.state = Some(State { operations, place, places });
            }
            Err(mut diagnostic) => {
                if diagnostic.span.is_none() {
                    diagnostic.span = Some(self.span(section.directive));
                }
                self.diagnostics.push(diagnostic.note(
                    "a `state` section goes on to the next directive, such as `-- whimbrel: up`, or \
                     the next statement",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_migration::{Undo, changes, index, integer};

    use super::super::parse;
    use super::*;
    use crate::{diagnostic::SourceFile, migration::format::rust::NoSiblings};

    const AGE: &str = "-- whimbrel: after 0001_users\n\
        -- whimbrel: state\n\
        --   .add_column(\"users\", \"age\", integer()) // years\n\
        --\n\n\
        --   .add_index(\"users\", index(\"users_age\").on(\"age\"))\n\
        -- whimbrel: up\n\
        ALTER TABLE users ADD COLUMN age integer;\n";

    fn read(text: &str) -> super::super::SqlMigration {
        let (migration, diagnostics) = parse(&SourceFile::new("0002_x.sql", text), &NoSiblings);
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        migration
    }

    fn age() -> Vec<Operation> {
        let age = changes().add_column("users", "age", integer());
        age.add_index("users", index("users_age").on("age")).operations
    }

    fn errors(text: &str) -> Vec<String> {
        let file = SourceFile::new("0002_x.sql", format!("-- whimbrel: first\n{text}"));
        let (_, diagnostics) = parse(&file, &NoSiblings);
        let help = |it: &Diagnostic| it.help.clone().unwrap_or_default();
        diagnostics.iter().map(|it| format!("{it}; {}", help(it))).collect()
    }

    #[test]
    fn what_changes_is_said_in_the_words_of_the_migration_language() {
        for text in [AGE.to_owned(), AGE.replace('\n', "\r\n"), format!("\u{feff}{AGE}")] {
            let read = read(&text);
            let state = read.state.clone().expect("it is said");
            assert_eq!(state.operations, age());
            let each: Vec<&str> = state.places.iter().map(|it| &text[it.range.clone()]).collect();
            let [first, second] = each[..] else { panic!("{each:?}") };
            assert_eq!(first, "add_column(\"users\", \"age\", integer())");
            assert!(second.starts_with("add_index(") && second.ends_with("(\"age\"))"), "{second}");
            let place = state.place.expect("it is written somewhere");
            assert_eq!(place.file.line_column(place.range.start), (3, 6));
            assert!(text[place.range].ends_with("(\"age\"))"));
            let (migration, places) = read.migration();
            let [Operation::RunSql(run)] = &migration.operations[..] else {
                panic!("{migration:?}")
            };
            assert_eq!(run.script.state, Some(age()));
            assert_eq!(run.script.undo, Undo::Unknown);
            let text = run.script.up.otherwise.clone().unwrap_or_default();
            assert_eq!(text, "ALTER TABLE users ADD COLUMN age integer;");
            assert_eq!(places.len(), 1);
        }
    }

    #[test]
    fn one_line_may_hold_it_and_statements_end_it() {
        let text = "-- whimbrel: first\nSELECT 1;\n-- whimbrel: state .drop_table(\"a\")\n\nSELECT 2;\n\
                    -- no more of it\n-- whimbrel: done-when SELECT 1\nCALL p();\n";
        let (migration, _) = read(text).migration();
        let [Operation::RunSql(first), Operation::RunSql(second)] = &migration.operations[..]
        else {
            panic!("{migration:?}")
        };
        assert_eq!(first.script.state, Some(changes().drop_table("a").operations));
        assert_eq!((&second.script.state, &second.script.undo), (&None, &Undo::Nothing));
    }

    #[test]
    fn an_empty_section_says_that_the_schema_stays() {
        let text = "-- whimbrel: first\n-- whimbrel: state\n-- whimbrel: up\nUPDATE a SET b = 1;\n";
        let (migration, _) = read(text).migration();
        let [Operation::RunSql(run)] = &migration.operations[..] else { panic!("{migration:?}") };
        assert_eq!((&run.script.state, &run.script.undo), (&Some(vec![]), &Undo::Unknown));
    }

    #[test]
    fn without_statements_the_schema_alone_follows() {
        let text = "-- whimbrel: first\n-- whimbrel: state\n-- .drop_table(\"a\")\n";
        let (migration, places) = read(text).migration();
        assert!(matches!(migration.operations[..], [Operation::StateOnly(_)]), "{migration:?}");
        assert_eq!(places.len(), 1);
    }

    #[test]
    fn mistakes_are_shown_in_the_file() {
        let mut wrong = Vec::new();
        for (text, wanted) in [
            (
                "-- whimbrel: state\n--  .add_colum(\"a\", \"b\", integer())",
                "0002_x.sql:3:6: a `Changes` has no method `add_colum` (not found); did you mean \
                 `add_column`?",
            ),
            ("-- whimbrel: state\n--  .add_column(\"a\", \"b\", intger())", "0002_x.sql:3:27: "),
            (
                "-- whimbrel: state\n--  .add_column(\"a\", \"b\"",
                "0002_x.sql:3:16: this isn't Rust: what opens",
            ),
            ("-- whimbrel: state\n--  .drop_table(\"a\").", "0002_x.sql:3:21: this isn't Rust"),
            (
                "-- whimbrel: state\n--  .drop_table(\"a\")\n-- Words.\nSELECT 1",
                "0002_x.sql:4:4: this isn't Rust",
            ),
            (
                "-- whimbrel: state add_column()",
                "0002_x.sql:2:20: changes of the schema begin with a `.`",
            ),
            (
                "-- whimbrel: state .drop_table(\"a\"), 1",
                "0002_x.sql:2:36: changes of the schema stand",
            ),
            ("-- whimbrel: state .run_sql(\"SELECT 1\")", "0002_x.sql:2:21: SQL says nothing"),
            ("-- whimbrel: state .after_deploy()", "0002_x.sql:2:21: a `Changes` has no method"),
            ("-- whimbrel: state\n-- whimbrel: state", "0002_x.sql:3:14: `state` is stated twice"),
            ("SELECT 1;\n-- whimbrel: down\n-- whimbrel: state", "`state` stands behind `down`"),
            (
                "-- whimbrel: stat",
                "there is no directive `stat` (not known); did you mean `state`?",
            ),
        ] {
            let found = errors(text);
            let is_as_wanted = found.len() == 1 && found[0].contains(wanted);
            wrong.extend((!is_as_wanted).then(|| format!("{text}\n{found:#?}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
