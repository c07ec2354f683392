//! Fields that the database computes: `generated: {as: price * amount, stored: true}`.

use super::{
    default,
    fields::{Fields, Reader, Spanned},
    tree::Value,
};
use crate::{
    diagnostic::Diagnostic,
    schema::{Column, Generated, PerDatabase},
};

const GENERATED: &[&str] = &["as", "stored"];

/// Reads `generated` of the field called `called`.
pub(super) fn draft(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    called: &str,
) -> Option<Spanned<Generated>> {
    let node = fields.get("generated")?;
    let what = format!("`generated` of `{called}`");
    let inner = reader.fields(node, &what, GENERATED)?;
    let stored = reader.flag(&inner, "stored").unwrap_or(false);
    let Some(expression) = inner.get("as") else {
        reader.wrong_help(
            format!("{what} has no `as`"),
            &inner.range,
            "it begins here",
            "add `as:` with the expression that it is computed from",
        );
        return None;
    };
    let expression = match &expression.value {
        Value::Map(_) => default::sql(reader, expression, "`as`"),
        _ => reader.text(expression, "`as`").map(|it| PerDatabase::all(it.value)),
    }?;
    let span = reader.span(&fields.key("generated").unwrap_or_default());
    Some(Spanned { value: Generated { expression, stored }, span })
}

/// Says what else would give values to a computed field, where something would.
pub(super) fn check(
    name: &str,
    generated: &Spanned<Generated>,
    column: &Column,
) -> Option<Diagnostic> {
    let also = match column {
        Column { default: Some(_), .. } => "a default",
        Column { auto_update: true, .. } => "`auto_update`",
        _ if column.data_type.is_numbered() => "a number of its own",
        _ => return None,
    };
    let message = format!("`{name}` is computed and has {also}");
    let diagnostic = Diagnostic::error(message)
        .at(generated.span.clone(), "the database computes every value of it")
        .help(format!("remove `generated`, or what gives it {also}"));
    Some(diagnostic)
}
