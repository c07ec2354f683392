//! What only MySQL and MariaDB do to whoever migrates them: modes that change how SQL is read,
//! tables whose rows can't be rolled back, statements that are only in part atomic.

use whimbrel::{
    connection::{Connection, Row},
    execute::{
        Answer, Difference, Report, ResolveOptions, Stop, UpOptions, UpTarget, plan_up, resolve,
        up, verify,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway, dialect_of},
    shelf::{Listener, Shelf, target},
    simulator::Simulated,
};
use whimbrel_wire::{ConnectOptions, Target};

fn go_up(connection: &mut dyn Connection, shelf: &Shelf) -> Result<Report, Stop> {
    up_with(connection, shelf, &UpOptions::default())
}

fn up_with(
    connection: &mut dyn Connection,
    shelf: &Shelf,
    options: &UpOptions,
) -> Result<Report, Stop> {
    let dialect = dialect_of(connection);
    up(&mut target(connection, dialect, shelf), options, &mut Listener::default())
}

/// What somebody else has changed, in words.
fn drift(connection: &mut dyn Connection, shelf: &Shelf) -> Vec<String> {
    let dialect = dialect_of(connection);
    let verified = verify(&mut target(connection, dialect, shelf)).unwrap();
    verified.differences.iter().flat_map(Difference::words).collect()
}

fn one(connection: &mut dyn Connection, query: &str) -> String {
    let rows: Vec<Row> = connection.query(query).unwrap();
    rows.into_iter().flatten().flatten().collect::<Vec<_>>().join(",")
}

/// A session of a server, or a user, whose mode is this one.
fn in_mode(database: &Throwaway, mode: &str) -> Box<dyn Connection> {
    let url = format!("{}?sql_mode={mode}", database.url());
    let target = Target::parse(&url, None).unwrap();
    whimbrel_wire::connect(&target, &ConnectOptions::default()).unwrap()
}

const TEXT: &str = r#"it's a \ and a "quote"\"#;

#[test]
fn texts_and_names_mean_the_same_in_every_mode() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = in_mode(&database, "ANSI,NO_BACKSLASH_ESCAPES");
        let script = r#"INSERT INTO t (v) VALUES ('it\'s a \\ and a "quote"\\'); INSERT INTO t (v) VALUES (DEFAULT)"#;
        // What a script sets holds for it, and for no one after it.
        let own = r"SET sql_mode = 'NO_BACKSLASH_ESCAPES'; INSERT INTO t (v) VALUES ('a\b'); CREATE TABLE own (v int COMMENT 'a\b'); INSERT INTO own SELECT count(*) FROM t WHERE v = 'a\b'";
        let shelf = Shelf::new([
            (
                "0001_t",
                Migration::first()
                    .create_table(
                        table("t")
                            .column("id", serial())
                            .column("v", varchar(60).default(TEXT))
                            .primary_key("id"),
                    )
                    .run_sql(sql(script).undo_nothing()),
            ),
            ("0002_own", Migration::after("0001_t").run_sql(sql(own).undo_nothing())),
            ("0003_again", Migration::after("0002_own").run_sql(sql(script).undo_nothing())),
        ]);
        go_up(&mut *connection, &shelf).unwrap_or_else(|stop| panic!("{}: {stop:#?}", engine.name));
        let values = connection.query("SELECT v FROM t ORDER BY id").unwrap();
        let text = || vec![Some(TEXT.to_owned())];
        let other = vec![Some("a\\b".to_owned())];
        assert_eq!(values, [text(), text(), other, text(), text()], "{}", engine.name);
        assert_eq!(one(&mut *connection, "SELECT v FROM own"), "1");
        // The mark of the step behind `SET` is written while that holds.
        let noted = "SELECT statement FROM whimbrel_steps WHERE migration = '0002_own' \
                     AND statement LIKE 'CREATE TABLE own%'";
        let create = r"CREATE TABLE own (v int COMMENT 'a\b')";
        assert_eq!(one(&mut *connection, noted), create, "{}", engine.name);
        assert_eq!(drift(&mut *connection, &shelf), [""; 0], "{}", engine.name);
        assert_eq!(drift(&mut *database.connect(), &shelf), [""; 0], "{}", engine.name);
    }
}

/// A statement that changes rows which no transaction takes back.
struct Loose {
    migration: &'static str,
    step: usize,
    /// How it begins.
    text: &'static str,
    /// What is more than nothing once it has had its effect.
    done: &'static str,
}

/// Of `MyISAM`'s own, by a view, in a table that is new, by a trigger.
const LOOSE: [Loose; 4] = [
    Loose {
        migration: "0002_rows",
        step: 2,
        text: "INSERT INTO loose",
        done: "SELECT count(*) FROM loose WHERE v IN (1, 2)",
    },
    Loose {
        migration: "0002_rows",
        step: 4,
        text: "INSERT INTO through",
        done: "SELECT count(*) FROM loose WHERE v = 3",
    },
    Loose {
        migration: "0003_more",
        step: 2,
        text: "INSERT INTO later",
        done: "SELECT count(*) FROM later",
    },
    Loose {
        migration: "0003_more",
        step: 3,
        text: "INSERT INTO watched",
        done: "SELECT count(*) FROM watched",
    },
];

fn loose() -> Shelf {
    let first = "CREATE TABLE loose (v int) ENGINE=MyISAM; CREATE TABLE watched (v int); \
                 CREATE TABLE kept (v int); CREATE VIEW through AS SELECT v FROM loose; \
                 CREATE TRIGGER tells AFTER INSERT ON watched FOR EACH ROW \
                 INSERT INTO loose VALUES (NEW.v)";
    let rows = "INSERT INTO kept VALUES (10); INSERT INTO loose VALUES (1), (2); \
                INSERT INTO kept SELECT v FROM loose WHERE v = 1; \
                INSERT INTO through VALUES (3); UPDATE kept SET v = v + 1";
    let more = "CREATE TABLE later (v int) ENGINE=MyISAM; INSERT INTO later VALUES (7); \
                INSERT INTO watched VALUES (5)";
    let script = |text: &str| sql(text).undo_nothing();
    Shelf::new([
        ("0001_tables", Migration::first().run_sql(script(first))),
        ("0002_rows", Migration::after("0001_tables").run_sql(script(rows))),
        ("0003_more", Migration::after("0002_rows").run_sql(script(more))),
    ])
}

/// The client dies before such a statement and behind it. It is asked about, with the truth as the
/// answer, and no other is; no row is there twice.
#[test]
fn rows_that_no_transaction_takes_back_are_asked_about_and_never_doubled() {
    let shelf = loose();
    for engine in engines::mysql_family() {
        let texts = LOOSE.iter().map(|it| (it.text, Some((it.migration, it.step))));
        let texts = texts.chain([("INSERT INTO kept", None), ("UPDATE kept", None)]);
        for ((text, expected), behind) in texts.flat_map(|it| [(it, false), (it, true)]) {
            let place = format!("{} {text} {behind}", engine.name);
            let database = engine.fresh_database();
            let first = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
            up_with(&mut *database.connect(), &shelf, &first).unwrap();
            let dying = Simulated::new(database.connect(), None);
            let mut dying = if behind { dying.dying_behind(text) } else { dying.dying_at(text) };
            go_up(&mut dying, &shelf).unwrap_err();
            drop(dying);
            let mut connection = database.connect();
            let mut asked = None;
            while let Err(stop) = go_up(&mut *connection, &shelf) {
                let Stop::Undecidable { migration, step, .. } = stop else {
                    panic!("{place}: {stop:#?}")
                };
                assert_eq!(Some((migration.as_str(), step)), expected, "{place}");
                assert_eq!(asked.replace(step), None, "{place} is asked about twice");
                settle_truly(&mut *connection, &shelf, &migration, step);
            }
            assert_eq!(asked.is_some(), expected.is_some(), "{place}");
            let rows = "SELECT (SELECT group_concat(v ORDER BY v) FROM kept), \
                        (SELECT group_concat(v ORDER BY v) FROM loose), \
                        (SELECT group_concat(v) FROM later), (SELECT group_concat(v) FROM watched)";
            assert_eq!(one(&mut *connection, rows), "2,11,1,2,3,5,7,5", "{place}");
        }
    }
}

fn settle_truly(connection: &mut dyn Connection, shelf: &Shelf, migration: &str, step: usize) {
    let loose = LOOSE.iter().find(|it| (it.migration, it.step) == (migration, step)).unwrap();
    let is_done = one(connection, loose.done) != "0";
    let answer = if is_done { Answer::Done } else { Answer::Again };
    let options = ResolveOptions { name: migration.to_owned(), step, answer };
    let dialect = dialect_of(connection);
    resolve(&mut target(connection, dialect, shelf), &options, &mut Listener::default()).unwrap();
}

/// As a server's death between two tables would leave it.
#[test]
fn a_drop_of_several_tables_that_stopped_between_two_is_finished() {
    for engine in engines::mysql_family() {
        let one_by_one = |it: &dyn Connection| !dialect_of(it).drops_together;
        if !engine.can("it drops several tables at once or none of them", one_by_one) {
            continue;
        }
        let database = engine.fresh_database();
        let mut connection = database.connect();
        // Nothing is lost by going one by one: a table that others point at is refused here too.
        connection.execute("CREATE TABLE p (id int PRIMARY KEY)").unwrap();
        connection.execute("CREATE TABLE q (id int, FOREIGN KEY (id) REFERENCES p (id))").unwrap();
        connection.execute("DROP TABLE p, q").unwrap_err();
        connection.execute("DROP TABLE IF EXISTS q, p").unwrap();
        let first = sql("CREATE TABLE a (v int); CREATE TABLE b (v int); CREATE TABLE c (v int)");
        let shelf = Shelf::new([
            ("0001_tables", Migration::first().run_sql(first)),
            ("0002_none", Migration::after("0001_tables").run_sql(sql("DROP TABLE a, b, c"))),
        ]);
        let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        up_with(&mut *connection, &shelf, &options).unwrap();
        let mut dying = Simulated::new(database.connect(), None).dying_at("DROP TABLE");
        go_up(&mut dying, &shelf).unwrap_err();
        connection.execute("DROP TABLE a").unwrap();
        let report = go_up(&mut *connection, &shelf);
        assert_eq!(report.unwrap().resumed, ["0002_none"], "{}", engine.name);
        let left = "SELECT count(*) FROM information_schema.TABLES \
                    WHERE TABLE_SCHEMA = database() AND TABLE_NAME IN ('a', 'b', 'c')";
        assert_eq!(one(&mut *connection, left), "0", "{}", engine.name);
    }
}

/// On a server that keeps names in lower case, and on one that doesn't.
#[test]
fn tables_whose_names_have_capitals_are_found_as_the_server_keeps_them() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let authors = table("Authors").column("Id", bigserial()).primary_key("Id");
        let posts = table("BlogPosts")
            .column("Id", bigserial())
            .column("AuthorId", bigint())
            .primary_key("Id")
            .foreign_key("AuthorId", to("Authors").columns("Id").name("FK_Author"));
        let shelf = Shelf::new([
            ("0001_tables", Migration::first().create_table(authors).create_table(posts)),
            (
                "0002_more",
                Migration::after("0001_tables")
                    .add_column("BlogPosts", "Title", varchar(50))
                    .drop_foreign_key("BlogPosts", "FK_Author"),
            ),
        ]);
        for count in 1..=2 {
            let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
            up_with(&mut *connection, &shelf, &options)
                .unwrap_or_else(|stop| panic!("{}: {stop:#?}", engine.name));
            assert_eq!(drift(&mut *connection, &shelf), [""; 0], "{} {count}", engine.name);
        }
        connection.execute("ALTER TABLE BlogPosts ADD COLUMN own int").unwrap();
        assert_eq!(drift(&mut *connection, &shelf).len(), 1, "{}", engine.name);
    }
}

/// A default is looked at as it is compared, so that a step whose end nobody has seen is known for done:
/// the servers write moments to the microsecond and numbers to the last digit.
#[test]
fn a_default_that_the_server_writes_otherwise_is_known_again() {
    let tables = || {
        Migration::first().create_table(
            table("days")
                .column("id", integer().primary_key())
                .column("wakes", time())
                .column("born", timestamp())
                .column("price", decimal(10, 4))
                .column("word", text()),
        )
    };
    let change = Migration::after("0001_days")
        .alter_column("days", "wakes", set().default("07:30:00"))
        .alter_column("days", "born", set().default("2024-01-31 12:30:00"))
        .alter_column("days", "price", set().default("0.5"))
        .alter_column("days", "word", set().default("Größe €"));
    let shelf = Shelf::new([("0001_days", tables()), ("0002_change", change)]);
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        let plans = {
            let mut target = target(&mut *connection, dialect, &shelf);
            plan_up(&mut target, &UpOptions::default()).unwrap()
        };
        go_up(&mut *connection, &shelf).unwrap();
        let steps = plans.iter().flat_map(|it| &it.plan.steps);
        for look in steps.flat_map(|it| &it.statement.looks) {
            let rows = connection.query(&dialect.look_query(&look.object)).unwrap();
            assert!(dialect.landed(&look.after, &rows), "{}: {look:?}: {rows:?}", engine.name);
        }
    }
}
