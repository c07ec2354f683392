//! What keeps two runs apart, on real servers: the lock of a session and how its loss is noticed,
//! the lease where a session's lock keeps nobody out, and peers that wait for us in a call that
//! blocks.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use whimbrel::{
    connection::Connection,
    dialect::Lock,
    execute::{Event, Host, Locking, Report, Stop, Target, UpOptions, up},
    history::{self, History},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, Throwaway, dialect_of},
    shelf::{Shelf, target},
};
use whimbrel_wire::ConnectOptions;

/// A program around a run that acts on what the run tells. Its clock is the real one.
struct Acting<'a> {
    events: Vec<Event>,
    act: Box<dyn FnMut(&Event) + 'a>,
    start: Instant,
}

impl<'a> Acting<'a> {
    fn new(act: impl FnMut(&Event) + 'a) -> Self {
        Self { events: Vec::new(), act: Box::new(act), start: Instant::now() }
    }

    fn saw(&self, is_it: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(is_it)
    }
}

impl Host for Acting<'_> {
    fn event(&mut self, event: Event) {
        (self.act)(&event);
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

fn name(number: usize) -> String {
    format!("{number:04}_m{number}")
}

/// Migrations in a row; each creates `t1`, `t2`, … by itself, or runs what is said for it.
fn shelf<const N: usize>(own: [Option<&str>; N]) -> Shelf {
    Shelf::new(own.into_iter().enumerate().map(|(at, sql)| {
        let number = at + 1;
        let begun = match number {
            1 => Migration::first(),
            _ => Migration::after(name(number - 1).as_str()),
        };
        let migration = match sql {
            // One that commits by itself can't stand in a transaction on PostgreSQL.
            Some(sql) if sql.starts_with("CALL") => begun.no_transaction().run_sql(sql),
            Some(sql) => begun.run_sql(sql),
            None => begun.create_table(
                table(format!("t{number}").as_str()).column("id", bigint().primary_key()),
            ),
        };
        (name(number), migration)
    }))
}

fn go(
    database: &Throwaway,
    shelf: &Shelf,
    host: &mut Acting<'_>,
    with: impl FnOnce(&mut Target<'_>),
) -> Result<Report, Stop> {
    let mut connection = database.connect();
    let dialect = dialect_of(&*connection);
    let mut target = target(&mut *connection, dialect, shelf);
    with(&mut target);
    up(&mut target, &each(), host)
}

fn each() -> UpOptions {
    UpOptions { grouping: whimbrel::execute::Grouping::Each, ..UpOptions::default() }
}

fn leased(target: &mut Target<'_>) {
    target.locking = Locking::Lease;
}

fn servers() -> Vec<Engine> {
    let mut servers = engines::postgres();
    servers.extend(engines::mysql_family());
    servers
}

fn is_postgres(engine: &Engine) -> bool {
    engine.name.starts_with("postgres")
}

fn one(connection: &mut dyn Connection, sql: &str) -> Option<String> {
    let rows = connection.query(sql).expect("the question can be asked");
    rows.into_iter().flatten().next().flatten()
}

fn finished(number: usize) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Finished { migration, .. } if *migration == name(number))
}

const LEASE: &str = "SELECT value FROM whimbrel_state WHERE name = 'lease'";

/// The lease as another run on a server of its own would have taken it over.
fn steal(connection: &mut dyn Connection, live: bool) {
    let dialect = dialect_of(connection);
    let expires = if live { dialect.ledger.later(300) } else { dialect.ledger.now.to_owned() };
    let sql = format!(
        "UPDATE whimbrel_state SET value = '99 elsewhere a thief', expires = {expires} \
         WHERE name = 'lease'"
    );
    assert_eq!(connection.execute(&sql), Ok(1));
}

#[test]
fn a_run_whose_lease_was_taken_over_commits_nothing_more() {
    let mut all = servers();
    all.extend(engines::pgbouncer());
    for engine in all {
        let database = engine.fresh_database();
        let shelf = shelf([None; 4]);
        let mut other = database.connect();
        let mut host = Acting::new(|event| {
            if finished(2)(event) {
                steal(&mut *other, true);
            }
        });
        let stop = go(&database, &shelf, &mut host, leased).expect_err("the lease is lost");
        assert!(matches!(stop, Stop::LockLost { .. }), "{}: {stop:?}", engine.name);
        assert!(stop.to_string().contains("a thief"), "{}: {stop}", engine.name);
        assert_eq!(stop.exit_code(), 5);
        drop(host);
        // What was told is there, and nothing else is.
        let count = "SELECT count(*) FROM whimbrel_migrations WHERE state = 'applied'";
        let done = one(&mut *other, count).and_then(|it| it.parse::<usize>().ok());
        assert!(matches!(done, Some(2 | 3)), "{}: {done:?}", engine.name);
        assert_eq!(one(&mut *other, LEASE).as_deref(), Some("99 elsewhere a thief"));
        // Nobody gets past a live one, with a lock of a session or with a lease.
        for with in [leased, |_: &mut Target<'_>| {}] {
            let mut host = Acting::new(|_| {});
            let stop = go(&database, &shelf, &mut host, |it| {
                it.wait = Duration::from_millis(300);
                with(it);
            });
            let stop = stop.expect_err("somebody has the lease");
            assert!(matches!(stop, Stop::Locked { .. }), "{}: {stop:?}", engine.name);
            assert!(stop.to_string().contains("a thief, by lease number 99"), "{stop}");
            assert!(host.saw(|it| matches!(it, Event::Waiting { .. })));
        }
        // Its number goes on growing once it has run out, and then it is given back.
        steal(&mut *other, false);
        let mut host = Acting::new(|_| {});
        go(&database, &shelf, &mut host, leased).expect("the lease is to be had");
        assert!(one(&mut *other, LEASE).is_some_and(|it| it.starts_with("100 ")));
        let open = "SELECT count(expires) FROM whimbrel_state WHERE name = 'lease'";
        assert_eq!(one(&mut *other, open).as_deref(), Some("0"), "{}", engine.name);
        assert_eq!(one(&mut *other, count).as_deref(), Some("4"), "{}", engine.name);
    }
}

#[test]
fn a_lease_lasts_beyond_a_transaction_that_took_long() {
    let mut all = engines::postgres();
    all.extend(engines::pgbouncer());
    for engine in all {
        let database = engine.fresh_database();
        let shelf = shelf([None, Some("SELECT pg_sleep(2)"), None]);
        let mut other = database.connect();
        let mut lasts = None;
        let mut host = Acting::new(|event| {
            if finished(2)(event) {
                let later = dialect_of(&*other).ledger.later(history::SHORT - 1);
                let question = format!(
                    "SELECT count(*) FROM whimbrel_state WHERE name = 'lease' AND expires > {later}"
                );
                lasts = one(&mut *other, &question);
            }
        });
        go(&database, &shelf, &mut host, leased).expect("it goes up");
        drop(host);
        assert_eq!(lasts.as_deref(), Some("1"), "{}", engine.name);
    }
}

#[test]
fn a_dead_holder_on_the_same_server_is_not_waited_for() {
    for engine in servers() {
        let database = engine.fresh_database();
        go(&database, &shelf([None]), &mut Acting::new(|_| {}), leased).expect("it goes up");
        let mut other = database.connect();
        let server = match dialect_of(&*other).lock {
            Lock::Named => other.server().session.split(':').next().unwrap_or_default().to_owned(),
            _ => "here".to_owned(),
        };
        let later = dialect_of(&*other).ledger.later(300);
        let sql = format!(
            "UPDATE whimbrel_state SET value = '7 {server} a dead run', expires = {later} \
             WHERE name = 'lease'"
        );
        other.execute(&sql).expect("the row can be written");
        let mut host = Acting::new(|_| {});
        go(&database, &shelf([None; 2]), &mut host, leased).expect("its session is gone");
        assert!(one(&mut *other, LEASE).is_some_and(|it| it.starts_with("8 ")), "{}", engine.name);
    }
}

#[test]
fn a_lock_of_a_session_and_a_lease_through_a_pooler_keep_each_other_out() {
    for engine in engines::pgbouncer() {
        let database = engine.fresh_database();
        let direct = direct(&database);
        go(&database, &shelf([None]), &mut Acting::new(|_| {}), |_| {}).expect("it goes up");
        // The lock of a session is seen through the pooler, and its holder is told.
        let mut holder =
            whimbrel_wire::connect(&direct, &ConnectOptions::default()).expect("a session");
        assert!(!holder.server().shared);
        let dialect = dialect_of(&*holder);
        let key = key(&mut *holder);
        let held = history::try_lock(&mut *holder, dialect, key).expect("it can be asked");
        let held = held.expect("nobody has the lock");
        let mut host = Acting::new(|_| {});
        let stop = go(&database, &shelf([None; 2]), &mut host, |it| it.wait = Duration::ZERO);
        let stop = stop.expect_err("a session has the lock");
        let pid = holder.server().session.split('@').next().unwrap_or_default().to_owned();
        assert!(stop.to_string().contains(&format!("pid {pid}")), "{stop}");
        history::release(&mut *holder, dialect, key, held).expect("it can be given back");
        go(&database, &shelf([None; 2]), &mut Acting::new(|_| {}), |_| {}).expect("it goes up");
    }
}

fn key(connection: &mut dyn Connection) -> i64 {
    let dialect = dialect_of(connection);
    let survey = history::survey(connection, dialect).expect("it can be surveyed");
    let database = connection.server().database.clone();
    history::key_of(&database, &History::new(dialect, &survey))
}

/// The server behind a pooler on this machine.
fn direct(database: &Throwaway) -> whimbrel_wire::Target {
    let mut pooled = database.connect();
    let port = one(&mut *pooled, "SELECT inet_server_port()").expect("it has a port");
    let mut target = database.target().clone();
    target.hosts[0].port = port.parse().ok();
    target
}

/// What gives all locks up outside of any transaction, and takes its time.
const GIVE_UP: &str = "CREATE PROCEDURE give_up() LANGUAGE plpgsql AS $$ BEGIN \
    PERFORM pg_advisory_unlock_all(); COMMIT; PERFORM pg_sleep(1); END $$";

#[test]
fn a_lock_that_a_script_gave_up_is_taken_again() {
    for engine in servers() {
        let scripts: &[&str] = if is_postgres(&engine) {
            &["SELECT pg_advisory_unlock_all()", "CALL give_up()"]
        } else {
            &["DO RELEASE_ALL_LOCKS()"]
        };
        for script in scripts {
            let database = engine.fresh_database();
            if is_postgres(&engine) {
                database.connect().execute(GIVE_UP).expect("a procedure can be made");
            }
            let shelf = shelf([None, Some(script), None, Some("DELETE FROM t1"), None]);
            let mut other = database.connect();
            let key = key(&mut *other);
            let (dialect, mut seen) = (dialect_of(&*other), None);
            let mut host = Acting::new(|event| {
                if matches!(event, Event::LockRetaken) {
                    let locked = history::try_lock(&mut *other, dialect, key);
                    seen = Some(locked.expect("it can be asked").map(|_| ()));
                }
            });
            let report = go(&database, &shelf, &mut host, |_| {}).expect("it goes up");
            assert_eq!(report.migrations.len(), 5, "{}: {script}", engine.name);
            // In a transaction PostgreSQL takes it anew without a word.
            let told = host.saw(|it| matches!(it, Event::LockRetaken));
            assert!(told || is_postgres(&engine), "{}: {script}", engine.name);
            drop(host);
            if told {
                assert!(matches!(seen, Some(Err(_))), "{}: {script}: {seen:?}", engine.name);
            }
        }
    }
}

#[test]
fn a_lock_that_another_run_has_taken_meanwhile_stops_this_one() {
    for engine in servers() {
        let database = engine.fresh_database();
        let script = if is_postgres(&engine) {
            database.connect().execute(GIVE_UP).expect("a procedure can be made");
            "CALL give_up()"
        } else {
            "DO RELEASE_ALL_LOCKS() + SLEEP(1)"
        };
        let shelf = shelf([None, Some(script), None, None]);
        let key = key(&mut *database.connect());
        let (done, end) = mpsc::channel::<()>();
        let (mut end, mut other) = (Some(end), None);
        let mut host = Acting::new(|event| {
            let is_it = |name: &str| name == self::name(2);
            let begins = matches!(event, Event::StepStarted { migration, .. } if is_it(migration));
            let Some(end) = end.take_if(|_| begins) else { return };
            let target = database.target().clone();
            other = Some(thread::spawn(move || {
                let options = ConnectOptions::default();
                let mut other = whimbrel_wire::connect(&target, &options).expect("a session");
                let dialect = dialect_of(&*other);
                let start = Instant::now();
                while start.elapsed() < Duration::from_secs(20) {
                    if history::try_lock(&mut *other, dialect, key).expect("it can ask").is_ok() {
                        break;
                    }
                    thread::sleep(Duration::from_millis(5));
                }
                // Until the run has ended.
                let _ = end.recv();
            }));
        });
        let result = go(&database, &shelf, &mut host, |_| {});
        drop(host);
        drop(done);
        let stop = result.expect_err("another run has the lock");
        assert!(matches!(stop, Stop::LockLost { .. }), "{}: {stop:?}", engine.name);
        assert_eq!(stop.exit_code(), 5);
        let words = if is_postgres(&engine) { "pid " } else { "connection " };
        assert!(stop.to_string().contains(words), "{stop}");
        assert!(stop.hint().is_some_and(|it| it.contains("same command again")));
        other.expect("there was another").join().expect("it had the lock");
        let mut connection = database.connect();
        let later = "SELECT count(*) FROM whimbrel_migrations WHERE position > 2";
        assert_eq!(one(&mut *connection, later).as_deref(), Some("0"), "{}", engine.name);
    }
}

#[test]
fn a_concurrent_index_lets_a_peer_go_first_that_waits_for_the_lock() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let index = "CREATE INDEX CONCURRENTLY by_id ON t1 (id)";
        let shelf = shelf([None, Some(index), None]);
        let key = key(&mut *database.connect());
        let mut watch = database.connect();
        let mut peer = None;
        let mut host = Acting::new(|event| {
            let is_index =
                matches!(event, Event::StepStarted { migration, .. } if *migration == name(2));
            if !is_index || peer.is_some() {
                return;
            }
            // As tools do that take an advisory lock by a call that blocks.
            let target = database.target().clone();
            peer = Some(thread::spawn(move || {
                let options = ConnectOptions::default();
                let mut blocking = whimbrel_wire::connect(&target, &options).expect("a session");
                // Whoever finds the deadlock is broken off; it is to be the index.
                blocking.execute("SET deadlock_timeout = '1min'").expect("a superuser may");
                blocking.execute(&format!("SELECT pg_advisory_lock({key})")).expect("it gets it");
                thread::sleep(Duration::from_millis(300));
                blocking.execute(&format!("SELECT pg_advisory_unlock({key})")).expect("it can");
            }));
            let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                           AND NOT granted AND database = (SELECT oid FROM pg_database \
                           WHERE datname = current_database())";
            while one(&mut *watch, waiting).as_deref() == Some("0") {
                thread::sleep(Duration::from_millis(10));
            }
        });
        let patient = |it: &mut Target<'_>| it.wait = Duration::from_secs(20);
        let report = go(&database, &shelf, &mut host, patient).expect("it goes up");
        assert_eq!(report.migrations.len(), 3, "{}", engine.name);
        assert!(host.saw(|it| matches!(it, Event::GaveWay { .. })), "{}", engine.name);
        assert!(host.saw(|it| matches!(it, Event::Cured { .. })), "{}", engine.name);
        drop(host);
        peer.expect("there was a peer").join().expect("it got the lock");
        let valid = "SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid \
                     WHERE c.relname = 't1' AND i.indisvalid";
        assert_eq!(one(&mut *watch, valid).as_deref(), Some("2"), "{}", engine.name);
        let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(one(&mut *watch, invalid).as_deref(), Some("0"), "{}", engine.name);
    }
}

#[test]
fn a_run_that_waits_holds_up_no_concurrent_index() {
    let index = "CREATE INDEX CONCURRENTLY by_id ON t1 (id)";
    for engine in engines::postgres() {
        for with in [leased, |_: &mut Target<'_>| {}] {
            let database = engine.fresh_database();
            let mut waiting = None;
            let mut host = Acting::new(|event| {
                let is_index =
                    matches!(event, Event::StepStarted { migration, .. } if *migration == name(2));
                if !is_index || waiting.is_some() {
                    return;
                }
                let (tell, told) = mpsc::channel();
                let target = database.target().clone();
                waiting = Some(thread::spawn(move || {
                    let mut host = Acting::new(move |event| {
                        if matches!(event, Event::Waiting { .. }) {
                            let _ = tell.send(());
                        }
                    });
                    let mut connection =
                        whimbrel_wire::connect(&target, &ConnectOptions::default()).expect("it is");
                    let (dialect, shelf) = (dialect_of(&*connection), shelf([None, Some(index)]));
                    let mut target =
                        whimbrel_test::shelf::target(&mut *connection, dialect, &shelf);
                    target.wait = Duration::from_mins(1);
                    with(&mut target);
                    up(&mut target, &each(), &mut host)
                }));
                told.recv_timeout(Duration::from_secs(20)).expect("it says that it waits");
                // A reader keeps the index from being quicker than the other one's next tries.
                let target = database.target().clone();
                thread::spawn(move || {
                    let options = ConnectOptions::default();
                    let mut reader = whimbrel_wire::connect(&target, &options).expect("a session");
                    reader.query("SELECT pg_sleep(0.7), count(*) FROM t1").map(drop)
                });
                thread::sleep(Duration::from_millis(100));
            });
            let report = go(&database, &shelf([None, Some(index)]), &mut host, with);
            assert_eq!(report.expect("it goes up").migrations.len(), 2, "{}", engine.name);
            assert!(!host.saw(|it| matches!(it, Event::GaveWay { .. })), "{}", engine.name);
            drop(host);
            let other = waiting.expect("there was another").join().expect("it ends");
            assert!(other.expect("it finds nothing to do").migrations.is_empty());
        }
    }
}

#[test]
fn a_run_that_has_lost_its_lease_puts_nothing_away() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_id ON t1 (id)";
        let shelf = shelf([None, Some(index)]);
        let mut other = database.connect();
        let mut host = Acting::new(|event| {
            if finished(1)(event) {
                other.execute("INSERT INTO t1 VALUES (1), (2)").expect("rows can be written");
                // It fails half way, and what it leaves would be put away.
                let fails = "CREATE UNIQUE INDEX CONCURRENTLY by_id ON t1 ((1))";
                other.execute(fails).expect_err("the rows are not unique");
                steal(&mut *other, true);
            }
        });
        let stop = go(&database, &shelf, &mut host, leased).expect_err("the lease is lost");
        assert!(matches!(stop, Stop::LockLost { .. }), "{}: {stop:?}", engine.name);
        assert!(!host.saw(|it| matches!(it, Event::Cured { .. })), "{}", engine.name);
        drop(host);
        let left = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(one(&mut *other, left).as_deref(), Some("1"), "{}", engine.name);
    }
}

#[test]
fn a_run_whose_session_is_killed_stops_and_the_next_one_goes_on() {
    for engine in servers() {
        let database = engine.fresh_database();
        let shelf = shelf([None; 4]);
        let mut other = database.connect();
        let key = key(&mut *other);
        let is_named = dialect_of(&*other).lock == Lock::Named;
        let mut host = Acting::new(|event| {
            if !finished(2)(event) {
                return;
            }
            if is_named {
                let holder = one(&mut *other, &format!("SELECT is_used_lock('whimbrel:{key}')"));
                let holder = holder.expect("somebody has the lock");
                other.execute(&format!("KILL {holder}")).expect("it can be killed");
            } else {
                let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks \
                            WHERE locktype = 'advisory' AND granted AND database = \
                            (SELECT oid FROM pg_database WHERE datname = current_database())";
                assert_eq!(one(&mut *other, kill).as_deref(), Some("1"));
            }
            // Until the server has let go of it.
            let dialect = dialect_of(&*other);
            let free = loop {
                if let Ok(held) = history::try_lock(&mut *other, dialect, key).expect("it can ask")
                {
                    break held;
                }
                thread::sleep(Duration::from_millis(10));
            };
            history::release(&mut *other, dialect, key, free).expect("it can be given back");
        });
        let stop = go(&database, &shelf, &mut host, |_| {}).expect_err("its session is gone");
        assert_eq!(stop.exit_code(), 5, "{}: {stop:?}", engine.name);
        assert!(stop.hint().is_some_and(|it| it.contains("again")), "{stop:?}");
        assert!(!host.saw(finished(3)), "{}", engine.name);
        drop(host);
        go(&database, &shelf, &mut Acting::new(|_| {}), |_| {}).expect("it goes on");
        let count = "SELECT count(*) FROM whimbrel_migrations WHERE state = 'applied'";
        assert_eq!(one(&mut *other, count).as_deref(), Some("4"), "{}", engine.name);
    }
}

#[test]
fn a_crowd_behind_a_pooler_applies_each_migration_once() {
    let row = |number: usize| format!("INSERT INTO t1 VALUES ({number})");
    for engine in engines::pgbouncer() {
        let database = engine.fresh_database();
        let applied: usize = thread::scope(|scope| {
            let crowd = (0..8).map(|_| {
                scope.spawn(|| {
                    let (one, two) = (row(1), row(2));
                    let shelf = shelf([None, Some(&one), None, Some(&two), None]);
                    let patient = |it: &mut Target<'_>| it.wait = Duration::from_mins(1);
                    let report = go(&database, &shelf, &mut Acting::new(|_| {}), patient);
                    report.expect("all exit well").migrations.len()
                })
            });
            let crowd: Vec<_> = crowd.collect();
            crowd.into_iter().map(|it| it.join().expect("it ends")).sum()
        });
        assert_eq!(applied, 5);
        let rows = "SELECT string_agg(id::text, ' ' ORDER BY id) FROM t1";
        assert_eq!(one(&mut *database.connect(), rows).as_deref(), Some("1 2"));
        // Each holder got a number of its own.
        let held = one(&mut *database.connect(), LEASE).expect("there was a lease");
        let number = held.split(' ').next().and_then(|it| it.parse::<usize>().ok());
        assert!(number.is_some_and(|it| (1..=8).contains(&it)), "{held}");
    }
}

#[test]
fn a_server_looks_whether_its_client_lives() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let interval = "SELECT max(setting) FROM pg_settings \
                        WHERE name = 'client_connection_check_interval'";
        let expected = (connection.server().version.major >= 14).then(|| "1000".to_owned());
        assert_eq!(one(&mut *connection, interval), expected, "{}", engine.name);
    }
}

#[test]
fn who_waits_is_told_for_whom_and_how_long_now_and_then() {
    for engine in servers().into_iter().take(1) {
        let database = engine.fresh_database();
        let mut holder = database.connect();
        let (dialect, key) = (dialect_of(&*holder), key(&mut *holder));
        let held = history::try_lock(&mut *holder, dialect, key).expect("it can be asked");
        let mut connection = database.connect();
        let shelf = shelf([None]);
        let mut target = target(&mut *connection, dialect, &shelf);
        target.wait = Duration::from_secs(200);
        // Time passes only in its pauses.
        let mut host = whimbrel_test::shelf::Listener::default();
        let stop = up(&mut target, &each(), &mut host).expect_err("somebody has the lock");
        let told: Vec<u64> = host
            .events
            .iter()
            .filter_map(|it| match it {
                Event::Waiting { waited, .. } => Some(waited.as_secs()),
                _ => None,
            })
            .collect();
        assert_eq!(told, [0, 5, 10, 20, 40, 80, 140], "{}", engine.name);
        assert!(stop.state().is_some_and(|it| it.contains("waited 3 min")), "{:?}", stop.state());
        drop(held);
    }
}
