//! Migrations that stand in a test instead of in files, and a program around a run that only
//! listens.

use std::{cell::Cell, sync::Arc, time::Duration};

use whimbrel::{
    connection::{Connection, Row},
    diagnostic::Diagnostic,
    dialect::Dialect,
    execute::{
        BaselineOptions, Baselined, Difference, DownOptions, DownTarget, Event, FakeOptions, Host,
        Kept, Locking, Patience, RedoOptions, Report, SetAside, Stop, Target, UpOptions, UpTarget,
        accept, baseline, down, fake, purge, redo, restore, trash, up, verify,
    },
    history::Circumstances,
    migration::{File, Loaded, Migrations, Replaces, checksum},
};
use whimbrel_migration::Migration;

use crate::engines::dialect_of;

/// Migrations by name.
#[derive(Clone, Default)]
pub struct Shelf {
    files: Vec<File>,
    loaded: Vec<Arc<Loaded>>,
    reads: Cell<usize>,
}

impl Shelf {
    /// These migrations.
    pub fn new(migrations: impl IntoIterator<Item = (impl Into<String>, Migration)>) -> Self {
        let mut loaded: Vec<Arc<Loaded>> = migrations
            .into_iter()
            .map(|(name, migration)| {
                let meaning = checksum::meaning(&migration).expect("operations are JSON");
                Arc::new(Loaded {
                    name: name.into(),
                    // Parents are part of the bytes, though not of the meaning.
                    digest: checksum::raw(format!("{migration:?}{meaning}").as_bytes()),
                    meaning,
                    migration,
                    places: Vec::new(),
                    state_place: None,
                    state_places: vec![],
                    parents_place: None,
                })
            })
            .collect();
        loaded.sort_by(|a, b| a.name.cmp(&b.name));
        let file = |it: &Arc<Loaded>| File { name: it.name.clone(), digest: it.digest.clone() };
        Self { files: loaded.iter().map(file).collect(), loaded, reads: Cell::default() }
    }

    /// How often a migration was read.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }
}

impl Migrations for Shelf {
    fn files(&self) -> &[File] {
        &self.files
    }

    fn load(&self, name: &str) -> Result<Arc<Loaded>, Vec<Diagnostic>> {
        self.reads.set(self.reads.get() + 1);
        let found = self.loaded.iter().find(|it| it.name == name);
        found.cloned().ok_or_else(|| vec![Diagnostic::error(format!("there is no `{name}`"))])
    }

    fn replaces(&self) -> Replaces {
        let squashes = self.loaded.iter().filter(|it| !it.migration.replaces.is_empty());
        squashes.map(|it| (it.name.clone(), it.migration.replaces.clone())).collect()
    }
}

/// What a run works on, with these migrations.
pub fn target<'a>(
    connection: &'a mut dyn Connection,
    dialect: &'static Dialect,
    migrations: &'a dyn Migrations,
) -> Target<'a> {
    Target {
        connection,
        dialect,
        migrations,
        circumstances: Circumstances { command: "test".into(), ..Circumstances::default() },
        wait: Duration::from_secs(1),
        locking: Locking::Auto,
        cancel_running: false,
        patience: Patience::default(),
    }
}

/// Applies all of them.
pub fn run_up(connection: &mut dyn Connection, shelf: &Shelf) -> Result<Report, Stop> {
    let dialect = dialect_of(connection);
    let mut target = target(connection, dialect, shelf);
    up(&mut target, &UpOptions::default(), &mut Listener::default())
}

/// Takes some of them back.
pub fn run_down(
    connection: &mut dyn Connection,
    shelf: &Shelf,
    options: &DownOptions,
) -> Result<Report, Stop> {
    let dialect = dialect_of(connection);
    down(&mut target(connection, dialect, shelf), options, &mut Listener::default())
}

/// A database and migrations, and what a user can have done with them.
pub struct Desk<'a> {
    /// The database.
    pub connection: &'a mut dyn Connection,
    /// What is taken to be true of it.
    pub dialect: &'static Dialect,
    /// The migrations.
    pub shelf: Shelf,
}

impl<'a> Desk<'a> {
    /// These migrations, of which none is applied yet.
    pub fn new(connection: &'a mut dyn Connection, shelf: Shelf) -> Self {
        let dialect = dialect_of(&*connection);
        Self { connection, dialect, shelf }
    }

    /// What a run works on.
    pub fn target(&mut self) -> Target<'_> {
        target(self.connection, self.dialect, &self.shelf)
    }

    /// Runs a statement, or panics.
    pub fn run(&mut self, sql: &str) {
        self.connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The rows of a query, or panics.
    pub fn ask(&mut self, sql: &str) -> Vec<Row> {
        self.connection.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Applies the next migration, or panics.
    pub fn up(&mut self) {
        let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let report = self.try_up(&options).unwrap_or_else(|stop| panic!("{stop:#?}"));
        assert_eq!(report.migrations.len(), 1, "there is a next one");
    }

    /// Applies all that are left, or panics.
    pub fn up_all(&mut self) -> Report {
        self.try_up(&UpOptions::default()).unwrap_or_else(|stop| panic!("{stop:#?}"))
    }

    /// Applies what these options say.
    pub fn try_up(&mut self, options: &UpOptions) -> Result<Report, Stop> {
        up(&mut self.target(), options, &mut Listener::default())
    }

    /// Takes the last ones back, or panics.
    pub fn down(&mut self, count: usize) {
        self.down_by(&DownOptions { target: DownTarget::Count(count), ..DownOptions::default() });
    }

    /// Takes back what these options say, or panics.
    pub fn down_by(&mut self, options: &DownOptions) {
        self.try_down(options).unwrap_or_else(|stop| panic!("{stop:#?}"));
    }

    /// Takes back what these options say.
    pub fn try_down(&mut self, options: &DownOptions) -> Result<Report, Stop> {
        down(&mut self.target(), options, &mut Listener::default())
    }

    /// Takes the last ones back and applies them again.
    pub fn redo(&mut self, options: &RedoOptions) -> Result<Report, Stop> {
        redo(&mut self.target(), options, &mut Listener::default())
    }

    /// Marks migrations as applied.
    pub fn fake(&mut self, options: &FakeOptions) -> Result<Report, Stop> {
        fake(&mut self.target(), options, &mut Listener::default())
    }

    /// Takes a database over that somebody else has made.
    pub fn baseline(&mut self, options: &BaselineOptions) -> Result<Baselined, Stop> {
        baseline(&mut self.target(), options, &mut Listener::default())
    }

    /// What is there that the migrations don't say, and the other way round, a line each; or
    /// panics.
    pub fn differences(&mut self) -> Vec<String> {
        let verified = verify(&mut self.target()).unwrap_or_else(|stop| panic!("{stop:#?}"));
        verified.differences.iter().flat_map(Difference::words).collect()
    }

    /// Takes what somebody else has made for what is to be there, or panics.
    pub fn accept(&mut self) {
        let mut target = self.target();
        accept(&mut target, &mut Listener::default()).unwrap_or_else(|stop| panic!("{stop:#?}"));
    }

    /// What is set aside, or panics.
    pub fn trash(&mut self) -> Vec<Kept> {
        trash(&mut self.target()).unwrap_or_else(|stop| panic!("{stop:#?}"))
    }

    /// Puts these back.
    pub fn restore(&mut self, ids: &[u64]) -> Result<Vec<SetAside>, Stop> {
        restore(&mut self.target(), ids, &mut Listener::default())
    }

    /// Lets these go for good, or all.
    pub fn purge(&mut self, ids: Option<&[u64]>) -> Result<Vec<SetAside>, Stop> {
        purge(&mut self.target(), ids, &mut Listener::default())
    }
}

/// Listens to a run; time passes only when the run pauses.
#[derive(Debug, Default)]
pub struct Listener {
    /// What the run told.
    pub events: Vec<Event>,
    /// After how many events somebody asks it to stop.
    pub interrupt_after: Option<usize>,
    time: Duration,
}

impl Host for Listener {
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    fn pause(&mut self, duration: Duration) {
        self.time += duration;
    }

    fn elapsed(&self) -> Duration {
        self.time
    }

    fn interrupted(&self) -> bool {
        self.interrupt_after.is_some_and(|it| self.events.len() >= it)
    }
}
