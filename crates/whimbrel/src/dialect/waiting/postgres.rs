//! PostgreSQL: `lock_timeout`, `pg_blocking_pids` and the `pg_stat_progress_…` views.

use std::time::Duration;

use super::{Limit, Session, Waiting};
use crate::{connection::Version, dialect::Dialect, schema::Name};

pub(in crate::dialect) const WAITING: Waiting = Waiting {
    limit: Limit::Transaction {
        local,
        session: |timeout| {
            // An outer query reads what the inner one has found before it sets anything.
            format!(
                "SELECT it.was, {} FROM (SELECT pg_catalog.current_setting('lock_timeout') AS was \
                 OFFSET 0) AS it",
                set_config(timeout, false)
            )
        },
        restore: |dialect, was| {
            format!("SELECT pg_catalog.set_config('lock_timeout', {}, false)", dialect.literal(was))
        },
    },
    settings: &["lock_timeout"],
    blockers,
    holders,
    progress,
};

/// `SET LOCAL`, unless the role, the database or the URL has set a shorter one.
fn local(timeout: Duration) -> String {
    format!(
        "SELECT {} WHERE pg_catalog.current_setting('lock_timeout')::interval NOT BETWEEN \
         '1ms' AND '{}ms'",
        set_config(timeout, true),
        timeout.as_millis().max(1)
    )
}

fn set_config(timeout: Duration, local: bool) -> String {
    // In milliseconds; 0 would be no limit at all.
    format!(
        "pg_catalog.set_config('lock_timeout', '{}', {local})",
        timeout.as_millis().clamp(1, i32::MAX as u128)
    )
}

/// What is told of a session `a` of `pg_stat_activity`. Of other people's a role may see little
/// unless it is a member of `pg_read_all_stats`.
const TOLD: &str = "concat('pid ', b.pid), \
    concat_ws(', ', a.usename || coalesce(' from ' || host(a.client_addr), ''), \
    nullif(a.application_name, '')), a.state, \
    greatest(0, extract(epoch FROM clock_timestamp() - \
    coalesce(a.xact_start, a.query_start, a.backend_start)))::bigint, \
    nullif(a.query, '<insufficient privilege>')";

/// A pid of 0 is a prepared transaction ("System Information Functions" in the manual).
fn blockers(session: &Session<'_>) -> Vec<String> {
    let Some(pid) = session.pid() else { return Vec::new() };
    vec![format!(
        "SELECT {TOLD} FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids({pid})) AS pid) AS b \
         LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid \
         ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 5"
    )]
}

/// Whoever has a lock on one of the tables, itself or waiting, the oldest first.
fn holders(dialect: &Dialect, tables: &[Name]) -> Vec<String> {
    if tables.is_empty() {
        return Vec::new();
    }
    let relations: Vec<String> = tables
        .iter()
        .map(|it| format!("pg_catalog.to_regclass({})", dialect.literal(&dialect.quote_name(it))))
        .collect();
    vec![format!(
        "SELECT {TOLD} FROM (SELECT DISTINCT l.pid FROM pg_catalog.pg_locks AS l \
         WHERE l.granted AND l.relation IN ({}) AND l.pid <> pg_catalog.pg_backend_pid() \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d \
         WHERE d.datname = pg_catalog.current_database())) AS b \
         LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid \
         ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 5",
        relations.join(", ")
    )]
}

/// "Progress Reporting" in the manual.
fn progress(session: &Session<'_>) -> Vec<String> {
    let Some(pid) = session.pid() else { return Vec::new() };
    let mut views = vec![
        "SELECT lower(command) || ': ' || phase, \
         CASE WHEN blocks_total > 0 THEN blocks_done WHEN tuples_total > 0 THEN tuples_done \
         WHEN lockers_total > 0 THEN lockers_done END, \
         coalesce(nullif(blocks_total, 0), nullif(tuples_total, 0), nullif(lockers_total, 0)), pid \
         FROM pg_catalog.pg_stat_progress_create_index",
        "SELECT lower(command) || ': ' || phase, heap_blks_scanned, nullif(heap_blks_total, 0), pid \
         FROM pg_catalog.pg_stat_progress_cluster",
        "SELECT 'vacuum: ' || phase, heap_blks_scanned, nullif(heap_blks_total, 0), pid \
         FROM pg_catalog.pg_stat_progress_vacuum",
        "SELECT 'analyze: ' || phase, sample_blks_scanned, nullif(sample_blks_total, 0), pid \
         FROM pg_catalog.pg_stat_progress_analyze",
    ];
    if session.version >= Version::new(14, 0, 0) {
        views.push(
            "SELECT 'copy: bytes', bytes_processed, nullif(bytes_total, 0), pid \
             FROM pg_catalog.pg_stat_progress_copy",
        );
    }
    let told = views.join(" UNION ALL ");
    vec![format!(
        "SELECT p.what, p.done, p.total FROM ({told}) AS p (what, done, total, pid) \
         WHERE p.pid = {pid} LIMIT 1"
    )]
}
