//! Changes of the schema beside programs that hold locks: nobody queues behind us for longer than
//! was said, and what was not had in time is tried again.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use whimbrel::{
    connection::Trouble,
    dialect::{Dialect, Limit},
    execute::{DownOptions, DownTarget, Event, Host, Patience, Report, Stop, UpOptions, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Shelf, target},
};

/// A program around a run, by the real clock.
struct Real {
    start: Instant,
    events: Vec<Event>,
}

impl Real {
    fn new() -> Self {
        Self { start: Instant::now(), events: Vec::new() }
    }

    /// The sessions that were named as being in the way, and their statements.
    fn blocked(&self) -> Vec<&Event> {
        self.events.iter().filter(|it| matches!(it, Event::Blocked { .. })).collect()
    }
}

impl Host for Real {
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    fn pause(&mut self, duration: Duration) {
        thread::sleep(duration);
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn interrupted(&self) -> bool {
        false
    }
}

/// The servers, each with a database of its own in which stand `a` and `b`, of some rows. Tests
/// go through them side by side, as most of the time is spent waiting.
fn on_servers(work: impl Fn(&Throwaway, &'static Dialect) + Sync) {
    let servers = engines::postgres().into_iter().chain(engines::mysql_family());
    on(&servers.collect::<Vec<_>>(), work);
}

fn on(engines: &[engines::Engine], work: impl Fn(&Throwaway, &'static Dialect) + Sync) {
    let databases: Vec<Throwaway> = engines.iter().map(engines::Engine::fresh_database).collect();
    thread::scope(|scope| {
        for database in &databases {
            let work = &work;
            scope.spawn(move || {
                let mut connection = database.connect();
                for table in ["a", "b"] {
                    let create = format!(
                        "CREATE TABLE {table} (id integer PRIMARY KEY, n integer NOT NULL)"
                    );
                    connection.execute(&create).expect("it is created");
                    let fill = format!("INSERT INTO {table} VALUES (1, 0), (2, 0), (3, 0)");
                    connection.execute(&fill).expect("it is filled");
                }
                let dialect = Dialect::of_product(&connection.server().product);
                work(database, dialect.expect("it has a dialect"));
            });
        }
    });
}

fn go_up(
    database: &Throwaway,
    dialect: &'static Dialect,
    migration: Migration,
    patience: Patience,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let shelf = Shelf::new([("0001_change", migration)]);
    let mut connection = database.connect();
    let mut target = target(&mut *connection, dialect, &shelf);
    target.patience = patience;
    up(&mut target, &UpOptions { into_existing: true, ..UpOptions::default() }, host)
}

const fn patience(timeout: u64, wait: u64) -> Patience {
    Patience { timeout: Duration::from_millis(timeout), wait: Duration::from_millis(wait) }
}

/// Both tables change, the one that nobody holds first: its lock is held while the other is
/// waited for.
fn both_tables() -> Migration {
    Migration::first()
        .run_sql(sql("ALTER TABLE b ADD COLUMN more integer").undo_nothing())
        .run_sql(sql("ALTER TABLE a ADD COLUMN more integer").undo_nothing())
}

/// What application threads have seen.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    /// The longest that a read took.
    longest: Mutex<Duration>,
}

impl Load {
    fn read_and_write(&self, database: &Throwaway, number: usize) {
        let mut connection = database.connect();
        let tables = if number.is_multiple_of(2) { ["a", "b"] } else { ["b", "a"] };
        while !self.over.load(Ordering::SeqCst) {
            for table in tables {
                let start = Instant::now();
                connection.query(&format!("SELECT id, n FROM {table}")).expect("it is read");
                let took = start.elapsed();
                let mut longest = self.longest.lock().expect("nobody has panicked");
                *longest = took.max(*longest);
                drop(longest);
                let write = format!("UPDATE {table} SET n = n + 1 WHERE id = {}", number % 3 + 1);
                match connection.execute(&write) {
                    Ok(_) => {}
                    // As a program has to expect of writers of rows.
                    Err(it) if it.trouble == Trouble::Deadlock => {}
                    Err(it) => panic!("it is written: {it}"),
                }
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn reads_never_queue_longer_than_the_timeout() {
    const TIMEOUT: Duration = Duration::from_secs(1);
    const MARGIN: Duration = Duration::from_millis(800);
    on_servers(|database, dialect| {
        let load = Load::default();
        let product = dialect.product;
        thread::scope(|scope| {
            let load = &load;
            for number in 0..4 {
                scope.spawn(move || load.read_and_write(database, number));
            }
            // A report that somebody left open.
            scope.spawn(move || {
                let mut connection = database.connect();
                connection.begin().expect("it begins");
                connection.query("SELECT 'my secret', n FROM a").expect("it is read");
                thread::sleep(Duration::from_secs(4));
                connection.rollback().expect("it ends");
            });
            thread::sleep(Duration::from_millis(300));
            let mut host = Real::new();
            let result = go_up(
                database,
                dialect,
                both_tables(),
                Patience { timeout: TIMEOUT, wait: Duration::from_secs(30) },
                &mut host,
            );
            load.over.store(true, Ordering::SeqCst);
            assert_eq!(result.expect("it is applied").migrations, ["0001_change"], "{product}");
            let blocked = host.blocked();
            assert!(blocked.len() >= 2, "{product}: {blocked:?}");
            let Event::Blocked { by, .. } = blocked[0] else { panic!("it is one") };
            let report = by.iter().find(|it| {
                let said = it.to_string();
                said.starts_with("pid ") || said.starts_with("connection ")
            });
            let report = report.unwrap_or_else(|| panic!("{product}: who holds it: {by:?}"));
            assert!(!report.to_string().contains("my secret"), "{product}: {report}");
        });
        let longest = load.longest.into_inner().expect("nobody has panicked");
        assert!(longest < TIMEOUT + MARGIN, "{product}: a read took {longest:?}");
        // Otherwise nobody has queued at all, and the test has shown nothing.
        assert!(longest > TIMEOUT / 2, "{product}: a read took {longest:?} at the most");
    });
}

#[test]
fn who_is_in_the_way_is_told_when_the_time_is_up_and_nothing_is_kept() {
    on_servers(|database, dialect| {
        let mut reader = database.connect();
        reader.begin().expect("it begins");
        reader.query("SELECT n FROM a").expect("it is read");
        let mut host = Real::new();
        let migration = Migration::first().run_sql(
            sql("ALTER TABLE a ADD COLUMN more integer").undo("ALTER TABLE a DROP COLUMN more"),
        );
        let stop = go_up(database, dialect, migration.clone(), patience(1000, 2000), &mut host);
        let stop = stop.expect_err("somebody is in the way");
        assert_eq!(stop.exit_code(), 5, "{stop:?}");
        let Stop::Blocked { by, tries, kept, .. } = &stop else { panic!("{stop:?}") };
        assert!(*tries >= 1 && *kept == 0, "{stop:?}");
        let number: String = reader.server().session.clone();
        let number = number.split('@').next().and_then(|it| it.rsplit(':').next()).expect("it has");
        assert!(by.iter().any(|it| it.session.ends_with(&format!(" {number}"))), "{by:?}");
        // Nobody waits for us any more.
        let start = Instant::now();
        database.connect().query("SELECT n FROM a").expect("it is read");
        assert!(start.elapsed() < Duration::from_millis(500));
        reader.rollback().expect("it ends");
        let report = go_up(database, dialect, migration.clone(), patience(1000, 0), &mut host);
        assert_eq!(report.expect("it is applied").migrations, ["0001_change"]);

        // The same on the way back.
        reader.begin().expect("it begins");
        reader.query("SELECT n FROM a").expect("it is read");
        let shelf = Shelf::new([("0001_change", migration)]);
        let mut connection = database.connect();
        let mut target = target(&mut *connection, dialect, &shelf);
        target.patience = patience(1000, 0);
        let options = DownOptions {
            target: DownTarget::Count(1),
            allow_data_loss: true,
            ..DownOptions::default()
        };
        let stop = down(&mut target, &options, &mut host).expect_err("somebody is in the way");
        assert!(matches!(stop, Stop::Blocked { .. }), "{stop:?}");
        reader.rollback().expect("it ends");
        let report = down(&mut target, &options, &mut host).expect("it is taken back");
        assert_eq!(report.migrations, ["0001_change"]);
    });
}

#[test]
fn a_script_that_says_how_long_it_waits_is_left_alone() {
    on(&engines::postgres(), |database, dialect| {
        let mut reader = database.connect();
        reader.begin().expect("it begins");
        reader.query("SELECT n FROM a").expect("it is read");
        let migration = Migration::first().run_sql(
            sql("SET lock_timeout = '100ms'; ALTER TABLE a ADD COLUMN more integer").undo_nothing(),
        );
        let mut host = Real::new();
        let stop = go_up(database, dialect, migration, patience(20_000, 1000), &mut host);
        assert!(matches!(stop, Err(Stop::Blocked { .. })), "{stop:?}");
        assert!(host.start.elapsed() < Duration::from_secs(10), "it waited as long as we would");
    });
}

#[test]
fn the_shorter_timeout_of_a_role_holds() {
    on(&engines::postgres(), |database, dialect| {
        let name = database.target().database.clone().expect("it has a name");
        let set = format!("ALTER DATABASE {name} SET lock_timeout = '200ms'");
        database.connect().execute(&set).expect("it is set");
        let mut reader = database.connect();
        reader.begin().expect("it begins");
        reader.query("SELECT n FROM a").expect("it is read");
        let mut host = Real::new();
        let stop = go_up(database, dialect, both_tables(), patience(20_000, 0), &mut host);
        assert!(matches!(stop, Err(Stop::Blocked { .. })), "{stop:?}");
        assert!(host.start.elapsed() < Duration::from_secs(10), "it waited as long as we would");
    });
}

#[test]
fn outside_of_a_transaction_it_is_tried_again_and_the_session_is_put_back() {
    on(&engines::postgres(), |database, dialect| {
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut reader = database.connect();
                reader.begin().expect("it begins");
                reader.query("SELECT n FROM a").expect("it is read");
                thread::sleep(Duration::from_millis(1200));
                reader.rollback().expect("it ends");
            });
            thread::sleep(Duration::from_millis(200));
            let migration = Migration::first().no_transaction().run_sql(
                sql("ALTER TABLE a ADD COLUMN more integer;
                     VACUUM FULL a;
                     CREATE TABLE said AS SELECT current_setting('lock_timeout') AS it")
                .undo_nothing(),
            );
            let mut host = Real::new();
            go_up(database, dialect, migration, patience(300, 10_000), &mut host)
                .expect("it is applied");
            assert!(!host.blocked().is_empty());
        });
        let said = database.connect().query("SELECT it FROM said").expect("it is there");
        // What a transaction of one statement was told is its own.
        assert!(
            said == [[Some("300ms".to_owned())]] || said == [[Some("0".to_owned())]],
            "{said:?}"
        );
    });
}

#[test]
fn a_concurrent_build_waits_for_as_long_as_it_takes() {
    on(&engines::postgres(), |database, dialect| {
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut writer = database.connect();
                writer.begin().expect("it begins");
                writer.execute("UPDATE a SET n = 7 WHERE id = 1").expect("it is written");
                thread::sleep(Duration::from_millis(1500));
                writer.commit().expect("it ends");
            });
            thread::sleep(Duration::from_millis(200));
            let migration = Migration::first()
                .run_sql(sql("CREATE INDEX CONCURRENTLY a_n ON a (n)").undo_nothing());
            let mut host = Real::new();
            go_up(database, dialect, migration, patience(200, 0), &mut host).expect("it is built");
            assert!(host.blocked().is_empty(), "{:?}", host.blocked());
            assert!(host.start.elapsed() > Duration::from_secs(1), "nobody was waited for");
        });
    });
}

#[test]
fn rows_that_somebody_holds_are_waited_for_and_tried_again() {
    on(&engines::mysql_family(), |database, dialect| {
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut writer = database.connect();
                writer.begin().expect("it begins");
                writer.execute("UPDATE a SET n = 7 WHERE id = 1").expect("it is written");
                // The server looks about once a second whose time is up.
                thread::sleep(Duration::from_millis(3500));
                writer.commit().expect("it ends");
            });
            thread::sleep(Duration::from_millis(200));
            let migration = Migration::first()
                .run_sql(sql("UPDATE b SET n = n + 1; UPDATE a SET n = n + 1").undo_nothing());
            let mut host = Real::new();
            go_up(database, dialect, migration, patience(1000, 20_000), &mut host)
                .expect("it is applied");
            assert!(!host.blocked().is_empty());
        });
        let read = |table: &str| {
            let query = format!("SELECT n FROM {table} WHERE id = 1");
            database.connect().query(&query).expect("it is read")
        };
        // Once each, whatever was tried.
        assert_eq!(read("a"), [[Some("8".to_owned())]]);
        assert_eq!(read("b"), [[Some("1".to_owned())]]);
    });
}

#[test]
fn without_a_timeout_it_waits_for_as_long_as_it_takes() {
    on_servers(|database, dialect| {
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut reader = database.connect();
                reader.begin().expect("it begins");
                reader.query("SELECT n FROM a").expect("it is read");
                thread::sleep(Duration::from_millis(2500));
                reader.rollback().expect("it ends");
            });
            thread::sleep(Duration::from_millis(200));
            let mut host = Real::new();
            go_up(database, dialect, both_tables(), patience(0, 0), &mut host)
                .expect("it is applied");
            assert!(host.blocked().is_empty(), "{:?}", host.blocked());
            assert!(host.start.elapsed() > Duration::from_secs(2), "nobody was waited for");
        });
    });
}

#[test]
fn a_step_is_told_with_its_time_once_it_is_done() {
    on_servers(|database, dialect| {
        let mut host = Real::new();
        let migration = Migration::first().run_sql(
            sql("CREATE TABLE c (id integer); INSERT INTO c VALUES (1); CREATE TABLE d (id integer)")
                .undo_nothing(),
        );
        go_up(database, dialect, migration, patience(1000, 0), &mut host).expect("it is applied");
        let told: Vec<(usize, bool)> = host
            .events
            .iter()
            .filter_map(|it| match it {
                Event::StepFinished { step, took, .. } => Some((*step, took.is_some())),
                _ => None,
            })
            .collect();
        assert_eq!(told, [(1, true), (2, true), (3, true)], "{}", dialect.name);
        let last = host.events.last();
        assert!(matches!(last, Some(Event::Finished { .. })), "{last:?}");
        assert!(matches!(dialect.waiting.limit, Limit::Transaction { .. } | Limit::Session(_)));
    });
}
