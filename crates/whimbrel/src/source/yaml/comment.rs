//! What is told of a table or a field in the database: `comment`.

use std::fmt::{Display, Write};

use super::{
    fields::{Fields, Reader, Spanned},
    print,
};

/// Reads the comment of `what`, just as it is written; an empty one is none.
pub(super) fn draft(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    what: impl Display,
) -> Option<Spanned<String>> {
    let node = fields.get("comment")?;
    let comment = reader.text(node, format_args!("the comment of {what}"))?;
    if comment.value.contains('\0') {
        let message = format!("the comment of {what} holds a null character");
        reader.wrong(message, &comment.span.range, "no database takes such a text");
        return None;
    }
    Some(comment)
}

/// The comment of two files that comes to count: the later one, unless that yields.
pub(super) fn unite(
    own: &mut Option<Spanned<String>>,
    other: Option<Spanned<String>>,
    yields: bool,
) {
    if !yields || own.is_none() {
        *own = other.or(own.take());
    }
}

/// The comment that a draft comes to.
pub(super) fn resolve(draft: Option<&Spanned<String>>) -> Option<String> {
    draft.map(|it| it.value.clone()).filter(|it| !it.is_empty())
}

/// Writes the comment, if there is one, under keys that are indented so.
pub(super) fn write(out: &mut String, indent: &str, comment: Option<&String>) {
    if let Some(text) = comment.filter(|it| !it.is_empty()) {
        let _ = writeln!(out, "{indent}comment: {}", print::word(text));
    }
}
