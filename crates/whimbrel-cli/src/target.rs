//! From the configuration to an open session, and the line that says where it leads.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use whimbrel::{
    connection::{Connection, DatabaseError, Server, Trouble},
    dialect::Dialect,
    project::{Config, ConnectSettings},
};
use whimbrel_wire::{ConnectOptions, Family, Parts, Secret, Target, TargetError};

use crate::{
    failure::{Failure, PASSING, REFUSED, USAGE},
    ui::Ui,
};

/// How long SQLite waits by itself for a file that another program has locked, at the most.
const BUSY: Duration = Duration::from_secs(2);

/// An open session.
pub(crate) struct Session {
    pub(crate) connection: Box<dyn Connection>,
    /// What is true of the database.
    pub(crate) dialect: &'static Dialect,
}

/// What a command means to do with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It may create a SQLite file that isn't there.
    Write,
    /// It changes what is there, and creates no file.
    Change,
    /// It creates nothing.
    Read,
}

/// Opens the session that the configuration names, and says where it leads before anything runs.
pub(crate) fn connect(
    target: &Target,
    config: &Config,
    purpose: Purpose,
    ui: &mut Ui,
) -> Result<Session, Failure> {
    let (connection, missing) = open(target, config, purpose)?;
    let server = connection.server();
    let Some(dialect) = Dialect::of_product(&server.product) else {
        let message = format!("whimbrel doesn't know the database {}", server.product);
        return Err(Failure::new(REFUSED, message));
    };
    let mut line = line(server, config);
    if let Some(file) = missing {
        line = line.replace(":memory:", &format!("{file} (not there yet)"));
    }
    ui.note(&format!("target: {line}"));
    Ok(Session { connection, dialect })
}

/// A second session, for who watches the first one.
pub(crate) fn second(target: &Target) -> Result<Box<dyn Connection>, DatabaseError> {
    let options = ConnectOptions {
        must_exist: true,
        read_only: true,
        application_name: "whimbrel, watching".to_owned(),
        ..ConnectOptions::default()
    };
    whimbrel_wire::connect(target, &options)
}

/// Whether connecting would create the database.
pub(crate) fn is_new(target: &Target, purpose: Purpose) -> bool {
    let is_there = |file: &String| Path::new(file).exists();
    purpose == Purpose::Write
        && target.family == Family::Sqlite
        && !target.database.as_ref().is_some_and(is_there)
}

/// Where the database is.
///
/// What writes goes to the server itself, where its address is known beside that of a pooler.
pub(crate) fn target(config: &Config, purpose: Purpose) -> Result<Target, Failure> {
    let settings = config.connect_settings()?;
    let direct = if purpose == Purpose::Read { None } else { config.direct_settings()? };
    let is_direct = direct.is_some();
    let refused = |error: &TargetError| {
        let failure = refused(error);
        if is_direct { failure.note("this is about `direct_url`") } else { failure }
    };
    let (mut target, base) = match direct.unwrap_or(settings) {
        ConnectSettings::Url { url, dialect, base } => {
            (Target::parse(&url, dialect.as_deref()).map_err(|it| refused(&it))?, base)
        }
        ConnectSettings::Parts { dialect, host, port, user, database, sslmode } => {
            let parameters = sslmode.map(|it| ("sslmode".to_owned(), it)).into_iter().collect();
            let parts = Parts {
                database_type: Some(dialect),
                host: Some(host),
                port,
                user,
                password: None,
                database,
                parameters,
            };
            (Target::from_parts(parts).map_err(|it| refused(&it))?, PathBuf::new())
        }
    };
    if target.family != Family::Sqlite && target.password.is_none() {
        target.password = config.password()?.map(Secret::new);
    }
    if target.family == Family::Sqlite {
        target.database = target.database.map(|it| beside(&base, &config.directory, &it));
    }
    Ok(target)
}

/// A SQLite file as it is reached from the process's folder, as short as that can be said.
fn beside(base: &Path, directory: &Path, file: &str) -> String {
    if file == ":memory:" || Path::new(file).is_absolute() {
        return file.to_owned();
    }
    let here = std::env::current_dir().unwrap_or_else(|_| directory.to_owned());
    let path = base.join(file);
    path.strip_prefix(here).unwrap_or(&path).display().to_string()
}

/// The session; beside it the SQLite file that isn't there, where one was only to be read.
fn open(
    target: &Target,
    config: &Config,
    purpose: Purpose,
) -> Result<(Box<dyn Connection>, Option<String>), Failure> {
    let reading = purpose == Purpose::Read;
    let must_exist = purpose != Purpose::Write;
    // A run waits for a file itself, and hears a signal between two tries. A commit that waits
    // for readers keeps new ones out ("File Locking And Concurrency" in SQLite's manual).
    let busy_timeout = match config.patience().timeout {
        Duration::ZERO => BUSY,
        timeout => timeout.min(BUSY),
    };
    let options = ConnectOptions {
        must_exist,
        read_only: reading,
        busy_timeout,
        ..ConnectOptions::default()
    };
    let refused = match whimbrel_wire::connect(target, &options) {
        Ok(connection) => return Ok((connection, None)),
        Err(error) => error,
    };
    let is_file = must_exist && target.family == Family::Sqlite;
    if !is_file || refused.trouble != Trouble::DatabaseMissing {
        return Err(unreachable(&refused, target));
    }
    // A file that isn't there is an empty database, and reading it must not make it.
    let mut empty = target.clone();
    empty.database = Some(":memory:".to_owned());
    let connection = whimbrel_wire::connect(&empty, &ConnectOptions::default())
        .map_err(|it| unreachable(&it, target))?;
    Ok((connection, target.database.clone()))
}

fn unreachable(error: &DatabaseError, target: &Target) -> Failure {
    let code = if error.trouble.passes() { PASSING } else { REFUSED };
    let message = match target.family {
        // The words for a file name it.
        Family::Sqlite => error.to_string(),
        _ => format!("can't connect to {target}: {error}"),
    };
    let mut failure = Failure::new(code, message);
    failure.notes.extend(error.detail.clone());
    failure.hint = error.hint.clone().or_else(|| {
        Some(
            match error.trouble {
                Trouble::Unreachable => {
                    "start the server, or correct the host and port; nothing has happened"
                }
                Trouble::AccessDenied => "correct the user or the password; nothing has happened",
                Trouble::DatabaseMissing => return Some(creating(target.database.as_deref())),
                _ => return None,
            }
            .to_owned(),
        )
    });
    failure
}

/// How a database comes to be that isn't there.
fn creating(database: Option<&str>) -> String {
    let is_plain = |it: &&str| it.bytes().all(|it| it == b'_' || it.is_ascii_alphanumeric());
    match database.filter(is_plain) {
        Some(name) => format!("create it with `CREATE DATABASE {name}`, or correct its name"),
        None => "create the database first, or correct its name".to_owned(),
    }
}

fn refused(error: &TargetError) -> Failure {
    let mut failure = Failure::new(USAGE, error.to_string());
    failure.hint = error.hint();
    failure
}

/// `prod · PostgreSQL 18.4 · orders@127.0.0.1:5432 (role app)`
fn line(server: &Server, config: &Config) -> String {
    let mut line = String::new();
    if let Some(env) = &config.env {
        line.push_str(env);
        line.push_str(" · ");
    }
    let database = if server.database.is_empty() { "no database" } else { &server.database };
    let _ = write!(line, "{} {} · {}", server.product, server.version, database);
    if !server.host.is_empty() {
        let _ = write!(line, "@{}", server.host);
    }
    if !server.user.is_empty() {
        let _ = write!(line, " (role {})", server.user);
    }
    line
}
