//! What PostgreSQL's driver promises, on every PostgreSQL server there is.

mod common;

use std::thread;
use std::time::{Duration, Instant};

use whimbrel::connection::{Connection, Trouble};
use whimbrel_test::engines::{self, Throwaway};
use whimbrel_wire::{ConnectOptions, Parts, Secret, Target, connect};

use common::{count, cross, open};

fn on_each(check: impl Fn(&Throwaway)) {
    for engine in engines::postgres() {
        check(&engine.fresh_database());
    }
}

fn texts(statements: &[&str]) -> Vec<String> {
    statements.iter().map(|it| (*it).to_owned()).collect()
}

/// Ends the session from another one.
fn terminate(database: &Throwaway, session: &dyn Connection) {
    let pid = session.server().session.split('@').next().unwrap().to_owned();
    let mut other = database.connect();
    other.query(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
}

#[test]
fn a_session_says_who_and_where_it_is() {
    on_each(|database| {
        let mut session = database.connect();
        let server = session.server().clone();
        assert_eq!(server.product, "PostgreSQL");
        assert!(server.version.major >= 10, "{:?}", server.version);
        assert_eq!(Some(&server.database), database.target().database.as_ref());
        let start = "SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') \
                     FROM pg_stat_activity WHERE pid = pg_backend_pid() \
                     AND application_name = 'whimbrel'";
        let start = session.query(start).unwrap()[0][0].clone().unwrap();
        assert!(server.session.ends_with(&format!("@{start}")), "{}", server.session);
    });
}

#[test]
fn an_error_has_code_place_detail_and_hint() {
    on_each(|database| {
        let mut session = database.connect();
        let error = session.execute("SELECT 'ä', a_column_that_is_not").unwrap_err();
        assert_eq!((error.trouble, error.code.as_deref()), (Trouble::Statement, Some("42703")));
        assert_eq!(error.position, Some("SELECT 'ä', ".len()));
        session.execute("CREATE TABLE t (a int PRIMARY KEY)").unwrap();
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        let error = session.execute("INSERT INTO t VALUES (1)").unwrap_err();
        assert_eq!(error.trouble, Trouble::Data);
        assert!(error.detail.unwrap().contains("(a)=(1)"));
        let error = session.execute("SELECT no_such_function(1)").unwrap_err();
        assert!(error.hint.is_some());
    });
}

#[test]
fn notices_are_kept_until_they_are_taken() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("DO $$ BEGIN RAISE NOTICE 'one; two'; END $$").unwrap();
        let notices = session.take_notices();
        assert_eq!(
            (notices[0].severity.as_str(), notices[0].message.as_str()),
            ("NOTICE", "one; two")
        );
        assert!(session.take_notices().is_empty());
    });
}

#[test]
fn a_second_statement_is_refused_and_nothing_of_the_text_runs() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a int)").unwrap();
        for text in ["INSERT INTO t VALUES (1); SELECT 1/0", "INSERT INTO t VALUES (1); SELECT 1"] {
            assert!(session.execute(text).is_err(), "{text}");
        }
        assert_eq!(count(&mut *session, "t"), "0");
        assert_eq!(session.execute("-- nothing").unwrap(), 0);
        assert_eq!(session.execute("INSERT INTO t VALUES (1), (2);").unwrap(), 2);
    });
}

#[test]
fn copy_needs_a_stream_and_is_refused_without_harm() {
    on_each(|database| {
        let mut session = database.connect();
        session.execute("CREATE TABLE t (a int)").unwrap();
        let error = session.execute("COPY t FROM STDIN").unwrap_err();
        assert!(error.hint.unwrap().contains("INSERT"));
        assert!(session.execute("COPY t TO STDOUT").is_err());
        assert_eq!(count(&mut *session, "t"), "0");
    });
}

#[test]
fn a_commit_that_rolls_back_is_an_error_and_the_transaction_is_over() {
    on_each(|database| {
        let mut session = database.connect();
        session
            .execute("CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
            .unwrap();
        session.begin().unwrap();
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        let error = session.execute("SELECT 1/0").unwrap_err();
        assert_eq!(session.commit().unwrap_err(), error);
        assert!(!session.in_transaction());

        // The same in words of the user's own: PostgreSQL itself answers ROLLBACK and no error.
        session.execute("BEGIN").unwrap();
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        session.execute("SELECT 1/0").unwrap_err();
        session.execute("COMMIT").unwrap_err();
        assert!(!session.in_transaction());

        session.begin().unwrap();
        session.execute("INSERT INTO t VALUES (1), (1)").unwrap();
        assert_eq!(session.commit().unwrap_err().trouble, Trouble::Data);
        assert!(!session.in_transaction());
        assert_eq!(count(&mut *session, "t"), "0");

        session.begin().unwrap();
        session.execute("SAVEPOINT s").unwrap();
        session.execute("SELECT 1/0").unwrap_err();
        session.execute("ROLLBACK TO SAVEPOINT s").unwrap();
        session.execute("INSERT INTO t VALUES (1)").unwrap();
        session.commit().unwrap();
        assert_eq!(count(&mut *session, "t"), "1");
    });
}

#[test]
fn a_transaction_in_one_flight_is_all_or_nothing() {
    on_each(|database| {
        let mut session = database.connect();
        let table = "CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)";
        let good = texts(&[table, "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]);
        session.transaction(&good).unwrap();
        assert_eq!(count(&mut *session, "t"), "2");

        let bad = texts(&["INSERT INTO t VALUES (3)", "SELECT 1/0", "INSERT INTO t VALUES (4)"]);
        let failure = session.transaction(&bad).unwrap_err();
        assert_eq!((failure.position, failure.error.code.as_deref()), (1, Some("22012")));
        let late = texts(&["INSERT INTO t VALUES (5)", "INSERT INTO t VALUES (5)"]);
        let failure = session.transaction(&late).unwrap_err();
        assert_eq!((failure.position, failure.error.trouble), (2, Trouble::Data));
        let two = texts(&["INSERT INTO t VALUES (6)", "SELECT 1; SELECT 2"]);
        assert_eq!(session.transaction(&two).unwrap_err().position, 1);
        // With a COMMIT of the user's own among them nothing may be under way unasked.
        let own = texts(&["SELECT 1/0", "COMMIT", "INSERT INTO t VALUES (7)"]);
        assert_eq!(session.transaction(&own).unwrap_err().position, 0);

        assert!(!session.in_transaction());
        assert_eq!(count(&mut *session, "t"), "2");
    });
}

#[test]
fn a_batch_outside_a_transaction_stops_at_the_first_failure() {
    on_each(|database| {
        let mut session = database.connect();
        let batch = texts(&["CREATE TABLE a (a int)", "SELECT 1/0", "CREATE TABLE b (a int)"]);
        assert_eq!(session.execute_all(&batch).unwrap_err().position, 1);
        let made = "SELECT relname FROM pg_class WHERE relname IN ('a', 'b')";
        assert_eq!(session.query(made).unwrap(), [[Some("a".to_owned())]]);
        session.begin().unwrap();
        let batch = texts(&["CREATE TABLE c (a int)", "SELECT 1/0", "CREATE TABLE d (a int)"]);
        assert_eq!(session.execute_all(&batch).unwrap_err().position, 1);
        assert_eq!(session.commit().unwrap_err().code.as_deref(), Some("22012"));
    });
}

#[test]
fn a_lost_connection_is_told_as_such_and_at_the_commit_too() {
    on_each(|database| {
        let mut session = database.connect();
        terminate(database, &*session);
        assert_eq!(session.execute("SELECT 1").unwrap_err().trouble, Trouble::ConnectionLost);
        assert_eq!(session.execute("SELECT 1").unwrap_err().trouble, Trouble::ConnectionLost);

        let mut session = database.connect();
        session.begin().unwrap();
        session.execute("CREATE TABLE t (a int)").unwrap();
        terminate(database, &*session);
        assert_eq!(session.commit().unwrap_err().trouble, Trouble::ConnectionLost);
        assert!(!session.in_transaction());
        session.rollback().unwrap();

        let mut session = database.connect();
        let pid = session.server().session.split('@').next().unwrap().to_owned();
        let target = database.target().clone();
        let killer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            let mut other = open(&target).unwrap();
            other.query(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
        });
        let error = session.execute("SELECT pg_sleep(30)").unwrap_err();
        assert_eq!(error.trouble, Trouble::ConnectionLost);
        killer.join().unwrap();
    });
}

#[test]
fn a_running_statement_is_stopped_from_another_thread() {
    on_each(|database| {
        let mut session = database.connect();
        let cancel = session.canceller().unwrap();
        let stopper = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            cancel.cancel().unwrap();
        });
        let start = Instant::now();
        let error = session.execute("SELECT pg_sleep(30)").unwrap_err();
        assert_eq!(error.trouble, Trouble::Cancelled);
        assert!(start.elapsed() < Duration::from_secs(10));
        stopper.join().unwrap();
        session.execute("SELECT 1").unwrap();
    });
}

#[test]
fn locks_and_deadlocks_are_told_apart() {
    on_each(|database| {
        let (mut first, mut second) = (database.connect(), database.connect());
        first.execute("CREATE TABLE t (a int PRIMARY KEY, b int)").unwrap();
        first.execute("INSERT INTO t VALUES (1), (2)").unwrap();
        first.begin().unwrap();
        first.execute("UPDATE t SET b = 1 WHERE a = 1").unwrap();
        second.execute("SET lock_timeout = '50ms'").unwrap();
        second.begin().unwrap();
        second.execute("UPDATE t SET b = 2 WHERE a = 2").unwrap();
        let error = second.execute("ALTER TABLE t ADD c int").unwrap_err();
        assert_eq!(error.trouble, Trouble::LockTimeout);
        second.rollback().unwrap();
        let troubles = cross(&mut *first, database.target());
        assert_eq!(troubles, [Trouble::Deadlock]);
    });
}

#[test]
fn who_may_not_come_in_is_told_why() {
    on_each(|database| {
        let mut missing = database.target().clone();
        missing.database = Some("no_such_database".to_owned());
        assert_eq!(open(&missing).err().unwrap().trouble, Trouble::DatabaseMissing);
        let mut stranger = database.target().clone();
        stranger.user = Some("no_such_role".to_owned());
        stranger.password = Some(Secret::new("s3cret-word"));
        let error = open(&stranger).err().unwrap();
        assert_eq!(error.trouble, Trouble::AccessDenied);
        assert!(!format!("{error:?} {stranger:?} {stranger}").contains("s3cret-word"));

        let mut session = database.connect();
        let role = format!("{}_reader", session.server().database);
        session.execute(&format!("CREATE ROLE {role}")).unwrap();
        session.execute("CREATE TABLE t (a int)").unwrap();
        session.execute(&format!("SET ROLE {role}")).unwrap();
        assert_eq!(session.execute("SELECT * FROM t").unwrap_err().trouble, Trouble::NotAllowed);
        session.execute("RESET ROLE").unwrap();
        session.execute(&format!("DROP ROLE {role}")).unwrap();
        session.execute("SET default_transaction_read_only = on").unwrap();
        assert_eq!(session.execute("DROP TABLE t").unwrap_err().trouble, Trouble::ReadOnly);
    });
}

#[test]
fn a_search_path_of_several_schemas_is_set() {
    on_each(|database| {
        let mut target = database.target().clone();
        target.set_parameter("search_path", "app, \"We're\", public").unwrap();
        let path = open(&target).unwrap().query("SHOW search_path").unwrap()[0][0].clone();
        assert_eq!(path.as_deref(), Some("app, \"We're\", public"));
    });
}

#[test]
fn encryption_that_is_asked_for_is_never_left_out() {
    on_each(|database| {
        let mut target = database.target().clone();
        let encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        if database.connect().query("SHOW ssl").unwrap()[0][0].as_deref() == Some("on") {
            target.set_parameter("sslmode", "require").unwrap();
            let mut session = open(&target).unwrap();
            assert_eq!(session.query(encrypted).unwrap()[0][0].as_deref(), Some("t"));
            target.set_parameter("sslmode", "verify-full").unwrap();
            assert!(open(&target).is_err(), "nobody has signed a test server's certificate");
            return;
        }
        for mode in ["require", "verify-ca", "verify-full"] {
            target.set_parameter("sslmode", mode).unwrap();
            assert!(open(&target).is_err(), "{mode}");
        }
    });
}

#[test]
fn a_server_that_is_not_there_or_says_nothing_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let target = Target::from_parts(Parts {
        database_type: Some("postgres".to_owned()),
        host: Some("127.0.0.1".to_owned()),
        port: Some(port),
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
    drop(silent);
    let error = connect(&target, &options).err().unwrap();
    assert_eq!(error.trouble, Trouble::Unreachable);
    assert!(error.message.contains(&format!("127.0.0.1:{port}")), "{error}");
}

#[test]
fn a_session_opens_inside_a_runtime_of_somebody_else() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    on_each(|database| {
        runtime.block_on(async {
            let mut session = database.connect();
            assert_eq!(session.query("SELECT 1").unwrap()[0][0].as_deref(), Some("1"));
            session.canceller().unwrap().cancel().unwrap();
        });
    });
}

#[test]
fn a_certificate_is_checked_as_far_as_the_mode_says() {
    // A server whose certificate names `localhost` and is signed by the root in this file.
    let (Ok(url), Ok(root)) = (
        std::env::var("WHIMBREL_TEST_TLS_POSTGRES_URL"),
        std::env::var("WHIMBREL_TEST_TLS_ROOT_CERTIFICATE"),
    ) else {
        return skip("PostgreSQL with TLS (WHIMBREL_TEST_TLS_POSTGRES_URL is not set)");
    };
    let mut target = Target::parse(&url, None).unwrap();
    let mut opens = |host: &str, mode: &str, root: Option<&str>| {
        target.hosts[0].name = host.to_owned();
        target.set_parameter("sslmode", mode).unwrap();
        target.set_parameter("sslrootcert", root.unwrap_or("system")).unwrap();
        open(&target).is_ok()
    };
    let root = Some(root.as_str());
    assert!(opens("localhost", "verify-full", root));
    assert!(!opens("127.0.0.1", "verify-full", root), "it isn't made out to this name");
    assert!(opens("127.0.0.1", "verify-ca", root));
    assert!(opens("127.0.0.1", "require", root));
    for mode in ["require", "verify-ca", "verify-full"] {
        assert!(!opens("localhost", mode, None), "{mode}: nobody in the system's list signed it");
    }
    assert!(!opens("localhost", "verify-full", Some("/no/such/file")));
    assert!(opens("localhost", "prefer", None));
}

#[expect(clippy::print_stderr, reason = "a test that doesn't run must be seen not to")]
fn skip(what: &str) {
    eprintln!("SKIPPED: {what}");
}
