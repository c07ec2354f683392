//! The database servers that a test may use, and databases on them that vanish after it.
//!
//! Servers come from the environment: every `WHIMBREL_TEST_POSTGRES*_URL`,
//! `WHIMBREL_TEST_MYSQL*_URL` and `WHIMBREL_TEST_MARIADB*_URL` is one, with a role that may create
//! databases; `WHIMBREL_TEST_PGBOUNCER_URL` is a PgBouncer in transaction mode. SQLite is always
//! there.

use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use whimbrel::connection::Connection;
use whimbrel::dialect::Dialect;
use whimbrel_wire::{ConnectOptions, Family, Target};

use crate::report;

/// A server that tests may use.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What to call it in a test's output: `postgres`, `postgres_17`, `mariadb`, `sqlite`.
    pub name: String,
    /// The server, or nothing for SQLite.
    server: Option<Target>,
}

/// All engines: SQLite, PostgreSQL and the MySQL family, as far as they are there.
pub fn all() -> Vec<Engine> {
    let mut engines = sqlite();
    engines.extend(postgres());
    engines.extend(mysql_family());
    engines
}

/// The PostgreSQL servers. Says so where there is none.
pub fn postgres() -> Vec<Engine> {
    servers("PostgreSQL", &["POSTGRES"])
}

/// The MySQL and MariaDB servers. Says so where there is none.
pub fn mysql_family() -> Vec<Engine> {
    let mut engines = servers("MySQL", &["MYSQL"]);
    engines.extend(servers("MariaDB", &["MARIADB"]));
    engines
}

/// A PgBouncer in transaction mode, in front of a PostgreSQL. Says so where there is none.
pub fn pgbouncer() -> Vec<Engine> {
    servers("PgBouncer", &["PGBOUNCER"])
}

/// SQLite.
pub fn sqlite() -> Vec<Engine> {
    vec![Engine { name: "sqlite".to_owned(), server: None }]
}

/// What is true of the database at the other end.
pub fn dialect_of(connection: &dyn Connection) -> &'static Dialect {
    let product = &connection.server().product;
    Dialect::of_product(product).unwrap_or_else(|| panic!("no dialect for {product}"))
}

#[expect(clippy::print_stderr, reason = "a test that doesn't run must be seen not to")]
fn servers(product: &str, words: &[&str]) -> Vec<Engine> {
    let mut found: Vec<Engine> = std::env::vars()
        .filter_map(|(name, url)| {
            let word = name.strip_prefix("WHIMBREL_TEST_")?.strip_suffix("_URL")?;
            let ours = words.iter().any(|it| word.starts_with(it));
            (ours && !url.is_empty()).then(|| engine(word, &url))
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    if found.is_empty() {
        for word in words {
            eprintln!("SKIPPED: {product} (WHIMBREL_TEST_{word}_URL is not set)");
        }
    }
    found
}

fn engine(word: &str, url: &str) -> Engine {
    let target = Target::parse(url, None)
        .unwrap_or_else(|error| panic!("WHIMBREL_TEST_{word}_URL can't be used: {error}"));
    Engine { name: word.to_ascii_lowercase(), server: Some(target) }
}

/// Asks the same of each of these engines, with a session on a database of its own and the engine's
/// name.
pub fn on_each(
    engines: impl IntoIterator<Item = Engine>,
    check: impl Fn(&Throwaway, &mut dyn Connection, &str),
) {
    for engine in engines {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        check(&database, &mut *connection, &engine.name);
    }
}

impl Engine {
    /// Whether a test can be done here, by what a session of the server says. If not, the report says
    /// that it was skipped, and why.
    #[expect(clippy::print_stderr, reason = "a test that doesn't run must be seen not to")]
    pub fn can(&self, why_not: &str, is_able: impl FnOnce(&dyn Connection) -> bool) -> bool {
        let Some(server) = &self.server else { return true };
        if is_able(&*open(server)) {
            return true;
        }
        eprintln!("SKIPPED: {} on {}: {why_not}", report::this_test(), self.name);
        report::skipped(&self.name, why_not);
        false
    }

    /// A new empty database, gone again when it is dropped; the report learns from it that the
    /// running test has used this engine, and how it ended.
    pub fn fresh_database(&self) -> Throwaway {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("whimbrel_test_{}_{number}", process::id());
        let Some(server) = &self.server else {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let file = folder.path().join("test.db").display().to_string();
            let target =
                Target::parse(&format!("sqlite:{file}"), None).expect("a path is a target");
            let live = report::live(&self.name, sqlite_version(), &report::this_test());
            return Throwaway { target, server: None, folder: Some(folder), _live: live };
        };
        let mut admin = open(server);
        // One that a killed test of an earlier process with this number has left.
        drop_database(&mut *admin, server.family, &name);
        admin
            .execute(&format!("CREATE DATABASE {name}"))
            .unwrap_or_else(|error| panic!("{} makes no database: {error}", self.name));
        let mut target = server.clone();
        target.database = Some(name);
        let version = admin.server().version.to_string();
        let live = report::live(&self.name, &version, &report::this_test());
        Throwaway { target, server: Some(server.clone()), folder: None, _live: live }
    }
}

/// A database that vanishes when it is dropped.
#[derive(Debug)]
pub struct Throwaway {
    target: Target,
    server: Option<Target>,
    folder: Option<tempfile::TempDir>,
    _live: report::Live,
}

impl Throwaway {
    /// Its URL, with the password in it.
    pub fn url(&self) -> String {
        self.target.reveal().reveal().to_owned()
    }

    /// Where it is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The name of a namespace that belongs to it alone and vanishes with it: where namespaces are
    /// databases of the server, its own name stands before it.
    pub fn namespace(&self, name: &str) -> String {
        match (&self.server, &self.target.database) {
            (Some(server), Some(own)) if server.family == Family::Mysql => format!("{own}_{name}"),
            _ => name.to_owned(),
        }
    }

    /// A new session on it.
    pub fn connect(&self) -> Box<dyn Connection> {
        open(&self.target)
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        if let (Some(server), Some(name)) = (&self.server, &self.target.database)
            && let Ok(mut admin) = whimbrel_wire::connect(server, &ConnectOptions::default())
        {
            drop_database(&mut *admin, server.family, name);
        }
        self.folder.take();
    }
}

/// The version of SQLite in this program, asked for once, of a file that no test sees.
fn sqlite_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("version.db").display().to_string();
        let target = Target::parse(&format!("sqlite:{file}"), None).expect("a path is a target");
        open(&target).server().version.to_string()
    })
}

fn open(target: &Target) -> Box<dyn Connection> {
    whimbrel_wire::connect(target, &ConnectOptions::default())
        .unwrap_or_else(|error| panic!("{target} can't be opened: {error}"))
}

/// Drops what the test made, sessions that are still open included; what can't be dropped stays.
fn drop_database(admin: &mut dyn Connection, family: Family, name: &str) {
    let force = admin.server().version.major >= 13 && family == Family::Postgres;
    let with = if force { " WITH (FORCE)" } else { "" };
    let _ = admin.execute(&format!("DROP DATABASE IF EXISTS {name}{with}"));
    if family == Family::Mysql {
        let namespaces = format!(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '{}\\_%'",
            name.replace('_', "\\_")
        );
        let found = admin.query(&namespaces).unwrap_or_default();
        for namespace in found.into_iter().flatten().flatten() {
            let _ = admin.execute(&format!("DROP DATABASE IF EXISTS `{namespace}`"));
        }
    }
}
