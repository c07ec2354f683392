//! `SET` and `PRAGMA`: settings of the session, and of the server.

use super::verdict::{Verdict, committing, verdict};
use crate::{
    dialect::Ddl,
    sql::{Kind, calls::calls_unknown, words::Words},
};

pub(super) fn set(words: &Words<'_>) -> Verdict {
    // MariaDB, "SET STATEMENT": settings for the one statement behind FOR.
    if words.dialect.ddl == Ddl::Autocommit && words.next_are(&["STATEMENT"]) {
        let mut inner = words.clone();
        while !inner.at_end() && !inner.take(&["FOR"]) {
            inner.at += 1;
        }
        return if inner.at_end() { Verdict::allowed(Kind::Unknown) } else { verdict(inner) };
    }
    if words.next_are(&["DEFAULT", "ROLE"]) {
        return committing(words.dialect, Kind::Repeatable);
    }
    let autocommit = words.rest().iter().any(|it| {
        let text = it.text(words.source).trim_start_matches('@');
        let text = text.rsplit('.').next().unwrap_or(text);
        text.eq_ignore_ascii_case("autocommit")
    });
    if autocommit {
        return Verdict::controls();
    }
    if words.next_are(&["PASSWORD"]) {
        return committing(words.dialect, Kind::Repeatable);
    }
    // MySQL, "SET TRANSACTION": not allowed while a transaction is open.
    if words.next_are(&["TRANSACTION"]) {
        return committing(words.dialect, Kind::Session);
    }
    let server = ["GLOBAL", "PERSIST", "PERSIST_ONLY"].iter().any(|it| words.next_are(&[it]));
    let server = server
        || words.rest().first().is_some_and(|it| {
            let text = it.text(words.source).to_ascii_lowercase();
            text.starts_with("@@global.") || text.starts_with("@@persist")
        });
    match () {
        () if calls_unknown(words) => Verdict::allowed(Kind::Unknown),
        () if server && words.any("SELECT") => Verdict::allowed(Kind::Unknown),
        () if server => Verdict::allowed(Kind::Repeatable),
        () => Verdict::allowed(Kind::Session),
    }
}

/// SQLite, "PRAGMA Statements".
pub(super) fn pragma(words: &mut Words<'_>) -> Verdict {
    let Some(name) = words.name() else { return Verdict::allowed(Kind::Unknown) };
    let name = name.name.to_ascii_lowercase();
    let sets = words.next_is('=') || words.next_is('(');
    match name.as_str() {
        "optimize" | "wal_checkpoint" | "incremental_vacuum" | "shrink_memory" => {
            Verdict::forbidden(Kind::Repeatable)
        }
        name if READING_PRAGMAS.contains(&name) => Verdict::allowed(Kind::Nothing),
        _ if !sets => Verdict::allowed(Kind::Nothing),
        "user_version" | "application_id" | "auto_vacuum" | "page_size" | "encoding"
        | "default_cache_size" => Verdict::allowed(Kind::Repeatable),
        "journal_mode" => Verdict::forbidden(Kind::Repeatable),
        // It is kept in the file, and raising it twice is no harm; lowering it may be.
        "schema_version" => Verdict::allowed(Kind::Unknown),
        // In a transaction the first does nothing and the others are errors.
        "foreign_keys" | "synchronous" | "temp_store" | "temp_store_directory" => {
            Verdict::forbidden(Kind::Session)
        }
        _ => Verdict::allowed(Kind::Session),
    }
}

/// Pragmas that only answer, also where something stands in parentheses behind them.
const READING_PRAGMAS: &[&str] = &[
    "collation_list",
    "compile_options",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "module_list",
    "page_count",
    "pragma_list",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];
