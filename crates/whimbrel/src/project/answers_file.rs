//! Reading a file of answers for `generate`: renames, choices, values. Every mistake with its place.

use std::{ops::Range, path::Path, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Config, Error, text};
use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

/// What a file of answers says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswersFile {
    /// `[renames]`: what was renamed, and to what.
    pub renames: Vec<Entry>,
    /// `gone`: what was not renamed.
    pub gone: Vec<Entry>,
    /// `[destructive]`: what is to be done about a change that gives something up; `*` stands for all.
    pub destructive: Vec<Entry>,
    /// `[values]`: what the rows that are there get in a new column that is required.
    pub values: Vec<Entry>,
    /// `no_value`: such columns of tables that have no rows.
    pub no_value: Vec<Entry>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about: `users.email`.
    pub what: String,
    /// The answer; empty in a list.
    pub answer: String,
    /// Where it is written.
    pub place: Span,
}

/// The keys of such a file.
const KEYS: [&str; 5] = ["renames", "gone", "destructive", "values", "no_value"];

impl AnswersFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// Where it can't be read, and with a diagnostic for each mistake in it.
    pub fn open(config: &Config, path: &Path) -> Result<Self, Error> {
        let text = text::read(path)?;
        Self::parse(&SourceFile::new(config.display(path), text)).map_err(Error::Config)
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    ///
    /// A diagnostic for each mistake.
    pub fn parse(file: &Arc<SourceFile>) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader { file, found: Vec::new() };
        let (document, errors) = DeTable::parse_recoverable(&file.text);
        for error in errors {
            let place = reader.span(error.span().unwrap_or(0..0));
            let diagnostic = Diagnostic::error("this is not TOML");
            reader.found.push(diagnostic.at(place, error.message().to_owned()));
        }
        let mut answers = Self::default();
        if reader.found.is_empty() {
            for (key, value) in document.get_ref() {
                match key.get_ref().as_ref() {
                    "renames" => answers.renames = reader.table(key.get_ref(), value, false),
                    "destructive" => {
                        answers.destructive = reader.table(key.get_ref(), value, false);
                    }
                    "values" => answers.values = reader.table(key.get_ref(), value, true),
                    "gone" => answers.gone = reader.list(key.get_ref(), value),
                    "no_value" => answers.no_value = reader.list(key.get_ref(), value),
                    other => reader.unknown(other, key.span()),
                }
            }
        }
        reader.found.sort_by_key(|it| it.span.as_ref().map(|span| span.range.start));
        if reader.found.is_empty() { Ok(answers) } else { Err(reader.found) }
    }
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span { file: Arc::clone(self.file), range }
    }

    fn unknown(&mut self, key: &str, at: Range<usize>) {
        let place = self.span(at);
        let found = Diagnostic::error(format!("unknown key `{key}`")).at(place, "no such key");
        self.found.push(match did_you_mean(key, KEYS) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found.help(format!("there are {}", listed())),
        });
    }

    /// `"users.name" = "display_name"`; numbers and truth values too where `scalars` says so.
    fn table(&mut self, key: &str, value: &Spanned<DeValue<'_>>, scalars: bool) -> Vec<Entry> {
        let Some(table) = value.get_ref().as_table() else {
            self.mistake(value, format!("`{key}` is a table"), format!("write `[{key}]`"));
            return vec![];
        };
        let mut entries = Vec::new();
        for (what, value) in table {
            let answer = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) if scalars => {
                    self.file.text[value.span()].to_owned()
                }
                DeValue::Table(_) => {
                    let help = format!("write `\"{}.…\" = …`, in quotes", what.get_ref());
                    self.mistake(value, "a name with a dot is one key".to_owned(), help);
                    continue;
                }
                _ => {
                    let wanted = if scalars { "a text, a number or a bool" } else { "a text" };
                    let message = format!("the answer for `{}` is {wanted}", what.get_ref());
                    self.mistake(value, message, "write it in quotes".to_owned());
                    continue;
                }
            };
            let range = what.span().start..value.span().end;
            entries.push(Entry {
                what: what.get_ref().to_string(),
                answer,
                place: self.span(range),
            });
        }
        entries.sort_by_key(|it| it.place.range.start);
        entries
    }

    /// `["users", "users.name"]`
    fn list(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<Entry> {
        let help = format!("write `{key} = [\"users.name\"]`");
        let Some(list) = value.get_ref().as_array() else {
            self.mistake(value, format!("`{key}` is a list of names"), help);
            return vec![];
        };
        let mut entries = Vec::new();
        for item in list {
            match item.get_ref().as_str() {
                Some(what) => entries.push(Entry {
                    what: what.to_owned(),
                    answer: String::new(),
                    place: self.span(item.span()),
                }),
                None => self.mistake(item, format!("`{key}` is a list of names"), help.clone()),
            }
        }
        entries
    }

    fn mistake(&mut self, value: &Spanned<DeValue<'_>>, message: String, help: String) {
        let place = self.span(value.span());
        let label = format!("this is of type {}", value.get_ref().type_str());
        self.found.push(Diagnostic::error(message).at(place, label).help(help));
    }
}

fn listed() -> String {
    KEYS.map(|it| format!("`{it}`")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<AnswersFile, Vec<String>> {
        AnswersFile::parse(&SourceFile::new("answers.toml", text))
            .map_err(|found| found.iter().map(|it| it.message.clone()).collect())
    }

    #[test]
    fn all_that_generate_asks_can_be_said() {
        let text = "gone = [\"old\"]\nno_value = ['a.b']\n[renames]\nusers = \"people\"\n\
                    \"users.name\" = \"label\"\n[destructive]\n\"*\" = \"review\"\n[values]\n\
                    \"users.age\" = 7\n\"users.on\" = true\n\"users.mail\" = \"x\"\n";
        let answers = parse(text).expect("it is right");
        let pairs = |entries: &[Entry]| {
            entries.iter().map(|it| format!("{}={}", it.what, it.answer)).collect::<Vec<_>>()
        };
        assert_eq!(pairs(&answers.renames), ["users=people", "users.name=label"]);
        assert_eq!(pairs(&answers.gone), ["old="]);
        assert_eq!(pairs(&answers.no_value), ["a.b="]);
        assert_eq!(pairs(&answers.destructive), ["*=review"]);
        assert_eq!(pairs(&answers.values), ["users.age=7", "users.on=true", "users.mail=x"]);
        assert_eq!(&text[answers.values[0].place.range.clone()], "\"users.age\" = 7");
        assert_eq!(parse(""), Ok(AnswersFile::default()));
    }

    #[test]
    fn every_mistake_has_its_words() {
        let mistakes = [
            ("x = ", "this is not TOML"),
            ("rename = 1", "unknown key `rename`"),
            ("renames = 1", "`renames` is a table"),
            ("gone = 'a'", "`gone` is a list of names"),
            ("gone = [1]", "`gone` is a list of names"),
            ("[renames]\nusers.name = 'x'", "a name with a dot is one key"),
            ("[renames]\nusers = 1", "the answer for `users` is a text"),
            ("[values]\n'a.b' = []", "the answer for `a.b` is a text, a number or a bool"),
        ];
        for (text, message) in mistakes {
            let found = parse(text).expect_err(text);
            assert!(found.iter().any(|it| it == message), "{text}: {found:?}");
        }
        let two = parse("a = 1\nb = 2").expect_err("both are unknown");
        assert_eq!(two.len(), 2, "{two:?}");
    }
}
