//! Types that users made: enums, domains, composite types, ranges.

use super::{Cells, Opaque, Reading, Row, key, oid};

impl Reading<'_> {
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
        let (labels, base, collation) = (row.optional(), row.text(), row.optional());
        let (default, required) = (row.optional(), row.flag());
        let details = row.text();
        let own = key("pg_type", id);
        self.aliases.insert(array, own.clone());
        let (kind, text) = match letter.as_str() {
            "e" => {
                let labels = labels.unwrap_or_default();
                ("enum type", format!("CREATE TYPE {shown} AS ENUM ({labels})"))
            }
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
