//! SQLite drops what triggers speak of and fails when they are set off; whimbrel looks before.

use whimbrel::{
    connection::Connection,
    dialect::SQLITE,
    execute::{DownOptions, DownTarget, Stop, UpOptions, UpTarget, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, target},
};

const LOGGED: &str = "CREATE TRIGGER logged AFTER INSERT ON items BEGIN \
                      INSERT INTO logs (what) VALUES (new.name); END";

fn items() -> Migration {
    Migration::first().create_table(table("logs").column("what", varchar(20))).create_table(
        table("items")
            .column("id", integer().primary_key())
            .column("name", varchar(20))
            .column("what", varchar(20)),
    )
}

fn second() -> Migration {
    Migration::after("0001_items")
}

/// Applies the first migration, makes a trigger by hand, and applies the second one.
fn run(second: Migration, and_then: impl Fn(&mut dyn Connection, Result<(), Stop>)) {
    let shelf = Shelf::new([("0001_items", items()), ("0002_change", second)]);
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let mut host = Listener::default();
        up(&mut target(&mut *connection, &SQLITE, &shelf), &one, &mut host).unwrap();
        connection.execute(LOGGED).unwrap();
        let mut at = target(&mut *connection, &SQLITE, &shelf);
        let result = up(&mut at, &UpOptions::default(), &mut host).map(drop);
        and_then(&mut *connection, result);
    }
}

fn works(connection: &mut dyn Connection, result: Result<(), Stop>) {
    result.unwrap();
    connection.execute("INSERT INTO items (id) VALUES (1)").unwrap();
}

fn refused(connection: &mut dyn Connection, result: Result<(), Stop>) {
    let stop = result.unwrap_err();
    let words = stop.to_string();
    assert_eq!(stop.exit_code(), 3, "{words}");
    assert!(words.contains("trigger `logged` speaks of"), "{words}");
    assert!(words.contains("`DROP TRIGGER logged`"), "{words}");
    connection.execute("INSERT INTO items (id, name) VALUES (1, 'a')").unwrap();
    let rows = connection.query("SELECT what FROM logs").unwrap();
    assert_eq!(rows, [[Some("a".to_owned())]], "all is as it was");
}

#[test]
fn a_table_of_which_a_trigger_speaks_is_not_dropped() {
    run(second().drop_table("logs"), refused);
    run(second().run_sql(sql("DROP TABLE logs").undo_nothing()), refused);
}

#[test]
fn a_column_of_which_a_trigger_speaks_is_not_dropped() {
    run(second().drop_column("items", "name"), refused);
    run(second().add_column("logs", "more", integer()).drop_column("logs", "what"), refused);
}

#[test]
fn what_only_has_the_same_name_is_no_reason() {
    run(second().drop_column("items", "what"), works);
}

#[test]
fn a_trigger_that_goes_as_well_is_no_reason() {
    let drop = || sql("DROP TRIGGER logged").undo(LOGGED);
    run(second().run_sql(drop()).drop_table("logs"), works);
    run(second().run_sql(drop()).drop_column("items", "name"), works);
    run(second().drop_table("items").drop_table("logs"), |connection, result| {
        result.unwrap();
        assert!(connection.query("SELECT * FROM items").is_err());
    });
    // The order that the manual gives for changing a table by hand.
    let by_hand = sql(
        "PRAGMA legacy_alter_table = ON; CREATE TABLE new_logs (what text, more int); INSERT INTO new_logs (what) SELECT what \
         FROM logs; DROP TABLE logs; ALTER TABLE new_logs RENAME TO logs; \
         PRAGMA legacy_alter_table = OFF",
    );
    run(second().run_sql(by_hand.undo_nothing()), works);
}

#[test]
fn renames_take_triggers_along() {
    run(second().rename_column("items", "name", "title").rename_table("logs", "lines"), works);
}

#[test]
fn down_looks_as_well() {
    let shelf = Shelf::new([
        ("0001_items", items()),
        ("0002_notes", second().create_table(table("notes").column("what", integer()))),
    ]);
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut host = Listener::default();
        let mut at = target(&mut *connection, &SQLITE, &shelf);
        up(&mut at, &UpOptions::default(), &mut host).unwrap();
        let trigger = "CREATE TRIGGER logged AFTER INSERT ON items BEGIN \
                       DELETE FROM notes; END";
        connection.execute(trigger).unwrap();
        for keep_data in [false, true] {
            let options = DownOptions { keep_data, ..DownOptions::default() };
            let mut at = target(&mut *connection, &SQLITE, &shelf);
            let stop = down(&mut at, &options, &mut host).unwrap_err().to_string();
            assert!(stop.contains("trigger `logged` speaks of `notes`"), "{stop}");
        }
        connection.query("SELECT * FROM notes").unwrap();
        // Together with the table that sets it off it goes.
        let all = DownOptions { target: DownTarget::All, ..DownOptions::default() };
        connection.execute("DROP TRIGGER logged").unwrap();
        let mut at = target(&mut *connection, &SQLITE, &shelf);
        down(&mut at, &all, &mut host).unwrap();
    }
}
