//! What steps leave in their session: said again in another one, missed where it can't be, and
//! never seen by the next migration.

use whimbrel::{
    connection::Connection,
    dialect::Dialect,
    execute::{Answer, Report, ResolveOptions, Stop, UpOptions, resolve, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::Simulated,
};

fn go_up(
    connection: &mut dyn Connection,
    shelf: &Shelf,
    options: &UpOptions,
) -> Result<Report, Stop> {
    let dialect = Dialect::of_product(&connection.server().product).unwrap();
    up(&mut target(connection, dialect, shelf), options, &mut Listener::default())
}

fn script(text: &str) -> Shelf {
    Shelf::new([("0001_x", Migration::first().run_sql(sql(text)))])
}

fn value(database: &Throwaway, query: &str) -> String {
    let rows = database.connect().query(query).unwrap();
    rows.into_iter().flatten().flatten().collect::<Vec<_>>().join(",")
}

#[test]
fn settings_are_said_again_to_the_session_that_goes_on() {
    for (engine, text, last) in engines::mysql_family()
        .into_iter()
        .map(|it| {
            let text = "SET SESSION group_concat_max_len = 77; SET @a = 5; \
                        CREATE TABLE a (n bigint, m bigint); \
                        INSERT INTO a VALUES (@@group_concat_max_len, @a)";
            (it, text, "77,5")
        })
        .chain(engines::postgres().into_iter().map(|it| {
            let text = "SET work_mem = '77MB'; CREATE TABLE a (n text, m text); \
                        CREATE INDEX CONCURRENTLY i ON a (n); \
                        INSERT INTO a VALUES (current_setting('work_mem'), '5')";
            (it, text, "77MB,5")
        }))
    {
        let database = engine.fresh_database();
        // The last statement travels in a transaction, whose first statement is its mark.
        let cut =
            if engine.name.starts_with("postgres") { "CREATE INDEX" } else { "CREATE TABLE a" };
        let mut dying = Simulated::new(database.connect(), None).dying_at(cut);
        go_up(&mut dying, &script(text), &UpOptions::default()).unwrap_err();
        let report = go_up(&mut *database.connect(), &script(text), &UpOptions::default());
        assert_eq!(report.unwrap().resumed, ["0001_x"], "{}", engine.name);
        assert_eq!(value(&database, "SELECT n, m FROM a"), last, "{}", engine.name);
    }
}

/// A variable that was asked of rows that have changed since, and a table that is gone.
#[test]
fn what_is_gone_with_its_session_is_asked_about_and_never_guessed() {
    for (engine, text, cut) in engines::mysql_family()
        .into_iter()
        .map(|it| {
            let text = "CREATE TABLE a (n integer); SET @a = (SELECT 7 FROM dual); \
                        ALTER TABLE a ADD m integer; CREATE TABLE b (n integer); \
                        INSERT INTO a (n) VALUES (@a)";
            (it, text, "CREATE TABLE b")
        })
        .chain(engines::postgres().into_iter().map(|it| {
            let text = "CREATE TABLE a (n integer); CREATE TEMP TABLE t AS SELECT 7 AS n; \
                        CREATE INDEX CONCURRENTLY a_n ON a (n); CREATE TABLE b (n integer); \
                        INSERT INTO a (n) SELECT n FROM t";
            (it, text, "CREATE TABLE b")
        }))
    {
        for by_hand in [true, false] {
            let database = engine.fresh_database();
            let shelf = script(text);
            let mut dying = Simulated::new(database.connect(), None).dying_at(cut);
            go_up(&mut dying, &shelf, &UpOptions::default()).unwrap_err();
            let mut connection = database.connect();
            for _ in 0..2 {
                let stop = go_up(&mut *connection, &shelf, &UpOptions::default()).unwrap_err();
                assert_eq!(stop.exit_code(), 4, "{}: {stop}", engine.name);
                assert!(matches!(stop, Stop::SessionLost { step: 5, from: 2, .. }), "{stop:?}");
                assert!(stop.hint().unwrap().contains("--restart 0001_x"), "{stop:?}");
            }
            // What stands before it is done all the same.
            connection.query("SELECT n FROM b").unwrap();
            if by_hand {
                connection.execute("INSERT INTO a (n) VALUES (7)").unwrap();
                let dialect = Dialect::of_product(&connection.server().product).unwrap();
                let mut resolved = |answer| {
                    let options = ResolveOptions { name: "0001".into(), step: 5, answer };
                    let mut target = target(&mut *connection, dialect, &shelf);
                    resolve(&mut target, &options, &mut Listener::default())
                };
                assert_eq!(resolved(Answer::Again).unwrap_err().exit_code(), 2);
                resolved(Answer::Done).unwrap();
                go_up(&mut *connection, &shelf, &UpOptions::default()).unwrap();
            } else {
                let restart = UpOptions { restart: Some("0001".into()), ..UpOptions::default() };
                go_up(&mut *connection, &shelf, &restart).unwrap();
            }
            assert_eq!(value(&database, "SELECT n FROM a"), "7", "{}", engine.name);
        }
    }
}

/// As long as nothing has changed, asking again is as good as not having died.
#[test]
fn what_can_be_asked_again_is() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let shelf = script(
            "CREATE TABLE a (n integer); SET @s = (SELECT 'INSERT INTO a VALUES (7)' FROM dual); \
             PREPARE p FROM @s; CREATE TABLE b (n integer); EXECUTE p; DEALLOCATE PREPARE p",
        );
        let mut dying = Simulated::new(database.connect(), None).dying_at("CREATE TABLE b");
        go_up(&mut dying, &shelf, &UpOptions::default()).unwrap_err();
        go_up(&mut *database.connect(), &shelf, &UpOptions::default()).unwrap();
        assert_eq!(value(&database, "SELECT n FROM a"), "7", "{}", engine.name);
    }
}

#[test]
fn nothing_that_lives_in_the_session_reaches_the_next_migration() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let (set, seen, unset) = match () {
            () if engine.name.starts_with("postgres") => (
                "SET work_mem = '77MB'; PREPARE p AS SELECT 1; CREATE TABLE seen (v text)",
                "PREPARE p AS SELECT 2; INSERT INTO seen VALUES (current_setting('work_mem'))",
                "4MB",
            ),
            () if engine.name.starts_with("sqlite") => (
                "CREATE TABLE seen (v text); PRAGMA recursive_triggers = ON",
                "INSERT INTO seen SELECT recursive_triggers FROM pragma_recursive_triggers",
                "0",
            ),
            () => (
                "SET @a = 7, SESSION group_concat_max_len = 77; CREATE TABLE seen (v text)",
                "INSERT INTO seen VALUES (coalesce(@a, 'nothing')), \
                 (if(@@group_concat_max_len = 77, 77, 'other'))",
                "nothing,other",
            ),
        };
        let temporary = "CREATE TEMPORARY TABLE t (n integer)";
        let shelf = Shelf::new([
            ("0001_a", Migration::first().run_sql(sql(format!("{temporary}; {set}")))),
            ("0002_b", Migration::after("0001_a").run_sql(sql(format!("{temporary}; {seen}")))),
        ]);
        let mut connection = database.connect();
        go_up(&mut *connection, &shelf, &UpOptions::default()).unwrap();
        assert_eq!(value(&database, "SELECT v FROM seen"), unset, "{}", engine.name);
    }
}

/// What a dump says around its rows; a mark would have no place between them.
#[test]
fn the_locks_of_a_dump_are_left_out() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let shelf = script(
            "CREATE TABLE a (n integer);\nLOCK TABLES `a` WRITE;\n\
             /*!40000 ALTER TABLE `a` DISABLE KEYS */;\nINSERT INTO `a` VALUES (1),(2);\n\
             /*!40000 ALTER TABLE `a` ENABLE KEYS */;\nUNLOCK TABLES;",
        );
        go_up(&mut *database.connect(), &shelf, &UpOptions::default()).unwrap();
        assert_eq!(value(&database, "SELECT count(*) FROM a"), "2", "{}", engine.name);
    }
}
