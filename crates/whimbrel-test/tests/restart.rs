//! Migrations that stopped half way and whose done steps are to change, or to go: `up --restart`,
//! and `down` of what is done in part.

use std::{fs, path::Path};

use whimbrel::{
    connection::Connection,
    dialect::{Ddl, Dialect, SQLITE},
    execute::{DownOptions, DownTarget, Report, Stop, UpOptions, down, plan_down, status, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Listener, Shelf, target},
    simulator::{Death, Side, Simulated, open},
};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

fn restarting(allow_data_loss: bool) -> UpOptions {
    UpOptions { restart: Some("0001".to_owned()), allow_data_loss, ..UpOptions::default() }
}

fn go_up(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
    options: &UpOptions,
) -> Result<Report, Stop> {
    up(&mut target(connection, dialect, shelf), options, &mut Listener::default())
}

fn go_down(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    down(&mut target(connection, dialect, shelf), &options, &mut Listener::default())
}

fn script(text: &str) -> Shelf {
    Shelf::new([("0001_shop", Migration::first().run_sql(sql(text)))])
}

/// MySQL has no transaction around the two: the first table stays when the second is refused,
/// because the first lacks the key that it points at.
#[test]
fn the_classic_a_foreign_key_is_refused_and_the_first_statement_is_repaired() {
    let broken = "CREATE TABLE countries (code char(2) NOT NULL);\
                  CREATE TABLE cities (country char(2), \
                  FOREIGN KEY (country) REFERENCES countries (code))";
    let repaired = broken.replace("NOT NULL", "NOT NULL UNIQUE");
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        let broken = script(broken);
        let repaired = script(&repaired);
        let stop = go_up(&mut *connection, dialect, &broken, &UpOptions::default()).unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 2, kept: 1, .. }), "{}: {stop:?}", engine.name);
        let hint = stop.hint().unwrap();
        assert!(hint.contains("`whimbrel up --restart 0001_shop`"), "{hint}");

        let stop = go_up(&mut *connection, dialect, &repaired, &UpOptions::default()).unwrap_err();
        assert!(matches!(stop, Stop::EditedHalfway { step: 1, .. }), "{}: {stop}", engine.name);
        let hint = stop.hint().unwrap();
        assert!(hint.contains("`whimbrel up --restart 0001_shop`"), "{hint}");

        let report = go_up(&mut *connection, dialect, &repaired, &restarting(false)).unwrap();
        assert_eq!(report.migrations, ["0001_shop"], "{}", engine.name);
        connection.execute("INSERT INTO countries VALUES ('NO')").unwrap();
        connection.execute("INSERT INTO cities VALUES ('NO')").unwrap();
        connection.execute("INSERT INTO cities VALUES ('XX')").unwrap_err();
        let again = go_up(&mut *connection, dialect, &repaired, &restarting(false)).unwrap();
        assert_eq!(again, Report::default(), "{}", engine.name);
    }
}

#[test]
fn rows_that_a_restart_would_lose_are_asked_about() {
    let broken = "CREATE TABLE a (n integer); CREATE INDEX i ON missing (n)";
    let repaired = script("CREATE TABLE a (n integer NOT NULL)");
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        go_up(&mut *connection, dialect, &script(broken), &UpOptions::default()).unwrap_err();
        connection.execute("INSERT INTO a VALUES (1)").unwrap();
        let stop = go_up(&mut *connection, dialect, &repaired, &restarting(false)).unwrap_err();
        assert!(matches!(stop, Stop::DataAtStake { .. }), "{}: {stop}", engine.name);
        assert_eq!(connection.query("SELECT n FROM a").unwrap().len(), 1, "{}", engine.name);
        go_up(&mut *connection, dialect, &repaired, &restarting(true)).unwrap();
        assert_eq!(connection.query("SELECT n FROM a").unwrap().len(), 0, "{}", engine.name);
    }
}

/// What a script leaves when its last statement is refused: one step of every kind that can be
/// taken back by its words.
const STEPS: &str = "CREATE TABLE a (n integer, old integer);\
     CREATE TABLE b (n integer);\
     CREATE INDEX a_n ON a (n);\
     ALTER TABLE a ADD COLUMN more integer;\
     ALTER TABLE a RENAME COLUMN old TO new;\
     ALTER TABLE b RENAME TO c;\
     ANALYZE;\
     CREATE INDEX refused ON missing (n)";

const REPAIRED: &str = "CREATE TABLE a (n text); CREATE TABLE c (n text)";

fn simulated(file: &Path, death: Option<Death>) -> Simulated {
    Simulated::new(open(file), death).autocommitting()
}

/// What a user could see.
fn dump(file: &Path) -> String {
    let mut connection = open(file);
    let mut rows = connection
        .query(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'whimbrel_%' \
             AND name NOT LIKE 'sqlite%' ORDER BY name",
        )
        .unwrap();
    rows.extend(connection.query("SELECT name, state, digest FROM whimbrel_migrations").unwrap());
    format!("{rows:#?}")
}

#[test]
fn a_restart_that_is_killed_at_any_call_is_finished_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let (start, file) = (folder.path().join("start.db"), folder.path().join("test.db"));
    let repaired = script(REPAIRED);
    let stop =
        go_up(&mut simulated(&start, None), &AUTOCOMMIT, &script(STEPS), &UpOptions::default())
            .unwrap_err();
    assert!(matches!(stop, Stop::Step { step: 8, kept: 7, .. }), "{stop:?}");

    fs::copy(&start, &file).unwrap();
    let mut connection = simulated(&file, None);
    go_up(&mut connection, &AUTOCOMMIT, &repaired, &restarting(false)).unwrap();
    let (calls, expected) = (connection.calls(), dump(&file));
    drop(connection);
    assert!(expected.contains("CREATE TABLE a (n text)"), "{expected}");
    assert!(!expected.contains("old") && !expected.contains("a_n"), "{expected}");
    assert!(calls > 20);
    for call in 0..calls {
        for side in [Side::Before, Side::After] {
            for options in [restarting(false), UpOptions::default()] {
                let words = format!("killed {side:?} call {call}, then {options:?}");
                fs::copy(&start, &file).unwrap();
                let mut dying = simulated(&file, Some(Death { call, side }));
                if let Err(stop) = go_up(&mut dying, &AUTOCOMMIT, &repaired, &restarting(false)) {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                assert!(dying.is_dead(), "{words}");
                drop(dying);
                match go_up(&mut simulated(&file, None), &AUTOCOMMIT, &repaired, &options) {
                    Ok(_) => assert_eq!(dump(&file), expected, "{words}"),
                    // Nothing was taken back yet, and nobody has said again that it shall be.
                    Err(Stop::EditedHalfway { .. }) => assert!(options.restart.is_none()),
                    Err(stop) => panic!("{words}: {stop}"),
                }
            }
        }
    }
}

#[test]
fn what_is_done_in_part_goes_down_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    let (start, file) = (folder.path().join("start.db"), folder.path().join("test.db"));
    let shelf = script(STEPS);
    go_up(&mut simulated(&start, None), &AUTOCOMMIT, &shelf, &UpOptions::default()).unwrap_err();
    let mut connection = simulated(&start, None);
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    let mut looking = target(&mut connection, &AUTOCOMMIT, &shelf);
    let plan = plan_down(&mut looking, &options, &mut Listener::default()).unwrap();
    let texts: Vec<String> =
        plan[0].1.steps.iter().map(|it| format!("{:?}", it.statement.body)).collect();
    assert_eq!(
        texts,
        [
            r#"Text("ALTER TABLE \"c\" RENAME TO \"b\"")"#,
            r#"Text("ALTER TABLE \"a\" RENAME COLUMN \"new\" TO \"old\"")"#,
            r#"Text("ALTER TABLE \"a\" DROP COLUMN \"more\"")"#,
            r#"Text("DROP INDEX \"a_n\"")"#,
            r#"Text("DROP TABLE \"b\"")"#,
            r#"Text("DROP TABLE \"a\"")"#,
        ]
    );
    drop(connection);
    fs::copy(&start, &file).unwrap();
    let mut connection = simulated(&file, None);
    go_down(&mut connection, &AUTOCOMMIT, &shelf).unwrap();
    let (calls, expected) = (connection.calls(), dump(&file));
    assert!(!expected.contains("CREATE"), "{expected}");
    drop(connection);
    for call in 0..calls {
        for side in [Side::Before, Side::After] {
            fs::copy(&start, &file).unwrap();
            let mut dying = simulated(&file, Some(Death { call, side }));
            let _ = go_down(&mut dying, &AUTOCOMMIT, &shelf);
            assert!(dying.is_dead());
            drop(dying);
            go_down(&mut simulated(&file, None), &AUTOCOMMIT, &shelf)
                .unwrap_or_else(|stop| panic!("killed {side:?} call {call}: {stop}"));
            assert_eq!(dump(&file), expected, "killed {side:?} call {call}");
        }
    }
}

/// A table that was there before is not what the step made.
#[test]
fn what_was_there_before_is_not_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    open(&file).execute("CREATE TABLE a (n integer)").unwrap();
    let shelf = script(
        "CREATE TABLE IF NOT EXISTS a (n integer); CREATE TABLE IF NOT EXISTS b (n integer); \
         CREATE INDEX refused ON missing (n)",
    );
    let options = UpOptions { into_existing: true, ..UpOptions::default() };
    go_up(&mut simulated(&file, None), &AUTOCOMMIT, &shelf, &options).unwrap_err();
    let stop = go_down(&mut simulated(&file, None), &AUTOCOMMIT, &shelf).unwrap_err();
    assert_eq!(stop.exit_code(), 4, "{stop}");
    open(&file).query("SELECT n FROM a").unwrap();
}

/// The user's own undo is followed as far as there is something to take back.
#[test]
fn an_undo_of_the_whole_takes_back_the_part_that_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    open(&file).execute("CREATE TABLE old (n integer)").unwrap();
    let shelf = Shelf::new([(
        "0001_shop",
        Migration::first().run_sql(
            sql("DROP TABLE old; CREATE TABLE new (n integer); CREATE INDEX i ON missing (n)")
                .undo("DROP TABLE new; CREATE TABLE old (n integer)"),
        ),
    )]);
    for done in ["CREATE TABLE new", "CREATE INDEX"] {
        let mut dying = simulated(&file, None).dying_at(done);
        let options = UpOptions { into_existing: true, ..UpOptions::default() };
        go_up(&mut dying, &AUTOCOMMIT, &shelf, &options).unwrap_err();
        open(&file).query("SELECT n FROM old").unwrap_err();
        go_down(&mut simulated(&file, None), &AUTOCOMMIT, &shelf).unwrap();
        open(&file).query("SELECT n FROM old").unwrap();
        open(&file).query("SELECT n FROM new").unwrap_err();
    }
}

/// Rows that were written can't be taken back by their words: the operation is finished first.
#[test]
fn what_can_only_be_taken_back_whole_is_finished_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let shelf = Shelf::new([
        ("0001_t", Migration::first().create_table(table("t").column("n", integer()))),
        (
            "0002_rows",
            Migration::after("0001_t").run_sql(
                sql("INSERT INTO t VALUES (1); CREATE TABLE u (n integer); INSERT INTO u VALUES (1)")
                    .undo("DELETE FROM u; DELETE FROM t; DROP TABLE u"),
            ),
        ),
    ]);
    for done in ["CREATE TABLE u", "INSERT INTO u"] {
        let mut dying = simulated(&file, None).dying_at(done);
        go_up(&mut dying, &AUTOCOMMIT, &shelf, &UpOptions::default()).unwrap_err();
        let mut connection = simulated(&file, None);
        let options = DownOptions {
            target: DownTarget::Count(1),
            allow_data_loss: true,
            ..DownOptions::default()
        };
        let mut target = target(&mut connection, &AUTOCOMMIT, &shelf);
        let before = status(&mut target).unwrap();
        plan_down(&mut target, &options, &mut Listener::default()).unwrap();
        assert_eq!(status(&mut target).unwrap(), before, "a plan changes nothing");
        let report = down(&mut target, &options, &mut Listener::default()).unwrap();
        assert_eq!(report.migrations, ["0002_rows"]);
        assert_eq!(connection.query("SELECT n FROM t").unwrap().len(), 0);
        connection.query("SELECT n FROM u").unwrap_err();
    }
}

/// On MySQL the values of new rows come in three statements.
#[test]
fn a_column_that_is_half_added_goes_again() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let dialect = dialect_of(&*database.connect());
        let first = Migration::first().create_table(table("t").column("n", integer()));
        let shelf = Shelf::new([
            ("0001_t", first),
            (
                "0002_key",
                Migration::after("0001_t").add_column(
                    "t",
                    "key",
                    uuid().not_null().default(new_uuid()),
                ),
            ),
        ]);
        for next in ["UPDATE `t`", "ALTER TABLE `t` MODIFY"] {
            let mut dying = Simulated::new(database.connect(), None).dying_at(next);
            if go_up(&mut dying, dialect, &shelf, &UpOptions::default()).is_ok() {
                // MariaDB adds it in one.
                assert_eq!(dialect.name, "mariadb", "{next}");
            }
            let mut connection = database.connect();
            connection.query("SELECT `key` FROM t").unwrap();
            let options = DownOptions {
                target: DownTarget::Count(1),
                allow_data_loss: true,
                ..DownOptions::default()
            };
            let mut target = target(&mut *connection, dialect, &shelf);
            let report = down(&mut target, &options, &mut Listener::default()).unwrap();
            assert_eq!(report.migrations, ["0002_key"], "{}", engine.name);
            connection.query("SELECT `key` FROM t").unwrap_err();
        }
    }
}
