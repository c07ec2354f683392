//! Rows in tables that no transaction covers: never written twice, never left out.

use whimbrel::{
    connection::Connection,
    dialect::Dialect,
    execute::{
        Answer, DownOptions, DownTarget, Report, ResolveOptions, Stop, UpOptions, down, plan_up,
        resolve, up,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::Simulated,
};

fn dialect(connection: &dyn Connection) -> &'static Dialect {
    Dialect::of_product(&connection.server().product).unwrap()
}

fn go_up(connection: &mut dyn Connection, shelf: &Shelf) -> Result<Report, Stop> {
    let dialect = dialect(connection);
    let mut target = target(connection, dialect, shelf);
    up(&mut target, &UpOptions::default(), &mut Listener::default())
}

fn go_down(connection: &mut dyn Connection, shelf: &Shelf) -> Result<Report, Stop> {
    let options = DownOptions {
        target: DownTarget::Count(1),
        allow_data_loss: true,
        ..DownOptions::default()
    };
    let dialect = dialect(connection);
    let mut target = target(connection, dialect, shelf);
    down(&mut target, &options, &mut Listener::default())
}

fn settle(connection: &mut dyn Connection, shelf: &Shelf, stop: &Stop, answer: Answer) {
    let Stop::Undecidable { migration, step, .. } = stop else { panic!("{stop}") };
    let options = ResolveOptions { name: migration.clone(), step: *step, answer };
    let dialect = dialect(connection);
    let mut target = target(connection, dialect, shelf);
    resolve(&mut target, &options, &mut Listener::default()).unwrap();
}

fn rows(database: &Throwaway) -> String {
    let rows = database.connect().query("SELECT n FROM plain ORDER BY n").unwrap();
    rows.into_iter().flatten().flatten().collect::<Vec<_>>().join(",")
}

/// A table of each kind, and a migration that writes to both.
fn shelf() -> Shelf {
    let tables = sql(
        "CREATE TABLE covered (n integer) ENGINE=InnoDB; CREATE TABLE plain (n integer) ENGINE=MyISAM; \
         INSERT INTO plain VALUES (1)",
    );
    let both = sql("INSERT INTO covered VALUES (1); INSERT INTO `plain` VALUES (2)")
        .undo("DELETE FROM plain WHERE n = 2; DELETE FROM covered");
    Shelf::new([
        ("0001_tables", Migration::first().run_sql(tables)),
        ("0002_both", Migration::after("0001_tables").run_sql(both)),
    ])
}

#[test]
fn rows_that_no_transaction_covers_are_written_once_and_asked_about() {
    for engine in engines::mysql_family() {
        for statement in ["INSERT INTO plain", "INSERT INTO `plain`"] {
            for behind in [false, true] {
                let database = engine.fresh_database();
                let shelf = shelf();
                let dying = Simulated::new(database.connect(), None);
                let mut dying =
                    if behind { dying.dying_behind(statement) } else { dying.dying_at(statement) };
                go_up(&mut dying, &shelf).unwrap_err();
                let mut connection = database.connect();
                for _ in 0..2 {
                    let stop = go_up(&mut *connection, &shelf).unwrap_err();
                    assert!(matches!(stop, Stop::Undecidable { .. }), "{}: {stop}", engine.name);
                }
                let stop = go_up(&mut *connection, &shelf).unwrap_err();
                let answer = if behind { Answer::Done } else { Answer::Again };
                settle(&mut *connection, &shelf, &stop, answer);
                go_up(&mut *connection, &shelf).unwrap();
                assert_eq!(rows(&database), "1,2", "{}: {statement}", engine.name);
                let covered = connection.query("SELECT n FROM covered").unwrap();
                assert_eq!(covered.len(), 1, "{}: {statement}", engine.name);
            }
        }
    }
}

/// On the way down it is the same.
#[test]
fn rows_that_are_taken_back_where_no_transaction_covers_them_are_asked_about() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let shelf = shelf();
        let mut connection = database.connect();
        go_up(&mut *connection, &shelf).unwrap();
        let mut dying = Simulated::new(database.connect(), None).dying_behind("DELETE FROM plain");
        go_down(&mut dying, &shelf).unwrap_err();
        let stop = go_down(&mut *connection, &shelf).unwrap_err();
        settle(&mut *connection, &shelf, &stop, Answer::Done);
        go_down(&mut *connection, &shelf).unwrap();
        assert_eq!(rows(&database), "1", "{}", engine.name);
        assert!(connection.query("SELECT n FROM covered").unwrap().is_empty(), "{}", engine.name);
    }
}

/// A refused row behind one that stays doesn't have the first one written again.
#[test]
fn what_stays_when_a_later_statement_is_refused_is_not_written_again() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let script = |last: &str| {
            Shelf::new([
                (
                    "0001_table",
                    Migration::first().run_sql(sql("CREATE TABLE plain (n integer) ENGINE=MyISAM")),
                ),
                (
                    "0002_rows",
                    Migration::after("0001_table")
                        .run_sql(sql(format!("INSERT INTO plain VALUES (1); {last}"))),
                ),
            ])
        };
        let mut connection = database.connect();
        let stop = go_up(&mut *connection, &script("INSERT INTO nowhere VALUES (1)")).unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 2, kept: 1, .. }), "{}: {stop:?}", engine.name);
        go_up(&mut *connection, &script("INSERT INTO plain VALUES (2)")).unwrap();
        assert_eq!(rows(&database), "1,2", "{}", engine.name);
    }
}

#[test]
fn a_plan_says_beforehand_what_will_be_asked_about() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        connection.execute("CREATE TABLE plain (n integer) ENGINE=MyISAM").unwrap();
        connection.execute("CREATE TABLE covered (n integer) ENGINE=InnoDB").unwrap();
        let text = "INSERT INTO covered VALUES (1); INSERT INTO plain VALUES (1); CALL p(); \
                    ANALYZE TABLE plain; CREATE TABLE a (n integer); INSERT INTO covered \
                    SELECT 'plain'";
        let shelf = Shelf::new([("0001_x", Migration::first().run_sql(sql(text)))]);
        let dialect = dialect(&*connection);
        let plan = plan_up(&mut target(&mut *connection, dialect, &shelf), &UpOptions::default());
        let plan = &plan.unwrap()[0].plan;
        let asks: Vec<usize> = (0..plan.steps.len()).filter(|it| plan.asks(*it, dialect)).collect();
        assert_eq!(asks, [1, 2], "{}", engine.name);
    }
}
