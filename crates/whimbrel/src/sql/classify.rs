//! What one statement touches, whether it may stand in a transaction, and how to tell afterwards
//! that it ran: read from its words alone.
//!
//! What isn't understood is `Unknown`, never guessed.

use super::{
    Kind, Statement, Transaction,
    calls::{calls_unknown, only_call_is, tokens_call},
    clauses,
    leaving::{Leaving, Left, leaving},
    lexer::TokenKind,
    looking::{
        added_value, created_index, created_table, created_view, dropped_index, dropped_table,
        dropped_view, namespaces, rebuilt, renamed,
    },
    statement::Body,
    words::Words,
};
use crate::dialect::{After, Ddl, Dialect, Look};

/// What is known of a statement from its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// What it touches.
    pub kind: Kind,
    /// Whether it may stand in a transaction.
    pub transaction: Transaction,
    /// How to tell from the catalog that it has had its effect; empty where nobody can.
    pub looks: Vec<Look>,
    /// What it leaves in the session.
    pub leaves: Vec<Left>,
    /// Whether that may be something else when it is said again.
    pub varies: bool,
    /// Its first words, for people. Strings are left out: they may be secrets.
    pub described: String,
}

impl Classified {
    /// The statement of which this is known.
    pub fn into_statement(self, text: impl Into<String>) -> Statement {
        Statement {
            body: Body::Text(text.into()),
            kind: self.kind,
            transaction: self.transaction,
            looks: self.looks,
            done_when: None,
            after_commit: false,
            leaves: self.leaves,
            varies: self.varies,
            lenient: false,
            spares: None,
        }
    }
}

/// Reads one statement, without its semicolon.
pub fn classify(dialect: &Dialect, text: &str) -> Classified {
    let words = Words::new(dialect, text);
    let described = describe(&words);
    let executable = words.tokens.iter().any(|it| it.kind == TokenKind::ExecutableComment);
    let bare = if executable { without_marks(&words) } else { String::new() };
    let (verdict, leaving) = if executable {
        // Which of it a server reads depends on its version, so nothing is to be looked at.
        let words = Words::new(dialect, &bare);
        (Verdict { looks: Vec::new(), ..verdict(words.clone()) }, leaving(words))
    } else {
        (verdict(words.clone()), leaving(words))
    };
    let Verdict { kind, transaction, looks } = verdict;
    let Leaving { left: leaves, varies } = leaving;
    Classified { kind, transaction, looks, leaves, varies, described }
}

/// The statement as a server reads it that is new enough for every `/*!99999 … */` in it.
fn without_marks(words: &Words<'_>) -> String {
    let mut text = words.source.to_owned();
    for token in words.tokens.iter().rev().filter(|it| it.kind == TokenKind::ExecutableComment) {
        let inner = token.text(words.source).trim_start_matches(['/', '*', 'M', '!']);
        let inner = inner.trim_start_matches(|it: char| it.is_ascii_digit());
        let inner = inner.strip_suffix("*/").unwrap_or(inner);
        text.replace_range(token.range(), &format!(" {inner} "));
    }
    text
}

/// Whether a statement does nothing where things are already as it wants them: `IF NOT EXISTS`,
/// `IF EXISTS`, `OR REPLACE`.
pub fn is_guarded(dialect: &Dialect, text: &str) -> bool {
    let words = Words::new(dialect, text);
    let pair = |one: &str, other: &str| {
        words.tokens.windows(2).any(|it| it[0].is_word(text, one) && it[1].is_word(text, other))
    };
    pair("IF", "NOT") || pair("IF", "EXISTS") || pair("OR", "REPLACE")
}

/// Whether a statement gives something another name and does nothing else: not `CHANGE`, which
/// says a column anew.
pub fn only_renames(dialect: &Dialect, text: &str) -> bool {
    let words = Words::new(dialect, text);
    words.any("RENAME") && !words.any("CHANGE") && !is_guarded(dialect, text)
}

/// How many characters of a statement are shown.
const SHOWN: usize = 60;

/// `CREATE TABLE users …`
fn describe(words: &Words<'_>) -> String {
    let mut shown = String::new();
    let mut end = None;
    for token in &words.tokens {
        let string = matches!(token.kind, TokenKind::String | TokenKind::DollarString);
        let text = token.text(words.source);
        if string || text == "(" || shown.chars().count() + text.chars().count() > SHOWN {
            shown.push_str(" …");
            return shown.trim_start().to_owned();
        }
        if end.is_some_and(|it| it != token.start) {
            shown.push(' ');
        }
        shown.push_str(text);
        end = Some(token.end);
    }
    shown
}

struct Verdict {
    kind: Kind,
    transaction: Transaction,
    looks: Vec<Look>,
}

impl Verdict {
    fn of(kind: Kind, transaction: Transaction) -> Self {
        Self { kind, transaction, looks: Vec::new() }
    }

    fn allowed(kind: Kind) -> Self {
        Self::of(kind, Transaction::Allowed)
    }

    fn forbidden(kind: Kind) -> Self {
        Self::of(kind, Transaction::Forbidden)
    }

    fn controls() -> Self {
        Self::of(Kind::Nothing, Transaction::Controls)
    }
}

/// A statement that commits what is open where schema changes do: MySQL, "Statements That Cause
/// an Implicit Commit".
fn committing(dialect: &Dialect, kind: Kind) -> Verdict {
    match dialect.ddl {
        Ddl::Transactional => Verdict::allowed(kind),
        Ddl::Autocommit => Verdict::forbidden(kind),
    }
}

/// A statement of another kind where schema changes can't be rolled back: there it matters
/// whether a second run does no harm, elsewhere the transaction cares for that.
fn schema_or(dialect: &Dialect, autocommit: Kind) -> Verdict {
    match dialect.ddl {
        Ddl::Transactional => Verdict::allowed(Kind::Schema),
        Ddl::Autocommit => Verdict::forbidden(autocommit),
    }
}

fn verdict(mut words: Words<'_>) -> Verdict {
    let dialect = words.dialect;
    let first = words.peek();
    words.at += 1;
    match first.as_str() {
        "BEGIN" if words.next_are(&["NOT"]) => Verdict::allowed(Kind::Unknown),
        "START" if !words.next_are(&["TRANSACTION"]) => Verdict::allowed(Kind::Unknown),
        "PREPARE" if words.next_are(&["TRANSACTION"]) => Verdict::controls(),
        "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "END" | "ABORT" | "SAVEPOINT" | "RELEASE"
        | "XA" => Verdict::controls(),
        "SET" => set(&words),
        "PRAGMA" => pragma(&mut words),
        // It would give the lock back that keeps other runs out.
        "DISCARD" if words.next_are(&["ALL"]) => Verdict::controls(),
        "RESET" if dialect.ddl == Ddl::Autocommit => {
            let persist = words.next_are(&["PERSIST"]);
            Verdict::forbidden(if persist { Kind::Repeatable } else { Kind::Unknown })
        }
        "FETCH" | "MOVE" | "CLOSE" | "DECLARE" => Verdict::allowed(Kind::Nothing),
        "ATTACH" | "DETACH" => Verdict::forbidden(Kind::Session),
        "LOCK" if dialect.ddl == Ddl::Transactional => Verdict::allowed(Kind::Nothing),
        // MySQL, "LOCK TABLES": it commits, and the transaction that a mark needs lets go of it.
        "LOCK" | "UNLOCK" => Verdict::controls(),
        "LOAD" if words.next_are(&["DATA"]) || words.next_are(&["XML"]) => {
            Verdict::allowed(Kind::Rows)
        }
        "LOAD" if words.next_are(&["INDEX"]) => Verdict::forbidden(Kind::Repeatable),
        "USE" | "RESET" | "DISCARD" | "LISTEN" | "UNLISTEN" | "DEALLOCATE" | "PREPARE" | "LOAD" => {
            Verdict::allowed(Kind::Session)
        }
        "COPY" if words.any_outside("TO") => Verdict::allowed(Kind::Nothing),
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" | "COPY" | "NOTIFY" => {
            Verdict::allowed(Kind::Rows)
        }
        "TRUNCATE" if dialect.ddl == Ddl::Transactional => Verdict::allowed(Kind::Rows),
        "TRUNCATE" => Verdict::forbidden(Kind::Unknown),
        "WITH" | "SELECT" | "VALUES" | "TABLE" => query(&words, &first),
        "EXPLAIN" if words.any("ANALYZE") => Verdict::allowed(Kind::Unknown),
        "SHOW" | "DESCRIBE" | "DESC" | "EXPLAIN" | "HELP" | "CHECKSUM" => {
            Verdict::allowed(Kind::Nothing)
        }
        "CREATE" => create(&mut words),
        "ALTER" => alter(&mut words),
        "DROP" => drop_object(&mut words),
        "RENAME" => rename_table(&mut words),
        "IMPORT" | "INSTALL" | "UNINSTALL" => committing(dialect, Kind::Schema),
        "" => Verdict::allowed(if words.tokens.is_empty() { Kind::Nothing } else { Kind::Unknown }),
        other => repeatable(&words, other).unwrap_or(Verdict::allowed(Kind::Unknown)),
    }
}

/// What may run twice, as may its like.
fn repeatable(words: &Words<'_>, first: &str) -> Option<Verdict> {
    let dialect = words.dialect;
    let verdict = match first {
        // PostgreSQL, "VACUUM": it cannot be executed inside a transaction block. SQLite's
        // can't either, and with `INTO` it writes a file that must not be there yet.
        "VACUUM" if words.any_outside("INTO") => Verdict::forbidden(Kind::Unknown),
        "VACUUM" => Verdict::forbidden(Kind::Repeatable),
        "REINDEX" => {
            let whole = ["DATABASE", "SYSTEM", "SCHEMA"].iter().any(|it| words.next_are(&[it]));
            let whole = whole || words.any("CONCURRENTLY") || words.next_is('(');
            if whole {
                let looks = rebuilt(&mut words.clone()).unwrap_or_default();
                Verdict { looks, ..Verdict::forbidden(Kind::Repeatable) }
            } else {
                Verdict::allowed(Kind::Repeatable)
            }
        }
        // PostgreSQL, "CLUSTER": without a table it cannot run in a transaction block.
        "CLUSTER" if words.at_end() || words.next_are(&["VERBOSE"]) && words.rest().len() == 1 => {
            Verdict::forbidden(Kind::Repeatable)
        }
        "CLUSTER" | "REFRESH" | "COMMENT" | "SECURITY" | "CHECKPOINT" | "REASSIGN" => {
            Verdict::allowed(Kind::Repeatable)
        }
        // MySQL has an error for a right that isn't there (any more).
        "REVOKE" if dialect.ddl == Ddl::Autocommit && !words.next_are(&["IF", "EXISTS"]) => {
            Verdict::forbidden(Kind::Unknown)
        }
        // MariaDB, "ANALYZE Statement": it runs the statement behind it.
        "ANALYZE" if runs_what_follows(words) => Verdict::allowed(Kind::Unknown),
        "ANALYZE" | "ANALYSE" | "GRANT" | "REVOKE" | "OPTIMIZE" | "REPAIR" | "CHECK" | "FLUSH"
        | "CACHE" => committing(dialect, Kind::Repeatable),
        _ => return None,
    };
    Some(verdict)
}

/// `ANALYZE FORMAT=JSON UPDATE …`
fn runs_what_follows(words: &Words<'_>) -> bool {
    let behind = ["FORMAT", "UPDATE", "DELETE", "INSERT", "REPLACE", "SELECT", "WITH"];
    words.dialect.ddl == Ddl::Autocommit && behind.iter().any(|it| words.next_are(&[it]))
}

fn set(words: &Words<'_>) -> Verdict {
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
fn pragma(words: &mut Words<'_>) -> Verdict {
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

/// `SELECT …`, or something with a `WITH` before it.
fn query(words: &Words<'_>, first: &str) -> Verdict {
    let changing = ["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"];
    let tokens = words.rest();
    // PostgreSQL changes rows in a `WITH` too: `WITH a AS (DELETE …) SELECT …`.
    let nested = tokens.windows(2).any(|pair| {
        pair[0].is_symbol(words.source, '(')
            && changing.iter().any(|it| pair[1].is_word(words.source, it))
            && !tokens_call(words, pair[1])
    });
    let behind = first == "WITH" && changing.iter().any(|it| words.any_outside(it));
    if nested || behind {
        return Verdict::allowed(Kind::Rows);
    }
    let calls_known = !calls_unknown(words);
    if words.dialect.ddl == Ddl::Autocommit && calls_known && only_sets_variables(words) {
        return Verdict::allowed(Kind::Session);
    }
    if words.any_outside("INTO") && words.any("TEMP") | words.any("TEMPORARY") && calls_known {
        return Verdict::allowed(Kind::Session);
    }
    if words.any_outside("INTO") {
        // PostgreSQL creates a table, MySQL sets variables or writes a file of the server.
        return match words.dialect.ddl {
            Ddl::Transactional => Verdict::allowed(Kind::Schema),
            Ddl::Autocommit => Verdict::allowed(Kind::Unknown),
        };
    }
    if only_call_is(words, "set_config") {
        return Verdict::allowed(Kind::Session);
    }
    Verdict::allowed(if calls_unknown(words) { Kind::Unknown } else { Kind::Nothing })
}

/// Whether a query's values go to variables of the session and nowhere else.
fn only_sets_variables(words: &Words<'_>) -> bool {
    let file = words.any("OUTFILE") || words.any("DUMPFILE");
    let whole = Words { at: 0, ..words.clone() };
    !file && leaving(whole).left.iter().any(|it| it.name.starts_with('@'))
}

fn create(words: &mut Words<'_>) -> Verdict {
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

fn drop_object(words: &mut Words<'_>) -> Verdict {
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
fn rename_table(words: &mut Words<'_>) -> Verdict {
    let mut verdict = committing(words.dialect, Kind::Schema);
    if words.take_one_of(&["TABLE", "TABLES"]) {
        verdict.looks = renamed(words).unwrap_or_default();
    }
    verdict
}

fn alter(words: &mut Words<'_>) -> Verdict {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE},
        sql::{Kind::*, Transaction::*},
    };

    fn check(dialect: &Dialect, wanted: &[(Kind, Transaction, &[&str])]) {
        for (kind, transaction, statements) in wanted {
            for statement in *statements {
                let found = classify(dialect, statement);
                let found = (found.kind, found.transaction);
                assert_eq!(found, (*kind, *transaction), "{} of {statement:?}", dialect.name);
            }
        }
    }

    #[test]
    fn postgres_statements_are_known_by_their_words() {
        check(
            &POSTGRES,
            &[
                (
                    Schema,
                    Allowed,
                    &[
                        "CREATE TABLE a (b int)",
                        "create /* x */ unique index i on a (b)",
                        "DROP TABLE a, b",
                        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "SELECT * INTO b FROM a",
                        "ALTER TABLE a VALIDATE CONSTRAINT c",
                        "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
                        "ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)",
                        "ALTER TABLE a DETACH PARTITION b",
                        "ALTER TABLE a DETACH PARTITION b FINALIZE",
                        "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                        "ALTER INDEX i ATTACH PARTITION j",
                        "CREATE INDEX i ON ONLY a (b)",
                        "DROP VIEW IF EXISTS v",
                        "IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y",
                    ],
                ),
                (
                    Schema,
                    Forbidden,
                    &[
                        "CREATE INDEX CONCURRENTLY i ON a (b)",
                        "DROP INDEX CONCURRENTLY i",
                        "CREATE DATABASE d",
                        "DROP TABLESPACE t",
                        "ALTER DATABASE d SET TABLESPACE t",
                        "ALTER TYPE mood ADD VALUE 'sad'",
                        "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
                    ],
                ),
                (
                    Repeatable,
                    Forbidden,
                    &[
                        "VACUUM ANALYZE a",
                        "VACUUM (FULL, ANALYZE) a",
                        "REINDEX INDEX CONCURRENTLY i",
                        "REINDEX TABLE CONCURRENTLY a",
                        "REINDEX (CONCURRENTLY) TABLE a",
                        "REINDEX DATABASE d",
                        "CLUSTER",
                        "ALTER SYSTEM SET work_mem = '1MB'",
                        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'",
                        "DROP INDEX CONCURRENTLY IF EXISTS i",
                    ],
                ),
                (
                    Repeatable,
                    Allowed,
                    &[
                        "ANALYZE a",
                        "COMMENT ON TABLE a IS 'x'",
                        "GRANT SELECT ON a TO b",
                        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
                        "CLUSTER a USING i",
                        "REINDEX TABLE a",
                    ],
                ),
                (
                    Rows,
                    Allowed,
                    &[
                        "INSERT INTO a SELECT f()",
                        "WITH x AS (SELECT 1) UPDATE a SET b = 1",
                        "WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x",
                        "COPY a FROM '/x'",
                        "TRUNCATE a",
                        "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
                    ],
                ),
                (
                    Nothing,
                    Allowed,
                    &[
                        "SELECT count(*), \"update\" FROM a WHERE b IN (1)",
                        "WITH x AS (SELECT replace(a, 'b', 'c') FROM d) SELECT * FROM x",
                        "COPY a TO '/x'",
                        "EXPLAIN SELECT 1",
                        "TABLE a",
                        "LOCK TABLE a",
                        "",
                    ],
                ),
                (
                    Unknown,
                    Allowed,
                    &[
                        "SELECT setval('s', 1)",
                        "SELECT \"add_column\"()",
                        "CALL p()",
                        "DO $$ BEGIN END $$",
                        "EXECUTE x",
                        "EXPLAIN ANALYZE DELETE FROM a",
                        "CREATE TEMP TABLE a AS SELECT f()",
                        "FROBNICATE a",
                        "( SELECT 1 )",
                    ],
                ),
                (
                    Session,
                    Allowed,
                    &[
                        "SET search_path TO a, b",
                        "SET ROLE x",
                        "RESET ALL",
                        "SELECT pg_catalog.set_config('search_path', '', false)",
                    ],
                ),
                (Session, Allowed, &["CREATE TEMP TABLE a (b int)", "SELECT 1 INTO TEMP a"]),
                (
                    Nothing,
                    Controls,
                    &[
                        "DISCARD ALL",
                        "BEGIN",
                        "START TRANSACTION READ ONLY",
                        "END",
                        "ROLLBACK TO SAVEPOINT a",
                        "PREPARE TRANSACTION 'x'",
                    ],
                ),
            ],
        );
    }

    #[test]
    fn mysql_statements_are_known_by_their_words() {
        check(
            &MYSQL,
            &[
                (
                    Schema,
                    Forbidden,
                    &[
                        "CREATE TABLE a (b int)",
                        "ALTER TABLE a ADD b int",
                        "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1",
                        "CREATE USER a IDENTIFIED BY 'secret'",
                        "RENAME TABLE a TO b",
                        "DROP INDEX i ON a",
                        "/*!50001 CREATE VIEW a AS SELECT 1 */",
                    ],
                ),
                (
                    Repeatable,
                    Forbidden,
                    &[
                        "CREATE OR REPLACE VIEW v AS SELECT 1",
                        "DROP PROCEDURE IF EXISTS p",
                        "OPTIMIZE TABLE a",
                        "ANALYZE TABLE a",
                        "GRANT SELECT ON a TO b",
                        "SET PASSWORD = 'x'",
                    ],
                ),
                (Repeatable, Allowed, &["SET GLOBAL x = 1", "SET @@global.x = 1"]),
                (Unknown, Forbidden, &["TRUNCATE a"]),
                (
                    Unknown,
                    Allowed,
                    &[
                        "CALL p()",
                        "DO sleep(1)",
                        "SELECT f() INTO @a",
                        "SELECT 1 INTO OUTFILE 'x'",
                        "SET @a = uuid()",
                    ],
                ),
                (
                    Rows,
                    Allowed,
                    &["REPLACE INTO a VALUES (1)", "LOAD DATA INFILE 'x' INTO TABLE a"],
                ),
                (
                    Session,
                    Allowed,
                    &[
                        "SET NAMES utf8mb4",
                        "/*!40101 SET @OLD=@@SQL_MODE, SQL_MODE='' */",
                        "USE x",
                        "SELECT 1 INTO @a",
                        "SELECT @a := max(b) FROM c",
                        "SET @a = (SELECT max(id) FROM b)",
                    ],
                ),
                (Session, Forbidden, &["CREATE TEMPORARY TABLE a (b INT)"]),
                (
                    Nothing,
                    Controls,
                    &[
                        "SET autocommit = 0",
                        "SET @@session.autocommit=1",
                        "COMMIT",
                        "LOCK TABLES a WRITE",
                        "UNLOCK TABLES",
                    ],
                ),
            ],
        );
        check(&MARIADB, &[(Unknown, Allowed, &["BEGIN NOT ATOMIC COMMIT; END"])]);
    }

    #[test]
    fn sqlite_statements_are_known_by_their_words() {
        check(
            &SQLITE,
            &[
                (Schema, Allowed, &["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"]),
                (
                    Repeatable,
                    Forbidden,
                    &["VACUUM", "PRAGMA journal_mode = WAL", "PRAGMA optimize"],
                ),
                (Unknown, Forbidden, &["VACUUM INTO 'x'"]),
                (
                    Session,
                    Forbidden,
                    &[
                        "PRAGMA foreign_keys = OFF",
                        "PRAGMA main.synchronous(1)",
                        "ATTACH 'x' AS y",
                        "DETACH y",
                    ],
                ),
                (Session, Allowed, &["PRAGMA recursive_triggers = 1"]),
                (Repeatable, Allowed, &["PRAGMA user_version = 3", "REINDEX", "ANALYZE"]),
                (Nothing, Allowed, &["PRAGMA foreign_keys", "PRAGMA table_info(a)"]),
                (Nothing, Controls, &["BEGIN IMMEDIATE", "END TRANSACTION"]),
                (Rows, Allowed, &["REPLACE INTO a VALUES (1)"]),
            ],
        );
    }

    #[test]
    fn a_description_shows_no_string() {
        let described = |text| classify(&MYSQL, text).described;
        assert_eq!(described("CREATE  TABLE a /* x */\n(b INT)"), "CREATE TABLE a …");
        assert_eq!(described("CREATE USER a IDENTIFIED BY 'pw'"), "CREATE USER a IDENTIFIED BY …");
        assert_eq!(described("DROP TABLE x.a"), "DROP TABLE x.a");
        assert_eq!(described(&format!("DROP TABLE {}", "ä".repeat(99))), "DROP TABLE …");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_classify(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "CREATE", "ALTER", "DROP", "TABLE", "INDEX", "a", ".", ",", "(", ")", "ADD", "RENAME",
                "TO", "ON", "/*! x", "*/", "'", "\"b\"", "DEFINER", "=", "SET", "WITH", "SELECT", "@",
                "COLUMN", "CONSTRAINT", "FOREIGN KEY", "UNIQUE", "PRAGMA", "IF NOT EXISTS", "ä", ";",
            ]), 0..16)
        ) {
            for dialect in ALL {
                classify(dialect, &words.join(" "));
            }
        }
    }
}
