//! What a server goes on with when its client is gone, and how that is stopped.

use super::Dialect;

/// What a database tells of the sessions of other clients, by what `Server::session` said of them.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// The query whether that session still runs a statement: one row with the session in words,
    /// for how many seconds it has been at it, and the statement. No row where it is gone or
    /// idle. `None` for a session of which this server can know nothing.
    pub running: fn(&Dialect, &str) -> Option<String>,
    /// The query whose last column of its first row says for how many seconds the server has been
    /// up, where a server that starts again counts its sessions from the beginning.
    pub uptime: Option<&'static str>,
    /// The statement that stops what the session runs.
    pub cancel: fn(&Dialect, &str) -> Option<String>,
    /// The statement that ends the session.
    pub end: fn(&Dialect, &str) -> Option<String>,
}

impl Sessions {
    /// Where a client takes its statements with it: a database that is a library.
    pub const NONE: Self =
        Self { running: |_, _| None, uptime: None, cancel: |_, _| None, end: |_, _| None };

    /// Of PostgreSQL, whose sessions are called `4121@2026-11-20T17:18:34.123456`.
    ///
    /// What another role's session does is only shown to superusers and members of
    /// `pg_read_all_stats`; to be on the safe side such a one is taken to be at work (manual,
    /// "The Cumulative Statistics System").
    pub(super) const BACKENDS: Self = Self {
        running: |dialect, session| {
            let one = backend(dialect, session)?;
            Some(format!(
                "SELECT concat('pid ', a.pid), \
                 greatest(0, extract(epoch FROM clock_timestamp() - a.query_start))::bigint, \
                 a.query FROM pg_catalog.pg_stat_activity AS a \
                 WHERE {one} AND (a.state IS NULL OR a.state NOT IN \
                 ('idle', 'idle in transaction', 'idle in transaction (aborted)', 'disabled'))"
            ))
        },
        uptime: None,
        cancel: |dialect, session| {
            let one = backend(dialect, session)?;
            Some(format!(
                "SELECT pg_catalog.pg_cancel_backend(a.pid) \
                 FROM pg_catalog.pg_stat_activity AS a WHERE {one}"
            ))
        },
        end: |dialect, session| {
            let one = backend(dialect, session)?;
            Some(format!(
                "SELECT pg_catalog.pg_terminate_backend(a.pid) \
                 FROM pg_catalog.pg_stat_activity AS a WHERE {one}"
            ))
        },
    };

    /// Of MySQL and MariaDB, whose sessions are called `SERVER:4121`. Without the right `PROCESS`
    /// a user sees the sessions of the same user, and so whimbrel's own.
    pub(super) const CONNECTIONS: Self = Self {
        running: |_, session| {
            let number = connection(session)?;
            Some(format!(
                "SELECT concat('connection ', p.id), p.time, p.info \
                 FROM information_schema.processlist AS p \
                 WHERE p.id = {number} AND p.id <> connection_id() AND p.command <> 'Sleep'"
            ))
        },
        uptime: Some("SHOW GLOBAL STATUS LIKE 'Uptime'"),
        cancel: |_, session| Some(format!("KILL QUERY {}", connection(session)?)),
        end: |_, session| Some(format!("KILL {}", connection(session)?)),
    };
}

/// The condition that a row is that session; its start tells it from a later one with its pid.
fn backend(dialect: &Dialect, session: &str) -> Option<String> {
    let (pid, start) = session.split_once('@')?;
    let pid: u32 = pid.parse().ok()?;
    if start.is_empty() {
        return None;
    }
    Some(format!(
        "a.pid = {pid} AND to_char(a.backend_start AT TIME ZONE 'UTC', \
         'YYYY-MM-DD\"T\"HH24:MI:SS.US') = {}",
        dialect.literal(start)
    ))
}

fn connection(session: &str) -> Option<u64> {
    session.rsplit_once(':')?.1.parse().ok()
}

impl Dialect {
    /// Whether two sessions, as `Server::session` says them, are those of one server, so that one
    /// can look for the other.
    pub fn is_of_one_server(&self, one: &str, other: &str) -> bool {
        let server = |it: &str| it.rsplit_once(':').map(|(server, _)| server.to_owned());
        self.sessions.uptime.is_none() || server(one) == server(other)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};

    #[test]
    fn a_session_that_says_nothing_is_not_asked_for() {
        let running = |it: &str| (POSTGRES.sessions.running)(&POSTGRES, it);
        for odd in ["", "4121", "4121@", "x@2026", "@2026", "1; DROP TABLE a@2026"] {
            assert_eq!(running(odd), None, "{odd}");
        }
        assert!(running("4121@2026'").is_some_and(|it| it.contains("= '2026'''")));
        let running = |it: &str| (MYSQL.sessions.running)(&MYSQL, it);
        for odd in ["", "uuid", "uuid:", "uuid:x", "uuid:1 OR 1"] {
            assert_eq!(running(odd), None, "{odd}");
        }
        assert!(running("uuid:17").is_some_and(|it| it.contains("p.id = 17")));
        assert_eq!((SQLITE.sessions.running)(&SQLITE, ""), None);
    }

    #[test]
    fn another_servers_session_is_not_looked_for() {
        assert!(MYSQL.is_of_one_server("a-b:1", "a-b:2"));
        assert!(!MYSQL.is_of_one_server("a-b:1", "c-d:1"));
        assert!(POSTGRES.is_of_one_server("1@2026-01-01T10:00:00", "2@2026-01-01T11:00:00"));
    }
}
