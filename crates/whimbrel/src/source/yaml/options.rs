//! What one database is to make of a table or a field: `options: {postgresql: {fillfactor: 70}}`.

use std::fmt::{Display, Write};

use serde_json::{Map, Value as Json, json};
use whimbrel_migration::{KnownOption, Of, Takes, known_option, known_options};

use super::{
    databases,
    fields::{Fields, Reader, Spanned, list},
    print,
    tree::{Key, Node, Value},
};
use crate::{
    diagnostic::did_you_mean,
    schema::{Database, Options, Setting},
};

/// An option of a database, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftOption {
    database: Database,
    name: &'static str,
    setting: Spanned<Setting>,
}

/// Reads the `options` of a table or a field.
pub(super) fn draft(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    of: Of,
    what: impl Display,
) -> Vec<DraftOption> {
    let mut found = Vec::new();
    let Some(node) = fields.get("options") else { return found };
    let Some(entries) = reader.map(node, format_args!("the options of {what}")) else {
        return found;
    };
    let mut seen: Vec<Database> = Vec::new();
    for (key, node) in entries {
        let Some(database) = database(reader, key, of) else { continue };
        if seen.contains(&database) {
            let message = format!("`{}` is there under another name already", key.text);
            reader.wrong(message, &key.range, "put all its options in one place");
            continue;
        }
        seen.push(database);
        if node.is_null() {
            continue;
        }
        let Some(entries) = reader.map(node, format_args!("what `{}` is told", key.text)) else {
            continue;
        };
        for (key, node) in entries {
            found.extend(option(reader, (of, database), key, node));
        }
    }
    found
}

/// The database that a key names, where it has options.
fn database(reader: &mut Reader<'_>, key: &Key<'_>, of: Of) -> Option<Database> {
    let database = databases::named(&key.text);
    if database.is_some_and(|it| known(of, it).next().is_some()) {
        return database;
    }
    let mut having: Vec<&str> = Vec::new();
    for it in known_options().filter(|it| it.of == of) {
        having.extend(databases::name(it.database).filter(|it| !having.contains(it)));
    }
    let message = match database {
        Some(_) => format!("`{}` has no options of {}", key.text, word(of)),
        None => format!("there is no database `{}`", key.text),
    };
    let help = match did_you_mean(&key.text, having.iter().copied()) {
        Some(near) if database.is_none() => format!("did you mean `{near}`?"),
        _ => format!("there are options of {}", list(&having)),
    };
    reader.wrong_help(message, &key.range, "what stands below would never be used", help);
    None
}

const fn word(of: Of) -> &'static str {
    match of {
        Of::Table => "a table",
        Of::Column => "a field",
    }
}

fn known(of: Of, database: Database) -> impl Iterator<Item = &'static KnownOption> {
    known_options().filter(move |it| it.of == of && it.database == database)
}

fn option(
    reader: &mut Reader<'_>,
    (of, database): (Of, Database),
    key: &Key<'_>,
    node: &Node<'_>,
) -> Option<DraftOption> {
    let Some(known_one) = known_option(of, database, &key.text) else {
        let names: Vec<&str> = known(of, database).map(|it| it.name).collect();
        let help = match did_you_mean(&key.text, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", list(&names)),
        };
        let product = databases::name(database).unwrap_or_default();
        let message = format!("{product} has no option `{}` of {}", key.text, word(of));
        reader.wrong_help(message, &key.range, "this option is not known", help);
        return None;
    };
    if node.is_null() {
        return None;
    }
    let setting = match (&node.value, known_one.takes) {
        (Value::Scalar(text, true), Takes::Flag | Takes::Nothing) => match &**text {
            "true" => Some(Setting::Flag(true)),
            "false" => Some(Setting::Flag(false)),
            _ => None,
        },
        (Value::Scalar(text, true), Takes::Whole(..)) | (Value::Scalar(text, _), _) => {
            known_one.takes.read(text)
        }
        (Value::List(_) | Value::Map(_), _) => None,
    };
    let Some(value) = setting else {
        let message = format!("`{}` is {}", key.text, known_one.takes);
        reader.wrong(message, &node.range, "this is none");
        return None;
    };
    let setting = Spanned { value, span: reader.span(&key.range) };
    Some(DraftOption { database, name: known_one.name, setting })
}

/// The options of two files that come to count: of each the later one, unless that yields.
pub(super) fn unite(own: &mut Vec<DraftOption>, other: Vec<DraftOption>, yields: bool) {
    for option in other {
        let same =
            own.iter_mut().find(|it| it.database == option.database && it.name == option.name);
        match same {
            None => own.push(option),
            Some(_) if yields => {}
            Some(same) => *same = option,
        }
    }
}

/// The options that drafts come to.
pub(super) fn resolve(of: Of, drafts: &[DraftOption]) -> Options {
    let mut options = Options::default();
    for it in drafts {
        let takes = known_option(of, it.database, it.name);
        let says_nothing = takes.is_some_and(|it| it.takes == Takes::Nothing);
        if !(says_nothing && it.setting.value == Setting::Flag(false)) {
            options.set(it.database, it.name, it.setting.value.clone());
        }
    }
    options
}

/// Writes the options, if there are any, under keys that are indented so.
pub(super) fn write(out: &mut String, indent: &str, options: &Options) {
    if options.is_empty() {
        return;
    }
    let _ = writeln!(out, "{indent}options:");
    let mut of: Vec<(&str, Vec<String>)> = Vec::new();
    for (database, name, setting) in options.iter() {
        let Some(database) = databases::name(database) else { continue };
        let value = match setting {
            Setting::Text(text) if text.parse::<f64>().is_err() => print::word(text),
            other => other.to_string(),
        };
        let said = format!("{name}: {value}");
        match of.last_mut().filter(|(it, _)| *it == database) {
            Some((_, all)) => all.push(said),
            None => of.push((database, vec![said])),
        }
    }
    for (database, all) in of {
        let _ = writeln!(out, "{indent}  {database}: {{{}}}", all.join(", "));
    }
}

/// The options of a table or a field as a JSON schema, for each database that has any.
pub(super) fn json_schema(of: Of) -> Json {
    let mut databases = Map::new();
    for (name, database) in databases::NAMES {
        let mut properties = Map::new();
        for it in known(of, *database) {
            let mut value = takes(it.takes);
            value["description"] = json!(it.what.split_whitespace().collect::<Vec<_>>().join(" "));
            properties.insert(it.name.to_owned(), value);
        }
        if !properties.is_empty() {
            let options = json!({
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": properties,
            });
            databases.insert((*name).to_owned(), options);
        }
    }
    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": databases })
}

fn takes(it: Takes) -> Json {
    match it {
        Takes::Nothing | Takes::Flag => json!({ "type": ["boolean", "null"] }),
        Takes::Whole(least, greatest) => {
            json!({ "type": ["integer", "null"], "minimum": least, "maximum": greatest })
        }
        Takes::Fraction(..) => json!({ "type": ["number", "string", "null"] }),
        Takes::Word(words) => {
            let upper: Vec<String> = words.iter().map(|it| it.to_uppercase()).collect();
            json!({ "anyOf": [{ "enum": words }, { "enum": upper }, { "type": "null" }] })
        }
        Takes::Name => json!({ "type": ["string", "number", "null"] }),
    }
}
