//! The executor on real SQLite: what it applies, takes back, refuses and survives.

use std::fmt::Write as _;

use whimbrel::{
    connection::Connection,
    dialect::{Ddl, Dialect, POSTGRES, SQLITE},
    execute::{DownOptions, DownTarget, Report, Stop, UpOptions, UpTarget, down, status, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::{Death, Side, Simulated},
};
use whimbrel_wire::{ConnectOptions, connect};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

fn shop() -> Shelf {
    Shelf::new([
        (
            "0001_users",
            Migration::first()
                .create_table(
                    table("users")
                        .column("id", serial().primary_key())
                        .column("email", varchar(200).not_null()),
                )
                .add_index("users", index("users_email_ix").on("email").unique()),
        ),
        (
            "0002_orders",
            Migration::after("0001_users")
                .create_table(
                    table("orders")
                        .column("id", serial().primary_key())
                        .column("user_id", integer().not_null().references("users")),
                )
                .run_sql(
                    sql("INSERT INTO users (email) VALUES ('a@example.org')")
                        .undo("DELETE FROM users WHERE email = 'a@example.org'"),
                )
                .create_table(table("notes").column("body", text())),
        ),
    ])
}

fn all() -> UpOptions {
    UpOptions::default()
}

fn everything() -> DownOptions {
    DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() }
}

fn run_up(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    up(&mut target(connection, dialect, shelf), &all(), &mut Listener::default())
}

fn run_down(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    down(&mut target(connection, dialect, shelf), &everything(), &mut Listener::default())
}

/// Everything that a user could see: schema, rows, and what the history says is applied.
fn dump(database: &Throwaway) -> String {
    let mut connection = database.connect();
    let mut text = String::new();
    let objects = connection
        .query("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE 'whimbrel%' AND tbl_name NOT LIKE 'whimbrel%' ORDER BY name")
        .unwrap();
    for object in objects {
        writeln!(text, "{object:?}").unwrap();
        let name = object[0].clone().unwrap();
        if object[1].as_deref().is_some_and(|it| it.starts_with("CREATE TABLE")) {
            let rows = connection.query(&format!("SELECT * FROM \"{name}\"")).unwrap();
            writeln!(text, "{rows:?}").unwrap();
        }
    }
    let history =
        connection.query("SELECT name, state, how FROM whimbrel_migrations ORDER BY name");
    for row in history.unwrap_or_default() {
        if row[1].as_deref() != Some("reverted") {
            writeln!(text, "{row:?}").unwrap();
        }
    }
    text
}

fn fresh() -> Throwaway {
    engines::sqlite().remove(0).fresh_database()
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let (database, shelf) = (fresh(), shop());
    let mut connection = database.connect();
    let first = run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    assert_eq!(first.migrations, ["0001_users", "0002_orders"]);
    let second = run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    assert_eq!(second, Report::default());
}

#[test]
fn what_is_taken_back_leaves_nothing_behind() {
    let (database, shelf) = (fresh(), shop());
    let empty = dump(&database);
    let mut connection = database.connect();
    run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    let full = dump(&database);
    let report = run_down(&mut *connection, &SQLITE, &shelf).unwrap();
    assert_eq!(report.migrations, ["0002_orders", "0001_users"]);
    assert_eq!(dump(&database), empty);
    run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    assert_eq!(dump(&database), full);
}

#[test]
fn up_goes_no_further_than_asked() {
    let (database, shelf) = (fresh(), shop());
    let mut connection = database.connect();
    let options = UpOptions { target: UpTarget::Named("0001".into()), ..all() };
    let mut listener = Listener::default();
    let report =
        up(&mut target(&mut *connection, &SQLITE, &shelf), &options, &mut listener).unwrap();
    assert_eq!(report.migrations, ["0001_users"]);
    let options = UpOptions { target: UpTarget::Named("nonsense".into()), ..all() };
    let stop =
        up(&mut target(&mut *connection, &SQLITE, &shelf), &options, &mut listener).unwrap_err();
    assert!(matches!(stop, Stop::Lookup(_)), "{stop}");
    assert_eq!(stop.exit_code(), 2);
}

#[test]
fn rows_at_stake_are_asked_about() {
    let (database, shelf) = (fresh(), shop());
    let mut connection = database.connect();
    run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    let before = dump(&database);
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: false, ..DownOptions::default() };
    let stop =
        down(&mut target(&mut *connection, &SQLITE, &shelf), &options, &mut Listener::default())
            .unwrap_err();
    assert_eq!(stop.to_string(), "this would lose the rows of `users`");
    assert_eq!(stop.exit_code(), 4);
    assert_eq!(dump(&database), before);
}

#[test]
fn a_database_with_tables_and_no_history_is_left_alone() {
    let (database, shelf) = (fresh(), shop());
    let mut connection = database.connect();
    connection.execute("CREATE TABLE theirs (id integer)").unwrap();
    let before = dump(&database);
    let stop = run_up(&mut *connection, &SQLITE, &shelf).unwrap_err();
    assert!(matches!(stop, Stop::NoHistory(_)), "{stop}");
    assert_eq!(dump(&database), before);
    let tables = connection.query("SELECT count(*) FROM sqlite_master").unwrap();
    assert_eq!(tables, [[Some("1".to_owned())]], "nothing of ours may be created");
    let options = UpOptions { into_existing: true, ..all() };
    let mut listener = Listener::default();
    up(&mut target(&mut *connection, &SQLITE, &shelf), &options, &mut listener).unwrap();
}

#[test]
fn status_creates_nothing() {
    let (database, shelf) = (fresh(), shop());
    let mut connection = database.connect();
    let status = status(&mut target(&mut *connection, &SQLITE, &shelf)).unwrap();
    assert_eq!(status.pending().count(), 2);
    let tables = connection.query("SELECT count(*) FROM sqlite_master").unwrap();
    assert_eq!(tables, [[Some("0".to_owned())]]);
}

/// Kills the client at every call, on both sides of its effect, and runs again.
fn survives_every_death(dialect: &'static Dialect) {
    let shelf = shop();
    let connect = |database: &Throwaway, death| {
        let simulated = Simulated::new(database.connect(), death);
        if dialect.ddl == Ddl::Autocommit { simulated.autocommitting() } else { simulated }
    };
    let undisturbed = fresh();
    let mut connection = connect(&undisturbed, None);
    run_up(&mut connection, dialect, &shelf).unwrap();
    let (calls_up, full) = (connection.calls(), dump(&undisturbed));
    let mut connection = connect(&undisturbed, None);
    run_down(&mut connection, dialect, &shelf).unwrap();
    let (calls_down, empty) = (connection.calls(), dump(&undisturbed));
    assert!(calls_up > 5 && calls_down > 5);

    for (calls, going_up) in [(calls_up, true), (calls_down, false)] {
        for call in 0..calls {
            for side in [Side::Before, Side::After] {
                let database = fresh();
                if !going_up {
                    run_up(&mut connect(&database, None), dialect, &shelf).unwrap();
                }
                let run = if going_up { run_up } else { run_down };
                let mut dying = connect(&database, Some(Death { call, side }));
                let result = run(&mut dying, dialect, &shelf);
                let words =
                    format!("{} killed {side:?} call {call}", if going_up { "up" } else { "down" });
                assert!(dying.is_dead(), "{words}: it went on");
                if let Err(stop) = result {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                drop(dying);
                if let Err(stop) = run(&mut connect(&database, None), dialect, &shelf) {
                    panic!("{words}: the next run stopped: {stop}");
                }
                let expected = if going_up { &full } else { &empty };
                assert_eq!(&dump(&database), expected, "{words}");
            }
        }
    }
}

#[test]
fn a_client_killed_at_any_call_is_survived_where_schema_changes_are_transactional() {
    survives_every_death(&SQLITE);
}

#[test]
fn a_client_killed_at_any_call_is_survived_where_schema_changes_commit_by_themselves() {
    survives_every_death(&AUTOCOMMIT);
}

/// PostgreSQL leaves an unusable index behind when a concurrent build is refused or dies; with
/// `IF NOT EXISTS` over it the next build would look like a success.
#[test]
fn an_index_whose_concurrent_build_was_refused_is_dropped_and_built_again() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let shelf = Shelf::new([(
            "0001_index",
            Migration::first()
                .create_table(table("t").column("v", integer()))
                .run_sql("INSERT INTO t VALUES (1), (1)")
                .run_sql(sql("CREATE UNIQUE INDEX CONCURRENTLY t_v_key ON t (v)").undo_nothing())
                .create_table(table("after").column("v", integer())),
        )]);
        let valid = |connection: &mut dyn Connection| {
            connection
                .query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_v_key'::regclass")
        };
        let stop = run_up(&mut *connection, &POSTGRES, &shelf).unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 3, kept: 2, .. }), "{stop:?}");
        assert_eq!(valid(&mut *connection).unwrap(), [[Some("f".to_owned())]]);
        connection.execute("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)").unwrap();
        let report = run_up(&mut *connection, &POSTGRES, &shelf).unwrap();
        assert_eq!(report.resumed, ["0001_index"]);
        assert_eq!(valid(&mut *connection).unwrap(), [[Some("t".to_owned())]]);
        connection.query("SELECT * FROM after").unwrap();
    }
}

#[test]
fn rows_at_stake_are_found_under_the_name_that_a_later_migration_gave_their_table() {
    let database = fresh();
    let shelf = Shelf::new([
        ("0001_users", Migration::first().create_table(table("users").column("id", integer()))),
        ("0002_people", Migration::after("0001_users").rename_table("users", "people")),
    ]);
    let mut connection = database.connect();
    run_up(&mut *connection, &SQLITE, &shelf).unwrap();
    connection.execute("INSERT INTO people VALUES (1)").unwrap();
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: false, ..DownOptions::default() };
    let stop =
        down(&mut target(&mut *connection, &SQLITE, &shelf), &options, &mut Listener::default())
            .unwrap_err();
    assert!(matches!(stop, Stop::DataAtStake { .. }), "{stop}");
    let rows = connection.query("SELECT id FROM users").unwrap();
    assert_eq!(rows, [[Some("1".to_owned())]]);
}

/// A mark that the database refuses for another reason than that it stands there already.
#[test]
fn a_mark_that_can_never_be_set_is_told_and_not_tried_for_ever() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = Dialect::of_product(&connection.server().product).unwrap();
        let shelf = Shelf::new([(
            "n".repeat(300),
            Migration::first().create_table(table("t").column("v", integer())),
        )]);
        let stop = run_up(&mut *connection, dialect, &shelf).unwrap_err();
        assert_eq!(stop.exit_code(), 3, "{stop}");
        assert!(connection.query("SELECT * FROM t").is_err(), "nothing may have run");
    }
}

/// `MODIFY COLUMN` forgets whatever it doesn't say, so it has to say what the column is now.
#[test]
fn a_modified_column_keeps_what_no_migration_said_of_it() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = Dialect::of_product(&connection.server().product).unwrap();
        let first = Migration::first().create_table(
            table("t").column("id", integer().primary_key()).column("name", varchar(50)),
        );
        run_up(&mut *connection, dialect, &Shelf::new([("0001_t", first.clone())])).unwrap();
        connection
            .execute(
                "ALTER TABLE t MODIFY name varchar(50) CHARACTER SET latin1 COLLATE latin1_bin \
                 NOT NULL DEFAULT 'it''s' COMMENT 'a \\\\ and a ''quote'''",
            )
            .unwrap();
        let definition = |connection: &mut dyn Connection| {
            let rows = connection.query("SHOW CREATE TABLE t").unwrap();
            rows[0][1].clone().unwrap()
        };
        let before = definition(&mut *connection);
        let shelf = Shelf::new([
            ("0001_t", first),
            (
                "0002_longer",
                Migration::after("0001_t").alter_column("t", "name", set().data_type(varchar(80))),
            ),
        ]);
        run_up(&mut *connection, dialect, &shelf).unwrap();
        let expected = before.replace("varchar(50)", "varchar(80)");
        assert_eq!(definition(&mut *connection), expected, "{}", engine.name);
        let options = DownOptions {
            target: DownTarget::Count(1),
            allow_data_loss: true,
            ..DownOptions::default()
        };
        down(&mut target(&mut *connection, dialect, &shelf), &options, &mut Listener::default())
            .unwrap();
        assert_eq!(definition(&mut *connection), before, "{}", engine.name);
    }
}

/// Migrations that share a transaction on a new database still don't share a session.
#[test]
fn what_one_migration_sets_in_the_session_does_not_reach_the_next() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let shelf = Shelf::new([
            (
                "0001_elsewhere",
                Migration::first()
                    .run_sql(sql("CREATE SCHEMA elsewhere; SET search_path TO elsewhere; CREATE TABLE a (v int)").undo_nothing()),
            ),
            (
                "0002_here",
                Migration::after("0001_elsewhere").create_table(table("b").column("v", integer())),
            ),
        ]);
        run_up(&mut *connection, &POSTGRES, &shelf).unwrap();
        for there in ["elsewhere.a", "public.b"] {
            connection.query(&format!("SELECT v FROM {there}")).unwrap();
        }
    }
}

/// Putting a session back is putting it back to how the URL wants it.
#[test]
fn a_session_is_put_back_to_how_it_was_opened() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        database.connect().execute("CREATE SCHEMA app").unwrap();
        let mut address = database.target().clone();
        address.set_parameter("search_path", "app").unwrap();
        let mut connection = connect(&address, &ConnectOptions::default()).unwrap();
        let shelf = Shelf::new([
            ("0001_settings", Migration::first().run_sql("SET search_path TO public")),
            (
                "0002_here",
                Migration::after("0001_settings").create_table(table("b").column("v", integer())),
            ),
        ]);
        run_up(&mut *connection, &POSTGRES, &shelf).unwrap();
        for there in ["app.b", "app.whimbrel_migrations"] {
            connection.query(&format!("SELECT * FROM {there}")).unwrap();
        }
    }
}
