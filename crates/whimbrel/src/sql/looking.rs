//! How to tell from the catalog that a statement has had its effect, read from its words.

use super::words::Words;
use crate::{
    dialect::{After, Look, Namespaces, Object},
    schema::Name,
};

pub(super) fn created_table(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let table = words.name()?;
    // A table that is filled at once may be there before its rows are.
    let filled = ["AS", "SELECT", "VALUES", "TABLE"].iter().any(|it| words.any_outside(it));
    (!filled).then(|| vec![look(Object::Table(table), After::Present)])
}

/// The namespaces that come or go, where the word is the database's word for one.
pub(super) fn namespaces(words: &mut Words<'_>, word: &str, after: &After) -> Option<Vec<Look>> {
    match words.dialect.namespaces {
        Namespaces::Databases { .. } => {}
        Namespaces::Schemas if word == "SCHEMA" => {}
        Namespaces::Schemas | Namespaces::Unsupported { .. } => return None,
    }
    // One that has the name of a role.
    if words.next_are(&["AUTHORIZATION"]) {
        return None;
    }
    let mut looks = Vec::new();
    loop {
        looks.push(look(Object::Namespace(words.identifier()?), after.clone()));
        if !words.take_symbol(',') {
            break;
        }
    }
    words.take_one_of(&["CASCADE", "RESTRICT"]);
    (*after == After::Present || words.at_end()).then_some(looks)
}

/// `name ON [ONLY] table`; an index without a name can't be looked at.
pub(super) fn created_index(words: &mut Words<'_>) -> Option<Vec<Look>> {
    if words.next_are(&["ON"]) {
        return None;
    }
    let index = words.name()?;
    // MySQL has the method between the name and the table.
    if words.take(&["USING"]) {
        words.at += 1;
    }
    if !words.take(&["ON"]) {
        return None;
    }
    words.take(&["ONLY"]);
    let mut table = words.name()?;
    // SQLite names the namespace with the index.
    if table.namespace.is_none() {
        table.namespace = index.namespace;
    }
    Some(vec![look(Object::Index(table, index.name), After::Present)])
}

pub(super) fn dropped_table(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let mut looks = Vec::new();
    loop {
        looks.push(look(Object::Table(words.name()?), After::Absent));
        if !words.take_symbol(',') {
            break;
        }
    }
    words.take_one_of(&["CASCADE", "RESTRICT"]);
    words.at_end().then_some(looks)
}

pub(super) fn created_view(words: &mut Words<'_>, materialized: bool) -> Option<Vec<Look>> {
    Some(vec![look(view(words.name()?, materialized), After::Present)])
}

/// One view: of several some servers drop one after the other.
pub(super) fn dropped_view(words: &mut Words<'_>, materialized: bool) -> Option<Vec<Look>> {
    let view = view(words.name()?, materialized);
    words.take_one_of(&["CASCADE", "RESTRICT"]);
    words.at_end().then(|| vec![look(view, After::Absent)])
}

fn view(name: Name, materialized: bool) -> Object {
    if materialized { Object::MaterializedView(name) } else { Object::View(name) }
}

/// `name ON table`, or the name alone where indexes have names of their own.
pub(super) fn dropped_index(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let index = words.name()?;
    if words.take(&["ON"]) {
        return Some(vec![look(Object::Index(words.name()?, index.name), After::Absent)]);
    }
    words.take_one_of(&["CASCADE", "RESTRICT"]);
    words.at_end().then(|| vec![look(Object::LoneIndex(index), After::Absent)])
}

/// `[(options)] INDEX | TABLE [CONCURRENTLY] name`: one that dies leaves indexes behind.
pub(super) fn rebuilt(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let is_concurrent = words.any("CONCURRENTLY");
    if words.take_symbol('(') {
        while !words.take_symbol(')') {
            if words.at_end() {
                return None;
            }
            words.at += 1;
        }
    }
    if !is_concurrent || !words.take_one_of(&["INDEX", "TABLE"]) {
        return None;
    }
    words.take(&["CONCURRENTLY"]);
    let name = words.name()?;
    words.at_end().then(|| vec![look(Object::Leftovers(name), After::Absent)])
}

/// `PARTITION name CONCURRENTLY`, behind `DETACH`.
fn detached(clause: &mut Words<'_>, table: &Name) -> Option<Vec<Look>> {
    let partition = clause.take(&["PARTITION"]).then(|| clause.name())??;
    // One of the two names may be found elsewhere than the other.
    let clear = table.namespace.is_some() == partition.namespace.is_some();
    clear.then(|| vec![look(Object::Partition(table.clone(), partition), After::Absent)])
}

/// `TYPE name ADD VALUE [IF NOT EXISTS] 'value' [BEFORE | AFTER 'other']`
pub(super) fn added_value(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let name = words.name()?;
    if !words.take(&["ADD", "VALUE"]) {
        return None;
    }
    words.take(&["IF", "NOT", "EXISTS"]);
    let value = words.string()?;
    Some(vec![look(Object::EnumValue(name, value), After::Present)])
}

/// Every name may stand there once: where names are swapped, all tables are there before and
/// after.
pub(super) fn renamed(words: &mut Words<'_>) -> Option<Vec<Look>> {
    let mut looks: Vec<Look> = Vec::new();
    loop {
        let from = words.name()?;
        let to = words.take(&["TO"]).then(|| words.name())??;
        // Which namespace an unnamed one is differs between databases if the other is named.
        if from.namespace.is_some() != to.namespace.is_some() {
            return None;
        }
        looks.extend(table_renamed(from, to));
        if !words.take_symbol(',') {
            break;
        }
    }
    let twice =
        (1..looks.len()).any(|at| looks[..at].iter().any(|it| it.object == looks[at].object));
    (words.at_end() && !twice).then_some(looks)
}

fn table_renamed(from: Name, to: Name) -> Vec<Look> {
    vec![look(Object::Table(from), After::Absent), look(Object::Table(to), After::Present)]
}

/// How to tell that one clause of `ALTER TABLE` has had its effect.
pub(super) fn altered(clause: &mut Words<'_>, table: &Name) -> Option<Vec<Look>> {
    let first = clause.peek();
    clause.at += 1;
    match first.as_str() {
        "ADD" => added(clause, table),
        "DROP" => dropped(clause, table).map(|it| vec![it]),
        "RENAME" => renamed_in(clause, table),
        "DETACH" => detached(clause, table),
        "CHANGE" => {
            clause.take(&["COLUMN"]);
            let (from, to) = (clause.identifier()?, clause.identifier()?);
            column_renamed(table, from, to)
        }
        _ => None,
    }
}

fn column_renamed(table: &Name, from: String, to: String) -> Option<Vec<Look>> {
    // Databases that keep a name's case still don't tell two columns apart by it.
    if from.eq_ignore_ascii_case(&to) {
        return None;
    }
    let column = |name| Object::Column(table.clone(), name);
    Some(vec![look(column(from), After::Absent), look(column(to), After::Present)])
}

fn renamed_in(clause: &mut Words<'_>, table: &Name) -> Option<Vec<Look>> {
    if clause.take_one_of(&["TO", "AS"]) {
        let to = clause.name()?;
        let clear = clause.at_end() && table.namespace.is_some() == to.namespace.is_some();
        return clear.then(|| table_renamed(table.clone(), to));
    }
    if clause.take_one_of(&["INDEX", "KEY"]) {
        let from = clause.identifier()?;
        let to = clause.take(&["TO"]).then(|| clause.identifier())??;
        let index = |name| Object::Index(table.clone(), name);
        return Some(vec![look(index(from), After::Absent), look(index(to), After::Present)]);
    }
    if clause.next_are(&["CONSTRAINT"]) {
        return None;
    }
    clause.take(&["COLUMN"]);
    let from = clause.identifier()?;
    let to = clause.take(&["TO"]).then(|| clause.identifier())??;
    column_renamed(table, from, to).filter(|_| clause.at_end())
}

/// Words that say that something else than a column is added or dropped.
const NO_COLUMN: &[&str] = &[
    "CHECK",
    "CONSTRAINT",
    "EXCLUDE",
    "FOREIGN",
    "FULLTEXT",
    "INDEX",
    "KEY",
    "PARTITION",
    "PERIOD",
    "PRIMARY",
    "SPATIAL",
    "SYSTEM",
    "UNIQUE",
    "VECTOR",
];

fn added(clause: &mut Words<'_>, table: &Name) -> Option<Vec<Look>> {
    let what = clause.peek();
    if !NO_COLUMN.contains(&what.as_str()) {
        clause.take(&["COLUMN"]);
        clause.take(&["IF", "NOT", "EXISTS"]);
        let column = Object::Column(table.clone(), clause.identifier()?);
        return Some(vec![look(column, After::Present)]);
    }
    let mut constraint = None;
    if clause.take(&["CONSTRAINT"]) {
        clause.take(&["IF", "NOT", "EXISTS"]);
        let unnamed = ["UNIQUE", "FOREIGN", "PRIMARY", "CHECK"].contains(&clause.peek().as_str());
        constraint = if unnamed { None } else { clause.identifier() };
    }
    if clause.take(&["FOREIGN", "KEY"]) {
        let key = Object::ForeignKey(table.clone(), constraint?);
        return Some(vec![look(key, After::Present)]);
    }
    if clause.next_are(&["CHECK"]) {
        let check = Object::Constraint(table.clone(), constraint?);
        return Some(vec![look(check, After::Present)]);
    }
    let special = clause.take_one_of(&["UNIQUE", "FULLTEXT", "SPATIAL"]);
    let index = clause.take_one_of(&["INDEX", "KEY"]);
    if !special && !index || clause.next_are(&["USING", "INDEX"]) {
        return None;
    }
    clause.take(&["IF", "NOT", "EXISTS"]);
    let distinct = [&["NULLS", "NOT"][..], &["NULLS", "DISTINCT"]];
    let unnamed = clause.next_is('(')
        || clause.next_are(&["USING"])
        || distinct.iter().any(|it| clause.next_are(it));
    let name = if unnamed { constraint? } else { clause.identifier()? };
    Some(vec![look(Object::Index(table.clone(), name), After::Present)])
}

fn dropped(clause: &mut Words<'_>, table: &Name) -> Option<Look> {
    let what = clause.peek();
    let object: fn(Name, String) -> Object = match what.as_str() {
        "INDEX" | "KEY" => Object::Index,
        // A constraint of another sort is no foreign key before, nor after: the look decides
        // nothing then, and nothing wrongly.
        "FOREIGN" | "CONSTRAINT" => Object::ForeignKey,
        it if NO_COLUMN.contains(&it) => return None,
        _ => Object::Column,
    };
    clause.take(&["FOREIGN"]);
    clause.take_one_of(&["KEY", "INDEX", "CONSTRAINT", "COLUMN"]);
    clause.take(&["IF", "EXISTS"]);
    let name = clause.identifier()?;
    clause.take_one_of(&["CASCADE", "RESTRICT"]);
    clause.at_end().then(|| look(object(table.clone(), name), After::Absent))
}

fn look(object: Object, after: After) -> Look {
    Look { object, after }
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::{After, Dialect, Look, MYSQL, Object, POSTGRES, SQLITE},
        sql::classify::classify,
    };

    /// The looks of a statement: `+ users.email` for what is there afterwards, `-` for what is gone.
    fn looks(dialect: &Dialect, statement: &str) -> String {
        let one = |it: &Look| {
            let sign = if it.after == After::Absent { '-' } else { '+' };
            match &it.object {
                Object::Table(table) => format!("{sign} {table}"),
                Object::Column(table, name) => format!("{sign} {table}.{name}"),
                Object::Index(table, name) => format!("{sign} {table} index {name}"),
                Object::ForeignKey(table, name) => format!("{sign} {table} key {name}"),
                Object::Constraint(table, name) => format!("{sign} {table} constraint {name}"),
                Object::PrimaryKey(table) => format!("{sign} {table} key"),
                Object::LoneIndex(name) => format!("{sign} index {name}"),
                Object::Routine(name) => format!("{sign} {name}"),
                Object::Type(name) => format!("{sign} type {name}"),
                Object::Namespace(name) => format!("{sign} namespace {name}"),
                Object::View(name) | Object::MaterializedView(name) => {
                    format!("{sign} view {name}")
                }
                Object::EnumValue(name, value) => format!("{sign} {name} value {value}"),
                Object::Partition(table, name) => format!("{sign} {table} partition {name}"),
                Object::AutoUpdate(table, name) => format!("{sign} {table} update {name}"),
                Object::Function(name) => format!("{sign} function {name}"),
                Object::Leftovers(name) => format!("{sign} leftovers of {name}"),
            }
        };
        let looks: Vec<_> = classify(dialect, statement).looks.iter().map(one).collect();
        looks.join(", ")
    }

    #[test]
    fn plain_schema_changes_can_be_looked_at() {
        let cases = [
            ("CREATE TABLE IF NOT EXISTS `A b` (c INT) ENGINE=InnoDB", "+ A b"),
            ("CREATE TABLE x.a (c INT)", "+ x.a"),
            ("DROP TABLE IF EXISTS a CASCADE", "- a"),
            ("CREATE DATABASE `a b` CHARACTER SET utf8mb4", "+ namespace a b"),
            ("DROP SCHEMA a", "- namespace a"),
            ("DROP TABLE a, x.b", "- a, - x.b"),
            ("RENAME TABLE a TO b, c TO d", "- a, + b, - c, + d"),
            (
                "ALTER TABLE a ADD b INT, ADD INDEX i (b), DROP COLUMN c",
                "+ a.b, + a index i, - a.c",
            ),
            ("ALTER TABLE a ADD b INT, MODIFY c BIGINT", "+ a.b"),
            ("ALTER TABLE a ADD PRIMARY KEY (b), ADD c INT", "+ a.c"),
            ("ALTER TABLE a DROP b, ADD b BIGINT, DROP c", "- a.c"),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT, ADD c INT", "+ a.c"),
            ("ALTER TABLE a DROP b, RENAME TO c", "- a, + c"),
            ("ALTER TABLE a RENAME COLUMN b TO c, DROP d", "- a.b, + a.c, - a.d"),
            ("CREATE UNIQUE INDEX i USING BTREE ON a (b)", "+ a index i"),
            ("DROP INDEX i ON a ALGORITHM=INPLACE", "- a index i"),
            ("ALTER TABLE a ADD COLUMN b DECIMAL(1, 2) AFTER c, ALGORITHM=INPLACE", "+ a.b"),
            ("ALTER TABLE a ADD `key` INT", "+ a.key"),
            ("ALTER TABLE a DROP COLUMN b", "- a.b"),
            ("ALTER TABLE a DROP b", "- a.b"),
            ("ALTER TABLE a RENAME TO b", "- a, + b"),
            ("RENAME TABLE a TO b", "- a, + b"),
            ("ALTER TABLE a RENAME COLUMN b TO c", "- a.b, + a.c"),
            ("ALTER TABLE a CHANGE b c INT NOT NULL", "- a.b, + a.c"),
            ("ALTER TABLE a RENAME INDEX b TO c", "- a index b, + a index c"),
            ("ALTER TABLE a ADD UNIQUE KEY k (b)", "+ a index k"),
            ("ALTER TABLE a ADD CONSTRAINT c UNIQUE (b)", "+ a index c"),
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", "+ a constraint c"),
            ("ALTER TABLE a ADD CONSTRAINT c UNIQUE KEY k (b)", "+ a index k"),
            ("ALTER TABLE a ADD FULLTEXT INDEX k (b)", "+ a index k"),
            ("ALTER TABLE a DROP INDEX k", "- a index k"),
            ("ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (e)", "+ a key c"),
            ("ALTER TABLE a DROP FOREIGN KEY c", "- a key c"),
            ("ALTER TABLE a DROP CONSTRAINT c", "- a key c"),
            ("CREATE VIEW x.`V` AS SELECT 1", "+ view x.V"),
            (
                "CREATE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v (a) AS SELECT 1",
                "+ view v",
            ),
            ("DROP VIEW IF EXISTS v RESTRICT", "- view v"),
        ];
        for (statement, wanted) in cases {
            assert_eq!(looks(&MYSQL, statement), wanted, "{statement}");
        }
        let distinct = "ALTER TABLE a ADD CONSTRAINT c UNIQUE NULLS NOT DISTINCT (b)";
        assert_eq!(looks(&POSTGRES, distinct), "+ a index c");
        let view = "CREATE MATERIALIZED VIEW IF NOT EXISTS V AS SELECT 1";
        assert_eq!(looks(&POSTGRES, view), "+ view v");
        let concurrently = "CREATE INDEX CONCURRENTLY IF NOT EXISTS I ON ONLY S.\"A\" (b)";
        assert_eq!(looks(&POSTGRES, concurrently), "+ s.A index i");
        assert_eq!(looks(&POSTGRES, "DROP INDEX CONCURRENTLY s.i"), "- index s.i");
        assert_eq!(looks(&POSTGRES, "DROP INDEX CONCURRENTLY IF EXISTS i CASCADE"), "- index i");
        let value = "ALTER TYPE s.mood ADD VALUE 'it''s' BEFORE 'other'";
        assert_eq!(looks(&POSTGRES, value), "+ s.mood value it's");
        assert_eq!(looks(&POSTGRES, "ALTER TYPE mood ADD VALUE E'a\\nb'"), "");
        for (statement, wanted) in [
            ("ALTER TABLE a DETACH PARTITION b CONCURRENTLY", "- a partition b"),
            ("alter table only s.a detach partition s.\"B\" concurrently", "- s.a partition s.B"),
            ("ALTER TABLE s.a DETACH PARTITION b CONCURRENTLY", ""),
            ("CREATE SCHEMA S AUTHORIZATION joe", "+ namespace s"),
            ("CREATE SCHEMA AUTHORIZATION joe", ""),
            ("DROP SCHEMA s, \"T\" CASCADE", "- namespace s, - namespace T"),
            ("CREATE DATABASE a", ""),
            ("DROP DATABASE a WITH (FORCE)", ""),
            ("REINDEX INDEX CONCURRENTLY s.i", "- leftovers of s.i"),
            ("REINDEX (VERBOSE, CONCURRENTLY) TABLE a", "- leftovers of a"),
            ("REINDEX (CONCURRENTLY", ""),
            ("REINDEX SCHEMA CONCURRENTLY s", ""),
            ("REINDEX TABLE a", ""),
            ("ALTER TABLE a VALIDATE CONSTRAINT c", ""),
        ] {
            assert_eq!(looks(&POSTGRES, statement), wanted, "{statement}");
        }
        assert_eq!(looks(&SQLITE, "CREATE INDEX x.i ON [a] (b)"), "+ x.a index i");
    }

    #[test]
    fn what_is_not_plain_is_not_looked_at() {
        for statement in [
            "CREATE TABLE a AS SELECT 1",
            "CREATE TABLE a (b INT) SELECT 1 AS b",
            "CREATE OR REPLACE TABLE a (b INT)",
            "CREATE TEMPORARY TABLE a (b INT)",
            "CREATE TABLE x.y.z (b INT)",
            "CREATE OR REPLACE DATABASE a",
            "CREATE DATABASE IF NOT EXISTS a",
            "DROP TABLE a, b c",
            "ALTER TABLE a DROP b, ADD b BIGINT",
            "ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT, ADD PRIMARY KEY (c)",
            "ALTER TABLE a AUTO_INCREMENT = 5",
            "ALTER TABLE a ADD (b INT, c INT)",
            "ALTER TABLE a MODIFY b BIGINT",
            "ALTER TABLE a CHANGE b B BIGINT",
            "ALTER TABLE a ADD UNIQUE (b)",
            "ALTER TABLE a ADD PRIMARY KEY (b)",
            "ALTER TABLE a ADD CHECK (b > 0)",
            "ALTER TABLE x.a RENAME TO b",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "DROP VIEW v, w",
            "/*!50001 CREATE TABLE a (b INT) */",
            "RENAME TABLE a TO b, b TO c",
        ] {
            assert_eq!(looks(&MYSQL, statement), "", "{statement}");
        }
    }
}
