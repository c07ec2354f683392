//! Rows that a migration writes by their key: what they replace comes back when it is taken back,
//! on every engine, whatever the values are, and whenever the client dies.

use std::fs;

use whimbrel::{
    connection::{Connection, Row},
    dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE},
    execute::{self, DownOptions, DownTarget, Stop, UpOptions},
    operation::{Span, as_change},
    schema::Schema,
    sql::{Body, Statement},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, run_down, run_up, target},
    simulator::{Death, SERVER, Side, open, simulated},
};

fn everything() -> Table {
    table("things")
        .column("id", integer().primary_key())
        .column("name", varchar(50))
        .column("words", text())
        .column("big", bigint())
        .column("price", decimal(30, 6))
        .column("rate", double())
        .column("single", float())
        .column("ok", boolean())
        .column("day", date())
        .column("hour", time())
        .column("made", timestamp())
        .column("seen", timestamptz())
        .column("token", uuid())
        .column("data", json())
        .column("raw", bytes())
        .column("kept", varchar(20).default("as it was"))
}

const COLUMNS: [&str; 15] = [
    "id", "name", "words", "big", "price", "rate", "single", "ok", "day", "hour", "made", "seen",
    "token", "data", "raw",
];

/// What is there before: each kind of value that is easily lost.
const BEFORE: [&str; 3] = [
    "INSERT INTO things (id, name, words, big, price, rate, single, ok, day, hour, made, seen, token, data, kept) \
     VALUES (1, 'it''s \"q\" {}', '[1, null]', 9007199254740993, 123456789012345678901234.000001, \
     0.30000000000000004, 0.1, TRUE, '2024-02-29', '23:59:58', '2024-02-29 23:59:58.123456', \
     '2024-02-29 22:00:00', '7b2e4a51-6a4e-4d4b-9d0c-6d6a1c6c4f11', '{\"b\": [1, \"null\"], \"a\": null}', 'mine')",
    "INSERT INTO things (id, name, words, big) VALUES (2, 'null', '', -1)",
    "INSERT INTO things (id, name) VALUES (4, 'a bystander')",
];

fn write_all() -> Migration {
    let row = |id: i64| {
        (
            id,
            "new",
            "new\nlines",
            1,
            "0.5",
            "2.5",
            "0.25",
            false,
            "2020-01-01",
            "00:00:01",
            "2020-01-01 00:00:01",
            "2020-01-01 00:00:01",
            "00000000-0000-4000-8000-000000000000",
            "{}",
            hex("00ff27"),
        )
    };
    Migration::after("0001_things")
        .upsert(rows("things").key("id").columns(COLUMNS).row(row(1)).row(row(2)).row(row(3)))
}

fn shelf() -> Shelf {
    let first = Migration::first().create_table(everything());
    Shelf::new([("0001_things", first), ("0002_rows", write_all())])
}

fn first_only() -> Shelf {
    Shelf::new([("0001_things", Migration::first().create_table(everything()))])
}

fn one_back() -> DownOptions {
    DownOptions { target: DownTarget::To("0001_things".into()), ..DownOptions::default() }
}

fn dump(connection: &mut dyn Connection) -> Vec<Row> {
    connection.query("SELECT * FROM things ORDER BY id").unwrap()
}

fn facts(connection: &mut dyn Connection) -> Vec<Row> {
    connection
        .query("SELECT name, value FROM whimbrel_state WHERE name LIKE 'rows:%' ORDER BY name")
        .unwrap()
}

/// Bytes have no literal that all databases know.
fn fill(connection: &mut dyn Connection) {
    for text in BEFORE {
        connection.execute(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    let bytes = match connection.server().product.as_str() {
        "PostgreSQL" => r"'\x00e42722'",
        _ => "x'00e42722'",
    };
    connection.execute(&format!("UPDATE things SET raw = {bytes} WHERE id = 1")).unwrap();
}

#[test]
fn what_rows_replace_comes_back_as_it_was() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &first_only()).unwrap();
        fill(&mut *connection);
        let before = dump(&mut *connection);
        for _ in 0..2 {
            run_up(&mut *connection, &shelf()).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
            let after = dump(&mut *connection);
            assert_eq!(after.len(), 4, "{}", engine.name);
            assert_eq!(after[0][1..15], after[2][1..15], "{}", engine.name);
            assert_eq!(after[0][15].as_deref(), Some("mine"), "{}", engine.name);
            assert_eq!(after[3], before[2], "{}", engine.name);
            assert_eq!(facts(&mut *connection).len(), 2, "{}", engine.name);
            run_down(&mut *connection, &shelf(), &one_back())
                .unwrap_or_else(|it| panic!("{}: {it}", engine.name));
            assert_eq!(dump(&mut *connection), before, "{}", engine.name);
            assert_eq!(facts(&mut *connection), Vec::<Row>::new(), "{}", engine.name);
        }
    }
}

/// Another program adds a row with one of the keys while the rows are written: after the look at
/// what is there, and before that row's turn. It waits, and what it is told then is the truth; or
/// its row was there first, and comes back.
#[test]
fn what_somebody_else_adds_meanwhile_is_not_taken_for_ours() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &first_only()).unwrap();
        // Slow at the third row, if it is ours.
        let slow: &[&str] = if connection.server().product == "PostgreSQL" {
            &[
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN IF NEW.id = 3 AND NEW.name = ''new'' THEN PERFORM pg_sleep(0.6); END IF; \
                 RETURN NEW; END'",
                "CREATE TRIGGER slow BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION slow()",
            ]
        } else {
            &["CREATE TRIGGER slow BEFORE INSERT ON things FOR EACH ROW \
               SET @waited = IF(NEW.id = 3 AND NEW.name = 'new', SLEEP(0.6), 0)"]
        };
        for text in slow {
            connection.execute(text).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        }
        let added = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                let mut other = database.connect();
                std::thread::sleep(std::time::Duration::from_millis(300));
                other.execute("INSERT INTO things (id, name) VALUES (3, 'theirs')").is_ok()
            });
            run_up(&mut *connection, &shelf()).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
            other.join().expect("it ends")
        });
        run_down(&mut *connection, &shelf(), &one_back()).unwrap();
        let names = connection.query("SELECT name FROM things WHERE id = 3").unwrap();
        let theirs = vec![vec![Some("theirs".to_owned())]];
        let wanted: Vec<Row> = if added { theirs } else { Vec::new() };
        assert_eq!(names, wanted, "{}: added: {added}", engine.name);
    }
}

fn go(connection: &mut dyn Connection, dialect: &'static Dialect, up: bool) -> Result<(), Stop> {
    let (mut host, shelf) = (Listener::default(), shelf());
    let mut target = target(connection, dialect, &shelf);
    if up {
        execute::up(&mut target, &UpOptions::default(), &mut host).map(drop)
    } else {
        execute::down(&mut target, &one_back(), &mut host).map(drop)
    }
}

fn survives(dialect: &'static Dialect) {
    // In memory where there is such a place: nothing here is to survive the machine.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let (before, after) = (folder.path().join("before.db"), folder.path().join("after.db"));
    run_up(&mut *open(&before), &first_only()).unwrap();
    fill(&mut *open(&before));
    fs::copy(&before, &after).unwrap();
    go(&mut simulated(&after, dialect, None), dialect, true).unwrap();
    let mut deaths = 0;
    for (up, start) in [(true, &before), (false, &after)] {
        let file = folder.path().join("file.db");
        fs::copy(start, &file).unwrap();
        let mut connection = simulated(&file, dialect, None);
        go(&mut connection, dialect, up).unwrap();
        let calls = connection.calls();
        drop(connection);
        let expected = dump(&mut *open(&file));
        for call in 0..calls {
            for side in [Side::Before, Side::After] {
                let words = format!("up {up} killed {side:?} call {call}");
                fs::copy(start, &file).unwrap();
                let mut dying = simulated(&file, dialect, Some(Death { call, side }));
                if let Err(stop) = go(&mut dying, dialect, up) {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                assert!(dying.is_dead(), "{words}");
                drop(dying);
                let mut next = simulated(&file, dialect, None);
                go(&mut next, dialect, up).unwrap_or_else(|it| panic!("{words}: {it}"));
                drop(next);
                let mut connection = open(&file);
                assert_eq!(dump(&mut *connection), expected, "{words}");
                let kept = if up { 2 } else { 0 };
                assert_eq!(facts(&mut *connection).len(), kept, "{words}");
                deaths += 1;
            }
        }
    }
    assert!(deaths > 30, "only {deaths} deaths");
}

#[test]
fn a_client_killed_at_any_call_leaves_rows_that_come_back() {
    survives(&SQLITE);
}

#[test]
fn so_it_is_where_schema_changes_commit_by_themselves() {
    survives(&SERVER);
}

#[test]
fn many_rows_go_in_several_statements() {
    let many = (0..1000_i64).fold(rows("things").key("id").columns(["id", "name"]), |it, n| {
        it.row((n, format!("row {n}")))
    });
    let shelf = Shelf::new([
        ("0001_things", Migration::first().create_table(everything())),
        ("0002_rows", Migration::after("0001_things").upsert(many)),
    ]);
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &first_only()).unwrap();
        fill(&mut *connection);
        let before = dump(&mut *connection);
        run_up(&mut *connection, &shelf).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        let after = dump(&mut *connection);
        assert_eq!(after.len(), 1000, "{}", engine.name);
        assert_eq!(after[1][1].as_deref(), Some("row 1"), "{}", engine.name);
        run_down(&mut *connection, &shelf, &one_back()).unwrap();
        assert_eq!(dump(&mut *connection), before, "{}", engine.name);
    }
}

/// MySQL takes whichever unique key a row meets, and its texts are equal whatever their case.
#[test]
fn only_the_key_that_is_named_says_which_row_is_meant() {
    let people = table("people")
        .column("id", integer().primary_key())
        .column("mail", varchar(50).not_null())
        .column("name", varchar(50));
    by_the_key_that_is_named(people.clone().index(index("people_mail").on("mail").unique()));
    by_the_key_that_is_named(people.unique(unique("people_mail").on("mail")));
}

fn by_the_key_that_is_named(people: Table) {
    let first = Migration::first().create_table(people);
    let one = |it: Upsert| {
        Shelf::new([
            ("0001_people", first.clone()),
            ("0002_rows", Migration::after("0001_people").upsert(it)),
        ])
    };
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_people", first.clone())])).unwrap();
        connection.execute("INSERT INTO people VALUES (1, 'a@b.c', 'before')").unwrap();
        let all = |connection: &mut dyn Connection| {
            connection.query("SELECT id, mail, name FROM people ORDER BY id").unwrap()
        };
        let before = all(&mut *connection);
        let clash = rows("people").key("id").columns(["id", "mail", "name"]);
        let stop = run_up(&mut *connection, &one(clash.row((2, "a@b.c", "x")))).unwrap_err();
        assert!(matches!(stop, Stop::Step { .. }), "{}: {stop:?}", engine.name);
        assert_eq!(all(&mut *connection), before, "{}", engine.name);
        let by_mail = rows("people").key("mail").columns(["mail", "id", "name"]);
        let shelf = one(by_mail.row(("a@b.c", 7, "after")).row(("d@e.f", 8, "new")));
        run_up(&mut *connection, &shelf).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        let after = all(&mut *connection);
        assert_eq!(after[0], ["7", "a@b.c", "after"].map(|it| Some(it.to_owned())));
        assert_eq!(after.len(), 2, "{}", engine.name);
        let back = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
        run_down(&mut *connection, &shelf, &back).unwrap();
        assert_eq!(all(&mut *connection), before, "{}", engine.name);
    }
}

/// To MySQL a text equals every number that it begins with.
#[test]
fn a_number_is_a_text_where_texts_stand() {
    let codes = table("codes").column("code", varchar(9).primary_key()).column("n", integer());
    let first = Migration::first().create_table(codes);
    let second = Migration::after("0001_codes")
        .upsert(rows("codes").key("code").columns(["code", "n"]).row((1, 10)).row((0, 20)));
    let shelf = Shelf::new([("0001_codes", first.clone()), ("0002_rows", second)]);
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_codes", first.clone())])).unwrap();
        connection.execute("INSERT INTO codes VALUES ('1', 1), ('1a', 2), ('b', 3)").unwrap();
        let all = |connection: &mut dyn Connection| {
            connection.query("SELECT code, n FROM codes ORDER BY n").unwrap()
        };
        let before = all(&mut *connection);
        run_up(&mut *connection, &shelf).unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        assert_eq!(all(&mut *connection).len(), 4, "{}", engine.name);
        assert_eq!(facts(&mut *connection).len(), 1, "{}", engine.name);
        let back = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
        run_down(&mut *connection, &shelf, &back).unwrap();
        assert_eq!(all(&mut *connection), before, "{}", engine.name);
    }
}

#[test]
fn rows_that_fit_no_table_are_refused_in_words() {
    let made = table("t")
        .column("id", integer().primary_key())
        .column("code", varchar(5))
        .column("part", varchar(5))
        .index(index("t_part").on("part").unique().filter("part IS NOT NULL"));
    let refused = |it: Upsert| {
        let shelf =
            Shelf::new([("0001_t", Migration::first().create_table(made.clone()).upsert(it))]);
        let database = engines::sqlite().remove(0).fresh_database();
        run_up(&mut *database.connect(), &shelf).unwrap_err().to_string()
    };
    let both = || rows("t").key("id").columns(["id", "code"]);
    let told = [
        refused(rows("u").key("id").row((1, "a"))),
        refused(rows("t").key("code").row([value("a")])),
        refused(rows("t").key("part").row([value("a")])),
        refused(rows("t").key("id").columns(["code"]).row(["a"])),
        refused(both().row((1, "a", 2))),
        refused(both().row((null(), "a"))),
        refused(both().row((sql("1"), "a"))),
        refused(both().row((1, "a")).row((2, "b")).row((1, "c"))),
        refused(both().row((1, hex("0g")))),
        refused(both().row((1, named("nobody")))),
        refused(rows("t").key("id").columns(["id", "cod"]).row((1, "a"))),
    ];
    let told = told.join("\n");
    for words in [
        "there is no table `u`",
        "no primary key, unique constraint or unique index is over `code`",
        "no primary key, unique constraint or unique index is over `part`",
        "column `id` of the key is not among the columns that are written: `code`",
        "row 1 has 3 values for 2 columns: `id`, `code`",
        "the key of row 1 is no plain value",
        "rows 1 and 3 have the same key",
        "row 1: `0g` is no bytes",
        "the schema defines no default `nobody`",
        "table `t` has no column `cod`",
    ] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
}

/// Beside the reference's: its columns stand in the order of their names, ours as they are
/// written; it sets the key's columns too on MySQL, where another spelling may be equal.
#[test]
fn the_statements_are_those_that_each_database_has_for_it() {
    let made = table("countries")
        .column("a", integer())
        .column("b", integer())
        .column("c", boolean())
        .primary_key(["a", "b"]);
    let mut schema = Schema::default();
    as_change(&CreateTable { table: made.into() }.into()).apply(&mut schema).unwrap();
    let text = |dialect: &Dialect, it: Upsert| {
        let span = Span { before: &schema, after: &schema };
        let statements = as_change(&it.into()).sql(dialect, span).unwrap();
        let [Statement { body: Body::Text(text), .. }] = &*statements else { panic!("one") };
        text.clone()
    };
    let two = rows("countries").key(["a", "b"]).columns(["a", "b", "c"]).row((1, 2, true));
    let all = rows("countries").key(["a", "b"]).row((1, 2));
    assert_eq!(
        text(&POSTGRES, two.clone()),
        "INSERT INTO \"countries\" (\"a\", \"b\", \"c\")\nVALUES (1, 2, true)\n\
         ON CONFLICT (\"a\", \"b\") DO UPDATE SET\n  \"c\" = EXCLUDED.\"c\""
    );
    assert_eq!(
        text(&SQLITE, all.clone()),
        "INSERT INTO \"countries\" (\"a\", \"b\")\nVALUES (1, 2)\n\
         ON CONFLICT (\"a\", \"b\") DO NOTHING"
    );
    assert_eq!(
        text(&MYSQL, two),
        "INSERT INTO `countries` (`a`, `b`, `c`)\nVALUES (1, 2, 1)\n\
         ON DUPLICATE KEY UPDATE\n  `c` = VALUES(`c`)"
    );
    assert_eq!(
        text(&MARIADB, all),
        "INSERT INTO `countries` (`a`, `b`)\nVALUES (1, 2)\n\
         ON DUPLICATE KEY UPDATE\n  `a` = `a`"
    );
}
