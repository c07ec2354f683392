//! The clients of the databases: one file per wire protocol, each a [`Connection`].
//!
//! Nothing here is async to the outside, and a password is in nothing that is ever shown.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("whimbrel-wire needs one of the features `sqlite`, `postgres` and `mysql`");

mod one;
mod progress;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod timed;
pub mod url;

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod pooler;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "tls")]
mod tls;

use std::time::Duration;

use whimbrel::connection::{Connection, DatabaseError};

pub use url::{Family, Host, Parts, Secret, SslMode, Target, TargetError};

/// How to open a connection, beside what the target says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectOptions {
    /// How long opening may take altogether, for each host. A `connect_timeout` of the target
    /// goes before it.
    pub connect_timeout: Duration,
    /// What the server calls us in its lists of sessions. An `application_name` of the target
    /// goes before it.
    pub application_name: String,
    /// How long SQLite waits for another process's lock. A `busy_timeout` of the target goes
    /// before it.
    pub busy_timeout: Duration,
    /// SQLite: open the file without ever writing to it.
    pub read_only: bool,
    /// SQLite: a file that isn't there is an error instead of a new database.
    pub must_exist: bool,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            application_name: "whimbrel".to_owned(),
            busy_timeout: Duration::from_secs(5),
            read_only: false,
            must_exist: false,
        }
    }
}

/// Opens a session on the database that `target` names.
pub fn connect(
    target: &Target,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DatabaseError> {
    match target.family {
        #[cfg(feature = "sqlite")]
        Family::Sqlite => sqlite::connect(target, options),
        #[cfg(feature = "mysql")]
        Family::Mysql => mysql::connect(target, options),
        #[cfg(feature = "postgres")]
        Family::Postgres => postgres::connect(target, options),
        #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
        family => Err(DatabaseError::new(
            whimbrel::connection::Trouble::Other,
            format!("this build of whimbrel can't speak to a {family:?} database"),
        )),
    }
}

/// Refuses a target that must be encrypted, in a build that can't.
#[cfg(all(not(feature = "tls"), any(feature = "postgres", feature = "mysql")))]
fn without_tls(target: &Target) -> Result<(), DatabaseError> {
    match target.ssl_mode() {
        SslMode::Disable | SslMode::Allow | SslMode::Prefer => Ok(()),
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Err(DatabaseError::new(
            whimbrel::connection::Trouble::Other,
            "the target asks for encryption, and this build of whimbrel has none",
        )),
    }
}
