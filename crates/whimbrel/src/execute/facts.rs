//! A schema as a list of plain facts, so that what was expected and what is there are compared
//! thing by thing and told in words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::Target;
use crate::{
    dialect::{Dialect, Enums},
    migration::checksum,
    schema::{
        Action, ColumnType, DefaultValue, Deferral, Direction, ForeignKey, Found, Index,
        IndexColumn, MATERIALIZED_VIEW, Name, NamedColumn, Nulls, Opaque, PerDatabase, RoutineName,
        Schema, Unique, VIEW,
    },
    sql,
};

/// Something that a database has: a table, a part of one, or what stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Thing {
    /// The table that it belongs to; a table belongs to itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Name>,
    /// What it is, in the user's words: "table", "column", "index", "view".
    pub kind: String,
    /// Its name; empty for what a table has one of, as its primary key.
    pub name: String,
}

/// What is to be said of a thing, by what it is about: `type`, `nullable`, `definition`.
pub type Properties = BTreeMap<String, String>;

/// Everything that is to be said of a database.
pub(super) type Facts = BTreeMap<Thing, Properties>;

/// The kind of a namespace; one that no migration makes is nobody's business.
const NAMESPACE: &str = "namespace";

/// The kind of a table; without it nothing that belongs to it is worth a word.
const TABLE: &str = "table";

impl Thing {
    /// Whether it is a table, or a part of one.
    pub(super) fn is_of(&self, table: &Name) -> bool {
        self.table.as_ref() == Some(table)
    }

    pub(super) fn of_table(table: &Name, kind: &str, name: &str) -> Self {
        Self { table: Some(table.clone()), kind: kind.to_owned(), name: name.to_owned() }
    }

    pub(super) fn table(name: &Name) -> Self {
        Self::of_table(name, TABLE, &name.name)
    }

    pub(super) fn view(name: &Name, materialized: bool) -> Self {
        let kind = if materialized { MATERIALIZED_VIEW } else { VIEW };
        Self { table: None, kind: kind.to_owned(), name: name.to_string() }
    }

    pub(super) fn routine(name: &RoutineName) -> Self {
        let called = match name {
            RoutineName::Function(it) | RoutineName::Procedure(it) => it.to_string(),
            RoutineName::Trigger(_, it) => it.clone(),
        };
        Self { table: name.table().cloned(), kind: name.kind().to_owned(), name: called }
    }

    fn opaque(opaque: &Opaque) -> Self {
        let name = match &opaque.table {
            Some(_) => opaque.name.name.clone(),
            None => opaque.name.to_string(),
        };
        Self { table: opaque.table.clone(), kind: opaque.kind.clone(), name }
    }

    /// Whether it is a view.
    pub fn is_view(&self) -> bool {
        self.table.is_none() && (self.kind == VIEW || self.kind == MATERIALIZED_VIEW)
    }

    /// Whether it is a text that databases keep: a view, a trigger, a function or a procedure.
    pub fn is_kept_as_text(&self) -> bool {
        let kind = self.kind.as_str();
        self.is_view()
            || (self.table.is_none() && (kind == "function" || kind == "procedure"))
            || (self.table.is_some() && kind == "trigger")
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.kind == TABLE
    }
}

impl fmt::Display for Thing {
    /// "column `email` of `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            Some(table) if self.is_table() => write!(f, "table `{table}`"),
            Some(table) if self.name.is_empty() => write!(f, "{} of `{table}`", self.kind),
            Some(table) => write!(f, "{} `{}` of `{table}`", self.kind, self.name),
            None => write!(f, "{} `{}`", self.kind, self.name),
        }
    }
}

/// A thing that is not as it was expected to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The thing.
    pub thing: Thing,
    /// What is to be said of it by what ran here; `None` where it should not be there.
    pub expected: Option<Properties>,
    /// What is to be said of it in the database; `None` where it is not there.
    pub found: Option<Properties>,
}

impl Difference {
    /// Whether the thing is there and nothing that ran here has made it.
    pub fn is_unexpected(&self) -> bool {
        self.expected.is_none()
    }

    /// Whether only the database has something to say: what it has made of a view's query, or the
    /// collation of a table of which the migrations say none, as of one that was made by hand.
    pub(super) fn is_beyond_comparing(&self) -> bool {
        let (Some(expected), Some(found)) = (&self.expected, &self.found) else { return false };
        if self.thing.is_kept_as_text() {
            return expected.is_empty();
        }
        let mut said = found.clone();
        self.thing.is_table() && said.remove(COLLATION).is_some() && said == *expected
    }

    /// The difference in words, a line each.
    pub fn words(&self) -> Vec<String> {
        let thing = &self.thing;
        let (expected, found) = match (&self.expected, &self.found) {
            (None, None) => return Vec::new(),
            (Some(expected), None) => {
                return vec![with(format!("{thing} is missing"), "expected", expected)];
            }
            (None, Some(found)) => {
                let text = format!("{thing} is there, and nothing that ran here made it");
                return vec![with(text, "found", found)];
            }
            (Some(expected), Some(found)) => (expected, found),
        };
        let properties: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
        let differ = properties.into_iter().filter(|it| expected.get(*it) != found.get(*it));
        differ
            .map(|it| format!("{thing}: {}", changed(it, expected.get(it), found.get(it))))
            .collect()
    }
}

fn with(text: String, word: &str, properties: &Properties) -> String {
    if properties.is_empty() {
        return text;
    }
    let on_a_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: Vec<String> =
        properties.iter().map(|(name, it)| format!("{name} {}", on_a_line(it))).collect();
    format!("{text} ({word}: {})", said.join(", "))
}

fn changed(property: &str, expected: Option<&String>, found: Option<&String>) -> String {
    let expected = expected.map_or("none", String::as_str);
    let found = found.map_or("none", String::as_str);
    if expected.contains('\n') || found.contains('\n') {
        format!("{property} is\n    {}\n  expected\n    {}", indented(found), indented(expected))
    } else {
        format!("{property} is `{found}`, expected `{expected}`")
    }
}

fn indented(text: &str) -> String {
    text.trim().replace('\n', "\n    ")
}

/// What is to be said of this database if it has this schema.
pub(super) fn expected(target: &Target<'_>, schema: &Schema, namespace: &str) -> Facts {
    if !target.connection.server().lowers_tables {
        return of_schema(target.dialect, schema, namespace);
    }
    let lowered = sql::lowered(&sql::normal(target.dialect, schema, namespace));
    of_schema(target.dialect, &lowered, namespace)
}

/// What is to be said of a database that has this schema.
pub(super) fn of_schema(dialect: &Dialect, schema: &Schema, namespace: &str) -> Facts {
    let mut facts = Facts::new();
    let normal = sql::normal(dialect, schema, namespace);
    for name in &normal.namespaces {
        let thing = Thing { table: None, kind: NAMESPACE.to_owned(), name: name.clone() };
        facts.insert(thing, Properties::new());
    }
    for (name, values) in &normal.enums {
        let thing = Thing { table: None, kind: "enum".to_owned(), name: name.to_string() };
        facts.insert(thing, [("values".to_owned(), said(values))].into());
    }
    for view in normal.views.values() {
        let query = view.query.otherwise.as_deref().map(shortened);
        let query = query.into_iter().map(|it| ("definition".to_owned(), it));
        facts.insert(Thing::view(&view.name, view.materialized), query.collect());
    }
    for routine in normal.routines.values() {
        let text = routine.definition.otherwise.as_deref().map(shortened);
        let text = text.into_iter().map(|it| ("definition".to_owned(), it));
        facts.insert(Thing::routine(&routine.name), text.collect());
    }
    for table in normal.tables() {
        let comment = table.comment.iter().map(|it| ("comment".to_owned(), shortened(it)));
        let options = table.options.iter().map(|(_, name, it)| (name.to_owned(), it.to_string()));
        facts.insert(Thing::table(&table.name), comment.chain(options).collect());
        for column in &table.columns {
            let thing = Thing::of_table(&table.name, "column", &column.name);
            facts.insert(thing, column_properties(dialect, column));
        }
        if !table.primary_key.is_empty() {
            let columns = ("columns".to_owned(), table.primary_key.join(", "));
            facts.insert(Thing::of_table(&table.name, "primary key", ""), [columns].into());
        }
        for index in &table.indexes {
            let thing = Thing::of_table(&table.name, "index", &index.name);
            facts.insert(thing, index_properties(index));
        }
        for key in &table.foreign_keys {
            let thing = Thing::of_table(&table.name, "foreign key", &key.name);
            facts.insert(thing, key_properties(key));
        }
        for unique in &table.uniques {
            let thing = Thing::of_table(&table.name, "unique constraint", &unique.name);
            facts.insert(thing, unique_properties(unique));
        }
        for check in &table.checks {
            let condition = check.condition.otherwise.as_deref().map(shortened).unwrap_or_default();
            let thing = Thing::of_table(&table.name, "check", &check.name);
            facts.insert(thing, [("condition".to_owned(), condition)].into());
        }
    }
    facts
}

/// What is to be said of what was found.
pub(super) fn of_found(dialect: &Dialect, found: &Found, namespace: &str) -> Facts {
    let mut facts = of_schema(dialect, &found.schema, namespace);
    // What the schema's own words say all of is no text of the database's.
    let kept = found.kept.iter().filter(|it| match it.kind.as_str() {
        "trigger" => !dialect.routines.triggers_as_written,
        "function" | "procedure" => true,
        _ => !dialect.views.as_written,
    });
    for opaque in found.opaque.iter().chain(kept) {
        let text = shortened(&opaque.definition);
        let properties = facts.entry(Thing::opaque(opaque)).or_default();
        // Two checks of one column have one name.
        let definition = properties.entry("definition".to_owned()).or_default();
        if !definition.is_empty() {
            definition.push('\n');
        }
        definition.push_str(&text);
    }
    facts
}

/// The option of tables that they have from their database where nothing is said.
const COLLATION: &str = "collation";

/// The longest definition that is kept and shown whole.
const LONGEST: usize = 4_000;

/// A text of any length is told from another by its digest.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let begins: String = text.chars().take(200).collect();
    format!("{begins} … ({} bytes, {})", text.len(), checksum::raw(text.as_bytes()))
}

fn column_properties(dialect: &Dialect, named: &NamedColumn) -> Properties {
    let column = &named.column;
    let data_type = dialect.type_text(&column.data_type);
    let data_type = data_type.unwrap_or_else(|_| format!("{:?}", column.data_type));
    let data_type = (dialect.looking.type_name)(&data_type).to_lowercase();
    let own = match &column.data_type {
        ColumnType::Enum { values, .. } if dialect.types.enums != Enums::Types => Some(values),
        _ => None,
    };
    let mut properties = Properties::from([
        ("type".to_owned(), if own.is_some() { "enum".to_owned() } else { data_type }),
        ("nullable".to_owned(), if column.nullable { "yes" } else { "no" }.to_owned()),
    ]);
    properties.extend(own.map(|it| ("values".to_owned(), said(it))));
    if let Some(DefaultValue::Sql(text)) = &column.default {
        properties.insert("default".to_owned(), text.otherwise.clone().unwrap_or_default());
    }
    if let Some(generated) = &column.generated {
        let word = if generated.stored { "stored" } else { "virtual" };
        let text = generated.expression.otherwise.clone().unwrap_or_default();
        properties.insert("generated".to_owned(), format!("{word} as {text}"));
    }
    if let Some(it) = sql::catalog_identity(dialect, column).filter(|_| column.is_numbered()) {
        properties.insert("numbered".to_owned(), it.to_lowercase());
    }
    if column.auto_update {
        properties.insert("auto update".to_owned(), "yes".to_owned());
    }
    let collation = column.collation.as_ref().and_then(|it| it.otherwise.clone());
    properties.extend(collation.map(|it| ("collation".to_owned(), it)));
    properties.extend(column.comment.iter().map(|it| ("comment".to_owned(), shortened(it))));
    let options = column.options.iter();
    properties.extend(options.map(|(_, name, it)| (name.to_owned(), it.to_string())));
    properties
}

/// The values of an enum: `'new', 'paid'`.
fn said(values: &[String]) -> String {
    values.iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
}

fn index_properties(index: &Index) -> Properties {
    let columns = index.columns.iter().map(part);
    let mut properties = Properties::from([
        ("columns".to_owned(), columns.collect::<Vec<_>>().join(", ")),
        ("unique".to_owned(), if index.unique { "yes" } else { "no" }.to_owned()),
    ]);
    let method = index.method.iter().map(|it| ("method".to_owned(), it.clone()));
    let filter = index.filter.iter().map(|it| ("where".to_owned(), it.clone()));
    properties.extend(method.chain(filter));
    if !index.include.is_empty() {
        properties.insert("included columns".to_owned(), index.include.join(", "));
    }
    if index.nulls_not_distinct {
        properties.insert("nulls".to_owned(), "not distinct".to_owned());
    }
    properties
}

fn unique_properties(unique: &Unique) -> Properties {
    let mut properties = Properties::from([("columns".to_owned(), unique.columns.join(", "))]);
    if !unique.include.is_empty() {
        properties.insert("included columns".to_owned(), unique.include.join(", "));
    }
    if unique.nulls_not_distinct {
        properties.insert("nulls".to_owned(), "not distinct".to_owned());
    }
    properties.extend(deferral(unique.deferral));
    properties
}

/// `email`, `lower(email) desc`, `name(20)`, `name collation "C" nulls last`.
fn part(part: &IndexColumn) -> String {
    let own = |it: &Option<PerDatabase>| {
        it.as_ref().and_then(|it| it.otherwise.clone()).unwrap_or_default()
    };
    let mut words = vec![match &part.expression {
        Some(_) => own(&part.expression),
        None => part.name.clone(),
    }];
    words.extend(part.prefix.map(|it| format!("({it})")));
    if part.collation.is_some() {
        words.push(format!(" collation \"{}\"", own(&part.collation)));
    }
    if part.operator_class.is_some() {
        words.push(format!(" {}", own(&part.operator_class)));
    }
    if part.direction == Direction::Descending {
        words.push(" desc".to_owned());
    }
    let text = words.concat();
    match part.nulls {
        Some(Nulls::First) => text + " nulls first",
        Some(Nulls::Last) => text + " nulls last",
        None => text,
    }
}

fn key_properties(key: &ForeignKey) -> Properties {
    let mut properties = Properties::from([
        ("columns".to_owned(), key.columns.join(", ")),
        ("references".to_owned(), format!("{} ({})", key.table, key.references.join(", "))),
        ("on delete".to_owned(), action(key.on_delete).to_owned()),
        ("on update".to_owned(), action(key.on_update).to_owned()),
    ]);
    properties.extend(deferral(key.deferral));
    properties
}

fn deferral(deferral: Deferral) -> Option<(String, String)> {
    let word = match deferral {
        Deferral::Never => return None,
        Deferral::Allowed => "yes",
        Deferral::Deferred => "initially deferred",
    };
    Some(("deferrable".to_owned(), word.to_owned()))
}

const fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "no action",
        Action::Restrict => "restrict",
        Action::Cascade => "cascade",
        Action::SetNull => "set null",
        Action::SetDefault => "set default",
    }
}

/// Where the two differ, in the order of the things. Of a table that is there on one side only the
/// table alone is told, and of what only the database has something to say of, nothing.
pub(super) fn differences(expected: &Facts, found: &Facts) -> Vec<Difference> {
    let mut differences = without_parts(all_differences(expected, found));
    differences.retain(|it| !it.is_beyond_comparing());
    differences
}

/// The views, triggers, functions and procedures that are there on both sides, and whose texts can't
/// be compared, as the database has made others of them.
pub(super) fn uncompared(expected: &Facts, found: &Facts) -> Vec<Thing> {
    let beyond = |thing: &Thing, said: &Properties| thing.is_kept_as_text() && said.is_empty();
    let both = expected.iter().filter(|(it, said)| beyond(it, said) && found.contains_key(it));
    both.map(|(it, _)| it.clone()).collect()
}

/// Where the two differ, each part of a table by itself.
pub(super) fn all_differences(expected: &Facts, found: &Facts) -> Vec<Difference> {
    let things: BTreeSet<&Thing> = expected.keys().chain(found.keys()).collect();
    let is_ours = |it: &&Thing| it.kind != NAMESPACE || expected.contains_key(*it);
    let differ = things.into_iter().filter(|it| expected.get(*it) != found.get(*it));
    differ
        .filter(is_ours)
        .map(|it| Difference {
            thing: it.clone(),
            expected: expected.get(it).cloned(),
            found: found.get(it).cloned(),
        })
        .collect()
}

/// Without the parts of tables that are there on one side only.
pub(super) fn without_parts(differences: Vec<Difference>) -> Vec<Difference> {
    let is_whole =
        |it: &&Difference| it.thing.is_table() && (it.expected.is_none() || it.found.is_none());
    let tables: BTreeSet<Name> =
        differences.iter().filter(is_whole).filter_map(|it| it.thing.table.clone()).collect();
    let is_part = |it: &Difference| {
        !it.thing.is_table() && it.thing.table.as_ref().is_some_and(|it| tables.contains(it))
    };
    differences.into_iter().filter(|it| !is_part(it)).collect()
}
