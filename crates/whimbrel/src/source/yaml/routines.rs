//! Triggers, functions and procedures: the lists `triggers`, `functions` and `procedures` of a file.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use super::{
    default,
    draft::Draft,
    fields::{Fields, Reader},
    print::word,
    resolve::long_name,
    tree::{Node, Value},
    views::{print_texts, reader_of},
};
use crate::{
    diagnostic::{Diagnostic, Span, did_you_mean},
    dialect::ALL,
    schema::{Name, PerDatabase, Routine, RoutineName, Schema},
    source::{Declared, Place},
    sql,
};

/// A trigger, a function or a procedure, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftRoutine {
    routine: Routine,
    /// Where its name stands.
    span: Span,
    /// Where the name of its table stands.
    table: Option<Span>,
    /// Whether the file is one that other files include.
    included: bool,
}

const TRIGGER: &[&str] = &["name", "table", "namespace", "when", "definition"];
const FUNCTION: &[&str] = &["name", "namespace", "definition"];

/// Reads the lists of a file.
pub(super) fn collect(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    included: bool,
    draft: &mut Draft,
) {
    for (list, of) in [("functions", "function"), ("procedures", "procedure")] {
        let Some(node) = fields.get(list) else { continue };
        for node in reader.list(node, format_args!("`{list}`")) {
            draft.routines.extend(function(reader, node, of, included));
        }
    }
    let Some(node) = fields.get("triggers") else { return };
    for node in reader.list(node, "`triggers`") {
        draft.routines.extend(trigger(reader, node, included));
    }
}

fn function(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    of: &str,
    included: bool,
) -> Option<DraftRoutine> {
    let fields = reader.fields(node, format_args!("a {of}"), FUNCTION)?;
    let name = reader.required_name(&fields, format_args!("the {of}"));
    let namespace = fields.get("namespace").and_then(|it| reader.name(it, "a namespace"));
    let namespace = namespace.map(|it| it.value);
    let whole = |name: &str| {
        let name = Name { namespace: namespace.clone(), name: name.to_owned() };
        if of == "function" { RoutineName::Function(name) } else { RoutineName::Procedure(name) }
    };
    let known = whole(name.as_ref().map_or(of, |it| &it.value));
    let range = name.as_ref().map(|it| it.span.range.clone());
    let definition = texts(reader, &fields, &known, "definition", range, "() RETURNS ...")?;
    let name = name?;
    let routine = Routine { name: whole(&name.value), when: None, definition };
    Some(DraftRoutine { routine, span: name.span, table: None, included })
}

fn trigger(reader: &mut Reader<'_>, node: &Node<'_>, included: bool) -> Option<DraftRoutine> {
    let fields = reader.fields(node, "a trigger", TRIGGER)?;
    let name = reader.required_name(&fields, "the trigger");
    let range = name.as_ref().map(|it| it.span.range.clone());
    let table = if let Some(node) = fields.get("table") {
        reader.name(node, "a table")
    } else {
        let called = name.as_ref().map_or_else(String::new, |it| format!(" `{}`", it.value));
        let message = format!("trigger{called} names no `table`");
        let range = range.clone().unwrap_or_else(|| fields.range.clone());
        reader.wrong_help(message, &range, "it needs one", "add `table: orders`");
        None
    };
    let namespace = fields.get("namespace").and_then(|it| reader.name(it, "a namespace"));
    let namespace = namespace.map(|it| it.value);
    let own = name.as_ref().map_or("?", |it| &it.value).to_owned();
    let of = table.as_ref().map_or("?", |it| &it.value).to_owned();
    let known = RoutineName::Trigger(Name { namespace, name: of }, own);
    let when = texts(reader, &fields, &known, "when", range.clone(), "AFTER UPDATE");
    let body = "FOR EACH ROW ...";
    let definition = texts(reader, &fields, &known, "definition", range, body);
    let (name, table) = (name?, table?);
    let routine = Routine { name: known, when: Some(when?), definition: definition? };
    Some(DraftRoutine { routine, span: name.span, table: Some(table.span), included })
}

/// A text, or one for each of several databases; an empty one where a database goes without.
fn texts(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    name: &RoutineName,
    key: &str,
    range: Option<std::ops::Range<usize>>,
    example: &str,
) -> Option<PerDatabase> {
    let called = format!("{} `{}`", name.kind(), name.own());
    let Some(node) = fields.get(key) else {
        let message = format!("{called} has no `{key}`");
        let range = range.unwrap_or_else(|| fields.range.clone());
        reader.wrong_help(message, &range, "it needs one", format!("add `{key}: {example}`"));
        return None;
    };
    let mut texts = match &node.value {
        Value::Map(_) => default::sql(reader, node, &format!("`{key}`"))?,
        _ => PerDatabase::all(reader.text(node, format_args!("`{key}`"))?.value),
    };
    texts.each_text(|it| *it = it.trim().to_owned());
    let when = key == "when";
    let own = texts.texts.iter();
    let mut wrong =
        own.map(|(database, it)| sql::no_routine(reader_of(Some(*database)), name, it, when));
    // For whichever database it is.
    let common = texts.otherwise.iter().filter_map(|text| {
        let all: Option<Vec<&str>> =
            ALL.iter().map(|it| sql::no_routine(it, name, text, when)).collect();
        all.and_then(|it| it.first().copied())
    });
    let because = wrong.find_map(|it| it).or_else(|| common.into_iter().next());
    let because = match because {
        Some(because) => because,
        None if texts.all_texts().all(str::is_empty) => "it is empty",
        None => return Some(texts),
    };
    let help = format!("write it in SQL: `{key}: {example}`");
    reader.wrong_help(
        format!("the `{key}` of {called} can't be used"),
        &node.range,
        because,
        &help,
    );
    None
}

/// Puts the routines of all files into the schema. What two of the project's own files say of one
/// must be the same; over an included file the project's own count.
pub(super) fn resolve(
    drafts: Vec<DraftRoutine>,
    declared: &mut Declared,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<RoutineName, DraftRoutine> = BTreeMap::new();
    for draft in drafts {
        let name = draft.routine.name.clone();
        let Some(own) = first.get(&name) else {
            long_name(name.kind(), name.own(), &draft.span, diagnostics);
            diagnostics.extend(without_table(&draft, &declared.schema));
            declared.places.insert(Place::Routine(name.clone()), draft.span.clone());
            declared.schema.routines.insert(name.clone(), draft.routine.clone());
            first.insert(name, draft);
            continue;
        };
        let same = sql::same_routine(&own.routine, &draft.routine);
        let same_file = Arc::ptr_eq(&own.span.file, &draft.span.file);
        let yields = draft.included && !own.included;
        let (message, help) = if same_file {
            let help = match name {
                RoutineName::Function(_) | RoutineName::Procedure(_) => {
                    "remove or rename one of the two; for one of a name that takes other arguments \
                     there is no word, write it as SQL in a migration"
                }
                RoutineName::Trigger(..) => "remove or rename one of the two",
            };
            (format!("{name} is declared twice"), help)
        } else if !yields && !same {
            let message = format!("two files say different things of {name}");
            (message, "let both say the same, or keep one of the two")
        } else {
            continue;
        };
        let diagnostic = Diagnostic::error(message)
            .at(draft.span, "it is declared again here")
            .and(own.span.clone(), "it was declared here")
            .help(help);
        diagnostics.push(diagnostic);
    }
}

/// That there is no such table or view as a trigger names.
fn without_table(draft: &DraftRoutine, schema: &Schema) -> Option<Diagnostic> {
    let (table, span) = (draft.routine.name.table()?, draft.table.clone()?);
    if schema.get(table).is_some() || schema.views.contains_key(table) {
        return None;
    }
    let name = draft.routine.name.own();
    let known: Vec<String> = schema
        .tables()
        .map(|it| &it.name)
        .chain(schema.views.keys())
        .map(ToString::to_string)
        .collect();
    let whole = table.to_string();
    let meant = did_you_mean(&whole, known.iter().map(String::as_str));
    let help = meant.map_or_else(
        || "name a table or a view of this schema".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    let message = format!("there is no table or view `{table}` for trigger `{name}`");
    Some(Diagnostic::error(message).at(span, "it isn't declared").help(help))
}

/// Writes the lists.
pub(super) fn print_lists(out: &mut String, schema: &Schema) {
    let mut last = "";
    for Routine { name, when, definition } in schema.routines.values() {
        // Writing to a string can't fail.
        let kind = name.kind();
        if kind != last {
            let _ = writeln!(out, "\n{kind}s:");
            last = kind;
        }
        let _ = writeln!(out, "  - name: {}", word(name.own()));
        if let Some(table) = name.table() {
            let _ = writeln!(out, "    table: {}", word(&table.name));
        }
        if let Some(namespace) = name.namespace() {
            let _ = writeln!(out, "    namespace: {}", word(namespace));
        }
        if let Some(when) = when {
            print_texts(out, "when", when);
        }
        print_texts(out, "definition", definition);
    }
}
