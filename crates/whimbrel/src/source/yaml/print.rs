//! A schema as a schema file: the text that reads back as the same schema, one way to write each.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    check, comment, databases, default, draft, enums, format, identity, namespaces, options,
    routines, tree, types, unique, views,
};
use crate::diagnostic::SourceFile;
use crate::schema::{
    Action, Database, DefaultValue, Deferral, Direction, ForeignKey, Index, IndexColumn, Name,
    NamedColumn, Nulls, PerDatabase, Schema, Table, foreign_key_name,
};

/// Writes `schema` as a schema file.
///
/// Fields stand in their own order, everything else in the order of its name.
pub fn print(schema: &Schema) -> String {
    let mut out = String::new();
    defaults(&mut out, schema);
    namespaces::print_list(&mut out, schema);
    enums::print_list(&mut out, schema);
    out.push_str(if schema.tables().len() == 0 { "tables: []\n" } else { "tables:\n" });
    for (position, table) in schema.tables().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        print_table(&mut out, schema, table);
    }
    views::print_list(&mut out, schema);
    routines::print_lists(&mut out, schema);
    // What is wide in braces gets lines of its own.
    format(&SourceFile::new("schema.yaml", out.as_str())).unwrap_or(out)
}

/// Appends a line.
macro_rules! line {
    ($out:expr, $($text:tt)*) => {
        // Writing to a string can't fail.
        let _ = writeln!($out, $($text)*);
    };
}

fn defaults(out: &mut String, schema: &Schema) {
    if schema.defaults.is_empty() {
        return;
    }
    let mut by_database: BTreeMap<Option<Database>, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, default) in &schema.defaults {
        for (database, text) in &default.texts {
            by_database.entry(Some(*database)).or_default().push((name, text));
        }
        if let Some(text) = &default.otherwise {
            by_database.entry(None).or_default().push((name, text));
        }
    }
    let otherwise = by_database.remove(&None);
    let named =
        by_database.into_iter().filter_map(|(it, texts)| Some((databases::name(it?)?, texts)));
    let all = named.chain(otherwise.map(|it| (databases::OTHERWISE, it)));
    out.push_str("defaults:\n");
    for (database, texts) in all {
        line!(out, "  {database}:");
        for (name, text) in texts {
            line!(out, "    {}: {}", word(name), word(text));
        }
    }
    out.push('\n');
}

fn print_table(out: &mut String, schema: &Schema, table: &Table) {
    line!(out, "  - name: {}", word(&table.name.name));
    if let Some(namespace) = &table.name.namespace {
        line!(out, "    namespace: {}", word(namespace));
    }
    comment::write(out, "    ", table.comment.as_ref());
    options::write(out, "    ", &table.options);
    let (inline, listed) = split_keys(table);
    let flagged: Vec<&str> = table
        .columns
        .iter()
        .map(|it| it.name.as_str())
        .filter(|it| table.primary_key.iter().any(|key| key == it))
        .collect();
    let by_fields = flagged == table.primary_key;
    if !by_fields {
        line!(out, "    primary_key: {}", words(&table.primary_key));
    }
    line!(out, "    fields:");
    for column in &table.columns {
        let in_key = table.primary_key.contains(&column.name);
        let key = inline.iter().copied().find(|it| it.columns == [column.name.as_str()]);
        print_field(out, schema, column, in_key, by_fields, (&table.name, key));
        check::print_field(out, table, &column.name);
    }
    if !listed.is_empty() {
        line!(out, "    foreign_keys:");
    }
    for key in listed {
        print_foreign_key(out, &table.name, key);
    }
    if !table.indexes.is_empty() {
        line!(out, "    indexes:");
    }
    for index in &table.indexes {
        print_index(out, index);
    }
    unique::print(out, table);
    check::print_table(out, table);
}

/// The foreign keys that stand with their field: for each field the first that is its alone.
/// The others are listed.
fn split_keys(table: &Table) -> (Vec<&ForeignKey>, Vec<&ForeignKey>) {
    let (mut inline, mut listed): (Vec<&ForeignKey>, Vec<&ForeignKey>) = (vec![], vec![]);
    for key in &table.foreign_keys {
        let alone = key.columns.len() == 1 && key.references.len() <= 1;
        if alone && inline.iter().all(|it| it.columns != key.columns) {
            inline.push(key);
        } else {
            listed.push(key);
        }
    }
    (inline, listed)
}

fn print_field(
    out: &mut String,
    schema: &Schema,
    named: &NamedColumn,
    in_key: bool,
    key_by_fields: bool,
    (table, key): (&Name, Option<&ForeignKey>),
) {
    let column = &named.column;
    let (type_word, numbers) = types::word(&column.data_type);
    line!(out, "      - name: {}", word(&named.name));
    line!(out, "        type: {type_word}");
    for (name, number) in numbers {
        line!(out, "        {name}: {number}");
    }
    enums::print_field(out, &column.data_type);
    if let Some(spelled) = types::spelled(&column.data_type) {
        line!(out, "        spelled: {}", print_sql(&spelled));
    }
    if let Some(collation) = &column.collation {
        line!(out, "        collation: {}", print_sql(collation));
    }
    if in_key && key_by_fields {
        line!(out, "        primary_key: true");
    }
    if !in_key && column.nullable == column.is_numbered() {
        line!(out, "        nullable: {}", column.nullable);
    }
    if let Some(value) = &column.default {
        line!(out, "        default: {}", print_default(schema, column, value));
    }
    if let Some(generated) = &column.generated {
        line!(out, "        generated:");
        line!(out, "          as: {}", print_sql(&generated.expression));
        if generated.stored {
            line!(out, "          stored: true");
        }
    }
    if let Some(it) = &column.identity {
        identity::print(out, it);
    }
    if column.auto_update {
        line!(out, "        auto_update: true");
    }
    comment::write(out, "        ", column.comment.as_ref());
    options::write(out, "        ", &column.options);
    if let Some(key) = key {
        line!(out, "        foreign_key:");
        print_target(out, table, key);
        if let [column] = key.references.as_slice() {
            line!(out, "          column: {}", word(column));
        }
        print_actions(out, "          ", key);
    }
}

fn print_target(out: &mut String, table: &Name, key: &ForeignKey) {
    let indent = "          ";
    if key.name != foreign_key_name(table, &key.columns) {
        line!(out, "{indent}name: {}", word(&key.name));
    }
    line!(out, "{indent}table: {}", word(&key.table.name));
    if let Some(namespace) = &key.table.namespace {
        line!(out, "{indent}namespace: {}", word(namespace));
    }
}

fn print_actions(out: &mut String, indent: &str, key: &ForeignKey) {
    line!(out, "{indent}on_delete: {}", draft::action_word(key.on_delete));
    if key.on_update != Action::NoAction {
        line!(out, "{indent}on_update: {}", draft::action_word(key.on_update));
    }
    let deferral = match key.deferral {
        Deferral::Never => return,
        Deferral::Allowed => "deferrable",
        Deferral::Deferred => "initially_deferred",
    };
    line!(out, "{indent}{deferral}: true");
}

fn print_foreign_key(out: &mut String, table: &Name, key: &ForeignKey) {
    line!(out, "      - fields: {}", words(&key.columns));
    let mut target = String::new();
    print_target(&mut target, table, key);
    // The keys of a list's entry stand two columns further left than those of a field's block.
    for text in target.lines() {
        line!(out, "        {}", text.trim_start());
    }
    if !key.references.is_empty() {
        line!(out, "        references: {}", words(&key.references));
    }
    print_actions(out, "        ", key);
}

fn print_index(out: &mut String, index: &Index) {
    line!(out, "      - name: {}", word(&index.name));
    let columns: Vec<String> = index.columns.iter().map(index_column).collect();
    line!(out, "        fields: [{}]", columns.join(", "));
    if index.unique {
        line!(out, "        unique: true");
    }
    if index.nulls_not_distinct {
        line!(out, "        nulls_not_distinct: true");
    }
    if let Some(method) = &index.method {
        line!(out, "        method: {}", word(method));
    }
    if !index.include.is_empty() {
        line!(out, "        include: {}", words(&index.include));
    }
    if let Some(filter) = &index.filter {
        line!(out, "        where: {}", word(filter));
    }
}

/// `email`, `{name: email, order: desc}` or `{expression: lower(email)}`.
fn index_column(column: &IndexColumn) -> String {
    if *column == IndexColumn::new(&column.name) && !splits(&column.name) {
        return word(&column.name);
    }
    let mut said = vec![match &column.expression {
        Some(it) => format!("expression: {}", print_sql(it)),
        None => format!("name: {}", word(&column.name)),
    }];
    match column.direction {
        Direction::Descending => said.push("order: desc".to_owned()),
        Direction::Ascending if splits(&column.name) => said.push("order: asc".to_owned()),
        Direction::Ascending => {}
    }
    match column.nulls {
        Some(Nulls::First) => said.push("nulls: first".to_owned()),
        Some(Nulls::Last) => said.push("nulls: last".to_owned()),
        None => {}
    }
    said.extend(column.prefix.map(|it| format!("prefix: {it}")));
    said.extend(column.collation.as_ref().map(|it| format!("collation: {}", print_sql(it))));
    let class = column.operator_class.as_ref();
    said.extend(class.map(|it| format!("operator_class: {}", print_sql(it))));
    format!("{{{}}}", said.join(", "))
}

/// Whether a column's name would be read as a name and an order.
fn splits(name: &str) -> bool {
    name.contains(' ')
}

/// The shortest way of writing a default that is read as `value`.
fn print_default(schema: &Schema, column: &crate::schema::Column, value: &DefaultValue) -> String {
    let means = |text: &str, plain: bool| {
        let draft = default::DraftDefault::Word(text.to_owned(), plain);
        let meaning =
            default::meaning(&draft, &column.data_type, |it| schema.defaults.contains_key(it));
        meaning.is_ok_and(|it| it.as_ref() == Some(value))
    };
    let short = match value {
        DefaultValue::Text(text) | DefaultValue::Named(text) => vec![text.clone()],
        DefaultValue::Integer(number) => vec![number.to_string()],
        DefaultValue::Boolean(value) => vec![value.to_string()],
        DefaultValue::Sql(sql) => {
            let alone = sql.otherwise.clone().filter(|_| sql.texts.is_empty());
            alone.into_iter().collect()
        }
        DefaultValue::Now => vec!["now".to_owned()],
        DefaultValue::NewUuid => vec!["new_uuid".to_owned()],
        _ => vec![],
    };
    let quoted = match value {
        DefaultValue::Text(text) => Some(format!("'{}'", text.replace('\'', "''"))),
        _ => None,
    };
    for text in short.iter().chain(&quoted) {
        let printed = scalar(text, true);
        if means(text, !printed.starts_with('"')) {
            return printed;
        }
    }
    said(value)
}

/// A default that says what it is.
fn said(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Text(text) => format!("{{text: {}}}", word(text)),
        DefaultValue::Integer(number) => format!("{{integer: {number}}}"),
        DefaultValue::Boolean(value) => format!("{{boolean: {value}}}"),
        DefaultValue::Named(name) => format!("{{named: {}}}", word(name)),
        DefaultValue::Sql(sql) => format!("{{sql: {}}}", print_sql(sql)),
        DefaultValue::Now => "{builtin: now}".into(),
        // The last of them; a further one would be added here with its word.
        _ => "{builtin: new_uuid}".into(),
    }
}

pub(super) fn print_sql(sql: &PerDatabase) -> String {
    if let (true, Some(text)) = (sql.texts.is_empty(), &sql.otherwise) {
        return word(text);
    }
    let named = sql.texts.iter().filter_map(|(it, text)| Some((databases::name(*it)?, text)));
    let all = named.chain(sql.otherwise.as_ref().map(|it| (databases::OTHERWISE, it)));
    let texts: Vec<String> = all.map(|(name, text)| format!("{name}: {}", word(text))).collect();
    format!("{{{}}}", texts.join(", "))
}

/// A list of names on one line.
pub(super) fn words(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|it| word(it)).collect();
    format!("[{}]", names.join(", "))
}

/// A text as YAML, with quotes where it needs them.
pub(super) fn word(text: &str) -> String {
    scalar(text, false)
}

/// The words that a YAML reader of one version or another takes for something else.
const RESERVED: [&str; 12] =
    ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity"];

fn scalar(text: &str, numbers: bool) -> String {
    if is_plain(text, numbers) { text.to_owned() } else { quoted(text) }
}

/// Whether a text means itself everywhere in a YAML file.
fn is_plain(text: &str, numbers: bool) -> bool {
    let number = text.parse::<f64>().is_ok();
    if number {
        let digits = |it: char| it.is_ascii_digit() || "-.".contains(it);
        return numbers && text.chars().all(digits);
    }
    if numbers && matches!(text, "true" | "false") {
        return true;
    }
    let first = |it: char| it.is_ascii_alphabetic() || it == '_' || it == '(';
    let inside = |it: char| it.is_ascii_alphanumeric() || "_ .()/-+*=<>".contains(it);
    text.starts_with(first)
        && text.chars().all(inside)
        && !text.ends_with(' ')
        && !tree::is_null(text)
        && !RESERVED.iter().any(|it| it.eq_ignore_ascii_case(text))
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(character),
            _ if character.is_alphanumeric() => out.push(character),
            _ => {
                let _ = match u32::from(character) {
                    code @ 0..=0xff => write!(out, "\\x{code:02x}"),
                    code @ 0..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}
