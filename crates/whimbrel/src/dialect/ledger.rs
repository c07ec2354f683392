//! How whimbrel keeps its own tables in a database, and keeps others from writing them.

/// Words for the columns of whimbrel's own tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// A text that can be a key, of 255 characters at least, compared letter by letter.
    pub key: &'static str,
    /// A text of any length.
    pub text: &'static str,
    /// A whole number of 64 bits.
    pub number: &'static str,
    /// A moment, to the microsecond where the database can.
    pub moment: &'static str,
    /// The moment now, by the database's own clock, as an expression of that type.
    pub now: &'static str,
    /// What stands before and behind a number of seconds, for the moment so much later than now.
    pub later: [&'static str; 2],
    /// What stands behind the closing parenthesis of `CREATE TABLE`, so that the table takes part
    /// in transactions and holds every character.
    pub suffix: &'static str,
}

impl Ledger {
    /// The moment so many seconds from now, as an expression.
    pub fn later(&self, seconds: u32) -> String {
        let [before, behind] = self.later;
        format!("{before}{seconds}{behind}")
    }
}

/// Where a database says which tables it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catalog {
    /// `pg_catalog`; the connection works in `current_schema()`.
    PgCatalog,
    /// `information_schema`; the connection works in `database()`.
    InformationSchema,
    /// `sqlite_schema`; the connection works in `main`.
    SqliteSchema,
}

/// How one run keeps another from writing at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// `pg_try_advisory_lock`, held by the session.
    Advisory,
    /// `GET_LOCK`, held by the session, per server.
    Named,
    /// The file's own lock, held by each transaction: whoever comes second trips over the
    /// first one's mark and looks again.
    File,
}

/// How a transaction can be had in which foreign keys are not enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unenforced {
    /// A query that answers `1` where they are enforced now.
    pub state: &'static str,
    /// Stops enforcing them; outside of a transaction.
    pub off: &'static str,
    /// Enforces them again; outside of a transaction.
    pub on: &'static str,
    /// A query for the rows that point at rows that aren't there.
    pub check: &'static str,
}
