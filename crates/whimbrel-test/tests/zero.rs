//! Rows whose number is 0, where that is a number like any other and where a numbered column takes it
//! for a wish for the next one: they keep it, whatever becomes of their column and their table, on
//! every engine and wherever the client dies.

use whimbrel::{
    connection::Connection,
    dialect::Dialect,
    execute::{DownOptions, DownTarget, Stop, UpOptions, UpTarget, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway, dialect_of},
    shelf::{Listener, Shelf, run_up, target},
    simulator::{Death, Side, Simulated},
};

/// People, of whom 0 is nobody, and what points at them. The key is numbered from the second
/// migration on; everything behind it changes the table otherwise.
fn people() -> Shelf {
    let key = || to("people").name("friends_person");
    Shelf::new([
        (
            "0001_tables",
            Migration::first()
                .create_table(
                    table("people")
                        .column("id", integer().primary_key())
                        .column("name", varchar(20))
                        .column("age", integer()),
                )
                .create_table(
                    table("friends")
                        .column("id", integer().primary_key())
                        .column("person", integer())
                        .foreign_key("person", key()),
                ),
        ),
        (
            "0002_begins",
            Migration::after("0001_tables")
                .drop_foreign_key("friends", "friends_person")
                .alter_column("people", "id", set().identity())
                .add_foreign_key("friends", "person", key()),
        ),
        (
            "0003_others",
            Migration::after("0002_begins")
                .alter_column("people", "age", set().data_type(bigint()))
                .alter_column("people", "name", set().data_type(text()).not_null())
                .add_column("people", "double", bigint().stored_as("age * 2"))
                .add_check("people", "people_age", "age < 1000")
                .add_check("people", "people_name", "name <> ''"),
        ),
        (
            "0004_itself",
            Migration::after("0003_others")
                .drop_foreign_key("friends", "friends_person")
                .alter_column("people", "id", set().data_type(bigint()))
                .alter_column("friends", "person", set().data_type(bigint()))
                .add_foreign_key("friends", "person", key()),
        ),
    ])
}

const ROWS: [&str; 2] = [
    "INSERT INTO people (id, name, age) VALUES (0, 'nobody', 1), (7, 'somebody', 2)",
    "INSERT INTO friends (id, person) VALUES (1, 0), (2, 7), (3, 0)",
];

fn rows(connection: &mut dyn Connection, query: &str) -> Vec<Vec<String>> {
    let rows = connection.query(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let text = |it: Option<String>| it.unwrap_or_default();
    rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect()
}

/// The people with the number that each had and how many friends it has.
fn met(connection: &mut dyn Connection) -> Vec<Vec<String>> {
    rows(
        connection,
        "SELECT p.id, p.name, (SELECT count(*) FROM friends WHERE person = p.id) FROM people p \
         WHERE p.age < 100 ORDER BY p.age",
    )
}

fn expected() -> Vec<Vec<String>> {
    let row = |it: [&str; 3]| it.map(str::to_owned).to_vec();
    vec![row(["0", "nobody", "2"]), row(["7", "somebody", "1"])]
}

fn go_up(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
    to: &str,
) -> Result<(), Stop> {
    let options = UpOptions { target: UpTarget::Named(to.into()), ..UpOptions::default() };
    up(&mut target(connection, dialect, shelf), &options, &mut Listener::default()).map(drop)
}

fn go_down(connection: &mut dyn Connection, dialect: &'static Dialect, shelf: &Shelf, to: &str) {
    let options = DownOptions {
        target: DownTarget::To(to.into()),
        allow_data_loss: true,
        ..DownOptions::default()
    };
    down(&mut target(connection, dialect, shelf), &options, &mut Listener::default())
        .unwrap_or_else(|stop| panic!("to {to}: {stop}"));
}

#[test]
fn a_row_numbered_0_keeps_its_number_whatever_becomes_of_its_table() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (dialect, shelf, name) = (dialect_of(&*connection), people(), &engine.name);
        go_up(&mut *connection, dialect, &shelf, "0001_tables").unwrap();
        for text in ROWS {
            connection.execute(text).unwrap();
        }
        for to in ["0002_begins", "0003_others", "0004_itself"] {
            go_up(&mut *connection, dialect, &shelf, to)
                .unwrap_or_else(|it| panic!("{name}: {it}"));
            assert_eq!(met(&mut *connection), expected(), "{name}: after {to}");
        }
        for to in ["0003_others", "0002_begins", "0001_tables"] {
            go_down(&mut *connection, dialect, &shelf, to);
            assert_eq!(met(&mut *connection), expected(), "{name}: back to {to}");
        }
        go_up(&mut *connection, dialect, &shelf, "0002_begins").unwrap();
        connection.execute("INSERT INTO people (name, age) VALUES ('new', 3)").unwrap();
        let new = rows(&mut *connection, "SELECT id FROM people WHERE age = 3");
        assert_eq!(new, [["8"]], "{name}: numbers go on behind those that are there");
    }
}

/// Numbers that end begin again when that is taken back.
#[test]
fn a_row_numbered_0_keeps_it_when_the_numbering_comes_back() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (dialect, name) = (dialect_of(&*connection), &engine.name);
        let shelf = Shelf::new([
            (
                "0001_table",
                Migration::first().create_table(
                    table("people")
                        .column("id", integer().primary_key().identity())
                        .column("name", varchar(20)),
                ),
            ),
            (
                "0002_ends",
                Migration::after("0001_table").alter_column("people", "id", set().no_identity()),
            ),
        ]);
        run_up(&mut *connection, &shelf).unwrap();
        connection.execute("INSERT INTO people (id, name) VALUES (0, 'nobody'), (4, 'a')").unwrap();
        go_down(&mut *connection, dialect, &shelf, "0001_table");
        let ids = rows(&mut *connection, "SELECT id FROM people ORDER BY id");
        assert_eq!(ids, [["0"], ["4"]], "{name}");
    }
}

/// A migration that writes a row with the number 0, as a number or as what only the database knows,
/// and SQL of the user's own behind it, to which the server's mode applies.
fn written() -> Shelf {
    let people = || {
        table("people")
            .column("id", serial().primary_key())
            .column("code", varchar(9).not_null())
            .index(index("people_code").on("code").unique())
    };
    Shelf::new([
        (
            "0001_table",
            Migration::first().create_table(people()).create_table(
                table("plain").column("id", serial().primary_key()).column("code", varchar(9)),
            ),
        ),
        (
            "0002_rows",
            Migration::after("0001_table")
                .upsert(
                    whimbrel_migration::rows("plain")
                        .key("id")
                        .columns(["id", "code"])
                        .row((0, "zero"))
                        .row((5, "five")),
                )
                .upsert(
                    whimbrel_migration::rows("people")
                        .key("code")
                        .columns(["id", "code"])
                        .row((0, "zero"))
                        .row((9, "nine")),
                ),
        ),
        (
            "0003_again",
            Migration::after("0002_rows")
                .upsert(
                    whimbrel_migration::rows("plain")
                        .key("id")
                        .columns(["id", "code"])
                        .row((0, "nil")),
                )
                .upsert(
                    whimbrel_migration::rows("people")
                        .key("id")
                        .columns(["id", "code"])
                        .row((0, "nil")),
                ),
        ),
    ])
}

#[test]
fn a_row_that_is_written_with_the_number_0_gets_it() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (dialect, shelf, name) = (dialect_of(&*connection), written(), &engine.name);
        let all = |connection: &mut dyn Connection| {
            rows(
                connection,
                "SELECT id, code FROM (SELECT 1 AS place, id, code FROM plain UNION ALL SELECT 2, id, code FROM people) AS both_of_them ORDER BY place, id",
            )
        };
        let pair = |id: &str, code: &str| vec![id.to_owned(), code.to_owned()];
        let first = [pair("0", "zero"), pair("5", "five"), pair("0", "zero"), pair("9", "nine")];
        let second = [pair("0", "nil"), pair("5", "five"), pair("0", "nil"), pair("9", "nine")];
        go_up(&mut *connection, dialect, &shelf, "0002_rows").unwrap();
        assert_eq!(all(&mut *connection), first, "{name}");
        go_up(&mut *connection, dialect, &shelf, "0003_again").unwrap();
        assert_eq!(all(&mut *connection), second, "{name}: changed, and not added again");
        go_down(&mut *connection, dialect, &shelf, "0002_rows");
        assert_eq!(all(&mut *connection), first, "{name}: as it was");
        go_down(&mut *connection, dialect, &shelf, "0001_table");
        assert_eq!(all(&mut *connection), [[""; 2]; 0], "{name}: gone");
    }
}

/// Where 0 asks for the next number it does so again behind whimbrel's own statements, in SQL of the
/// user's in the same migration too, and in whatever the application does with the connection.
#[test]
fn the_mode_of_the_session_is_what_it_was() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mode = rows(&mut *connection, "SELECT @@SESSION.sql_mode");
        let own = "INSERT INTO people (id, name) VALUES (0, 'next')";
        let shelf = Shelf::new([(
            "0001_all",
            Migration::first()
                .create_table(
                    table("people")
                        .column("id", integer().primary_key())
                        .column("name", varchar(20)),
                )
                .run_sql("INSERT INTO people VALUES (0, 'nobody'), (7, 'a')")
                .alter_column("people", "id", set().identity())
                .run_sql(own),
        )]);
        run_up(&mut *connection, &shelf).unwrap();
        let ids = rows(&mut *connection, "SELECT id FROM people ORDER BY id");
        assert_eq!(ids, [["0"], ["7"], ["8"]], "{}", engine.name);
        assert_eq!(rows(&mut *connection, "SELECT @@SESSION.sql_mode"), mode, "{}", engine.name);
    }
}

/// A connection to a database that dies on cue.
type Dying = Box<dyn Fn(&Throwaway) -> Simulated>;

#[test]
fn a_client_that_dies_anywhere_leaves_it_its_number() {
    let shelf = people();
    for engine in engines::mysql_family() {
        let ready = |database: &Throwaway| {
            let mut connection = database.connect();
            let dialect = dialect_of(&*connection);
            go_up(&mut *connection, dialect, &shelf, "0001_tables").unwrap();
            for text in ROWS {
                connection.execute(text).unwrap();
            }
            dialect
        };
        let database = engine.fresh_database();
        let dialect = ready(&database);
        let mut counted = Simulated::new(database.connect(), None);
        go_up(&mut counted, dialect, &shelf, "0002_begins").unwrap();
        let sides = [Side::Before, Side::After].into_iter().cycle();
        let deaths = (0..counted.calls()).rev().step_by(9).zip(sides);
        let mut dying: Vec<(String, Dying)> = Vec::new();
        for (call, side) in deaths {
            let die =
                move |it: &Throwaway| Simulated::new(it.connect(), Some(Death { call, side }));
            dying.push((format!("{}: killed {side:?} call {call}", engine.name), Box::new(die)));
        }
        let numbers = "ALTER TABLE `people` MODIFY";
        let new = |it: &Throwaway| Simulated::new(it.connect(), None);
        let before = move |it: &Throwaway| new(it).dying_at(numbers);
        let behind = move |it: &Throwaway| new(it).dying_behind(numbers);
        dying.push((format!("{}: before it begins", engine.name), Box::new(before)));
        dying.push((format!("{}: behind its beginning", engine.name), Box::new(behind)));
        for (words, die) in dying {
            let database = engine.fresh_database();
            ready(&database);
            let mut dying = die(&database);
            let _ = go_up(&mut dying, dialect, &shelf, "0002_begins");
            assert!(dying.is_dead(), "{words}: it went on");
            drop(dying);
            let mut connection = database.connect();
            go_up(&mut *connection, dialect, &shelf, "0002_begins")
                .unwrap_or_else(|stop| panic!("{words}: {stop}"));
            assert_eq!(met(&mut *connection), expected(), "{words}");
        }
    }
}

/// The zero that is there is no row without a value, which no database numbers.
#[test]
fn rows_without_a_value_are_refused_and_not_numbered() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (dialect, name) = (dialect_of(&*connection), &engine.name);
        let shelf = Shelf::new([
            (
                "0001_table",
                Migration::first().create_table(
                    table("people")
                        .column("id", integer())
                        .column("name", varchar(20))
                        .index(index("people_id").on("id")),
                ),
            ),
            (
                "0002_begins",
                Migration::after("0001_table").alter_column("people", "id", set().identity()),
            ),
        ]);
        go_up(&mut *connection, dialect, &shelf, "0001_table").unwrap();
        let both = "INSERT INTO people (id, name) VALUES (0, 'nobody'), (NULL, 'unknown')";
        connection.execute(both).unwrap();
        let stop = go_up(&mut *connection, dialect, &shelf, "0002_begins").unwrap_err();
        assert!(
            matches!(&stop, Stop::Step { rows: Some(rows), .. } if rows.contains("without")),
            "{name}: {stop}"
        );
        connection.execute("DELETE FROM people WHERE id IS NULL").unwrap();
        go_up(&mut *connection, dialect, &shelf, "0002_begins").unwrap();
        assert_eq!(rows(&mut *connection, "SELECT id FROM people"), [["0"]], "{name}");
    }
}
