//! Reading a SQLite file: `sqlite_schema` and the table-valued pragmas beside it (manual, "PRAGMA
//! Statements"), and out of each table's own text what no pragma tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cells, Scope, Tables, auto_updates, enumerations::enumerations, is_ours};
use crate::{
    connection::{Connection, DatabaseError},
    dialect::Dialect,
    schema::{
        Action, Check, Column, ColumnType, Direction, ForeignKey, Found, Index, IndexColumn, Name,
        NamedColumn, Opaque, PerDatabase, Schema, Table, Unique, VIEW, View, foreign_key_name,
        unique_name,
    },
    sql::{
        definition::{ClauseKind, ColumnItem, ItemBody, TableDefinition, named_check},
        holds_text,
        lexer::{Token, lex_significant},
        query_in, read_default, read_generated, read_options, read_values_clause,
        without_parentheses,
    },
};

/// Everything that has a name, with its text. An index that SQLite made for a constraint has none.
const OBJECTS: &str =
    "SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY type, name";

/// The columns of every table, in their order. A virtual table's module may be missing.
const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden \
                       FROM main.sqlite_master AS m \
                       JOIN pragma_table_xinfo(m.name, 'main') AS c \
                       WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' \
                       ORDER BY m.name, c.cid";

/// The columns of every index, in their order; one over an expression has no name.
const INDEXES: &str = "SELECT m.name, i.name, i.\"unique\", i.origin, c.name, c.\"desc\" \
                       FROM main.sqlite_master AS m \
                       JOIN pragma_index_list(m.name, 'main') AS i \
                       JOIN pragma_index_xinfo(i.name, 'main') AS c \
                       WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND c.key = 1 \
                       ORDER BY m.name, i.name, c.seqno";

/// The columns of every foreign key; the last one defined is number 0.
const FOREIGN_KEYS: &str = "SELECT m.name, k.id, k.\"table\", k.\"from\", k.\"to\", k.on_delete, k.on_update \
     FROM main.sqlite_master AS m \
     JOIN pragma_foreign_key_list(m.name, 'main') AS k \
     WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' \
     ORDER BY m.name, k.id, k.seq";

pub(super) fn read(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    _scope: Scope<'_>,
) -> Result<Found, DatabaseError> {
    let mut reading = Reading::new(dialect);
    for row in connection.query(OBJECTS)? {
        reading.object(Cells::of(row));
    }
    reading.leave_out_shadows();
    for row in connection.query(COLUMNS)? {
        reading.column(Cells::of(row));
    }
    reading.definitions();
    for row in connection.query(INDEXES)? {
        reading.index_column(Cells::of(row));
    }
    reading.indexes();
    let mut keys: BTreeMap<(String, usize), ForeignKey> = BTreeMap::new();
    for row in connection.query(FOREIGN_KEYS)? {
        foreign_key_column(&mut keys, Cells::of(row));
    }
    reading.foreign_keys(keys);
    for table in reading.tables.values_mut() {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    }
    auto_updates(dialect, &mut reading.tables, &mut reading.opaque);
    let mut schema: Schema = reading.tables.into_values().collect();
    schema.enums = enumerations(&schema);
    schema.views = reading.views;
    Ok(Found::new(schema, reading.opaque))
}

/// What has been read so far.
struct Reading {
    dialect: &'static Dialect,
    tables: Tables,
    /// The texts of the tables.
    texts: BTreeMap<Name, String>,
    /// The places in the primary key, by table and column.
    places: BTreeMap<Name, Vec<(usize, String)>>,
    /// The texts of the indexes that have one, by name.
    index_texts: BTreeMap<String, String>,
    /// The indexes as far as they are read, by table and name.
    found: BTreeMap<(Name, String), FoundIndex>,
    virtual_tables: BTreeSet<String>,
    views: BTreeMap<Name, View>,
    opaque: Vec<Opaque>,
}

#[derive(Default)]
struct FoundIndex {
    unique: bool,
    /// `c` for `CREATE INDEX`, `u` for a unique constraint, `pk` for the key.
    origin: String,
    columns: Vec<IndexColumn>,
}

/// How the names of the tables end that a virtual table keeps its rows in (manual, "FTS5",
/// "FTS3 and FTS4", "The SQLite R*Tree Module").
const SHADOWS: &[&str] = &[
    "config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir", "segments",
    "stat",
];

impl Reading {
    fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            tables: Tables::new(),
            texts: BTreeMap::new(),
            places: BTreeMap::new(),
            index_texts: BTreeMap::new(),
            found: BTreeMap::new(),
            virtual_tables: BTreeSet::new(),
            views: BTreeMap::new(),
            opaque: Vec::new(),
        }
    }

    fn object(&mut self, mut row: Cells) {
        let (kind, name, table) = (row.text(), row.text(), Name::new(row.text()));
        let text = row.text();
        if name.starts_with("sqlite_") || is_ours(&table.name) || is_ours(&name) {
            return;
        }
        match kind.as_str() {
            "table" if begins(&text, "CREATE VIRTUAL") => {
                self.opaque.push(Opaque::new("virtual table", table, text));
                self.virtual_tables.insert(name);
            }
            "table" => {
                self.tables.insert(table.clone(), Table::new(table.clone()));
                self.texts.insert(table, text);
            }
            "index" => {
                self.index_texts.insert(name, text);
            }
            "view" => self.view(Name::new(name), text),
            "trigger" => self.opaque.push(Opaque::of_table("trigger", &table, name, text)),
            other => self.opaque.push(Opaque::of_table(other, &table, name, text)),
        }
    }

    fn view(&mut self, name: Name, text: String) {
        // Without a query of its own, as its columns get other names, it is only a text.
        if let Some(query) = query_in(self.dialect, &text) {
            self.views.insert(name.clone(), View::new(name.clone(), PerDatabase::all(query)));
        }
        self.opaque.push(Opaque::new(VIEW, name, text));
    }

    /// The tables in which virtual tables keep their rows are those tables' own.
    fn leave_out_shadows(&mut self) {
        let virtual_tables = std::mem::take(&mut self.virtual_tables);
        self.tables.retain(|name, _| {
            let owner = name.name.rsplit_once('_');
            owner.is_none_or(|(owner, end)| {
                !(SHADOWS.contains(&end) && virtual_tables.contains(owner))
            })
        });
    }

    fn column(&mut self, mut row: Cells) {
        let (table, name, data_type) = (Name::new(row.text()), row.text(), row.text());
        let (not_null, default, place) = (row.flag(), row.optional(), row.number());
        let hidden = row.number();
        let Some(found) = self.tables.get_mut(&table) else { return };
        // Hidden columns are those of virtual tables; 2 and 3 are generated ones.
        if hidden == 1 {
            return;
        }
        let data_type = (self.dialect.types.read)(&data_type);
        let mut column = Column::from(data_type);
        column.nullable = !not_null && place == 0;
        let text = default.filter(|_| hidden == 0);
        column.default = text.and_then(|it| read_default(self.dialect, &it, &column.data_type));
        found.columns.push(NamedColumn { name: name.clone(), column });
        if place > 0 {
            self.places.entry(table).or_default().push((place, name));
        }
    }

    /// What only the tables' own texts say.
    fn definitions(&mut self) {
        for (name, mut places) in std::mem::take(&mut self.places) {
            places.sort();
            if let Some(table) = self.tables.get_mut(&name) {
                table.primary_key = places.into_iter().map(|(_, it)| it).collect();
            }
        }
        for (name, text) in &self.texts {
            let Some(table) = self.tables.get_mut(name) else { continue };
            match TableDefinition::parse(self.dialect, text) {
                Ok(definition) => {
                    definition_of(self.dialect, table, &definition, &mut self.opaque);
                }
                // SQLite has read it, so this is a gap of ours: kept whole rather than guessed at.
                Err(_) => self.opaque.push(Opaque::of_table("table", name, &name.name, text)),
            }
        }
    }

    fn index_column(&mut self, mut row: Cells) {
        let (table, name) = (Name::new(row.text()), row.text());
        if !self.tables.contains_key(&table) {
            return;
        }
        let found = self.found.entry((table, name)).or_default();
        (found.unique, found.origin) = (row.flag(), row.text());
        let name = row.optional().unwrap_or_default();
        let direction = if row.flag() { Direction::Descending } else { Direction::Ascending };
        found.columns.push(IndexColumn { direction, ..IndexColumn::new(name) });
    }

    fn indexes(&mut self) {
        for ((table, name), found) in std::mem::take(&mut self.found) {
            let Some(owner) = self.tables.get_mut(&table) else { continue };
            let text = self.index_texts.get(&name).map(String::as_str).unwrap_or_default();
            // The table's own text says it all.
            if found.origin == "pk" || found.origin == "u" {
                continue;
            }
            let Some(columns) = with_texts(self.dialect, found.columns, text) else {
                self.opaque.push(Opaque::of_table("index over an expression", &table, name, text));
                continue;
            };
            let (unique, filter) = (found.unique, filter_of(self.dialect, text));
            owner.indexes.push(Index { name, columns, unique, filter, ..Index::default() });
        }
    }

    fn foreign_keys(&mut self, keys: BTreeMap<(String, usize), ForeignKey>) {
        let mut by_table: BTreeMap<String, Vec<ForeignKey>> = BTreeMap::new();
        for ((table, _), key) in keys {
            // The last one defined comes first.
            by_table.entry(table).or_default().insert(0, key);
        }
        for (table, mut keys) in by_table {
            let name = Name::new(table);
            let Some(owner) = self.tables.get_mut(&name) else { continue };
            let text = self.texts.get(&name).map(String::as_str).unwrap_or_default();
            let said = TableDefinition::parse(self.dialect, text)
                .map(|it| it.foreign_keys())
                .unwrap_or_default();
            for (position, key) in keys.iter_mut().enumerate() {
                let said = said.get(position);
                key.deferral = said.map(|it| it.deferral).unwrap_or_default();
                let given = said.and_then(|it| it.name.clone());
                key.name = given.unwrap_or_else(|| foreign_key_name(&name, &key.columns));
            }
            keys.sort_by(|a, b| a.name.cmp(&b.name));
            owner.foreign_keys = keys;
        }
    }
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with))
}

fn foreign_key_column(keys: &mut BTreeMap<(String, usize), ForeignKey>, mut row: Cells) {
    let (table, id, target) = (row.text(), row.number(), row.text());
    let (from, to) = (row.text(), row.optional());
    let (on_delete, on_update) = (action(&row.text()), action(&row.text()));
    let key = keys.entry((table, id)).or_insert_with(|| ForeignKey {
        on_delete,
        on_update,
        ..ForeignKey::new("", Vec::new(), target)
    });
    key.columns.push(from);
    key.references.extend(to);
}

fn action(words: &str) -> Action {
    match words.to_ascii_uppercase().as_str() {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// What a table's text says and no pragma does.
fn definition_of(
    dialect: &Dialect,
    table: &mut Table,
    definition: &TableDefinition<'_>,
    opaque: &mut Vec<Opaque>,
) {
    let name = table.name.clone();
    for item in definition.items() {
        match &item.body {
            ItemBody::Column(column) => clauses_of(dialect, table, column, opaque),
            ItemBody::Constraint(constraint) => {
                let text = constraint.text().trim();
                let tokens = lex_significant(dialect, text);
                let says = |word| tokens.iter().any(|it: &Token| it.is_word(text, word));
                let called = constraint.name().unwrap_or_default();
                if let Some(check) = check_of(dialect, text) {
                    table.checks.push(check);
                } else if !says("FOREIGN") && says("CHECK") {
                    opaque.push(Opaque::of_table("check constraint", &name, called, text));
                }
            }
        }
    }
    for found in definition.uniques() {
        // A name that SQLite gave it can't be given, so it gets the one that it would have here.
        let known = |it: &String| table.columns.iter().find(|column| same(&column.name, it));
        let columns: Vec<String> =
            found.columns.iter().filter_map(known).map(|it| it.name.clone()).collect();
        let called = found.name.unwrap_or_else(|| unique_name(&name, &columns));
        if !found.plain {
            opaque.push(Opaque::of_table("unique constraint", &name, &called, found.text));
        }
        // Said twice it is one all the same.
        if table.unique_named(&called).is_none() {
            table.uniques.push(Unique::new(called, columns));
        }
    }
    let tail = definition.tail().trim_start_matches(')').trim().trim_end_matches(';').trim();
    for option in tail.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        let word = option.split_whitespace().collect::<Vec<_>>().join("_");
        if read_options(dialect, table, [(word, "true".to_owned())]).is_empty() {
            continue;
        }
        opaque.push(Opaque::of_table("table option", &name, option.to_uppercase(), option));
    }
}

/// Names of columns differ by more than case.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// A check that has a name.
fn check_of(dialect: &Dialect, text: &str) -> Option<Check> {
    let (name, condition) = named_check(dialect, text)?;
    Some(Check { name, condition: PerDatabase::all(condition) })
}

fn clauses_of(
    dialect: &Dialect,
    table: &mut Table,
    item: &ColumnItem<'_>,
    opaque: &mut Vec<Opaque>,
) {
    let name = table.name.clone();
    for clause in item.clauses() {
        let text = item.text().get(clause.range.clone()).unwrap_or_default();
        let kind = match clause.kind {
            ClauseKind::Check if read_values_clause(dialect, item.name(), text).is_some() => {
                let read = read_values_clause(dialect, item.name(), text);
                if let (Some(data_type), Some(at)) = (read, table.position(item.name())) {
                    table.columns[at].column.data_type = data_type;
                }
                continue;
            }
            ClauseKind::Check => match check_of(dialect, text) {
                Some(check) => {
                    table.checks.push(check);
                    continue;
                }
                None => "check constraint",
            },
            ClauseKind::Collate => {
                let column = table.columns.iter_mut().find(|it| it.name == item.name());
                match (item.collation(), column) {
                    (Some(it), Some(named)) if holds_text(&named.column.data_type) => {
                        named.column.collation = Some(PerDatabase::all(it));
                        continue;
                    }
                    _ => "collation",
                }
            }
            ClauseKind::Generated => {
                let stored = item.computed() == Some("STORED");
                if let (Some(text), Some(at)) = (item.computation(), table.position(item.name())) {
                    table.columns[at].column.generated =
                        Some(Box::new(read_generated(dialect, text, stored)));
                }
                continue;
            }
            ClauseKind::Other => "column option",
            ClauseKind::PrimaryKey => {
                let tokens = lex_significant(dialect, text);
                if tokens.iter().any(|it| it.is_word(text, "AUTOINCREMENT"))
                    && let Some(at) = table.position(item.name())
                {
                    table.columns[at].column.data_type = ColumnType::Serial;
                }
                continue;
            }
            _ => continue,
        };
        opaque.push(Opaque::of_table(kind, &name, item.name(), text));
    }
}

/// What stands behind `WHERE` in a `CREATE INDEX`.
fn filter_of(dialect: &Dialect, text: &str) -> Option<String> {
    let mut depth = 0_usize;
    for token in lex_significant(dialect, text) {
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word(text, "WHERE") {
            let filter = text.get(token.range().end..)?.trim().trim_end_matches(';').trim();
            return Some(filter.to_owned());
        }
    }
    None
}

/// The parts of an index with what only its text says of them: expressions and collations. `None`
/// where the text is not understood.
fn with_texts(
    dialect: &Dialect,
    mut columns: Vec<IndexColumn>,
    text: &str,
) -> Option<Vec<IndexColumn>> {
    let parts = parts_of(dialect, text);
    for (at, column) in columns.iter_mut().enumerate() {
        let tokens = lex_significant(dialect, parts.get(at)?);
        let part = *parts.get(at)?;
        let mut end = tokens.len();
        let is = |at: usize, words: &[&str]| {
            tokens.get(at).is_some_and(|it| words.iter().any(|word| it.is_word(part, word)))
        };
        if end > 1 && is(end - 1, &["ASC", "DESC"]) {
            end -= 1;
        }
        if end > 2 && is(end - 2, &["COLLATE"]) {
            let name = tokens[end - 1].name(dialect, part)?;
            column.collation = Some(PerDatabase::all(name));
            end -= 2;
        }
        if column.name.is_empty() {
            let expression = part.get(..tokens.get(end - 1)?.range().end)?;
            column.expression = Some(PerDatabase::all(without_parentheses(expression)));
        }
    }
    (parts.len() == columns.len()).then_some(columns)
}

/// What stands between the commas of a `CREATE INDEX`.
fn parts_of<'a>(dialect: &Dialect, text: &'a str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for token in lex_significant(dialect, text) {
        let is = |symbol| token.is_symbol(text, symbol);
        let ends = depth == 1 && (is(',') || is(')'));
        if ends {
            parts.extend(text.get(from..token.range().start).map(str::trim));
        }
        if is('(') {
            depth += 1;
        } else if is(')') {
            depth = depth.saturating_sub(1);
        }
        if ends && depth == 0 {
            break;
        }
        if ends || (depth == 1 && is('(')) {
            from = token.range().end;
        }
    }
    parts
}
