//! Reading the `makemigrations.config.yaml` of the tool makemigrations as it is: the keys that
//! still say something are taken, each of the others gets a warning.

use std::{ops::Range, sync::Arc};

use saphyr_parser::{Event, Parser};

use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

use super::{
    config_file::{FileConfig, FileValue},
    keys::{Key, Shown},
    secret,
};

/// Where the file is looked for, from the project's folder.
pub(super) const PLACES: &[&str] =
    &["migrations/makemigrations.config.yaml", "makemigrations.config.yaml"];

/// Its keys, and what each is called here.
const TAKEN: &[(&str, &str)] = &[
    ("database.type", "dialect"),
    ("database.default_url", "url"),
    ("migration.directory", "migrations"),
];

/// Keys that it had at some time and that say nothing here, with the reason.
const LEFT: &[(&str, &str)] = &[
    ("output.verbose", "`-v` says it for one run"),
    ("output.color_enabled", "`--color never` or the variable NO_COLOR says it"),
    ("output.progress_bar", "there are no progress bars"),
    ("output.timestamp_format", "times are written as ISO 8601"),
    ("database.default_schema", "a table names its schema itself"),
    ("database.quote_identifiers", "every name is quoted"),
    ("migration.file_prefix", "migrations are numbered"),
    ("migration.snapshot_file", "the migrations themselves are the state"),
    ("migration.auto_apply", "nothing is applied by itself"),
    ("migration.include_down_sql", "every migration knows its way back"),
    ("migration.review_comment_prefix", "there are no review comments"),
    ("migration.rejection_comment_prefix", "there are no review comments"),
    ("migration.destructive_operations", "what loses data is always asked about"),
    ("migration.silent", "`-q` says it for one run"),
    ("schema.search_paths", "the key `schema` of `whimbrel.toml` names the schema"),
    ("schema.ignore_modules", "the key `schema` of `whimbrel.toml` names the schema"),
    ("schema.schema_file_name", "the key `schema` of `whimbrel.toml` names the schema"),
    ("schema.validate_strict", "validation is always strict"),
];

/// Reads the file. Secrets are starred out of what diagnostics show.
pub(super) fn parse(name: &str, text: &str) -> (FileConfig, Vec<Diagnostic>) {
    let shown = secret::starred(text, |word| word != "default_url" && is_harmless(word));
    let file = SourceFile::new(name, shown);
    let mut config = FileConfig::default();
    let mut found = Vec::new();
    let entries = match entries(text) {
        Ok(entries) => entries,
        Err((offset, message)) => {
            let place = Span { file, range: offset..offset };
            found.push(Diagnostic::error("this is not YAML").at(place, message));
            return (config, found);
        }
    };
    for Entry { key, key_range, value, range } in entries {
        let place = |range: Range<usize>| Span { file: Arc::clone(&file), range };
        if let Some((_, ours)) = TAKEN.iter().find(|it| it.0 == key) {
            let Some(known) = Key::named(ours) else { continue };
            if value.is_empty() {
                continue;
            }
            match known.refuses(&value) {
                None => {
                    config.top.insert(known.name, FileValue { text: value, span: place(range) });
                }
                Some(wanted) => found.push(
                    Diagnostic::error(format!("`{key}` takes {wanted}"))
                        .at(place(range), "not this"),
                ),
            }
            continue;
        }
        let warning = Diagnostic::warning(format!("`{key}` has no effect here"));
        if let Some((_, why)) = LEFT.iter().find(|it| it.0 == key) {
            found.push(warning.at(place(key_range), *why));
            continue;
        }
        let warning = warning.at(place(key_range), "no such key");
        let words = TAKEN.iter().chain(LEFT).map(|it| it.0);
        found.push(match did_you_mean(&key, words) {
            Some(word) => warning.help(format!("did you mean `{word}`?")),
            None => warning,
        });
    }
    (config, found)
}

fn is_harmless(word: &str) -> bool {
    let known = TAKEN.iter().chain(LEFT).any(|(key, _)| {
        key.rsplit('.').next() == Some(word) || key.split('.').next() == Some(word)
    });
    known && Key::named(word).is_none_or(|it| it.shown == Shown::Whole)
}

struct Entry {
    /// The keys on the way to it, joined by dots.
    key: String,
    key_range: Range<usize>,
    value: String,
    range: Range<usize>,
}

/// Every scalar of the file below its keys; of lists only the key.
fn entries(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    // The parser counts characters.
    let bytes: Vec<usize> = text.char_indices().map(|it| it.0).collect();
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(text.len());
    let mut entries = Vec::new();
    // One for each open mapping: the key whose value comes next.
    let mut keys: Vec<Option<(String, Range<usize>)>> = Vec::new();
    let mut lists = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|it| (byte(it.marker().index()), it.info().to_owned()))?;
        let range = byte(span.start.index())..byte(span.end.index());
        match event {
            Event::SequenceStart(..) => lists += 1,
            Event::SequenceEnd => {
                lists -= 1;
                if lists == 0 {
                    entries.extend(entry(&mut keys, String::new(), range));
                }
            }
            _ if lists > 0 => {}
            Event::MappingStart(..) => keys.push(None),
            Event::MappingEnd => {
                keys.pop();
                if let Some(key) = keys.last_mut() {
                    *key = None;
                }
            }
            Event::Scalar(value, ..) => match keys.last_mut() {
                Some(key @ None) => *key = Some((value.into_owned(), range)),
                Some(Some(_)) => entries.extend(entry(&mut keys, value.into_owned(), range)),
                None => return Err((range.start, "a mapping is expected".to_owned())),
            },
            Event::Alias(_) => entries.extend(entry(&mut keys, String::new(), range)),
            _ => {}
        }
    }
    Ok(entries)
}

/// The entry that the value ends; the innermost key is used up.
fn entry(
    keys: &mut [Option<(String, Range<usize>)>],
    value: String,
    range: Range<usize>,
) -> Option<Entry> {
    let names: Vec<&str> = keys.iter().flatten().map(|it| it.0.as_str()).collect();
    let key = names.join(".");
    let (_, key_range) = keys.last_mut()?.take()?;
    Some(Entry { key, key_range, value, range })
}
