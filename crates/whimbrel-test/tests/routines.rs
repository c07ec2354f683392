//! Triggers, functions and procedures on every engine: what somebody else makes of one is told, and one
//! that was there before is in the schema's words.

use whimbrel::{
    connection::Connection,
    execute::{Difference, UpOptions, UpTarget, up, verify},
    schema::{PerDatabase, RoutineName},
    source::live::{self, Scope},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{self, Listener, Shelf},
};

fn migrations() -> Shelf {
    let orders = table("orders").column("id", integer().primary_key()).column("total", integer());
    let log = table("order_log").column("order_id", integer()).column("total", integer());
    Shelf::new([
        ("0001_orders", Migration::first().create_table(orders).create_table(log)),
        (
            "0002_log",
            Migration::after("0001_orders")
                .create_function(
                    "log_order",
                    on(
                        Postgres,
                        "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                         INSERT INTO order_log VALUES (NEW.id, NEW.total); RETURN NEW; END $$",
                    )
                    .on(Mysql, "(n INT) RETURNS INT DETERMINISTIC NO SQL RETURN n * 2")
                    .otherwise(""),
                )
                .create_trigger("orders", "orders_log", "AFTER INSERT", trigger("NEW.total")),
        ),
        ("0003_note", Migration::after("0002_log").add_column("orders", "note", text())),
    ])
}

/// A trigger that writes down this value, where PostgreSQL's calls a function.
fn trigger(value: &str) -> PerDatabase {
    on(Postgres, "FOR EACH ROW EXECUTE FUNCTION log_order()")
        .on(Sqlite, format!("BEGIN INSERT INTO order_log VALUES (NEW.id, {value}); END"))
        .otherwise(format!(
            "FOR EACH ROW BEGIN INSERT INTO order_log VALUES (NEW.id, {value}); SET @seen = 1; END"
        ))
}

fn go(connection: &mut dyn Connection, shelf: &Shelf, count: usize) {
    let dialect = dialect_of(connection);
    let mut target = shelf::target(connection, dialect, shelf);
    let options = UpOptions { target: UpTarget::Count(count), ..UpOptions::default() };
    let done = up(&mut target, &options, &mut Listener::default());
    assert_eq!(done.unwrap_or_else(|stop| panic!("{stop:#?}")).migrations.len(), count);
}

/// The differences, a line each.
fn told(connection: &mut dyn Connection, shelf: &Shelf) -> Vec<String> {
    let dialect = dialect_of(connection);
    let mut target = shelf::target(connection, dialect, shelf);
    let verified = verify(&mut target).unwrap_or_else(|stop| panic!("{stop:#?}"));
    verified.differences.iter().flat_map(Difference::words).collect()
}

fn run(connection: &mut dyn Connection, sql: &str) {
    connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

#[test]
fn what_somebody_else_makes_of_a_trigger_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (connection, shelf, name) = (&mut *connection, migrations(), &engine.name);
        go(connection, &shelf, 2);
        assert_eq!(told(connection, &shelf), [""; 0], "{name}");
        run(connection, "INSERT INTO orders (id, total) VALUES (1, 10)");
        let rows = connection.query("SELECT total FROM order_log").expect("it is a table");
        assert_eq!(rows, [vec![Some("10".to_owned())]], "{name}: it is set off");

        let dialect = dialect_of(connection);
        let by_table = dialect.routines.triggers_by_table;
        let drop = format!("DROP TRIGGER orders_log{}", if by_table { " ON orders" } else { "" });
        run(connection, &drop);
        let missing = told(connection, &shelf);
        assert!(
            missing[0].starts_with("trigger `orders_log` of `orders` is missing"),
            "{missing:?}"
        );
        let text = trigger("NEW.total + 1");
        let text = dialect.text(&text).expect("there is one for all");
        run(connection, &format!("CREATE TRIGGER orders_log BEFORE INSERT ON orders {text}"));
        let changed = told(connection, &shelf);
        let begins =
            changed.first().is_some_and(|it| it.starts_with("trigger `orders_log` of `orders`: "));
        assert!(changed.len() == 1 && begins, "{name}: {changed:?}");
        // Another run doesn't take it for its own work.
        go(connection, &shelf, 1);
        assert_eq!(told(connection, &shelf).len(), 1, "{name}");
        run(connection, &drop);
        let text = trigger("NEW.total");
        let text = dialect.text(&text).expect("there is one for all");
        run(connection, &format!("CREATE TRIGGER orders_log AFTER INSERT ON orders {text}"));
        assert_eq!(told(connection, &shelf), [""; 0], "{name}: it is as it was");
    }
}

#[test]
fn what_somebody_else_makes_of_a_function_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (connection, shelf, name) = (&mut *connection, migrations(), &engine.name);
        let dialect = dialect_of(connection);
        if dialect.routines.no_functions.is_some() {
            continue;
        }
        go(connection, &shelf, 2);
        if dialect.routines.by_arguments {
            run(
                connection,
                "CREATE OR REPLACE FUNCTION log_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            );
        } else {
            run(connection, "DROP FUNCTION log_order");
            run(
                connection,
                "CREATE FUNCTION log_order(n INT) RETURNS INT DETERMINISTIC NO SQL RETURN n",
            );
        }
        let changed = told(connection, &shelf);
        let begins = changed.first().is_some_and(|it| it.starts_with("function `log_order`: "));
        assert!(changed.len() == 1 && begins, "{name}: {changed:?}");
    }
}

#[test]
fn what_is_there_is_in_the_words_of_the_schema() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        go(connection, &migrations(), 2);
        let dialect = dialect_of(connection);
        let own = match connection.query("SELECT current_schema()") {
            Ok(rows) => rows[0][0].clone().unwrap_or_default(),
            Err(_) => connection
                .query("SELECT database()")
                .map(|rows| rows[0][0].clone().unwrap_or_default())
                .unwrap_or_default(),
        };
        let found = live::read(connection, dialect, Scope::of(&own)).expect("it can be read");
        let name = RoutineName::Trigger("orders".into(), "orders_log".to_owned());
        let routine = found
            .schema
            .routines
            .get(&name)
            .unwrap_or_else(|| panic!("{}: {found:#?}", engine.name));
        let when = routine.when.as_ref().and_then(|it| it.otherwise.clone());
        assert_eq!(when.as_deref(), Some("AFTER INSERT"), "{}", engine.name);
        assert!(found.opaque.iter().all(|it| it.kind != "trigger" && it.kind != "function"));
    }
}
