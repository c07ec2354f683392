//! Views on every engine: what somebody else makes of one is told, one that was there before is taken
//! over, and one that can't be read is found out at once.

use whimbrel::{
    connection::Connection,
    diagnostic::SourceFile,
    diff::{Answers, diff},
    execute::{BaselineOptions, Report, Stop, UpOptions, UpTarget},
    history::survey,
    schema::Schema,
    source::{
        live::{self, Scope},
        yaml,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Desk, Shelf},
};

const OPEN: &str = "SELECT id, total FROM orders WHERE status = 'open'";

fn orders() -> Migration {
    Migration::first().create_table(
        table("orders")
            .column("id", integer().primary_key())
            .column("status", varchar(20).not_null())
            .column("total", integer().not_null()),
    )
}

fn migrations() -> Shelf {
    Shelf::new([
        ("0001_orders", orders().create_view("open_orders", OPEN)),
        ("0002_note", Migration::after("0001_orders").add_column("orders", "note", text())),
    ])
}

fn next(desk: &mut Desk<'_>) -> Result<Report, Stop> {
    desk.try_up(&UpOptions { target: UpTarget::Count(1), ..UpOptions::default() })
}

#[test]
fn what_somebody_else_makes_of_a_view_is_told() {
    engines::on_each(engines::all(), |_, connection, name| {
        let mut desk = Desk::new(connection, migrations());
        desk.up();
        assert_eq!(desk.differences(), [""; 0], "{name}");
        desk.run("DROP VIEW open_orders");
        assert_eq!(desk.differences().len(), 1, "{name}");
        assert!(desk.differences()[0].starts_with("view `open_orders` is missing"), "{name}");
        desk.run("CREATE VIEW open_orders AS SELECT id, total FROM orders");
        assert_eq!(desk.differences().len(), 1, "{name}");
        assert!(desk.differences()[0].starts_with("view `open_orders`: "), "{name}");
        // Another run doesn't take it for its own work.
        desk.up();
        assert_eq!(desk.differences().len(), 1, "{name}");
        desk.run("DROP VIEW open_orders");
        desk.run(&format!("CREATE VIEW open_orders AS {OPEN}"));
        assert_eq!(desk.differences(), [""; 0], "{name}: it is as it was");
        desk.run("CREATE VIEW others AS SELECT id FROM orders");
        let told = desk.differences();
        assert!(
            told.len() == 1 && told[0].starts_with("view `others` is there"),
            "{name}: {told:?}"
        );
        desk.accept();
        assert_eq!(desk.differences(), [""; 0], "{name}");
    });
}

#[test]
fn a_view_that_was_there_is_taken_over() {
    engines::on_each(engines::all(), |_, connection, name| {
        let mut desk = Desk::new(connection, migrations());
        desk.up();
        desk.up();
        for table in ["whimbrel_steps", "whimbrel_migrations", "whimbrel_runs", "whimbrel_state"] {
            desk.run(&format!("DROP TABLE {table}"));
        }
        desk.run("CREATE VIEW theirs AS SELECT status FROM orders");
        desk.run("DROP VIEW open_orders");
        let stop = desk.baseline(&BaselineOptions::default()).expect_err("it isn't there");
        let Stop::NotThere { differences, .. } = stop else { panic!("{name}: {stop:#?}") };
        assert_eq!(differences.len(), 1, "{name}: {differences:?}");
        assert!(differences[0].starts_with("view `open_orders` is missing"), "{name}");
        // Laid out in another way it is the same.
        desk.run(
            "CREATE VIEW open_orders AS select id,\n total from \
             orders where status = 'open'",
        );
        let done = desk
            .baseline(&BaselineOptions::default())
            .unwrap_or_else(|stop| panic!("{name}: {stop:#?}"));
        assert_eq!(done.differences, [""; 0], "{name}");
        let beside: Vec<String> = done.beside.iter().map(ToString::to_string).collect();
        assert_eq!(beside, ["view `theirs`"], "{name}");
        let as_written = dialect_of(desk.connection).views.as_written;
        assert_eq!(done.uncompared.is_empty(), as_written, "{name}");
        assert_eq!(desk.differences(), [""; 0], "{name}");
        desk.run("DROP VIEW open_orders");
        desk.run("CREATE VIEW open_orders AS SELECT total FROM orders");
        assert_eq!(desk.differences().len(), 1, "{name}: its text was seen");
    });
}

#[test]
fn a_view_that_is_there_or_cant_be_read_stops_up() {
    engines::on_each(engines::all(), |_, connection, name| {
        let view = |query: &str| {
            Shelf::new([
                ("0001_orders", orders()),
                ("0002_view", Migration::after("0001_orders").create_view("open_orders", query)),
            ])
        };
        let shelf = view("SELECT total FROM ordes");
        let mut desk = Desk::new(connection, shelf);
        desk.up();
        let stop = next(&mut desk).expect_err("there is no such table");
        let Stop::Step { error, .. } = &stop else { panic!("{name}: {stop:#?}") };
        assert!(error.message.contains("ordes"), "{name}: {error}");
        desk.shelf = view(OPEN);
        let there = "CREATE VIEW open_orders AS SELECT total FROM orders";
        desk.run(there);
        let stop = next(&mut desk).expect_err("it is there already");
        let Stop::Step { error, .. } = &stop else { panic!("{name}: {stop:#?}") };
        assert!(error.message.contains("already exists"), "{name}: {error}");
        desk.run("DROP VIEW open_orders");
        desk.up();
        assert_eq!(desk.differences(), [""; 0], "{name}");
    });
}

#[test]
fn what_is_inspected_makes_the_same_database() {
    for engine in engines::all() {
        let (one, other) = (engine.fresh_database(), engine.fresh_database());
        let (mut connection, mut again) = (one.connect(), other.connect());
        let name = &engine.name;
        let mut desk = Desk::new(&mut *connection, migrations());
        desk.up();
        desk.run("CREATE VIEW a_total AS SELECT sum(total) AS total FROM open_orders");
        let read = |connection: &mut dyn Connection| {
            let dialect = dialect_of(connection);
            let survey = survey(connection, dialect).expect("a look around");
            let found = live::read(connection, dialect, Scope::of(&survey.namespace));
            found.unwrap_or_else(|error| panic!("{error}"))
        };
        let found = read(desk.connection);
        let text = yaml::print_found(&found, "here");
        assert!(found.opaque.is_empty() && text.contains("views:"), "{name}: {text}");
        let file = SourceFile::new("schema.yaml", text.clone());
        let (declared, diagnostics) = yaml::read(&vec![file].into());
        assert_eq!(diagnostics, [], "{name}: {text}");
        let operations = diff(&Schema::default(), &declared.schema, &Answers::default());
        let operations = operations.unwrap_or_else(|open| panic!("{name}: {open}"));
        let migration = Migration { operations, ..Migration::first() };
        let mut desk = Desk::new(&mut *again, Shelf::new([("0001_all", migration)]));
        desk.up();
        assert_eq!(desk.differences(), [""; 0], "{name}: {text}");
        assert_eq!(read(desk.connection).schema.views, found.schema.views, "{name}");
    }
}

#[test]
fn views_that_rest_on_one_go_with_it() {
    engines::on_each(engines::all(), |_, connection, name| {
        let shelf = Shelf::new([
            (
                "0001_orders",
                orders()
                    .create_view("open_orders", OPEN)
                    .create_view("amount", "SELECT sum(total) AS amount FROM open_orders")
                    .create_view("twice", "SELECT amount * 2 AS twice FROM amount"),
            ),
            (
                "0002_less",
                Migration::after("0001_orders")
                    .alter_view("open_orders", "SELECT total FROM orders WHERE status = 'open'"),
            ),
        ]);
        let mut desk = Desk::new(connection, shelf);
        desk.up();
        desk.run("INSERT INTO orders (id, status, total) VALUES (1, 'open', 21)");
        desk.up();
        let rows = desk.connection.query("SELECT twice FROM twice").expect("it is there");
        assert_eq!(rows, [[Some("42".to_owned())]], "{name}");
        assert_eq!(desk.differences(), [""; 0], "{name}");
    });
}
