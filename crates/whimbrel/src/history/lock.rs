//! Keeping every other run out, by try and wait and never by a call that blocks: a session that
//! waits inside the database holds a snapshot, for which `CREATE INDEX CONCURRENTLY` waits.
//!
//! The lock belongs to the session that does the work, so that it lives as long as the work may
//! still land. Where a session's lock keeps nobody out, the [lease](super::Lease) does.

use sha2::{Digest, Sha256};

use super::History;
use crate::{
    connection::{Connection, DatabaseError, Row},
    dialect::{Dialect, Lock},
};

/// That the lock is held by this session; [`release`] gives it back.
#[derive(Debug)]
#[must_use = "the lock is held until it is released or the session ends"]
pub struct Held {
    /// How often it was taken at the most: a session can take its own lock again.
    times: u64,
}

impl Held {
    const ONCE: Self = Self { times: 1 };

    /// A transaction begins with [`History::session_fence`].
    pub fn fenced(&mut self) {
        self.times += 1;
    }
}

/// Who holds the lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// What is known of the run or its session: its number, its user, where it comes from, how
    /// long it has been at it.
    pub description: String,
}

/// The number that stands for this history among the server's locks. It depends on the database
/// and on the history's namespace, so that two histories never wait for each other.
pub fn key_of(database: &str, history: &History) -> i64 {
    let digest = Sha256::digest(format!("whimbrel\0{database}\0{}", history.namespace()));
    let bytes: [u8; 8] = std::array::from_fn(|it| digest[it]);
    i64::from_be_bytes(bytes)
}

/// The name of the lock where locks have names: 29 characters at most, of the 64 that are allowed.
fn name_of(key: i64) -> String {
    format!("whimbrel:{key}")
}

/// PostgreSQL's row of the lock in `pg_locks`, as a condition on `l`.
fn row_of(key: i64) -> String {
    format!(
        "l.locktype = 'advisory' AND l.objsubid = 1 \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d \
         WHERE d.datname = pg_catalog.current_database()) \
         AND (l.classid::bigint << 32 | l.objid::bigint) = {key}"
    )
}

/// Who has the lock, or waits for it where it isn't `granted`, on PostgreSQL.
fn advisory_sessions(key: i64, granted: bool) -> String {
    let granted = if granted { "l.granted" } else { "NOT l.granted" };
    format!(
        "SELECT a.application_name, 'pid ' || a.pid, a.usename, \
         CASE WHEN a.client_addr IS NULL THEN '' ELSE pg_catalog.host(a.client_addr) END, \
         greatest(0, extract(epoch FROM clock_timestamp() - a.backend_start))::bigint \
         FROM pg_catalog.pg_locks AS l \
         JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
         WHERE {granted} AND {}",
        row_of(key)
    )
}

/// Takes the lock if nobody has it; says who has it otherwise.
pub fn try_lock(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
) -> Result<Result<Held, Holder>, DatabaseError> {
    let attempt = match dialect.lock {
        Lock::File => return Ok(Ok(Held::ONCE)),
        Lock::Advisory => {
            format!("SELECT CASE WHEN pg_catalog.pg_try_advisory_lock({key}) THEN 1 ELSE 0 END")
        }
        Lock::Named => format!("SELECT coalesce(get_lock('{}', 0), 0)", name_of(key)),
    };
    if first(connection.query(&attempt)?).as_deref() == Some("1") {
        return Ok(Ok(Held::ONCE));
    }
    holder(connection, dialect, key).map(Err)
}

/// Who has the lock, as far as the server tells: nobody is called "another session".
pub fn holder(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
) -> Result<Holder, DatabaseError> {
    let query = match dialect.lock {
        Lock::File => return Ok(Holder::default()),
        Lock::Advisory => advisory_sessions(key, true),
        Lock::Named => format!(
            "SELECT '', concat('connection ', p.id), p.user, p.host, p.time \
             FROM information_schema.processlist AS p WHERE p.id = is_used_lock('{}')",
            name_of(key)
        ),
    };
    let row = connection.query(&query)?.into_iter().next();
    let description = row.map_or_else(|| "another session".to_owned(), |it| in_words(&it));
    Ok(Holder { description })
}

/// A session that waits for the lock inside the database, which no run of whimbrel does.
pub fn waiter(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
) -> Result<Option<Holder>, DatabaseError> {
    if dialect.lock != Lock::Advisory {
        return Ok(None);
    }
    let rows = connection.query(&advisory_sessions(key, false))?;
    Ok(rows.first().map(|it| Holder { description: in_words(it) }))
}

/// `whimbrel on pod-7, pid 4121, app from 10.0.0.7, since 12 s`
fn in_words(row: &Row) -> String {
    let cell = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
    let (program, session, user, host) = (cell(0), cell(1), cell(2), cell(3));
    let user = match (user.is_empty(), host.is_empty()) {
        (_, true) => user,
        (true, false) => format!("from {host}"),
        (false, false) => format!("{user} from {host}"),
    };
    let since = match cell(4).parse::<u64>() {
        Ok(seconds @ 0..=119) => format!("since {seconds} s"),
        Ok(seconds @ 120..=7199) => format!("since {} min", seconds / 60),
        Ok(seconds) => format!("since {} h", seconds / 3600),
        Err(_) => String::new(),
    };
    let parts = [program, session, user, since];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join(", ")
}

fn first(rows: Vec<Row>) -> Option<String> {
    rows.into_iter().flatten().next().flatten()
}

/// Gives the lock back. Losing the session gives it back as well.
pub fn release(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    key: i64,
    Held { times }: Held,
) -> Result<(), DatabaseError> {
    let sql = match dialect.lock {
        Lock::File => return Ok(()),
        // As often as it was taken, and no more once it isn't held.
        Lock::Advisory => format!(
            "WITH RECURSIVE unlocked(time, did) AS (SELECT 1, pg_catalog.pg_advisory_unlock({key}) \
             UNION ALL SELECT time + 1, pg_catalog.pg_advisory_unlock({key}) FROM unlocked \
             WHERE did AND time < {times}) SELECT count(*) FROM unlocked"
        ),
        Lock::Named => format!("SELECT release_lock('{}')", name_of(key)),
    };
    connection.query(&sql).map(drop)
}

impl History {
    /// What goes before the statements of a transaction, so that it fails with
    /// [`Trouble::Data`](crate::connection::Trouble::Data) where this session's lock has gone: a
    /// script has given it up (`DISCARD ALL`, `RELEASE_ALL_LOCKS()`), or the session is another
    /// one than it was.
    ///
    /// On PostgreSQL a session can take its lock once more, which costs nothing, and has it again
    /// where nobody else has taken it. Before a step outside of a transaction (`strict`) the loss
    /// is to be told.
    pub fn session_fence(&self, key: i64, strict: bool) -> Vec<String> {
        let statement = match self.dialect.lock {
            Lock::File => return Vec::new(),
            Lock::Advisory if strict => format!(
                "SELECT 1 / count(*) FROM pg_catalog.pg_locks AS l \
                 WHERE l.granted AND l.pid = pg_catalog.pg_backend_pid() AND {}",
                row_of(key)
            ),
            Lock::Advisory => format!(
                "SELECT 1 / CASE WHEN pg_catalog.pg_try_advisory_lock({key}) THEN 1 ELSE 0 END"
            ),
            Lock::Named if !self.has("state", "name") => return Vec::new(),
            Lock::Named => self
                .trip(&format!("coalesce(is_used_lock('{}'), 0) <> connection_id()", name_of(key))),
        };
        vec![statement]
    }

    /// A statement that fails where `condition` holds, and does nothing otherwise: it sets a mark
    /// that is set already.
    pub(super) fn trip(&self, condition: &str) -> String {
        format!(
            "INSERT INTO {} (name, value) SELECT 'layout', '' FROM (SELECT 1 AS one) AS one \
             WHERE {condition}",
            self.table("state")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::POSTGRES, history::Survey};

    #[test]
    fn a_holder_is_told_by_what_is_known_of_it() {
        let row = |cells: [&str; 5]| in_words(&cells.map(|it| Some(it.to_owned())).to_vec());
        assert_eq!(
            row(["whimbrel on pod-7", "pid 4121", "app", "10.0.0.7", "12"]),
            "whimbrel on pod-7, pid 4121, app from 10.0.0.7, since 12 s"
        );
        assert_eq!(row(["", "connection 7", "app", "", "300"]), "connection 7, app, since 5 min");
        assert_eq!(
            row(["", "connection 7", "", "pod-7", "8000"]),
            "connection 7, from pod-7, since 2 h"
        );
        assert_eq!(row(["", "pid 7", "", "", "?"]), "pid 7");
    }

    #[test]
    fn a_lock_is_one_of_the_database_and_of_the_history() {
        let history = |namespace: &str| {
            let survey = Survey { namespace: namespace.to_owned(), ..Survey::default() };
            History::new(&POSTGRES, &survey)
        };
        let keys = [
            key_of("a", &history("public")),
            key_of("b", &history("public")),
            key_of("a", &history("audit")),
        ];
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
        assert_eq!(keys[0], key_of("a", &history("public")));
        // MySQL, "GET_LOCK": names of at most 64 characters.
        assert!(name_of(i64::MIN).len() <= 64);
    }
}
