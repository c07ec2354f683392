//! The real database engines of the tests: fetched, started on this machine, and stopped.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::fetch::Cache;
use crate::user::User;

mod compose;
mod mariadb;
mod mysql;
mod pgbouncer;
mod port;
mod postgres;
mod scratch;
mod unpacked;

use crate::process::{Guarded, Stop, supervised};
use scratch::Scratch;

/// Every engine that the tests know how to get: one line each.
///
/// SQLite is not here: it is compiled into the tests.
pub(crate) const ALL: &[Engine] = &[
    postgres::V13,
    postgres::V18,
    postgres::OF_THIS_MACHINE,
    mysql::V8_4,
    mysql::V9,
    mariadb::V10_11,
    mariadb::V11_8,
    pgbouncer::ENGINE,
];

/// Engines that understand one another's tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Postgres,
    Mysql,
    Mariadb,
    Sqlite,
    /// What stands between a client and a PostgreSQL.
    Pgbouncer,
}

impl Family {
    /// The family of the engine that the variable `WHIMBREL_TEST_<middle>_URL` gives.
    pub(crate) fn of(middle: &str) -> Option<Self> {
        let first = middle.split('_').next()?;
        match first {
            "POSTGRES" => Some(Self::Postgres),
            "MYSQL" => Some(Self::Mysql),
            "MARIADB" => Some(Self::Mariadb),
            "SQLITE" => Some(Self::Sqlite),
            "PGBOUNCER" => Some(Self::Pgbouncer),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Postgres => "POSTGRES",
            Self::Mysql => "MYSQL",
            Self::Mariadb => "MARIADB",
            Self::Sqlite => "SQLITE",
            Self::Pgbouncer => "PGBOUNCER",
        }
    }
}

/// An engine in one version, and the ways to get it.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The middle of its variable: `POSTGRES_18` in `WHIMBREL_TEST_POSTGRES_18_URL`.
    pub(crate) middle: &'static str,
    pub(crate) title: &'static str,
    pub(crate) family: Family,
    /// Started only where no other engine of its family could be.
    stand_in: bool,
    /// Gets the programs and starts them.
    start: fn(&Site) -> Result<Started, String>,
    /// Its service in `compose.yaml`, and the port it has there.
    service: Option<compose::Service>,
}

/// What an engine needs to know to start.
struct Site<'a> {
    cache: &'a Cache,
    scratch: Scratch,
    /// Whom a program must become that refuses to run as root, where we are root.
    unprivileged: Option<User>,
    /// What must survive.
    care: Care,
    /// A PostgreSQL that answers, for what stands in front of one.
    postgres: Option<String>,
}

/// What an engine has to come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Its own regular end. An engine is much faster so.
    Careless,
    /// A loss of power: what is committed is on the disk.
    Durable,
    /// The same, as it is set up where it matters (with a binary log, where there is one); and it
    /// may be killed: it is started again then, as often as it takes.
    Killable,
}

impl Site<'_> {
    fn is_durable(&self) -> bool {
        self.care != Care::Careless
    }

    /// Starts a server under its guard, and under a supervisor where it may be killed.
    fn spawn(
        &self,
        server: &Command,
        user: Option<User>,
        stop: Stop,
        log: &Path,
    ) -> Result<Guarded, String> {
        let folder = Some(self.scratch.folder.as_path());
        if self.care != Care::Killable {
            return Guarded::spawn(server, user, stop, folder, log);
        }
        let server = supervised(server, stop, &self.scratch.path(PID_FILE));
        Guarded::spawn(&server, user, Stop::Terminate, folder, log)
    }
}

/// The file with the number of a killable server's process.
const PID_FILE: &str = "server.pid";

/// An engine that answers.
struct Started {
    url: String,
    version: String,
    program: Guarded,
}

/// An engine that the tests may use; one that we started stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) title: String,
    pub(crate) family: Option<Family>,
    /// The environment variable that tells the tests its address.
    pub(crate) variable: String,
    pub(crate) url: String,
    /// What the engine says, or nothing for one that was given to us.
    pub(crate) version: Option<String>,
    // In this order: the program stops before its folder goes.
    _program: Option<Guarded>,
    scratch: Option<Scratch>,
    killable: bool,
}

impl Running {
    /// `POSTGRES_18`
    pub(crate) fn middle(&self) -> &str {
        middle(&self.variable).unwrap_or(&self.variable)
    }

    /// The variable and the file that tell the tests the number of the server's process, where it
    /// may be killed.
    pub(crate) fn pid_file(&self) -> Option<(String, PathBuf)> {
        let scratch = self.scratch.as_ref().filter(|_| self.killable)?;
        Some((format!("{PREFIX}{}_PID", self.middle()), scratch.path(PID_FILE)))
    }

    /// `PostgreSQL 18.4`, or the title alone where the version isn't known.
    pub(crate) fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} ({version})", self.title),
            None => self.title.clone(),
        }
    }
}

/// An engine that could not be had, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) title: String,
    pub(crate) middle: String,
    pub(crate) family: Family,
    pub(crate) reason: String,
}

/// Which engines to start.
#[derive(Debug)]
pub(crate) struct Wanted {
    engines: Vec<&'static Engine>,
}

impl Wanted {
    pub(crate) fn all() -> Self {
        Self { engines: ALL.iter().collect() }
    }

    /// All that the binary is killed on: what stands before another engine is no family of its own.
    pub(crate) fn killed() -> Self {
        Self { engines: ALL.iter().filter(|it| it.family != Family::Pgbouncer).collect() }
    }

    /// The engines of these names, such as `postgres-18` or, for a whole family, `postgres`.
    pub(crate) fn named(names: &[&str]) -> Result<Self, String> {
        let mut engines = Vec::new();
        for name in names {
            let name = name.to_uppercase().replace(['-', '.'], "_");
            let before = engines.len();
            engines.extend(
                ALL.iter().filter(|engine| engine.middle == name || engine.family.word() == name),
            );
            if engines.len() == before {
                let known: Vec<_> = ALL
                    .iter()
                    .map(|engine| engine.middle.to_lowercase().replace('_', "-"))
                    .collect();
                return Err(format!(
                    "there is no engine `{}`; there are {}",
                    name.to_lowercase(),
                    known.join(", ")
                ));
            }
        }
        Ok(Self { engines })
    }
}

/// The engines of one run; those that were started stop when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Engines {
    pub(crate) running: Vec<Running>,
    pub(crate) missing: Vec<Missing>,
}

impl Engines {
    /// Takes the engines that the environment gives, and starts the others that are wanted, all
    /// at once. What can't be had is listed as missing, with the reason.
    ///
    /// A variable without a version, such as `WHIMBREL_TEST_POSTGRES_URL`, stands for its whole
    /// family; any other replaces the engine of its name alone.
    pub(crate) fn start(wanted: &Wanted, care: Care) -> Self {
        let mut engines = Self { running: given(), missing: Vec::new() };
        let is_given = |engine: &Engine| {
            engines.running.iter().any(|running| {
                running.middle() == engine.middle || running.middle() == engine.family.word()
            })
        };
        let (stand_ins, first): (Vec<&Engine>, Vec<&Engine>) = wanted
            .engines
            .iter()
            .copied()
            .filter(|engine| !is_given(engine))
            .partition(|engine| engine.stand_in);
        let (in_front, first): (Vec<&Engine>, Vec<&Engine>) =
            first.into_iter().partition(|engine| engine.family == Family::Pgbouncer);
        engines.add(&first, care);
        let needed: Vec<&Engine> =
            stand_ins.into_iter().filter(|engine| !engines.has(engine.family)).collect();
        engines.add(&needed, care);
        engines.add(&in_front, care);
        engines
    }

    /// No engine at all, each one missing for `reason`.
    pub(crate) fn none(reason: &str) -> Self {
        let missing = ALL.iter().filter(|engine| !engine.stand_in);
        let missing = missing.map(|engine| engine.missing(reason.to_owned())).collect();
        Self { running: Vec::new(), missing }
    }

    pub(crate) fn has(&self, family: Family) -> bool {
        self.running.iter().any(|running| running.family == Some(family))
    }

    fn add(&mut self, wanted: &[&Engine], care: Care) {
        let cache = Cache::open();
        Scratch::sweep();
        let newest = self.running.iter().rfind(|it| it.family == Some(Family::Postgres));
        let postgres = newest.map(|it| it.url.clone());
        let answers: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = wanted
                .iter()
                .map(|engine| {
                    let (cache, postgres) = (&cache, postgres.clone());
                    scope.spawn(move || engine.provide(cache.as_ref()?, care, postgres.as_deref()))
                })
                .collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for (engine, answer) in wanted.iter().zip(answers) {
            match answer {
                Ok(Ok(running)) => self.running.push(running),
                Ok(Err(reason)) => self.missing.push(engine.missing(reason)),
                Err(_) => self.missing.push(engine.missing("its start panicked".to_owned())),
            }
        }
    }
}

impl Engine {
    fn provide(
        &self,
        cache: &Cache,
        care: Care,
        postgres: Option<&str>,
    ) -> Result<Running, String> {
        let unprivileged = User::unprivileged()?;
        let attempt = |start: &dyn Fn(&Site) -> Result<Started, String>| {
            let scratch = Scratch::new(self.middle)?;
            let postgres = postgres.map(str::to_owned);
            let site = Site { cache, scratch, unprivileged, care, postgres };
            let started = start(&site)?;
            let killable = care == Care::Killable && self.family != Family::Pgbouncer;
            Ok(self.running(started, site.scratch, killable))
        };
        attempt(&self.start).or_else(|reason: String| {
            let Some(service) = &self.service else { return Err(reason) };
            attempt(&|site| service.start(site))
                .map_err(|compose: String| format!("{reason}; {compose}"))
        })
    }

    fn running(&self, started: Started, scratch: Scratch, killable: bool) -> Running {
        Running {
            title: self.title.to_owned(),
            family: Some(self.family),
            variable: variable(self.middle),
            url: started.url,
            version: Some(started.version),
            _program: Some(started.program),
            scratch: Some(scratch),
            killable,
        }
    }

    fn missing(&self, reason: String) -> Missing {
        let Self { title, middle, family, .. } = self;
        Missing {
            title: (*title).to_owned(),
            middle: (*middle).to_owned(),
            family: *family,
            reason,
        }
    }
}

/// The engines that the environment gives, by name.
fn given() -> Vec<Running> {
    let mut running: Vec<Running> = env::vars()
        .filter(|(_, url)| !url.is_empty())
        .filter_map(|(variable, url)| {
            let middle = middle(&variable)?;
            let known = ALL.iter().find(|engine| engine.middle == middle);
            Some(Running {
                title: known
                    .map_or_else(|| middle.replace('_', " "), |known| known.title.to_owned()),
                family: Family::of(middle),
                url,
                version: None,
                _program: None,
                scratch: None,
                killable: false,
                variable,
            })
        })
        .collect();
    running.sort_by(|one, other| one.variable.cmp(&other.variable));
    running
}

const PREFIX: &str = "WHIMBREL_TEST_";
const SUFFIX: &str = "_URL";

fn variable(middle: &str) -> String {
    format!("{PREFIX}{middle}{SUFFIX}")
}

/// `POSTGRES_18` of `WHIMBREL_TEST_POSTGRES_18_URL`.
pub(crate) fn middle(variable: &str) -> Option<&str> {
    variable.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

/// The folder of a program that any user may enter: `folder`, or a copy of it.
fn open_to_all(folder: PathBuf, site: &Site) -> Result<PathBuf, String> {
    if site.unprivileged.is_none() || crate::user::is_open_to_all(&folder) {
        return Ok(folder);
    }
    site.scratch.copy_of(&folder)
}
