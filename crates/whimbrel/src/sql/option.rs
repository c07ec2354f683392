//! What one database is told of a table beyond what all of them have: storage parameters, engines,
//! `STRICT`.

use std::{borrow::Cow, collections::BTreeMap};

use whimbrel_migration::{Of, Takes, known_option};

use super::{
    Alteration, LiveChange, Statement, TableEdit, Transaction,
    alter::alter_with_words,
    collation::{self, table_collation},
};
use crate::{
    dialect::{After, Dialect, Look, Numbering, Object, SayOptions, TableFacts, Unsupported},
    schema::{ColumnType, ForeignKey, NamedColumn, Options, Schema, Setting, Table},
};

/// The options of a table as this database keeps them, by name: values as they are compared, and
/// without what goes without saying.
pub fn kept_options(dialect: &Dialect, options: &Options) -> BTreeMap<String, String> {
    let own = options.of(dialect.databases);
    let mut all: BTreeMap<String, String> =
        own.into_iter().filter_map(|(name, it)| kept(dialect, name, it)).collect();
    if let Some(collation) = table_collation(dialect, options) {
        // A character set is kept as the collation.
        all.remove("charset");
        all.remove("collation");
        if collation != dialect.keeping.usual_collation {
            all.insert("collation".to_owned(), collation);
        }
    }
    all
}

fn kept(dialect: &Dialect, name: &str, setting: &Setting) -> Option<(String, String)> {
    let value = dialect.kept_option(name, &setting.to_string())?;
    Some((name.to_owned(), value))
}

/// The options as they are kept, as options again.
pub(super) fn normal_options(dialect: &Dialect, options: &Options) -> Options {
    let mut normal = Options::default();
    if let Some(database) = dialect.databases.first() {
        for (name, value) in kept_options(dialect, options) {
            normal.set(*database, name, Setting::Text(value));
        }
    }
    normal
}

/// What a live table says of itself, as options where there is a word for it; the rest comes back.
pub(crate) fn read_options(
    dialect: &Dialect,
    table: &mut Table,
    said: impl IntoIterator<Item = (String, String)>,
) -> Vec<(String, String)> {
    let mut rest = Vec::new();
    for (name, text) in said {
        let known = dialect.databases.iter().find_map(|database| {
            let known = known_option(Of::Table, *database, &name.to_ascii_lowercase())?;
            Some((known.name, known.takes.read(&text)?))
        });
        match (known, dialect.databases.first()) {
            // What goes without saying is not said.
            (Some((name, setting)), Some(database)) => {
                if kept(dialect, name, &setting).is_some() {
                    table.options.set(*database, name, tidy(setting));
                }
            }
            _ => rest.push((name, text)),
        }
    }
    rest
}

/// A word as whimbrel writes it.
fn tidy(setting: Setting) -> Setting {
    match setting {
        Setting::Text(it) if it.bytes().all(|it| it.is_ascii_uppercase()) => {
            Setting::Text(it.to_ascii_lowercase())
        }
        other => other,
    }
}

/// What `CREATE TABLE` says of a table's options: behind `CREATE`, and behind the definition.
pub(super) fn of_new(
    dialect: &Dialect,
    table: &Table,
) -> Result<(&'static str, String), Unsupported> {
    check(dialect, table)?;
    let own = table.options.of(dialect.databases);
    let text = |name: &str| own.get(name).map(ToString::to_string);
    let said = |name: &str| text(name).is_some_and(|it| it == "true");
    Ok(match dialect.table_options.said {
        SayOptions::Parameters => {
            let parameters = own.iter().filter(|(name, _)| is_parameter(name));
            let parameters: Vec<String> =
                parameters.map(|(name, it)| format!("{} = {it}", parameter(name))).collect();
            let mut behind = String::new();
            if !parameters.is_empty() {
                behind = format!(" WITH ({})", parameters.join(", "));
            }
            if let Some(method) = text("access_method") {
                behind = format!(" USING {}{behind}", dialect.quote(&method));
            }
            if let Some(space) = text("tablespace") {
                behind = format!("{behind} TABLESPACE {}", dialect.quote(&space));
            }
            (if said("unlogged") { "UNLOGGED " } else { "" }, behind)
        }
        SayOptions::Assignments => {
            let mut behind = dialect.table_suffix.to_owned();
            let usual = dialect.keeping.usual_collation;
            if let Some(it) = table_collation(dialect, &table.options).filter(|it| it != usual) {
                let [from, to] =
                    [usual, &it].map(|it| defaults(dialect, "CHARSET=", "COLLATE=", it));
                behind = behind.replace(&from, &to);
            }
            for (name, it) in own.iter().filter(|(name, _)| !is_collation(name)) {
                let assignment = assignment(dialect, name, Some(&it.to_string()));
                let usual = dialect.usual_option(name).map(|it| format!("{}={it}", upper(name)));
                behind = match usual.filter(|it| behind.contains(it.as_str())) {
                    Some(usual) => behind.replace(&usual, &assignment),
                    None => format!("{behind} {assignment}"),
                };
            }
            ("", behind)
        }
        SayOptions::Words => ("", words(dialect, table)),
    })
}

/// ` STRICT, WITHOUT ROWID` behind a definition.
fn words(dialect: &Dialect, table: &Table) -> String {
    let own = kept_options(dialect, &table.options);
    let words: Vec<String> = own.keys().map(|it| upper(it).replace('_', " ")).collect();
    if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
}

fn is_collation(name: &str) -> bool {
    matches!(name, "collation" | "charset")
}

/// `DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`, with these words before the two names.
fn defaults(dialect: &Dialect, charset: &str, collate: &str, collation: &str) -> String {
    let of = dialect.charsets.map_or(collation, |it| (it.of_collation)(collation));
    let [of, collation] =
        [of, collation].map(|it| if is_word(it) { it.to_owned() } else { dialect.quote(it) });
    format!("DEFAULT {charset}{of} {collate}{collation}")
}

/// The statement by which a table comes to have another collation, together with its columns that
/// name none.
fn recollating(
    dialect: &Dialect,
    table: &Table,
    words: String,
    changed: BTreeMap<&str, Option<&str>>,
) -> Statement {
    let collation = table_collation(dialect, &table.options).unwrap_or_default();
    let alterations = collation::inheriting(dialect, table).map(|it| Alteration {
        column: it.name.clone(),
        collation: Some(Some(collation.clone())),
        collation_clause: Some(format!("COLLATE {}", dialect.quote(&collation))),
        ends_nullable: it.column.nullable,
        ..Alteration::default()
    });
    let alterations: Vec<Alteration> = alterations.collect();
    if alterations.is_empty() {
        return altering(dialect, table, &words, changed);
    }
    let look = look(table, changed);
    alter_with_words(dialect, &table.name, words, look, alterations)
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase()
}

/// Whether it stands in `WITH (…)`.
fn is_parameter(name: &str) -> bool {
    !matches!(name, "unlogged" | "tablespace" | "access_method" | "replica_identity")
}

/// The parameter as it stands in `WITH (…)`: those of long values have a prefix of their own.
fn parameter(name: &str) -> Cow<'_, str> {
    match toast(name) {
        Some(rest) => format!("toast.{rest}").into(),
        None => name.into(),
    }
}

/// What the option is of long values, where it is one of those.
fn toast(name: &str) -> Option<&str> {
    name.strip_prefix("toast_").filter(|it| *it != "tuple_target")
}

/// What a new table is told by a statement of its own.
pub(super) fn behind_new(dialect: &Dialect, table: &Table) -> Option<Statement> {
    let own = kept_options(dialect, &table.options);
    let (name, value) = own.get_key_value("replica_identity")?;
    let changed = [(name.as_str(), Some(value.as_str()))].into();
    let clause = format!("REPLICA IDENTITY {}", upper(value));
    Some(altering(dialect, table, &clause, changed))
}

/// `ENGINE=InnoDB`; without a value, as it is unless something is said.
fn assignment(dialect: &Dialect, name: &str, value: Option<&str>) -> String {
    let takes = dialect.databases.iter().find_map(|it| known_option(Of::Table, *it, name));
    let value = match (value, takes.map(|it| it.takes)) {
        (Some(it), Some(Takes::Name)) if !is_word(it) => dialect.quote(it),
        (Some(it), Some(Takes::Word(_))) => upper(it),
        (Some(it), _) => it.to_owned(),
        (None, Some(Takes::Whole(..))) => "0".to_owned(),
        (None, Some(Takes::Name)) => dialect.usual_option(name).unwrap_or_default().to_owned(),
        (None, _) => "DEFAULT".to_owned(),
    };
    format!("{}={value}", upper(name))
}

/// Whether a name can stand without quotes.
fn is_word(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// The statements by which a table comes to have the options of another one.
pub fn change_options(
    dialect: &Dialect,
    before: &Table,
    after: &Table,
) -> Result<Vec<Statement>, Unsupported> {
    check(dialect, after)?;
    let [was, is] = [before, after].map(|it| kept_options(dialect, &it.options));
    let names = was.keys().chain(is.keys().filter(|it| !was.contains_key(*it)));
    let changed: BTreeMap<&str, Option<&str>> = names
        .filter(|it| was.get(*it) != is.get(*it))
        .map(|it| (it.as_str(), is.get(it).map(String::as_str)))
        .collect();
    if changed.is_empty() {
        return Ok(vec![]);
    }
    Ok(match dialect.table_options.said {
        SayOptions::Parameters => parameters(dialect, after, &changed),
        SayOptions::Assignments => {
            // As it was said, and not as it is compared.
            let own = after.options.of(dialect.databases);
            let assignments = changed.keys().map(|name| match *name {
                "collation" => {
                    let to = table_collation(dialect, &after.options).unwrap_or_default();
                    defaults(dialect, "CHARACTER SET ", "COLLATE ", &to)
                }
                name => {
                    assignment(dialect, name, own.get(name).map(ToString::to_string).as_deref())
                }
            });
            let text = assignments.collect::<Vec<_>>().join(", ");
            if changed.contains_key("collation") {
                vec![recollating(dialect, after, text, changed)]
            } else {
                vec![altering(dialect, after, &text, changed)]
            }
        }
        SayOptions::Words => {
            let words = words(dialect, after);
            let edits = vec![TableEdit::Options { words }];
            let change = LiveChange { table: after.name.clone(), edits };
            let looks = vec![look(after, changed)];
            vec![change.statement(Transaction::WithoutForeignKeys, looks)]
        }
    })
}

/// `SET (…)` and `RESET (…)` go without a stop; the rest writes the table anew.
fn parameters(
    dialect: &Dialect,
    table: &Table,
    changed: &BTreeMap<&str, Option<&str>>,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    let (set, reset): (Vec<_>, Vec<_>) =
        changed.iter().filter(|(name, _)| is_parameter(name)).partition(|(_, it)| it.is_some());
    let mut light = Vec::new();
    if !set.is_empty() {
        let set =
            set.iter().filter_map(|(name, it)| Some(format!("{} = {}", parameter(name), (**it)?)));
        light.push(format!("SET ({})", set.collect::<Vec<_>>().join(", ")));
    }
    if !reset.is_empty() {
        let reset: Vec<Cow<'_, str>> = reset.iter().map(|(name, _)| parameter(name)).collect();
        light.push(format!("RESET ({})", reset.join(", ")));
    }
    if !light.is_empty() {
        let these = changed.iter().filter(|(name, _)| is_parameter(name));
        let these = these.map(|(name, it)| (*name, *it)).collect();
        statements.push(altering(dialect, table, &light.join(", "), these));
    }
    for (name, value) in changed.iter().filter(|(name, _)| !is_parameter(name)) {
        let clause = match (*name, value) {
            ("unlogged", Some(_)) => "SET UNLOGGED".to_owned(),
            ("unlogged", None) => "SET LOGGED".to_owned(),
            ("replica_identity", it) => {
                format!("REPLICA IDENTITY {}", upper(it.unwrap_or("default")))
            }
            (_, it) => {
                let usual = dialect.usual_option(name).unwrap_or_default();
                let word = upper(name).replace('_', " ");
                format!("SET {word} {}", dialect.quote(it.unwrap_or(usual)))
            }
        };
        statements.push(altering(dialect, table, &clause, [(*name, *value)].into()));
    }
    statements
}

fn altering(
    dialect: &Dialect,
    table: &Table,
    clauses: &str,
    changed: BTreeMap<&str, Option<&str>>,
) -> Statement {
    let text = format!("ALTER TABLE {} {clauses}", dialect.quote_name(&table.name));
    Statement::schema(text, [look(table, changed)])
}

fn look(table: &Table, changed: BTreeMap<&str, Option<&str>>) -> Look {
    let owned = |(name, it): (&str, Option<&str>)| (name.to_owned(), it.map(str::to_owned));
    let options = changed.into_iter().map(owned).collect();
    let facts = TableFacts { options, ..TableFacts::default() };
    Look { object: Object::Table(table.name.clone()), after: After::Table(facts) }
}

/// Refuses options that don't go with the rest of the table.
pub fn check(dialect: &Dialect, table: &Table) -> Result<(), Unsupported> {
    collation::check_table(dialect, table)?;
    let own = kept_options(dialect, &table.options);
    if own.is_empty() {
        return Ok(());
    }
    let refuse = |what: String, because: String| Err(Unsupported::new(what, because));
    if let Some(name) = own.keys().find(|it| toast(it).is_some())
        && !table.columns.iter().any(|it| is_long(dialect, it))
    {
        return refuse(
            format!("`{name}` of `{}`", table.name),
            "it has no column whose values are long enough to be kept apart; leave it out"
                .to_owned(),
        );
    }
    if own.contains_key("strict") {
        for column in &table.columns {
            let text = dialect.type_text(&column.column.data_type)?;
            let known = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
            if !known.iter().any(|it| it.eq_ignore_ascii_case(text.trim())) {
                return refuse(
                    format!("column `{}` of the STRICT table `{}`", column.name, table.name),
                    format!(
                        "it is {text} on {}, and such a table takes INTEGER, REAL, TEXT, BLOB and \
                         ANY alone; say which it is to be, as in `spelled: {{sqlite: TEXT}}`",
                        dialect.product
                    ),
                );
            }
        }
    }
    if own.contains_key("without_rowid") {
        let what = format!("table `{}` without rowid", table.name);
        if table.primary_key.is_empty() {
            return refuse(what, "its rows stand in the primary key; give it one".to_owned());
        }
        let by_key = dialect.types.numbering == Numbering::AsKey;
        if let Some(it) = table.columns.iter().find(|it| by_key && it.column.is_numbered()) {
            let because = format!("`{}` is numbered, and the number is the rowid", it.name);
            return refuse(what, because);
        }
        if let Some(it) = table.columns.iter().find(|it| it.column.auto_update) {
            let because = format!(
                "`{}` is updated by a trigger, which finds its row by the rowid; leave out one of \
                 the two",
                it.name
            );
            return refuse(what, because);
        }
    }
    check_engine(&own, table, table.foreign_keys.first())?;
    let compressed = own.get("row_format").is_none_or(|it| it == "compressed");
    if own.contains_key("key_block_size") && !own.contains_key("engine") && !compressed {
        return refuse(
            format!("`key_block_size` of `{}`", table.name),
            "it is the size of compressed pages; leave it out, or say `row_format: compressed`"
                .to_owned(),
        );
    }
    Ok(())
}

/// Whether values of a column alone may be so long that they are kept apart: longer than 2,000 bytes,
/// of up to 4 for a character.
fn is_long(dialect: &Dialect, named: &NamedColumn) -> bool {
    let data_type = dialect.own_type(&named.column.data_type);
    match &*data_type {
        ColumnType::Decimal { .. } => false,
        ColumnType::Varchar { length } | ColumnType::Text { length: Some(length) } => *length > 500,
        other => (dialect.column_options.usual)("storage", other) != Some("plain"),
    }
}

/// The engines that have foreign keys, beside the usual one.
const KEEPS_KEYS: &[&str] = &["innodb", "ndb", "ndbcluster"];

fn check_engine(
    own: &BTreeMap<String, String>,
    table: &Table,
    key: Option<&ForeignKey>,
) -> Result<(), Unsupported> {
    let engine = own.get("engine").filter(|it| !KEEPS_KEYS.contains(&it.as_str()));
    let (Some(engine), Some(key)) = (engine, key) else { return Ok(()) };
    Err(Unsupported::new(
        format!("foreign key `{}` of `{}`", key.name, table.name),
        format!("the engine {engine} reads foreign keys and keeps none; leave one of the two out"),
    ))
}

/// Refuses a foreign key that a table of its options can't have.
pub(super) fn check_key(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    key: &ForeignKey,
) -> Result<(), Unsupported> {
    let own = kept_options(dialect, &table.options);
    check_engine(&own, table, Some(key))?;
    match schema.get(&key.table).filter(|it| it.name != table.name) {
        Some(target) => check_logged(dialect, table, key, target),
        None => Ok(()),
    }
}

/// Refuses options that the tables don't go with which a table points at, or which point at it.
pub fn check_ties(dialect: &Dialect, schema: &Schema, table: &Table) -> Result<(), Unsupported> {
    for key in &table.foreign_keys {
        check_key(dialect, schema, table, key)?;
    }
    for other in schema.tables().filter(|it| it.name != table.name) {
        for key in other.foreign_keys.iter().filter(|it| it.table == table.name) {
            check_logged(dialect, other, key, table)?;
        }
    }
    Ok(())
}

/// Refuses another collation of a table while a foreign key ties a column to another one that would
/// have it too.
pub fn check_recollated(
    dialect: &Dialect,
    schema: &Schema,
    before: &Table,
    after: &Table,
) -> Result<(), Unsupported> {
    let [was, is] = [before, after].map(|it| table_collation(dialect, &it.options));
    if was == is {
        return Ok(());
    }
    for column in collation::inheriting(dialect, after) {
        let own = after.foreign_keys.iter().find(|it| it.columns.contains(&column.name));
        let other = schema
            .pointing_at(&after.name)
            .find(|(_, key)| schema.target_columns(key).is_ok_and(|it| it.contains(&column.name)));
        if let Some(key) = own.or(other.map(|(_, key)| key)) {
            return Err(Unsupported::new(
                format!("to change the collation of `{}`", after.name),
                format!(
                    "foreign key `{}` ties `{}` to a column of the same collation; drop the key, \
                     change both tables, and add the key again",
                    key.name, column.name
                ),
            ));
        }
    }
    Ok(())
}

/// A table that is logged can't point at one that isn't (manual, "CREATE TABLE").
fn check_logged(
    dialect: &Dialect,
    table: &Table,
    key: &ForeignKey,
    target: &Table,
) -> Result<(), Unsupported> {
    let unlogged = |it: &Table| kept_options(dialect, &it.options).contains_key("unlogged");
    if unlogged(target) && !unlogged(table) {
        return Err(Unsupported::new(
            format!("foreign key `{}` of `{}`", key.name, table.name),
            format!(
                "`{}` is unlogged and may be empty after a crash, and a table that is logged can't \
                 point at it; make both unlogged, or neither",
                target.name
            ),
        ));
    }
    Ok(())
}
