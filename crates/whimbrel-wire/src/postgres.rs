//! PostgreSQL and what speaks its protocol, over the simple query protocol alone.
//!
//! The client is async: it lives on a thread of its own, so that a session can be opened from
//! anywhere, from inside somebody else's runtime too.

use std::future::poll_fn;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::config::{ChannelBinding, SslMode as Tls, TargetSessionAttrs};
use tokio_postgres::error::{DbError, ErrorPosition};
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config, SimpleQueryMessage};
use whimbrel::connection::{
    BatchError, Cancel, Connection, DatabaseError, Named, Notice, Row, Server, Trouble, Version,
};

use crate::one::{Control, Lexis, Look, two_statements};
use crate::pooler;
use crate::progress::Progress;
use crate::url::{flag, seconds};
use crate::{ConnectOptions, SslMode, Target};

#[cfg(feature = "tls")]
pub(crate) type Encryption = tokio_postgres_rustls::MakeRustlsConnect;
#[cfg(not(feature = "tls"))]
pub(crate) type Encryption = tokio_postgres::NoTls;

/// How long the thread may take to say good-bye.
const FAREWELL: Duration = Duration::from_secs(1);

/// A session, and the thread that its client lives on.
struct Postgres {
    orders: Option<UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
    server: Server,
    said: Said,
    token: CancelToken,
    encryption: Encryption,
    patience: Duration,
    progress: Progress,
    opening: Vec<String>,
    /// What is said at the beginning of each transaction, where nothing that is said to a session
    /// lasts.
    local: Option<String>,
    /// How long the statements of the last batch took.
    times: Vec<Duration>,
}

/// Statements to send in one go, and where their answers go to.
struct Order {
    statements: Vec<String>,
    answers: mpsc::Sender<Vec<Answer>>,
}

type Answer = Result<Outcome, DatabaseError>;

#[derive(Debug, Default)]
struct Outcome {
    changed: u64,
    /// The names of the columns of the rows; none where there are none.
    columns: Vec<String>,
    rows: Vec<Row>,
    /// How many statements the server took the text for.
    statements: usize,
    /// How long after the answer before it this one came.
    took: Duration,
}

/// What the server says beside its answers.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    notices: Vec<Notice>,
    /// Its last words before it hung up.
    last_words: Option<DatabaseError>,
}

impl Said {
    fn with<T>(&self, change: impl FnOnce(&mut Heard) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Opens a session.
pub(crate) fn connect(
    target: &Target,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DatabaseError> {
    let encryption = encryption(target)?;
    let (config, patience) = config(target, options);
    let said = Said::default();
    let (orders, inbox) = unbounded_channel();
    let (ready, greeting) = mpsc::channel();
    let opening = Opening {
        config,
        patience,
        encryption: encryption.clone(),
        search_path: target.parameter("search_path").map(str::to_owned),
        said: said.clone(),
    };
    let thread = thread::Builder::new()
        .name("whimbrel-postgres".to_owned())
        .spawn(move || live(opening, inbox, &ready))
        .map_err(|error| broken(&error.to_string()))?;
    let greeting = greeting.recv().map_err(|_| broken("its thread has ended"))?;
    let Greeting { facts, token, shared } = greeting.map_err(|error| reaching(target, error))?;
    let path = target.parameter("search_path");
    let (opening, local) = if shared {
        // Another session may look for names elsewhere; a run keeps to one path.
        (Vec::new(), path.or(facts.get(6).and_then(Option::as_deref)).map(search_path_here))
    } else {
        let said = path.map(|it| search_path(it, ""));
        (said.into_iter().chain([notice_a_dead_client("")]).collect(), None)
    };
    Ok(Box::new(Postgres {
        orders: Some(orders),
        thread: Some(thread),
        server: Server { shared, ..server(target, &facts) },
        said,
        token,
        encryption,
        patience,
        progress: Progress::default(),
        opening,
        local,
        times: Vec::new(),
    }))
}

#[cfg(feature = "tls")]
fn encryption(target: &Target) -> Result<Encryption, DatabaseError> {
    crate::tls::config(target).map(Encryption::new)
}

#[cfg(not(feature = "tls"))]
fn encryption(target: &Target) -> Result<Encryption, DatabaseError> {
    crate::without_tls(target).map(|()| tokio_postgres::NoTls)
}

/// The target in the client's words, and how long opening may take altogether.
fn config(target: &Target, options: &ConnectOptions) -> (Config, Duration) {
    let mut config = Config::new();
    let each = target
        .parameter("connect_timeout")
        .and_then(seconds)
        .filter(|it| !it.is_zero())
        .unwrap_or(options.connect_timeout);
    for host in &target.hosts {
        config.host(if host.name.is_empty() { local() } else { &host.name });
        config.port(host.port.unwrap_or(5432));
    }
    if target.hosts.is_empty() {
        config.host(local());
    }
    for address in target.parameter("hostaddr").into_iter().flat_map(|it| it.split(',')) {
        if let Ok(address) = address.parse() {
            config.hostaddr(address);
        }
    }
    if let Some(user) = &target.user {
        config.user(user);
    }
    if let Some(password) = &target.password {
        config.password(password.reveal());
    }
    if let Some(database) = &target.database {
        config.dbname(database);
    }
    if let Some(options) = target.parameter("options") {
        config.options(options);
    }
    config
        .application_name(target.parameter("application_name").unwrap_or(&options.application_name))
        // `allow` begins in the clear in libpq; to begin encrypted is the safer of its two tries.
        .ssl_mode(match target.ssl_mode() {
            SslMode::Disable => Tls::Disable,
            SslMode::Allow | SslMode::Prefer => Tls::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Tls::Require,
        })
        .channel_binding(match target.parameter("channel_binding") {
            Some("disable") => ChannelBinding::Disable,
            Some("require") => ChannelBinding::Require,
            _ => ChannelBinding::Prefer,
        })
        .target_session_attrs(match target.parameter("target_session_attrs") {
            Some("read-write") => TargetSessionAttrs::ReadWrite,
            Some("read-only") => TargetSessionAttrs::ReadOnly,
            _ => TargetSessionAttrs::Any,
        })
        .keepalives(target.parameter("keepalives").and_then(flag).unwrap_or(true))
        .keepalives_idle(Duration::from_secs(
            target.parameter("keepalives_idle").and_then(|it| it.parse().ok()).unwrap_or(60),
        ))
        .keepalives_interval(Duration::from_secs(10))
        .keepalives_retries(6)
        .connect_timeout(each);
    let hosts = u32::try_from(target.hosts.len()).unwrap_or(1).max(1);
    (config, each.saturating_mul(hosts))
}

/// Where the local server is: its socket where Debian and others put it, as libpq has it.
fn local() -> &'static str {
    let sockets = "/var/run/postgresql";
    if cfg!(unix) && Path::new(sockets).is_dir() { sockets } else { "localhost" }
}

struct Opening {
    config: Config,
    patience: Duration,
    encryption: Encryption,
    search_path: Option<String>,
    said: Said,
}

struct Greeting {
    facts: Row,
    token: CancelToken,
    /// Whether a session is ours for a transaction only.
    shared: bool,
}

/// The whole life of a session's thread.
fn live(
    opening: Opening,
    inbox: UnboundedReceiver<Order>,
    ready: &mpsc::Sender<Result<Greeting, DatabaseError>>,
) {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            // Nobody listens any more only when the opener has gone, too.
            let _ = ready.send(Err(error));
            return;
        }
    };
    runtime.block_on(serve(opening, inbox, ready));
    // Looking up a name may block for longer than we wait for it.
    runtime.shutdown_background();
}

fn runtime() -> Result<Runtime, DatabaseError> {
    Builder::new_current_thread().enable_all().build().map_err(|error| broken(&error.to_string()))
}

async fn serve(
    opening: Opening,
    mut inbox: UnboundedReceiver<Order>,
    ready: &mpsc::Sender<Result<Greeting, DatabaseError>>,
) {
    let said = opening.said.clone();
    let patience = opening.patience;
    let (client, driver, greeting) = match tokio::time::timeout(patience, open(opening)).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => {
            let _ = ready.send(Err(error));
            return;
        }
        Err(_) => {
            let seconds = patience.as_secs_f64();
            let _ = ready.send(Err(DatabaseError::new(
                Trouble::Unreachable,
                format!("no answer within {seconds} s"),
            )));
            return;
        }
    };
    if ready.send(Ok(greeting)).is_err() {
        return;
    }
    while let Some(order) = inbox.recv().await {
        let answers = run(&client, &order.statements, &said).await;
        let _ = order.answers.send(answers);
    }
    drop(client);
    let _ = tokio::time::timeout(FAREWELL, driver).await;
}

async fn open(
    opening: Opening,
) -> Result<(Client, tokio::task::JoinHandle<()>, Greeting), DatabaseError> {
    let connected = opening.config.connect(opening.encryption.clone()).await;
    let (client, mut connection) = connected.map_err(|error| connect_error(&error))?;
    let said = opening.said.clone();
    let driver = tokio::spawn(async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            match message {
                Ok(AsyncMessage::Notice(notice)) => said.with(|it| {
                    it.notices.push(Notice {
                        severity: notice.severity().to_owned(),
                        message: notice.message().to_owned(),
                    });
                }),
                Ok(_) => {}
                Err(error) => {
                    said.with(|it| it.last_words = Some(database_error("", &error)));
                    break;
                }
            }
        }
    });
    let token = client.cancel_token();
    // What is said to a session of a pooler's would reach its next user.
    let process = pooler::process(&token).await.unwrap_or_default();
    let ours = format!(" WHERE pg_catalog.pg_backend_pid() = {process}");
    let path = opening.search_path.as_deref();
    let mut statements: Vec<String> = path.map(|it| search_path(it, &ours)).into_iter().collect();
    statements.push(FACTS.to_owned());
    statements.push(notice_a_dead_client(&ours.replace("WHERE", "AND")));
    let mut answers = run(&client, &statements, &opening.said).await;
    // Some servers can't; then a statement whose client died runs to its end.
    drop(answers.pop());
    let facts = match answers.pop() {
        Some(Err(error)) if error.trouble != Trouble::ConnectionLost => {
            run(&client, &[FEWER_FACTS.to_owned()], &opening.said).await.pop()
        }
        other => other,
    };
    answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let facts = facts.transpose()?.and_then(|it| it.rows.into_iter().next());
    let facts = facts.ok_or_else(|| broken("the server didn't say who it is"))?;
    let is_direct = facts.get(3).cloned().flatten() == Some(process.to_string());
    let shared = !is_direct
        && pooler::shares_sessions(&client, &opening.config, opening.encryption.clone()).await;
    if !is_direct && !shared {
        let path = path.map(|it| search_path(it, ""));
        let said: Vec<String> = path.into_iter().chain([notice_a_dead_client("")]).collect();
        let mut answers = run(&client, &said, &opening.said).await;
        drop(answers.pop());
        answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    Ok((client, driver, Greeting { facts, token, shared }))
}

/// What is asked of a new session. Its start tells it from a later one with the same pid.
const FACTS: &str = "SELECT version(), current_database(), current_user, pg_backend_pid(), \
    (SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') \
     FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()), \
    current_setting('server_version'), current_setting('search_path')";

/// What those answer that keep no such list of sessions (Redshift).
const FEWER_FACTS: &str =
    "SELECT version(), current_database(), current_user, pg_backend_pid(), NULL, NULL, NULL";

/// Sets where names without a namespace are looked for, for the session.
fn search_path(path: &str, condition: &str) -> String {
    let path = path.replace('\'', "''");
    format!("SELECT set_config('search_path', '{path}', false){condition}")
}

/// The same for a transaction.
fn search_path_here(path: &str) -> String {
    let path = path.replace('\'', "''");
    format!("SELECT set_config('search_path', '{path}', true)")
}

/// Lets the server look every second whether we still live while it works for us, so that the
/// lock of a run that was killed isn't held by a statement that nobody waits for. Servers before
/// PostgreSQL 14 have no such setting and answer with no row (`client_connection_check_interval`
/// in the manual's chapter "Connections and Authentication").
fn notice_a_dead_client(condition: &str) -> String {
    format!(
        "SELECT set_config(name, '1000', false) FROM pg_catalog.pg_settings \
         WHERE name = 'client_connection_check_interval'{condition}"
    )
}

fn server(target: &Target, facts: &Row) -> Server {
    let fact = |at: usize| facts.get(at).cloned().flatten().unwrap_or_default();
    let version = fact(0);
    let product = ["Redshift", "CockroachDB"].into_iter().find(|it| version.contains(it));
    let number = match product {
        // What calls itself PostgreSQL 8.0.2 has a version of its own behind its name.
        Some(product) => version.split(product).nth(1).map(str::to_owned),
        None => facts.get(5).cloned().flatten(),
    };
    Server {
        product: product.unwrap_or("PostgreSQL").to_owned(),
        version: Version::parse(&number.unwrap_or(version)),
        database: fact(1),
        host: if target.hosts.is_empty() { local().to_owned() } else { target.addresses() },
        user: fact(2),
        session: format!("{}@{}", fact(3), fact(4)),
        shared: false,
        several: false,
        lowers_tables: false,
    }
}

/// Sends all statements at once and reads their answers in order.
async fn run(client: &Client, statements: &[String], said: &Said) -> Vec<Answer> {
    let mut streams = Vec::with_capacity(statements.len());
    for sql in statements {
        // Sends at once; only the answer is awaited later.
        streams.push(client.simple_query_raw(sql).await);
    }
    let mut answers = Vec::with_capacity(statements.len());
    let mut since = Instant::now();
    for (sql, stream) in statements.iter().zip(streams) {
        let answer = match stream {
            Ok(stream) => outcome(stream).await,
            Err(error) => Err(error),
        };
        let now = Instant::now();
        let took = now.duration_since(since);
        since = now;
        let answer = answer.map(|it| Outcome { took, ..it });
        answers.push(answer.map_err(|error| failure(client, sql, &error, said)));
    }
    answers
}

async fn outcome(
    stream: tokio_postgres::SimpleQueryStream,
) -> Result<Outcome, tokio_postgres::Error> {
    let mut stream = std::pin::pin!(stream);
    let mut outcome = Outcome::default();
    while let Some(message) = stream.try_next().await? {
        match message {
            SimpleQueryMessage::CommandComplete(changed) => {
                outcome.changed += changed;
                outcome.statements += 1;
            }
            SimpleQueryMessage::Row(row) => {
                if outcome.rows.is_empty() {
                    let columns = row.columns().iter();
                    outcome.columns = columns.map(|it| it.name().to_owned()).collect();
                }
                let values = (0..row.len()).map(|at| row.get(at).map(str::to_owned));
                outcome.rows.push(values.collect());
            }
            _ => {}
        }
    }
    Ok(outcome)
}

fn failure(
    client: &Client,
    sql: &str,
    error: &tokio_postgres::Error,
    said: &Said,
) -> DatabaseError {
    let error = database_error(sql, error);
    if error.trouble != Trouble::ConnectionLost && !client.is_closed() {
        return error;
    }
    // The reason came beside the answers: "terminating connection due to …".
    let reason = said.with(|it| it.last_words.clone()).unwrap_or(error);
    let message = if reason.message.starts_with(LOST) {
        reason.message
    } else {
        format!("{LOST}: {}", reason.message)
    };
    DatabaseError { trouble: Trouble::ConnectionLost, message, ..reason }
}

const LOST: &str = "the connection to the server is lost";

impl Postgres {
    fn send(&mut self, statements: Vec<String>) -> Vec<Answer> {
        let expected = statements.len();
        let (answers, inbox) = mpsc::channel();
        let sent = self.orders.as_ref().map(|it| it.send(Order { statements, answers }));
        match (sent, inbox.recv()) {
            (Some(Ok(())), Ok(answers)) => answers,
            _ => (0..expected)
                .map(|_| Err(DatabaseError::new(Trouble::ConnectionLost, LOST)))
                .collect(),
        }
    }

    /// Sends one statement as it is and notes how the transaction fares.
    fn step(&mut self, sql: &str, control: Control) -> Answer {
        let local =
            self.local.clone().filter(|_| !self.progress.open() && control == Control::None);
        let answer = match local {
            Some(local) => match self.in_a_transaction(&local, sql) {
                // It may not stand in a transaction, and has done nothing in this one.
                Some(Err(error)) if error.code.as_deref() == Some("25001") => {
                    self.send(vec![sql.to_owned()]).pop()
                }
                answer => answer,
            },
            None => self.send(vec![sql.to_owned()]).pop(),
        };
        let answer = answer.unwrap_or_else(|| Err(broken("no answer")));
        let answer =
            answer.and_then(|it| if it.statements > 1 { Err(two_statements()) } else { Ok(it) });
        match &answer {
            Ok(outcome) => {
                self.times.push(outcome.took);
                self.progress.ran(control);
            }
            Err(error) => self.stumbled(error, control),
        }
        answer
    }

    /// Sends one statement in a transaction of its own, behind what is said to it.
    fn in_a_transaction(&mut self, local: &str, sql: &str) -> Option<Answer> {
        let texts = ["BEGIN", local, sql, "COMMIT"].map(str::to_owned);
        let mut answers = self.send(texts.to_vec());
        let committed = answers.pop();
        let answer = answers.pop();
        // A failure makes the COMMIT roll back; the first one is the answer to tell.
        let failed = |it: &Option<Answer>| matches!(it, Some(Err(_)));
        let first = answers.into_iter().find(Result::is_err);
        first.or(if failed(&committed) && !failed(&answer) { committed } else { answer })
    }

    fn stumbled(&mut self, error: &DatabaseError, control: Control) {
        if error.trouble == Trouble::ConnectionLost || matches!(control, Control::End { .. }) {
            // Whatever COMMIT answers, the transaction is over.
            self.progress.close();
        } else {
            self.progress.stumbled(error, false);
        }
    }

    fn run(&mut self, sql: &str) -> Answer {
        let look = Look::at(sql, Lexis::Postgres);
        if look.blank {
            return Ok(Outcome::default());
        }
        let control = look.control();
        if let Err(error) = look.for_postgres() {
            self.progress.stumbled(&error, false);
            return Err(error);
        }
        match control {
            Control::End { keeps: true, .. } if self.progress.failed() => {
                self.commit().map(|()| Outcome::default())
            }
            _ => self.step(sql, control),
        }
    }

    /// Whether all of `statements` may be on their way before the first is answered: in an open
    /// transaction, in which a failure makes all that follow fail.
    fn may_fly(statements: &[String]) -> Result<bool, BatchError> {
        let mut fly = true;
        for (position, sql) in statements.iter().enumerate() {
            let look = Look::at(sql, Lexis::Postgres);
            look.for_postgres().map_err(|error| BatchError { position, error })?;
            fly &= look.control() == Control::None;
        }
        Ok(fly)
    }

    /// Sends `statements` in one go; the first failure is the answer.
    fn fly(&mut self, statements: Vec<String>) -> Result<(), BatchError> {
        for (position, answer) in self.send(statements).into_iter().enumerate() {
            let error = match answer {
                Ok(outcome) if outcome.statements > 1 => two_statements(),
                Ok(outcome) => {
                    self.times.push(outcome.took);
                    continue;
                }
                Err(error) => error,
            };
            return Err(BatchError { position, error });
        }
        Ok(())
    }
}

impl Connection for Postgres {
    fn server(&self) -> &Server {
        &self.server
    }

    fn opening(&self) -> &[String] {
        &self.opening
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.run(sql).map(|it| it.changed)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.run(sql).map(|it| it.rows)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.run(sql).map(|it| Named { columns: it.columns, rows: it.rows })
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.progress.may_begin()?;
        self.step("BEGIN", Control::Begin)?;
        match self.local.clone() {
            Some(local) => self.step(&local, Control::None).map(drop),
            None => Ok(()),
        }
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        if let Some(error) = self.progress.close() {
            self.step("ROLLBACK", Control::None)?;
            return Err(error);
        }
        self.step("COMMIT", Control::End { keeps: true, chains: false }).map(drop)
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        if !self.progress.open() {
            return Ok(());
        }
        self.progress.close();
        self.step("ROLLBACK", Control::None).map(drop)
    }

    fn in_transaction(&self) -> bool {
        self.progress.open()
    }

    fn execute_all(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let fly = Self::may_fly(statements)?;
        self.times.clear();
        if !self.progress.open() || !fly {
            return one_by_one(self, statements);
        }
        self.fly(statements.to_vec()).inspect_err(|it| self.stumbled(&it.error, Control::None))
    }

    fn transaction(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let at_start = |error| BatchError { position: 0, error };
        if !Self::may_fly(statements)? {
            self.begin().map_err(at_start)?;
            self.times.clear();
            let done = one_by_one(self, statements);
            if done.is_err() {
                // What failed is told; a failing ROLLBACK adds only that the session is lost.
                let _ = self.rollback();
                return done;
            }
            let position = statements.len();
            let times = std::mem::take(&mut self.times);
            self.commit().map_err(|error| BatchError { position, error })?;
            self.times = times;
            return Ok(());
        }
        // BEGIN is awaited: were it cancelled with the rest under way, each statement of the rest
        // would commit by itself. A failure among the rest makes the COMMIT roll back.
        self.begin().map_err(at_start)?;
        self.times.clear();
        let mut flight = statements.to_vec();
        flight.push("COMMIT".to_owned());
        let done = self.fly(flight);
        self.progress.close();
        done
    }

    fn take_times(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.times)
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        self.said.with(|it| std::mem::take(&mut it.notices))
    }

    fn canceller(&self) -> Option<Box<dyn Cancel>> {
        Some(Box::new(Canceller {
            token: self.token.clone(),
            encryption: self.encryption.clone(),
            patience: self.patience,
        }))
    }
}

fn one_by_one(connection: &mut Postgres, statements: &[String]) -> Result<(), BatchError> {
    for (position, sql) in statements.iter().enumerate() {
        connection.execute(sql).map_err(|error| BatchError { position, error })?;
    }
    Ok(())
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.orders.take();
        if let Some(thread) = self.thread.take() {
            // It ends within `FAREWELL`; waiting lets what comes next find the session gone.
            let _ = thread.join();
        }
    }
}

struct Canceller {
    token: CancelToken,
    encryption: Encryption,
    patience: Duration,
}

impl Cancel for Canceller {
    fn cancel(&self) -> Result<(), DatabaseError> {
        let (token, encryption) = (self.token.clone(), self.encryption.clone());
        let patience = self.patience;
        // On a thread of its own, since the caller may be inside a runtime.
        let asked = thread::spawn(move || {
            let runtime = runtime()?;
            let asked = runtime.block_on(async {
                match tokio::time::timeout(patience, token.cancel_query(encryption)).await {
                    Ok(asked) => asked.map_err(|error| connect_error(&error)),
                    Err(_) => Err(DatabaseError::new(Trouble::Unreachable, "no answer in time")),
                }
            });
            runtime.shutdown_background();
            asked
        });
        asked.join().unwrap_or_else(|_| Err(broken("its thread has ended")))
    }
}

fn broken(why: &str) -> DatabaseError {
    DatabaseError::new(Trouble::Other, format!("the PostgreSQL client failed: {why}"))
}

/// An error while opening, with the address in it.
fn reaching(target: &Target, error: DatabaseError) -> DatabaseError {
    if error.trouble != Trouble::Unreachable || error.code.is_some() {
        return error;
    }
    let host = if target.hosts.is_empty() { local().to_owned() } else { target.addresses() };
    let message = format!("PostgreSQL at {host} can't be reached: {}", error.message);
    let hint = Some("is the server running, and are host and port right?".to_owned());
    DatabaseError { message, hint, ..error }
}

fn connect_error(error: &tokio_postgres::Error) -> DatabaseError {
    if error.as_db_error().is_some() {
        return database_error("", error);
    }
    // The client tells its kinds of error apart by their first words alone.
    let words = words(error);
    let trouble = if words.starts_with("error performing TLS handshake") {
        Trouble::Other
    } else if words.starts_with("authentication error") || words.contains("password missing") {
        Trouble::AccessDenied
    } else if words.starts_with("invalid configuration") {
        Trouble::Other
    } else {
        Trouble::Unreachable
    };
    let hint = words.starts_with("error performing TLS handshake").then(|| {
        "`sslmode=verify-full` needs a certificate made out to this host by somebody we trust \
         (`sslrootcert=FILE`); `sslmode=disable` turns encryption off"
            .to_owned()
    });
    DatabaseError { hint, ..DatabaseError::new(trouble, words) }
}

/// An error and its causes, each told once.
fn words(error: &tokio_postgres::Error) -> String {
    // Where a cause is told, that connecting failed is no news.
    let mut words = error.to_string();
    if words == "error connecting to server" && std::error::Error::source(error).is_some() {
        words.clear();
    }
    let mut cause = std::error::Error::source(error);
    while let Some(it) = cause {
        let more = it.to_string();
        if !words.contains(&more) {
            words = if words.is_empty() { more } else { format!("{words}: {more}") };
        }
        cause = it.source();
    }
    words
}

fn database_error(sql: &str, error: &tokio_postgres::Error) -> DatabaseError {
    let Some(db) = error.as_db_error() else {
        return DatabaseError::new(Trouble::ConnectionLost, format!("{LOST}: {}", words(error)));
    };
    let detail: Vec<&str> = [db.detail(), db.where_()].into_iter().flatten().collect();
    DatabaseError {
        trouble: trouble(db),
        code: Some(db.code().code().to_owned()),
        message: db.message().to_owned(),
        detail: (!detail.is_empty()).then(|| detail.join("\n")),
        hint: db.hint().map(str::to_owned),
        position: match db.position() {
            // Counted in letters from 1.
            Some(ErrorPosition::Original(letter)) => usize::try_from(*letter)
                .ok()
                .and_then(|it| it.checked_sub(1))
                .map(|it| sql.char_indices().nth(it).map_or(sql.len(), |(at, _)| at)),
            _ => None,
        },
    }
}

/// "PostgreSQL Error Codes" in its manual.
fn trouble(error: &DbError) -> Trouble {
    let code = error.code().code();
    match code {
        "28000" | "28P01" => Trouble::AccessDenied,
        "3D000" => Trouble::DatabaseMissing,
        // Starting up, or no session left for us.
        "57P03" | "53300" => Trouble::Unreachable,
        _ if matches!(error.severity(), "FATAL" | "PANIC") => Trouble::ConnectionLost,
        "57P01" | "57P02" | "57P05" => Trouble::ConnectionLost,
        "42501" => Trouble::NotAllowed,
        "55P03" => Trouble::LockTimeout,
        "40P01" | "40001" => Trouble::Deadlock,
        "57014" => Trouble::Cancelled,
        "53100" => Trouble::Full,
        "25006" => Trouble::ReadOnly,
        _ => match &code[..2.min(code.len())] {
            "08" => Trouble::ConnectionLost,
            "22" | "23" | "44" => Trouble::Data,
            "0A" | "26" | "2B" | "34" | "3B" | "3F" | "42" => Trouble::Statement,
            _ => Trouble::Other,
        },
    }
}
