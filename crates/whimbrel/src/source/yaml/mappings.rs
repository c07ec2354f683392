//! `type_mappings`: what each database keeps a type as, for every field of that type.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    databases,
    draft::{DraftNamed, Said, define},
    fields::{Fields, Reader, Spanned, list},
    tree::{Key, Node, Value},
    types,
};
use crate::{
    diagnostic::{Diagnostic, Span, did_you_mean},
    dialect::taken_apart,
    schema::{ColumnType, PerDatabase},
};

/// The texts for each type, by its word: `varchar`, `text[]`, or a word of the project's own.
#[derive(Debug, Default)]
pub(super) struct Mappings {
    by_word: BTreeMap<String, DraftNamed>,
    /// Whether some of them could not be read, so that an unknown type may be one of those.
    pub(super) partial: bool,
}

/// What may stand between `{{` and `}}`.
const HOLES: [&str; 3] = [".Length", ".Precision", ".Scale"];

/// Reads the `type_mappings` of a file.
pub(super) fn collect(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    included: bool,
    mappings: &mut Mappings,
) {
    let Some(entries) = reader.map(node, "`type_mappings`") else {
        mappings.partial = true;
        return;
    };
    for (key, node) in entries {
        let Ok(database) = databases::key(reader, key, "these types would never be used") else {
            mappings.partial = true;
            continue;
        };
        if node.is_null() {
            continue;
        }
        let what = format!("`{}` under `type_mappings`", key.text);
        let Some(entries) = reader.map(node, &what) else {
            mappings.partial = true;
            continue;
        };
        for (name, node) in entries {
            let Some(word) = mapped_word(reader, name) else { continue };
            let Some(text) = reader.text(node, format_args!("the type for `{}`", name.text)) else {
                mappings.partial = true;
                continue;
            };
            check_holes(reader, &text);
            let span = reader.span(&name.range);
            let said = Said { text, span, included };
            define(reader, &mut mappings.by_word, ("the type for", &word), database, said);
        }
    }
}

/// The word of a type as fields are looked up by it; points at what can't be mapped.
fn mapped_word(reader: &mut Reader<'_>, name: &Key<'_>) -> Option<String> {
    let word = types::plain_word(&name.text);
    let because = match word.as_str() {
        "foreign_key" => "a foreign key has the type of what it points at",
        "many_to_many" => "the table between two tables has the types of their keys",
        "other" => "the field itself says what `other` is, by `spelled`",
        "" => "a type has a name",
        _ => return Some(word),
    };
    let message = format!("`{}` is no type to be mapped", name.text);
    reader.wrong_help(message, &name.range, because, "remove it");
    None
}

fn check_holes(reader: &mut Reader<'_>, text: &Spanned<String>) {
    for hole in holes(&text.value) {
        if !HOLES.contains(&hole.inside) {
            let message = format!("there is no `{{{{{}}}}}`", hole.inside);
            let names: Vec<String> = HOLES.iter().map(|it| format!("{{{{{it}}}}}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let help = format!("a type can have {}", list(&names));
            reader.wrong_help(message, &text.span.range, "nothing can be put in its place", help);
        }
    }
}

/// A place in a text that a number of the field is put in.
struct Hole<'a> {
    whole: std::ops::Range<usize>,
    inside: &'a str,
}

fn holes(text: &str) -> Vec<Hole<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|it| from + it) {
        let Some(end) = text[start..].find("}}").map(|it| start + it + 2) else { break };
        found.push(Hole { whole: start..end, inside: text[start + 2..end - 2].trim() });
        from = end;
    }
    found
}

impl Mappings {
    /// Whether there are any.
    pub(super) fn says(&self) -> bool {
        !self.by_word.is_empty()
    }

    /// Whether a field may have this word for a type, or for the values of a list.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.by_word.keys().any(|it| it.trim_end_matches("[]").trim_end() == word)
    }

    /// The type of a field as it is kept everywhere: with the texts that the mappings have for it,
    /// unless the field spells its type itself.
    pub(super) fn of(
        &self,
        data_type: &ColumnType,
        field: &Spanned<String>,
        found: &mut Vec<Diagnostic>,
    ) -> ColumnType {
        if matches!(data_type, ColumnType::Spelled { .. }) {
            return data_type.clone();
        }
        let (word, numbers) = word_of(data_type);
        let Some(mapped) = self.by_word.get(&word) else { return data_type.clone() };
        let mut fill = |said: &Said| filled(said, &word, &numbers, field, found);
        let texts: Option<Vec<_>> =
            mapped.texts.iter().map(|(on, said)| Some((*on, fill(said)?))).collect();
        let otherwise = mapped.otherwise.as_ref().map(&mut fill);
        match (texts, otherwise) {
            (None, _) | (_, Some(None)) => data_type.clone(),
            (Some(texts), otherwise) => ColumnType::Spelled {
                of: Box::new(data_type.clone()),
                spelled: Box::new(PerDatabase { texts, otherwise: otherwise.flatten() }),
            },
        }
    }

    /// Says which words stand for no field's type, where they are no types of whimbrel's either.
    pub(super) fn check_used(&self, used: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
        for (word, mapped) in &self.by_word {
            if used.contains(word) || types::is_known(word) {
                continue;
            }
            let warning = Diagnostic::warning(format!("no field has the type `{word}`"))
                .at(mapped.span.clone(), "it is never used");
            found.push(match did_you_mean(word, types::known()) {
                Some(near) => warning.help(format!("did you mean `{near}`?")),
                None => warning.help("remove it"),
            });
        }
    }
}

/// The word that a type is looked up by, and its numbers by key.
pub(super) fn word_of(data_type: &ColumnType) -> (String, Vec<(&'static str, u32)>) {
    match data_type {
        ColumnType::Array { of } => {
            let (of, numbers) = word_of(of);
            (format!("{of}[]"), numbers)
        }
        ColumnType::Other { spelled } => {
            let (word, numbers, _) = taken_apart(spelled);
            let keys: &[&'static str] =
                if numbers.len() == 1 { &["length"] } else { &["precision", "scale"] };
            (word, keys.iter().copied().zip(numbers).collect())
        }
        known => types::word(known),
    }
}

/// A type of the project's own, with the numbers that a field says of it.
pub(super) fn own_type(word: &str, numbers: [Option<u32>; 3]) -> ColumnType {
    let numbers: Vec<String> = numbers.iter().flatten().map(u32::to_string).collect();
    let numbers = numbers.join(",");
    let spelled = if numbers.is_empty() { word.to_owned() } else { format!("{word}({numbers})") };
    ColumnType::Other { spelled }
}

/// The text with the field's numbers in it.
fn filled(
    said: &Said,
    word: &str,
    numbers: &[(&'static str, u32)],
    field: &Spanned<String>,
    found: &mut Vec<Diagnostic>,
) -> Option<String> {
    let text = &said.text.value;
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for hole in holes(text) {
        let name = hole.inside.trim_start_matches('.').to_ascii_lowercase();
        let Some((_, number)) = numbers.iter().find(|(it, _)| *it == name) else {
            if HOLES.contains(&hole.inside) {
                found.push(numberless(field, word, &name, &said.text.span));
            }
            return None;
        };
        filled.push_str(&text[from..hole.whole.start]);
        filled.push_str(&number.to_string());
        from = hole.whole.end;
    }
    filled.push_str(&text[from..]);
    Some(filled)
}

fn numberless(field: &Spanned<String>, word: &str, number: &str, mapping: &Span) -> Diagnostic {
    Diagnostic::error(format!("`{}` has no `{number}` to put into its type", field.value))
        .at(field.span.clone(), format!("this `{word}` has none"))
        .and(mapping.clone(), "and is mapped to this")
        .help(format!("give the field a `{number}`, or leave it out of the mapping"))
}

/// The `type_mappings` of a file that has any; what else it says is looked at later.
pub(super) fn node_of<'n>(root: &'n Node<'n>) -> Option<&'n Node<'n>> {
    let Value::Map(entries) = &root.value else { return None };
    entries.iter().find(|(key, _)| key.text == "type_mappings").map(|(_, node)| node)
}

/// Reads the `spelled` of a field that is a map: a text for each database.
pub(super) fn spelled(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<PerDatabase> {
    let node = fields.get("spelled")?;
    match &node.value {
        Value::Map(_) => super::default::sql(reader, node, "`spelled`"),
        _ => reader.text(node, "`spelled`").map(|it| PerDatabase::all(it.value)),
    }
}
