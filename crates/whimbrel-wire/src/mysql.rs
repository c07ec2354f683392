//! MySQL, MariaDB and what speaks their protocol, one text at a time.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ::mysql as driver;
use driver::prelude::Queryable;
use driver::{Conn, DriverError, LocalInfileHandler, MySqlError, OptsBuilder, Value};
use whimbrel::connection::{
    BatchError, Cancel, Connection, DatabaseError, Named, Notice, Row, Server, Trouble, Version,
};

use crate::one::{Control, Lexis, Look, two_statements};
use crate::progress::Progress;
use crate::timed::one_by_one;
use crate::url::{seconds, unquoted};
use crate::{ConnectOptions, Host, SslMode, Target};

/// A session.
struct Mysql {
    inner: Conn,
    server: Server,
    notices: Vec<Notice>,
    progress: Progress,
    /// Set once the connection is gone: the client itself would go on trying.
    lost: Option<DatabaseError>,
    again: Again,
    opening: Vec<String>,
    /// How long the statements of the last batch took.
    times: Vec<Duration>,
    /// The names of the columns of the last rows.
    columns: Vec<String>,
}

/// What a second connection to the same server needs.
#[derive(Clone)]
struct Again {
    opts: OptsBuilder,
    patience: Duration,
}

/// Opens a session on the first of the target's hosts that can be reached.
pub(crate) fn connect(
    target: &Target,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DatabaseError> {
    #[cfg(feature = "tls")]
    crate::tls::install_provider();
    #[cfg(not(feature = "tls"))]
    crate::without_tls(target)?;
    let local = [Host { name: "localhost".to_owned(), port: None }];
    let hosts = if target.hosts.is_empty() { &local[..] } else { &target.hosts };
    let mut failed = None;
    for host in hosts {
        match reach(target, host, options) {
            Ok(connection) => return Ok(Box::new(connection)),
            Err(error) if error.trouble == Trouble::Unreachable => failed = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(failed.unwrap_or_else(|| DatabaseError::new(Trouble::Unreachable, "there is no host")))
}

fn reach(target: &Target, host: &Host, options: &ConnectOptions) -> Result<Mysql, DatabaseError> {
    let socket = match target.parameter("socket") {
        Some(socket) => Some(socket),
        None => host.name.starts_with('/').then_some(host.name.as_str()),
    };
    let port = host.port.unwrap_or(3306);
    let address = socket.map_or_else(|| format!("{}:{port}", host.name), str::to_owned);
    let patience = target
        .parameter("connect_timeout")
        .and_then(seconds)
        .filter(|it| !it.is_zero())
        .unwrap_or(options.connect_timeout);
    let mut opts = OptsBuilder::new()
        .tcp_port(port)
        .user(target.user.clone())
        .pass(target.password.as_ref().map(|it| it.reveal().to_owned()))
        .db_name(target.database.clone())
        // Both are asked of the server otherwise, a round trip each.
        .prefer_socket(false)
        .max_allowed_packet(Some(MAX_PACKET))
        .stmt_cache_size(Some(0))
        .tcp_connect_timeout(Some(patience))
        .tcp_keepalive_time_ms(Some(60_000))
        .local_infile_handler(Some(LocalInfileHandler::new(|_, _| {
            Err(io::Error::other("no file is ever sent"))
        })))
        .connect_attrs(Some(
            [("program_name".to_owned(), options.application_name.clone())].into_iter().collect(),
        ));
    opts = match socket {
        Some(socket) => opts.socket(Some(socket)),
        None => opts.ip_or_hostname(Some(host.name.trim_matches(['[', ']']))),
    };
    let names = target.parameter("collation");
    let names = names.map(|it| format!("SET NAMES utf8mb4 COLLATE {it}"));
    let mode = target.parameter("sql_mode").map(|it| set_mode(unquoted(it)));
    let wanted: Vec<String> = names.into_iter().chain(mode).collect();
    opts = opts.init(wanted.clone());
    let (opened, opts) = encrypted(target, opts, socket.is_some(), patience);
    let inner = opened.map_err(|error| reaching(&address, error))?;
    greet(inner, address, Again { opts, patience }, wanted)
}

fn set_mode(mode: &str) -> String {
    format!("SET SESSION sql_mode = '{mode}'")
}

/// Modes that change how SQL is read (`"a"` is a name, a backslash means itself, `''` is null) or
/// how a table's definition is shown, and the modes that bring them along: MySQL, "Server SQL Modes";
/// MariaDB, "`SQL_MODE`". Files are read without asking a server, and what whimbrel writes of texts
/// has to arrive as it was, so a session has none of them unless a script sets it.
const READ_OTHERWISE: &[&str] = &[
    "ANSI",
    "ANSI_QUOTES",
    "DB2",
    "EMPTY_STRING_IS_NULL",
    "MAXDB",
    "MSSQL",
    "MYSQL323",
    "MYSQL40",
    "NO_BACKSLASH_ESCAPES",
    "NO_FIELD_OPTIONS",
    "NO_KEY_OPTIONS",
    "NO_TABLE_OPTIONS",
    "ORACLE",
    "POSTGRESQL",
];

/// A session's mode without what changes how SQL is read, if there is something to leave out.
fn plain_mode(mode: &str) -> Option<String> {
    let is_plain = |it: &&str| !READ_OTHERWISE.contains(&it.to_ascii_uppercase().as_str());
    let plain = mode.split(',').filter(is_plain).collect::<Vec<_>>().join(",");
    (plain != mode).then_some(plain)
}

/// The largest packet the protocol knows; the server's own limit still holds.
const MAX_PACKET: usize = 1_073_741_824;

/// The longest text that is sent for several statements at once, in bytes.
const ONE_TEXT: usize = 1 << 20;

/// Opens as far encrypted as the target asks.
fn encrypted(
    target: &Target,
    plain: OptsBuilder,
    socket: bool,
    patience: Duration,
) -> (Result<Conn, DatabaseError>, OptsBuilder) {
    let mode = target.ssl_mode();
    if socket || mode == SslMode::Disable || cfg!(not(feature = "tls")) {
        return (open(plain.clone(), patience).map_err(|it| connect_error(&it)), plain);
    }
    let secured = plain.clone().ssl_opts(ssl(target));
    match open(secured.clone(), patience) {
        Err(driver::Error::DriverError(DriverError::TlsNotSupported))
            if matches!(mode, SslMode::Allow | SslMode::Prefer) =>
        {
            (open(plain.clone(), patience).map_err(|it| connect_error(&it)), plain)
        }
        opened => (opened.map_err(|it| connect_error(&it)), secured),
    }
}

#[cfg(feature = "tls")]
fn ssl(target: &Target) -> driver::SslOpts {
    use crate::tls::Check;
    let check = crate::tls::check(target);
    let mut opts = driver::SslOpts::default()
        .with_danger_accept_invalid_certs(check == Check::Nothing)
        .with_danger_skip_domain_validation(check != Check::ChainAndName);
    if let Some(file) = target.parameter("sslrootcert").filter(|it| *it != "system") {
        opts = opts.with_root_cert_path(Some(std::path::PathBuf::from(file)));
    }
    opts
}

#[cfg(not(feature = "tls"))]
fn ssl(_target: &Target) -> Option<driver::SslOpts> {
    None
}

/// Opens a connection, or gives up: the client's own timeout ends with the TCP connection, and a
/// server that then says nothing would be waited for for ever.
fn open(opts: OptsBuilder, patience: Duration) -> Result<Conn, driver::Error> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .name("whimbrel-mysql".to_owned())
        .spawn(move || sender.send(Conn::new(opts)))
        .map_err(driver::Error::IoError)?;
    match receiver.recv_timeout(patience) {
        Ok(opened) => opened,
        Err(_) => Err(driver::Error::DriverError(DriverError::ConnectTimeout)),
    }
}

/// Asks a new session who it is talking to.
/// What it was told to begin with is said again whenever it is put back.
fn greet(
    mut inner: Conn,
    address: String,
    again: Again,
    mut opening: Vec<String>,
) -> Result<Mysql, DatabaseError> {
    let facts = "SELECT VERSION(), @@version_comment, DATABASE(), CURRENT_USER(), CONNECTION_ID(), \
                 @@sql_mode, @@lower_case_table_names";
    let (_, mut rows) = drain(&mut inner, facts, true).map_err(|it| database_error(facts, &it))?;
    let mut facts = rows.pop().unwrap_or_default().into_iter();
    let mut fact = || facts.next().flatten().unwrap_or_default();
    let (version, comment, database, user) = (fact(), fact(), fact(), fact());
    let (number, mode, lowers) = (fact(), fact(), fact());
    if let Some(plain) = plain_mode(&mode) {
        let set = set_mode(&plain);
        drain(&mut inner, &set, false).map_err(|it| database_error(&set, &it))?;
        opening.push(set);
    }
    let own = "SHOW VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid', 'server_id', \
               'wsrep_on', 'wsrep_provider', 'group_replication_group_name', \
               'group_replication_single_primary_mode', 'transaction_isolation', 'tx_isolation')";
    // Not every server that speaks this protocol has them; the connection's number is left then.
    let own = drain(&mut inner, own, true).map(|(_, rows)| rows).unwrap_or_default();
    let value = |name: &str| {
        own.iter().find_map(|row| match row.as_slice() {
            [Some(it), Some(value)] if it == name => Some(value.clone()),
            _ => None,
        })
    };
    let several = several_primaries(&value);
    // A server that doesn't know it does without.
    if lets_rows_in(&value) && drain(&mut inner, REPEATABLE, false).is_ok() {
        opening.push(REPEATABLE.to_owned());
    }
    let own = value("server_uuid").or(value("server_uid")).or(value("server_id"));
    let (product, number_of_version) = product(&version, &comment);
    let server = Server {
        product: product.to_owned(),
        version: Version::parse(number_of_version),
        database,
        host: address,
        user,
        session: format!("{}:{number}", own.unwrap_or_default()),
        shared: false,
        several,
        lowers_tables: lowers == "1",
    };
    // A script may go to another database; there is no way back to none.
    let database = Some(&server.database).filter(|it| !it.is_empty());
    opening.extend(database.map(|it| format!("USE `{}`", it.replace('`', "``"))));
    Ok(Mysql {
        inner,
        opening,
        server,
        notices: Vec::new(),
        times: Vec::new(),
        columns: Vec::new(),
        progress: Progress::default(),
        lost: None,
        again,
    })
}

/// What rows were before they are written is remembered in the same transaction, and by this level
/// nobody can add one between (MySQL, "Transaction Isolation Levels"); it is the servers' own default.
const REPEATABLE: &str = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";

/// Whether others can add rows to what a transaction has read for writing.
fn lets_rows_in(value: &dyn Fn(&str) -> Option<String>) -> bool {
    // MariaDB before 11.1 has the second name only.
    let level = value("transaction_isolation").or_else(|| value("tx_isolation"));
    level.is_some_and(|it| matches!(it.as_str(), "READ-COMMITTED" | "READ-UNCOMMITTED"))
}

/// Whether other servers take writes to the same data: in a Galera cluster ("wsrep" are its
/// variables, in MariaDB's and Percona's manuals), and in group replication with several primaries
/// ("Multi-Primary Mode" in MySQL's manual).
fn several_primaries(value: &dyn Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, word: &str| value(name).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let is_set = |name: &str| value(name).is_some_and(|it| !it.is_empty());
    let galera = is("wsrep_on", "ON") && is_set("wsrep_provider") && !is("wsrep_provider", "none");
    let group = is_set("group_replication_group_name")
        && is("group_replication_single_primary_mode", "OFF");
    galera || group
}

/// The product and the part of its version's text that holds its own number.
fn product<'a>(version: &'a str, comment: &'a str) -> (&'static str, &'a str) {
    if version.contains("MariaDB") {
        // `5.5.5-10.11.6-MariaDB` is how it hides from old replicas.
        ("MariaDB", version.strip_prefix("5.5.5-").unwrap_or(version))
    } else if let Some((_, own)) = version.split_once("TiDB-") {
        ("TiDB", own)
    } else if comment.contains("StarRocks") {
        ("StarRocks", comment)
    } else {
        ("MySQL", version)
    }
}

/// Runs one text and reads every row of every set: the client drops what isn't read, and an error
/// that comes late with it.
fn drain(conn: &mut Conn, sql: &str, keep: bool) -> Result<(Ran, Vec<Row>), driver::Error> {
    let mut ran = Ran::default();
    let mut rows = Vec::new();
    let mut result = conn.query_iter(sql)?;
    while let Some(set) = result.iter() {
        ran.sets += 1;
        ran.changed += set.affected_rows();
        let info = set.info_str().into_owned();
        if !info.is_empty() {
            ran.info.push(info);
        }
        for row in set {
            let row = row?;
            if keep && ran.sets == 1 {
                if rows.is_empty() {
                    let columns = row.columns_ref().iter();
                    ran.columns = columns.map(|it| it.name_str().into_owned()).collect();
                }
                rows.push(row.unwrap().into_iter().map(text).collect());
            }
        }
    }
    Ok((ran, rows))
}

/// Runs a text of several statements, at the first failure of which the server stops; tells how
/// many it answered well.
fn several(conn: &mut Conn, text: &str) -> (usize, Result<(), driver::Error>) {
    let mut answered = 0;
    let mut result = match conn.query_iter(text) {
        Ok(result) => result,
        Err(error) => return (0, Err(error)),
    };
    while let Some(mut set) = result.iter() {
        if let Some(error) = set.find_map(Result::err) {
            return (answered, Err(error));
        }
        answered += 1;
    }
    (answered, Ok(()))
}

#[derive(Default)]
struct Ran {
    changed: u64,
    sets: usize,
    info: Vec<String>,
    /// The names of the columns of the rows that were kept.
    columns: Vec<String>,
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(raw) => {
                raw.as_bytes().iter().fold("0x".to_owned(), |out, it| out + &format!("{it:02x}"))
            }
        }),
        // The text protocol sends bytes alone.
        other => Some(other.as_sql(true).trim_matches('\'').to_owned()),
    }
}

impl Mysql {
    fn run(&mut self, sql: &str, keep: bool) -> Result<(u64, Vec<Row>), DatabaseError> {
        let look = Look::at(sql, Lexis::Mysql { backslash: !self.inner.no_backslash_escape() });
        if look.blank {
            return Ok((0, Vec::new()));
        }
        let control = look.control();
        self.progress.admit(control)?;
        look.for_mysql().inspect_err(|error| self.progress.stumbled(error, false))?;
        match control {
            Control::End { keeps: true, .. } if self.progress.failed() => {
                self.commit().map(|()| (0, Vec::new()))
            }
            _ => self.step(sql, &look, control, keep),
        }
    }

    fn step(
        &mut self,
        sql: &str,
        look: &Look,
        control: Control,
        keep: bool,
    ) -> Result<(u64, Vec<Row>), DatabaseError> {
        if let Some(error) = &self.lost {
            return Err(error.clone());
        }
        let several = matches!(look.word(0), "CALL" | "EXECUTE" | "BEGIN");
        match drain(&mut self.inner, sql, keep) {
            Ok((ran, _)) if ran.sets > 1 && !several => {
                let error = two_statements();
                self.progress.stumbled(&error, false);
                Err(DatabaseError {
                    message: "the server took the text for more than one statement and has run \
                              them all"
                        .to_owned(),
                    ..error
                })
            }
            Ok((ran, rows)) => {
                self.progress.ran(control);
                if commits_along(look) {
                    self.progress.committed_along();
                }
                self.hear(ran.info);
                self.columns = ran.columns;
                Ok((ran.changed, rows))
            }
            Err(error) => {
                let error = database_error(sql, &error);
                self.stumbled(&error, control);
                Err(error)
            }
        }
    }

    fn stumbled(&mut self, error: &DatabaseError, control: Control) {
        if error.trouble == Trouble::ConnectionLost {
            self.lost = Some(error.clone());
            self.progress.close();
        } else if matches!(control, Control::End { .. }) {
            self.progress.close();
        } else {
            // A deadlock takes all of the transaction back, a lock timeout as configured
            // (`innodb_rollback_on_timeout`).
            let ended = matches!(error.trouble, Trouble::Deadlock | Trouble::LockTimeout);
            self.progress.stumbled(error, ended);
        }
    }

    /// Keeps what the server said about the statement that just ran.
    fn hear(&mut self, info: Vec<String>) {
        let said = |message| Notice { severity: "INFO".to_owned(), message };
        self.notices.extend(info.into_iter().map(said));
        if self.inner.warnings() == 0 {
            return;
        }
        // A server that can't list its warnings has still run the statement.
        if let Ok((_, rows)) = drain(&mut self.inner, "SHOW WARNINGS", true) {
            self.notices.extend(rows.into_iter().filter_map(|row| {
                let mut row = row.into_iter().flatten();
                let severity = row.next()?.to_uppercase();
                row.next()?;
                Some(Notice { severity, message: row.next()? })
            }));
        }
    }

    fn plain(&mut self, sql: &str, control: Control) -> Result<(), DatabaseError> {
        self.step(sql, &Look::default(), control, false).map(drop)
    }
}

/// Whether the statement commits what is open ("Statements That Cause an Implicit Commit").
fn commits_along(look: &Look) -> bool {
    let temporary = look.words.iter().any(|it| it == "TEMPORARY");
    match look.word(0) {
        "CREATE" | "DROP" => !temporary,
        "ALTER" | "RENAME" | "TRUNCATE" | "GRANT" | "REVOKE" | "LOCK" | "ANALYZE" | "CHECK"
        | "OPTIMIZE" | "REPAIR" | "FLUSH" | "INSTALL" | "UNINSTALL" | "CACHE" => true,
        "LOAD" => look.word(1) == "INDEX",
        "SET" => look.word(1) == "PASSWORD",
        _ => false,
    }
}

impl Connection for Mysql {
    fn server(&self) -> &Server {
        &self.server
    }

    fn opening(&self) -> &[String] {
        &self.opening
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.run(sql, false).map(|(changed, _)| changed)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.run(sql, true).map(|(_, rows)| rows)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.columns.clear();
        let (_, rows) = self.run(sql, true)?;
        Ok(Named { columns: std::mem::take(&mut self.columns), rows })
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.progress.may_begin()?;
        self.plain("START TRANSACTION", Control::Begin)
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        if let Some(error) = self.progress.close() {
            self.plain("ROLLBACK", Control::None)?;
            return Err(error);
        }
        self.plain("COMMIT", Control::End { keeps: true, chains: false })
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        if !self.progress.open() && !self.progress.failed() {
            return Ok(());
        }
        self.progress.close();
        self.plain("ROLLBACK", Control::None)
    }

    fn in_transaction(&self) -> bool {
        self.progress.open()
    }

    /// One text from `START TRANSACTION` to `COMMIT`: the server stops at the first statement that
    /// fails, and so never comes to the `COMMIT`. Only statements of our own are sent like this:
    /// their literals can't run into the next one.
    fn note(&mut self, statements: &[String]) -> Result<(), BatchError> {
        if statements.len() < 2 || statements.iter().map(String::len).sum::<usize>() > ONE_TEXT {
            return self.transaction(statements);
        }
        let at = |position| move |error| BatchError { position, error };
        if let Some(error) = &self.lost {
            return Err(at(0)(error.clone()));
        }
        self.progress.may_begin().map_err(at(0))?;
        let text = format!("START TRANSACTION;\n{};\nCOMMIT", statements.join(";\n"));
        let (answered, result) = several(&mut self.inner, &text);
        let Err(error) = result else { return Ok(()) };
        let error = database_error("", &error);
        self.progress.ran(Control::Begin);
        self.stumbled(&error, Control::None);
        // What failed is told; a failing ROLLBACK adds only that the session is lost.
        let _ = self.rollback();
        Err(at(answered.saturating_sub(1))(error))
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
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
        Some(Box::new(Kill { again: self.again.clone(), number: self.inner.connection_id() }))
    }
}

/// Stops a session's statement from a second session.
struct Kill {
    again: Again,
    number: u32,
}

impl Cancel for Kill {
    fn cancel(&self) -> Result<(), DatabaseError> {
        let opened = open(self.again.opts.clone(), self.again.patience);
        let mut second = opened.map_err(|error| connect_error(&error))?;
        let kill = format!("KILL QUERY {}", self.number);
        drain(&mut second, &kill, false).map_err(|error| database_error(&kill, &error))?;
        Ok(())
    }
}

fn connect_error(error: &driver::Error) -> DatabaseError {
    match error {
        driver::Error::MySqlError(error) => DatabaseError {
            trouble: match error.code {
                // Here "denied to this database" is about being let in at all.
                1044 => Trouble::AccessDenied,
                _ => trouble(error),
            },
            ..server_error("", error)
        },
        driver::Error::IoError(error) => {
            DatabaseError::new(Trouble::Unreachable, error.to_string())
        }
        driver::Error::DriverError(DriverError::CouldNotConnect(Some((_, why, _)))) => {
            DatabaseError::new(Trouble::Unreachable, why.clone())
        }
        driver::Error::DriverError(DriverError::ConnectTimeout | DriverError::Timeout) => {
            DatabaseError::new(Trouble::Unreachable, "no answer in time")
        }
        driver::Error::DriverError(
            it @ (DriverError::UnknownAuthPlugin(_)
            | DriverError::CleartextPluginDisabled
            | DriverError::OldMysqlPasswordDisabled),
        ) => DatabaseError::new(Trouble::AccessDenied, it.to_string()),
        driver::Error::DriverError(DriverError::TlsNotSupported) => DatabaseError {
            hint: Some("`sslmode=disable` does without encryption".to_owned()),
            ..DatabaseError::new(Trouble::Other, "the server has no encryption")
        },
        driver::Error::DriverError(other) => {
            DatabaseError::new(Trouble::Unreachable, other.to_string())
        }
        #[cfg(feature = "tls")]
        driver::Error::TlsError(error) => DatabaseError {
            hint: Some(
                "`sslmode=verify-full` needs a certificate made out to this host by somebody we \
                 trust (`sslrootcert=FILE`)"
                    .to_owned(),
            ),
            ..DatabaseError::new(Trouble::Other, format!("TLS failed: {error}"))
        },
        other => DatabaseError::new(Trouble::Unreachable, other.to_string()),
    }
}

fn reaching(address: &str, error: DatabaseError) -> DatabaseError {
    if error.trouble != Trouble::Unreachable || error.code.is_some() {
        return error;
    }
    DatabaseError {
        message: format!("MySQL at {address} can't be reached: {}", error.message),
        hint: Some("is the server running, and are host and port right?".to_owned()),
        ..error
    }
}

fn database_error(sql: &str, error: &driver::Error) -> DatabaseError {
    match error {
        driver::Error::MySqlError(error) => server_error(sql, error),
        driver::Error::IoError(_)
        | driver::Error::CodecError(_)
        | driver::Error::DriverError(_) => DatabaseError::new(
            Trouble::ConnectionLost,
            format!("the connection to the server is lost: {}", bare(error)),
        ),
        other => DatabaseError::new(Trouble::Other, other.to_string()),
    }
}

/// The words of an error without the client's name for its kind around them.
fn bare(error: &driver::Error) -> String {
    match error {
        driver::Error::IoError(error) => error.to_string(),
        driver::Error::DriverError(error) => error.to_string(),
        driver::Error::CodecError(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn server_error(sql: &str, error: &MySqlError) -> DatabaseError {
    DatabaseError {
        code: Some(error.code.to_string()),
        position: position(sql, &error.message),
        ..DatabaseError::new(trouble(error), error.message.clone())
    }
}

/// The place in the statement, from the words `near '…' at line N`: the protocol has no other.
fn position(sql: &str, message: &str) -> Option<usize> {
    let (_, rest) = message.split_once(" near '")?;
    let (near, line) = rest.rsplit_once("' at line ")?;
    let line: usize = line.trim().parse().ok()?;
    if near.is_empty() {
        return Some(sql.len());
    }
    let start = match line.checked_sub(2) {
        Some(breaks) => sql.match_indices('\n').nth(breaks).map_or(0, |(at, _)| at + 1),
        None => 0,
    };
    // The line is that of the text's end where the text spans several.
    sql[start..].find(near).map(|at| start + at).or_else(|| sql.rfind(near))
}

/// "Server Error Message Reference" in MySQL's manual, "MariaDB Error Codes" in MariaDB's.
fn trouble(error: &MySqlError) -> Trouble {
    match error.code {
        // Too many sessions, or the server is on its way down before we are in.
        1040 | 1129 | 1130 | 1203 => Trouble::Unreachable,
        1045 | 1251 | 1698 | 1862 | 3118 | 4151 => Trouble::AccessDenied,
        1049 => Trouble::DatabaseMissing,
        1053 | 1152..=1161 | 1184 | 1927 | 2006 | 2013 | 3169 | 4031 => Trouble::ConnectionLost,
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 | 1419 => Trouble::NotAllowed,
        1205 | 3572 => Trouble::LockTimeout,
        1020 | 1213 | 1614 => Trouble::Deadlock,
        1317 | 1969 | 3024 => Trouble::Cancelled,
        1021 | 1114 => Trouble::Full,
        // The server runs with an option that forbids it, which may be another than `read_only`.
        1290 if !error.message.contains("read") => Trouble::NotAllowed,
        1290 | 1792 | 1836 => Trouble::ReadOnly,
        // The operating system's "no space left on device" inside a file error.
        1 | 3 | 1026 | 1030 if error.message.contains("rrcode: 28") => Trouble::Full,
        1048 | 1062 | 1138 | 1169 | 1216 | 1217 | 1261 | 1262 | 1264 | 1265 | 1292 | 1364
        | 1365 | 1366 | 1406 | 1411 | 1451 | 1452 | 1526 | 1761 | 3819 | 4025 => Trouble::Data,
        _ => match error.state.get(..2) {
            Some("08") => Trouble::ConnectionLost,
            Some("22" | "23") => Trouble::Data,
            Some("28") => Trouble::AccessDenied,
            Some("42") => Trouble::Statement,
            // Most of the refusals of an ALTER have a number and no class.
            _ if matches!(error.code, 1060..1950 | 3500..5000) => Trouble::Statement,
            _ => Trouble::Other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{lets_rows_in, plain_mode, position, several_primaries};

    #[test]
    fn a_level_that_lets_rows_in_is_told_by_either_name() {
        let says = |name: &'static str, level: &'static str| {
            lets_rows_in(&|it| (it == name).then(|| level.to_owned()))
        };
        assert!(says("transaction_isolation", "READ-COMMITTED"));
        assert!(says("tx_isolation", "READ-UNCOMMITTED"));
        assert!(!says("transaction_isolation", "REPEATABLE-READ"));
        assert!(!says("tx_isolation", "SERIALIZABLE"));
        assert!(!says("autocommit", "READ-COMMITTED"));
    }

    #[test]
    fn what_changes_how_sql_is_read_is_left_out_of_a_mode() {
        assert_eq!(plain_mode(""), None);
        assert_eq!(plain_mode("STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO"), None);
        let ansi = "REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI";
        assert_eq!(plain_mode(ansi).unwrap(), "REAL_AS_FLOAT,PIPES_AS_CONCAT,IGNORE_SPACE");
        assert_eq!(plain_mode("NO_BACKSLASH_ESCAPES").unwrap(), "");
    }

    #[test]
    fn several_primaries_are_told_by_the_servers_variables() {
        let told = |variables: &[(&str, &str)]| {
            several_primaries(&|name| {
                variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
            })
        };
        let galera = [("wsrep_on", "ON"), ("wsrep_provider", "/usr/lib/libgalera_smm.so")];
        assert!(told(&galera));
        assert!(!told(&[("wsrep_on", "OFF"), galera[1]]));
        assert!(!told(&[galera[0], ("wsrep_provider", "none")]));
        let group = ("group_replication_group_name", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
        assert!(told(&[group, ("group_replication_single_primary_mode", "OFF")]));
        assert!(!told(&[group, ("group_replication_single_primary_mode", "ON")]));
        let unused = ("group_replication_group_name", "");
        assert!(!told(&[unused, ("group_replication_single_primary_mode", "OFF")]));
        assert!(!told(&[]));
    }

    #[test]
    fn the_place_is_found_in_the_words_of_the_error() {
        let sql = "create table t (\n  a int,\n  b intt,\n  c int\n)";
        let message = "You have an error in your SQL syntax; … near 'intt,\n  c int\n)' at line 3";
        assert_eq!(position(sql, message), sql.find("intt"));
        let end = "You have an error … near '' at line 1";
        assert_eq!(position("select", end), Some(6));
        assert_eq!(position("select 1", "Unknown column 'a'"), None);
    }
}
