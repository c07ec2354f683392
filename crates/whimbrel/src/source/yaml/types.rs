//! The words for column types.

use super::{
    enums,
    fields::{Fields, Reader, Spanned, list},
    mappings::{self, Mappings},
};
use crate::{
    diagnostic::{Diagnostic, did_you_mean},
    schema::{ColumnType, PerDatabase},
};

/// What a field's type turns it into.
#[derive(Clone, Debug)]
pub(super) enum FieldType {
    /// A column of this type.
    Known(ColumnType),
    /// A column of the type of the key it points at.
    ForeignKey,
    /// No column but a table between two tables.
    ManyToMany,
}

/// The types that take no numbers, by name.
const SIMPLE: &[(&str, ColumnType)] = &[
    ("smallint", ColumnType::Smallint),
    ("integer", ColumnType::Integer),
    ("bigint", ColumnType::Bigint),
    ("serial", ColumnType::Serial),
    ("bigserial", ColumnType::Bigserial),
    ("float", ColumnType::Float),
    ("double", ColumnType::Double),
    ("boolean", ColumnType::Boolean),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("timestamp", ColumnType::Timestamp),
    ("timestamptz", ColumnType::Timestamptz),
    ("uuid", ColumnType::Uuid),
    ("json", ColumnType::Json),
    ("jsonb", ColumnType::Jsonb),
    ("bytes", ColumnType::Bytes),
    ("biginteger", ColumnType::Bigint),
    ("smallinteger", ColumnType::Smallint),
];

/// The types that take numbers, or that are no types of a column.
const OTHERS: [&str; 8] =
    ["varchar", "text", "decimal", "numeric", "enum", "other", "foreign_key", "many_to_many"];

/// Words of other tools and databases, and what they are called here.
const MEANT: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("tinyint", "smallint"),
    ("long", "bigint"),
    ("bool", "boolean"),
    ("bit", "boolean"),
    ("string", "text"),
    ("char", "varchar"),
    ("character varying", "varchar"),
    ("nvarchar", "varchar"),
    ("citext", "text"),
    ("mediumtext", "text"),
    ("longtext", "text"),
    ("datetime", "timestamp"),
    ("datetime2", "timestamp"),
    ("timestamp with time zone", "timestamptz"),
    ("datetimeoffset", "timestamptz"),
    ("double precision", "double"),
    ("real", "float"),
    ("money", "decimal"),
    ("number", "decimal"),
    ("blob", "bytes"),
    ("bytea", "bytes"),
    ("binary", "bytes"),
    ("varbinary", "bytes"),
    ("guid", "uuid"),
    ("uniqueidentifier", "uuid"),
    ("auto_increment", "serial"),
    ("fk", "foreign_key"),
    ("m2m", "many_to_many"),
];

/// Every type by name, those first that take no numbers.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SIMPLE.iter().map(|(name, _)| *name).chain(OTHERS)
}

/// The most array brackets a type may have.
const MOST_DIMENSIONS: usize = 6;

/// The word for a type, and its numbers by key.
pub(super) fn word(data_type: &ColumnType) -> (String, Vec<(&'static str, u32)>) {
    match data_type {
        ColumnType::Varchar { length } => ("varchar".into(), vec![("length", *length)]),
        ColumnType::Text { length } => {
            ("text".into(), length.iter().map(|it| ("length", *it)).collect())
        }
        ColumnType::Decimal { precision, scale } => {
            ("decimal".into(), vec![("precision", *precision), ("scale", *scale)])
        }
        ColumnType::Array { of } => {
            let (of, numbers) = word(of);
            (format!("{of}[]"), numbers)
        }
        // A schema that was applied has no such type left; the word is the one that means it.
        ColumnType::KeyOf { .. } => ("foreign_key".into(), vec![]),
        ColumnType::Enum { .. } => ("enum".into(), vec![]),
        ColumnType::Other { .. } => ("other".into(), vec![]),
        ColumnType::Spelled { of, .. } => word(of),
        simple => {
            let known = SIMPLE.iter().find(|(_, it)| it == simple);
            (known.map_or("text", |(word, _)| word).to_owned(), vec![])
        }
    }
}

/// What databases call a type, or the values of a list, where the word alone doesn't say it.
pub(super) fn spelled(data_type: &ColumnType) -> Option<PerDatabase> {
    match data_type {
        ColumnType::Other { spelled } => Some(PerDatabase::all(spelled)),
        ColumnType::Array { of } => spelled(of),
        ColumnType::Spelled { of, spelled: texts } => {
            let otherwise = texts.otherwise.clone();
            let otherwise = otherwise.or_else(|| spelled(of).and_then(|it| it.otherwise));
            Some(PerDatabase { texts: texts.texts.clone(), otherwise })
        }
        _ => None,
    }
}

/// The words of all types that a field can have without more being said.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    SIMPLE.iter().map(|(it, _)| *it).chain(OTHERS)
}

/// Whether a word, with or without brackets behind it, is one of a type.
pub(super) fn is_known(word: &str) -> bool {
    known().any(|it| it == word.trim_end_matches("[]").trim_end())
}

/// A word for a type in small letters, and of several the one that is printed.
pub(super) fn plain_word(word: &str) -> String {
    let lower = word.trim().to_lowercase();
    match lower.as_str() {
        "numeric" => "decimal".into(),
        "biginteger" => "bigint".into(),
        "smallinteger" => "smallint".into(),
        _ => lower,
    }
}

/// Reads `type`, `length`, `precision`, `scale` and `spelled` of a field.
pub(super) fn read(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    word: &Spanned<String>,
    field: &str,
    mappings: &Mappings,
) -> Option<FieldType> {
    let length = reader.number(fields, "length");
    let precision = reader.number(fields, "precision");
    let scale = reader.number(fields, "scale");
    let lower = word.value.trim().to_lowercase();
    let mut base = lower.as_str();
    let mut dimensions = 0;
    while let Some(rest) = base.strip_suffix("[]") {
        base = rest.trim_end();
        dimensions += 1;
    }
    if dimensions > MOST_DIMENSIONS {
        let message = format!("an array has at most {MOST_DIMENSIONS} dimensions");
        reader.wrong(message, &word.span.range, &format!("these are {dimensions}"));
        return None;
    }
    let mut used: &[&str] = &[];
    let of = match base {
        "varchar" => {
            used = &["length"];
            varchar(reader, fields, word, length, field).map(FieldType::Known)
        }
        "text" => {
            used = &["length"];
            if let Some(it) = length.as_ref().filter(|it| it.value == 0) {
                let message = format!("`{field}` could hold nothing");
                reader.wrong(message, &it.span.range, "a length is 1 or more");
            }
            Some(FieldType::Known(ColumnType::Text { length: length.map(|it| it.value) }))
        }
        "decimal" | "numeric" => {
            used = &["precision", "scale"];
            decimal(reader, fields, word, precision, scale, field).map(FieldType::Known)
        }
        "enum" => {
            used = &["enum"];
            enums::type_of_field(reader, fields, word, field).map(FieldType::Known)
        }
        "other" => other(reader, fields, word, field).map(FieldType::Known),
        "foreign_key" => Some(FieldType::ForeignKey),
        "many_to_many" => Some(FieldType::ManyToMany),
        _ => match SIMPLE.iter().find(|(name, _)| *name == base) {
            Some((_, simple)) => Some(FieldType::Known(simple.clone())),
            None if mappings.knows(base) => {
                used = &["length", "precision", "scale"];
                let said = |it: &Option<Spanned<u32>>| it.as_ref().map(|it| it.value);
                let numbers = [said(&length), said(&precision), said(&scale)];
                Some(FieldType::Known(mappings::own_type(base, numbers)))
            }
            None if mappings.partial => return None,
            None => {
                unknown(reader, word, base);
                return None;
            }
        },
    };
    for key in ["length", "precision", "scale", "enum"] {
        if !used.contains(&key)
            && let Some(range) = fields.key(key)
            && fields.get(key).is_some()
        {
            let message = format!("type `{base}` has no `{key}`");
            reader.wrong_help(message, &range, "this would be ignored", "remove it");
        }
    }
    let of = wrap(reader, of?, dimensions, word)?;
    spelled_out(reader, fields, base, of)
}

/// The type with what the field says that databases are to call it.
fn spelled_out(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    base: &str,
    of: FieldType,
) -> Option<FieldType> {
    if fields.get("spelled").is_none() {
        return Some(of);
    }
    let FieldType::Known(of) = of else {
        reader.wrong_help(
            format!("type `{base}` has no `spelled`"),
            &fields.key("spelled").unwrap_or_default(),
            "its type is that of what it points at",
            "remove it",
        );
        return None;
    };
    let mut spelled = mappings::spelled(reader, fields)?;
    if base == "other" {
        // What stands for all databases is the type itself.
        spelled.otherwise = None;
        if spelled.texts.is_empty() {
            return Some(FieldType::Known(of));
        }
    }
    let (of, spelled) = (Box::new(of), Box::new(spelled));
    Some(FieldType::Known(ColumnType::Spelled { of, spelled }))
}

fn wrap(
    reader: &mut Reader<'_>,
    of: FieldType,
    dimensions: usize,
    word: &Spanned<String>,
) -> Option<FieldType> {
    match of {
        FieldType::Known(mut of) => {
            for _ in 0..dimensions {
                of = ColumnType::Array { of: Box::new(of) };
            }
            Some(FieldType::Known(of))
        }
        other if dimensions == 0 => Some(other),
        FieldType::ForeignKey | FieldType::ManyToMany => {
            reader.wrong_help(
                "a list of foreign keys is not a column type",
                &word.span.range,
                "no database keeps such a list in order",
                "use `many_to_many`, or a table between the two",
            );
            None
        }
    }
}

fn varchar(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    word: &Spanned<String>,
    length: Option<Spanned<u32>>,
    field: &str,
) -> Option<ColumnType> {
    match length {
        Some(it) if it.value == 0 => {
            let message = format!("`{field}` could hold nothing");
            reader.wrong(message, &it.span.range, "a length is 1 or more");
            None
        }
        Some(it) => Some(ColumnType::Varchar { length: it.value }),
        // A length that can't be read has been said already.
        None if fields.get("length").is_some() => None,
        None => {
            reader.wrong_help(
                format!("`{field}` is a varchar without a length"),
                &word.span.range,
                "this type needs a `length`",
                "add `length: 255`, or use `type: text`",
            );
            None
        }
    }
}

fn decimal(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    word: &Spanned<String>,
    precision: Option<Spanned<u32>>,
    scale: Option<Spanned<u32>>,
    field: &str,
) -> Option<ColumnType> {
    let Some(precision) = precision else {
        if fields.get("precision").is_none() {
            reader.wrong_help(
                format!("`{field}` is a decimal without a precision"),
                &word.span.range,
                "this type needs a `precision`",
                "add `precision: 10` and `scale: 2` for 8 digits before the point and 2 behind it",
            );
        }
        return None;
    };
    if precision.value == 0 {
        let message = format!("`{field}` would have no digits");
        reader.wrong(message, &precision.span.range, "a precision is 1 or more");
        return None;
    }
    let digits = scale.as_ref().map_or(0, |it| it.value);
    if let Some(scale) = scale
        && digits > precision.value
    {
        let diagnostic = Diagnostic::error(format!(
            "`{field}` has {digits} digits behind the point and only {} digits",
            precision.value
        ))
        .at(scale.span, "the scale is more than the precision")
        .and(precision.span, "the precision counts all digits")
        .help("raise `precision` or lower `scale`");
        reader.diagnostics.push(diagnostic);
        return None;
    }
    Some(ColumnType::Decimal { precision: precision.value, scale: digits })
}

/// A type that only the database has a word for.
fn other(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    word: &Spanned<String>,
    field: &str,
) -> Option<ColumnType> {
    let Some(node) = fields.get("spelled") else {
        reader.wrong_help(
            format!("`{field}` doesn't say which type it is"),
            &word.span.range,
            "`other` is a type that only the database has a word for",
            "add `spelled:` with the database's word, such as `spelled: citext`",
        );
        return None;
    };
    let texts = mappings::spelled(reader, fields)?;
    let Some(spelled) = texts.otherwise else {
        reader.wrong_help(
            format!("`{field}` doesn't say which type it is elsewhere"),
            &node.range,
            "other databases have none",
            "add `otherwise:` with the type on every other database",
        );
        return None;
    };
    Some(ColumnType::Other { spelled })
}

fn unknown(reader: &mut Reader<'_>, word: &Spanned<String>, base: &str) {
    let message = format!("there is no type `{}`", word.value);
    let help = if let Some(help) = with_numbers(base) {
        help
    } else if let Some((_, meant)) = MEANT.iter().find(|(it, _)| *it == base) {
        format!("it is called `{meant}` here")
    } else {
        let known: Vec<&str> = known().collect();
        match did_you_mean(base, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the types are {}", list(&known)),
        }
    };
    reader.wrong_help(message, &word.span.range, "this type is not known", help);
}

/// What to write instead of `varchar(255)` or `decimal(10, 2)`.
fn with_numbers(base: &str) -> Option<String> {
    let (name, rest) = base.split_once('(')?;
    let numbers: Vec<&str> = rest.strip_suffix(')')?.split(',').map(str::trim).collect();
    let name = name.trim();
    let name = MEANT.iter().find(|(it, _)| *it == name).map_or(name, |(_, meant)| meant);
    match (name, numbers.as_slice()) {
        ("varchar" | "text", [length]) => {
            Some(format!("write `type: {name}` and `length: {length}`"))
        }
        ("decimal" | "numeric", [precision]) => {
            Some(format!("write `type: {name}` and `precision: {precision}`"))
        }
        ("decimal" | "numeric", [precision, scale]) => {
            Some(format!("write `type: {name}`, `precision: {precision}` and `scale: {scale}`"))
        }
        _ => SIMPLE
            .iter()
            .any(|(it, _)| *it == name)
            .then(|| format!("write `type: {name}`; it takes no numbers")),
    }
}
