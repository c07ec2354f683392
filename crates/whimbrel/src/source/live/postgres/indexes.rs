//! Indexes. What the model says of one is written as the server would write it; where the server
//! writes something else, the index has more to it, and that is told with its whole text.

use super::{Cells, Oid, Opaque, Reading, Row, constraints::UNIQUE, key, numbers, oid};
use crate::{
    dialect::Dialect,
    schema::{Deferral, Direction, Index, IndexColumn, Nulls, PerDatabase, Unique},
    sql::{
        lexer::{lex, lex_significant},
        without_parentheses,
    },
};

/// A row of `indexes.sql`.
struct ReadIndex {
    id: Oid,
    name: String,
    shown: String,
    relation: Oid,
    unique: bool,
    usable: bool,
    /// What the table says of it.
    marks: Vec<&'static str>,
    /// How many of the columns are its key; the others are only carried along.
    keys: usize,
    /// By their numbers; 0 is an expression.
    columns: Vec<usize>,
    /// The texts of all columns, where one of them is an expression.
    expressions: Vec<String>,
    method: String,
    filter: Option<String>,
    definition: String,
    tablespace: Option<String>,
    is_of_partition: bool,
    quoted: String,
}

impl ReadIndex {
    fn of(row: &mut Cells) -> Self {
        Self {
            id: oid(row),
            name: row.text(),
            shown: row.text(),
            relation: oid(row),
            unique: row.flag(),
            usable: row.flag(),
            marks: {
                let marks = ["REPLICA IDENTITY USING INDEX", "CLUSTER ON"];
                marks.into_iter().filter(|_| row.flag()).collect()
            },
            keys: row.number(),
            columns: numbers(&row.text()),
            expressions: row
                .optional()
                .and_then(|it| serde_json::from_str(&it).ok())
                .unwrap_or_default(),
            method: row.text(),
            filter: row.optional(),
            definition: row.text(),
            tablespace: row.optional(),
            is_of_partition: row.flag(),
            quoted: row.text(),
        }
    }

    /// The text, with what the server leaves out of it.
    fn whole(&self) -> String {
        let space = self.tablespace.as_ref().map(|it| format!(" TABLESPACE {it}"));
        format!("{}{}", self.definition, space.unwrap_or_default())
    }
}

impl Reading<'_> {
    pub(super) fn indexes(&mut self, rows: Vec<Row>) {
        for row in rows {
            let read = ReadIndex::of(&mut Cells::of(row));
            // The index of a partition that belongs to its parent's.
            if !read.is_of_partition {
                self.index(&read);
            }
        }
    }

    fn index(&mut self, read: &ReadIndex) {
        let Some(relation) = self.relations.get(&read.relation) else { return };
        let table = relation.name.clone();
        let on = (relation.shown.clone(), relation.kind.is_partitioned());
        let own = key("pg_class", read.id);
        let called = format!("INDEX {}", read.shown);
        let name = crate::schema::Name { name: read.name.clone(), ..table.clone() };
        self.know(own.clone(), name, Some(table.clone()), called);
        let served = self.served.get(&read.id).cloned();
        let serves = served.as_ref().map_or("", |it| it.kind.as_str()).to_owned();
        for word in &read.marks {
            self.note("table option", read.relation, word, format!("{word} {}", read.quoted));
        }
        // The constraint says it all.
        if serves == "x" {
            return;
        }
        let add = |reading: &mut Self, kind: &str| {
            let opaque = Opaque::of_table(kind, &table, &read.name, read.whole());
            reading.add(own.clone(), opaque);
        };
        // What a unique constraint says is lost nowhere, whatever is to be said of its index.
        let sole = served.filter(|it| it.kind == "u" && !it.definition.is_empty());
        let whole_constraint = |reading: &mut Self| {
            if let Some(it) = sole.as_ref().filter(|_| reading.tables.contains_key(&read.relation))
            {
                let opaque = Opaque::of_table(UNIQUE, &table, &it.name, &it.definition);
                reading.add(key("pg_constraint", it.id), opaque);
            }
        };
        if !read.usable {
            whole_constraint(self);
            return add(self, "unusable index");
        }
        if !self.tables.contains_key(&read.relation) {
            // That of a partition's own constraint is the constraint's.
            if serves.is_empty() {
                add(self, "index");
            }
            return;
        }
        let Some((index, says_all)) = self.in_words(read, &on, serves == "p") else {
            whole_constraint(self);
            return add(self, "index");
        };
        let has_more = !says_all || read.tablespace.is_some();
        match serves.as_str() {
            "p" if has_more => add(self, "index of the primary key"),
            "p" => {}
            "u" => {
                let plain = index.columns.iter().all(|it| *it == IndexColumn::new(&it.name));
                if has_more || !plain {
                    add(self, "index of the unique constraint");
                }
                let Some(found) = sole.as_ref() else { return };
                let (unique, says_all) = self.unique(read, index, &found.definition);
                if !says_all {
                    whole_constraint(self);
                }
                if let Some(table) = self.tables.get_mut(&read.relation) {
                    table.uniques.push(unique);
                }
            }
            _ => {
                if has_more {
                    add(self, "details of index");
                }
                if let Some(table) = self.tables.get_mut(&read.relation) {
                    table.indexes.push(index);
                }
            }
        }
    }

    /// The unique constraint that an index keeps, and whether the model's words say all that its
    /// definition says.
    fn unique(&self, read: &ReadIndex, index: Index, definition: &str) -> (Unique, bool) {
        let quoted = |numbers: &[usize]| self.names(read.relation, numbers).1;
        let (own, carried) = read.columns.split_at(read.keys.min(read.columns.len()));
        let nulls = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        let mut plain = format!("UNIQUE{nulls} ({})", quoted(own));
        if !carried.is_empty() {
            plain = format!("{plain} INCLUDE ({})", quoted(carried));
        }
        let deferral = definition.strip_prefix(&plain).and_then(|rest| {
            Deferral::ALL.into_iter().find(|it| super::constraints::deferral_words(*it) == rest)
        });
        let unique = Unique {
            name: index.name,
            columns: index.columns.into_iter().map(|it| it.name).collect(),
            nulls_not_distinct: index.nulls_not_distinct,
            include: index.include,
            deferral: deferral.unwrap_or_default(),
        };
        (unique, deferral.is_some())
    }

    /// The index in the model's words, and whether they say all that the server's text says; `None`
    /// where that text is not understood. What the index of a constraint carries along is the
    /// constraint's to say.
    fn in_words(
        &self,
        read: &ReadIndex,
        on: &(String, bool),
        serves: bool,
    ) -> Option<(Index, bool)> {
        let unique = if read.unique { "UNIQUE " } else { "" };
        let only = if on.1 { "ONLY " } else { "" };
        let (name, on, method) = (&read.quoted, &on.0, &read.method);
        let begin = format!("CREATE {unique}INDEX {name} ON {only}{on} USING {method} (");
        let mut rest = read.definition.strip_prefix(&begin)?;
        let (mut columns, mut says_all) = (Vec::new(), true);
        for (at, number) in read.columns.iter().take(read.keys).enumerate() {
            if at > 0 {
                rest = rest.strip_prefix(", ")?;
            }
            let (text, mut column) = if *number == 0 {
                let text = read.expressions.get(at)?;
                let expression = Some(PerDatabase::all(without_parentheses(text)));
                (text.as_str(), IndexColumn { expression, ..IndexColumn::default() })
            } else {
                let found = self.column_at(read.relation, *number)?;
                (found.quoted.as_str(), IndexColumn::new(&found.name))
            };
            rest = rest.strip_prefix(text)?;
            let end = end_of_part(self.dialect, rest)?;
            says_all &= decorate(self.dialect, &mut column, &rest[..end]);
            rest = &rest[end..];
            columns.push(column);
        }
        rest = rest.strip_prefix(')')?;
        let carried = read.columns.get(read.keys..).unwrap_or_default();
        let (include, names) = self.names(read.relation, carried);
        if !include.is_empty() {
            rest = rest.strip_prefix(&format!(" INCLUDE ({names})"))?;
        }
        let distinct = rest.strip_prefix(" NULLS NOT DISTINCT");
        rest = distinct.unwrap_or(rest);
        let condition = read.filter.as_ref().map(|it| format!(" WHERE {it}")).unwrap_or_default();
        let index = Index {
            name: read.name.clone(),
            columns,
            unique: read.unique,
            nulls_not_distinct: distinct.is_some() && !serves,
            method: Some(read.method.clone()).filter(|it| it != "btree"),
            include: if serves { Vec::new() } else { include },
            filter: read.filter.clone(),
        };
        Some((index, says_all && rest == condition))
    }
}

/// Where the words end that stand behind a column or an expression.
fn end_of_part(dialect: &Dialect, rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for token in lex(dialect, rest) {
        let is = |symbol| token.is_symbol(rest, symbol);
        if depth == 0 && (is(',') || is(')')) {
            return Some(token.range().start);
        }
        if is('(') {
            depth += 1;
        } else if is(')') {
            depth -= 1;
        }
    }
    None
}

/// Takes in what stands behind a column, ` COLLATE "C" text_pattern_ops DESC NULLS LAST`, and says
/// whether that was all of it. The server leaves out what goes without saying.
fn decorate(dialect: &Dialect, column: &mut IndexColumn, text: &str) -> bool {
    let tokens = lex_significant(dialect, text);
    let mut at = 0;
    let name = |at: &mut usize| {
        let mut name = tokens.get(*at)?.name(dialect, text)?;
        *at += 1;
        while tokens.get(*at).is_some_and(|it| it.is_symbol(text, '.')) {
            name = format!("{name}.{}", tokens.get(*at + 1)?.name(dialect, text)?);
            *at += 2;
        }
        Some(name)
    };
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(text, word));
    if is(at, "COLLATE") {
        at += 1;
        column.collation = name(&mut at).map(PerDatabase::all);
    }
    if at < tokens.len() && !is(at, "DESC") && !is(at, "NULLS") {
        column.operator_class = name(&mut at).map(PerDatabase::all);
    }
    if is(at, "DESC") {
        column.direction = Direction::Descending;
        at += 1;
    }
    if is(at, "NULLS") {
        column.nulls = Some(if is(at + 1, "FIRST") { Nulls::First } else { Nulls::Last });
        at += 2;
    }
    at == tokens.len()
}
