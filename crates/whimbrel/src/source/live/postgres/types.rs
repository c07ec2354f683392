//! Types that users made: enums, domains, composite types, ranges.

use super::{Cells, Opaque, Reading, Row, key, list, oid};
use crate::schema::{ColumnType, Enumeration};

impl Reading<'_> {
    /// The enums, which the types of columns speak of.
    pub(super) fn enums(&mut self, rows: &[Row]) {
        for row in rows {
            let mut row = Cells::of(row.clone());
            let (_, letter) = (oid(&mut row), row.text());
            let name = self.scope.name(&row.text(), &row.text());
            let (shown, _, _) = (row.text(), oid(&mut row), oid(&mut row));
            let values = list(row.optional());
            // One without values holds nothing, and there is no word for it.
            if letter == "e" && !values.is_empty() {
                self.enums.insert(shown, Enumeration { name, values });
            }
        }
    }

    /// The type that a spelling of the catalog means.
    pub(super) fn type_of(&self, spelled: &str) -> ColumnType {
        let of = spelled.trim_end_matches("[]");
        let Some(found) = self.enums.get(of) else {
            return (self.dialect.types.read)(spelled);
        };
        let lists = (spelled.len() - of.len()) / "[]".len();
        let (name, values) = (found.name.clone(), found.values.clone());
        (0..lists).fold(ColumnType::Enum { name: Box::new(name), values }, |of, _| {
            let of = Box::new(of);
            ColumnType::Array { of }
        })
    }

    pub(super) fn types(&mut self, rows: Vec<Row>) {
        for row in rows {
            self.read_type(&mut Cells::of(row));
        }
    }

    fn read_type(&mut self, row: &mut Cells) {
        let (id, letter) = (oid(row), row.text());
        let name = self.scope.name(&row.text(), &row.text());
        let shown = row.text();
        let (array, relation) = (oid(row), oid(row));
        let (_, base, collation) = (row.optional(), row.text(), row.optional());
        let (default, required) = (row.optional(), row.flag());
        let details = row.text();
        let own = key("pg_type", id);
        self.aliases.insert(array, own.clone());
        let (kind, text) = match letter.as_str() {
            // The schema has a word for it.
            "e" if self.enums.contains_key(&shown) => {
                self.know(own, name, None, format!("TYPE {shown}"));
                return;
            }
            "e" => ("enum type", format!("CREATE TYPE {shown} AS ENUM ()")),
            "d" => {
                let mut text = format!("CREATE DOMAIN {shown} AS {base}");
                let clauses = [
                    collation.map(|it| format!("COLLATE {it}")),
                    default.map(|it| format!("DEFAULT {it}")),
                    required.then(|| "NOT NULL".to_owned()),
                ];
                for clause in clauses.into_iter().flatten() {
                    text = format!("{text} {clause}");
                }
                let checks = self.domain_checks.remove(&id).unwrap_or_default();
                for (constraint, quoted, definition) in checks {
                    text = format!("{text} CONSTRAINT {quoted} {definition}");
                    let called = format!("CONSTRAINT {quoted} ON DOMAIN {shown}");
                    self.know(key("pg_constraint", constraint), name.clone(), None, called);
                }
                ("domain", text)
            }
            "c" => {
                let columns = self.columns.get(&relation).map(Vec::as_slice).unwrap_or_default();
                let columns: Vec<_> = columns.iter().map(|it| self.column_text(it)).collect();
                // What stands on its columns stands on it.
                self.aliases.insert(id, own.clone());
                let text = format!("CREATE TYPE {shown} AS ({})", columns.join(", "));
                ("composite type", text)
            }
            "r" => ("range type", format!("CREATE TYPE {shown} AS RANGE ({details})")),
            _ => ("base type", format!("CREATE TYPE {shown} ({details})")),
        };
        let word = if letter == "d" { "DOMAIN" } else { "TYPE" };
        self.know(own.clone(), name.clone(), None, format!("{word} {shown}"));
        self.add(own, Opaque::new(kind, name, text));
    }
}
