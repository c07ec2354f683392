//! What stands behind `DEFAULT`.

use crate::{
    dialect::{BuiltIn, Dialect, Unsupported, is_number},
    schema::{ColumnType, DefaultValue, PerDatabase, Schema},
};

/// What stands behind `DEFAULT` for `value` in a column of this type; `None` where a default
/// defined by name is empty for this database, which means that there is none.
pub fn default_text(
    dialect: &Dialect,
    schema: &Schema,
    value: &DefaultValue,
    data_type: &ColumnType,
) -> Result<Option<String>, Unsupported> {
    let text = value_text(dialect, schema, value, data_type)?;
    Ok(text.map(|it| standing(dialect, &it, &dialect.own_type(data_type))))
}

/// `value` as an expression, for a column of this type; `None` where a default defined by name is
/// empty for this database.
pub fn value_text(
    dialect: &Dialect,
    schema: &Schema,
    value: &DefaultValue,
    data_type: &ColumnType,
) -> Result<Option<String>, Unsupported> {
    let own_type = dialect.own_type(data_type);
    // Of a type that there is no word for only the column says what its values are.
    let values = match &*own_type {
        ColumnType::Other { .. } => data_type.unspelled(),
        known => known,
    };
    let data_type = &*own_type;
    let [no, yes] = dialect.defaults.booleans;
    let boolean = |it: bool| if it { yes } else { no }.to_owned();
    let text = match value {
        DefaultValue::Text(text) => match values {
            ColumnType::Boolean if matches!(text.as_str(), "true" | "1") => boolean(true),
            ColumnType::Boolean if matches!(text.as_str(), "false" | "0") => boolean(false),
            it if is_numeric(it) && is_number(text) => text.clone(),
            _ => dialect.literal(text),
        },
        DefaultValue::Integer(0) if *values == ColumnType::Boolean => boolean(false),
        DefaultValue::Integer(1) if *values == ColumnType::Boolean => boolean(true),
        DefaultValue::Integer(number) => number.to_string(),
        DefaultValue::Boolean(it) if is_numeric(values) => u8::from(*it).to_string(),
        DefaultValue::Boolean(it) => boolean(*it),
        DefaultValue::Sql(texts) => match dialect.text(texts) {
            Some(text) => text.trim().to_owned(),
            None => return Err(unwritten(dialect, "a default")),
        },
        DefaultValue::Named(name) => return named_text(dialect, schema, name, data_type),
        DefaultValue::Now => (dialect.defaults.built_in)(BuiltIn::Now, data_type),
        DefaultValue::NewUuid => (dialect.defaults.built_in)(BuiltIn::NewUuid, data_type),
        other => {
            let because = "this version of whimbrel doesn't know it";
            return Err(Unsupported::new(format!("the default {other:?}"), because));
        }
    };
    Ok(Some(text).filter(|it| !it.is_empty()))
}

/// The default that an expression of the catalog means in a column of this type: a plain value or
/// one that every database knows where it is one, and else the expression itself, for this
/// database. `None` for null, which is no default at all.
pub fn read_default(dialect: &Dialect, text: &str, data_type: &ColumnType) -> Option<DefaultValue> {
    let data_type = &*dialect.own_type(data_type);
    let normal = dialect.looking.default;
    let text = text.trim();
    if text.is_empty() || normal(text).eq_ignore_ascii_case("null") {
        return None;
    }
    let mut candidates = vec![DefaultValue::Now, DefaultValue::NewUuid];
    if *data_type == ColumnType::Boolean {
        candidates.extend([DefaultValue::Boolean(true), DefaultValue::Boolean(false)]);
    }
    let plain = normal(text);
    for text in [text, plain.as_str()] {
        if let Ok(number) = text.parse() {
            candidates.push(DefaultValue::Integer(number));
        } else if is_number(text) && is_numeric(data_type) {
            candidates.push(DefaultValue::Text(text.to_owned()));
        }
        if let Some(value) = literal_value(dialect, text) {
            candidates.push(DefaultValue::Text(value));
        }
    }
    // Catalogs leave the parentheses out that an expression needs in a definition.
    let wanted = normal(&standing(dialect, text, data_type));
    let means = |it: &DefaultValue| {
        let said = default_text(dialect, &Schema::default(), it, data_type);
        matches!(said, Ok(Some(said)) if normal(&said) == wanted)
    };
    let database = dialect.databases.first().copied();
    let itself = || match database {
        Some(database) => PerDatabase { texts: vec![(database, text.to_owned())], otherwise: None },
        None => PerDatabase::all(text),
    };
    Some(candidates.into_iter().find(means).unwrap_or_else(|| DefaultValue::Sql(itself())))
}

/// The value of a string literal that is the whole text.
fn literal_value(dialect: &Dialect, text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut value = inner.replace("''", "'");
    if dialect.lexical.backslash_escapes {
        value = value.replace("\\\\", "\\");
    }
    (dialect.literal(&value) == text).then_some(value)
}

/// The text of a default that the schema defines by name, or of one that every database knows.
fn named_text(
    dialect: &Dialect,
    schema: &Schema,
    name: &str,
    data_type: &ColumnType,
) -> Result<Option<String>, Unsupported> {
    let defined = schema.defaults.get(name).and_then(|it| dialect.text(it));
    let text = match (defined, BuiltIn::named(name)) {
        (Some(text), _) => text.trim().to_owned(),
        (None, Some(it)) => (dialect.defaults.built_in)(it, data_type),
        (None, None) => return Err(unwritten(dialect, &format!("the default `{name}`"))),
    };
    Ok(Some(text).filter(|it| !it.is_empty()))
}

fn unwritten(dialect: &Dialect, what: &str) -> Unsupported {
    Unsupported::new(
        what,
        format!("it has no expression for {0}; add one for `{1}`", dialect.product, dialect.name),
    )
}

/// An expression as it may stand behind `DEFAULT`.
fn standing(dialect: &Dialect, text: &str, data_type: &ColumnType) -> String {
    match (dialect.defaults.bare)(text, data_type) {
        Some(bare) => bare,
        None if is_parenthesised(text) => text.to_owned(),
        None => format!("({text})"),
    }
}

/// Whether one pair of parentheses is around the whole text.
fn is_parenthesised(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            (None, _) if depth == 0 => return false,
            (None, _) => {}
        }
    }
    false
}

/// Whether the type's values are numbers.
fn is_numeric(data_type: &ColumnType) -> bool {
    matches!(
        data_type,
        ColumnType::Smallint
            | ColumnType::Integer
            | ColumnType::Bigint
            | ColumnType::Serial
            | ColumnType::Bigserial
            | ColumnType::Float
            | ColumnType::Double
            | ColumnType::Decimal { .. }
    )
}
