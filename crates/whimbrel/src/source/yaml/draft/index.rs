//! The indexes of a schema file.

use super::{
    super::{
        default,
        fields::{Reader, Spanned},
        resolve::{has_column, is_first},
        tree::{Node, Value},
    },
    DraftTable, either, names,
};
use crate::{
    diagnostic::{Diagnostic, Span},
    schema::{Direction, Index, IndexColumn, Nulls, PerDatabase},
    source::{Declared, Place, Rename},
};

/// An index, in the words of its file.
#[derive(Debug)]
pub(in super::super) struct DraftIndex {
    pub(in super::super) name: Spanned<String>,
    pub(in super::super) columns: Vec<Spanned<IndexColumn>>,
    pub(in super::super) unique: bool,
    pub(in super::super) nulls_not_distinct: bool,
    pub(in super::super) method: Option<String>,
    pub(in super::super) include: Vec<Spanned<String>>,
    pub(in super::super) filter: Option<String>,
    pub(in super::super) renamed_from: Option<Spanned<String>>,
}

impl DraftIndex {
    /// An index over one column.
    pub(in super::super) fn over(name: Spanned<String>, column: Spanned<String>) -> Self {
        let column = Spanned { value: IndexColumn::new(column.value), span: column.span };
        Self {
            name,
            columns: vec![column],
            unique: false,
            nulls_not_distinct: false,
            method: None,
            include: Vec::new(),
            filter: None,
            renamed_from: None,
        }
    }

    /// The index by itself.
    fn index(&self, columns: Vec<IndexColumn>) -> Index {
        Index {
            name: self.name.value.clone(),
            columns,
            unique: self.unique,
            nulls_not_distinct: self.nulls_not_distinct,
            method: self.method.clone(),
            include: self.include.iter().map(|it| it.value.clone()).collect(),
            filter: self.filter.clone(),
        }
    }

    /// Whether `other` asks for the same index.
    pub(in super::super) fn says_the_same(&self, other: &Self) -> bool {
        let whole = |it: &Self| it.index(it.columns.iter().map(|it| it.value.clone()).collect());
        let name = self.name.value.clone();
        whole(self) == Index { name, ..whole(other) }
    }
}

const INDEX: &[&str] = &[
    "name",
    "fields",
    "columns",
    "unique",
    "nulls_not_distinct",
    "method",
    "include",
    "where",
    "renamed_from",
    "foreign_key",
    "from_fk",
];
const PART: &[&str] =
    &["name", "expression", "order", "nulls", "prefix", "collation", "operator_class"];

pub(in super::super) fn index(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<DraftIndex> {
    let fields = reader.fields(node, "an index", INDEX)?;
    let name = reader.required_name(&fields, "the index");
    let called =
        || name.as_ref().map_or("the index".to_owned(), |it| format!("index `{}`", it.value));
    let listed = either(reader, &fields, "fields", "columns");
    let parts = match listed {
        Some((_, Node { value: Value::List(parts), .. })) => parts.len(),
        _ => 1,
    };
    let mut columns: Vec<Spanned<IndexColumn>> = Vec::with_capacity(parts);
    let mut complete = true;
    match listed {
        Some((_, node)) if matches!(&node.value, Value::Scalar(..)) => {
            columns.extend(index_column(reader, node));
        }
        Some((key, node)) => {
            for node in reader.list(node, format_args!("`{key}`")) {
                match index_column(reader, node) {
                    Some(column) => columns.push(column),
                    None => complete = false,
                }
            }
        }
        None => {}
    }
    if columns.is_empty() && complete && (listed.is_some() || fields.get("fields").is_none()) {
        let message = format!("{} has no fields", called());
        reader.wrong_help(message, &fields.range, "it begins here", "add `fields: [...]`");
    }
    let unique = reader.flag(&fields, "unique").unwrap_or(false);
    let nulls_not_distinct = reader.flag(&fields, "nulls_not_distinct").unwrap_or(false);
    if nulls_not_distinct && !unique {
        let at = fields.key("nulls_not_distinct").unwrap_or_default();
        let message = format!("{} is not unique, so nothing has to be distinct in it", called());
        let help = "add `unique: true`, or remove `nulls_not_distinct`";
        reader.wrong_help(message, &at, "this says nothing here", help);
    }
    let include = match fields.get("include") {
        Some(node) => names(reader, node, "include"),
        None => Vec::new(),
    };
    let mut words = |key: &str| {
        let node = fields.get(key)?;
        reader.text(node, format_args!("`{key}`")).map(|it| it.value.trim().to_owned())
    };
    let method = words("method").filter(|it| !it.is_empty());
    let filter = words("where").filter(|it| !it.is_empty());
    // A note of older tools, which made no index of it either.
    words("foreign_key");
    if reader.flag(&fields, "from_fk") == Some(true) {
        let span = reader.span(&fields.key("from_fk").unwrap_or_default());
        let warning = Diagnostic::warning(format!("{} is left out", called()))
            .at(span, "this marks a note about a foreign key, for which there is no index")
            .help("remove `from_fk` to have the index, or the whole entry to be rid of it");
        reader.diagnostics.push(warning);
        return None;
    }
    let renamed_from =
        fields.get("renamed_from").and_then(|it| reader.name(it, "the index before"));
    let name = name?;
    (!columns.is_empty()).then_some(DraftIndex {
        name,
        columns,
        unique,
        nulls_not_distinct,
        method,
        include,
        filter,
        renamed_from,
    })
}

/// `name`, `name desc`, `{name: …, order: desc}` or `{expression: …}`.
fn index_column(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Spanned<IndexColumn>> {
    if matches!(&node.value, Value::Map(_)) {
        return index_part(reader, node);
    }
    let name = reader.name(node, "a field")?;
    let split = name.value.rsplit_once(' ').and_then(|(column, word)| {
        Some(IndexColumn { direction: direction(word)?, ..IndexColumn::new(column.trim()) })
    });
    let value = split.unwrap_or_else(|| IndexColumn::new(&name.value));
    Some(Spanned { value, span: name.span })
}

fn index_part(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Spanned<IndexColumn>> {
    let fields = reader.fields(node, "a field of an index", PART)?;
    let mut part = IndexColumn::default();
    if let Some(node) = fields.get("order") {
        part.direction = word(reader, node, "order", ["asc", "desc"], direction)?;
    }
    if let Some(node) = fields.get("nulls") {
        part.nulls = Some(word(reader, node, "nulls", ["first", "last"], nulls)?);
    }
    let prefix = reader.number(&fields, "prefix");
    part.prefix = prefix.as_ref().map(|it| it.value);
    if let Some(zero) = prefix.filter(|it| it.value == 0) {
        let help = "say how many characters count, or remove it";
        reader.wrong_help("a prefix of nothing", &zero.span.range, "this is 0", help);
        return None;
    }
    if let Some(node) = fields.get("collation") {
        part.collation = Some(texts(reader, node, "collation")?);
    }
    if let Some(node) = fields.get("operator_class") {
        part.operator_class = Some(texts(reader, node, "operator_class")?);
    }
    let Some(node) = fields.get("expression") else {
        let name = reader.required_name(&fields, "the field")?;
        part.name = name.value;
        return Some(Spanned { value: part, span: name.span });
    };
    if let Some(name) = fields.get("name") {
        let message = "a field of an index is a field or an expression, not both";
        let help = "remove `name` or `expression`";
        reader.wrong_help(message, &name.range, "it is an expression as well", help);
        return None;
    }
    part.expression = Some(texts(reader, node, "expression")?);
    Some(Spanned { value: part, span: reader.span(&node.range) })
}

/// A text, or one for each database.
pub(in super::super) fn texts(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    key: &str,
) -> Option<PerDatabase> {
    let key = format!("`{key}`");
    let mut texts = match &node.value {
        Value::Map(_) => default::sql(reader, node, &key)?,
        _ => PerDatabase::all(reader.text(node, &key)?.value),
    };
    texts.each_text(|it| *it = it.trim().to_owned());
    if texts.all_texts().any(str::is_empty) {
        reader.wrong(format!("{key} is empty"), &node.range, "nothing is written");
        return None;
    }
    Some(texts)
}

/// One of two words.
fn word<T>(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    key: &str,
    words: [&str; 2],
    meaning: fn(&str) -> Option<T>,
) -> Option<T> {
    let word = reader.text(node, format_args!("`{key}`"))?;
    let meant = meaning(&word.value);
    if meant.is_none() {
        let message = format!("`{key}` can't be `{}`", word.value);
        let help = format!("write `{}` or `{}`", words[0], words[1]);
        reader.wrong_help(message, &node.range, "this word is not known", help);
    }
    meant
}

fn direction(word: &str) -> Option<Direction> {
    match word.to_lowercase().as_str() {
        "asc" | "ascending" => Some(Direction::Ascending),
        "desc" | "descending" => Some(Direction::Descending),
        _ => None,
    }
}

fn nulls(word: &str) -> Option<Nulls> {
    match word.to_lowercase().as_str() {
        "first" => Some(Nulls::First),
        "last" => Some(Nulls::Last),
        _ => None,
    }
}

/// The indexes of a table, where its fields are known.
pub(in super::super) fn indexes(
    table: &DraftTable,
    declared: &mut Declared,
    found: &mut Vec<Diagnostic>,
) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::with_capacity(table.indexes.len());
    for draft in &table.indexes {
        let name = &draft.name.value;
        let place = Place::Index(table.name.value.clone(), name.clone());
        if !is_first(place, ["index", "indexes"], table, &draft.name, declared, found) {
            continue;
        }
        if let Some(from) = &draft.renamed_from {
            declared.renames.push(Rename {
                what: Place::Index(table.name.value.clone(), name.clone()),
                from: from.value.clone(),
                span: from.span.clone(),
            });
        }
        let mut columns: Vec<IndexColumn> = Vec::with_capacity(draft.columns.len());
        let mut seen: Vec<&str> = Vec::new();
        for column in &draft.columns {
            if column.value.expression.is_none()
                && !is_new(table, name, &column.value.name, &column.span, &mut seen, found)
            {
                continue;
            }
            columns.push(column.value.clone());
        }
        for column in &draft.include {
            is_new(table, name, &column.value, &column.span, &mut seen, found);
        }
        indexes.push(draft.index(columns));
    }
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    indexes
}

/// Whether the table has this column and the index hasn't had it yet.
fn is_new<'d>(
    table: &DraftTable,
    index: &str,
    column: &'d str,
    span: &Span,
    seen: &mut Vec<&'d str>,
    found: &mut Vec<Diagnostic>,
) -> bool {
    let named = Spanned { value: column.to_owned(), span: span.clone() };
    if !has_column(table, &named, found) {
        return false;
    }
    if seen.contains(&column) {
        let message = format!("index `{index}` has `{column}` twice");
        let diagnostic =
            Diagnostic::error(message).at(named.span, "it is listed again here").help("remove it");
        found.push(diagnostic);
        return false;
    }
    seen.push(column);
    true
}
