//! Files that take another place in the graph, where databases have run them: squashed, or put
//! behind others by a rebase. Killed at every call, the next run ends where an undisturbed one ends.
//!
//! The engine is real SQLite, once as it is and once with a dialect value and a connection that
//! commit every change of the schema by themselves, as MySQL does.

use std::{fs, path::Path};

use tempfile::TempDir;
use whimbrel::{
    dialect::{Dialect, SQLITE},
    execute::{DownOptions, DownTarget, Late, Report, Stop, UpOptions, UpTarget, down, up, verify},
};
use whimbrel_migration::{Migration, bigint, sql, table, text};
use whimbrel_test::{
    shelf::{Listener, Shelf, target},
    simulator::{Death, SERVER, Side, Simulated, open, simulated},
};

type Line = Vec<(&'static str, Migration)>;

/// Tables, columns and rows, in a line.
fn line() -> Line {
    let users = table("users").column("id", bigint().primary_key());
    vec![
        ("0001_users", Migration::first().create_table(users)),
        (
            "0002_names",
            Migration::after("0001_users")
                .add_column("users", "name", text())
                .run_sql(sql("INSERT INTO users (id, name) VALUES (1, 'a')").undo_nothing()),
        ),
        (
            "0003_labels",
            Migration::after("0002_names").rename_column("users", "name", "label").add_column(
                "users",
                "born",
                text(),
            ),
        ),
    ]
}

/// One migration in the place of all of them, beside them.
fn squashed() -> Line {
    let replaces = ["0001_users", "0002_names", "0003_labels"];
    let mut squash = Migration::first().replaces(replaces);
    for (_, migration) in line() {
        squash.operations.extend(migration.operations);
    }
    line().into_iter().chain([("0004_squash", squash)]).collect()
}

/// The last two behind one that somebody else wrote.
fn rebased() -> Line {
    let [users, names, labels] = line().try_into().expect("there are three");
    let orders = table("orders").column("id", bigint().primary_key());
    let theirs = Migration::after("0001_users").create_table(orders);
    let behind = |name: &str, it: Migration| Migration { parents: vec![name.to_owned()], ..it };
    vec![
        users,
        ("0002_orders", theirs),
        ("0003_names", behind("0002_orders", names.1)),
        ("0004_labels", behind("0003_names", labels.1)),
    ]
}

fn go(
    connection: &mut Simulated,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    let options = UpOptions { late: Late::Allow, ..UpOptions::default() };
    up(&mut target(connection, dialect, shelf), &options, &mut Listener::default())
}

fn back(
    connection: &mut Simulated,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    let target_of_down = DownTarget::To("0001_users".to_owned());
    let all = DownTarget::All;
    let is_squash = shelf_has(shelf, "0004_squash");
    let options = DownOptions {
        target: if is_squash { all } else { target_of_down },
        allow_data_loss: true,
        ..DownOptions::default()
    };
    down(&mut target(connection, dialect, shelf), &options, &mut Listener::default())
}

fn shelf_has(shelf: &Shelf, name: &str) -> bool {
    whimbrel::migration::Migrations::files(shelf).iter().any(|it| it.name == name)
}

/// What a user could see: objects, rows, and what the history says is applied.
fn dump(file: &Path) -> Vec<Vec<Option<String>>> {
    let mut connection = open(file);
    let objects = "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite%' \
                   AND tbl_name NOT LIKE 'whimbrel_%' ORDER BY name";
    let mut all = connection.query(objects).unwrap();
    if all.iter().any(|it| it[0].as_deref() == Some("users")) {
        all.extend(connection.query("SELECT * FROM users").unwrap());
    }
    let history =
        "SELECT name, state, how, parents, revert = '' FROM whimbrel_migrations ORDER BY position";
    all.extend(connection.query(history).unwrap());
    let steps = "SELECT DISTINCT migration FROM whimbrel_steps ORDER BY migration";
    all.extend(connection.query(steps).unwrap());
    all
}

fn looks_right(file: &Path, dialect: &'static Dialect, shelf: &Shelf, words: &str) {
    let mut connection = open(file);
    let found = verify(&mut target(&mut *connection, dialect, shelf))
        .unwrap_or_else(|stop| panic!("{words}: {stop}"));
    assert!(found.differences.is_empty() && found.missing.is_empty(), "{words}: {found:#?}");
    assert!(found.edited.is_empty(), "{words}: {found:#?}");
}

type Way = fn(&mut Simulated, &'static Dialect, &Shelf) -> Result<Report, Stop>;

/// Runs `way` on a copy of `start`, then once for each call with a death there.
fn killed(what: &str, dialect: &'static Dialect, start: &Path, shelf: &Shelf, way: Way) -> usize {
    let file = start.with_extension("undisturbed");
    fs::copy(start, &file).unwrap();
    let mut connection = simulated(&file, dialect, None);
    way(&mut connection, dialect, shelf).unwrap_or_else(|stop| panic!("{what}: {stop:#?}"));
    let calls = connection.calls();
    drop(connection);
    looks_right(&file, dialect, shelf, what);
    let expected = dump(&file);
    for call in 0..calls {
        for side in [Side::Before, Side::After] {
            let words = format!("{what} killed {side:?} call {call}");
            let file = start.with_extension("killed");
            fs::copy(start, &file).unwrap();
            let mut dying = simulated(&file, dialect, Some(Death { call, side }));
            if let Err(stop) = way(&mut dying, dialect, shelf) {
                assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
            }
            assert!(dying.is_dead(), "{words}: it lived on");
            drop(dying);
            let mut next = simulated(&file, dialect, None);
            way(&mut next, dialect, shelf).unwrap_or_else(|it| panic!("{words}: {it:#?}"));
            drop(next);
            assert_eq!(dump(&file), expected, "{words}");
            if call % 4 == 0 {
                looks_right(&file, dialect, shelf, &words);
            }
        }
    }
    calls * 2
}

/// A database in which so many of `line()` have run.
fn with(folder: &TempDir, dialect: &'static Dialect, so_many: usize) -> std::path::PathBuf {
    let file = folder.path().join(format!("{so_many}.db"));
    let _ = fs::remove_file(&file);
    let mut connection = simulated(&file, dialect, None);
    let shelf = Shelf::new(line());
    let options = UpOptions { target: UpTarget::Count(so_many), ..UpOptions::default() };
    up(&mut target(&mut connection, dialect, &shelf), &options, &mut Listener::default()).unwrap();
    file
}

fn place() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A run of the old files that dies at any call, and then the files are others.
fn killed_and_then(what: &str, dialect: &'static Dialect, new: &Shelf) -> usize {
    let folder = place();
    let old = Shelf::new(line());
    let whole = with(&folder, dialect, 3);
    let mut connection = simulated(&whole, dialect, None);
    go(&mut connection, dialect, new).unwrap_or_else(|it| panic!("{what}: {it:#?}"));
    drop(connection);
    let expected = dump(&whole);
    let begin = with(&folder, dialect, 1);
    let mut deaths = 0;
    for call in 0.. {
        for side in [Side::Before, Side::After] {
            let words = format!("{what} after a death {side:?} call {call}");
            let file = folder.path().join("killed.db");
            fs::copy(&begin, &file).unwrap();
            let mut dying = simulated(&file, dialect, Some(Death { call, side }));
            let _ = go(&mut dying, dialect, &old);
            if !dying.is_dead() {
                return deaths;
            }
            drop(dying);
            let mut next = simulated(&file, dialect, None);
            go(&mut next, dialect, new).unwrap_or_else(|it| panic!("{words}: {it:#?}"));
            // What was finished under its old name gets its new one by the next run.
            go(&mut next, dialect, new).unwrap_or_else(|it| panic!("{words}: {it:#?}"));
            drop(next);
            if call % 4 == 0 {
                looks_right(&file, dialect, new, &words);
            }
            let (found, wanted) = (dump(&file), expected.clone());
            assert_eq!(sorted(found), sorted(wanted), "{words}");
            deaths += 1;
        }
    }
    deaths
}

/// In which order migrations ran here depends on when the first run died.
fn sorted(mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    rows.sort();
    rows
}

#[test]
fn a_squash_on_databases_that_ran_all_or_some() {
    for dialect in [&SQLITE, &SERVER] {
        let folder = place();
        let shelf = Shelf::new(squashed());
        let mut deaths = 0;
        for so_many in [1, 3] {
            let what = format!("{:?}: {so_many} have run", dialect.ddl);
            let start = with(&folder, dialect, so_many);
            deaths += killed(&what, dialect, &start, &shelf, go);
        }
        let mut connection = simulated(&folder.path().join("3.db"), dialect, None);
        go(&mut connection, dialect, &shelf).unwrap();
        drop(connection);
        let start = folder.path().join("3.db");
        deaths += killed("taken back", dialect, &start, &shelf, back);
        assert!(deaths > 60, "only {deaths} deaths were tried");
    }
}

#[test]
fn a_rebase_of_what_has_run() {
    for dialect in [&SQLITE, &SERVER] {
        let folder = place();
        let shelf = Shelf::new(rebased());
        let mut deaths = 0;
        for so_many in [2, 3] {
            let what = format!("{:?}: {so_many} have run", dialect.ddl);
            let start = with(&folder, dialect, so_many);
            deaths += killed(&what, dialect, &start, &shelf, go);
        }
        let start = folder.path().join("3.db");
        let mut connection = simulated(&start, dialect, None);
        go(&mut connection, dialect, &shelf).unwrap();
        drop(connection);
        deaths += killed("taken back", dialect, &start, &shelf, back);
        assert!(deaths > 60, "only {deaths} deaths were tried");
    }
}

#[test]
fn files_that_are_squashed_or_rebased_while_a_run_lies_half_way() {
    for dialect in [&SQLITE, &SERVER] {
        let what = format!("{:?} squashed", dialect.ddl);
        assert!(killed_and_then(&what, dialect, &Shelf::new(squashed())) > 20);
        let what = format!("{:?} rebased", dialect.ddl);
        assert!(killed_and_then(&what, dialect, &Shelf::new(rebased())) > 20);
    }
}
