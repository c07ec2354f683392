//! Keeping every other run out, by try and wait and never by a call that blocks: a session that
//! waits inside the database holds a snapshot, for which `CREATE INDEX CONCURRENTLY` waits.

use sha2::{Digest, Sha256};

use super::History;
use crate::{
    connection::{Connection, DatabaseError, Row},
    dialect::{Dialect, Lock},
};

/// That the lock is held by this session; [`release`] gives it back.
#[derive(Debug)]
#[must_use = "the lock is held until it is released or the session ends"]
pub struct Held(());

/// Who holds the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// What the server says of that session: its number, its user, where it comes from, how long
    /// it has been at it.
    pub description: String,
}

/// The number that stands for this history among the server's locks. It depends on the database
/// and on the history's namespace, so that two histories never wait for each other.
pub fn key_of(database: &str, history: &History) -> i64 {
    let digest = Sha256::digest(format!("whimbrel\0{database}\0{}", history.namespace()));
    let bytes: [u8; 8] = std::array::from_fn(|it| digest[it]);
    i64::from_be_bytes(bytes)
}

/// Takes the lock if nobody has it; says who has it otherwise.
pub fn try_lock(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
) -> Result<Result<Held, Holder>, DatabaseError> {
    let (attempt, holder) = match dialect.lock {
        Lock::File => return Ok(Ok(Held(()))),
        Lock::Advisory => (
            format!("SELECT CASE WHEN pg_catalog.pg_try_advisory_lock({key}) THEN 1 ELSE 0 END"),
            format!(
                "SELECT concat('pid ', a.pid, ', ', a.usename, \
                 coalesce(' from ' || host(a.client_addr), ''), ', ', a.application_name, \
                 ', for ', date_trunc('second', clock_timestamp() - a.backend_start)) \
                 FROM pg_catalog.pg_locks AS l \
                 JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                 AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d \
                 WHERE d.datname = current_database()) \
                 AND (l.classid::bigint << 32 | l.objid::bigint) = {key}"
            ),
        ),
        Lock::Named => (
            format!("SELECT coalesce(get_lock('whimbrel:{key}', 0), 0)"),
            format!(
                "SELECT concat('connection ', p.id, ', ', p.user, ' from ', p.host, ', for ', \
                 p.time, ' s') FROM information_schema.processlist AS p \
                 WHERE p.id = is_used_lock('whimbrel:{key}')"
            ),
        ),
    };
    let first = |rows: Vec<Row>| rows.into_iter().flatten().next().flatten();
    if first(connection.query(&attempt)?).as_deref() == Some("1") {
        return Ok(Ok(Held(())));
    }
    let description = first(connection.query(&holder)?).unwrap_or_default();
    Ok(Err(Holder { description }))
}

/// Gives the lock back. Losing the session gives it back as well.
pub fn release(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
    _held: Held,
) -> Result<(), DatabaseError> {
    let sql = match dialect.lock {
        Lock::File => return Ok(()),
        Lock::Advisory => format!("SELECT pg_catalog.pg_advisory_unlock({key})"),
        Lock::Named => format!("SELECT release_lock('whimbrel:{key}')"),
    };
    connection.query(&sql).map(drop)
}
