//! By which rules the texts of a field are compared and ordered: `collation`.

use super::{
    draft,
    fields::{Fields, Reader, Spanned},
};
use crate::{
    diagnostic::Diagnostic,
    schema::{ColumnType, PerDatabase},
    sql,
};

/// Reads `collation`: a name, or one for each of several databases.
pub(super) fn draft(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Spanned<PerDatabase>> {
    let node = fields.get("collation")?;
    let value = draft::texts(reader, node, "collation")?;
    Some(Spanned { value, span: reader.span(&fields.key("collation").unwrap_or_default()) })
}

/// Says that a field has a collation and holds no text.
pub(super) fn check(
    name: &str,
    collation: &Spanned<PerDatabase>,
    data_type: &ColumnType,
) -> Option<Diagnostic> {
    if sql::holds_text(data_type) {
        return None;
    }
    let diagnostic = Diagnostic::error(format!("`{name}` holds no text and has a collation"))
        .at(collation.span.clone(), "this says how texts are compared")
        .help("remove it, or use `type: varchar` or `text`");
    Some(diagnostic)
}
