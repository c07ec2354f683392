//! Columns that the database numbers: which number the next row gets, on every engine, when the
//! numbering begins, goes on from a serial, begins elsewhere, ends, and is taken back.

use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Desk, Shelf},
};

fn numbered() -> Shelf {
    let named = |name: &str, key: Column| table(name).column("id", key).column("word", text());
    Shelf::new([
        ("0001_tables", {
            Migration::first()
                .create_table(named("plain", integer().primary_key()))
                .create_table(named("counted", serial().primary_key()))
                .create_table(named(
                    "late",
                    bigint().primary_key().identity_as(by_default().start(70)),
                ))
        }),
        ("0002_begins", {
            Migration::after("0001_tables")
                .alter_column("plain", "id", set().identity())
                .alter_column("counted", "id", set().data_type(integer()).identity())
        }),
        ("0003_start", {
            Migration::after("0002_begins")
                .alter_column("plain", "id", set().identity_as(by_default().start(500)))
                .alter_column("counted", "id", set().data_type(bigint()))
                .alter_column("late", "id", set().identity_as(by_default().start(60)))
        }),
        ("0004_ends", {
            Migration::after("0003_start").alter_column("late", "id", set().no_identity())
        }),
    ])
}

/// The number that the next row gets.
fn next(desk: &mut Desk<'_>, table: &str) -> u64 {
    desk.run(&format!("INSERT INTO {table} (word) VALUES ('new')"));
    let rows = desk.connection.query(&format!("SELECT id FROM {table} WHERE word = 'new'"));
    let number = rows.unwrap()[0][0].as_deref().and_then(|it| it.parse().ok());
    desk.run(&format!("UPDATE {table} SET word = 'old' WHERE word = 'new'"));
    number.expect("it is a number")
}

#[test]
fn the_next_row_gets_the_next_number() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut desk = Desk::new(&mut *connection, numbered());
        let name = &engine.name;
        desk.up();
        assert_eq!(next(&mut desk, "late"), 70, "{name}: the start of a new table");
        desk.run("INSERT INTO plain (id, word) VALUES (5, 'a'), (40, 'b')");
        desk.run("INSERT INTO counted (word) VALUES ('a'), ('b'), ('c')");
        desk.run("DELETE FROM counted WHERE id = 3");
        desk.up();
        assert_eq!(next(&mut desk, "plain"), 41, "{name}: behind the rows that are there");
        assert_eq!(next(&mut desk, "counted"), 4, "{name}: on from where it was");
        desk.up();
        assert_eq!(next(&mut desk, "plain"), 500, "{name}: a start that is raised");
        assert_eq!(next(&mut desk, "counted"), 5, "{name}: of a greater type");
        assert_eq!(next(&mut desk, "late"), 71, "{name}: numbers never go back");
        desk.up();
        desk.run("INSERT INTO late (id, word) VALUES (200, 'c')");
        desk.down(1);
        assert_eq!(next(&mut desk, "late"), 201, "{name}: begun again");
        desk.down(2);
        assert_eq!(next(&mut desk, "counted"), 6, "{name}: a serial again");
        let rows = desk.connection.query("SELECT count(*) FROM plain").unwrap();
        assert_eq!(rows[0][0].as_deref(), Some("4"), "{name}: rows stay");
    }
}

#[test]
fn rows_of_a_migration_may_say_numbers_that_nobody_else_can() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let shelf = Shelf::new([
            (
                "0001_states",
                Migration::first().create_table(
                    table("states")
                        .column("id", integer().primary_key().identity_as(always()))
                        .column("word", text()),
                ),
            ),
            (
                "0002_rows",
                Migration::after("0001_states")
                    .upsert(rows("states").key("id").columns(["id", "word"]).row((7, "new"))),
            ),
        ]);
        let mut desk = Desk::new(&mut *connection, shelf);
        desk.up();
        let said = desk.connection.execute("INSERT INTO states (id, word) VALUES (7, 'x')");
        assert!(said.is_err(), "{}: it numbers every row", engine.name);
        desk.up();
        let found = desk.connection.query("SELECT id, word FROM states").unwrap();
        assert_eq!(found, [[Some("7".to_owned()), Some("new".to_owned())]], "{}", engine.name);
    }
}
