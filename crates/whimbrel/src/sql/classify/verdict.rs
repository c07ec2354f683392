//! What a statement is by its first words.

use super::{
    schema::{alter, create, drop_object, rename_table},
    setting::{pragma, set},
};
use crate::{
    dialect::{Ddl, Dialect, Look},
    sql::{
        Kind, Transaction,
        calls::{calls_unknown, only_call_is, tokens_call},
        leaving::leaving,
        looking::rebuilt,
        words::Words,
    },
};

pub(super) struct Verdict {
    pub(super) kind: Kind,
    pub(super) transaction: Transaction,
    pub(super) looks: Vec<Look>,
}

impl Verdict {
    pub(super) fn of(kind: Kind, transaction: Transaction) -> Self {
        Self { kind, transaction, looks: Vec::new() }
    }

    pub(super) fn allowed(kind: Kind) -> Self {
        Self::of(kind, Transaction::Allowed)
    }

    pub(super) fn forbidden(kind: Kind) -> Self {
        Self::of(kind, Transaction::Forbidden)
    }

    pub(super) fn controls() -> Self {
        Self::of(Kind::Nothing, Transaction::Controls)
    }
}

/// A statement that commits what is open where schema changes do: MySQL, "Statements That Cause
/// an Implicit Commit".
pub(super) fn committing(dialect: &Dialect, kind: Kind) -> Verdict {
    match dialect.ddl {
        Ddl::Transactional => Verdict::allowed(kind),
        Ddl::Autocommit => Verdict::forbidden(kind),
    }
}

/// A statement of another kind where schema changes can't be rolled back: there it matters
/// whether a second run does no harm, elsewhere the transaction cares for that.
pub(super) fn schema_or(dialect: &Dialect, autocommit: Kind) -> Verdict {
    match dialect.ddl {
        Ddl::Transactional => Verdict::allowed(Kind::Schema),
        Ddl::Autocommit => Verdict::forbidden(autocommit),
    }
}

pub(super) fn verdict(mut words: Words<'_>) -> Verdict {
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
