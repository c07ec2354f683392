//! What SQLite's driver promises, on SQLite.

use std::time::Duration;
use std::{fs, thread};

use whimbrel::connection::{Connection, DatabaseError, Trouble};
use whimbrel_test::engines::{self, Throwaway};
use whimbrel_wire::{ConnectOptions, Target, connect};

fn fresh() -> Throwaway {
    engines::sqlite()[0].fresh_database()
}

fn open(url: &str, options: &ConnectOptions) -> Result<Box<dyn Connection>, DatabaseError> {
    connect(&Target::parse(url, None).unwrap(), options)
}

fn count(connection: &mut dyn Connection, table: &str) -> String {
    connection.query(&format!("SELECT count(*) FROM {table}")).unwrap()[0][0].clone().unwrap()
}

#[test]
fn rows_and_pragmas_are_run_to_their_end_in_execute() {
    let database = fresh();
    let mut session = database.connect();
    assert_eq!(session.execute("PRAGMA user_version = 7").unwrap(), 0);
    assert_eq!(session.execute("SELECT 1 UNION SELECT 2").unwrap(), 0);
    assert_eq!(session.execute("CREATE TABLE t (a INTEGER, b REAL, c BLOB)").unwrap(), 0);
    assert_eq!(session.execute("INSERT INTO t VALUES (1, 1.5, NULL), (2, 2, x'ff')").unwrap(), 2);
    assert_eq!(session.execute("CREATE TABLE u (a)").unwrap(), 0, "the insert's count is not ours");
    assert_eq!(session.execute("INSERT INTO t VALUES (3, 3, '') RETURNING a").unwrap(), 1);
    let rows = session.query("SELECT * FROM t ORDER BY a LIMIT 2").unwrap();
    let row = |values: [Option<&str>; 3]| values.map(|it| it.map(str::to_owned)).to_vec();
    assert_eq!(rows[0], row([Some("1"), Some("1.5"), None]));
    assert_eq!(rows[1], row([Some("2"), Some("2.0"), Some("0xff")]));
    assert_eq!(session.query("PRAGMA foreign_keys").unwrap()[0][0].as_deref(), Some("1"));
}

#[test]
fn a_second_statement_is_refused_and_nothing_of_the_text_runs() {
    let database = fresh();
    let mut session = database.connect();
    session.execute("CREATE TABLE t (a)").unwrap();
    for text in ["INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", "DELETE FROM t; nonsense"] {
        assert!(session.execute(text).is_err(), "{text}");
    }
    assert_eq!(count(&mut *session, "t"), "0");
    assert_eq!(session.execute(" -- only a comment\n/* and another */").unwrap(), 0);
    let trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; SELECT 1; END";
    session.execute(trigger).unwrap();
}

#[test]
fn a_failed_statement_makes_the_commit_fail_and_leaves_no_transaction() {
    let database = fresh();
    let mut session = database.connect();
    session.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").unwrap();
    session.begin().unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap();
    let error = session.execute("INSERT INTO t VALUES (1)").unwrap_err();
    assert_eq!(error.trouble, Trouble::Data);
    assert_eq!(session.commit().unwrap_err(), error);
    assert!(!session.in_transaction());
    assert_eq!(count(&mut *session, "t"), "0");

    session.begin().unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap();
    session.execute("nonsense").unwrap_err();
    session.execute("COMMIT").unwrap_err();
    assert_eq!(count(&mut *session, "t"), "0");

    session.begin().unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap();
    session.execute("SAVEPOINT s").unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap_err();
    session.execute("ROLLBACK TO s").unwrap();
    session.commit().unwrap();
    assert_eq!(count(&mut *session, "t"), "1");
}

#[test]
fn a_transaction_that_sqlite_has_ended_takes_no_further_statement() {
    let database = fresh();
    let mut session = database.connect();
    session.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").unwrap();
    session.begin().unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap();
    session.execute("INSERT OR ROLLBACK INTO t VALUES (1)").unwrap_err();
    session.execute("INSERT INTO t VALUES (2)").unwrap_err();
    assert!(session.in_transaction());
    session.commit().unwrap_err();
    assert_eq!(count(&mut *session, "t"), "0");
    session.execute("INSERT INTO t VALUES (3)").unwrap();
}

#[test]
fn a_key_broken_at_the_commit_is_an_error_and_the_transaction_is_over() {
    let database = fresh();
    let mut session = database.connect();
    session.execute("CREATE TABLE p (a INTEGER PRIMARY KEY)").unwrap();
    let child = "CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)";
    session.execute(child).unwrap();
    let failure = session.transaction(&["INSERT INTO c VALUES (9)".to_owned()]).unwrap_err();
    assert_eq!((failure.position, failure.error.trouble), (1, Trouble::Data));
    assert!(!session.in_transaction());
    assert_eq!(count(&mut *session, "c"), "0");
}

#[test]
fn each_trouble_is_told_apart() {
    let database = fresh();
    let options = ConnectOptions { busy_timeout: Duration::from_millis(50), ..Default::default() };
    let mut first = open(&database.url(), &options).unwrap();
    let mut second = open(&database.url(), &options).unwrap();
    first.execute("CREATE TABLE t (a)").unwrap();
    first.begin().unwrap();
    let begun = second.begin().unwrap_err();
    assert_eq!((begun.trouble, begun.code.as_deref()), (Trouble::LockTimeout, Some("SQLITE_BUSY")));
    assert!(!second.in_transaction());
    first.rollback().unwrap();

    let error = first.execute("CREATE TABLE a (a int,, b int)").unwrap_err();
    assert_eq!((error.trouble, error.position), (Trouble::Statement, Some(22)));
    let error = first.execute("SELECT * FROM missing").unwrap_err();
    assert_eq!(error.trouble, Trouble::Statement);

    let read_only = ConnectOptions { read_only: true, ..Default::default() };
    let mut reader = open(&database.url(), &read_only).unwrap();
    assert_eq!(reader.execute("DROP TABLE t").unwrap_err().trouble, Trouble::ReadOnly);

    first.execute("PRAGMA max_page_count = 3").unwrap();
    let full = first.execute("INSERT INTO t VALUES (randomblob(100000))").unwrap_err();
    assert_eq!(full.trouble, Trouble::Full);
}

#[test]
fn a_missing_file_is_created_only_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let url = format!("sqlite:{}", file.display());
    let must_exist = ConnectOptions { must_exist: true, ..Default::default() };
    let error = open(&url, &must_exist).err().unwrap();
    assert_eq!(error.trouble, Trouble::DatabaseMissing);
    let error = open(&format!("{url}?mode=rw"), &ConnectOptions::default()).err().unwrap();
    assert_eq!(error.trouble, Trouble::DatabaseMissing);
    assert!(!file.exists());
    open(&url, &ConnectOptions::default()).unwrap().execute("CREATE TABLE t (a)").unwrap();
    assert!(file.exists());
    fs::write(folder.path().join("text.db"), "this is no database, only a longer text").unwrap();
    let text = format!("sqlite:{}/text.db", folder.path().display());
    assert!(open(&text, &ConnectOptions::default()).err().unwrap().message.contains("text.db"));
}

#[test]
fn a_runaway_statement_is_stopped_from_another_thread() {
    let database = fresh();
    let mut session = database.connect();
    let cancel = session.canceller().unwrap();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        cancel.cancel().unwrap();
    });
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                   SELECT count(*) FROM n";
    assert_eq!(session.execute(endless).unwrap_err().trouble, Trouble::Cancelled);
    stopper.join().unwrap();
    session.execute("SELECT 1").unwrap();
}

#[test]
fn a_repeated_text_sees_the_changed_table() {
    let database = fresh();
    let mut session = database.connect();
    session.execute("CREATE TABLE t (a)").unwrap();
    session.execute("INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(session.query("SELECT * FROM t").unwrap()[0].len(), 1);
    session.execute("ALTER TABLE t ADD COLUMN b").unwrap();
    assert_eq!(session.query("SELECT * FROM t").unwrap()[0].len(), 2);
}
