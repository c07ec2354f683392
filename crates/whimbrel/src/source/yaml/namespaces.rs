//! Namespaces that the schema makes: the list `namespaces` of a file.

use std::fmt::Write;

use super::{
    fields::{Fields, Reader, Spanned},
    print::word,
};
use crate::{diagnostic::Diagnostic, schema::Schema};

/// Reads the list `namespaces` of a file; what several files list is united.
pub(super) fn collect(reader: &mut Reader<'_>, fields: &Fields<'_>, all: &mut Vec<String>) {
    let Some(node) = fields.get("namespaces") else { return };
    let mut own: Vec<Spanned<String>> = Vec::new();
    for node in reader.list(node, "`namespaces`") {
        let Some(name) = reader.name(node, "a namespace") else { continue };
        if let Some(first) = own.iter().find(|it| it.value == name.value) {
            let message = format!("namespace `{}` is declared twice", name.value);
            let diagnostic = Diagnostic::error(message)
                .at(name.span, "it is listed again here")
                .and(first.span.clone(), "it was listed here")
                .help("remove one of the two");
            reader.diagnostics.push(diagnostic);
        } else {
            own.push(name);
        }
    }
    all.extend(own.into_iter().map(|it| it.value));
}

/// Writes the list `namespaces`.
pub(super) fn print_list(out: &mut String, schema: &Schema) {
    if schema.namespaces.is_empty() {
        return;
    }
    let names: Vec<String> = schema.namespaces.iter().map(|it| word(it)).collect();
    // Writing to a string can't fail.
    let _ = writeln!(out, "namespaces: [{}]\n", names.join(", "));
}
