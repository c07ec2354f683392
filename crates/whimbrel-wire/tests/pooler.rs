//! Sessions behind a pooler of transactions: noticed, and left as they were found.
#![cfg(feature = "postgres")]

use whimbrel::connection::{Connection, Trouble};
use whimbrel_test::engines;
use whimbrel_wire::{ConnectOptions, Target, connect};

fn value(connection: &mut dyn Connection, sql: &str) -> String {
    let rows = connection.query(sql).expect("the question can be asked");
    rows.into_iter().flatten().flatten().next().unwrap_or_default()
}

fn open(url: &str) -> Box<dyn Connection> {
    let target = Target::parse(url, None).expect("the URL is one");
    connect(&target, &ConnectOptions::default()).expect("it can be reached")
}

#[test]
fn a_pooler_of_transactions_is_noticed_and_a_server_is_none() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        assert!(!database.connect().server().shared, "{}", engine.name);
    }
    for engine in engines::pgbouncer() {
        let database = engine.fresh_database();
        // With and without sessions of others that are idle.
        let held: Vec<_> = (0..4).map(|_| database.connect()).collect();
        assert!(held.iter().all(|it| it.server().shared));
        assert!(database.connect().server().shared);
        assert!(held[0].opening().is_empty());
    }
}

#[test]
fn nothing_is_said_to_a_pooled_session_that_outlives_a_transaction() {
    for engine in engines::pgbouncer() {
        let database = engine.fresh_database();
        let mut plain = database.connect();
        plain.execute("CREATE SCHEMA elsewhere").expect("a schema can be made");
        let path = value(&mut *plain, "SHOW search_path");
        let url = format!("{}?search_path=elsewhere", database.url());
        let mut there = open(&url);
        for _ in 0..3 {
            // In a transaction and without one, the path of the URL is ours and nobody else's.
            assert_eq!(value(&mut *there, "SELECT current_schema()"), "elsewhere");
            assert_eq!(value(&mut *plain, "SHOW search_path"), path);
            let interval = "SELECT coalesce(max(setting), '0') FROM pg_settings \
                            WHERE name = 'client_connection_check_interval'";
            assert_eq!(value(&mut *plain, interval), "0");
        }
        there.begin().expect("a transaction can be begun");
        there.execute("CREATE TABLE t (id int)").expect("a table can be made");
        there.commit().expect("it can be committed");
        there.execute("INSERT INTO t VALUES (1)").expect("a row can be written");
        assert_eq!(value(&mut *plain, "SELECT count(*) FROM elsewhere.t"), "1");
        let error = there.execute("INSERT INTO t VALUES ('x')").expect_err("that is no number");
        assert_eq!(error.trouble, Trouble::Data);
        assert!(!there.in_transaction());
        let twice = there.execute("INSERT INTO t VALUES (2); INSERT INTO t VALUES (3)");
        twice.expect_err("two statements are not one");
        assert_eq!(value(&mut *there, "SELECT count(*) FROM t"), "1");
    }
}
