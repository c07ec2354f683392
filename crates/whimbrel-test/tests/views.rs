//! Views on every engine: what somebody else makes of one is told, one that was there before is taken
//! over, and one that can't be read is found out at once.

use whimbrel::{
    connection::Connection,
    execute::{
        BaselineOptions, Baselined, Difference, Stop, UpOptions, Verified, accept, baseline, up,
        verify,
    },
    source::{
        live::{self, Scope},
        yaml,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{self, Listener, Shelf},
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

/// A database and what is done with it.
struct Place<'a> {
    connection: &'a mut dyn Connection,
    shelf: Shelf,
}

impl Place<'_> {
    fn run(&mut self, sql: &str) {
        self.connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn try_up(&mut self, count: usize) -> Result<usize, Stop> {
        let dialect = dialect_of(self.connection);
        let mut target = shelf::target(self.connection, dialect, &self.shelf);
        let wanted = whimbrel::execute::UpTarget::Count(count);
        let options = UpOptions { target: wanted, ..UpOptions::default() };
        up(&mut target, &options, &mut Listener::default()).map(|it| it.migrations.len())
    }

    fn up(&mut self) {
        assert_eq!(self.try_up(1).unwrap_or_else(|stop| panic!("{stop:#?}")), 1);
    }

    fn verify(&mut self) -> Verified {
        let dialect = dialect_of(self.connection);
        let mut target = shelf::target(self.connection, dialect, &self.shelf);
        verify(&mut target).unwrap_or_else(|stop| panic!("{stop:#?}"))
    }

    /// The differences, a line each.
    fn told(&mut self) -> Vec<String> {
        self.verify().differences.iter().flat_map(Difference::words).collect()
    }

    fn accept(&mut self) {
        let dialect = dialect_of(self.connection);
        let mut target = shelf::target(self.connection, dialect, &self.shelf);
        accept(&mut target, &mut Listener::default()).unwrap_or_else(|stop| panic!("{stop:#?}"));
    }

    fn baseline(&mut self) -> Result<Baselined, Stop> {
        let dialect = dialect_of(self.connection);
        let mut target = shelf::target(self.connection, dialect, &self.shelf);
        baseline(&mut target, &BaselineOptions::default(), &mut Listener::default())
    }
}

#[test]
fn what_somebody_else_makes_of_a_view_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut place = Place { connection: &mut *connection, shelf: migrations() };
        let name = &engine.name;
        place.up();
        assert_eq!(place.told(), [""; 0], "{name}");
        place.run("DROP VIEW open_orders");
        assert_eq!(place.told().len(), 1, "{name}");
        assert!(place.told()[0].starts_with("view `open_orders` is missing"), "{name}");
        place.run("CREATE VIEW open_orders AS SELECT id, total FROM orders");
        assert_eq!(place.told().len(), 1, "{name}");
        assert!(place.told()[0].starts_with("view `open_orders`: "), "{name}");
        // Another run doesn't take it for its own work.
        place.up();
        assert_eq!(place.told().len(), 1, "{name}");
        place.run("DROP VIEW open_orders");
        place.run(&format!("CREATE VIEW open_orders AS {OPEN}"));
        assert_eq!(place.told(), [""; 0], "{name}: it is as it was");
        place.run("CREATE VIEW others AS SELECT id FROM orders");
        let told = place.told();
        assert!(
            told.len() == 1 && told[0].starts_with("view `others` is there"),
            "{name}: {told:?}"
        );
        place.accept();
        assert_eq!(place.told(), [""; 0], "{name}");
    }
}

#[test]
fn a_view_that_was_there_is_taken_over() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut place = Place { connection: &mut *connection, shelf: migrations() };
        let name = &engine.name;
        place.up();
        place.up();
        for table in ["whimbrel_steps", "whimbrel_migrations", "whimbrel_runs", "whimbrel_state"] {
            place.run(&format!("DROP TABLE {table}"));
        }
        place.run("CREATE VIEW theirs AS SELECT status FROM orders");
        place.run("DROP VIEW open_orders");
        let stop = place.baseline().expect_err("it isn't there");
        let Stop::NotThere { differences, .. } = stop else { panic!("{name}: {stop:#?}") };
        assert_eq!(differences.len(), 1, "{name}: {differences:?}");
        assert!(differences[0].starts_with("view `open_orders` is missing"), "{name}");
        // Laid out in another way it is the same.
        place.run(
            "CREATE VIEW open_orders AS select id,\n total from \
             orders where status = 'open'",
        );
        let done = place.baseline().unwrap_or_else(|stop| panic!("{name}: {stop:#?}"));
        assert_eq!(done.differences, [""; 0], "{name}");
        let beside: Vec<String> = done.beside.iter().map(ToString::to_string).collect();
        assert_eq!(beside, ["view `theirs`"], "{name}");
        let as_written = dialect_of(place.connection).views.as_written;
        assert_eq!(done.uncompared.is_empty(), as_written, "{name}");
        assert_eq!(place.told(), [""; 0], "{name}");
        place.run("DROP VIEW open_orders");
        place.run("CREATE VIEW open_orders AS SELECT total FROM orders");
        assert_eq!(place.told().len(), 1, "{name}: its text was seen");
    }
}

#[test]
fn a_view_that_is_there_or_cant_be_read_stops_up() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let view = |query: &str| {
            Shelf::new([
                ("0001_orders", orders()),
                ("0002_view", Migration::after("0001_orders").create_view("open_orders", query)),
            ])
        };
        let shelf = view("SELECT total FROM ordes");
        let mut place = Place { connection: &mut *connection, shelf };
        let name = &engine.name;
        place.up();
        let stop = place.try_up(1).expect_err("there is no such table");
        let Stop::Step { error, .. } = &stop else { panic!("{name}: {stop:#?}") };
        assert!(error.message.contains("ordes"), "{name}: {error}");
        place.shelf = view(OPEN);
        let there = "CREATE VIEW open_orders AS SELECT total FROM orders";
        place.run(there);
        let stop = place.try_up(1).expect_err("it is there already");
        let Stop::Step { error, .. } = &stop else { panic!("{name}: {stop:#?}") };
        assert!(error.message.contains("already exists"), "{name}: {error}");
        place.run("DROP VIEW open_orders");
        place.up();
        assert_eq!(place.told(), [""; 0], "{name}");
    }
}

#[test]
fn what_is_inspected_makes_the_same_database() {
    for engine in engines::all() {
        let (one, other) = (engine.fresh_database(), engine.fresh_database());
        let (mut connection, mut again) = (one.connect(), other.connect());
        let name = &engine.name;
        let mut place = Place { connection: &mut *connection, shelf: migrations() };
        place.up();
        place.run("CREATE VIEW a_total AS SELECT sum(total) AS total FROM open_orders");
        let read = |connection: &mut dyn Connection| {
            let dialect = dialect_of(connection);
            let survey = whimbrel::history::survey(connection, dialect).expect("a look around");
            let found = live::read(connection, dialect, Scope::of(&survey.namespace));
            found.unwrap_or_else(|error| panic!("{error}"))
        };
        let found = read(place.connection);
        let text = yaml::print_found(&found, "here");
        assert!(found.opaque.is_empty() && text.contains("views:"), "{name}: {text}");
        let file = whimbrel::diagnostic::SourceFile::new("schema.yaml", text.clone());
        let (declared, diagnostics) = yaml::read(&vec![file].into());
        assert_eq!(diagnostics, [], "{name}: {text}");
        let none = whimbrel::schema::Schema::default();
        let operations =
            whimbrel::diff::diff(&none, &declared.schema, &whimbrel::diff::Answers::default());
        let operations = operations.unwrap_or_else(|open| panic!("{name}: {open}"));
        let migration = Migration { operations, ..Migration::first() };
        let mut place =
            Place { connection: &mut *again, shelf: Shelf::new([("0001_all", migration)]) };
        place.up();
        assert_eq!(place.told(), [""; 0], "{name}: {text}");
        assert_eq!(read(place.connection).schema.views, found.schema.views, "{name}");
    }
}

#[test]
fn views_that_rest_on_one_go_with_it() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
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
        let mut place = Place { connection: &mut *connection, shelf };
        place.up();
        place.run("INSERT INTO orders (id, status, total) VALUES (1, 'open', 21)");
        place.up();
        let rows = place.connection.query("SELECT twice FROM twice").expect("it is there");
        assert_eq!(rows, [[Some("42".to_owned())]], "{}", engine.name);
        assert_eq!(place.told(), [""; 0], "{}", engine.name);
    }
}
