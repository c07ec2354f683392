//! Fields that the database numbers: `identity: true`, or `{generated: always, start: 1000}`.

use std::fmt::Write;

use super::{
    fields::{Fields, Reader, Spanned},
    tree::{Node, Value},
};
use crate::{
    diagnostic::Diagnostic,
    schema::{Column, ColumnType, Identity},
};

const IDENTITY: &[&str] = &["generated", "start", "increment"];

/// Reads `identity` of the field called `called`.
pub(super) fn draft(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    called: &str,
) -> Option<Spanned<Identity>> {
    let node = fields.get("identity")?;
    let span = reader.span(&fields.key("identity").unwrap_or_default());
    let what = format!("`identity` of `{called}`");
    let value = match &node.value {
        Value::Map(_) => {
            let inner = reader.fields(node, &what, IDENTITY)?;
            let always = inner.get("generated").is_some_and(|it| {
                always(reader, it, "`generated`", "`always` or `by_default`").unwrap_or_default()
            });
            let start = number(reader, &inner, "start");
            let increment = number(reader, &inner, "increment");
            if let (Some(0), Some(node)) = (increment, inner.get("increment")) {
                let label = "every row would get the same number";
                reader.wrong("`increment` is a number other than 0", &node.range, label);
            }
            Identity { always, start, increment }
        }
        Value::Scalar(text, true) if text.eq_ignore_ascii_case("true") => Identity::default(),
        Value::Scalar(text, true) if text.eq_ignore_ascii_case("false") => return None,
        _ => {
            let words = "`true`, `always`, `by_default`, or a mapping";
            Identity { always: always(reader, node, "`identity`", words)?, ..Identity::default() }
        }
    };
    Some(Spanned { value, span })
}

fn always(reader: &mut Reader<'_>, node: &Node, what: &str, words: &str) -> Option<bool> {
    let word = match &node.value {
        Value::Scalar(text, _) => text.to_lowercase().replace([' ', '-'], "_"),
        Value::List(_) | Value::Map(_) => String::new(),
    };
    match word.as_str() {
        "always" => Some(true),
        "by_default" => Some(false),
        _ => {
            reader.wrong(format!("{what} is {words}"), &node.range, "this is none of them");
            None
        }
    }
}

fn number(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<i64> {
    let node = fields.get(key)?;
    let number = match &node.value {
        Value::Scalar(text, true) => text.parse().ok(),
        Value::Scalar(..) | Value::List(_) | Value::Map(_) => None,
    };
    if number.is_none() {
        let message = format!("`{key}` is a whole number of 64 bits");
        reader.wrong(message, &node.range, "this is none");
    }
    number
}

/// Says why a field can't be numbered, where it can't.
pub(super) fn check(
    name: &str,
    identity: &Spanned<Identity>,
    column: &Column,
) -> Option<Diagnostic> {
    let wrong = |message: String, help: &str| {
        let diagnostic = Diagnostic::error(message);
        Some(diagnostic.at(identity.span.clone(), "the database numbers it").help(help))
    };
    if column.data_type.is_numbered() {
        let of = column.data_type.unnumbered();
        let message = format!("`{name}` is {} and an identity too", column.data_type);
        return wrong(message, &format!("write `type: {of}`, or remove `identity`"));
    }
    let whole = matches!(
        column.data_type.unspelled(),
        ColumnType::Smallint | ColumnType::Integer | ColumnType::Bigint | ColumnType::Other { .. }
    );
    if !whole {
        let message = format!("`{name}` is {} and can't be numbered", column.data_type);
        return wrong(message, "write `type: bigint`, or remove `identity`");
    }
    if column.generated.is_some() {
        let message = format!("`{name}` is computed and numbered");
        return wrong(message, "remove `identity` or `generated`");
    }
    if column.nullable {
        let message = format!("`{name}` is numbered and so never null");
        return wrong(message, "remove `nullable`, or remove `identity`");
    }
    None
}

/// `identity: always`, or with a line for what else is said.
pub(super) fn print(out: &mut String, identity: &Identity) {
    let kind = if identity.always { "always" } else { "by_default" };
    let numbers = [("start", identity.start), ("increment", identity.increment)];
    let said: String = numbers
        .iter()
        .filter_map(|(key, value)| value.map(|it| format!(", {key}: {it}")))
        .collect();
    let _ = match (identity.always, said.is_empty()) {
        (_, false) => writeln!(out, "        identity: {{generated: {kind}{said}}}"),
        (true, true) => writeln!(out, "        identity: always"),
        (false, true) => writeln!(out, "        identity: true"),
    };
}
