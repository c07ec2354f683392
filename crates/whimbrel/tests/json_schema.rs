//! The JSON schema of schema files: it takes every good file, and refuses keys that nobody knows.

use std::{fs, path::Path};

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use serde_json::{Map, Value};
use whimbrel::{
    diagnostic::{Severity, SourceFile},
    source::yaml,
};

/// A YAML text as JSON, as a language server reads it; `None` for what has none, such as aliases.
fn as_json(text: &str) -> Option<Value> {
    next(&mut Parser::new_from_str(text)).ok().flatten()
}

/// The next value; `Ok(None)` where a list or mapping ends.
fn next<'a>(parser: &mut Parser<'a, StrInput<'a>>) -> Result<Option<Value>, ()> {
    loop {
        let Some(Ok((event, _))) = parser.next() else { return Err(()) };
        return Ok(Some(match event {
            Event::Scalar(text, style, ..) => match (&*text, style) {
                ("" | "~" | "null", ScalarStyle::Plain) => Value::Null,
                ("true", ScalarStyle::Plain) => Value::Bool(true),
                ("false", ScalarStyle::Plain) => Value::Bool(false),
                (text, ScalarStyle::Plain) => match text.parse::<serde_json::Number>() {
                    Ok(number) => Value::Number(number),
                    Err(_) => Value::String(text.to_owned()),
                },
                (text, _) => Value::String(text.to_owned()),
            },
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                while let Some(item) = next(parser)? {
                    items.push(item);
                }
                Value::Array(items)
            }
            Event::MappingStart(..) => {
                let mut entries = Map::new();
                while let Some(key) = next(parser)? {
                    let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                    entries.insert(key, next(parser)?.ok_or(())?);
                }
                Value::Object(entries)
            }
            Event::SequenceEnd | Event::MappingEnd => return Ok(None),
            Event::Alias(_) => return Err(()),
            _ => continue,
        }));
    }
}

/// Why a value isn't what the schema says, by the words of JSON Schema that ours is made of.
fn wrong(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    let said = schema.as_object().expect("a schema is an object");
    for word in said.keys() {
        let known = [
            "$ref",
            "$schema",
            "additionalProperties",
            "allOf",
            "anyOf",
            "definitions",
            "description",
            "enum",
            "items",
            "maxItems",
            "maximum",
            "minimum",
            "maxProperties",
            "pattern",
            "properties",
            "required",
            "title",
            "type",
        ];
        assert!(known.contains(&word.as_str()), "the test doesn't know `{word}`");
    }
    if let Some(to) = said.get("$ref").and_then(Value::as_str) {
        let name = to.strip_prefix("#/definitions/").expect("a definition");
        let definition = root["definitions"].get(name).unwrap_or_else(|| panic!("no `{name}`"));
        return wrong(value, definition, root);
    }
    if let Some(types) = said.get("type") {
        let kinds: Vec<&str> = match types {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let is = |kind: &&str| match *kind {
            "array" => value.is_array(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "null" => value.is_null(),
            "number" => value.is_number(),
            "object" => value.is_object(),
            "string" => value.is_string(),
            other => panic!("no type `{other}`"),
        };
        if !kinds.iter().any(is) {
            return Some(format!("{value} is none of {kinds:?}"));
        }
    }
    let bound = |word: &str| said.get(word).and_then(Value::as_i64);
    if let Some(number) = value.as_i64()
        && (bound("minimum").is_some_and(|it| number < it)
            || bound("maximum").is_some_and(|it| number > it))
    {
        return Some(format!("{number} is out of bounds"));
    }
    if let Some(Value::Array(words)) = said.get("enum")
        && !words.contains(value)
    {
        return Some(format!("{value} is none of {words:?}"));
    }
    if let Some(Value::Array(all)) = said.get("allOf")
        && let Some(it) = all.iter().find_map(|it| wrong(value, it, root))
    {
        return Some(it);
    }
    if let Some(Value::Array(any)) = said.get("anyOf") {
        let found: Vec<String> = any.iter().filter_map(|it| wrong(value, it, root)).collect();
        if found.len() == any.len() {
            return Some(found.join("; "));
        }
    }
    match value {
        Value::Array(items) => {
            if said.get("maxItems").is_some_and(|_| !items.is_empty()) {
                return Some(format!("{value} isn't empty"));
            }
            let schema = said.get("items")?;
            items.iter().find_map(|it| wrong(it, schema, root))
        }
        Value::Object(entries) => {
            if said.get("maxProperties").is_some_and(|_| !entries.is_empty()) {
                return Some(format!("{value} isn't empty"));
            }
            if let Some(Value::Array(required)) = said.get("required")
                && let Some(key) = required
                    .iter()
                    .find(|it| it.as_str().is_some_and(|it| !entries.contains_key(it)))
            {
                return Some(format!("{value} has no {key}"));
            }
            entries.iter().find_map(|(key, value)| {
                let property = said.get("properties").and_then(|it| it.get(key));
                match (property, said.get("additionalProperties")) {
                    (Some(schema), _) => {
                        wrong(value, schema, root).map(|it| format!("{key}: {it}"))
                    }
                    (None, Some(Value::Bool(false))) => Some(format!("there is no key `{key}`")),
                    (None, Some(schema)) => wrong(value, schema, root),
                    (None, None) => None,
                }
            })
        }
        _ => None,
    }
}

/// Every schema file below `tests/`.
fn files() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                files.push((path.display().to_string(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn it_takes_what_can_be_read_and_refuses_unknown_keys() {
    let root: Value = serde_json::from_str(&yaml::json_schema()).expect("it is JSON");
    let (mut taken, mut refused, mut failures) = (0, 0, Vec::new());
    for (path, text) in files() {
        let Some(value) = as_json(&text) else { continue };
        let (_, found) = yaml::read(&vec![SourceFile::new("schema.yaml", text)].into());
        let mistakes: Vec<&str> = found
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .map(|it| it.message.as_str())
            .collect();
        let wrong = wrong(&value, &root, &root);
        if mistakes.is_empty() {
            taken += 1;
            failures.extend(wrong.map(|it| format!("{path}: {it}")));
        } else if mistakes.iter().any(|it| it.contains("has no key `")) {
            refused += 1;
            if wrong.is_none() {
                failures.push(format!("{path}: it is taken, with {mistakes:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(taken > 100 && refused > 2, "{taken} taken, {refused} refused");
}
