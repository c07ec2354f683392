//! The format of schema files as a JSON schema, for editors: they complete its keys, show what each
//! is, and underline what is none.

use serde_json::{Map, Value, json};
use whimbrel_migration::Of;

use super::{databases, options, types};

/// A key: its name, what may stand behind it, what it is.
type Key = (&'static str, fn() -> Value, &'static str);

const ROOT: &[Key] = &[
    ("tables", || list(&reference("table")), "The tables."),
    ("namespaces", || list(&text()), "PostgreSQL schemas and MySQL databases that are made."),
    ("enums", || list(&reference("enum")), "Types whose values are a list of texts."),
    ("views", || list(&reference("view")), "Queries that are read like tables."),
    ("functions", || list(&reference("function")), "Functions that the database keeps."),
    ("procedures", || list(&reference("function")), "Procedures that the database keeps."),
    (
        "triggers",
        || list(&reference("trigger")),
        "What the database does by itself when rows change.",
    ),
    (
        "defaults",
        || by_database(&map_of(&text())),
        "Expressions that fields use by name, for each database.",
    ),
    ("include", || list(&reference("include")), "Files that belong to this schema as well."),
    ("type_mappings", || by_database(&map_of(&text())), "What databases keep a type as."),
    ("database", || reference("database"), "Of the schema, for people; it changes nothing."),
];

const DATABASE: &[Key] = &[
    ("name", text, "The schema's name."),
    ("version", text, "Its version."),
    ("migration_version", text, "The version of its migrations."),
];

const INCLUDE: &[Key] = &[
    ("path", text, "The file, from the folder of this one or of the crate or module."),
    (
        "crate",
        text,
        "A crate of the workspace or its dependencies: `auth-tables`, `auth-tables@1.2.0`.",
    ),
    ("module", text, "A Go module."),
];

const ENUM: &[Key] = &[
    ("name", text, "Its name."),
    ("namespace", text, "The PostgreSQL schema it is in, unless it is the connection's own."),
    (
        "values",
        || list(&any(&[text(), reference("enum_value")])),
        "Its values, in the order in which they compare.",
    ),
    ("renamed_from", text, "The name it had before, so that it is renamed and not made anew."),
];

const VIEW: &[Key] = &[
    ("name", text, "Its name."),
    (
        "namespace",
        text,
        "The PostgreSQL schema or MySQL database it is in, unless it is the connection's own.",
    ),
    ("query", || per_database(&text()), "Its query in SQL."),
    (
        "materialized",
        flag,
        "Whether its rows are kept as they were when it was last refreshed (PostgreSQL).",
    ),
];

const FUNCTION: &[Key] = &[
    ("name", text, "Its name."),
    (
        "namespace",
        text,
        "The PostgreSQL schema or MySQL database it is in, unless it is the connection's own.",
    ),
    (
        "definition",
        || per_database(&text()),
        "What stands behind its name in the statement that creates it, from its arguments on.",
    ),
];

const TRIGGER: &[Key] = &[
    ("name", text, "Its name."),
    ("table", text, "The table or the view whose rows set it off."),
    ("namespace", text, "The namespace of that table."),
    ("when", || per_database(&text()), "What sets it off: `AFTER UPDATE`."),
    (
        "definition",
        || per_database(&text()),
        "What stands behind the table in the statement that creates it.",
    ),
];

const ENUM_VALUE: &[Key] = &[
    ("name", text, "The value."),
    ("renamed_from", text, "The name it had before, so that rows that have it follow."),
];

const NAMED_ENUM: &[Key] =
    &[("name", text, "The enum's name."), ("namespace", text, "The namespace of the enum.")];

const TABLE: &[Key] = &[
    ("name", text, "Its name; a dot in it is part of the name."),
    (
        "namespace",
        text,
        "The PostgreSQL schema or MySQL database it is in, unless it is the connection's own.",
    ),
    ("fields", || list(&reference("field")), "Its fields, in their order."),
    ("columns", || list(&reference("field")), "The same as `fields`."),
    (
        "primary_key",
        names,
        "The fields of its primary key, in the key's order, where it is not that of the fields.",
    ),
    ("foreign_keys", || list(&reference("foreign_keys")), "Foreign keys of several fields."),
    ("indexes", || list(&reference("index")), "Its indexes."),
    (
        "uniques",
        || list(&reference("unique")),
        "Unique constraints: fields of which no two rows may have the same values.",
    ),
    ("checks", || list(&reference("check")), "What must hold of every row."),
    ("comment", text, "What is told of it in the database, for people."),
    ("options", || options::json_schema(Of::Table), "What single databases are to make of it."),
    ("renamed_from", text, "The name it had before, so that it is renamed and not made anew."),
];

const FIELD: &[Key] = &[
    ("name", text, "Its name."),
    ("type", data_type, "What it holds; behind a type, `[]` makes a list of it."),
    ("length", number, "The greatest number of characters of a `varchar` or `text`."),
    ("precision", number, "All digits of a `decimal`."),
    ("scale", number, "The digits of a `decimal` behind the point; 0 unless said."),
    ("spelled", || per_database(&text()), "The databases' own word for the type."),
    ("enum", || any(&[text(), reference("named_enum")]), "The enum that an `enum` is."),
    (
        "collation",
        || per_database(&text()),
        "By which of the database's collations its texts are compared and ordered.",
    ),
    ("primary_key", flag, "Whether it is in the primary key."),
    ("nullable", flag, "`false` if every row must have a value."),
    ("default", default, "What a row gets that names no value."),
    ("auto_create", flag, "On a date or time: a row gets the moment it is written."),
    ("auto_update", flag, "On a timestamp: a row gets the moment it is changed."),
    ("generated", || reference("generated"), "What the database computes it from."),
    ("identity", identity, "Whether the database numbers it, and how."),
    (
        "unique",
        flag,
        "Whether no two rows may have the same value: a unique index `uq_<table>_<field>`.",
    ),
    ("check", || per_database(&text()), "What must hold of every row: a condition in SQL."),
    ("comment", text, "What is told of it in the database, for people."),
    ("options", || options::json_schema(Of::Column), "What single databases are to make of it."),
    ("foreign_key", || reference("foreign_key"), "The table it points at."),
    ("many_to_many", || reference("many_to_many"), "The table it is paired with."),
    ("renamed_from", text, "The name it had before, so that it is renamed and not made anew."),
];

const IDENTITY: &[Key] = &[
    (
        "generated",
        || one_of(&["always", "by_default"]),
        "`always` where no row may bring a number of its own.",
    ),
    ("start", signed, "The first number that is given."),
    ("increment", signed, "By how much each number is greater than the one before."),
];

const GENERATED: &[Key] = &[
    ("as", || per_database(&text()), "The expression in SQL, from other fields of the row."),
    ("stored", flag, "Whether the value is kept with the row, and not computed when it is read."),
];

const FOREIGN_KEY: &[Key] = &[
    ("table", text, "The table it points at."),
    ("namespace", text, "The namespace of that table."),
    ("column", text, "The field of that table, unless it is its primary key."),
    ("name", text, "Its name, unless it is `fk_<table>_<field>`."),
];

const FOREIGN_KEYS: &[Key] = &[
    ("fields", names, "The fields that point."),
    ("columns", names, "The same as `fields`."),
    ("table", text, "The table they point at."),
    ("namespace", text, "The namespace of that table."),
    ("references", names, "The fields they point at, unless they are the primary key."),
    ("name", text, "Its name, unless it is `fk_<table>_<fields>`."),
];

/// What is said of a foreign key, over however many fields.
const KEY_BEHAVIOUR: &[Key] = &[
    ("on_delete", action, "What becomes of a row whose target is deleted: `RESTRICT` unless said."),
    (
        "on_update",
        action,
        "What becomes of it when the target's key changes: `NO_ACTION` unless said.",
    ),
    ("deferrable", flag, "Whether a transaction may put off looking at it to its end."),
    (
        "initially_deferred",
        flag,
        "Whether it is looked at when the transaction ends, unless that wants it sooner.",
    ),
];

const MANY_TO_MANY: &[Key] = &[
    ("table", text, "The table it is paired with."),
    ("namespace", text, "The namespace of that table."),
];

const INDEX: &[Key] = &[
    ("name", text, "Its name."),
    ("fields", parts, "What it orders by: `email`, `email desc`, or more said of a part."),
    ("columns", parts, "The same as `fields`."),
    ("unique", flag, "Whether no two rows may be alike in all its fields."),
    ("nulls_not_distinct", flag, "Whether nulls count as equal in it."),
    ("include", names, "Fields whose values it keeps beside."),
    ("method", text, "The access method, such as `gin`."),
    ("where", || per_database(&text()), "The rows it holds, as a condition in SQL."),
    ("renamed_from", text, "The name it had before, so that it is renamed and not made anew."),
    ("foreign_key", || json!({}), "A note; it changes nothing."),
    ("from_fk", flag, "A note; such an entry is left out."),
];

const INDEX_PART: &[Key] = &[
    ("name", text, "A field."),
    ("expression", || per_database(&text()), "An expression in SQL instead of a field."),
    ("order", || one_of(&["asc", "desc"]), "Which end comes first."),
    ("nulls", || one_of(&["first", "last"]), "Where nulls stand."),
    ("operator_class", || per_database(&text()), "PostgreSQL's operator class."),
    ("collation", || per_database(&text()), "The collation it orders by."),
    ("prefix", number, "How many characters it orders by, on MySQL and MariaDB."),
];

const UNIQUE: &[Key] = &[
    ("fields", names, "The fields of which no two rows may have the same values."),
    ("columns", names, "The same as `fields`."),
    ("name", text, "Its name, unless it is `uq_<table>_<fields>`."),
    ("nulls_not_distinct", flag, "Whether nulls count as equal in it."),
    ("include", names, "Fields whose values its index keeps beside."),
    ("deferrable", flag, "Whether a transaction may put off looking at it to its end."),
    (
        "initially_deferred",
        flag,
        "Whether it is looked at when the transaction ends, unless that wants it sooner.",
    ),
];

const CHECK: &[Key] =
    &[("name", text, "Its name."), ("check", || per_database(&text()), "The condition in SQL.")];

/// The JSON schema (draft 7) of schema files, as a text.
pub fn json_schema() -> String {
    let mut definitions = Map::new();
    for (name, keys, required) in [
        ("database", DATABASE, &[][..]),
        ("enum", ENUM, &["name", "values"]),
        ("view", VIEW, &["name", "query"]),
        ("function", FUNCTION, &["name", "definition"]),
        ("trigger", TRIGGER, &["name", "table", "when", "definition"]),
        ("enum_value", ENUM_VALUE, &["name"]),
        ("named_enum", NAMED_ENUM, &["name"]),
        ("table", TABLE, &["name"]),
        ("field", FIELD, &["name", "type"]),
        ("generated", GENERATED, &["as"]),
        ("identity", IDENTITY, &[]),
        ("foreign_key", &[FOREIGN_KEY, KEY_BEHAVIOUR].concat(), &["table"]),
        ("foreign_keys", &[FOREIGN_KEYS, KEY_BEHAVIOUR].concat(), &["table"]),
        ("many_to_many", MANY_TO_MANY, &["table"]),
        ("index", INDEX, &["name"]),
        ("index_part", INDEX_PART, &[]),
        ("unique", UNIQUE, &[]),
        ("check", CHECK, &["name", "check"]),
    ] {
        definitions.insert(name.to_owned(), object(keys, required));
    }
    let include = any(&[text(), object(INCLUDE, &["path"])]);
    definitions.insert("include".to_owned(), include);
    let mut root = object(ROOT, &[]);
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("A schema file of whimbrel");
    root["definitions"] = Value::Object(definitions);
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

/// A mapping with these keys and no others. Anchors are kept under keys of their own by nobody, but
/// `<<` may take a mapping in, so that a key which is asked for may come from there.
fn object(keys: &[Key], required: &[&str]) -> Value {
    let mut properties = Map::new();
    for (name, value, what) in keys {
        let mut value = value();
        if value.get("$ref").is_some() {
            value = json!({ "allOf": [value] });
        }
        value["description"] = json!(what);
        properties.insert((*name).to_owned(), value);
    }
    properties.insert("<<".to_owned(), json!({ "description": "Keys of another mapping." }));
    let mut object = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        object["anyOf"] = json!([{ "required": required }, { "required": ["<<"] }]);
    }
    object
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn list(of: &Value) -> Value {
    json!({ "type": ["array", "null"], "items": of })
}

fn any(of: &[Value]) -> Value {
    json!({ "anyOf": of })
}

fn text() -> Value {
    // What YAML reads as a number, a truth value or nothing is a text here.
    json!({ "type": ["string", "number", "boolean", "null"] })
}

fn number() -> Value {
    json!({ "type": ["integer", "string"], "pattern": "^[0-9]+$" })
}

fn signed() -> Value {
    json!({ "type": ["integer", "string"], "pattern": "^-?[0-9]+$" })
}

fn identity() -> Value {
    any(&[flag(), one_of(&["always", "by_default"]), reference("identity")])
}

fn flag() -> Value {
    json!({ "type": ["boolean", "null"] })
}

fn parts() -> Value {
    let part = any(&[text(), reference("index_part")]);
    any(&[text(), list(&part)])
}

fn names() -> Value {
    any(&[text(), list(&text())])
}

/// One of some words, in any case.
fn one_of(words: &[&str]) -> Value {
    let upper: Vec<String> = words.iter().map(|it| it.to_uppercase()).collect();
    any(&[json!({ "enum": words }), json!({ "enum": upper })])
}

fn map_of(value: &Value) -> Value {
    json!({ "type": ["object", "null"], "additionalProperties": value })
}

/// A value for each database that is named.
fn by_database(value: &Value) -> Value {
    let mut properties = Map::new();
    for name in databases::NAMES.iter().map(|(name, _)| *name).chain([databases::OTHERWISE]) {
        properties.insert(name.to_owned(), value.clone());
    }
    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties })
}

/// A value for all databases, or one for each.
fn per_database(value: &Value) -> Value {
    any(&[value.clone(), by_database(value)])
}

fn action() -> Value {
    let words =
        ["RESTRICT", "PROTECT", "CASCADE", "SET_NULL", "SET_DEFAULT", "NO_ACTION", "DO_NOTHING"];
    any(&[json!({ "enum": words }), json!({ "type": "string", "pattern": "^[A-Za-z_ ]+$" })])
}

/// The types by name, for completion; a word of `type_mappings` is a type too.
fn data_type() -> Value {
    let known: Vec<&str> = types::names().collect();
    any(&[json!({ "enum": known }), json!({ "type": "string" })])
}

fn default() -> Value {
    let said = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "sql": per_database(&text()),
            "text": text(),
            "integer": { "type": ["integer", "string"] },
            "boolean": { "type": ["boolean", "string"] },
            "named": text(),
            "builtin": one_of(&["now", "new_uuid"]),
        },
    });
    let nothing = json!({ "type": ["array", "object"], "maxItems": 0, "maxProperties": 0 });
    any(&[text(), said, nothing])
}
