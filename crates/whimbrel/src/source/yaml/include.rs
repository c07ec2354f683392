//! What a schema file says of other files that belong to its schema.

use std::sync::Arc;

use super::{
    fields::{Fields, Reader, list},
    tree::{self, Node, Value},
};
use crate::{
    diagnostic::SourceFile,
    source::{Include, Included},
};

/// The keys of an entry.
const KEYS: &[&str] = &["path", "crate", "module"];

/// What `file` includes, as far as it can be read. What is wrong with it is told by
/// [`read`](super::read), which looks at the same entries.
pub(super) fn includes(file: &Arc<SourceFile>) -> Vec<Include> {
    // Most files include none. A key can be spelled with escapes.
    if !file.text.contains("include") && !file.text.contains('\\') {
        return Vec::new();
    }
    let mut unheard = Vec::new();
    let Ok(Some(root)) = tree::parse(file, &mut unheard) else { return Vec::new() };
    let Value::Map(entries) = &root.value else { return Vec::new() };
    let Some((_, node)) = entries.iter().find(|(key, _)| key.text == "include") else {
        return Vec::new();
    };
    entries_of(&mut Reader { file, diagnostics: &mut unheard }, node)
}

/// The entries under `include`.
pub(super) fn entries_of(reader: &mut Reader<'_>, node: &Node<'_>) -> Vec<Include> {
    if node.is_null() {
        return Vec::new();
    }
    let nodes = reader.list(node, "`include`");
    nodes.iter().filter_map(|it| entry(reader, it)).collect()
}

fn entry(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Include> {
    if let Value::Scalar(..) = &node.value {
        let path = reader.text(node, "an included file")?;
        return Some(Include { what: Included::Path(path.value), span: path.span });
    }
    let fields = reader.fields(node, "an entry of `include`", KEYS)?;
    let path = reader.required(&fields, "path", "the entry of `include`")?;
    let (key, owner) = match (fields.get("crate"), fields.get("module")) {
        (None, None) => {
            return Some(Include { what: Included::Path(path.value), span: path.span });
        }
        (Some(node), None) => ("crate", node),
        (None, Some(node)) => ("module", node),
        (Some(_), Some(_)) => return both(reader, &fields),
    };
    let owner = reader.text(owner, format_args!("`{key}`"))?;
    let what = if key == "crate" {
        Included::Crate { name: owner.value, path: path.value }
    } else {
        Included::Module { module: owner.value, path: path.value }
    };
    Some(Include { what, span: owner.span })
}

fn both(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Include> {
    reader.wrong_help(
        "an included file is in a crate or in a Go module",
        &fields.key("module").unwrap_or_default(),
        "this is one too many",
        format!("keep one of {}", list(&["crate", "module"])),
    );
    None
}
