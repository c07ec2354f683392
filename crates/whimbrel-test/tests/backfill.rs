//! Changes of rows in batches: nothing is done twice, whenever and wherever the client dies, and a
//! run that is stopped goes on with the next batch.

use std::fs;

use whimbrel::{
    connection::{Connection, Row},
    dialect::{Dialect, SQLITE},
    execute::{self, DownOptions, DownTarget, Event, Grouping, Stop, UpOptions},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, run_down, run_up, target},
    simulator::{Death, SERVER, Side, open, simulated},
};

fn users() -> Migration {
    Migration::first().create_table(
        table("users")
            .column("id", bigint().primary_key())
            .column("email", varchar(50))
            .column("seen", integer().not_null().default(0)),
    )
}

/// A column before it and one behind it, so that the plan is cut on both sides.
fn fill(batch: u32) -> Migration {
    Migration::after("0001_users")
        .add_column("users", "name", varchar(60))
        .backfill(
            rows("users")
                .set("name", sql("coalesce(email, 'anonymous')"))
                .set("seen", sql("seen + 1"))
                .filter("id > 3")
                .batch(batch),
        )
        .alter_column("users", "name", set().default("nobody"))
}

fn shelf(batch: u32) -> Shelf {
    Shelf::new([("0001_users", users()), ("0002_fill", fill(batch))])
}

fn insert(connection: &mut dyn Connection, count: i64) {
    // Wide gaps, and numbers that a floating point number doesn't hold.
    let rows: Vec<String> = (1..=count)
        .map(|it| match it {
            1..10 => format!("({it}, 'u{it}@example.org')"),
            _ if it % 2 == 0 => format!("({}, NULL)", 9_007_199_254_740_992 + it),
            _ => format!("({}, 'u{it}@example.org')", 9_007_199_254_740_992 + it),
        })
        .collect();
    let text = format!("INSERT INTO users (id, email) VALUES {}", rows.join(", "));
    connection.execute(&text).unwrap();
}

fn dump(connection: &mut dyn Connection) -> Vec<Row> {
    connection.query("SELECT id, email, name, seen FROM users ORDER BY id").unwrap()
}

fn check(rows: &[Row], name: &str) {
    for row in rows {
        let is_meant = !matches!(row[0].as_deref(), Some("1" | "2" | "3"));
        let wanted = is_meant.then(|| row[1].as_deref().unwrap_or("anonymous"));
        assert_eq!(row[2].as_deref(), wanted, "{name}: {row:?}");
        assert_eq!(row[3].as_deref(), Some(if is_meant { "1" } else { "0" }), "{name}: {row:?}");
    }
}

#[test]
fn each_row_is_changed_once_in_every_way_of_running() {
    for engine in engines::all() {
        for grouping in [Grouping::Auto, Grouping::All, Grouping::Each, Grouping::None] {
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let dialect = engines::dialect_of(&*connection);
            run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
            insert(&mut *connection, 25);
            let (shelf, mut listener) = (shelf(4), Listener::default());
            let options = UpOptions { grouping, ..UpOptions::default() };
            execute::up(&mut target(&mut *connection, dialect, &shelf), &options, &mut listener)
                .unwrap_or_else(|stop| panic!("{}: {stop:#?}", engine.name));
            let rows = dump(&mut *connection);
            assert_eq!(rows.len(), 25);
            check(&rows, &engine.name);
            let told: Vec<u64> = listener
                .events
                .iter()
                .filter_map(|it| match it {
                    Event::BatchFinished { rows, .. } => Some(*rows),
                    _ => None,
                })
                .collect();
            assert_eq!(told, [4, 8, 12, 16, 20, 22], "{}", engine.name);
            let back = DownOptions {
                target: DownTarget::Count(1),
                allow_data_loss: true,
                ..DownOptions::default()
            };
            run_down(&mut *connection, &shelf, &back).unwrap();
        }
    }
}

/// A key of two columns, one of them text whose order is the database's own.
#[test]
fn a_key_of_several_columns_is_gone_through_in_its_order() {
    let first = Migration::first().create_table(
        table("parts")
            .column("code", varchar(20))
            .column("number", integer())
            .column("n", integer().not_null().default(0))
            .primary_key(["code", "number"]),
    );
    let second = Migration::after("0001_parts")
        .backfill(rows("parts").set("n", sql("n + 1")).batch(3).undo("UPDATE parts SET n = 0"));
    let shelf = Shelf::new([("0001_parts", first.clone()), ("0002_fill", second)]);
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_parts", first.clone())])).unwrap();
        for code in ["", "a", "B", "it''s", "ü", "z z", "_", "10", "9"] {
            for number in 1..4 {
                let text = format!("INSERT INTO parts (code, number) VALUES ('{code}', {number})");
                connection.execute(&text).unwrap();
            }
        }
        run_up(&mut *connection, &shelf).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        let once = connection.query("SELECT count(*) FROM parts WHERE n = 1").unwrap();
        assert_eq!(once[0][0].as_deref(), Some("27"), "{}", engine.name);
        let back = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
        run_down(&mut *connection, &shelf, &back).unwrap();
        let none = connection.query("SELECT count(*) FROM parts WHERE n = 0").unwrap();
        assert_eq!(none[0][0].as_deref(), Some("27"), "{}", engine.name);
    }
}

fn go(connection: &mut dyn Connection, dialect: &'static Dialect) -> Result<(), Stop> {
    let (mut host, shelf) = (Listener::default(), shelf(4));
    let mut target = target(connection, dialect, &shelf);
    execute::up(&mut target, &UpOptions::default(), &mut host).map(drop)
}

fn survives(dialect: &'static Dialect) {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let (before, file) = (folder.path().join("before.db"), folder.path().join("file.db"));
    run_up(&mut *open(&before), &Shelf::new([("0001_users", users())])).unwrap();
    insert(&mut *open(&before), 15);
    fs::copy(&before, &file).unwrap();
    let mut connection = simulated(&file, dialect, None);
    go(&mut connection, dialect).unwrap();
    let calls = connection.calls();
    drop(connection);
    let expected = dump(&mut *open(&file));
    check(&expected, "undisturbed");
    let mut deaths = 0;
    for call in 0..calls {
        for side in [Side::Before, Side::After] {
            let words = format!("killed {side:?} call {call} of {calls}");
            fs::copy(&before, &file).unwrap();
            let mut dying = simulated(&file, dialect, Some(Death { call, side }));
            if let Err(stop) = go(&mut dying, dialect) {
                assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
            }
            assert!(dying.is_dead(), "{words}");
            drop(dying);
            let mut next = simulated(&file, dialect, None);
            go(&mut next, dialect).unwrap_or_else(|it| panic!("{words}: {it}"));
            drop(next);
            assert_eq!(dump(&mut *open(&file)), expected, "{words}");
            deaths += 1;
        }
    }
    assert!(deaths > 60, "only {deaths} deaths");
}

#[test]
fn a_client_killed_at_any_call_changes_no_row_twice() {
    survives(&SQLITE);
}

#[test]
fn so_it_is_where_schema_changes_commit_by_themselves() {
    survives(&SERVER);
}

#[test]
fn who_is_asked_to_stop_stops_between_two_batches() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = engines::dialect_of(&*connection);
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        insert(&mut *connection, 25);
        let shelf = shelf(4);
        let batches = |it: &Listener| {
            it.events.iter().filter(|it| matches!(it, Event::BatchFinished { .. })).count()
        };
        let mut undisturbed = 0;
        for after in 3..40 {
            let mut listener = Listener::default();
            listener.interrupt_after = Some(after);
            let mut target = target(&mut *connection, dialect, &shelf);
            let result = execute::up(&mut target, &UpOptions::default(), &mut listener);
            undisturbed += batches(&listener);
            match result {
                Ok(_) => break,
                Err(stop) => assert!(matches!(stop, Stop::Interrupted { .. }), "{stop:?}"),
            }
        }
        assert_eq!(undisturbed, 6, "{}: no batch is done twice", engine.name);
        check(&dump(&mut *connection), &engine.name);
    }
}

#[test]
fn what_is_half_filled_is_taken_back_as_the_whole() {
    let database = engines::sqlite().remove(0).fresh_database();
    let mut connection = database.connect();
    run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
    insert(&mut *connection, 25);
    let fill = rows("users").set("seen", 7).batch(4).undo("UPDATE users SET seen = 0");
    let shelf = Shelf::new([
        ("0001_users", users()),
        ("0002_fill", Migration::after("0001_users").backfill(fill)),
    ]);
    let mut listener = Listener::default();
    listener.interrupt_after = Some(5);
    let mut goal = target(&mut *connection, &SQLITE, &shelf);
    execute::up(&mut goal, &UpOptions::default(), &mut listener).unwrap_err();
    let seen = |connection: &mut dyn Connection| {
        connection.query("SELECT count(*) FROM users WHERE seen = 7").unwrap()[0][0].clone()
    };
    assert!(!matches!(seen(&mut *connection).as_deref(), Some("0" | "25")));
    let back = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
    run_down(&mut *connection, &shelf, &back).unwrap();
    assert_eq!(seen(&mut *connection).as_deref(), Some("0"));
    run_up(&mut *connection, &shelf).unwrap();
    assert_eq!(seen(&mut *connection).as_deref(), Some("25"));
}

#[test]
fn a_table_that_gives_batches_no_hold_is_refused_in_words() {
    let refused = |made: Table, it: Backfill| {
        let shelf = Shelf::new([("0001_t", Migration::first().create_table(made).backfill(it))]);
        let database = engines::sqlite().remove(0).fresh_database();
        run_up(&mut *database.connect(), &shelf).unwrap_err().to_string()
    };
    let loose = || table("t").column("a", integer()).column("b", integer());
    let keyed = || loose().column("id", integer().primary_key());
    let fills = |column: &str| rows("t").set(column, 1);
    let told = [
        refused(loose(), fills("a")),
        refused(loose().index(index("t_a").on("a").unique()), fills("b")),
        refused(keyed(), fills("id")),
        refused(keyed(), fills("c")),
        refused(keyed(), fills("a").set("a", 2)),
        refused(keyed(), fills("a").batch(0)),
        refused(keyed(), fills("a").filter(on(Postgres, "true"))),
    ];
    for (told, words) in told.iter().zip([
        "there is no key by which batches could go on",
        "there is no key by which batches could go on",
        "column `id` is of the key",
        "has no column `c`",
        "column `a` is set twice",
        "a batch of no rows",
        "the condition has no text for SQLite",
    ]) {
        assert!(told.contains(words), "{words} is not in {told}");
    }
}

#[test]
fn rows_that_no_transaction_covers_are_refused() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        connection.execute("ALTER TABLE users ENGINE = MyISAM").unwrap();
        insert(&mut *connection, 9);
        let stop = run_up(&mut *connection, &shelf(4)).unwrap_err();
        assert!(stop.to_string().contains("no transaction covers"), "{}: {stop}", engine.name);
    }
}
