//! Every scenario with the client killed at every call, before its effect and after it, up and
//! down: the next run ends where an undisturbed one ends.
//!
//! The engine is real SQLite, once as it is and once with a dialect value and a connection that
//! commit every change of the schema by themselves, as MySQL does.

use std::{fmt::Write, fs, path::Path, time::Duration};

use whimbrel::{
    connection::{Connection, Trouble},
    dialect::{Dialect, SQLITE},
    execute::{
        Difference, DownOptions, DownTarget, Report, Stop, UpOptions, UpTarget, down, up, verify,
    },
};
use whimbrel_test::{
    scenario::{self, Scenario},
    shelf::{Listener, Shelf, target},
    simulator::{Death, SERVER, Side, open, session_query, simulated},
};

#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

fn run(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
    way: Way,
) -> Result<Report, Stop> {
    let mut target = target(connection, dialect, shelf);
    // Time passes only in pauses, so that waiting for what lives on takes none.
    target.wait = Duration::from_mins(10);
    let mut listener = Listener::default();
    match way {
        Way::Up => up(&mut target, &UpOptions::default(), &mut listener),
        // To a name, so that a second run that finds the first one's work done does no more.
        Way::Down => down(
            &mut target,
            &DownOptions {
                target: DownTarget::To("0001_before".to_owned()),
                allow_data_loss: true,
                ..DownOptions::default()
            },
            &mut listener,
        ),
    }
}

/// Everything that a user could see: schema, rows, and what the history says is applied.
fn dump(file: &Path) -> String {
    let mut connection = open(file);
    let mut text = String::new();
    let objects = connection
        .query(
            "SELECT name, coalesce(sql, ''), type FROM sqlite_master \
             WHERE name NOT LIKE 'sqlite%' AND tbl_name NOT LIKE 'whimbrel_%' ORDER BY name",
        )
        .unwrap();
    for object in objects {
        writeln!(text, "{object:?}").unwrap();
        if object[2].as_deref() == Some("table") {
            let name = SQLITE.quote(object[0].as_deref().unwrap());
            let rows = connection.query(&format!("SELECT * FROM {name}")).unwrap();
            writeln!(text, "{} rows", rows.len()).unwrap();
        }
    }
    let history =
        connection.query("SELECT name, state FROM whimbrel_migrations ORDER BY position").unwrap();
    writeln!(text, "{history:?}").unwrap();
    text
}

/// What `verify` tells, in words.
fn differences(file: &Path, dialect: &'static Dialect, shelf: &Shelf) -> Vec<String> {
    let mut connection = open(file);
    let verified = verify(&mut target(&mut *connection, dialect, shelf));
    let verified = verified.unwrap_or_else(|stop| panic!("{}: {stop}", file.display()));
    verified.differences.iter().flat_map(Difference::words).collect()
}

/// A file as it is before the change, with the scenario's rows in it.
fn prepared(scenario: &Scenario, dialect: &'static Dialect, shelf: &Shelf, file: &Path) {
    let mut connection = simulated(file, dialect, None);
    let mut target = target(&mut connection, dialect, shelf);
    let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
    up(&mut target, &options, &mut Listener::default())
        .unwrap_or_else(|stop| panic!("{}: {stop}", scenario.name));
    for row in &scenario.rows {
        connection.execute(row).unwrap_or_else(|error| panic!("{}: {row}: {error}", scenario.name));
    }
}

fn survives(scenario: &Scenario, dialect: &'static Dialect, folder: &Path) -> usize {
    let shelf = scenario.migrations();
    let (before, after) = (folder.join("before.db"), folder.join("after.db"));
    let _ = fs::remove_file(&before);
    prepared(scenario, dialect, &shelf, &before);
    fs::copy(&before, &after).unwrap();
    let mut connection = simulated(&after, dialect, None);
    run(&mut connection, dialect, &shelf, Way::Up)
        .unwrap_or_else(|stop| panic!("{}: {stop}", scenario.name));
    drop(connection);

    let mut deaths = 0;
    for (way, start) in [(Way::Up, &before), (Way::Down, &after)] {
        let file = folder.join("undisturbed.db");
        fs::copy(start, &file).unwrap();
        let mut connection = simulated(&file, dialect, None);
        run(&mut connection, dialect, &shelf, way)
            .unwrap_or_else(|stop| panic!("{}: {stop}", scenario.name));
        let (calls, outliving) = (connection.calls(), connection.outliving().to_vec());
        drop(connection);
        let expected = dump(&file);
        for call in 0..calls {
            for side in [Side::Before, Side::After] {
                let words = format!(
                    "{} {} killed {side:?} call {call}",
                    scenario.name,
                    if matches!(way, Way::Up) { "up" } else { "down" }
                );
                let file = folder.join("killed.db");
                fs::copy(start, &file).unwrap();
                let mut dying = simulated(&file, dialect, Some(Death { call, side }));
                if let Err(stop) = run(&mut dying, dialect, &shelf, way) {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                assert!(dying.is_dead(), "{words}: it lived on");
                drop(dying);
                let mut next = simulated(&file, dialect, None);
                if let Err(stop) = run(&mut next, dialect, &shelf, way) {
                    panic!("{words}: the next run stopped: {stop}");
                }
                assert_eq!(dump(&file), expected, "{words}");
                if deaths % 4 == 0 {
                    assert_eq!(differences(&file, dialect, &shelf), [""; 0], "{words}");
                }
                deaths += 1;
            }
        }
        for call in outliving {
            for soon in [0, 25] {
                let file = folder.join("killed.db");
                fs::copy(start, &file).unwrap();
                let words = format!("{} killed later at call {call}, {soon}", scenario.name);
                let later = Death { call, side: Side::Later };
                let mut dying = simulated(&file, dialect, Some(later));
                let _ = run(&mut dying, dialect, &shelf, way);
                let left = dying.take_afterlife();
                assert!(left.is_some(), "{words}: nothing is left");
                drop(dying);
                let mut next = simulated(&file, dialect, None).beside(left, soon);
                if let Err(stop) = run(&mut next, dialect, &shelf, way) {
                    panic!("{words}: the next run stopped: {stop}");
                }
                assert_eq!(dump(&file), expected, "{words}");
                deaths += 1;
            }
        }
    }
    deaths
}

fn survives_all(dialect: &'static Dialect, half: usize) {
    // In memory where there is such a place: nothing here is to survive the machine.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let mut deaths = 0;
    let scenarios = scenario::all().into_iter().enumerate();
    for (_, scenario) in scenarios.filter(|(number, _)| number % 2 == half) {
        if scenario.unsupported(dialect).is_none() {
            deaths += survives(&scenario, dialect, folder.path());
        }
    }
    assert!(deaths > 500, "only {deaths} deaths were tried");
}

#[test]
fn transactional_the_even_scenarios() {
    survives_all(&SQLITE, 0);
}

#[test]
fn transactional_the_odd_scenarios() {
    survives_all(&SQLITE, 1);
}

#[test]
fn autocommitting_the_even_scenarios() {
    survives_all(&SERVER, 0);
}

#[test]
fn autocommitting_the_odd_scenarios() {
    survives_all(&SERVER, 1);
}

#[test]
fn a_server_goes_on_without_its_client() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let later = Death { call: 1, side: Side::Later };
    let mut dying = simulated(&file, &SERVER, Some(later));
    dying.execute("CREATE TABLE a (n integer)").unwrap();
    let error = dying.execute("CREATE TABLE b (n integer)").unwrap_err();
    assert_eq!(error.trouble, Trouble::ConnectionLost);
    let session = dying.server().session.clone();
    let left = dying.take_afterlife().expect("the server is still at it");
    assert_eq!(left.session(), session);
    assert_eq!(left.statement(), "CREATE TABLE b (n integer)");

    let mut next = simulated(&file, &SERVER, None).beside(Some(left), 3);
    let tables = "SELECT name FROM sqlite_master ORDER BY name";
    assert_ne!(next.server().session, session);
    assert_eq!(next.query(&session_query(&session)).unwrap().len(), 1);
    assert_eq!(next.query(tables).unwrap().len(), 1);
    next.begin().unwrap();
    assert_eq!(next.query(tables).unwrap().len(), 1, "it waits for the transaction's end");
    next.commit().unwrap();
    assert_eq!(next.query(tables).unwrap().len(), 2);
    assert_eq!(next.query(&session_query(&session)).unwrap().len(), 0);
}
