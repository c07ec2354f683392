//! MySQL and MariaDB: `lock_wait_timeout`, and what the server's own schemas say of its sessions.

use std::time::Duration;

use super::{Limit, Session, Waiting};
use crate::{dialect::Dialect, schema::Name};

pub(in crate::dialect) const WAITING: Waiting = Waiting {
    limit: Limit::Session(limit),
    settings: &["lock_wait_timeout", "innodb_lock_wait_timeout"],
    blockers,
    holders,
    progress: |session| {
        let Some(number) = session.connection() else { return Vec::new() };
        vec![
            // Where the stages are collected ("InnoDB ALTER TABLE progress" in the manual).
            format!(
                "SELECT replace(s.EVENT_NAME, 'stage/', ''), s.WORK_COMPLETED, s.WORK_ESTIMATED \
                 FROM performance_schema.events_stages_current AS s \
                 JOIN performance_schema.threads AS t ON t.THREAD_ID = s.THREAD_ID \
                 WHERE t.PROCESSLIST_ID = {number} AND s.WORK_ESTIMATED > 0"
            ),
            state(number),
        ]
    },
};

pub(in crate::dialect) const OF_MARIADB: Waiting = Waiting {
    progress: |session| {
        let Some(number) = session.connection() else { return Vec::new() };
        vec![
            // Of several stages each goes to 100 ("Progress Reporting" in the manual).
            format!(
                "SELECT concat(lower(p.STATE), ', stage ', p.STAGE, ' of ', p.MAX_STAGE), \
                 round(p.PROGRESS), 100 FROM information_schema.PROCESSLIST AS p \
                 WHERE p.ID = {number} AND p.MAX_STAGE > 0 AND p.PROGRESS > 0"
            ),
            state(number),
        ]
    },
    ..WAITING
};

/// The first is for the tables' definitions, the second for rows; both count in whole seconds. A
/// shorter one that holds already stays.
fn limit(timeout: Duration) -> String {
    let seconds = timeout.as_millis().div_ceil(1000).clamp(1, 31_536_000);
    format!(
        "SET SESSION lock_wait_timeout = CAST(LEAST(@@SESSION.lock_wait_timeout, \
         {seconds}) AS UNSIGNED), \
         innodb_lock_wait_timeout = CAST(LEAST(@@SESSION.innodb_lock_wait_timeout, \
         {seconds}) AS UNSIGNED)"
    )
}

/// What the server says that a session is doing, without a measure.
fn state(number: u64) -> String {
    format!(
        "SELECT lower(p.STATE), NULL, NULL FROM information_schema.PROCESSLIST AS p \
         WHERE p.ID = {number} AND p.STATE <> ''"
    )
}

/// What is told of a session `t` of `performance_schema.threads` and its statement `s`.
const TOLD: &str = "concat('connection ', t.PROCESSLIST_ID), \
    concat(t.PROCESSLIST_USER, ' from ', t.PROCESSLIST_HOST), \
    lower(coalesce(nullif(t.PROCESSLIST_STATE, ''), t.PROCESSLIST_COMMAND)), \
    t.PROCESSLIST_TIME, s.SQL_TEXT";

/// What goes with it: the last statement of the session, be it over or not.
const STATEMENT: &str = "LEFT JOIN performance_schema.events_statements_current AS s \
    ON s.THREAD_ID = t.THREAD_ID AND s.NESTING_EVENT_ID IS NULL";

fn blockers(session: &Session<'_>) -> Vec<String> {
    let Some(number) = session.connection() else { return Vec::new() };
    vec![
        format!(
            "SELECT DISTINCT {TOLD} FROM performance_schema.metadata_locks AS w \
             JOIN performance_schema.threads AS me ON me.THREAD_ID = w.OWNER_THREAD_ID \
             JOIN performance_schema.metadata_locks AS g ON g.OBJECT_TYPE = w.OBJECT_TYPE \
             AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA AND g.OBJECT_NAME <=> w.OBJECT_NAME \
             AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID \
             JOIN performance_schema.threads AS t ON t.THREAD_ID = g.OWNER_THREAD_ID {STATEMENT} \
             WHERE me.PROCESSLIST_ID = {number} AND w.LOCK_STATUS = 'PENDING' \
             ORDER BY t.PROCESSLIST_TIME DESC LIMIT 5"
        ),
        // Rows, and not definitions.
        format!(
            "SELECT DISTINCT {TOLD} FROM performance_schema.data_lock_waits AS w \
             JOIN performance_schema.threads AS me ON me.THREAD_ID = w.REQUESTING_THREAD_ID \
             JOIN performance_schema.threads AS t ON t.THREAD_ID = w.BLOCKING_THREAD_ID {STATEMENT} \
             WHERE me.PROCESSLIST_ID = {number} ORDER BY t.PROCESSLIST_TIME DESC LIMIT 5"
        ),
        // MariaDB with its plugin.
        format!(
            "SELECT DISTINCT {OF_PROCESS} FROM information_schema.METADATA_LOCK_INFO AS g \
             JOIN information_schema.PROCESSLIST AS p ON p.ID = g.THREAD_ID \
             JOIN information_schema.METADATA_LOCK_INFO AS w ON w.TABLE_SCHEMA = g.TABLE_SCHEMA \
             AND w.TABLE_NAME = g.TABLE_NAME AND w.THREAD_ID = {number} \
             WHERE g.THREAD_ID <> {number} ORDER BY p.TIME DESC LIMIT 5"
        ),
        // Only while it waits.
        open_transactions(&format!(
            "p.ID <> {number} AND EXISTS (SELECT 1 FROM information_schema.PROCESSLIST AS me \
             WHERE me.ID = {number} AND me.STATE LIKE 'Waiting for%lock%' \
             AND p.TIME >= me.TIME AND (p.DB IS NULL OR p.DB = me.DB))"
        )),
    ]
}

const OF_PROCESS: &str = "concat('connection ', p.ID), concat(p.USER, ' from ', p.HOST), \
    lower(coalesce(nullif(p.STATE, ''), p.COMMAND)), p.TIME, p.INFO";

/// Who has a transaction open at all: it is one of these, where nobody tells the locks.
fn open_transactions(which: &str) -> String {
    format!(
        "SELECT concat('connection ', p.ID), concat(p.USER, ' from ', p.HOST), \
         'in an open transaction', timestampdiff(SECOND, x.trx_started, now()), \
         coalesce(x.trx_query, p.INFO) FROM information_schema.INNODB_TRX AS x \
         JOIN information_schema.PROCESSLIST AS p ON p.ID = x.trx_mysql_thread_id \
         WHERE {which} ORDER BY x.trx_started, p.ID LIMIT 5"
    )
}

fn holders(dialect: &Dialect, tables: &[Name]) -> Vec<String> {
    if tables.is_empty() {
        return Vec::new();
    }
    let of = |schema: &str, table: &str| {
        let either: Vec<String> = tables
            .iter()
            .map(|it| {
                let namespace = match &it.namespace {
                    Some(namespace) => dialect.literal(namespace),
                    None => "DATABASE()".to_owned(),
                };
                format!("({schema} = {namespace} AND {table} = {})", dialect.literal(&it.name))
            })
            .collect();
        either.join(" OR ")
    };
    vec![
        format!(
            "SELECT DISTINCT {TOLD} FROM performance_schema.metadata_locks AS g \
             JOIN performance_schema.threads AS t ON t.THREAD_ID = g.OWNER_THREAD_ID {STATEMENT} \
             WHERE g.OBJECT_TYPE = 'TABLE' AND g.LOCK_STATUS = 'GRANTED' \
             AND t.PROCESSLIST_ID <> CONNECTION_ID() AND ({}) \
             ORDER BY t.PROCESSLIST_TIME DESC LIMIT 5",
            of("g.OBJECT_SCHEMA", "g.OBJECT_NAME")
        ),
        format!(
            "SELECT DISTINCT {OF_PROCESS} FROM information_schema.METADATA_LOCK_INFO AS g \
             JOIN information_schema.PROCESSLIST AS p ON p.ID = g.THREAD_ID \
             WHERE p.ID <> CONNECTION_ID() AND ({}) ORDER BY p.TIME DESC LIMIT 5",
            of("g.TABLE_SCHEMA", "g.TABLE_NAME")
        ),
        open_transactions("p.ID <> CONNECTION_ID() AND (p.DB IS NULL OR p.DB = DATABASE())"),
    ]
}
