//! `CREATE`, `ALTER`, `DROP` and `RENAME`.

use super::verdict::{Verdict, committing, schema_or};
use crate::{
    dialect::{After, Ddl},
    sql::{
        Kind, Transaction,
        calls::calls_unknown,
        clauses,
        lexer::TokenKind,
        looking::{
            added_value, created_index, created_table, created_view, dropped_index, dropped_table,
            dropped_view, namespaces, renamed,
        },
        words::Words,
    },
};

pub(super) fn create(words: &mut Words<'_>) -> Verdict {
    let dialect = words.dialect;
    let replaces = words.take(&["OR", "REPLACE"]);
    let (mut temporary, mut materialized) = (false, false);
    loop {
        materialized |= words.next_are(&["MATERIALIZED"]);
        let definer = words.take_one_of(&["DEFINER", "ALGORITHM"]);
        if definer {
            skip_setting(words);
        } else if words.take_one_of(&["TEMP", "TEMPORARY"]) {
            temporary = true;
        } else if !words.take_one_of(&[
            "AGGREGATE",
            "CONSTRAINT",
            "DEFINER",
            "FOREIGN",
            "FULLTEXT",
            "GLOBAL",
            "INVOKER",
            "LOCAL",
            "MATERIALIZED",
            "PROCEDURAL",
            "RECURSIVE",
            "SECURITY",
            "SPATIAL",
            "SQL",
            "TRUSTED",
            "UNIQUE",
            "UNLOGGED",
            "VIRTUAL",
        ]) {
            break;
        }
    }
    let what = words.peek();
    words.at += 1;
    if temporary {
        return in_session(words);
    }
    let concurrently = words.take(&["CONCURRENTLY"]);
    let guarded = words.take(&["IF", "NOT", "EXISTS"]);
    let looks = match what.as_str() {
        _ if replaces => None,
        "TABLE" => created_table(words),
        "INDEX" => created_index(words),
        "DATABASE" | "SCHEMA" if !guarded => namespaces(words, &what, &After::Present),
        "VIEW" => created_view(words, materialized),
        _ => None,
    };
    if let Some(looks) = looks {
        let verdict = committing(dialect, Kind::Schema);
        let cut = if concurrently { Transaction::Forbidden } else { verdict.transaction };
        return Verdict { looks, transaction: cut, ..verdict };
    }
    // What is made anew with its rows or its rights is not the same the second time.
    let holds = ["TABLE", "SEQUENCE", "DATABASE", "SCHEMA", "USER", "ROLE"];
    let repeats = guarded || (replaces && !holds.contains(&what.as_str()));
    let autocommit = if repeats { Kind::Repeatable } else { Kind::Schema };
    let verdict = schema_or(dialect, autocommit);
    // PostgreSQL, "CREATE DATABASE", "CREATE TABLESPACE", "CREATE SUBSCRIPTION": not inside a
    // transaction block.
    let alone = ["DATABASE", "TABLESPACE", "SUBSCRIPTION"].contains(&what.as_str());
    if alone || concurrently { Verdict::forbidden(verdict.kind) } else { verdict }
}

/// Something that ends with the session: where the session is gone, so is what was begun of it.
fn in_session(words: &Words<'_>) -> Verdict {
    // In front of a query there are types, which look like calls.
    let mut query = words.clone();
    while !query.at_end() && !query.next_are(&["SELECT"]) {
        query.at += 1;
    }
    match words.dialect.ddl {
        _ if calls_unknown(&query) => Verdict::allowed(Kind::Unknown),
        Ddl::Transactional => Verdict::allowed(Kind::Session),
        // MySQL, "Restrictions on Replication with GTIDs": not inside a transaction.
        Ddl::Autocommit => Verdict::forbidden(Kind::Session),
    }
}

/// Goes behind ``= `user`@`host` `` or `= MERGE`.
fn skip_setting(words: &mut Words<'_>) {
    words.take_symbol('=');
    words.at += 1;
    if words.rest().first().is_some_and(|it| it.kind == TokenKind::Parameter) {
        words.at += 1;
    }
    if words.take_symbol('(') {
        words.take_symbol(')');
    }
}

pub(super) fn drop_object(words: &mut Words<'_>) -> Verdict {
    let dialect = words.dialect;
    let temporary = words.take_one_of(&["TEMPORARY", "TEMP"]);
    let materialized = words.next_are(&["MATERIALIZED"]);
    words.take_one_of(&["MATERIALIZED", "FOREIGN"]);
    let what = words.peek();
    words.at += 1;
    if temporary {
        return in_session(words);
    }
    let concurrently = words.take(&["CONCURRENTLY"]);
    let guarded = words.take(&["IF", "EXISTS"]);
    let looks = match what.as_str() {
        "TABLE" => dropped_table(words),
        "INDEX" => dropped_index(words),
        "DATABASE" | "SCHEMA" if !guarded => namespaces(words, &what, &After::Absent),
        "VIEW" => dropped_view(words, materialized),
        _ => None,
    };
    if let (Some(looks), false) = (&looks, concurrently) {
        return Verdict { looks: looks.clone(), ..committing(dialect, Kind::Schema) };
    }
    let alone = ["DATABASE", "TABLESPACE", "SUBSCRIPTION"].contains(&what.as_str());
    let autocommit = if guarded { Kind::Repeatable } else { Kind::Schema };
    if alone || concurrently {
        return Verdict { looks: looks.unwrap_or_default(), ..Verdict::forbidden(autocommit) };
    }
    schema_or(dialect, autocommit)
}

/// `RENAME TABLE a TO b`
pub(super) fn rename_table(words: &mut Words<'_>) -> Verdict {
    let mut verdict = committing(words.dialect, Kind::Schema);
    if words.take_one_of(&["TABLE", "TABLES"]) {
        verdict.looks = renamed(words).unwrap_or_default();
    }
    verdict
}

pub(super) fn alter(words: &mut Words<'_>) -> Verdict {
    let dialect = words.dialect;
    words.take_one_of(&["FOREIGN", "MATERIALIZED"]);
    let what = words.peek();
    words.at += 1;
    match what.as_str() {
        "TABLE" => alter_table(words),
        // PostgreSQL, "ALTER TYPE": a new value can't be used before it is committed.
        "TYPE" if words.any("ADD") && words.any("VALUE") => {
            let guarded = words.any("EXISTS");
            let kind = if guarded { Kind::Repeatable } else { Kind::Schema };
            let looks = added_value(&mut words.clone()).unwrap_or_default();
            Verdict { looks, ..Verdict::forbidden(kind) }
        }
        "SYSTEM" => Verdict::forbidden(Kind::Repeatable),
        "SUBSCRIPTION" => Verdict::forbidden(Kind::Schema),
        "DATABASE" if words.any("TABLESPACE") => Verdict::forbidden(Kind::Schema),
        "EVENT" if words.any("RENAME") => committing(dialect, Kind::Schema),
        "DATABASE" | "SCHEMA" | "USER" | "VIEW" | "PROCEDURE" | "FUNCTION" | "SERVER" | "EVENT" => {
            schema_or(dialect, Kind::Repeatable)
        }
        "" => Verdict::allowed(Kind::Unknown),
        _ => committing(dialect, Kind::Schema),
    }
}

fn alter_table(words: &mut Words<'_>) -> Verdict {
    let mut verdict = committing(words.dialect, Kind::Schema);
    if words.any("DETACH") && words.any("CONCURRENTLY") {
        verdict.transaction = Transaction::Forbidden;
    }
    words.take(&["IF", "EXISTS"]);
    words.take(&["ONLY"]);
    let Some(table) = words.name() else { return verdict };
    let together = clauses::read(words, &table);
    verdict.looks = together.looks;
    if together.repeats && words.dialect.ddl == Ddl::Autocommit {
        verdict.kind = Kind::Repeatable;
    }
    verdict
}
