//! What the files say, table by table, before one looks at what belongs together.

mod index;

use std::{collections::BTreeMap, sync::Arc};

use whimbrel_migration::Of;

use self::index::index;
pub(super) use self::index::{DraftIndex, indexes, texts};
use super::{
    check::{self, DraftCheck},
    collation, comment, databases,
    default::{self, DraftDefault},
    enums::{self, DraftEnum},
    fields::{Fields, Reader, Spanned},
    generated, identity, include,
    mappings::{self, Mappings},
    namespaces,
    options::{self, DraftOption},
    routines::{self, DraftRoutine},
    tree::{Node, Value},
    types::{self, FieldType},
    unique::{self, DraftUnique},
    views::{self, DraftView},
};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span, did_you_mean},
    schema::{Action, ColumnType, Database, Deferral, Generated, Identity, Name, PerDatabase},
};

/// Everything that all files say.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) tables: Vec<DraftTable>,
    pub(super) enums: Vec<DraftEnum>,
    /// The namespaces that are made, in the order of the files.
    pub(super) namespaces: Vec<String>,
    pub(super) views: Vec<DraftView>,
    pub(super) routines: Vec<DraftRoutine>,
    pub(super) defaults: BTreeMap<String, DraftNamed>,
    /// What the databases keep types as.
    pub(super) mappings: Mappings,
    /// Whether some table could not be read, so that a missing table may be it.
    pub(super) tables_partial: bool,
    /// Whether some default could not be read, so that a missing default may be it.
    pub(super) defaults_partial: bool,
    /// Whether some enum could not be read, so that a missing enum may be it.
    pub(super) enums_partial: bool,
}

impl Draft {
    /// Remembers that part of a file could not be read, and could say anything.
    pub(super) fn lose(&mut self) {
        self.tables_partial = true;
        self.defaults_partial = true;
        self.enums_partial = true;
    }
}

/// A default that is defined by name, or what databases keep a type as.
#[derive(Debug)]
pub(super) struct DraftNamed {
    pub(super) texts: BTreeMap<Database, Said>,
    pub(super) otherwise: Option<Said>,
    pub(super) span: Span,
}

/// A table, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftTable {
    pub(super) name: Spanned<Name>,
    pub(super) columns: Vec<DraftColumn>,
    pub(super) primary_key: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) foreign_keys: Vec<DraftForeignKey>,
    pub(super) indexes: Vec<DraftIndex>,
    pub(super) uniques: Vec<DraftUnique>,
    pub(super) checks: Vec<DraftCheck>,
    pub(super) many_to_many: Vec<DraftManyToMany>,
    pub(super) comment: Option<Spanned<String>>,
    pub(super) options: Vec<DraftOption>,
    pub(super) renamed_from: Option<Spanned<String>>,
    /// Whether some of its fields could not be read, so that a missing column may be one of them.
    pub(super) partial: bool,
    /// Whether it is the table of pairs that a `many_to_many` field asks for.
    pub(super) junction: bool,
    /// The columns of its primary key, once that is settled.
    pub(super) key: Vec<String>,
    /// The files that speak of it.
    pub(super) files: Vec<Arc<SourceFile>>,
    /// Whether only files speak of it that other files include.
    pub(super) included: bool,
}

impl DraftTable {
    /// A table as yet without anything.
    pub(super) fn new(name: Spanned<Name>) -> Self {
        Self {
            files: vec![name.span.file.clone()],
            name,
            columns: Vec::new(),
            primary_key: None,
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            many_to_many: Vec::new(),
            comment: None,
            options: Vec::new(),
            renamed_from: None,
            partial: false,
            junction: false,
            key: Vec::new(),
            included: false,
        }
    }
}

/// A column, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftColumn {
    pub(super) name: Spanned<String>,
    pub(super) data_type: DraftType,
    /// Where it names its enum.
    pub(super) enumeration: Option<Span>,
    pub(super) primary_key: Option<Span>,
    pub(super) nullable: Option<Spanned<bool>>,
    pub(super) default: Option<Spanned<DraftDefault>>,
    pub(super) auto_create: Option<Span>,
    pub(super) auto_update: Option<Span>,
    pub(super) generated: Option<Box<Spanned<Generated>>>,
    pub(super) collation: Option<Box<Spanned<PerDatabase>>>,
    pub(super) comment: Option<Spanned<String>>,
    pub(super) identity: Option<Box<Spanned<Identity>>>,
    pub(super) options: Vec<DraftOption>,
    pub(super) renamed_from: Option<Box<Spanned<String>>>,
}

/// The type of a column.
#[derive(Debug)]
pub(super) enum DraftType {
    /// It is this one.
    Known(ColumnType),
    /// It is that of the key that the column points at, by its foreign key.
    Key,
    /// It could not be read, and that was said.
    Unknown,
}

/// A foreign key, in the words of its file.
#[derive(Debug)]
pub(super) struct DraftForeignKey {
    pub(super) name: Option<Spanned<String>>,
    pub(super) columns: Vec<Spanned<String>>,
    pub(super) table: Spanned<Name>,
    pub(super) references: Vec<Spanned<String>>,
    pub(super) on_delete: Spanned<Action>,
    pub(super) on_update: Action,
    pub(super) deferral: Deferral,
    pub(super) span: Span,
}

/// A field that becomes a table of pairs.
#[derive(Debug)]
pub(super) struct DraftManyToMany {
    pub(super) field: Spanned<String>,
    pub(super) table: Spanned<Name>,
    pub(super) renamed_from: Option<Spanned<String>>,
}

const ROOT: &[&str] = &[
    "database",
    "defaults",
    "namespaces",
    "enums",
    "tables",
    "views",
    "functions",
    "procedures",
    "triggers",
    "include",
    "type_mappings",
];
const TABLE: &[&str] = &[
    "name",
    "namespace",
    "fields",
    "columns",
    "indexes",
    "primary_key",
    "foreign_keys",
    "uniques",
    "checks",
    "comment",
    "options",
    "renamed_from",
];
const FIELD: &[&str] = &[
    "name",
    "type",
    "primary_key",
    "nullable",
    "default",
    "length",
    "precision",
    "scale",
    "spelled",
    "enum",
    "collation",
    "auto_create",
    "auto_update",
    "generated",
    "identity",
    "foreign_key",
    "many_to_many",
    "unique",
    "check",
    "comment",
    "options",
    "renamed_from",
];
const FOREIGN_KEY: &[&str] = &[
    "name",
    "table",
    "namespace",
    "column",
    "on_delete",
    "on_update",
    "deferrable",
    "initially_deferred",
];
const FOREIGN_KEYS: &[&str] = &[
    "name",
    "fields",
    "columns",
    "table",
    "namespace",
    "references",
    "on_delete",
    "on_update",
    "deferrable",
    "initially_deferred",
];

/// The tables of a file that can be read before the end of the file is known: those that nothing is
/// said against. For the others it may matter what else is written.
pub(super) struct Early<'f> {
    file: &'f Arc<SourceFile>,
    /// Whether another file includes the file.
    included: bool,
    tables: Vec<DraftTable>,
    /// How many of them stand before each table that waits in the tree.
    waiting: Vec<usize>,
    /// The words for types that every file has.
    mappings: Mappings,
}

impl<'f> Early<'f> {
    /// None as yet; `included` files are those that other files include.
    pub(super) fn of(file: &'f Arc<SourceFile>, included: bool) -> Self {
        let (tables, waiting) = (Vec::new(), Vec::new());
        Self { file, included, tables, waiting, mappings: Mappings::default() }
    }

    /// Reads the next table, unless it has to wait.
    pub(super) fn take(&mut self, node: &Node<'_>) -> bool {
        let mut found = Vec::new();
        let mut reader = Reader { file: self.file, diagnostics: &mut found };
        match table(&mut reader, node, self.included, &self.mappings) {
            Some(table) if found.is_empty() && !table.partial => {
                self.tables.push(table);
                true
            }
            _ => {
                self.waiting.push(self.tables.len());
                false
            }
        }
    }
}

/// Adds what `root` says of types to the draft, which its fields and those of other files may have.
pub(super) fn collect_mappings(
    early: &Early<'_>,
    root: &Node<'_>,
    draft: &mut Draft,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut reader = Reader { file: early.file, diagnostics };
    if let Some(node) = mappings::node_of(root) {
        mappings::collect(&mut reader, node, early.included, &mut draft.mappings);
    }
}

/// Adds what else `root` says to the draft, and the tables that were read before.
pub(super) fn collect(
    early: Early<'_>,
    root: &Node<'_>,
    draft: &mut Draft,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Early { file, included, tables, waiting, .. } = early;
    let mut reader = Reader { file, diagnostics };
    if root.is_null() {
        return;
    }
    let Some(fields) = reader.fields(root, "a schema file", ROOT) else {
        draft.lose();
        return;
    };
    if matches!(&root.value, Value::Map(entries) if fields.len() < entries.len()) {
        draft.lose();
    }
    if let Some(node) = fields.get("include") {
        include::entries_of(&mut reader, node);
    }
    database(&mut reader, &fields);
    if let Some(node) = fields.get("defaults") {
        defaults(&mut reader, node, included, draft);
    }
    namespaces::collect(&mut reader, &fields, &mut draft.namespaces);
    enums::collect(&mut reader, &fields, included, draft);
    views::collect(&mut reader, &fields, included, draft);
    routines::collect(&mut reader, &fields, included, draft);
    let Some(node) = fields.get("tables") else { return };
    draft.tables_partial |= !matches!(&node.value, Value::List(_));
    let nodes = reader.list(node, "`tables`");
    if draft.tables.is_empty() && nodes.is_empty() {
        draft.tables = tables;
        return;
    }
    let mut late = nodes.iter().map(|node| {
        let table = table(&mut reader, node, included, &draft.mappings);
        draft.tables_partial |= table.is_none();
        table
    });
    let mut waiting = waiting.into_iter().peekable();
    for (at, table) in tables.into_iter().enumerate() {
        while waiting.next_if_eq(&at).is_some() {
            draft.tables.extend(late.next().flatten());
        }
        draft.tables.push(table);
    }
    // Those at the end, and a list that something repeats, which was not shown while the file was read.
    draft.tables.extend(late.flatten());
}

/// The name and version of the schema are for people; only their shape is looked at.
fn database(reader: &mut Reader<'_>, fields: &Fields<'_>) {
    let Some(node) = fields.get("database") else { return };
    let known = ["name", "version", "migration_version"];
    let Some(fields) = reader.fields(node, "`database`", &known) else { return };
    for key in known {
        if let Some(node) = fields.get(key) {
            reader.text(node, format_args!("`{key}`"));
        }
    }
}

fn defaults(reader: &mut Reader<'_>, node: &Node<'_>, included: bool, draft: &mut Draft) {
    let Some(entries) = reader.map(node, "`defaults`") else {
        draft.defaults_partial = true;
        return;
    };
    for (key, node) in entries {
        let Ok(database) = databases::key(reader, key, "these defaults would never be used") else {
            draft.defaults_partial = true;
            continue;
        };
        if node.is_null() {
            continue;
        }
        let what = format!("`{}` under `defaults`", key.text);
        let Some(entries) = reader.map(node, &what) else {
            draft.defaults_partial = true;
            continue;
        };
        for (name, node) in entries {
            let text = if node.is_null() {
                Spanned { value: String::new(), span: reader.span(&name.range) }
            } else {
                let what = format!("the default `{}`", name.text);
                let Some(text) = reader.text(node, &what) else {
                    draft.defaults_partial = true;
                    continue;
                };
                text
            };
            let span = reader.span(&name.range);
            let said = Said { text, span, included };
            define(reader, &mut draft.defaults, ("the default", &name.text), database, said);
        }
    }
}

/// What a file says of a default or a type for one database.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) text: Spanned<String>,
    /// Where its name stands.
    pub(super) span: Span,
    /// Whether that file is included by another.
    pub(super) included: bool,
}

/// Of two files the later one has the say, and one of the project's own over an included one. One
/// file that says two things is mistaken.
pub(super) fn define(
    reader: &mut Reader<'_>,
    defined: &mut BTreeMap<String, DraftNamed>,
    (what, name): (&str, &str),
    database: Option<Database>,
    said: Said,
) {
    let named = defined.entry(name.to_owned()).or_insert_with(|| DraftNamed {
        texts: BTreeMap::new(),
        otherwise: None,
        span: said.span.clone(),
    });
    let before = match database {
        Some(database) => named.texts.get(&database),
        None => named.otherwise.as_ref(),
    };
    if let Some(before) = before {
        if said.included && !before.included {
            return;
        }
        let same_file = Arc::ptr_eq(&before.text.span.file, &said.text.span.file);
        if before.text.value != said.text.value && (same_file || said.included == before.included) {
            let message = format!("{what} `{name}` is defined twice");
            let diagnostic = if same_file {
                Diagnostic::error(message).help("keep one of the two")
            } else {
                Diagnostic::warning(message).help("keep one of the two; the later file has the say")
            };
            let diagnostic = diagnostic
                .at(said.text.span.clone(), "as this")
                .and(before.text.span.clone(), "and as this, for the same database");
            reader.diagnostics.push(diagnostic);
        }
    }
    match database {
        Some(database) => drop(named.texts.insert(database, said)),
        None => named.otherwise = Some(said),
    }
}

/// A table's name, with the namespace that stands beside it.
fn qualified(reader: &mut Reader<'_>, fields: &Fields<'_>, name: Spanned<String>) -> Spanned<Name> {
    let namespace = fields.get("namespace").and_then(|it| reader.name(it, "a namespace"));
    let namespace = namespace.map(|it| it.value);
    Spanned { value: Name { namespace, name: name.value }, span: name.span }
}

/// The value of a key that has two names.
pub(super) fn either<'n>(
    reader: &mut Reader<'_>,
    fields: &Fields<'n>,
    key: &'static str,
    other: &'static str,
) -> Option<(&'static str, &'n Node<'n>)> {
    match (fields.get(key), fields.get(other)) {
        (Some(_), Some(_)) => {
            reader.wrong_help(
                format!("`{key}` and `{other}` are two words for one thing"),
                &fields.key(other).unwrap_or_default(),
                "this would be left out",
                format!("put everything under `{key}`"),
            );
            None
        }
        (Some(node), None) => Some((key, node)),
        (None, Some(node)) => Some((other, node)),
        (None, None) => None,
    }
}

fn table(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    included: bool,
    mappings: &Mappings,
) -> Option<DraftTable> {
    let fields = reader.fields(node, "a table", TABLE)?;
    let name = reader.required_name(&fields, "the table");
    let both = fields.get("fields").is_some() && fields.get("columns").is_some();
    let listed = either(reader, &fields, "fields", "columns");
    let unnamed = Spanned { value: Name::new(""), span: reader.span(&fields.range) };
    let mut draft = DraftTable {
        comment: comment::draft(reader, &fields, "the table"),
        options: options::draft(reader, &fields, Of::Table, "the table"),
        renamed_from: renamed_from(reader, &fields),
        partial: both,
        included,
        ..DraftTable::new(unnamed)
    };
    let mut empty = !both;
    if let Some((key, node)) = listed {
        empty &= matches!(&node.value, Value::List(_));
        draft.partial |= !empty;
        if let Value::List(items) = &node.value {
            draft.columns.reserve_exact(items.len());
        }
        for node in reader.list(node, format_args!("`{key}`")) {
            empty = false;
            if field(reader, node, &mut draft, mappings).is_none() {
                draft.partial = true;
            }
        }
    }
    if let Some(name) = &name
        && empty
    {
        let message = format!("table `{}` has no fields", name.value);
        reader.wrong_help(message, &name.span.range, "a table needs one", "add `fields:`");
        draft.partial = true;
    }
    if let Some(node) = fields.get("primary_key") {
        draft.primary_key = Some(Spanned {
            value: names(reader, node, "primary_key"),
            span: reader.span(&fields.key("primary_key").unwrap_or_default()),
        });
    }
    if let Some(node) = fields.get("foreign_keys") {
        let nodes = reader.list(node, "`foreign_keys`");
        draft.foreign_keys.reserve_exact(nodes.len());
        for node in nodes {
            draft.foreign_keys.extend(table_foreign_key(reader, node));
        }
    }
    if let Some(node) = fields.get("indexes") {
        let nodes = reader.list(node, "`indexes`");
        let mut listed = Vec::with_capacity(nodes.len() + draft.indexes.len());
        for node in nodes {
            listed.extend(index(reader, node));
        }
        // Those that fields ask for come behind those that are listed.
        listed.append(&mut draft.indexes);
        draft.indexes = listed;
    }
    draft.uniques = unique::of_table(reader, &fields);
    draft.checks.extend(check::of_table(reader, &fields));
    draft.name = qualified(reader, &fields, name?);
    name_unique_indexes(&mut draft);
    unique::name_all(&mut draft);
    check::name_all(&mut draft);
    Some(draft)
}

/// An index that `unique: true` asked for is named once the table's name is known.
fn name_unique_indexes(draft: &mut DraftTable) {
    for index in &mut draft.indexes {
        if index.name.value.is_empty()
            && let [column] = index.columns.as_slice()
        {
            index.name.value = format!("uq_{}_{}", draft.name.value.name, column.value.name);
        }
    }
}

fn renamed_from(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Spanned<String>> {
    fields.get("renamed_from").and_then(|it| reader.name(it, "what it was before"))
}

/// One name or several.
pub(super) fn names(reader: &mut Reader<'_>, node: &Node<'_>, key: &str) -> Vec<Spanned<String>> {
    match &node.value {
        Value::Scalar(..) => reader.name(node, "a field").into_iter().collect(),
        Value::List(_) | Value::Map(_) => {
            let mut names: Vec<Spanned<String>> = Vec::new();
            for node in reader.list(node, format_args!("`{key}`")) {
                let Some(name) = reader.name(node, "a field") else { continue };
                if names.iter().any(|it| it.value == name.value) {
                    let message = format!("`{}` is there twice", name.value);
                    reader.wrong(message, &name.span.range, "it is listed again here");
                } else {
                    names.push(name);
                }
            }
            names
        }
    }
}

/// Reads a field into the table; `None` where the table now lacks it.
fn field(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    table: &mut DraftTable,
    mappings: &Mappings,
) -> Option<()> {
    let fields = reader.fields(node, "a field", FIELD)?;
    let name = reader.required_name(&fields, "the field");
    let called = name.as_ref().map_or("the field", |it| it.value.as_str());
    let data_type = required_type(reader, &fields, called)
        .and_then(|it| types::read(reader, &fields, &it, called, mappings));
    let nullable = reader.flag(&fields, "nullable").map(|value| Spanned {
        value,
        span: reader.span(&fields.key("nullable").unwrap_or_default()),
    });
    let key_span =
        |reader: &Reader<'_>, key: &str| reader.span(&fields.key(key).unwrap_or_default());
    let primary_key = reader.flag(&fields, "primary_key").unwrap_or(false);
    let auto_create = reader.flag(&fields, "auto_create").unwrap_or(false);
    let unique = reader.flag(&fields, "unique").unwrap_or(false);
    let auto_update = reader.flag(&fields, "auto_update").unwrap_or(false);
    let generated = generated::draft(reader, &fields, called);
    let identity = identity::draft(reader, &fields, called);
    let default = default::draft(reader, &fields);
    let check = check::of_field(reader, &fields, called);
    let collation = collation::draft(reader, &fields);
    let comment = comment::draft(reader, &fields, format_args!("`{called}`"));
    let options = options::draft(reader, &fields, Of::Column, format_args!("`{called}`"));
    let renamed_from = renamed_from(reader, &fields);
    let foreign_key = fields.get("foreign_key").map(|it| foreign_key(reader, it));
    let many_to_many = fields.get("many_to_many").map(|it| many_to_many(reader, it));

    let name = name?;
    let called = name.value.as_str();
    match &data_type {
        Some(FieldType::ManyToMany) => {
            for key in [
                "primary_key",
                "default",
                "nullable",
                "unique",
                "check",
                "foreign_key",
                "generated",
                "collation",
                "comment",
                "identity",
                "options",
                "auto_create",
                "auto_update",
            ] {
                if let Some(range) = fields.key(key) {
                    let message = format!("`{called}` is many_to_many and has no `{key}`");
                    reader.wrong(message, &range, "the field is no column but a table");
                }
            }
            match many_to_many {
                Some(target) => table.many_to_many.extend(target.map(|table| DraftManyToMany {
                    field: name,
                    table,
                    renamed_from,
                })),
                None => block_missing(reader, &name, "many_to_many"),
            }
            return Some(());
        }
        _ if many_to_many.is_some() => reader.wrong_help(
            format!("`{called}` has `many_to_many` and another type"),
            &fields.key("many_to_many").unwrap_or_default(),
            "this would be ignored",
            "write `type: many_to_many`, or remove it",
        ),
        Some(FieldType::ForeignKey) if foreign_key.is_none() => {
            block_missing(reader, &name, "foreign_key");
        }
        _ => {}
    }
    table.checks.extend(check);
    let points = matches!(foreign_key, Some(Some(_)));
    if let Some(Some(mut key)) = foreign_key {
        key.columns = vec![name.clone()];
        table.foreign_keys.reserve_exact(1);
        table.foreign_keys.push(key);
    }
    if unique {
        let span = key_span(reader, "unique");
        let unnamed = Spanned { value: String::new(), span: span.clone() };
        let column = Spanned { value: name.value.clone(), span };
        table.indexes.push(DraftIndex { unique: true, ..DraftIndex::over(unnamed, column) });
    }
    table.columns.push(DraftColumn {
        data_type: match data_type {
            Some(FieldType::Known(it)) => DraftType::Known(it),
            Some(FieldType::ForeignKey) if points => DraftType::Key,
            Some(FieldType::ForeignKey | FieldType::ManyToMany) | None => DraftType::Unknown,
        },
        enumeration: enums::place_of_field(reader, &fields),
        primary_key: primary_key.then(|| key_span(reader, "primary_key")),
        nullable,
        default,
        auto_create: auto_create.then(|| key_span(reader, "auto_create")),
        auto_update: auto_update.then(|| key_span(reader, "auto_update")),
        generated: generated.map(Box::new),
        collation: collation.map(Box::new),
        comment,
        identity: identity.map(Box::new),
        options,
        renamed_from: renamed_from.map(Box::new),
        name,
    });
    Some(())
}

/// The type that a field must have; where one of its keys goes with one type alone, that is the advice.
fn required_type(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    called: &str,
) -> Option<Spanned<String>> {
    let told = ["enum", "foreign_key", "many_to_many"];
    match told.into_iter().find(|it| fields.written(it).is_some()) {
        Some(data_type) if fields.written("type").is_none() => {
            let help = format!("add `type: {data_type}`");
            let message = format!("`{called}` has no `type`");
            reader.wrong_help(message, &fields.range, "it begins here", help);
            None
        }
        _ => reader.required(fields, "type", format_args!("`{called}`")),
    }
}

fn block_missing(reader: &mut Reader<'_>, name: &Spanned<String>, key: &str) {
    reader.wrong_help(
        format!("`{}` does not say which table it points at", name.value),
        &name.span.range,
        &format!("it is a {key}"),
        format!("add `{key}:` with `table:` in it"),
    );
}

fn many_to_many(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Spanned<Name>> {
    let fields = reader.fields(node, "`many_to_many`", &["table", "namespace"])?;
    target(reader, &fields, "`many_to_many`")
}

/// The table that a block points at.
fn target(reader: &mut Reader<'_>, fields: &Fields<'_>, what: &str) -> Option<Spanned<Name>> {
    let name = reader.required(fields, "table", what);
    name.map(|it| qualified(reader, fields, it))
}

fn foreign_key(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<DraftForeignKey> {
    let fields = reader.fields(node, "`foreign_key`", FOREIGN_KEY)?;
    let references = fields.get("column").and_then(|it| reader.name(it, "a field"));
    foreign_key_of(reader, &fields, Vec::new(), references.into_iter().collect())
}

fn table_foreign_key(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<DraftForeignKey> {
    let fields = reader.fields(node, "a foreign key", FOREIGN_KEYS)?;
    let listed = either(reader, &fields, "fields", "columns");
    let columns = listed.map(|(key, node)| names(reader, node, key));
    if columns.is_none() && fields.get("fields").is_none() && fields.get("columns").is_none() {
        let message = "the foreign key has no `fields`";
        reader.wrong_help(message, &fields.range, "it begins here", "add `fields: [...]`");
    }
    let references =
        fields.get("references").map(|it| names(reader, it, "references")).unwrap_or_default();
    let key = foreign_key_of(reader, &fields, columns.clone().unwrap_or_default(), references);
    key.filter(|_| columns.is_some_and(|it| !it.is_empty()))
}

fn foreign_key_of(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    columns: Vec<Spanned<String>>,
    references: Vec<Spanned<String>>,
) -> Option<DraftForeignKey> {
    let name = fields.get("name").and_then(|it| reader.name(it, "the foreign key"));
    let on_delete = action(reader, fields, "on_delete");
    let on_update = action(reader, fields, "on_update");
    let deferral = deferral(reader, fields);
    let table = target(reader, fields, "the foreign key")?;
    let span = table.span.clone();
    // A row that is pointed at stays, unless the file says otherwise.
    let on_delete = on_delete.unwrap_or(Spanned { value: Action::Restrict, span: span.clone() });
    let on_update = on_update.map_or(Action::NoAction, |it| it.value);
    Some(DraftForeignKey { name, columns, table, references, on_delete, on_update, deferral, span })
}

/// `deferrable`, and `initially_deferred`, which is deferrable by itself.
pub(super) fn deferral(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Deferral {
    let allowed = reader.flag(fields, "deferrable");
    let deferred = reader.flag(fields, "initially_deferred").unwrap_or(false);
    if allowed == Some(false) && deferred {
        reader.wrong_help(
            "what is `initially_deferred` is deferrable",
            &fields.key("deferrable").unwrap_or_default(),
            "this says that it is not",
            "remove one of the two",
        );
    }
    match (deferred, allowed) {
        (true, _) => Deferral::Deferred,
        (false, Some(true)) => Deferral::Allowed,
        (false, _) => Deferral::Never,
    }
}

/// The words for actions, in capitals and with underscores.
const ACTIONS: &[(&str, Action)] = &[
    ("CASCADE", Action::Cascade),
    ("RESTRICT", Action::Restrict),
    ("PROTECT", Action::Restrict),
    ("SET_NULL", Action::SetNull),
    ("SET_DEFAULT", Action::SetDefault),
    ("DO_NOTHING", Action::NoAction),
    ("NO_ACTION", Action::NoAction),
];

/// The word that is printed for an action.
pub(super) fn action_word(action: Action) -> &'static str {
    ACTIONS.iter().find(|(_, it)| *it == action).map_or("NO_ACTION", |(word, _)| word)
}

fn action(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Spanned<Action>> {
    let word = reader.text(fields.get(key)?, format_args!("`{key}`"))?;
    let upper = word.value.trim().to_uppercase().replace([' ', '-'], "_");
    if let Some((_, value)) = ACTIONS.iter().find(|(it, _)| *it == upper) {
        return Some(Spanned { value: *value, span: word.span });
    }
    let words: Vec<&str> = ACTIONS.iter().map(|(it, _)| *it).collect();
    let help = match did_you_mean(&upper, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the words are {}", super::fields::list(&words)),
    };
    let message = format!("`{key}` can't be `{}`", word.value);
    reader.wrong_help(message, &word.span.range, "this word is not known", help);
    None
}
