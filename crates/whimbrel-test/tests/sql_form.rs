//! What `generate --sql` writes is what `generate` writes: the same state, and on every engine the same
//! database, there and back, as far as it can be said in SQL before a database is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};

use whimbrel::{
    connection::Connection,
    dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE},
    execute::{Difference, DownOptions, DownTarget, verify},
    history::survey,
    migration::format::sql::{self, Printed, Unwritable},
    operation::as_change,
    schema::Schema,
    source::live::{self, Scope},
};
use whimbrel_migration::Migration;
use whimbrel_test::{
    engines::{self, Engine, Throwaway, dialect_of},
    scenario::{self, Scenario},
    shelf::{self, Shelf},
};

const DIALECTS: [&Dialect; 4] = [&POSTGRES, &MYSQL, &MARIADB, &SQLITE];

fn change(scenario: &Scenario) -> Migration {
    Migration { operations: scenario.operations.clone(), ..Migration::after("0001_before") }
}

fn printed(scenario: &Scenario, dialects: &[&'static Dialect]) -> Result<Printed, Unwritable> {
    sql::print(&change(scenario), &scenario.before, dialects, "A change.")
}

fn after(migration: &Migration, before: &Schema) -> Schema {
    let mut schema = before.clone();
    for operation in &migration.operations {
        as_change(operation).apply(&mut schema).expect("it fits");
    }
    schema
}

#[test]
fn the_same_change_is_the_same_text_and_leads_to_the_same_schema() {
    for (position, scenario) in scenario::all().into_iter().enumerate() {
        for dialect in DIALECTS {
            if scenario.unsupported(dialect).is_some() {
                continue;
            }
            let words = format!("{} on {}", scenario.name, dialect.name);
            match printed(&scenario, &[dialect]) {
                Ok(first) => {
                    let leads = after(&first.migration, &scenario.before);
                    assert_eq!(leads, after(&change(&scenario), &scenario.before), "{words}");
                    // Each time costs a parse of its own.
                    let times = if position.is_multiple_of(16) { 10 } else { 2 };
                    for _ in 1..times {
                        assert_eq!(printed(&scenario, &[dialect]).as_ref(), Ok(&first), "{words}");
                    }
                }
                Err(why) => {
                    let known = [
                        "builds the table anew",
                        "foreign keys are looked at",
                        "has made for foreign keys",
                        "in batches",
                        "no change of the schema alone",
                        "for passing over",
                    ];
                    let is_known = known.iter().any(|it| why.because.contains(it));
                    assert!(is_known, "{words}: {why:?}");
                    let is_of_sqlite = known[..2].iter().any(|it| why.because.contains(it));
                    assert!(!is_of_sqlite || dialect.name == "sqlite", "{words}: {why:?}");
                }
            }
        }
    }
}

#[test]
fn one_file_serves_several_databases() {
    let scenario = Scenario::of(
        "a column",
        "tables: [{name: users, fields: [{name: id, type: serial, primary_key: true}]}]",
        "tables: [{name: users, fields: [{name: id, type: serial, primary_key: true}, \
         {name: born, type: timestamp}]}]",
    );
    let printed = printed(&scenario, &[&POSTGRES, &SQLITE]).expect("it can be said");
    assert_eq!(
        printed.text,
        "-- whimbrel: after 0001_before\n\
         -- A change.\n\
         -- whimbrel: state\n\
         --   .add_column(\"users\", \"born\", timestamp())\n\
         -- whimbrel: up postgres\n\
         ALTER TABLE \"users\" ADD COLUMN \"born\" TIMESTAMP;\n\n\
         -- whimbrel: up sqlite\n\
         ALTER TABLE \"users\" ADD COLUMN \"born\" DATETIME;\n"
    );
    let note = "there is no `down` section (SQLite builds the table anew for it, from what the table is \
                in the database when it runs); `down` takes back what the `state` section says";
    assert_eq!(printed.notes, [note]);
}

/// A database after a change, told apart by nothing but how the change is written.
struct Side {
    connection: Box<dyn Connection>,
    dialect: &'static Dialect,
    shelf: Shelf,
}

impl Side {
    fn of(database: &Throwaway, scenario: &Scenario, change: &Migration) -> Self {
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let before = Migration { operations: scenario.preparation(), ..Migration::first() };
        let first = [("0001_before", before.clone())];
        let both = [("0001_before", before), ("0002_change", change.clone())];
        let mut side = Self { connection, dialect, shelf: Shelf::new(first) };
        side.up();
        for row in &scenario.rows {
            side.connection.execute(row).unwrap_or_else(|error| panic!("{row}: {error}"));
        }
        side.shelf = Shelf::new(both);
        side
    }

    fn up(&mut self) {
        let run = shelf::run_up(&mut *self.connection, &self.shelf);
        run.unwrap_or_else(|stop| panic!("{stop:#?}"));
    }

    fn down(&mut self) {
        let target = DownTarget::Count(1);
        let options = DownOptions { target, allow_data_loss: true, ..DownOptions::default() };
        let run = shelf::run_down(&mut *self.connection, &self.shelf, &options);
        run.unwrap_or_else(|stop| panic!("{stop:#?}"));
    }

    /// What is there.
    fn live(&mut self) -> Schema {
        let namespace = survey(&mut *self.connection, self.dialect).expect("a look").namespace;
        let found = live::read(&mut *self.connection, self.dialect, Scope::of(&namespace));
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.opaque, []);
        found.schema
    }

    fn verifies(&mut self) {
        let mut target = shelf::target(&mut *self.connection, self.dialect, &self.shelf);
        let verified = verify(&mut target).unwrap_or_else(|stop| panic!("{stop:#?}"));
        let told: Vec<String> = verified.differences.iter().flat_map(Difference::words).collect();
        assert_eq!(told, [""; 0]);
    }
}

/// The law. Returns whether the change can be said in SQL.
fn comes_to_the_same(scenario: &Scenario, engine: &Engine) -> bool {
    let databases = [engine.fresh_database(), engine.fresh_database()];
    let dialect = dialect_of(&*databases[0].connect());
    // Where namespaces are databases of the server, the two sides would have the same ones.
    if scenario.unsupported(dialect).is_some() || scenario.placed(&databases[0]).is_some() {
        return false;
    }
    let Ok(printed) = printed(scenario, &[dialect]) else { return false };
    let mut operations = Side::of(&databases[0], scenario, &change(scenario));
    let mut sql = Side::of(&databases[1], scenario, &printed.migration);
    let before = sql.live();
    operations.up();
    sql.up();
    assert_eq!(sql.live(), operations.live(), "{}", printed.text);
    sql.verifies();
    operations.down();
    sql.down();
    let back = sql.live();
    assert_eq!(back, operations.live(), "{}", printed.text);
    assert_eq!(back.tables().len(), before.tables().len(), "{}", printed.text);
    sql.verifies();
    sql.up();
    operations.up();
    assert_eq!(sql.live(), operations.live(), "{}", printed.text);
    true
}

/// Every scenario on the first of these engines where all are asked for, a share of them otherwise.
fn on_each(engines: Vec<Engine>, share: usize) {
    let is_long = std::env::var_os("WHIMBREL_TEST_LONG").is_some();
    let share = if is_long { 1 } else { share };
    for engine in engines {
        let (mut ran, mut failures) = (0, Vec::new());
        for scenario in scenario::all().into_iter().step_by(share) {
            match catch_unwind(AssertUnwindSafe(|| comes_to_the_same(&scenario, &engine))) {
                Ok(can_be_said) => ran += usize::from(can_be_said),
                Err(_) => failures.push(scenario.name.clone()),
            }
        }
        assert!(failures.is_empty(), "{}: {failures:#?}", engine.name);
        let asked = std::env::var_os("WHIMBREL_TEST_SCENARIOS").is_some();
        assert!(ran > 0 || asked, "{}: none can be said", engine.name);
    }
}

#[test]
fn sql_comes_to_the_same_on_sqlite() {
    on_each(engines::sqlite(), 3);
}

#[test]
fn sql_comes_to_the_same_on_postgres() {
    on_each(engines::postgres(), 12);
}

#[test]
fn sql_comes_to_the_same_on_the_mysql_family() {
    on_each(engines::mysql_family(), 20);
}
