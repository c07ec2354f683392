//! The lease: a lock that no session holds.
//!
//! Behind a pooler of transactions, or where several servers take writes to the same data, a
//! session's lock keeps nobody out. There a run holds a row of `whimbrel_state`: who it is, until
//! when by the database's clock, and a number that grows with every new holder. Each transaction of
//! the run renews it first and fails where another run has taken it over since, so that a holder
//! that lost it can't commit. The row stays locked while the transaction goes on, so that nobody
//! takes it over from a run that is merely slow.

use super::{Held, History, Holder};
use crate::{
    connection::{Connection, DatabaseError, Row, Server, Trouble},
    dialect::{Dialect, Lock},
};

/// How long a lease lasts beyond the transaction that renewed it, in seconds. In between a run
/// only thinks.
pub const SHORT: u32 = 30;

/// How long it lasts before a statement that commits by itself, in seconds: nobody can renew it
/// while that runs.
pub const LONG: u32 = 600;

/// That this run holds the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What stands in the row: the number, the place, and who it is.
    value: String,
}

/// The lease as it stands in the row.
struct Found {
    value: String,
    is_live: bool,
}

impl Found {
    fn number(&self) -> u64 {
        self.value.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0)
    }

    fn place(&self) -> &str {
        self.value.split(' ').nth(1).unwrap_or_default()
    }

    fn holder(&self) -> Holder {
        let who = self.value.splitn(3, ' ').nth(2).unwrap_or_default();
        let number = self.number();
        Holder { description: format!("{who}, by lease number {number}") }
    }
}

/// Where the holder's session would be seen, if it is to be seen anywhere: the server that it has
/// locked as well. One word.
fn place(dialect: &Dialect, server: &Server) -> String {
    let place = match dialect.lock {
        _ if server.shared => "-",
        Lock::Named => server.session.split(':').next().unwrap_or("-"),
        Lock::Advisory | Lock::File => "here",
    };
    if place.is_empty() { "-".to_owned() } else { place.replace(' ', "_") }
}

impl History {
    /// Takes the lease if nobody has it, or whoever had it is gone; says who has it otherwise.
    ///
    /// `who` is told to those who wait. `session` is the lock of our session, where it has one: a
    /// holder that would have the same one is dead if we have got it. Without it, `key` keeps
    /// runs out that hold the lock of a session.
    pub fn try_lease(
        &self,
        connection: &mut dyn Connection,
        who: &str,
        session: Option<&Held>,
        key: i64,
    ) -> Result<Result<Lease, Holder>, DatabaseError> {
        let place = place(self.dialect, connection.server());
        let is_free = |found: &Found| {
            let same = session.is_some() && place != "-" && found.place() == place;
            !found.is_live || same
        };
        // Looking keeps nobody from renewing.
        if let Some(found) = self.find_lease(connection, "")?
            && !is_free(&found)
        {
            return Ok(Err(found.holder()));
        }
        connection.begin()?;
        match self.take(connection, who, session, key, &place, &is_free) {
            Ok(Ok(lease)) => match connection.commit() {
                Ok(()) => Ok(Ok(lease)),
                Err(error) => self.somebody(connection, error),
            },
            Ok(Err(holder)) => connection.rollback().map(|()| Err(holder)),
            Err(error) => {
                // The first error is the one to tell.
                let _ = connection.rollback();
                self.somebody(connection, error)
            }
        }
    }

    fn take(
        &self,
        connection: &mut dyn Connection,
        who: &str,
        session: Option<&Held>,
        key: i64,
        place: &str,
        is_free: &dyn Fn(&Found) -> bool,
    ) -> Result<Result<Lease, Holder>, DatabaseError> {
        if session.is_none() && self.dialect.lock == Lock::Advisory {
            let attempt = format!(
                "SELECT CASE WHEN pg_catalog.pg_try_advisory_xact_lock({key}) THEN 1 ELSE 0 END"
            );
            let rows = connection.query(&attempt)?;
            if rows.first().and_then(|it| it.first().cloned()).flatten().as_deref() != Some("1") {
                return super::holder(connection, self.dialect, key).map(Err);
            }
        }
        let found = self.find_lease(connection, " FOR UPDATE NOWAIT")?;
        let number = match &found {
            Some(found) if !is_free(found) => return Ok(Err(found.holder())),
            Some(found) => found.number() + 1,
            None => 1,
        };
        let value = format!("{number} {place} {who}");
        let (state, until) = (self.table("state"), self.dialect.ledger.later(SHORT));
        let literal = self.dialect.literal(&value);
        connection.execute(&match found {
            None => format!(
                "INSERT INTO {state} (name, value, expires) VALUES ('lease', {literal}, {until})"
            ),
            Some(_) => format!(
                "UPDATE {state} SET value = {literal}, expires = {until} WHERE name = 'lease'"
            ),
        })?;
        Ok(Ok(Lease { value }))
    }

    /// Another run was faster, or is just renewing.
    fn somebody(
        &self,
        connection: &mut dyn Connection,
        error: DatabaseError,
    ) -> Result<Result<Lease, Holder>, DatabaseError> {
        match error.trouble {
            Trouble::LockTimeout | Trouble::Deadlock | Trouble::Data => {
                let found = self.find_lease(connection, "")?;
                let holder = found.map(|it| it.holder()).unwrap_or_default();
                Ok(Err(holder))
            }
            _ => Err(error),
        }
    }

    /// Whether nobody else has taken the lease over.
    pub fn holds(
        &self,
        connection: &mut dyn Connection,
        lease: &Lease,
    ) -> Result<bool, DatabaseError> {
        let found = self.find_lease(connection, "")?;
        Ok(found.is_some_and(|it| it.value == lease.value))
    }

    /// The run that holds the lease now, if one does.
    pub fn leaseholder(
        &self,
        connection: &mut dyn Connection,
    ) -> Result<Option<Holder>, DatabaseError> {
        let found = self.find_lease(connection, "")?;
        Ok(found.filter(|it| it.is_live).map(|it| it.holder()))
    }

    fn find_lease(
        &self,
        connection: &mut dyn Connection,
        locking: &str,
    ) -> Result<Option<Found>, DatabaseError> {
        if !self.has("state", "expires") {
            return Ok(None);
        }
        let sql = format!(
            "SELECT value, CASE WHEN expires > {} THEN 1 ELSE 0 END FROM {} \
             WHERE name = 'lease'{locking}",
            self.dialect.ledger.now,
            self.table("state")
        );
        let found = |row: Row| {
            let mut cells = row.into_iter();
            let mut cell = || cells.next().flatten().unwrap_or_default();
            Found { value: cell(), is_live: cell() == "1" }
        };
        Ok(connection.query(&sql)?.into_iter().next().map(found))
    }

    /// What goes before the statements of a transaction, so that it renews the lease for so many
    /// seconds, and fails with [`Trouble::Data`] where it is ours no more.
    pub fn lease_fence(&self, lease: &Lease, seconds: u32) -> Vec<String> {
        let value = self.dialect.literal(&lease.value);
        let state = self.table("state");
        vec![
            // First: it waits for whoever is about to take the lease over, and sees it then.
            self.renew_lease(lease, seconds),
            self.trip(&format!(
                "NOT EXISTS (SELECT 1 FROM {state} AS here \
                 WHERE here.name = 'lease' AND here.value = {value})"
            )),
        ]
    }

    /// Renews the lease for so many seconds; does nothing where it is ours no more.
    pub fn renew_lease(&self, lease: &Lease, seconds: u32) -> String {
        format!(
            "UPDATE {} SET expires = {} WHERE name = 'lease' AND value = {}",
            self.table("state"),
            self.dialect.ledger.later(seconds),
            self.dialect.literal(&lease.value)
        )
    }

    /// Gives the lease back; the number stays, and grows with the next holder.
    pub fn release_lease(&self, lease: &Lease) -> String {
        format!(
            "UPDATE {} SET expires = NULL WHERE name = 'lease' AND value = {}",
            self.table("state"),
            self.dialect.literal(&lease.value)
        )
    }
}
