//! Adding to the `include` of a schema file, with every other letter of it left alone.

use std::sync::Arc;

use super::{
    include::includes,
    print::word,
    tree::{self, Entry, Key, Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span},
    source::Included,
};

/// The text of `file` when it includes `more` as well, behind what it includes already.
pub(super) fn include_more(
    file: &Arc<SourceFile>,
    more: &[Included],
) -> Result<String, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let root = tree::parse(file, &mut diagnostics);
    let Ok(root) = root else { return Err(diagnostics) };
    let lines: Vec<String> = more.iter().map(entry).collect();
    let text = with_lines(&file.text, root.as_ref(), &lines);
    // What was written is read again and compared before anybody gets it.
    let text = text.filter(|it| says(file, root.as_ref(), it, more));
    text.ok_or_else(|| {
        let start = Span { file: Arc::clone(file), range: 0..0 };
        let lines = lines.join(", ");
        vec![
            Diagnostic::error("this file's `include` can't be written to")
                .at(start, "it is written in a way that has no place for more lines")
                .help(format!("add to `include` by hand: {lines}; the file was left as it is")),
        ]
    })
}

/// `{crate: auth-tables, path: schema/schema.yaml}`
fn entry(what: &Included) -> String {
    match what {
        Included::Path(path) => word(path),
        Included::Crate { name, path } => {
            format!("{{crate: {}, path: {}}}", word(name), word(path))
        }
        Included::Module { module, path } => {
            format!("{{module: {}, path: {}}}", word(module), word(path))
        }
    }
}

fn with_lines(text: &str, root: Option<&Node>, lines: &[String]) -> Option<String> {
    let entries: &[(Key, Node)] = match root.map(|it| &it.value) {
        None | Some(Value::Scalar(..)) => &[],
        Some(Value::Map(entries)) => entries,
        Some(Value::List(_)) => return None,
    };
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let block = |indent: &str| {
        let lines: Vec<String> = lines.iter().map(|it| format!("{indent}- {it}{ending}")).collect();
        lines.concat()
    };
    let Some(position) = entries.iter().position(|(key, _)| key.text == "include") else {
        let at = match entries.iter().find(|(key, _)| key.text == "tables") {
            Some((key, _)) => above_comments(text, key.range.start),
            None => text.len(),
        };
        let gap = if at == text.len() { "" } else { ending };
        let new = format!("include:{ending}{}{gap}", block("  "));
        return Some(inserted(text, at, &new, ending));
    };
    let (key, node) = &entries[position];
    let end = entries.get(position + 1).map_or(text.len(), |(next, _)| next.range.start);
    let region = text.get(key.range.end..end)?;
    let first = match &node.value {
        Value::List(nodes) => nodes.first(),
        Value::Scalar(..) if node.is_null() => None,
        _ => return None,
    };
    let opened = region.trim_start().strip_prefix(':')?.trim_start().starts_with('[');
    if opened {
        let at = key.range.end + region.rfind(']')?;
        let inside = text.get(key.range.end..at)?.trim_end();
        let comma = if inside.ends_with(['[', ',']) { "" } else { ", " };
        let more = format!("{comma}{}", lines.join(", "));
        return Some(inserted(text, key.range.end + inside.len(), &more, ""));
    }
    let indent = match first {
        Some(it) => {
            let start = line_start(text, it.range.start);
            let before = text.get(start..it.range.start)?;
            before.get(..before.find('-')?)?.to_owned()
        }
        None => "  ".to_owned(),
    };
    Some(inserted(text, last_said(text, key.range.end, end), &block(&indent), ending))
}

fn inserted(text: &str, at: usize, more: &str, ending: &str) -> String {
    let (before, after) = text.split_at(at);
    let unended = !before.is_empty() && !before.ends_with('\n');
    let ending = if unended { ending } else { "" };
    format!("{before}{ending}{more}{after}")
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |it| it + 1)
}

/// The beginning of the line at `at`, or of the comments that stand right above it.
fn above_comments(text: &str, at: usize) -> usize {
    let mut start = line_start(text, at);
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// The end of the last line in `from..to` that says something.
fn last_said(text: &str, from: usize, to: usize) -> usize {
    let mut end = from;
    let mut at = from;
    for line in text[from..to].split_inclusive('\n') {
        at += line.len();
        let words = line.trim();
        if end == from || !(words.is_empty() || words.starts_with('#')) {
            end = at;
        }
    }
    end
}

/// Whether `text` includes what `file` does and `more`, and says the same of everything else.
fn says(file: &Arc<SourceFile>, before: Option<&Node<'_>>, text: &str, more: &[Included]) -> bool {
    let after = SourceFile::new(&file.name, text.to_owned());
    let Ok(Some(root)) = tree::parse(&after, &mut Vec::new()) else { return false };
    let whats = |file: &Arc<SourceFile>| includes(file).into_iter().map(|it| it.what);
    let (was, is) = (before.map(others).unwrap_or_default(), others(&root));
    whats(&after).eq(whats(file).chain(more.iter().cloned()))
        && was.len() == is.len()
        && was
            .iter()
            .zip(&is)
            .all(|(one, other)| one.0.text == other.0.text && tree::same(&one.1, &other.1))
}

/// What a file says of everything but its includes.
fn others<'n>(root: &'n Node<'n>) -> Vec<&'n Entry<'n>> {
    let Value::Map(entries) = &root.value else { return Vec::new() };
    entries.iter().filter(|(key, _)| key.text != "include").collect()
}
