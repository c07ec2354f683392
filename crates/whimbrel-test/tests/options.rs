//! Options of single databases: what doesn't go together is refused before anything runs, what the
//! rows don't go with is refused by the database, and tablespaces are where they were said to be.

use whimbrel::{
    connection::Connection,
    dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE},
    execute::{DownOptions, DownTarget, UpOptions, UpTarget, down, up},
    operation::{Span, as_change},
    schema::Schema,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Listener, Shelf, target},
};

/// What the last step of a migration says to a database, where it refuses.
fn refused(dialect: &'static Dialect, migration: Migration) -> String {
    let mut before = Schema::default();
    for operation in migration.operations {
        let mut after = before.clone();
        if let Err(conflict) = as_change(&operation).apply(&mut after) {
            return conflict.to_string();
        }
        let span = Span { before: &before, after: &after };
        if let Err(refusal) = as_change(&operation).sql(dialect, span) {
            return refusal.to_string();
        }
        before = after;
    }
    String::new()
}

fn events() -> Table {
    table("events").column("id", integer().primary_key())
}

fn coded() -> Column {
    varchar(9).with(mysql::charset("ascii"))
}

fn making(table: Table) -> Migration {
    Migration::first().create_table(table)
}

#[test]
fn what_does_not_go_together_is_refused_in_words() {
    let moment = || events().column("at", timestamp());
    let pointing = || events().column("up", integer().references("events"));
    let cases: Vec<(&'static Dialect, Migration, &str)> = vec![
        (
            &SQLITE,
            making(moment().with(sqlite::strict())),
            "column `at` of the STRICT table `events`",
        ),
        (
            &SQLITE,
            making(events().with(sqlite::strict())).add_column("events", "at", date()),
            "`spelled: {sqlite: TEXT}`",
        ),
        (
            &SQLITE,
            making(moment()).alter_table("events", set_table().with(sqlite::strict())),
            "takes INTEGER, REAL, TEXT, BLOB and ANY alone",
        ),
        (
            &SQLITE,
            making(table("words").column("word", text()).with(sqlite::without_rowid())),
            "its rows stand in the primary key; give it one",
        ),
        (
            &SQLITE,
            making(events().with(sqlite::without_rowid())).drop_primary_key("events"),
            "its rows stand in the primary key; give it one",
        ),
        (
            &SQLITE,
            making(table("n").column("id", serial().primary_key()).with(sqlite::without_rowid())),
            "`id` is numbered, and the number is the rowid",
        ),
        (
            &SQLITE,
            making(events().column("at", timestamp().auto_update()).with(sqlite::without_rowid())),
            "which finds its row by the rowid",
        ),
        (
            &MYSQL,
            making(pointing().with(mysql::engine("MyISAM"))),
            "the engine myisam reads foreign keys",
        ),
        (
            &MARIADB,
            making(pointing().with(mariadb::engine("Aria"))),
            "the engine aria reads foreign keys",
        ),
        (
            &MYSQL,
            making(pointing()).alter_table("events", set_table().with(mysql::engine("MEMORY"))),
            "the engine memory reads foreign keys",
        ),
        (
            &MYSQL,
            making(events().with(mysql::key_block_size(8)).with(mysql::row_format("Redundant"))),
            "say `row_format: compressed`",
        ),
        (
            &POSTGRES,
            making(events().with(postgres::unlogged()))
                .create_table(table("seen").column("id", integer().references("events"))),
            "make both unlogged, or neither",
        ),
        (
            &POSTGRES,
            making(events())
                .create_table(table("seen").column("id", integer().references("events")))
                .alter_table("events", set_table().with(postgres::unlogged())),
            "make both unlogged, or neither",
        ),
        (
            &POSTGRES,
            making(events().with(postgres::fillfactor(7))),
            "option `postgres fillfactor` of `events` takes a whole number from 10 to 100, and not `7`",
        ),
        (
            &POSTGRES,
            making(events()).alter_table("events", set_table().without(Postgres, "filfactor")),
            "Postgres has no option `filfactor` of a table such as `events`; there are: `fillfactor`",
        ),
        (
            &POSTGRES,
            making(events()).alter_table("events", set_table().without(ClickHouse, "engine")),
            "there are: none",
        ),
        (
            &POSTGRES,
            making(events().column("n", integer().with(postgres::storage("external")))),
            "`storage: external` of column `n` is not possible: its values are all of one size",
        ),
        (
            &POSTGRES,
            making(events()).alter_column("events", "id", set().with(postgres::compression("lz4"))),
            "`compression: lz4` of column `id`",
        ),
        (
            &POSTGRES,
            making(events().column("body", text().with(postgres::storage("external"))))
                .alter_column("events", "body", set().data_type(uuid()).using("null")),
            "`storage: external` of column `body`",
        ),
        (
            &POSTGRES,
            making(events()).add_column(
                "events",
                "n",
                integer().with(postgres::statistics(10_001)),
            ),
            "option `postgres statistics` of `n` in `events` takes a whole number from 0 to 10000",
        ),
        (
            &POSTGRES,
            making(events()).alter_column("events", "id", set().without(Postgres, "fillfactor")),
            "Postgres has no option `fillfactor` of a column such as `id` in `events`",
        ),
        (
            &MYSQL,
            making(events().with(mysql::charset("latin1")).with(mysql::collation("utf8mb4_bin"))),
            "it is one of the character set utf8mb4, and the character set is to be latin1",
        ),
        (
            &MARIADB,
            making(events().column("n", coded().collation(on(Mysql, "latin1_bin")))),
            "the collation latin1_bin of column `n`",
        ),
        (
            &MYSQL,
            making(events().column("n", integer().with(mysql::charset("ascii")))),
            "the character set ascii of column `n` is not possible: its values are no texts",
        ),
        (
            &POSTGRES,
            making(
                events()
                    .column("name", varchar(80))
                    .with(postgres::toast_autovacuum_enabled(false)),
            ),
            "`toast_autovacuum_enabled` of `events` is not possible: it has no column whose values",
        ),
        (
            &MYSQL,
            making(events().with(mysql::charset("utf9"))),
            "option `mysql charset` of `events` takes `utf8mb4`, ",
        ),
        (
            &MYSQL,
            making(table("codes").column("code", varchar(9).primary_key()))
                .create_table(table("uses").column("code", varchar(9).references("codes")))
                .alter_table("codes", set_table().with(mysql::charset("ascii"))),
            "foreign key `fk_uses_code` ties `code` to a column of the same collation",
        ),
        (
            &MYSQL,
            making(table("codes").column("code", varchar(9).primary_key())).create_table(
                table("uses")
                    .column("code", varchar(9).references("codes"))
                    .with(mysql::charset("ascii")),
            ),
            "have different collations; give both the same",
        ),
    ];
    for (dialect, migration, words) in cases {
        let found = refused(dialect, migration);
        assert!(found.contains(words), "{words}: {found:?}");
    }
    // What another database is told is nobody else's business.
    for dialect in [&POSTGRES, &MYSQL, &MARIADB] {
        assert_eq!(refused(dialect, making(moment().with(sqlite::strict()))), "");
    }
    assert_eq!(refused(&MYSQL, making(pointing().with(mariadb::engine("Aria")))), "");
}

#[test]
fn rows_of_other_types_keep_a_table_from_becoming_strict() {
    let engine = engines::sqlite().remove(0);
    let database = engine.fresh_database();
    let mut connection = database.connect();
    let shelf = Shelf::new([
        ("0001_events", making(events().column("weight", integer()))),
        (
            "0002_strict",
            Migration::after("0001_events")
                .alter_table("events", set_table().with(sqlite::strict())),
        ),
    ]);
    let first = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
    let run = |connection: &mut dyn Connection| {
        let mut target = target(connection, &SQLITE, &shelf);
        up(&mut target, &first, &mut Listener::default()).map(drop).map_err(|it| it.to_string())
    };
    run(&mut *connection).unwrap();
    connection.execute("INSERT INTO events (id, weight) VALUES (1, 'heavy')").unwrap();
    let refused = run(&mut *connection).unwrap_err();
    assert!(refused.contains("cannot store TEXT value in INTEGER column"), "{refused}");
    let kept = connection.query("SELECT weight FROM events").unwrap();
    assert_eq!(kept[0][0].as_deref(), Some("heavy"));
    connection.execute("UPDATE events SET weight = 7").unwrap();
    run(&mut *connection).unwrap();
    let strict = "SELECT strict FROM pragma_table_list('events')";
    assert_eq!(connection.query(strict).unwrap()[0][0].as_deref(), Some("1"));
}

#[test]
fn a_table_stands_in_the_tablespace_that_it_was_told() {
    for engine in engines::postgres() {
        // A developers' setting of 15 and newer makes one without a folder of its own.
        let since_15 = |it: &dyn Connection| it.server().version.major >= 15;
        if !engine.can("a tablespace needs a folder on the server before PostgreSQL 15", since_15) {
            continue;
        }
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let space = "whimbrel test \"space\"";
        let quoted = POSTGRES.quote(space);
        connection.execute("SET allow_in_place_tablespaces = on").unwrap();
        connection.execute(&format!("CREATE TABLESPACE {quoted} LOCATION ''")).unwrap();
        let shelf = Shelf::new([
            ("0001_events", making(events().with(postgres::tablespace(space)))),
            (
                "0002_usual",
                Migration::after("0001_events")
                    .alter_table("events", set_table().without(Postgres, "tablespace")),
            ),
        ]);
        let place = |connection: &mut dyn Connection| {
            let query = "SELECT (SELECT spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) \
                         FROM pg_class c WHERE relname = 'events'";
            connection.query(query).unwrap()[0][0].clone()
        };
        let dialect = dialect_of(&*connection);
        let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let mut found = Vec::new();
        for _ in 0..2 {
            up(&mut target(&mut *connection, dialect, &shelf), &one, &mut Listener::default())
                .unwrap();
            found.push(place(&mut *connection));
        }
        let back = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
        down(&mut target(&mut *connection, dialect, &shelf), &back, &mut Listener::default())
            .unwrap();
        found.push(place(&mut *connection));
        connection.execute("DROP TABLE events").unwrap();
        connection.execute(&format!("DROP TABLESPACE {quoted}")).unwrap();
        assert_eq!(found, [Some(space.to_owned()), None, Some(space.to_owned())]);
    }
}

#[test]
fn long_values_are_compressed_as_they_were_told_where_the_server_knows_how() {
    let making = || {
        let body = || text().with(postgres::compression("pglz"));
        Shelf::new([
            ("0001_events", making(events().column("body", body()))),
            (
                "0002_longer",
                Migration::after("0001_events")
                    .add_column("events", "more", bounded_text(90).with(postgres::storage("main")))
                    .alter_column("events", "body", set().data_type(varchar(900))),
            ),
            (
                "0003_usual",
                Migration::after("0002_longer").alter_column(
                    "events",
                    "body",
                    set().without(Postgres, "compression"),
                ),
            ),
        ])
    };
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let (dialect, shelf) = (dialect_of(&*connection), making());
        let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let run = |connection: &mut dyn Connection| {
            let mut target = target(connection, dialect, &shelf);
            up(&mut target, &one, &mut Listener::default())
                .map(drop)
                .map_err(|it| (it.to_string(), it.exit_code()))
        };
        if connection.server().version.major < 14 {
            let (refused, code) = run(&mut *connection).unwrap_err();
            assert!(refused.contains("the option `compression`"), "{refused}");
            assert!(refused.contains("has it since 14.0, and this server is 13."), "{refused}");
            assert_eq!(code, 3);
            let tables = "SELECT count(*) FROM pg_class WHERE relname = 'events'";
            assert_eq!(connection.query(tables).unwrap()[0][0].as_deref(), Some("0"));
            continue;
        }
        let mut found = Vec::new();
        for _ in 0..3 {
            run(&mut *connection).unwrap();
            let query = "SELECT attcompression FROM pg_attribute WHERE attname = 'body' AND \
                         attrelid = 'events'::regclass";
            found.push(connection.query(query).unwrap()[0][0].clone().unwrap());
        }
        assert_eq!(found, ["p", "p", ""]);
    }
}

#[test]
fn rows_are_kept_by_the_access_method_that_a_table_was_told() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        connection
            .execute("CREATE ACCESS METHOD \"own heap\" TYPE TABLE HANDLER heap_tableam_handler")
            .unwrap();
        let dialect = dialect_of(&*connection);
        let shelf = Shelf::new([
            ("0001_events", making(events().with(postgres::access_method("own heap")))),
            (
                "0002_usual",
                Migration::after("0001_events")
                    .alter_table("events", set_table().without(Postgres, "access_method")),
            ),
        ]);
        let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let run = |connection: &mut dyn Connection| {
            let mut target = target(connection, dialect, &shelf);
            up(&mut target, &one, &mut Listener::default())
                .map(drop)
                .map_err(|it| (it.to_string(), it.exit_code()))
        };
        let method = |connection: &mut dyn Connection| {
            let query = "SELECT amname FROM pg_am a JOIN pg_class c ON a.oid = c.relam \
                         WHERE relname = 'events'";
            connection.query(query).unwrap()[0][0].clone().unwrap()
        };
        run(&mut *connection).unwrap();
        assert_eq!(method(&mut *connection), "own heap");
        let changes = connection.server().version.major >= 15;
        match run(&mut *connection) {
            Ok(()) => assert!(changes && method(&mut *connection) == "heap"),
            Err((refused, code)) => {
                assert!(!changes && refused.contains("has it since 15.0"), "{refused}");
                assert_eq!((code, method(&mut *connection).as_str()), (3, "own heap"));
            }
        }
    }
}
