//! Indexes. What the model says of one is written as the server would write it; where the server
//! writes something else, the index has more to it, and that is told with its whole text.

use super::{Cells, Oid, Opaque, Reading, Row, key, numbers, oid};
use crate::schema::{Direction, Index, IndexColumn};

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
    options: Vec<usize>,
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
            options: numbers(&row.text()),
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
        let serves = self.served.get(&read.id).map_or("", |it| it.kind.as_str()).to_owned();
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
        if !read.usable {
            return add(self, "unusable index");
        }
        if !self.tables.contains_key(&read.relation) {
            // That of a partition's own constraint is the constraint's.
            if serves.is_empty() {
                add(self, "index");
            }
            return;
        }
        let Some((index, plain)) = self.in_words(read, &on, !serves.is_empty()) else {
            return add(self, "index");
        };
        let has_more = plain != read.definition || read.tablespace.is_some();
        match serves.as_str() {
            "p" if has_more => add(self, "index of the primary key"),
            "p" => {}
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

    /// The index in the model's words, and the text that the server has for an index that is
    /// nothing more; `None` for one over an expression. What the index of a constraint carries
    /// along is the constraint's to say.
    fn in_words(
        &self,
        read: &ReadIndex,
        on: &(String, bool),
        serves: bool,
    ) -> Option<(Index, String)> {
        let mut columns = Vec::new();
        let mut texts = Vec::new();
        for (at, number) in read.columns.iter().take(read.keys).enumerate() {
            let column = self.column_at(read.relation, *number)?;
            let is_descending = read.options.get(at).is_some_and(|it| it & 1 == 1);
            let (direction, word) = if is_descending {
                (Direction::Descending, " DESC")
            } else {
                (Direction::Ascending, "")
            };
            texts.push(format!("{}{word}", column.quoted));
            columns.push(IndexColumn { name: column.name.clone(), direction });
        }
        let unique = if read.unique { "UNIQUE " } else { "" };
        let only = if on.1 { "ONLY " } else { "" };
        let carried = read.columns.get(read.keys..).unwrap_or_default();
        let carried = match self.names(read.relation, carried).1 {
            names if serves && !names.is_empty() => format!(" INCLUDE ({names})"),
            _ => String::new(),
        };
        let condition = read.filter.as_ref().map(|it| format!(" WHERE {it}")).unwrap_or_default();
        let plain = format!(
            "CREATE {unique}INDEX {} ON {only}{} USING {} ({}){carried}{condition}",
            read.quoted,
            on.0,
            read.method,
            texts.join(", ")
        );
        let method = Some(read.method.clone()).filter(|it| it != "btree");
        let (name, filter) = (read.name.clone(), read.filter.clone());
        Some((Index { name, columns, unique: read.unique, method, filter }, plain))
    }
}
