//! What statements of PostgreSQL leave half done that can't be rolled back, and how the next run
//! puts it right. They are stopped here by a statement timeout while an older transaction keeps
//! them waiting, at the very point where a client's death would leave them.

use whimbrel::{
    connection::{Connection, Row},
    dialect::POSTGRES,
    execute::{Event, Report, Stop, UpOptions, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
};

fn run_up(database: &Throwaway, shelf: &Shelf) -> (Result<Report, Stop>, Vec<String>) {
    let mut connection = database.connect();
    let mut listener = Listener::default();
    let mut target = target(&mut *connection, &POSTGRES, shelf);
    let result = up(&mut target, &UpOptions::default(), &mut listener);
    let cured = listener.events.into_iter().filter_map(|it| match it {
        Event::Cured { what, .. } => Some(what),
        _ => None,
    });
    (result, cured.collect())
}

/// A session whose transaction is older than what the next statements do to `table`.
fn older_transaction(database: &Throwaway, table: &str) -> Box<dyn Connection> {
    let mut connection = database.connect();
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").unwrap();
    connection.query(&format!("SELECT count(*) FROM {table}")).unwrap();
    connection
}

fn one(text: &str) -> Row {
    vec![Some(text.to_owned())]
}

/// Runs `setup`, then a migration with `statement` that is stopped half way by an older
/// transaction on `table`, then lets that go and runs the rest. Returns what was put right.
fn stopped_half_way(
    database: &Throwaway,
    setup: &str,
    table: &str,
    statement: &str,
) -> Vec<String> {
    let first = ("0001_setup", Migration::first().run_sql(sql(setup).undo_nothing()));
    run_up(database, &Shelf::new([first.clone()])).0.unwrap();
    let second = Migration::after("0001_setup")
        .run_sql(sql("SET statement_timeout = '500ms'").undo_nothing())
        .run_sql(sql(statement).undo_nothing())
        .create_table(whimbrel_migration::table("after").column("v", integer()));
    let shelf = Shelf::new([first, ("0002_half", second)]);
    let holder = older_transaction(database, table);
    let stop = run_up(database, &shelf).0.unwrap_err();
    let Stop::Step { step: 2, error, .. } = &stop else { panic!("{stop:?}") };
    assert_eq!(error.code.as_deref(), Some("57014"), "{stop:?}");
    drop(holder);
    let (result, cured) = run_up(database, &shelf);
    assert_eq!(result.unwrap().resumed, ["0002_half"]);
    database.connect().query("SELECT * FROM after").unwrap();
    cured
}

#[test]
fn a_partition_that_is_neither_in_nor_out_is_taken_out() {
    for engine in engines::postgres() {
        let since_14 = |it: &dyn Connection| it.server().version.major >= 14;
        if !engine.can("nothing is detached concurrently before PostgreSQL 14", since_14) {
            continue;
        }
        let database = engine.fresh_database();
        let setup = "CREATE TABLE p (v integer) PARTITION BY LIST (v); \
                     CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)";
        let statement = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
        let cured = stopped_half_way(&database, setup, "p", statement);
        assert_eq!(cured, ["ALTER TABLE \"p\" DETACH PARTITION \"p1\" FINALIZE"]);
        let left = database.connect().query("SELECT 1 FROM pg_inherits").unwrap();
        assert_eq!(left, Vec::<Row>::new());
    }
}

const UNUSABLE: &str = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";

#[test]
fn what_a_dead_reindex_has_left_is_dropped() {
    for engine in engines::postgres() {
        for what in ["INDEX CONCURRENTLY i", "TABLE CONCURRENTLY public.t"] {
            let database = engine.fresh_database();
            let setup = "CREATE TABLE t (v integer); CREATE INDEX i ON t (v)";
            let cured = stopped_half_way(&database, setup, "t", &format!("REINDEX {what}"));
            assert_eq!(cured, ["DROP INDEX CONCURRENTLY IF EXISTS public.i_ccnew"], "{what}");
            assert_eq!(database.connect().query(UNUSABLE).unwrap(), Vec::<Row>::new());
        }
    }
}

#[test]
fn an_index_is_dropped_whose_concurrent_drop_has_died() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let setup = "CREATE TABLE t (v integer); CREATE INDEX i ON t (v)";
        let cured = stopped_half_way(&database, setup, "t", "DROP INDEX CONCURRENTLY i");
        assert_eq!(cured, [""; 0]);
        let there = database.connect().query("SELECT to_regclass('i')").unwrap();
        assert_eq!(there, [[None]]);
    }
}

/// `IF NOT EXISTS` would find it and be content.
#[test]
fn an_unusable_index_that_somebody_has_left_is_no_index() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        connection.execute("CREATE TABLE t (v integer)").unwrap();
        connection.execute("INSERT INTO t VALUES (1), (1)").unwrap();
        connection.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (v)").unwrap_err();
        assert_eq!(connection.query(UNUSABLE).unwrap(), [one("i")]);
        let statement = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (v)";
        let migration = Migration::first().run_sql(sql(statement).undo_nothing());
        let shelf = Shelf::new([("0001_index", migration)]);
        let mut listener = Listener::default();
        let mut target = target(&mut *connection, &POSTGRES, &shelf);
        let options = UpOptions { into_existing: true, ..UpOptions::default() };
        up(&mut target, &options, &mut listener).unwrap();
        assert_eq!(connection.query(UNUSABLE).unwrap(), Vec::<Row>::new());
        let there = connection.query("SELECT to_regclass('i')").unwrap();
        assert_eq!(there, [one("i")]);
    }
}
