//! Migrations that stand in a test instead of in files, and a program around a run that only
//! listens.

use std::{cell::Cell, sync::Arc, time::Duration};

use whimbrel::{
    connection::Connection,
    diagnostic::Diagnostic,
    dialect::Dialect,
    execute::{
        DownOptions, DownTarget, Event, Host, Locking, Patience, Report, Stop, Target, UpOptions,
        UpTarget, down, up,
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

/// A database and migrations that are applied to it one after the other. Whatever fails, panics.
pub struct Desk<'a> {
    /// The database.
    pub connection: &'a mut dyn Connection,
    shelf: Shelf,
}

impl<'a> Desk<'a> {
    /// These migrations, of which none is applied yet.
    pub fn new(connection: &'a mut dyn Connection, shelf: Shelf) -> Self {
        Self { connection, shelf }
    }

    /// Applies the next one.
    pub fn up(&mut self) {
        let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let dialect = dialect_of(&*self.connection);
        let mut target = target(self.connection, dialect, &self.shelf);
        up(&mut target, &options, &mut Listener::default()).unwrap();
    }

    /// Takes the last ones back.
    pub fn down(&mut self, count: usize) {
        self.down_by(&DownOptions { target: DownTarget::Count(count), ..DownOptions::default() });
    }

    /// The same as these options say.
    pub fn down_by(&mut self, options: &DownOptions) {
        run_down(self.connection, &self.shelf, options).unwrap();
    }

    /// Runs a statement.
    pub fn run(&mut self, sql: &str) {
        self.connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
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
