//! Reading a PostgreSQL database from `pg_catalog`.
//!
//! Twelve questions, whatever the number of tables, in one transaction that sees one moment and
//! writes nothing. Names of what stands in the connection's own namespace come without it, as
//! `search_path` is set to just that; texts come from the server's own `pg_get_…def`.
//!
//! Left out are owners and grants, and names that nobody chose: those of primary keys and, from
//! PostgreSQL 18 on, of `NOT NULL`. What an extension brought is the extension's.

mod columns;
mod constraints;
mod indexes;
mod objects;
mod relations;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use super::{Cells, Scope, Tables, auto_updates, is_ours};
use crate::{
    connection::{Connection, DatabaseError, Row},
    dialect::Dialect,
    schema::{Enumeration, Found, Name, Opaque, Schema, Table, View},
};

use self::{columns::ReadColumn, objects::Sequence, relations::Relation};

/// Objects that users made have this number or a greater one (`access/transam.h`,
/// `FirstNormalObjectId`).
const FIRST_USER_OID: &str = "16384";

/// What a session may have set that changes how the catalog's functions write texts.
const SETTINGS: &[(&str, &str)] = &[
    ("quote_all_identifiers", "off"),
    ("standard_conforming_strings", "on"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
];

pub(super) fn read(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    scope: Scope<'_>,
) -> Result<Found, DatabaseError> {
    // What is set here lasts until the end of the transaction or of its part.
    let within = connection.in_transaction();
    if within {
        connection.execute("SAVEPOINT whimbrel_reading")?;
    } else {
        connection.begin()?;
    }
    let found = read_inside(connection, dialect, scope, within);
    let closed = if within {
        let back = connection.execute("ROLLBACK TO SAVEPOINT whimbrel_reading");
        back.and_then(|_| connection.execute("RELEASE SAVEPOINT whimbrel_reading")).map(drop)
    } else {
        connection.rollback()
    };
    let found = found?;
    closed.map(|()| found)
}

fn read_inside(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    scope: Scope<'_>,
    within: bool,
) -> Result<Found, DatabaseError> {
    if !within {
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
    }
    connection.query(&set(dialect, scope.own))?;
    let questions = Questions::new(connection.server().version.major, dialect, scope);
    let mut reading = Reading::new(dialect, scope);
    let mut ask = |text: &str| connection.query(&questions.text(text));
    reading.relations(ask(include_str!("relations.sql"))?);
    reading.sequences(ask(include_str!("sequences.sql"))?);
    let types = ask(include_str!("types.sql"))?;
    reading.enums(&types);
    reading.columns(ask(include_str!("columns.sql"))?);
    reading.constraints(ask(include_str!("constraints.sql"))?);
    reading.indexes(ask(include_str!("indexes.sql"))?);
    reading.types(types);
    reading.routines(ask(include_str!("routines.sql"))?);
    reading.hanging(ask(include_str!("hanging.sql"))?);
    reading.rest(ask(include_str!("rest.sql"))?);
    reading.comments(ask(include_str!("comments.sql"))?);
    reading.depends(ask(include_str!("depends.sql"))?);
    Ok(reading.found())
}

/// Settings for the rest of the transaction, all in one question.
fn set(dialect: &Dialect, own: &str) -> String {
    let path = if own.is_empty() { String::new() } else { dialect.quote(own) };
    let mut settings = vec![("search_path", path.as_str())];
    settings.extend(SETTINGS);
    let one = |(name, value): (&str, &str)| {
        format!("pg_catalog.set_config('{name}', {}, true)", dialect.literal(value))
    };
    format!("SELECT {}", settings.into_iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The questions as this server understands them.
struct Questions {
    /// What stands in the place of each word in braces.
    words: Vec<(&'static str, String)>,
}

impl Questions {
    fn new(major: u32, dialect: &Dialect, scope: Scope<'_>) -> Self {
        let since = |version, word: &str| if major >= version { word } else { "NULL" }.to_owned();
        let locale = match major {
            ..15 => "NULL",
            15..17 => "c.colliculocale",
            17.. => "c.colllocale",
        };
        let compression = "CASE WHEN a.attcompression <> '' THEN a.attcompression END";
        // Its number is a superuser's to read before PostgreSQL 14; any great one will do.
        let subscription = if major >= 14 { "s.oid" } else { "4294967295" };
        let namespaces = scope.list(dialect);
        let words = vec![
            ("{first_user_oid}", FIRST_USER_OID.to_owned()),
            ("{user_namespace}", format!("n.nspname IN ({namespaces})")),
            ("{namespaces}", namespaces),
            ("{compression}", since(14, compression)),
            ("{collation_locale}", locale.to_owned()),
            ("{collation_rules}", since(16, "c.collicurules")),
            ("{subscription}", subscription.to_owned()),
            ("{publication_details}", since(15, include_str!("publication_details.sql"))),
            ("{publication_schemas}", since(15, include_str!("publication_schemas.sql"))),
        ];
        Self { words }
    }

    fn text(&self, question: &str) -> String {
        self.words.iter().fold(question.to_owned(), |text, (word, with)| text.replace(word, with))
    }
}

/// The number that the catalog gives an object; two of different catalogs may share one.
type Oid = u32;

/// An object by its catalog (`pg_class`) and its number there.
type Key = (String, Oid);

fn key(catalog: &str, oid: Oid) -> Key {
    (catalog.to_owned(), oid)
}

/// An object that comments and other objects may speak of.
struct Known {
    name: Name,
    table: Option<Name>,
    /// How `COMMENT ON` calls it: ``VIEW public.v``.
    called: String,
}

/// What has been read so far.
struct Reading<'a> {
    dialect: &'static Dialect,
    scope: Scope<'a>,
    relations: BTreeMap<Oid, Relation>,
    columns: BTreeMap<Oid, Vec<ReadColumn>>,
    tables: BTreeMap<Oid, Table>,
    /// The sequences that belong to columns, by table and column.
    owned: BTreeMap<(Oid, usize), Vec<Sequence>>,
    /// The constraints that an index serves, by the index.
    served: BTreeMap<Oid, constraints::Served>,
    /// The constraints of domains, by the domain.
    domain_checks: BTreeMap<Oid, Vec<(Oid, String, String)>>,
    /// The enums, as the catalog spells the types of their columns.
    enums: BTreeMap<String, Enumeration>,
    /// The further namespaces that are there.
    namespaces: BTreeSet<String>,
    views: BTreeMap<Name, View>,
    known: BTreeMap<Key, Known>,
    /// Row types and arrays, by the object that they come with.
    aliases: BTreeMap<Oid, Key>,
    opaque: Vec<(Option<Key>, Opaque)>,
}

impl<'a> Reading<'a> {
    fn new(dialect: &'static Dialect, scope: Scope<'a>) -> Self {
        Self {
            dialect,
            scope,
            relations: BTreeMap::new(),
            columns: BTreeMap::new(),
            tables: BTreeMap::new(),
            owned: BTreeMap::new(),
            served: BTreeMap::new(),
            domain_checks: BTreeMap::new(),
            enums: BTreeMap::new(),
            namespaces: BTreeSet::new(),
            views: BTreeMap::new(),
            known: BTreeMap::new(),
            aliases: BTreeMap::new(),
            opaque: Vec::new(),
        }
    }

    fn know(&mut self, key: Key, name: Name, table: Option<Name>, called: String) {
        self.known.insert(key, Known { name, table, called });
    }

    fn add(&mut self, key: Key, opaque: Opaque) {
        self.opaque.push((Some(key), opaque));
    }

    /// Says something of a table, a view or one of their columns.
    fn note(&mut self, kind: &str, relation: Oid, name: &str, definition: impl Into<String>) {
        if let Some(relation) = self.relations.get(&relation) {
            self.opaque.push((None, Opaque::of_table(kind, &relation.name, name, definition)));
        }
    }

    fn comments(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let (catalog, oid, part) = (row.text(), oid(&mut row), row.number());
            let text = row.text();
            if catalog == "pg_class" && self.tell(oid, part, &text) {
                continue;
            }
            let text = self.dialect.literal(&text);
            let opaque = if part == 0 {
                let Some(known) = self.known.get(&(catalog, oid)) else { continue };
                let definition = format!("COMMENT ON {} IS {text}", known.called);
                let about = Opaque::new("comment", known.name.clone(), definition);
                Opaque { table: known.table.clone(), ..about }
            } else {
                let column = self.column_at(oid, part);
                let (Some(column), Some(of)) = (column, self.relations.get(&oid)) else { continue };
                let definition =
                    format!("COMMENT ON COLUMN {}.{} IS {text}", of.shown, column.quoted);
                Opaque::of_table("comment", &of.name, &column.name, definition)
            };
            self.opaque.push((None, opaque));
        }
    }

    /// Tells it of a table, or of its column at a place, where there is such a one.
    fn tell(&mut self, relation: Oid, part: usize, text: &str) -> bool {
        let name = self.column_at(relation, part).map(|it| it.name.clone());
        let Some(table) = self.tables.get_mut(&relation) else { return false };
        let column = table.columns.iter_mut().find(|it| Some(&it.name) == name.as_ref());
        match (part, column) {
            (0, _) => table.comment = Some(text.to_owned()),
            (_, Some(it)) => it.column.comment = Some(text.to_owned()),
            (_, None) => return false,
        }
        true
    }

    fn depends(&mut self, rows: Vec<Row>) {
        let mut needs: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
        for row in rows {
            let mut row = Cells::of(row);
            let (catalog, it) = (row.text(), oid(&mut row));
            let target = (row.text(), oid(&mut row));
            needs.entry((catalog, it)).or_default().push(target);
        }
        for (key, opaque) in &mut self.opaque {
            let Some(targets) = key.as_ref().and_then(|it| needs.get(it)) else { continue };
            for target in targets {
                let target = match target {
                    (catalog, it) if catalog == "pg_type" => self.aliases.get(it).unwrap_or(target),
                    _ => target,
                };
                let Some(known) = self.known.get(target) else { continue };
                if known.name != opaque.name && Some(&known.name) != opaque.table.as_ref() {
                    opaque.depends_on.push(known.name.clone());
                }
            }
            opaque.depends_on.sort();
            opaque.depends_on.dedup();
        }
    }

    fn found(self) -> Found {
        let sorted = |mut table: Table| {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
            table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
            table.checks.sort_by(|a, b| a.name.cmp(&b.name));
            table
        };
        let mut tables: Tables =
            self.tables.into_values().map(|it| (it.name.clone(), sorted(it))).collect();
        let mut opaque = self.opaque.into_iter().map(|(_, it)| it).collect();
        auto_updates(self.dialect, &mut tables, &mut opaque);
        let mut schema: Schema = tables.into_values().collect();
        let enums = self.enums.into_values().filter(|it| !is_ours(&it.name.name));
        schema.enums = enums.map(|it| (it.name, it.values)).collect();
        schema.namespaces = self.namespaces;
        schema.views = self.views;
        Found::new(schema, opaque)
    }
}

fn oid(row: &mut Cells) -> Oid {
    row.text().parse().unwrap_or(0)
}

/// The numbers in `{1,3}` or `1 3`.
fn numbers(text: &str) -> Vec<usize> {
    let parts = text.split([',', ' ', '{', '}']);
    parts.filter_map(|it| it.parse().ok()).collect()
}

/// The texts of a JSON array; none where there is no array.
fn list(text: Option<String>) -> Vec<String> {
    text.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default()
}
