//! The schema file: tables, fields, indexes and defaults in YAML, read with every mistake at once.
//!
//! A text becomes a `tree` of nodes that know their place, the tree a `draft` of tables with
//! the user's words still in them, each as soon as its node is whole, and the drafts of all files
//! together are resolved into a schema. `docs/schema.md` describes the format to its users.

mod check;
mod collation;
mod comment;
mod databases;
mod default;
mod draft;
mod enums;
mod fields;
mod format;
mod found;
mod generated;
mod identity;
mod include;
mod include_more;
mod json_schema;
mod mappings;
mod merge;
mod namespaces;
mod options;
mod print;
mod resolve;
mod routines;
mod tree;
mod types;
mod unique;
mod views;

use std::sync::Arc;

pub use self::{format::format, found::print_found, json_schema::json_schema, print::print};

use super::{Declared, Files, SourceFormat};
use crate::diagnostic::{Diagnostic, Span};

/// Schema files in YAML.
pub const FORMAT: SourceFormat = SourceFormat {
    name: "yaml",
    extensions: &["yaml", "yml"],
    includes: include::includes,
    include_more: Some(include_more::include_more),
    read,
    print: Some(print),
    lay_out: Some(format),
};

/// Reads the files of one schema together: their tables are united, in whatever order they come.
///
/// The diagnostics stand in the order of the files and of the places they point at.
pub fn read(files: &Files) -> (Declared, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut draft = draft::Draft::default();
    let mut roots = Vec::new();
    for (file, included) in files.all() {
        let mut early = draft::Early::of(file, included);
        match tree::parse_but_for("tables", |it| early.take(it), file, &mut diagnostics) {
            Ok(root) => roots.extend(root.map(|it| (early, it))),
            Err(tree::Unreadable) => draft.lose(),
        }
    }
    if let (true, [], Some((file, _))) = (diagnostics.is_empty(), &*roots, files.all().next()) {
        // Whoever empties a file by mistake would drop every table.
        let nothing = Span { file: Arc::clone(file), range: 0..0 };
        diagnostics.push(
            Diagnostic::warning("the schema says nothing, so there are to be no tables")
                .at(nothing, "nothing is written here")
                .help("write `tables: []` if that is meant"),
        );
    }
    for (early, root) in &roots {
        draft::collect_mappings(early, root, &mut draft, &mut diagnostics);
    }
    for (early, root) in roots {
        draft::collect(early, &root, &mut draft, &mut diagnostics);
    }
    let declared = resolve::resolve(draft, &mut diagnostics);
    sort(files, &mut diagnostics);
    (declared, diagnostics)
}

fn sort(files: &Files, diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|it| {
        it.span.as_ref().map(|span| {
            let file = files.all().position(|(file, _)| Arc::ptr_eq(file, &span.file));
            (file, span.range.start, span.range.end)
        })
    });
}
