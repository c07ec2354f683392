//! What becomes of a step that nobody lived to mark, where the kill tests alone don't show it: the
//! look at the catalog and what contradicts it, the plan that is stored, a question of the user's.

use whimbrel::{
    connection::Connection,
    dialect::{Ddl, Dialect, SQLITE, Types},
    execute::{Answer, Report, ResolveOptions, Stop, UpOptions, resolve, up},
    schema::ColumnType,
    sql::Unsupported,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::Simulated,
};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

/// The same as another version of whimbrel would write for it.
static OTHER: Dialect = Dialect { types: Types { name: other_name, ..SQLITE.types }, ..AUTOCOMMIT };

fn other_name(data_type: &ColumnType) -> Result<String, Unsupported> {
    (SQLITE.types.name)(data_type).map(|it| it.replace("INTEGER", "INT8"))
}

fn go_up(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
) -> Result<Report, Stop> {
    let mut target = target(connection, dialect, shelf);
    up(&mut target, &UpOptions::default(), &mut Listener::default())
}

fn settle(database: &Throwaway, shelf: &Shelf, answer: Answer) -> Result<String, Stop> {
    let mut connection = simulated(database);
    let options = ResolveOptions { name: "0001".to_owned(), step: 2, answer };
    let mut target = target(&mut connection, &AUTOCOMMIT, shelf);
    resolve(&mut target, &options, &mut Listener::default())
}

fn sqlite() -> Throwaway {
    engines::sqlite().remove(0).fresh_database()
}

fn simulated(database: &Throwaway) -> Simulated {
    Simulated::new(database.connect(), None).autocommitting()
}

fn script(text: &str) -> Shelf {
    Shelf::new([("0001_x", Migration::first().run_sql(sql(text)))])
}

fn values(database: &Throwaway, query: &str) -> String {
    let rows = database.connect().query(query).unwrap();
    rows.into_iter().flatten().flatten().collect::<Vec<_>>().join(",")
}

#[test]
fn the_stored_plan_is_finished_where_another_build_would_write_other_sql() {
    let database = sqlite();
    let of = |name: &str| table(name).column("n", integer());
    let first = Migration::first().create_table(of("a")).create_table(of("b"));
    let next = Migration::after("0001_ab").create_table(of("c"));
    let shelf = Shelf::new([("0001_ab", first), ("0002_c", next)]);
    let mut dying = simulated(&database).dying_at("CREATE TABLE \"b\"");
    go_up(&mut dying, &AUTOCOMMIT, &shelf).unwrap_err();
    let report = go_up(&mut simulated(&database), &OTHER, &shelf).unwrap();
    assert_eq!(report.resumed, ["0001_ab"]);
    let types = "SELECT type FROM pragma_table_info('TABLE')";
    let type_of = |table: &str| values(&database, &types.replace("TABLE", table));
    assert_eq!(["a", "b", "c"].map(type_of), ["INTEGER", "INTEGER", "INT8"]);
}

const RENAMED: &str = "CREATE TABLE a (b integer); ALTER TABLE a RENAME COLUMN b TO c";

/// Somebody has been there between the kill and the next run.
#[test]
fn what_is_neither_as_it_was_nor_as_it_will_be_is_shown_and_asked_about() {
    for (answer, by_hand) in [
        (Answer::Again, "ALTER TABLE a DROP COLUMN c"),
        (Answer::Done, "ALTER TABLE a DROP COLUMN b"),
    ] {
        let database = sqlite();
        let shelf = script(RENAMED);
        let mut dying = simulated(&database).dying_at("ALTER TABLE a RENAME");
        go_up(&mut dying, &AUTOCOMMIT, &shelf).unwrap_err();
        database.connect().execute("ALTER TABLE a ADD COLUMN c text").unwrap();
        for _ in 0..2 {
            let stop = go_up(&mut simulated(&database), &AUTOCOMMIT, &shelf).unwrap_err();
            assert_eq!(stop.exit_code(), 4, "{stop}");
            let Stop::Neither { step: 2, object, before, now, .. } = &stop else {
                panic!("{stop:?}")
            };
            assert!(object.contains('b'), "{object}");
            assert_eq!(before, now, "it is still there");
            let hint = stop.hint().unwrap();
            assert!(hint.contains("`whimbrel resolve 0001_x --step 2 --done`"), "{hint}");
        }
        database.connect().execute(by_hand).unwrap();
        if answer == Answer::Done {
            // By now the database shows it by itself, and nothing is asked any more.
            go_up(&mut simulated(&database), &AUTOCOMMIT, &shelf).unwrap();
        } else {
            settle(&database, &shelf, answer).unwrap();
            go_up(&mut simulated(&database), &AUTOCOMMIT, &shelf).unwrap();
        }
        assert_eq!(values(&database, "SELECT name FROM pragma_table_info('a')"), "c");
    }
}

#[test]
fn an_answer_that_the_database_contradicts_is_refused() {
    for (has_run, wrong, right, says) in [
        (false, Answer::Done, Answer::Again, "has not run"),
        (true, Answer::Again, Answer::Done, "has run"),
    ] {
        let database = sqlite();
        let shelf = script(RENAMED);
        let dying = simulated(&database);
        let statement = "ALTER TABLE a RENAME";
        let mut dying =
            if has_run { dying.dying_behind(statement) } else { dying.dying_at(statement) };
        go_up(&mut dying, &AUTOCOMMIT, &shelf).unwrap_err();
        let stop = settle(&database, &shelf, wrong).unwrap_err();
        assert_eq!(stop.exit_code(), 2, "{stop}");
        assert!(stop.to_string().ends_with(says), "{stop}");
        settle(&database, &shelf, right).unwrap();
        go_up(&mut simulated(&database), &AUTOCOMMIT, &shelf).unwrap();
        assert_eq!(values(&database, "SELECT name FROM pragma_table_info('a')"), "c");
    }
}

/// In a migration in Rust, and with every answer that a query can give.
#[test]
fn a_question_of_the_users_tells_what_nobody_else_can() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let is_postgres = engine.name.starts_with("postgres");
        let procedure = if is_postgres {
            "CREATE PROCEDURE bump() LANGUAGE sql AS 'UPDATE counter SET n = n + 1'"
        } else {
            "CREATE PROCEDURE bump() UPDATE counter SET n = n + 1"
        };
        for (behind, question) in [
            (false, "SELECT n > 0 FROM counter"),
            (true, "SELECT n > 0 FROM counter"),
            (true, "SELECT 'yes' FROM counter WHERE n > 0"),
            (false, "SELECT NULL"),
        ] {
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let dialect = Dialect::of_product(&connection.server().product).unwrap();
            for text in ["CREATE TABLE counter (n integer)", "INSERT INTO counter VALUES (0)"] {
                connection.execute(text).unwrap();
            }
            connection.execute(procedure).unwrap();
            let call = Migration::after("0001_x").run_sql(sql("CALL bump()").done_when(question));
            let shelf = |table: &str| {
                let first =
                    Migration::first().run_sql(sql(format!("CREATE TABLE {table} (n int)")));
                // In a transaction there would be nothing to ask.
                Shelf::new([("0001_x", first), ("0002_call", call.clone().no_transaction())])
            };
            let options = UpOptions { into_existing: true, ..UpOptions::default() };
            let run = |connection: &mut dyn Connection| {
                let shelf = shelf("a");
                let mut target = target(connection, dialect, &shelf);
                up(&mut target, &options, &mut Listener::default())
            };
            let dying = Simulated::new(database.connect(), None);
            let mut dying =
                if behind { dying.dying_behind("CALL") } else { dying.dying_at("CALL") };
            run(&mut dying).unwrap_err();
            run(&mut *connection).unwrap();
            let found = values(&database, "SELECT n FROM counter");
            assert_eq!(found, "1", "{}: {question}", engine.name);
        }
    }
}

/// SQLite's rebuild of a table runs with foreign keys unenforced.
#[test]
fn a_rebuild_is_taken_back_if_rows_would_point_into_the_void_and_only_then() {
    let first = || {
        Migration::first()
            .create_table(table("a").column("id", integer().primary_key()))
            .create_table(
                table("b")
                    .column("id", integer().primary_key())
                    .column("a_id", integer().references("a"))
                    .column("c_id", integer())
                    .column("note", varchar(20)),
            )
    };
    let next = |change: Migration| Shelf::new([("0001_ab", first()), ("0002_change", change)]);
    let altered = Migration::after("0001_ab").alter_column("b", "note", set().not_null());
    let keyed = Migration::after("0001_ab").add_foreign_key("b", "c_id", to("a"));
    for (row, change, refused) in [
        // It pointed into the void before.
        ("1, 7, NULL, 'x'", altered, false),
        ("1, NULL, 7, 'x'", keyed, true),
    ] {
        let database = sqlite();
        let mut connection = database.connect();
        go_up(&mut *connection, &SQLITE, &Shelf::new([("0001_ab", first())])).unwrap();
        connection.execute("PRAGMA foreign_keys = OFF").unwrap();
        connection.execute(&format!("INSERT INTO b VALUES ({row})")).unwrap();
        connection.execute("PRAGMA foreign_keys = ON").unwrap();
        let before = values(&database, "SELECT sql FROM sqlite_schema WHERE name = 'b'");
        let result = go_up(&mut *connection, &SQLITE, &next(change));
        let after = values(&database, "SELECT sql FROM sqlite_schema WHERE name = 'b'");
        assert_eq!(values(&database, "SELECT count(*) FROM b"), "1");
        if refused {
            let stop = result.unwrap_err();
            assert_eq!(stop.exit_code(), 3, "{stop}");
            let Stop::Step { error, .. } = &stop else { panic!("{stop:?}") };
            assert!(error.message.contains("rows would point at rows that aren't there"), "{stop}");
            assert_eq!(before, after);
        } else {
            result.unwrap();
            assert!(after.contains("NOT NULL"), "{after}");
        }
        let enforced = connection.query("PRAGMA foreign_keys").unwrap();
        assert_eq!(enforced, [[Some("1".to_owned())]]);
    }
}
