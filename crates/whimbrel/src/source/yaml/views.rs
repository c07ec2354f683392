//! Views: the list `views` of a file.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use super::{
    databases, default,
    draft::Draft,
    fields::{Fields, Reader, Spanned},
    print::{print_sql, word},
    resolve::long_name,
    tree::{Node, Value},
};
use crate::{
    diagnostic::Diagnostic,
    dialect::{ALL, Dialect, POSTGRES},
    schema::{Database, Name, PerDatabase, Schema, View},
    source::{Declared, Place},
    sql,
};

/// A view, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftView {
    name: Spanned<Name>,
    query: PerDatabase,
    materialized: bool,
    /// Whether the file is one that other files include.
    included: bool,
}

const VIEW: &[&str] = &["name", "namespace", "query", "materialized"];

/// Reads the list `views` of a file.
pub(super) fn collect(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    included: bool,
    draft: &mut Draft,
) {
    let Some(node) = fields.get("views") else { return };
    for node in reader.list(node, "`views`") {
        let found = view(reader, node, included);
        draft.views.extend(found);
    }
}

fn view(reader: &mut Reader<'_>, node: &Node<'_>, included: bool) -> Option<DraftView> {
    let fields = reader.fields(node, "a view", VIEW)?;
    let name = reader.qualified_name(&fields, "the view");
    let called = match &name {
        Some(it) => format!("view `{}`", it.value.name),
        None => "the view".to_owned(),
    };
    let materialized = reader.flag(&fields, "materialized").unwrap_or(false);
    let Some(node) = fields.get("query") else {
        let message = format!("{called} has no `query`");
        let range = name.as_ref().map_or(fields.range.clone(), |it| it.span.range.clone());
        reader.wrong_help(message, &range, "it needs one", "add `query: SELECT ...`");
        return None;
    };
    let query = query(reader, node, &called)?;
    Some(DraftView { name: name?, query, materialized, included })
}

/// A query, or one for each of several databases; an empty one where a database goes without.
fn query(reader: &mut Reader<'_>, node: &Node<'_>, called: &str) -> Option<PerDatabase> {
    let mut query = match &node.value {
        Value::Map(_) => default::sql(reader, node, "`query`")?,
        _ => PerDatabase::all(reader.text(node, "`query`")?.value),
    };
    let own = query.texts.iter_mut().map(|(database, it)| (Some(*database), it));
    let texts = own.chain(query.otherwise.iter_mut().map(|it| (None, it)));
    let (mut says, mut wrong) = (false, None);
    for (database, text) in texts {
        *text = text.trim().trim_end_matches(';').trim_end().to_owned();
        says |= !text.is_empty();
        wrong = wrong.or(sql::no_query(reader_of(database), text));
    }
    let because = match wrong {
        Some(because) => because,
        None if !says => "it is empty",
        None => return Some(query),
    };
    let help = "write it in SQL: `query: SELECT id FROM orders`";
    reader.wrong_help(format!("{called} says no query"), &node.range, because, help);
    None
}

/// By whose rules a text is read.
pub(super) fn reader_of(database: Option<Database>) -> &'static Dialect {
    let of = |it: &&&Dialect| database.is_some_and(|of| it.databases.contains(&of));
    ALL.iter().find(of).copied().unwrap_or(&POSTGRES)
}

/// Puts the views of all files into the schema. What two of the project's own files say of one must
/// be the same; over an included file the project's own count.
pub(super) fn resolve(
    drafts: Vec<DraftView>,
    declared: &mut Declared,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<Name, DraftView> = BTreeMap::new();
    for draft in drafts {
        let name = draft.name.value.clone();
        let Some(own) = first.get(&name) else {
            long_name("view", &name.name, &draft.name.span, diagnostics);
            if declared.schema.get(&name).is_some() {
                let table = declared.places.get(&Place::Table(name.clone())).cloned();
                let message = format!("there is a table `{name}` already");
                let diagnostic = Diagnostic::error(message)
                    .at(draft.name.span.clone(), "a view can't have its name")
                    .help("rename one of the two");
                diagnostics.push(match table {
                    Some(table) => diagnostic.and(table, "this is the table"),
                    None => diagnostic,
                });
                continue;
            }
            declared.places.insert(Place::View(name.clone()), draft.name.span.clone());
            let view = View {
                name: name.clone(),
                query: draft.query.clone(),
                materialized: draft.materialized,
            };
            declared.schema.views.insert(name.clone(), view);
            first.insert(name, draft);
            continue;
        };
        let same =
            sql::same_query(&own.query, &draft.query) && own.materialized == draft.materialized;
        let same_file = Arc::ptr_eq(&own.name.span.file, &draft.name.span.file);
        let yields = draft.included && !own.included;
        let (message, help) = if same_file {
            (format!("view `{name}` is declared twice"), "remove or rename one of the two")
        } else if !yields && !same {
            let message = format!("two files say different things of view `{name}`");
            (message, "let both say the same query, or keep one of the two")
        } else {
            continue;
        };
        let diagnostic = Diagnostic::error(message)
            .at(draft.name.span, "it is declared again here")
            .and(own.name.span.clone(), "it was declared here")
            .help(help);
        diagnostics.push(diagnostic);
    }
}

/// Writes the list `views`.
pub(super) fn print_list(out: &mut String, schema: &Schema) {
    if schema.views.is_empty() {
        return;
    }
    out.push_str("\nviews:\n");
    for View { name, query, materialized } in schema.views.values() {
        // Writing to a string can't fail.
        let _ = writeln!(out, "  - name: {}", word(&name.name));
        if let Some(namespace) = &name.namespace {
            let _ = writeln!(out, "    namespace: {}", word(namespace));
        }
        if *materialized {
            out.push_str("    materialized: true\n");
        }
        print_texts(out, "query", query);
    }
}

/// Writes SQL under a key: a text, or one for each of several databases.
pub(super) fn print_texts(out: &mut String, key: &str, texts: &PerDatabase) {
    match &texts.otherwise {
        Some(text) if texts.texts.is_empty() => print_query(out, "    ", key, text),
        _ if texts.all_texts().all(plain) => {
            let _ = writeln!(out, "    {key}:");
            let own =
                texts.texts.iter().filter_map(|(it, text)| Some((databases::name(*it)?, text)));
            let all = own.chain(texts.otherwise.as_ref().map(|it| (databases::OTHERWISE, it)));
            for (database, text) in all {
                print_query(out, "      ", database, text);
            }
        }
        _ => {
            let _ = writeln!(out, "    {key}: {}", print_sql(texts));
        }
    }
}

/// Whether a text can stand in lines of its own, and is read as it is then.
fn plain(text: &str) -> bool {
    let printable = |it: char| it == '\n' || (' '..='~').contains(&it) || it.is_alphanumeric();
    let blank = |it: char| it == ' ' || it == '\n';
    text.chars().all(printable) && !text.starts_with(blank) && !text.ends_with(blank)
}

/// A query of several lines in lines of its own.
fn print_query(out: &mut String, indent: &str, key: &str, text: &str) {
    if !text.contains('\n') || !plain(text) {
        let _ = writeln!(out, "{indent}{key}: {}", word(text));
        return;
    }
    let _ = writeln!(out, "{indent}{key}: |-");
    for line in text.lines() {
        let indent = if line.is_empty() { "" } else { indent };
        let extra = if line.is_empty() { "" } else { "  " };
        let _ = writeln!(out, "{indent}{extra}{line}");
    }
}
