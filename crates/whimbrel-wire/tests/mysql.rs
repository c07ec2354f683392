//! What the MySQL family's driver promises, on every MySQL and MariaDB server there is.

mod common;

use std::thread;
use std::time::{Duration, Instant};

use whimbrel::connection::{Connection, Trouble};
use whimbrel_test::engines::{self, Throwaway};
use whimbrel_wire::{ConnectOptions, Parts, Secret, Target, connect};

use common::{count, cross, open};

fn on_each(check: impl Fn(&Throwaway)) {
    for engine in engines::mysql_family() {
        check(&engine.fresh_database());
    }
}

fn number(session: &dyn Connection) -> String {
    session.server().session.rsplit(':').next().unwrap().to_owned()
}

#[test]
fn a_session_says_who_and_where_it_is() {
    on_each(|database| {
        let mut session = database.connect();
        let server = session.server().clone();
        let version = session.query("SELECT VERSION()").unwrap()[0][0].clone().unwrap();
        assert_eq!(server.product == "MariaDB", version.contains("MariaDB"), "{version}");
        assert!(version.starts_with(&server.version.to_string()), "{version} {}", server.version);
        assert_eq!(Some(&server.database), database.target().database.as_ref());
        let (own, number) = server.session.rsplit_once(':').unwrap();
        assert!(!own.is_empty());
        let same = session.query("SELECT CONNECTION_ID()").unwrap()[0][0].clone();
        assert_eq!(same.as_deref(), Some(number));
    });
}

#[test]
fn the_session_is_left_as_the_server_sets_it() {
    on_each(|database| {
        let mut session = database.connect();
        let settings = "SELECT @@sql_mode = @@global.sql_mode, @@time_zone = @@global.time_zone, \
                        @@autocommit, @@character_set_client, @@character_set_results";
        let row = session.query(settings).unwrap().remove(0);
        let row: Vec<&str> = row.iter().flatten().map(String::as_str).collect();
        assert_eq!(row, ["1", "1", "1", "utf8mb4", "utf8mb4"]);
        assert_eq!(session.query("SELECT '🪶'").unwrap()[0][0].as_deref(), Some("🪶"));
    });
}

#[test]
fn a_killed_statement_is_an_error_however_many_rows_it_has_sent() {
    on_each(|database| {
        let mut session = database.connect();
        let from = "information_schema.collations a, information_schema.collations b, \
                    information_schema.collations c, information_schema.collations d";
        // The error comes before the first row of the one, and after many of the other.
        for endless in [format!("SELECT count(*) FROM {from}"), format!("SELECT 1 FROM {from}")] {
            let cancel = session.canceller().unwrap();
            let stopper = thread::spawn(move || {
                thread::sleep(Duration::from_millis(300));
                cancel.cancel().unwrap();
            });
            let start = Instant::now();
            let error = session.execute(&endless).unwrap_err();
            assert_eq!(error.trouble, Trouble::Cancelled, "{error}");
            assert!(start.elapsed() < Duration::from_secs(20));
            stopper.join().unwrap();
        }
        assert_eq!(session.query("SELECT 1").unwrap()[0][0].as_deref(), Some("1"));
    });
}

#[test]
fn a_second_statement_is_refused_and_a_routine_is_not() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a int)").unwrap();
        for text in ["INSERT INTO t VALUES (1); SELECT 1", "INSERT INTO t VALUES (1); selec 2"] {
            assert!(session.execute(text).is_err(), "{text}");
        }
        assert_eq!(count(&mut *session, "t"), "0");
        session
            .execute("CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); SELECT 1; SELECT 2; END")
            .unwrap();
        session.execute("CALL p()").unwrap();
        assert_eq!(session.query("CALL p()").unwrap(), [[Some("1".to_owned())]]);
        assert_eq!(count(&mut *session, "t"), "2");
        // What the look at the text lets through, the count of the answers still catches.
        let hidden = "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; SELECT 2";
        assert!(session.execute(hidden).is_err());
        let hidden = "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; selec 2";
        assert!(session.execute(hidden).is_err());
        session.execute("DROP TABLE t").unwrap();
    });
}

#[test]
fn an_error_late_in_a_call_is_not_swallowed() {
    on_each(|database| {
        let mut session = database.connect();
        let late = "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT * FROM gone; END";
        session.execute(late).unwrap();
        assert_eq!(session.execute("CALL p()").unwrap_err().code.as_deref(), Some("1146"));
    });
}

#[test]
fn no_file_of_the_client_is_ever_sent() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a text)").unwrap();
        let load = "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t";
        let error = session.execute(load).unwrap_err();
        assert!(error.hint.unwrap().contains("INSERT"));
        assert_eq!(count(&mut *session, "t"), "0");
    });
}

#[test]
fn a_failed_statement_makes_the_commit_fail_and_takes_the_rows_back() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a int PRIMARY KEY) ENGINE = InnoDB").unwrap();
        session.begin().unwrap();
        assert!(session.begin().is_err(), "a second one would commit the first");
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        let error = session.execute("INSERT INTO t VALUES (1)").unwrap_err();
        assert_eq!((error.trouble, error.code.as_deref()), (Trouble::Data, Some("1062")));
        assert_eq!(session.commit().unwrap_err(), error);
        assert!(!session.in_transaction());
        assert_eq!(count(&mut *session, "t"), "0");
        let statements = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"];
        let failure = session.transaction(&statements.map(str::to_owned)).unwrap_err();
        assert_eq!(failure.position, 1);
        assert_eq!(count(&mut *session, "t"), "0");
        session.begin().unwrap();
        session.execute("CREATE TABLE u (a int)").unwrap();
        assert!(!session.in_transaction(), "a CREATE commits what is open");
        session.commit().unwrap();
    });
}

#[test]
fn locks_and_deadlocks_are_told_apart_and_end_the_transaction() {
    on_each(|database| {
        let mut first = database.connect();
        first.execute("CREATE TABLE t (a int PRIMARY KEY, b int) ENGINE = InnoDB").unwrap();
        first.execute("INSERT INTO t VALUES (1, 0), (2, 0)").unwrap();
        first.begin().unwrap();
        first.execute("UPDATE t SET b = 1 WHERE a = 1").unwrap();
        let mut second = database.connect();
        second.execute("SET innodb_lock_wait_timeout = 1").unwrap();
        second.begin().unwrap();
        let error = second.execute("UPDATE t SET b = 2 WHERE a = 1").unwrap_err();
        assert_eq!(error.trouble, Trouble::LockTimeout);
        assert!(second.execute("UPDATE t SET b = 2 WHERE a = 2").is_err(), "it would stand alone");
        second.rollback().unwrap();

        let troubles = cross(&mut *first, database.target());
        assert_eq!(troubles, [Trouble::Deadlock]);
    });
}

#[test]
fn a_lost_connection_is_told_as_such_and_at_the_commit_too() {
    on_each(|database| {
        let mut other = database.connect();
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a int) ENGINE = InnoDB").unwrap();
        session.begin().unwrap();
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        other.execute(&format!("KILL {}", number(&*session))).unwrap();
        thread::sleep(Duration::from_millis(100));
        assert_eq!(session.commit().unwrap_err().trouble, Trouble::ConnectionLost);
        assert!(!session.in_transaction());
        session.rollback().unwrap();
        assert_eq!(session.execute("SELECT 1").unwrap_err().trouble, Trouble::ConnectionLost);
        assert_eq!(count(&mut *other, "t"), "0");

        let mut session = database.connect();
        let (id, target) = (number(&*session), database.target().clone());
        let killer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            open(&target).unwrap().execute(&format!("KILL {id}")).unwrap();
        });
        let error = session.execute("SELECT sleep(30)").unwrap_err();
        assert_eq!(error.trouble, Trouble::ConnectionLost, "{error}");
        killer.join().unwrap();
    });
}

#[test]
fn who_may_not_come_in_is_told_why() {
    on_each(|database| {
        let mut missing = database.target().clone();
        missing.database = Some("no_such_database".to_owned());
        assert_eq!(open(&missing).err().unwrap().trouble, Trouble::DatabaseMissing);
        let mut session = database.connect();
        let name = session.server().database.clone();
        let role = format!("r{}", &name[name.len() - 8..]);
        session.execute(&format!("DROP USER IF EXISTS '{role}'@'%'")).unwrap();
        session.execute(&format!("CREATE USER '{role}'@'%' IDENTIFIED BY 'p@ss:/#%w'")).unwrap();
        session.execute(&format!("GRANT SELECT ON {name}.* TO '{role}'@'%'")).unwrap();
        let with = |password: &str| {
            let mut target = database.target().clone();
            target.user = Some(role.clone());
            target.password = Some(Secret::new(password));
            target
        };
        let error = open(&with("s3cret-word")).err().unwrap();
        assert_eq!(error.trouble, Trouble::AccessDenied, "{error}");
        assert!(!format!("{error:?} {:?}", with("s3cret-word")).contains("s3cret-word"));
        let url = with("p@ss:/#%w").reveal();
        let mut reader = open(&Target::parse(url.reveal(), None).unwrap()).unwrap();
        let denied = reader.execute("CREATE TABLE t (a int)").unwrap_err();
        assert_eq!(denied.trouble, Trouble::NotAllowed);
        session.execute(&format!("DROP USER '{role}'@'%'")).unwrap();
        session.execute("SET SESSION TRANSACTION READ ONLY").unwrap();
        let read_only = session.execute("CREATE TABLE t (a int)").unwrap_err();
        assert_eq!(read_only.trouble, Trouble::ReadOnly);
    });
}

#[test]
fn an_error_has_its_place_and_a_warning_is_kept() {
    on_each(|database| {
        let mut session = database.connect();
        let wrong = "CREATE TABLE t (\n  a int,\n  b int int\n)";
        let error = session.execute(wrong).unwrap_err();
        assert_eq!(error.trouble, Trouble::Statement);
        let second = wrong.rfind("int").unwrap();
        assert_eq!(error.position, Some(second), "{error:?}");
        session.execute("DROP TABLE IF EXISTS no_such_table").unwrap();
        let notices = session.take_notices();
        assert!(notices.iter().any(|it| it.message.contains("no_such_table")), "{notices:?}");
        assert!(session.take_notices().is_empty());
    });
}

#[test]
fn encryption_that_is_asked_for_is_never_left_out() {
    on_each(|database| {
        let mut target = database.target().clone();
        target.set_parameter("sslmode", "require").unwrap();
        if let Ok(mut session) = open(&target) {
            let cipher = session.query("SHOW STATUS LIKE 'Ssl_cipher'").unwrap()[0][1].clone();
            assert!(!cipher.unwrap_or_default().is_empty());
        }
        target.set_parameter("sslmode", "verify-full").unwrap();
        assert!(open(&target).is_err(), "nobody has signed a test server's certificate");
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = Target::from_parts(Parts {
        database_type: Some("mysql".to_owned()),
        host: Some("127.0.0.1".to_owned()),
        port: Some(silent.local_addr().unwrap().port()),
        user: Some("u".to_owned()),
        ..Parts::default()
    })
    .unwrap();
    let options =
        ConnectOptions { connect_timeout: Duration::from_millis(300), ..Default::default() };
    let start = Instant::now();
    let error = connect(&target, &options).err().unwrap();
    assert_eq!(error.trouble, Trouble::Unreachable);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn notes_are_all_kept_or_none() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (id int PRIMARY KEY, a text)").unwrap();
        let insert = |id: u32| format!("INSERT INTO t VALUES ({id}, 'a;b -- \\\\ /*')");
        session.note(&[insert(1), insert(2), insert(3)]).unwrap();
        assert_eq!(count(&mut *session, "t"), "3");
        for (notes, position) in [
            ([insert(3), insert(4), insert(5)], 0),
            ([insert(4), insert(3), insert(5)], 1),
            ([insert(4), insert(5), insert(5)], 2),
        ] {
            let failed = session.note(&notes).unwrap_err();
            assert_eq!((failed.position, failed.error.trouble), (position, Trouble::Data));
            assert!(!session.in_transaction());
            assert_eq!(count(&mut *session, "t"), "3", "position {position}");
        }
        let failed = session.note(&[insert(6), "INSERT INTO t VALUES (7".to_owned()]).unwrap_err();
        assert_eq!((failed.position, failed.error.trouble), (1, Trouble::Statement));
        // Another session sees what was kept, and only that.
        assert_eq!(count(&mut *database.connect(), "t"), "3");
    });
}
