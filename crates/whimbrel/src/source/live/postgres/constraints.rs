//! Keys, foreign keys, checks.

use super::{Cells, Oid, Opaque, Reading, Row, key, numbers, oid};
use crate::schema::{Action, Check, Deferral, ForeignKey, Name, PerDatabase};

/// A constraint that is kept by an index.
#[derive(Clone)]
pub(super) struct Served {
    /// `p`, `u` or `x`.
    pub(super) kind: String,
    pub(super) id: Oid,
    pub(super) name: String,
    /// What it says; empty for that of a partition, which is its parent's.
    pub(super) definition: String,
}

/// A row of `constraints.sql`.
struct Constraint {
    id: Oid,
    kind: String,
    name: String,
    quoted: String,
    relation: Oid,
    domain: Oid,
    index: Oid,
    columns: Vec<usize>,
    target: Oid,
    target_shown: String,
    target_columns: Vec<usize>,
    on_update: Action,
    on_delete: Action,
    /// Said of this table itself, and not only of one that it inherits from.
    is_own: bool,
    definition: String,
}

impl Constraint {
    fn of(row: &mut Cells) -> Self {
        Self {
            id: oid(row),
            kind: row.text(),
            name: row.text(),
            quoted: row.text(),
            relation: oid(row),
            domain: oid(row),
            index: oid(row),
            columns: numbers(&row.text()),
            target: oid(row),
            target_shown: row.text(),
            target_columns: numbers(&row.text()),
            on_update: action(&row.text()),
            on_delete: action(&row.text()),
            is_own: row.flag(),
            definition: {
                let parent = oid(row);
                let text = row.text();
                if parent == 0 { text } else { String::new() }
            },
        }
    }
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// The kind of a unique constraint, or of what it says beyond the model's words.
pub(super) const UNIQUE: &str = "unique constraint";

impl Reading<'_> {
    pub(super) fn constraints(&mut self, rows: Vec<Row>) {
        for row in rows {
            self.constraint(&Constraint::of(&mut Cells::of(row)));
        }
    }

    fn constraint(&mut self, read: &Constraint) {
        if read.index != 0 && read.kind != "f" {
            let served = Served {
                kind: read.kind.clone(),
                id: read.id,
                name: read.name.clone(),
                definition: read.definition.clone(),
            };
            self.served.insert(read.index, served);
        }
        if read.domain != 0 {
            let check = (read.id, read.quoted.clone(), read.definition.clone());
            if read.kind == "c" {
                self.domain_checks.entry(read.domain).or_default().push(check);
            }
            return;
        }
        // What a partition has because its parent does.
        if read.definition.is_empty() {
            return;
        }
        let Some(relation) = self.relations.get(&read.relation) else { return };
        let (table, shown) = (relation.name.clone(), relation.shown.clone());
        let called = format!("CONSTRAINT {} ON {shown}", read.quoted);
        let own = key("pg_constraint", read.id);
        self.know(own.clone(), Name::new(&read.name), Some(table.clone()), called);
        let is_model = self.tables.contains_key(&read.relation);
        let kind = match read.kind.as_str() {
            "p" if is_model => return self.primary_key(read),
            "f" if is_model => return self.foreign_key(read),
            "p" => "primary key",
            "f" => "foreign key",
            // Its index says what it is over.
            "u" if is_model => return,
            "u" => UNIQUE,
            "x" => "exclusion constraint",
            "c" if !read.is_own => return,
            "c" if is_model && self.check(read) => return,
            "c" => "check constraint",
            // From PostgreSQL 18 on: one that a comment is on is no more than the column says.
            "n" if read.is_own && read.definition.contains(" NO") => "not null constraint",
            _ => return,
        };
        self.add(own, Opaque::of_table(kind, &table, &read.name, &read.definition));
    }

    fn primary_key(&mut self, read: &Constraint) {
        let (names, quoted) = self.names(read.relation, &read.columns);
        if let Some(table) = self.tables.get_mut(&read.relation) {
            table.primary_key = names;
            if read.definition != format!("PRIMARY KEY ({quoted})") {
                let (name, text) = (&read.name, &read.definition);
                let opaque = Opaque::of_table("primary key", &table.name, name, text);
                self.add(key("pg_constraint", read.id), opaque);
            }
        }
    }

    /// Takes a check that says no more than its condition; `false` for another.
    fn check(&mut self, read: &Constraint) -> bool {
        let condition = read.definition.strip_prefix("CHECK (").and_then(|it| it.strip_suffix(')'));
        let (Some(condition), Some(table)) = (condition, self.tables.get_mut(&read.relation))
        else {
            return false;
        };
        let condition = PerDatabase::all(condition);
        table.checks.push(Check { name: read.name.clone(), condition });
        true
    }

    fn foreign_key(&mut self, read: &Constraint) {
        let (columns, quoted) = self.names(read.relation, &read.columns);
        let (references, quoted_references) = self.names(read.target, &read.target_columns);
        let target = self.relations.get(&read.target).map(|it| it.name.clone());
        // Outside of what is read nothing is known of it but what the constraint says.
        let is_known = target.is_some() && references.len() == columns.len();
        let Some(table) = self.tables.get_mut(&read.relation) else { return };
        let mut plain =
            format!("FOREIGN KEY ({quoted}) REFERENCES {}({quoted_references})", read.target_shown);
        let said = [("UPDATE", read.on_update), ("DELETE", read.on_delete)];
        for (what, action) in said.into_iter().filter(|(_, it)| *it != Action::NoAction) {
            plain = format!("{plain} ON {what} {}", words(action));
        }
        let deferral = Deferral::ALL
            .into_iter()
            .find(|it| read.definition.strip_prefix(&plain) == Some(deferral_words(*it)));
        if deferral.is_none() {
            let opaque = Opaque::of_table("foreign key", &table.name, &read.name, &read.definition);
            self.opaque.push((Some(key("pg_constraint", read.id)), opaque));
        }
        if let (Some(target), true) = (target, is_known) {
            table.foreign_keys.push(ForeignKey {
                references,
                on_delete: read.on_delete,
                on_update: read.on_update,
                deferral: deferral.unwrap_or_default(),
                ..ForeignKey::new(&read.name, columns, target)
            });
        }
    }

    /// The names of columns by their numbers, and the same as the server would write them.
    pub(super) fn names(&self, relation: Oid, columns: &[usize]) -> (Vec<String>, String) {
        let found: Vec<_> = columns.iter().filter_map(|it| self.column_at(relation, *it)).collect();
        let quoted: Vec<_> = found.iter().map(|it| it.quoted.as_str()).collect();
        (found.iter().map(|it| it.name.clone()).collect(), quoted.join(", "))
    }
}

/// What stands behind a constraint that is looked at then.
pub(super) const fn deferral_words(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::Never => "",
        Deferral::Allowed => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn words(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}
