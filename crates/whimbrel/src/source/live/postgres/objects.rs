//! Sequences, routines, what hangs on tables, and every other kind of object.

use super::{Cells, Oid, Opaque, Reading, Row, key, oid};
use crate::schema::{Identity, Name};

/// A sequence.
pub(super) struct Sequence {
    pub(super) id: Oid,
    pub(super) name: Name,
    shown: String,
    data_type: String,
    start: i128,
    increment: i128,
    least: i128,
    greatest: i128,
    cache: i128,
    cycles: bool,
    unlogged: bool,
}

impl Sequence {
    /// The default of a column that it numbers, as the server writes it.
    pub(super) fn next(&self) -> String {
        format!("nextval('{}'::regclass)", self.shown.replace('\'', "''"))
    }

    /// What differs from a sequence that was asked for by no more than a column of this type.
    pub(super) fn options(&self, data_type: &str) -> String {
        let usual = if self.increment > 0 { self.least } else { self.greatest };
        let numbers = [("START WITH", self.start, usual), ("INCREMENT BY", self.increment, 1)];
        let (least, greatest) = self.usual_ends(1, -1);
        self.said(data_type, &numbers, least, greatest)
    }

    /// Where it begins and how it goes on, and what else differs from a sequence that was asked for
    /// by no more than that and a column of this type.
    pub(super) fn identity(&self, data_type: &str) -> (Identity, String) {
        let number = |it: i128| i64::try_from(it).ok();
        let (start, increment) = (number(self.start), number(self.increment));
        let identity = Identity { always: false, start, increment }.plain();
        // A start before the usual end moves that.
        let (least, greatest) = self.usual_ends(self.start.min(1), self.start.max(-1));
        (identity, self.said(data_type, &[], least, greatest))
    }

    /// The least and the greatest number, where numbers go up from `up`, or down from `down`.
    fn usual_ends(&self, up: i128, down: i128) -> (i128, i128) {
        let top = match self.data_type.as_str() {
            "smallint" => i128::from(i16::MAX),
            "integer" => i128::from(i32::MAX),
            _ => i128::from(i64::MAX),
        };
        if self.increment > 0 { (up, top) } else { (-top - 1, down) }
    }

    fn said(
        &self,
        data_type: &str,
        numbers: &[(&str, i128, i128)],
        least: i128,
        greatest: i128,
    ) -> String {
        let mut text = String::new();
        if self.data_type != data_type {
            text = format!(" AS {}", self.data_type);
        }
        let ends = [
            ("MINVALUE", self.least, least),
            ("MAXVALUE", self.greatest, greatest),
            ("CACHE", self.cache, 1),
        ];
        for (word, value, usual) in numbers.iter().copied().chain(ends) {
            if value != usual {
                text = format!("{text} {word} {value}");
            }
        }
        if self.cycles {
            text.push_str(" CYCLE");
        }
        text
    }

    pub(super) fn definition(&self) -> String {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        format!("CREATE {unlogged}SEQUENCE {}{}", self.shown, self.options("bigint"))
    }
}

fn long(row: &mut Cells) -> i128 {
    row.text().parse().unwrap_or(0)
}

impl Reading<'_> {
    pub(super) fn sequences(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let id = oid(&mut row);
            let name = self.scope.name(&row.text(), &row.text());
            let shown = row.text();
            let sequence = Sequence {
                id,
                name: name.clone(),
                shown: shown.clone(),
                data_type: row.text(),
                start: long(&mut row),
                increment: long(&mut row),
                least: long(&mut row),
                greatest: long(&mut row),
                cache: long(&mut row),
                cycles: row.flag(),
                unlogged: row.text() == "u",
            };
            let owner = row.optional().map(|_| (oid(&mut row), row.number()));
            self.know(key("pg_class", id), name.clone(), None, format!("SEQUENCE {shown}"));
            if let Some(owner) = owner {
                self.owned.entry(owner).or_default().push(sequence);
            } else {
                let opaque = Opaque::new("sequence", name, sequence.definition());
                self.add(key("pg_class", id), opaque);
            }
        }
    }

    /// The sequences that belong to columns of something that the model doesn't have as a table,
    /// or that isn't read.
    pub(super) fn other_sequences(&mut self) {
        for ((relation, _), sequences) in std::mem::take(&mut self.owned) {
            let table = self.relations.get(&relation).map(|it| it.name.clone());
            for sequence in sequences {
                let name = sequence.name.clone();
                let opaque = Opaque::new("sequence", name, sequence.definition());
                self.add(key("pg_class", sequence.id), Opaque { table: table.clone(), ..opaque });
            }
        }
    }

    pub(super) fn routines(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let (id, letter) = (oid(&mut row), row.text());
            let (namespace, name, arguments) = (row.text(), row.text(), row.text());
            let (shown, text) = (row.text(), row.text());
            let name = self.scope.name(&namespace, &format!("{name}({arguments})"));
            let (kind, word) = match letter.as_str() {
                "p" => ("procedure", "PROCEDURE"),
                "a" => ("aggregate", "AGGREGATE"),
                "w" => ("window function", "FUNCTION"),
                _ => ("function", "FUNCTION"),
            };
            let own = key("pg_proc", id);
            self.know(own.clone(), name.clone(), None, format!("{word} {shown}"));
            self.add(own, Opaque::new(kind, name, text.trim_end()));
        }
    }

    pub(super) fn hanging(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let (kind, id, relation) = (row.text(), oid(&mut row), oid(&mut row));
            let (name, quoted, enabled) = (row.text(), row.text(), row.text());
            let text = row.text();
            let Some(on) = self.relations.get(&relation) else { continue };
            let (catalog, word) = match kind.as_str() {
                "trigger" => ("pg_trigger", "TRIGGER"),
                "rule" => ("pg_rewrite", "RULE"),
                _ => ("pg_policy", "POLICY"),
            };
            let state = match enabled.as_str() {
                "D" => Some("DISABLE"),
                "R" => Some("ENABLE REPLICA"),
                "A" => Some("ENABLE ALWAYS"),
                _ => None,
            };
            let text = text.trim_end_matches(';');
            let text = match state {
                Some(state) => format!("{text}; ALTER TABLE {} {state} {word} {quoted}", on.shown),
                None => text.to_owned(),
            };
            let (table, called) = (on.name.clone(), format!("{word} {quoted} ON {}", on.shown));
            let own = key(catalog, id);
            self.know(own.clone(), Name::new(&name), Some(table.clone()), called);
            self.add(own, Opaque::of_table(&kind, &table, name, text));
        }
    }

    pub(super) fn rest(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let (catalog, id, kind) = (row.text(), oid(&mut row), row.text());
            let (namespace, name, shown) = (row.optional(), row.text(), row.text());
            let (relation, text) = (row.optional(), row.text());
            let name = match namespace {
                Some(namespace) => self.scope.name(&namespace, &name),
                None => Name::new(name),
            };
            let relation = relation.and_then(|it| it.parse().ok());
            let table = match relation.map(|it: Oid| self.relations.get(&it)) {
                None => None,
                Some(Some(relation)) => Some(relation.name.clone()),
                Some(None) => continue,
            };
            let own = (catalog, id);
            let called = match kind.as_str() {
                "foreign server" => format!("SERVER {shown}"),
                _ => format!("{} {shown}", kind.to_uppercase()),
            };
            self.know(own.clone(), name.clone(), table.clone(), called);
            if kind == "schema" {
                self.namespaces.insert(name.name);
                continue;
            }
            self.add(own, Opaque { table, ..Opaque::new(&kind, name, text) });
        }
    }
}
