//! Primary keys and indexes.

use super::{Reading, ask};
use crate::{
    connection::{Connection, DatabaseError},
    schema::{Direction, Index, IndexColumn, Name, PerDatabase},
    sql::without_parentheses,
};

/// An index as far as it is read.
struct Found {
    unique: bool,
    /// `BTREE`, `HASH`, `FULLTEXT`, `SPATIAL`, `VECTOR`.
    kind: String,
    comment: String,
    hidden: Option<String>,
    columns: Vec<IndexColumn>,
    /// Its parts as SQL writes them.
    parts: Vec<String>,
}

impl Reading<'_> {
    pub(super) fn indexes(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, INDEX_TYPE, INDEX_COMMENT, {}, \
             COLUMN_NAME, COLLATION, SUB_PART, {} \
             FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = {} \
             ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
            self.words.hidden_index,
            (self.words.expression)(self.words.indexed),
            self.here()
        );
        let mut current: Option<(Name, String, Found)> = None;
        for mut row in ask(connection, &query)? {
            let (table, name) = (self.name(&row.text()), row.text());
            if !self.tables.contains_key(&table) {
                continue;
            }
            let unique = row.text() == "0";
            let (kind, comment, hidden) = (row.text(), row.text(), row.optional());
            let is_next = current.as_ref().is_none_or(|it| it.0 != table || it.1 != name);
            if is_next {
                if let Some((table, name, found)) = current.take() {
                    self.index(&table, name, found);
                }
                let (columns, parts) = (Vec::new(), Vec::new());
                let found = Found { unique, kind, comment, hidden, columns, parts };
                current = Some((table, name, found));
            }
            if let Some((_, _, found)) = &mut current {
                self.part(found, row.optional(), &row.text(), row.optional(), row.optional());
            }
        }
        if let Some((table, name, found)) = current {
            self.index(&table, name, found);
        }
        for table in self.tables.values_mut() {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(())
    }

    fn part(
        &self,
        found: &mut Found,
        column: Option<String>,
        order: &str,
        cut: Option<String>,
        expression: Option<String>,
    ) {
        let direction = if order == "D" { Direction::Descending } else { Direction::Ascending };
        let behind = if order == "D" { " DESC" } else { "" };
        // A spatial index always says a length, which means nothing.
        let prefix = cut.filter(|_| found.kind != "SPATIAL").and_then(|it| it.parse().ok());
        let cut = prefix.map(|it: u32| format!("({it})")).unwrap_or_default();
        let part = IndexColumn { direction, prefix, ..IndexColumn::default() };
        match (column, expression) {
            (Some(column), _) => {
                found.parts.push(format!("{}{cut}{behind}", self.dialect.quote(&column)));
                found.columns.push(IndexColumn { name: column, ..part });
            }
            (None, expression) => {
                let expression = expression.unwrap_or_default();
                found.parts.push(format!("({expression}){behind}"));
                let expression = Some(PerDatabase::all(without_parentheses(&expression)));
                found.columns.push(IndexColumn { expression, ..part });
            }
        }
    }

    fn index(&mut self, table: &Name, name: String, found: Found) {
        let is_key = name == "PRIMARY";
        let word = match found.kind.as_str() {
            it @ ("FULLTEXT" | "SPATIAL" | "VECTOR") => Some(it.to_owned()),
            _ => None,
        };
        let before = word
            .clone()
            .unwrap_or_else(|| if found.unique { "UNIQUE".to_owned() } else { String::new() });
        let before = if before.is_empty() { before } else { format!("{before} ") };
        let parts = found.parts.join(", ");
        let whole = if is_key {
            format!("PRIMARY KEY ({parts})")
        } else {
            format!("{before}INDEX {} ({parts})", self.dialect.quote(&name))
        };
        if let Some(hidden) = &found.hidden {
            self.note("hidden index", table, &name, hidden.clone());
        }
        if !found.comment.is_empty() {
            let comment = format!("COMMENT {}", self.dialect.literal(&found.comment));
            self.note("comment of index", table, &name, comment);
        }
        if let Some(word) = word {
            self.note(&format!("{} index", word.to_lowercase()), table, &name, whole);
            return;
        }
        let cut = is_key && found.columns.iter().any(|it| it.prefix.is_some());
        let turned = is_key && found.columns.iter().any(|it| it.direction != Direction::Ascending);
        if cut {
            self.note("key of prefixes", table, &name, whole);
        } else if turned {
            self.note("descending key", table, &name, whole);
        }
        // InnoDB takes the word and makes a tree (manual, "CREATE INDEX Statement").
        let takes_words = self.about.get(table).is_some_and(|it| it.engine != "InnoDB");
        let method = (found.kind == "HASH" && takes_words).then(|| "hash".to_owned());
        let Some(owner) = self.tables.get_mut(table) else { return };
        if is_key {
            owner.primary_key = found.columns.into_iter().map(|it| it.name).collect();
            return;
        }
        let (columns, unique) = (found.columns, found.unique);
        owner.indexes.push(Index { name, columns, unique, method, ..Index::default() });
    }
}
