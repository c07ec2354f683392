//! Enums: the list `enums` of a file, and the fields whose values are of one.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use super::{
    draft::Draft,
    fields::{Fields, Reader, Spanned, list},
    print::word,
    tree::{Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, Span, did_you_mean},
    schema::{ColumnType, Enumeration, Name, Schema},
    source::{Declared, Place, Rename},
};

/// An enum, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftEnum {
    name: Spanned<Name>,
    values: Vec<DraftValue>,
    /// The name it had before.
    renamed_from: Option<Spanned<String>>,
    /// Whether the file is one that other files include.
    included: bool,
}

/// A value of an enum, in the words of its file.
#[derive(Debug)]
struct DraftValue {
    value: Spanned<String>,
    /// The name it had before.
    renamed_from: Option<Spanned<String>>,
}

const ENUM: &[&str] = &["name", "namespace", "values", "renamed_from"];
const VALUE: &[&str] = &["name", "renamed_from"];

/// Reads the list `enums` of a file.
pub(super) fn collect(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    included: bool,
    draft: &mut Draft,
) {
    let Some(node) = fields.get("enums") else { return };
    draft.enums_partial |= !matches!(&node.value, Value::List(_));
    for node in reader.list(node, "`enums`") {
        let found = enumeration(reader, node, included);
        draft.enums_partial |= found.is_none();
        draft.enums.extend(found);
    }
}

fn enumeration(reader: &mut Reader<'_>, node: &Node, included: bool) -> Option<DraftEnum> {
    let fields = reader.fields(node, "an enum", ENUM)?;
    let name = reader.qualified_name(&fields, "the enum");
    let called = match &name {
        Some(it) => format!("enum `{}`", it.value.name),
        None => "the enum".to_owned(),
    };
    let renamed_from = fields.get("renamed_from");
    let renamed_from = renamed_from.and_then(|it| reader.name(it, "what it was before"));
    let listed = fields.get("values").map(|it| values(reader, it, &called));
    if listed.as_ref().is_none_or(|it| it.as_ref().is_some_and(Vec::is_empty)) {
        let message = format!("{called} has no values");
        let range = name.as_ref().map_or(fields.range.clone(), |it| it.span.range.clone());
        reader.wrong_help(message, &range, "it needs one", "add `values: [...]`");
        return None;
    }
    Some(DraftEnum { name: name?, values: listed??, renamed_from, included })
}

/// The values; `None` where they are no list.
fn values(reader: &mut Reader<'_>, node: &Node, called: &str) -> Option<Vec<DraftValue>> {
    if !matches!(&node.value, Value::List(_)) {
        reader.list(node, format!("`values` of {called}"));
        return None;
    }
    let mut values: Vec<DraftValue> = Vec::new();
    for node in reader.list(node, "`values`") {
        let Some(value) = value(reader, node, called) else { continue };
        let name = &value.value;
        if let Some(first) = values.iter().find(|it| it.value.value == name.value) {
            let diagnostic = Diagnostic::error(format!("{called} has `{}` twice", name.value))
                .at(name.span.clone(), "it is listed again here")
                .and(first.value.span.clone(), "it was listed here")
                .help("remove one of the two");
            reader.diagnostics.push(diagnostic);
        } else {
            values.push(value);
        }
    }
    Some(values)
}

/// `paid`, or `{name: paid, renamed_from: payed}`.
fn value(reader: &mut Reader<'_>, node: &Node, called: &str) -> Option<DraftValue> {
    let what = || format!("a value of {called}");
    if !matches!(&node.value, Value::Map(_)) {
        return Some(DraftValue { value: reader.text(node, what())?, renamed_from: None });
    }
    let fields = reader.fields(node, what(), VALUE)?;
    let from = fields.get("renamed_from").map(|it| reader.text(it, "what it was before"));
    let Some(name) = fields.get("name") else {
        let message = format!("{} has no `name`", what());
        reader.wrong_help(message, &fields.range, "it begins here", "add `name:`");
        return None;
    };
    Some(DraftValue { value: reader.text(name, what())?, renamed_from: from.flatten() })
}

/// The enum that a field of the type `enum` names.
pub(super) fn type_of_field(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    word: &Spanned<String>,
    field: &str,
) -> Option<ColumnType> {
    let Some(node) = fields.get("enum") else {
        reader.wrong_help(
            format!("`{field}` does not say which enum it is"),
            &word.span.range,
            "it is an enum",
            "add `enum:` with the name of one of the `enums`",
        );
        return None;
    };
    let name = match &node.value {
        Value::Map(_) => {
            let fields = reader.fields(node, "`enum`", &["name", "namespace"])?;
            reader.qualified_name(&fields, "the enum")?.value
        }
        Value::List(_) | Value::Scalar(..) => Name::new(reader.name(node, "the enum")?.value),
    };
    Some(ColumnType::Enum { name: Box::new(name), values: vec![] })
}

/// Where a field names its enum, for what is wrong with that.
pub(super) fn place_of_field(reader: &Reader<'_>, fields: &Fields<'_>) -> Option<Span> {
    fields.get("enum").map(|it| reader.span(&it.range))
}

/// Puts the enums of all files into the schema. What two of the project's own files say of one must
/// be the same; over an included file the project's own count.
pub(super) fn resolve(
    drafts: Vec<DraftEnum>,
    declared: &mut Declared,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<Name, DraftEnum> = BTreeMap::new();
    for draft in drafts {
        let Some(own) = first.get(&draft.name.value) else {
            declared.places.insert(Place::Enum(draft.name.value.clone()), draft.name.span.clone());
            let values = draft.values.iter().map(|it| it.value.value.clone()).collect();
            renames(&draft, declared);
            declared.schema.enums.insert(draft.name.value.clone(), values);
            first.insert(draft.name.value.clone(), draft);
            continue;
        };
        let texts =
            |it: &DraftEnum| it.values.iter().map(|it| it.value.value.clone()).collect::<Vec<_>>();
        let same_file = Arc::ptr_eq(&own.name.span.file, &draft.name.span.file);
        let yields = draft.included && !own.included;
        let (message, help) = if same_file {
            let message = format!("enum `{}` is declared twice", draft.name.value);
            (message, "put all its values in one place, or rename one of the two")
        } else if !yields && texts(own) != texts(&draft) {
            let message = format!("two files say different things of enum `{}`", draft.name.value);
            (message, "let both list the same values in the same order, or keep one of the two")
        } else {
            // What the project's own file leaves out is the other's to say.
            if texts(own) == texts(&draft) {
                renames(&draft, declared);
            }
            continue;
        };
        let diagnostic = Diagnostic::error(message)
            .at(draft.name.span, "it is declared again here")
            .and(own.name.span.clone(), "it was declared here")
            .help(help);
        diagnostics.push(diagnostic);
    }
}

/// What is said of its past, and of its values', that nothing before has said.
fn renames(draft: &DraftEnum, declared: &mut Declared) {
    let name = &draft.name.value;
    let own = draft.renamed_from.iter().map(|from| (Place::Enum(name.clone()), from));
    let values = draft.values.iter().filter_map(|it| {
        let from = it.renamed_from.as_ref()?;
        Some((Place::EnumValue(name.clone(), it.value.value.clone()), from))
    });
    for (what, from) in own.chain(values) {
        if declared.renames.iter().all(|it| it.what != what) {
            let (from, span) = (from.value.clone(), from.span.clone());
            declared.renames.push(Rename { what, from, span });
        }
    }
}

/// The type with the values of its enum; where there is no such enum, that is said. Where some
/// enum could not be read it may be that one.
pub(super) fn filled(
    data_type: ColumnType,
    place: Option<&Span>,
    schema: &Schema,
    partial: bool,
    found: &mut Vec<Diagnostic>,
) -> Option<ColumnType> {
    let mut data_type = data_type;
    let Some((name, values)) = data_type.enumeration_mut() else { return Some(data_type) };
    if let Some(known) = schema.enums.get(name) {
        values.clone_from(known);
        return Some(data_type);
    }
    let twin = schema.enums.keys().find(|it| it.name == name.name);
    let near = || did_you_mean(&name.name, schema.enums.keys().map(|it| it.name.as_str()));
    let help = match (twin.map(|it| &it.namespace), near()) {
        (Some(Some(namespace)), _) => {
            format!("write `enum: {{name: {}, namespace: {namespace}}}`", name.name)
        }
        (Some(None), _) => "remove the `namespace`".to_owned(),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) if partial => return None,
        (None, None) => "declare it under `enums`".to_owned(),
    };
    // A field that points at this one has its type, and no word of its own for it.
    if let Some(place) = place {
        let diagnostic = Diagnostic::error(format!("there is no enum `{name}`"))
            .at(place.clone(), "it is named here")
            .help(help);
        found.push(diagnostic);
    }
    None
}

/// Why a text can't be the default of an enum with these values: what to say, and what to do.
pub(super) fn misfit(text: &str, values: &[String]) -> (String, String) {
    let words: Vec<&str> = values.iter().map(String::as_str).collect();
    let help = match did_you_mean(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its values are {}", list(&words)),
    };
    ("this is none of the enum's values".to_owned(), help)
}

/// Writes the list `enums`.
pub(super) fn print_list(out: &mut String, schema: &Schema) {
    let enumerations = schema.enumerations();
    if !enumerations.is_empty() {
        out.push_str("enums:\n");
    }
    for Enumeration { name, values } in &enumerations {
        // Writing to a string can't fail.
        let _ = writeln!(out, "  - name: {}", word(&name.name));
        if let Some(namespace) = &name.namespace {
            let _ = writeln!(out, "    namespace: {}", word(namespace));
        }
        let values: Vec<String> = values.iter().map(|it| word(it)).collect();
        let _ = writeln!(out, "    values: [{}]", values.join(", "));
    }
    if !enumerations.is_empty() {
        out.push('\n');
    }
}

/// Writes which enum a field is.
pub(super) fn print_field(out: &mut String, data_type: &ColumnType) {
    let Some((name, _)) = data_type.enumeration() else { return };
    let said = match &name.namespace {
        None => word(&name.name),
        Some(namespace) => {
            format!("{{name: {}, namespace: {}}}", word(&name.name), word(namespace))
        }
    };
    let _ = writeln!(out, "        enum: {said}");
}
