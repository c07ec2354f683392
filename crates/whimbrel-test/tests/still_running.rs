//! A client died while the server was at its statement: the next run looks for that session before
//! it decides anything, waits for it, or stops it.

use std::{
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use whimbrel::{
    connection::{Connection, Row, Trouble},
    dialect::Dialect,
    execute::{
        Answer, DownOptions, DownTarget, Event, Report, ResolveOptions, Stop, UpOptions, down,
        resolve, up,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::{Death, SERVER, Side, Simulated},
};
use whimbrel_wire::{ConnectOptions, connect};

fn shop() -> Shelf {
    Shelf::new([(
        "0001_shop",
        Migration::first()
            .create_table(table("users").column("id", integer()).column("name", text()))
            .rename_column("users", "name", "display_name")
            .create_table(table("orders").column("id", integer())),
    )])
}

struct Next {
    result: Result<Report, Stop>,
    told: Vec<Event>,
}

/// Kills a client at every call with the server going on, lets the next run come `calls` calls
/// too early, and returns how it went.
fn killed_at_every_call(
    way: fn(&mut whimbrel::execute::Target<'_>, &mut Listener) -> Result<Report, Stop>,
    (wait, cancel_running, calls): (u64, bool, usize),
    prepare: bool,
) -> Vec<(Throwaway, Next)> {
    let shelf = shop();
    let mut ends = Vec::new();
    for call in 0.. {
        let database = engines::sqlite().remove(0).fresh_database();
        if prepare {
            let mut connection = Simulated::new(database.connect(), None).autocommitting();
            let mut target = target(&mut connection, &SERVER, &shelf);
            up(&mut target, &UpOptions::default(), &mut Listener::default()).unwrap();
        }
        let later = Death { call, side: Side::Later };
        let mut dying = Simulated::new(database.connect(), Some(later)).autocommitting();
        let first = way(&mut target(&mut dying, &SERVER, &shelf), &mut Listener::default());
        if first.is_ok() {
            break;
        }
        let Some(left) = dying.take_afterlife() else { continue };
        let mut next =
            Simulated::new(database.connect(), None).autocommitting().beside(Some(left), calls);
        let mut listener = Listener::default();
        let mut target = target(&mut next, &SERVER, &shelf);
        target.wait = Duration::from_secs(wait);
        target.cancel_running = cancel_running;
        let result = way(&mut target, &mut listener);
        ends.push((database, Next { result, told: listener.events }));
    }
    ends
}

fn go_up(target: &mut whimbrel::execute::Target<'_>, host: &mut Listener) -> Result<Report, Stop> {
    up(target, &UpOptions::default(), host)
}

fn go_down(
    target: &mut whimbrel::execute::Target<'_>,
    host: &mut Listener,
) -> Result<Report, Stop> {
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    down(target, &options, host)
}

fn tables(database: &Throwaway) -> Vec<String> {
    let query = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'whimbrel%' \
                 AND name NOT LIKE 'sqlite%' ORDER BY name";
    let rows = database.connect().query(query).unwrap();
    rows.into_iter().map(|mut it| it.remove(0).unwrap()).collect()
}

fn is_told(told: &[Event]) -> bool {
    told.iter().any(|it| matches!(it, Event::StillRunning { .. }))
}

#[test]
fn the_next_run_waits_for_a_step_that_lives_on() {
    let ends = killed_at_every_call(go_up, (600, false, 40), false);
    let mut told = 0;
    for (database, next) in &ends {
        next.result.as_ref().unwrap();
        assert_eq!(tables(database), ["orders", "users"]);
        database.connect().query("SELECT display_name FROM users").unwrap();
        told += usize::from(is_told(&next.told));
    }
    // The four tables of the history are created without marks; three steps have one.
    assert_eq!(told, 3, "of {}", ends.len());
}

#[test]
fn going_down_waits_for_a_step_that_lives_on() {
    let ends = killed_at_every_call(go_down, (600, false, 40), true);
    assert_eq!(ends.len(), 3);
    for (database, next) in &ends {
        next.result.as_ref().unwrap();
        assert!(tables(database).is_empty());
        assert!(is_told(&next.told));
    }
}

#[test]
fn whoever_does_not_wait_is_told_what_is_still_running() {
    let mut stopped = 0;
    for (_, next) in killed_at_every_call(go_up, (0, false, 40), false) {
        let Err(stop) = next.result else { continue };
        assert_eq!(stop.exit_code(), 5);
        assert!(stop.to_string().contains("is still running on the server"), "{stop}");
        assert!(stop.to_string().contains(", 12 min)"), "{stop}");
        assert!(stop.hint().unwrap().contains("--cancel-running"), "{stop:?}");
        stopped += 1;
    }
    assert_eq!(stopped, 3);
}

#[test]
fn a_step_that_lives_on_is_stopped_where_that_is_wanted() {
    // Left alone it would never end.
    let ends = killed_at_every_call(go_up, (0, true, 1_000_000), false);
    let cancelling = |it: &Event| matches!(it, Event::StillRunning { cancels: true, .. });
    assert_eq!(ends.iter().filter(|(_, it)| it.told.iter().any(cancelling)).count(), 3);
    for (database, next) in ends {
        if is_told(&next.told) {
            next.result.unwrap();
            assert_eq!(tables(&database), ["orders", "users"]);
        }
    }
}

/// A migration whose second step stands outside of a transaction.
fn with_a_step_alone(engine: &Engine) -> (Shelf, &'static str) {
    let alone = if engine.name.starts_with("postgres") {
        "CREATE INDEX CONCURRENTLY t_n_ix ON t (n)"
    } else {
        "ALTER TABLE t ADD more integer"
    };
    let shelf = Shelf::new([(
        "0001_t",
        Migration::first()
            .create_table(table("t").column("n", integer()))
            .run_sql(sql(alone).undo_nothing()),
    )]);
    (shelf, alone)
}

/// Some time in which a session is at work.
fn sleep(engine: &Engine) -> &'static str {
    if engine.name.starts_with("postgres") { "SELECT pg_sleep(30)" } else { "SELECT sleep(30)" }
}

/// A session that is at work for some time, by what it calls itself.
fn at_work(database: &Throwaway, engine: &Engine) -> (String, JoinHandle<Answered>) {
    let (address, sql) = (database.target().clone(), sleep(engine));
    let (tell, told) = mpsc::channel();
    let work = thread::spawn(move || {
        let mut connection = connect(&address, &ConnectOptions::default()).unwrap();
        tell.send(connection.server().session.clone()).unwrap();
        connection.query(sql).map_err(|it| it.trouble)
    });
    let session = told.recv().unwrap();
    thread::sleep(Duration::from_millis(300));
    (session, work)
}

type Answered = Result<Vec<Row>, Trouble>;

fn servers() -> Vec<Engine> {
    engines::postgres().into_iter().chain(engines::mysql_family()).collect()
}

/// A database on which a step was begun by a session that is still at work, or idle, or gone.
fn begun_by(database: &Throwaway, engine: &Engine, session: &str) -> (Shelf, &'static Dialect) {
    let (shelf, alone) = with_a_step_alone(engine);
    let mut dying = Simulated::new(database.connect(), None).dying_at(alone);
    let dialect = Dialect::of_product(&dying.server().product).unwrap();
    let stop = go_up(&mut target(&mut dying, dialect, &shelf), &mut Listener::default());
    assert_eq!(stop.unwrap_err().exit_code(), 5);
    let mark = format!(
        "UPDATE whimbrel_steps SET session = {} WHERE state = 'begun'",
        dialect.literal(session)
    );
    assert_eq!(database.connect().execute(&mark).unwrap(), 1, "{}", engine.name);
    (shelf, dialect)
}

#[test]
fn a_session_at_work_is_found_on_real_servers_and_stopped() {
    for engine in servers() {
        let database = engine.fresh_database();
        let (session, work) = at_work(&database, &engine);
        let (shelf, dialect) = begun_by(&database, &engine, &session);
        let mut connection = database.connect();
        let mut run = |wait, cancel_running| {
            let mut listener = Listener::default();
            let mut target = target(&mut *connection, dialect, &shelf);
            target.wait = Duration::from_secs(wait);
            target.cancel_running = cancel_running;
            go_up(&mut target, &mut listener).map(|report| (report, listener.events))
        };

        let stop = run(0, false).unwrap_err();
        assert_eq!(stop.exit_code(), 5, "{}: {stop}", engine.name);
        assert!(matches!(stop, Stop::StillRunning { .. }), "{}: {stop}", engine.name);
        assert!(stop.to_string().contains(" s)"), "{}: {stop}", engine.name);

        let options = ResolveOptions { name: "0001".into(), step: 2, answer: Answer::Again };
        let mut connection = database.connect();
        let mut hasty = target(&mut *connection, dialect, &shelf);
        hasty.wait = Duration::ZERO;
        let stop = resolve(&mut hasty, &options, &mut Listener::default()).unwrap_err();
        assert!(matches!(stop, Stop::StillRunning { .. }), "{}: {stop}", engine.name);

        let (report, told) = run(0, true).unwrap();
        assert_eq!(report.resumed, ["0001_t"], "{}", engine.name);
        assert!(is_told(&told), "{}", engine.name);
        // A sleep of MySQL's that is cut short answers with a 1.
        let cut = work.join().unwrap();
        let one = Ok(vec![vec![Some("1".to_owned())]]);
        assert!(cut == Err(Trouble::Cancelled) || cut == one, "{}: {cut:?}", engine.name);
    }
}

#[test]
fn a_session_that_is_idle_or_gone_or_somebody_elses_is_not_waited_for() {
    for engine in servers() {
        let idle = engine.fresh_database().connect();
        let busy = engine.fresh_database();
        let (session, _work) = at_work(&busy, &engine);
        // Of another start of the same process number, of another server.
        let others = match session.split_once('@') {
            Some((pid, _)) => format!("{pid}@2020-01-01T00:00:00.000000"),
            None => format!("another{session}"),
        };
        let gone = engine.fresh_database().connect().server().session.clone();
        for session in [idle.server().session.as_str(), &gone, &others, ""] {
            let database = engine.fresh_database();
            let (shelf, dialect) = begun_by(&database, &engine, session);
            let mut connection = database.connect();
            let mut target = target(&mut *connection, dialect, &shelf);
            target.wait = Duration::ZERO;
            let mut listener = Listener::default();
            let report = go_up(&mut target, &mut listener).unwrap();
            assert_eq!(report.resumed, ["0001_t"], "{}: {session}", engine.name);
            assert!(!is_told(&listener.events), "{}: {session}", engine.name);
        }
    }
}

/// MySQL counts its connections from the beginning when it starts again.
#[test]
fn a_number_of_an_earlier_life_of_the_server_is_somebody_else() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let (session, _work) = at_work(&database, &engine);
        let (shelf, dialect) = begun_by(&database, &engine, &session);
        let mut connection = database.connect();
        connection.execute("UPDATE whimbrel_steps SET begun = begun - INTERVAL 10 YEAR").unwrap();
        let mut target = target(&mut *connection, dialect, &shelf);
        target.wait = Duration::ZERO;
        go_up(&mut target, &mut Listener::default()).unwrap();
    }
}
