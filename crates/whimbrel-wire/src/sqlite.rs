//! SQLite, through the library that is built into whimbrel.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, InterruptHandle, OpenFlags, ffi};
use whimbrel::connection::{
    BatchError, Cancel, Connection, DatabaseError, Named, Row, Server, Trouble, Version,
};

use crate::one::{Control, Lexis, Look, two_statements};
use crate::progress::Progress;
use crate::timed::one_by_one;
use crate::url::flag;
use crate::{ConnectOptions, Target};

/// How many statements are kept prepared.
const PREPARED: usize = 64;

/// A file, open.
struct Sqlite {
    inner: rusqlite::Connection,
    server: Server,
    progress: Progress,
    opening: Vec<String>,
    /// How long the statements of the last batch took.
    times: Vec<Duration>,
}

/// Opens the file that `target` names.
pub(crate) fn connect(
    target: &Target,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DatabaseError> {
    let file = target.database.as_deref().unwrap_or(":memory:");
    let mode = target.parameter("mode").unwrap_or("rwc");
    let memory = file == ":memory:";
    let must_exist = (options.must_exist || matches!(mode, "ro" | "rw")) && !memory;
    if must_exist && !Path::new(file).exists() {
        return Err(DatabaseError {
            hint: Some("check the path; it is relative to the current directory".to_owned()),
            ..DatabaseError::new(Trouble::DatabaseMissing, format!("there is no file `{file}`"))
        });
    }
    let read_only = options.read_only || mode == "ro";
    let access = if read_only && !memory {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else if must_exist {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let failed = |error: rusqlite::Error| opening(file, database_error("", &error));
    let inner = open(target, file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    inner.set_prepared_statement_cache_capacity(PREPARED);
    let wait = match target.parameter("busy_timeout").and_then(|it| it.parse().ok()) {
        Some(milliseconds) => Duration::from_millis(milliseconds),
        None => options.busy_timeout,
    };
    inner.busy_timeout(wait).map_err(failed)?;
    let server = Server {
        product: "SQLite".to_owned(),
        version: Version::parse(rusqlite::version()),
        database: file.to_owned(),
        host: String::new(),
        user: String::new(),
        // A statement of SQLite's ends with its process, so there is none left to look for.
        session: String::new(),
        shared: false,
        several: false,
        lowers_tables: false,
    };
    let keys = target.parameter("foreign_keys").and_then(flag).unwrap_or(true);
    let keys = format!("PRAGMA foreign_keys = {}", if keys { "ON" } else { "OFF" });
    let said = vec![keys.clone()];
    let mut connection =
        Sqlite { inner, server, progress: Progress::default(), opening: said, times: Vec::new() };
    connection.execute(&keys)?;
    // Opening reads nothing: only this tells a database from any other file.
    connection.query("PRAGMA schema_version").map_err(|error| opening(file, error))?;
    Ok(Box::new(connection))
}

fn open(target: &Target, file: &str, flags: OpenFlags) -> rusqlite::Result<rusqlite::Connection> {
    if target.parameter("immutable").and_then(flag) == Some(true) {
        let mut uri = String::from("file:");
        for letter in file.chars() {
            match letter {
                '%' => uri.push_str("%25"),
                '?' => uri.push_str("%3f"),
                '#' => uri.push_str("%23"),
                _ => uri.push(letter),
            }
        }
        uri.push_str("?immutable=1");
        return rusqlite::Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI);
    }
    rusqlite::Connection::open_with_flags(file, flags)
}

/// An error while opening, with the file's name in it.
fn opening(file: &str, error: DatabaseError) -> DatabaseError {
    let why = error.message.strip_suffix(&format!(": {file}")).unwrap_or(&error.message);
    let message = format!("the database file `{file}` can't be opened: {why}");
    if error.trouble != Trouble::Unreachable {
        return DatabaseError { message, ..error };
    }
    // Waiting won't help: a folder is missing or may not be written to.
    let hint = Some("is there such a folder, and may it be written to?".to_owned());
    DatabaseError { trouble: Trouble::Other, message, hint, ..error }
}

impl Sqlite {
    /// Runs one statement to its last row.
    fn run(&mut self, sql: &str, rows: Each<'_>) -> Result<u64, DatabaseError> {
        let look = Look::at(sql, Lexis::Sqlite);
        if look.blank {
            return Ok(0);
        }
        let control = look.control();
        self.progress.admit(control)?;
        match control {
            Control::End { keeps: true, .. } => return self.commit().map(|()| 0),
            Control::End { keeps: false, .. } => return self.rollback().map(|()| 0),
            _ => {}
        }
        match self.step(sql, rows) {
            Ok(changed) => {
                self.progress.ran(control);
                Ok(changed)
            }
            Err(error) => {
                let error = database_error(sql, &error);
                // A full disk or ON CONFLICT ROLLBACK ends the transaction of itself.
                self.progress.stumbled(&error, self.inner.is_autocommit());
                Err(error)
            }
        }
    }

    fn step(&self, sql: &str, each: Each<'_>) -> rusqlite::Result<u64> {
        let before = self.inner.total_changes();
        let mut statement = self.inner.prepare_cached(sql)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            // Counted only now: a kept statement is prepared anew in its first step where the
            // table has changed.
            let columns = row.as_ref().column_count();
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(text(row.get_ref(column)?));
            }
            each(row.as_ref(), values);
        }
        drop(rows);
        drop(statement);
        // `changes` keeps the number of the last INSERT, UPDATE or DELETE; only a moved total
        // says that it was this statement's.
        let moved = self.inner.total_changes() != before;
        Ok(if moved { self.inner.changes() } else { 0 })
    }
}

/// What is done with each row of a statement.
type Each<'e> = &'e mut dyn FnMut(&rusqlite::Statement<'_>, Row);

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(format!("{number:?}")),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Some(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().fold("0x".to_owned(), |out, it| out + &format!("{it:02x}")),
        }),
    }
}

impl Connection for Sqlite {
    fn server(&self) -> &Server {
        &self.server
    }

    fn opening(&self) -> &[String] {
        &self.opening
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.run(sql, &mut |_, _| {})
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        let mut rows = Vec::new();
        self.run(sql, &mut |_, row| rows.push(row))?;
        Ok(rows)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        let mut found = Named::default();
        self.run(sql, &mut |statement, row| {
            if found.rows.is_empty() {
                found.columns = statement.column_names().map(str::to_owned).collect();
            }
            found.rows.push(row);
        })?;
        Ok(found)
    }

    /// `BEGIN IMMEDIATE`: a transaction that begins by reading can't always become one that
    /// writes ("Transactions" in SQLite's manual).
    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.progress.may_begin()?;
        self.execute("BEGIN IMMEDIATE").map(drop)
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        if let Some(error) = self.progress.close() {
            self.rollback()?;
            return Err(error);
        }
        let done = self.step("COMMIT", &mut |_, _| {});
        let done = done.map(drop).map_err(|error| database_error("", &error));
        if done.is_err() {
            // A COMMIT that failed leaves the transaction open in SQLite.
            self.rollback()?;
        }
        done
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.progress.close();
        if self.inner.is_autocommit() {
            return Ok(());
        }
        self.step("ROLLBACK", &mut |_, _| {}).map(drop).map_err(|error| database_error("", &error))
    }

    fn in_transaction(&self) -> bool {
        self.progress.open() || !self.inner.is_autocommit()
    }

    fn execute_all(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let (times, done) = one_by_one(self, statements);
        self.times = times;
        done
    }

    fn take_times(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.times)
    }

    fn canceller(&self) -> Option<Box<dyn Cancel>> {
        Some(Box::new(Interrupt(self.inner.get_interrupt_handle())))
    }
}

struct Interrupt(InterruptHandle);

impl Cancel for Interrupt {
    fn cancel(&self) -> Result<(), DatabaseError> {
        self.0.interrupt();
        Ok(())
    }
}

fn database_error(sql: &str, error: &rusqlite::Error) -> DatabaseError {
    match error {
        rusqlite::Error::SqlInputError { error, msg, offset, .. } => DatabaseError {
            code: Some(code(*error)),
            position: usize::try_from(*offset).ok().filter(|it| *it <= sql.len()),
            ..DatabaseError::new(trouble(*error), msg.clone())
        },
        rusqlite::Error::SqliteFailure(error, message) => DatabaseError {
            code: Some(code(*error)),
            ..DatabaseError::new(
                trouble(*error),
                message.clone().unwrap_or_else(|| error.to_string()),
            )
        },
        rusqlite::Error::MultipleStatement => two_statements(),
        other => DatabaseError::new(Trouble::Other, other.to_string()),
    }
}

fn trouble(error: ffi::Error) -> Trouble {
    if error.extended_code == ffi::SQLITE_BUSY_SNAPSHOT {
        return Trouble::Deadlock;
    }
    match error.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Trouble::LockTimeout,
        ErrorCode::OperationInterrupted => Trouble::Cancelled,
        ErrorCode::DiskFull => Trouble::Full,
        ErrorCode::ReadOnly => Trouble::ReadOnly,
        ErrorCode::CannotOpen => Trouble::Unreachable,
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            Trouble::NotAllowed
        }
        ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig => {
            Trouble::Data
        }
        // Of the two that rusqlite leaves unnamed, SQLITE_ERROR is about the statement.
        ErrorCode::Unknown if error.extended_code & 0xff == ffi::SQLITE_ERROR => Trouble::Statement,
        _ => Trouble::Other,
    }
}

/// SQLite's own name for the error, as its manual lists them ("Result and Error Codes").
fn code(error: ffi::Error) -> String {
    let name = match error.extended_code & 0xff {
        ffi::SQLITE_ERROR => "SQLITE_ERROR",
        ffi::SQLITE_PERM => "SQLITE_PERM",
        ffi::SQLITE_ABORT => "SQLITE_ABORT",
        ffi::SQLITE_BUSY => "SQLITE_BUSY",
        ffi::SQLITE_LOCKED => "SQLITE_LOCKED",
        ffi::SQLITE_NOMEM => "SQLITE_NOMEM",
        ffi::SQLITE_READONLY => "SQLITE_READONLY",
        ffi::SQLITE_INTERRUPT => "SQLITE_INTERRUPT",
        ffi::SQLITE_IOERR => "SQLITE_IOERR",
        ffi::SQLITE_CORRUPT => "SQLITE_CORRUPT",
        ffi::SQLITE_FULL => "SQLITE_FULL",
        ffi::SQLITE_CANTOPEN => "SQLITE_CANTOPEN",
        ffi::SQLITE_SCHEMA => "SQLITE_SCHEMA",
        ffi::SQLITE_TOOBIG => "SQLITE_TOOBIG",
        ffi::SQLITE_CONSTRAINT => "SQLITE_CONSTRAINT",
        ffi::SQLITE_MISMATCH => "SQLITE_MISMATCH",
        ffi::SQLITE_MISUSE => "SQLITE_MISUSE",
        ffi::SQLITE_AUTH => "SQLITE_AUTH",
        ffi::SQLITE_NOTADB => "SQLITE_NOTADB",
        _ => return format!("SQLITE_{}", error.extended_code),
    };
    name.to_owned()
}
