//! What a field's `default` means, given its type: a literal, a name, or SQL.

use super::{
    databases, enums,
    fields::{Fields, Reader, Spanned, list},
    tree::{self, Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, did_you_mean},
    dialect::BuiltIn,
    schema::{ColumnType, Database, DefaultValue, PerDatabase},
};

/// A default as it was written, before the type of its column is known.
#[derive(Clone, Debug)]
pub(super) enum DraftDefault {
    /// A word, and whether it stood without quotes.
    Word(String, bool),
    /// `[]`
    EmptyList,
    /// `{}`
    EmptyMap,
    /// A mapping that says what it is.
    Said(Box<DefaultValue>),
}

/// Why a default does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) label: String,
    pub(super) help: String,
    /// Whether it could be the name of a default.
    pub(super) may_be_a_name: bool,
}

/// The keys of a default that says what it is.
const SAID: &[&str] = &["sql", "text", "integer", "boolean", "named", "builtin"];

/// Reads `default`.
pub(super) fn draft(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Spanned<DraftDefault>> {
    let node = fields.get("default")?;
    let mut range = node.range.clone();
    let value = match &node.value {
        Value::Scalar(text, plain) => DraftDefault::Word(text.as_ref().to_owned(), *plain),
        Value::List(items) if items.is_empty() => DraftDefault::EmptyList,
        Value::Map(entries) if entries.is_empty() => DraftDefault::EmptyMap,
        Value::Map(_) => DraftDefault::Said(Box::new(said(reader, node)?)),
        Value::List(_) => {
            reader.wrong_help(
                "a default is a single value",
                &node.range,
                "this is a list",
                "write a list of JSON in quotes: `default: '[1, 2]'`",
            );
            return None;
        }
    };
    if range.is_empty() {
        range = fields.key("default").unwrap_or_default();
    }
    Some(Spanned { value, span: reader.span(&range) })
}

/// `{sql: "…"}`, `{sql: {postgresql: "…", otherwise: "…"}}`, `{text: …}` and the like.
fn said(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<DefaultValue> {
    let fields = reader.fields(node, "a default", SAID)?;
    let mut keys = SAID.iter().filter_map(|it| Some((*it, fields.written(it)?)));
    let (key, value) = keys.next()?;
    if let Some((other, _)) = keys.next() {
        let message = format!("a default is either `{key}` or `{other}`");
        reader.wrong(message, &fields.key(other).unwrap_or_default(), "this is one too many");
        return None;
    }
    if key == "sql" && matches!(&value.value, Value::Map(_)) {
        return sql(reader, value, "`sql`").map(DefaultValue::Sql);
    }
    let word = reader.text(value, format_args!("`{key}`"))?;
    let number = word.value.parse().ok();
    let (wanted, value) = match key {
        "sql" => ("", Some(DefaultValue::Sql(PerDatabase::all(word.value)))),
        "text" => ("", Some(DefaultValue::Text(word.value))),
        "named" => ("", Some(DefaultValue::Named(word.value))),
        "integer" => ("a whole number of 64 bits", number.map(DefaultValue::Integer)),
        "boolean" => ("`true` or `false`", word.value.parse().ok().map(DefaultValue::Boolean)),
        _ => (
            "`now` or `new_uuid`",
            match word.value.as_str() {
                "now" => Some(DefaultValue::Now),
                "new_uuid" => Some(DefaultValue::NewUuid),
                _ => None,
            },
        ),
    };
    if value.is_none() {
        reader.wrong(format!("`{key}` is {wanted}"), &word.span.range, "this is not");
    }
    value
}

/// SQL text for each of several databases, as the value of `key`.
pub(super) fn sql(reader: &mut Reader<'_>, node: &Node<'_>, key: &str) -> Option<PerDatabase> {
    let known: Vec<&str> =
        databases::NAMES.iter().map(|(name, _)| *name).chain([databases::OTHERWISE]).collect();
    let fields = reader.fields(node, key, &known)?;
    if matches!(&node.value, Value::Map(entries) if fields.len() < entries.len()) {
        return None;
    }
    let mut texts: Vec<(Database, String)> = Vec::new();
    for (name, database) in databases::NAMES {
        let Some(node) = fields.get(name) else { continue };
        let text = reader.text(node, format_args!("the SQL for `{name}`"))?;
        if texts.iter().any(|(it, _)| it == database) {
            let message = format!("`{name}` is another word for a database that has its text");
            reader.wrong(message, &node.range, "this is one too many");
            return None;
        }
        texts.push((*database, text.value));
    }
    texts.sort_by_key(|(it, _)| *it);
    let otherwise = match fields.get(databases::OTHERWISE) {
        Some(node) => Some(reader.text(node, "the SQL for every other database")?.value),
        None => None,
    };
    if texts.is_empty() && otherwise.is_none() {
        reader.wrong(format!("{key} has no SQL"), &node.range, "no database is named");
        return None;
    }
    Some(PerDatabase { texts, otherwise })
}

/// What a default means for a column of type `data_type`.
pub(super) fn meaning(
    default: &DraftDefault,
    data_type: &ColumnType,
    defined: impl Fn(&str) -> bool,
) -> Result<Option<DefaultValue>, Misfit> {
    let kind = Kind::of(data_type);
    match default {
        DraftDefault::Said(value) => match (&**value, data_type.unspelled()) {
            (DefaultValue::Text(text), ColumnType::Enum { values, .. })
                if !values.contains(text) =>
            {
                let (label, help) = enums::misfit(text, values);
                Err(Misfit { label, help, may_be_a_name: false })
            }
            (value, _) => Ok(Some(value.clone())),
        },
        DraftDefault::EmptyList => {
            builtin("array", kind).map(Some).ok_or_else(|| misfit(kind, "[]"))
        }
        DraftDefault::EmptyMap => {
            builtin("object", kind).map(Some).ok_or_else(|| misfit(kind, "{}"))
        }
        DraftDefault::Word(text, true) if tree::is_null(text) => Ok(None),
        DraftDefault::Word(text, _) => match data_type.unspelled() {
            ColumnType::Enum { values, .. } => of_enum(text, values, &defined),
            _ if defined(text) => Ok(Some(DefaultValue::Named(text.clone()))),
            _ => word(text, kind),
        },
    }
}

/// A value of the enum counts before all else.
fn of_enum(
    text: &str,
    values: &[String],
    defined: impl Fn(&str) -> bool,
) -> Result<Option<DefaultValue>, Misfit> {
    let plain = unquoted(text).unwrap_or_else(|| text.to_owned());
    if let Some(value) = [text, &plain].into_iter().find(|it| values.iter().any(|one| one == it)) {
        return Ok(Some(DefaultValue::Text(value.to_owned())));
    }
    if defined(text) {
        return Ok(Some(DefaultValue::Named(text.to_owned())));
    }
    if is_sql(text, Kind::Text) {
        return Ok(Some(DefaultValue::Sql(PerDatabase::all(text))));
    }
    let (label, help) = enums::misfit(&plain, values);
    Err(Misfit { label, help, may_be_a_name: true })
}

/// The kinds of types that read defaults alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer { least: i64, most: i64 },
    Fraction,
    Boolean,
    Date,
    Time,
    Moment,
    Uuid,
    Json,
    Bytes,
    Array,
}

impl Kind {
    fn of(data_type: &ColumnType) -> Self {
        let whole = |bits: u32| Self::Integer {
            least: i64::MIN >> (64 - bits),
            most: i64::MAX >> (64 - bits),
        };
        match data_type.unspelled() {
            ColumnType::Smallint => whole(16),
            ColumnType::Integer | ColumnType::Serial => whole(32),
            ColumnType::Bigint | ColumnType::Bigserial => whole(64),
            ColumnType::Float | ColumnType::Double | ColumnType::Decimal { .. } => Self::Fraction,
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date => Self::Date,
            ColumnType::Time => Self::Time,
            ColumnType::Timestamp | ColumnType::Timestamptz => Self::Moment,
            ColumnType::Uuid => Self::Uuid,
            ColumnType::Json | ColumnType::Jsonb => Self::Json,
            ColumnType::Bytes => Self::Bytes,
            ColumnType::Array { .. } => Self::Array,
            // Whatever else there is, a text is the least that can be said of its default.
            _ => Self::Text,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer { .. } => "a whole number",
            Self::Fraction => "a number",
            Self::Boolean => "`true` or `false`",
            Self::Date => "a day such as `2024-01-31`",
            Self::Time => "a time such as `12:30:00`",
            Self::Moment => "a time such as `2024-01-31 12:30:00`",
            Self::Uuid => "a UUID",
            Self::Json => "JSON",
            Self::Bytes => "bytes",
            Self::Array => "an array such as `{}`",
        }
    }
}

/// Whether every dialect has an expression of its own for `name`, so that none is defined.
pub(super) fn is_spelt(name: &str) -> bool {
    BuiltIn::named(name).is_some()
}

/// The names that mean something without being defined.
const BUILTIN: [&str; 9] =
    ["new_uuid", "now", "today", "current_time", "true", "false", "zero", "array", "object"];

fn builtin(name: &str, kind: Kind) -> Option<DefaultValue> {
    match (name, kind) {
        ("new_uuid", Kind::Uuid | Kind::Text) => Some(DefaultValue::NewUuid),
        ("now", Kind::Moment | Kind::Date | Kind::Time) => Some(DefaultValue::Now),
        // These have no value of their own; each dialect knows its expression by the name.
        ("today", Kind::Date) | ("current_time", Kind::Time) | ("array", Kind::Array) => {
            Some(DefaultValue::Named(name.to_owned()))
        }
        ("true", Kind::Boolean) => Some(DefaultValue::Boolean(true)),
        ("false", Kind::Boolean) => Some(DefaultValue::Boolean(false)),
        ("zero", Kind::Integer { .. } | Kind::Fraction) => Some(DefaultValue::Integer(0)),
        ("blank", Kind::Text) => Some(DefaultValue::Text(String::new())),
        ("array", Kind::Json) => Some(DefaultValue::Text("[]".into())),
        ("object", Kind::Json) => Some(DefaultValue::Text("{}".into())),
        _ => None,
    }
}

fn word(text: &str, kind: Kind) -> Result<Option<DefaultValue>, Misfit> {
    if let Some(value) = builtin(text, kind) {
        return Ok(Some(value));
    }
    if let Some(inner) = unquoted(text) {
        return literal(&inner, kind).map(Some).ok_or_else(|| misfit(kind, &inner));
    }
    if kind != Kind::Text && text.eq_ignore_ascii_case("null") {
        return Ok(None);
    }
    if is_sql(text, kind) {
        return Ok(Some(DefaultValue::Sql(PerDatabase::all(text))));
    }
    literal(text, kind).map(Some).ok_or_else(|| misfit(kind, text))
}

fn misfit(kind: Kind, text: &str) -> Misfit {
    let letter = |it: char| it.is_ascii_alphabetic() || it == '_';
    let may_be_a_name =
        text.starts_with(letter) && text.chars().all(|it| letter(it) || it.is_ascii_digit());
    let label = match kind {
        Kind::Integer { least, most } if text.parse::<i128>().is_ok() => {
            format!("the type holds {least} to {most}")
        }
        _ => format!("this is not {}", kind.words()),
    };
    let fitting = BUILTIN.iter().copied().filter(|it| builtin(it, kind).is_some());
    let help = match (did_you_mean(text, fitting), kind, text) {
        (Some(near), ..) => format!("did you mean `{near}`?"),
        (None, Kind::Boolean, "1" | "yes" | "on") => "write `true`".into(),
        (None, Kind::Boolean, "0" | "no" | "off") => "write `false`".into(),
        (None, Kind::Integer { .. } | Kind::Fraction, "true") => "write `1`".into(),
        (None, Kind::Integer { .. } | Kind::Fraction, "false") => "write `0`".into(),
        (None, Kind::Integer { .. }, number) if is_number(number) => {
            "write a whole number that the type can hold, or take another type".into()
        }
        _ if may_be_a_name => {
            let wanted = kind.words();
            format!("write {wanted}, define `{text}` under `defaults`, or say `{{sql: \"…\"}}`")
        }
        _ => format!("write {}, or say `{{sql: \"…\"}}`", kind.words()),
    };
    Misfit { label, help, may_be_a_name }
}

/// The text inside single quotes, where the whole is one SQL literal.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let lone = inner.replace("''", "");
    (!lone.contains('\'')).then(|| inner.replace("''", "'"))
}

fn literal(text: &str, kind: Kind) -> Option<DefaultValue> {
    let as_text = || DefaultValue::Text(text.to_owned());
    match kind {
        Kind::Text | Kind::Bytes => Some(as_text()),
        Kind::Integer { least, most } => {
            let number: i64 = text.parse().ok()?;
            (least <= number && number <= most).then_some(DefaultValue::Integer(number))
        }
        Kind::Fraction => match text.parse() {
            Ok(number) => Some(DefaultValue::Integer(number)),
            Err(_) => is_number(text).then(as_text),
        },
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" => Some(DefaultValue::Boolean(true)),
            "false" => Some(DefaultValue::Boolean(false)),
            _ => None,
        },
        Kind::Date | Kind::Time | Kind::Moment => is_time(text).then(as_text),
        Kind::Uuid => is_uuid(text).then(as_text),
        Kind::Json => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok().then(as_text),
        Kind::Array => (text.starts_with('{') || text.starts_with('[')).then(as_text),
    }
}

/// `-1.50` or `1e3`.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite) && text.bytes().any(|it| it.is_ascii_digit())
}

/// Digits and what stands between them in days and times; the database knows the rest.
fn is_time(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit())
        && text.chars().all(|it| it.is_ascii_digit() || "-:.+ TZ".contains(it))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The words that are SQL without parentheses.
const KEYWORDS: [&str; 8] = [
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "SYSDATE",
];

/// Whether a word is SQL by its look: a call, a cast, an expression in parentheses, a keyword.
fn is_sql(text: &str, kind: Kind) -> bool {
    let text = text.trim();
    if KEYWORDS.iter().any(|it| it.eq_ignore_ascii_case(text)) || is_call(text) {
        return true;
    }
    if text.starts_with('(') && text.ends_with(')') {
        return kind != Kind::Text || text.contains("((") || is_call(inside(text));
    }
    is_cast(text, kind)
}

fn inside(text: &str) -> &str {
    text.strip_prefix('(').and_then(|it| it.strip_suffix(')')).map_or("", str::trim)
}

/// `gen_random_uuid()`, `nextval('a')`
fn is_call(text: &str) -> bool {
    let Some((name, rest)) = text.split_once('(') else { return false };
    rest.ends_with(')')
        && name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.')
}

/// `'{}'::jsonb`, `0::bigint`; a text may hold `::` without being one.
fn is_cast(text: &str, kind: Kind) -> bool {
    let Some((mut value, target)) = text.rsplit_once("::") else { return false };
    if target.is_empty() {
        return false;
    }
    if kind != Kind::Text {
        return true;
    }
    loop {
        if unquoted(value).is_some() || is_number(value) || is_call(value) {
            return true;
        }
        let Some((inner, _)) = value.rsplit_once("::") else { return false };
        value = inner;
    }
}

/// A message for a default that does not fit.
pub(super) fn unfit(column: &str, default: &Spanned<DraftDefault>, misfit: Misfit) -> Diagnostic {
    Diagnostic::error(format!("the default of `{column}` does not fit its type"))
        .at(default.span.clone(), misfit.label)
        .help(misfit.help)
}

/// What `auto_create` means for a type, if anything.
pub(super) fn creation(data_type: &ColumnType) -> Option<DefaultValue> {
    builtin("now", Kind::of(data_type))
}

/// A message for a name that is not defined.
pub(super) fn undefined<'a>(
    name: &str,
    default: &Spanned<DraftDefault>,
    defined: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let names: Vec<&str> = defined.collect();
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("define `{name}` under `defaults`"),
        None => format!("define `{name}` under `defaults`, where there are {}", list(&names)),
    };
    Diagnostic::error(format!("there is no default `{name}`"))
        .at(default.span.clone(), "this name is not defined")
        .help(help)
}
