//! Reading `whimbrel.toml`: every key known, every value of the right kind, or a diagnostic that
//! underlines it.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

use super::{
    keys::{KEYS, Key, Shown, Takes},
    secret,
};

/// What a file says, before any variable in it is filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct FileConfig {
    /// The keys at its top.
    pub top: Table,
    /// The tables `[env.NAME]`.
    pub envs: BTreeMap<String, Table>,
}

/// Values by key.
pub(super) type Table = BTreeMap<&'static str, FileValue>;

/// A value as the file has it.
#[derive(Clone, Debug)]
pub(super) struct FileValue {
    pub text: String,
    pub span: Span,
}

/// Reads a configuration. What can't be used is said in the diagnostics, secrets starred out.
pub(super) fn parse(name: &str, text: &str) -> (FileConfig, Vec<Diagnostic>) {
    let shown = secret::starred(text, |word| {
        let last = word.rsplit('.').next().unwrap_or(word);
        Key::named(last).is_some_and(|it| it.shown == Shown::Whole)
    });
    let mut reader = Reader { file: SourceFile::new(name, shown), found: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let diagnostic = Diagnostic::error("this is not TOML");
        // The library's words name the token it wants, never the text that it found.
        let place = reader.span(error.span().unwrap_or(0..0));
        reader.found.push(diagnostic.at(place, error.message().to_owned()));
    }
    let mut config = FileConfig::default();
    if reader.found.is_empty() {
        reader.document(document.get_ref(), &mut config);
    }
    reader.found.sort_by_key(|it| it.span.as_ref().map(|span| span.range.start));
    (config, reader.found)
}

struct Reader {
    file: Arc<SourceFile>,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn span(&self, range: Range<usize>) -> Span {
        Span { file: Arc::clone(&self.file), range }
    }

    fn document(&mut self, document: &DeTable<'_>, config: &mut FileConfig) {
        for (key, value) in document {
            if key.get_ref() == "env" {
                self.environments(value, config);
            } else {
                self.entry(key, value, &mut config.top, true);
            }
        }
        self.contradictions(&config.top);
    }

    fn environments(&mut self, value: &Spanned<DeValue<'_>>, config: &mut FileConfig) {
        let Some(environments) = value.get_ref().as_table() else {
            let place = self.span(value.span());
            self.found.push(
                Diagnostic::error("`env` holds tables, one for each environment")
                    .at(place, "not a table")
                    .help("write `[env.production]` and the keys below it"),
            );
            return;
        };
        for (name, value) in environments {
            let Some(table) = value.get_ref().as_table() else {
                let place = self.span(name.span());
                self.found.push(
                    Diagnostic::error(format!("`env.{}` is not a table", name.get_ref()))
                        .at(place, "an environment is a table")
                        .help(format!("write `[env.{}]` and the keys below it", name.get_ref())),
                );
                continue;
            };
            let mut entries = Table::new();
            for (key, value) in table {
                self.entry(key, value, &mut entries, false);
            }
            self.contradictions(&entries);
            config.envs.insert(name.get_ref().to_string(), entries);
        }
    }

    fn entry(
        &mut self,
        key: &Spanned<Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        table: &mut Table,
        at_top: bool,
    ) {
        let Some(known) = Key::named(key.get_ref()) else {
            let place = self.span(key.span());
            let unknown = Diagnostic::error(format!("unknown key `{}`", key.get_ref()))
                .at(place, "no such key");
            let words = KEYS.iter().map(|it| it.name).chain(at_top.then_some("env"));
            self.found.push(match did_you_mean(key.get_ref(), words) {
                Some(word) => unknown.help(format!("did you mean `{word}`?")),
                None => unknown.help("`whimbrel config` lists every key"),
            });
            return;
        };
        let place = self.span(value.span());
        let Some(text) = scalar(value.get_ref(), known.takes) else {
            let wanted = wanted(known);
            self.found.push(
                Diagnostic::error(format!("`{}` takes {wanted}", known.name))
                    .at(place, format!("this is of type {}", value.get_ref().type_str())),
            );
            return;
        };
        // What a variable will say is looked at when it is filled in.
        if !text.contains("${")
            && let Some(wanted) = known.refuses(&text)
        {
            self.found.push(
                Diagnostic::error(format!("`{}` takes {wanted}", known.name)).at(place, "not this"),
            );
            return;
        }
        table.insert(known.name, FileValue { text, span: place });
    }

    /// Keys of which one table can hold only one.
    fn contradictions(&mut self, table: &Table) {
        for group in [&["url", "host"][..], &["password", "password_file", "password_command"]] {
            let mut said = group.iter().filter_map(|it| table.get(it).map(|value| (it, value)));
            if let (Some((first, one)), Some((second, other))) = (said.next(), said.next()) {
                self.found.push(
                    Diagnostic::error(format!("`{first}` and `{second}` both say the same thing"))
                        .at(other.span.clone(), "and here again")
                        .and(one.span.clone(), "said here")
                        .help("keep one of them"),
                );
            }
        }
    }
}

fn wanted(key: &Key) -> String {
    match key.takes {
        Takes::Text => "a text in quotes".to_owned(),
        // An empty text is refused by every other kind, with the words for what is good.
        _ => key.refuses("").unwrap_or_default(),
    }
}

fn scalar(value: &DeValue<'_>, takes: Takes) -> Option<String> {
    match (value, takes) {
        (DeValue::String(_), Takes::YesNo) => {
            value.as_str().filter(|it| it.contains("${")).map(str::to_owned)
        }
        (DeValue::String(text), _) => Some(text.to_string()),
        (DeValue::Integer(number), Takes::Port) => Some(number.to_string()),
        (DeValue::Boolean(it), Takes::YesNo) => Some(it.to_string()),
        _ => None,
    }
}
