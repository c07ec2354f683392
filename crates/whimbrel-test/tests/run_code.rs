//! Changes of rows in Rust, on every engine: done once or not at all, told where they fail, and taken
//! back without their file.

use whimbrel::{
    connection::{Connection, Row},
    diagnostic::SourceFile,
    dialect::Ddl,
    execute::{
        self, Answer, DownOptions, DownTarget, Event, Grouping, ResolveOptions, Stop, UpOptions,
    },
    migration::format::rust::{NoSiblings, read},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, run_down, run_up, target},
};

fn users() -> Migration {
    Migration::first().create_table(
        table("users")
            .column("id", integer().primary_key())
            .column("name", varchar(60))
            .column("admin", boolean().not_null().default(false)),
    )
}

const SPLIT: &str = r#"use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_users")
        .add_column("users", "family", varchar(60))
        .run(
            run("split names", |db| {
                for row in db.query("SELECT id, name, admin FROM users ORDER BY id", ())? {
                    let name = row.text("name")?;
                    let (name, family) = name.split_once(' ').unwrap_or((&name, ""));
                    let admin = !row.boolean("admin")?;
                    db.execute(
                        "UPDATE users SET name = ?, family = ?, admin = ? WHERE id = ?",
                        (name, family, admin, row.integer("id")?),
                    )?;
                }
                db.say("names are split");
                Ok(())
            })
            .undo(|db| {
                for row in db.query("SELECT id, name, family, admin FROM users", ())? {
                    let whole = format!("{} {}", row.text("name")?, row.text("family")?);
                    let admin = !row.boolean("admin")?;
                    db.execute(
                        "UPDATE users SET name = ?, admin = ? WHERE id = ?",
                        (whole.trim(), admin, row.integer("id")?),
                    )?;
                }
                Ok(())
            }),
        )
        .alter_column("users", "family", set().default("none"))
}
"#;

fn interpreted(text: &str) -> Migration {
    let (read, diagnostics) = read(&SourceFile::new("0002_split.rs", text), &NoSiblings);
    read.unwrap_or_else(|| panic!("{diagnostics:#?}")).migration
}

fn shelf(text: &str) -> Shelf {
    Shelf::new([("0001_users", users()), ("0002_split", interpreted(text))])
}

fn insert(connection: &mut dyn Connection) {
    let literal = "INSERT INTO users (id, name) VALUES (1, 'Ada Lovelace'), (2, 'Bob'), \
                   (3, 'Peggy O''Neill? \"é😀')";
    connection.execute(literal).unwrap();
}

fn names(connection: &mut dyn Connection) -> Vec<Row> {
    connection.query("SELECT id, name FROM users ORDER BY id").unwrap()
}

fn last() -> DownOptions {
    DownOptions { target: DownTarget::Count(1), allow_data_loss: true, ..DownOptions::default() }
}

#[test]
fn code_runs_once_in_every_way_of_running_and_is_taken_back_without_its_file() {
    for engine in engines::all() {
        for grouping in [Grouping::Auto, Grouping::All, Grouping::Each, Grouping::None] {
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let dialect = engines::dialect_of(&*connection);
            run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
            insert(&mut *connection);
            let before = names(&mut *connection);
            let (shelf, mut listener) = (shelf(SPLIT), Listener::default());
            let options = UpOptions { grouping, ..UpOptions::default() };
            execute::up(&mut target(&mut *connection, dialect, &shelf), &options, &mut listener)
                .unwrap_or_else(|stop| panic!("{}: {stop:#?}", engine.name));
            let split = connection
                .query("SELECT name, family FROM users WHERE family IS NOT NULL ORDER BY id")
                .unwrap();
            let split: Vec<String> = split
                .into_iter()
                .map(|it| it.into_iter().flatten().collect::<Vec<_>>().join("|"))
                .collect();
            assert_eq!(split, ["Ada|Lovelace", "Bob|", "Peggy|O'Neill? \"é😀"], "{}", engine.name);
            let said =
                |it: &Event| matches!(it, Event::Told { words, .. } if words == "names are split");
            assert!(listener.events.iter().any(said), "{}", engine.name);
            assert!(run_up(&mut *connection, &shelf).unwrap().migrations.is_empty());
            // Nothing but what was stored takes it back.
            let gone = Shelf::new([("0001_users", users())]);
            run_down(&mut *connection, &gone, &last())
                .unwrap_or_else(|stop| panic!("{}: {stop:#?}", engine.name));
            assert_eq!(names(&mut *connection), before, "{}", engine.name);
        }
    }
}

fn step(stop: Stop) -> (usize, usize, String, String, String) {
    let Stop::Step { step, kept, statement, place, error, .. } = stop else { panic!("{stop:#?}") };
    let marked = place.map_or(String::new(), |it| {
        let (line, _) = it.file.line_column(it.range.start);
        format!("{line}: {}", &it.file.text[it.range])
    });
    (step, kept, statement, marked, error.message)
}

#[test]
fn a_refused_statement_is_told_with_its_call_and_a_repaired_file_goes_on() {
    let wrong =
        SPLIT.replace("UPDATE users SET name = ?, family", "UPDATE users SET nome = ?, family");
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = engines::dialect_of(&*connection);
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        insert(&mut *connection);
        let before = names(&mut *connection);
        let (number, kept, statement, marked, message) =
            step(run_up(&mut *connection, &shelf(&wrong)).unwrap_err());
        assert_eq!(number, 2, "{}", engine.name);
        assert_eq!(kept, usize::from(dialect.ddl == Ddl::Autocommit), "{}", engine.name);
        assert!(statement.starts_with("UPDATE users SET nome = 'Ada', family"), "{statement}");
        assert!(marked.starts_with("12: execute("), "{marked}");
        assert!(message.contains("nome"), "{message}");
        assert_eq!(names(&mut *connection), before, "{}", engine.name);
        run_up(&mut *connection, &shelf(SPLIT))
            .unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        assert_ne!(names(&mut *connection), before, "{}", engine.name);
        run_down(&mut *connection, &shelf(SPLIT), &last()).unwrap();
        assert_eq!(names(&mut *connection), before, "{}", engine.name);
    }
}

fn only(code: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
         Migration::after(\"0001_users\").run(run(\"it\", |db| {{\n{code}\n    }}))\n}}\n"
    )
}

#[test]
fn whatever_stops_the_code_nothing_of_it_stays() {
    let change = "db.execute(\"UPDATE users SET name = 'x'\", ())?;\n";
    let cases = [
        // Its own reason.
        ("return Err(failure(format!(\"no {}\", 1)));", "no 1"),
        // A value that isn't what it is taken for.
        (
            "for row in db.query(\"SELECT name FROM users\", ())? { row.integer(\"name\")?; }\nOk(())",
            "holds no integer",
        ),
        (
            "for row in db.query(\"SELECT name FROM users\", ())? { row.text(\"nome\")?; }\nOk(())",
            "no column `nome`",
        ),
        // What Rust would panic at.
        (
            "let none: Option<i64> = None;\nlet rows = db.query(\"SELECT id FROM users WHERE id = 99\", ())?;\n\
          if rows.is_empty() { none.unwrap(); }\nOk(())",
            "nothing to unwrap",
        ),
        // A refused statement that the code lets go by.
        ("let _ = db.execute(\"UPDATE nobody SET id = 1\", ());\nOk(())", "nobody"),
        (
            "if db.execute(\"UPDATE nobody SET id = 1\", ()).is_err() { db.say(\"never mind\"); }\nOk(())",
            "nobody",
        ),
        ("db.execute(\"COMMIT\", ())?;\nOk(())", "transaction"),
        ("db.execute(\"DELETE FROM users WHERE id = ?\", ())?;\nOk(())", "1 `?`"),
    ];
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        insert(&mut *connection);
        let before = names(&mut *connection);
        for (code, reason) in cases {
            let text = only(&format!("{change}{code}"));
            let (_, kept, _, marked, message) =
                step(run_up(&mut *connection, &shelf(&text)).unwrap_err());
            assert!(message.contains(reason), "{}: {message}", engine.name);
            assert!(!marked.is_empty() && kept == 0, "{}: {marked}", engine.name);
            assert_eq!(names(&mut *connection), before, "{}: {code}", engine.name);
        }
        let shelf = shelf(&only(&format!("{change}Ok(())")));
        run_up(&mut *connection, &shelf).unwrap();
        assert!(matches!(
            run_down(&mut *connection, &shelf, &last()),
            Err(Stop::Irreversible { .. })
        ));
    }
}

#[test]
fn a_change_of_the_schema_would_break_the_transaction_where_it_commits_by_itself() {
    let text = only("db.execute(\"CREATE TABLE more (id integer)\", ())?;\nOk(())");
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let commits = engines::dialect_of(&*connection).ddl == Ddl::Autocommit;
        match run_up(&mut *connection, &shelf(&text)) {
            Ok(_) => assert!(!commits, "{}", engine.name),
            Err(stop) => {
                assert!(commits, "{}: {stop:#?}", engine.name);
                assert!(stop.to_string().contains("without its mark"), "{stop}");
            }
        }
    }
}

#[test]
fn code_outside_of_a_transaction_is_asked_about_once_it_has_failed() {
    let code = "db.execute(\"UPDATE users SET name = 'x'\", ())?;\n\
                db.execute(\"UPDATE nobody SET id = 1\", ())?;\nOk(())";
    let text = only(code).replace(
        "Migration::after(\"0001_users\")",
        "Migration::after(\"0001_users\").no_transaction()",
    );
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = engines::dialect_of(&*connection);
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        insert(&mut *connection);
        let shelf = shelf(&text);
        assert!(
            matches!(run_up(&mut *connection, &shelf), Err(Stop::Step { .. })),
            "{}",
            engine.name
        );
        // Nobody can tell how far it came.
        let changed = connection.query("SELECT count(*) FROM users WHERE name = 'x'").unwrap();
        assert_eq!(changed[0][0].as_deref(), Some("3"), "{}", engine.name);
        let stop = run_up(&mut *connection, &shelf).unwrap_err();
        assert!(matches!(stop, Stop::Undecidable { .. }), "{}: {stop:#?}", engine.name);
        let mut host = Listener::default();
        let mut target = target(&mut *connection, dialect, &shelf);
        let options =
            ResolveOptions { name: "0002_split".to_owned(), step: 1, answer: Answer::Done };
        execute::resolve(&mut target, &options, &mut host).unwrap();
        run_up(&mut *connection, &shelf).unwrap();
    }
}

#[test]
fn compiled_code_runs_too_and_a_panic_takes_it_back() {
    let migration = |panics: bool| {
        Migration::after("0001_users").add_column("users", "family", varchar(60)).run(
            run("compiled", move |db| {
                let changed = db.execute("UPDATE users SET name = ? WHERE id = ?", ("x", 1))?;
                assert!(!panics, "{changed} changed");
                Ok(())
            })
            .undo(|db| db.execute("UPDATE users SET name = ?", ("y",)).map(drop)),
        )
    };
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        insert(&mut *connection);
        let before = names(&mut *connection);
        let shelf =
            |panics| Shelf::new([("0001_users", users()), ("0002_split", migration(panics))]);
        let stop = run_up(&mut *connection, &shelf(true)).unwrap_err();
        assert!(stop.to_string().contains("panicked: 1 changed"), "{}: {stop}", engine.name);
        assert_eq!(names(&mut *connection), before, "{}", engine.name);
        // What was stored half way holds no closure; it is found where the migration is.
        run_up(&mut *connection, &shelf(false))
            .unwrap_or_else(|it| panic!("{}: {it}", engine.name));
        assert_eq!(names(&mut *connection)[0][1].as_deref(), Some("x"));
        run_down(&mut *connection, &shelf(false), &last()).unwrap();
        assert_eq!(names(&mut *connection)[0][1].as_deref(), Some("y"));
    }
}

#[test]
fn who_asks_the_run_to_stop_is_heard_between_two_calls_and_while_it_computes() {
    let loops = [
        "loop {\n db.query(\"SELECT 1\", ())?;\n db.say(\"on\");\n}",
        "db.say(\"on\");\nlet mut n: i64 = 0;\nloop { n = (n + 1) % 7; }",
    ];
    let interpreted = loops.map(|code| {
        shelf(&only(&format!("db.execute(\"UPDATE users SET name = 'x'\", ())?;\n{code}")))
    });
    let compiled = Migration::after("0001_users").run(run("loops", |db| {
        for _ in 0..1000 {
            db.execute("UPDATE users SET name = 'x'", ())?;
            db.say("on");
        }
        Ok(())
    }));
    let compiled = Shelf::new([("0001_users", users()), ("0002_split", compiled)]);
    let shelves: Vec<Shelf> = interpreted.into_iter().chain([compiled]).collect();
    for engine in engines::all() {
        for shelf in &shelves {
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let dialect = engines::dialect_of(&*connection);
            run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
            insert(&mut *connection);
            let before = names(&mut *connection);
            let mut host = Listener::default();
            host.interrupt_after = Some(3);
            let stop = execute::up(
                &mut target(&mut *connection, dialect, shelf),
                &UpOptions::default(),
                &mut host,
            );
            assert!(matches!(stop, Err(Stop::Interrupted { .. })), "{}: {stop:#?}", engine.name);
            assert_eq!(names(&mut *connection), before, "{}", engine.name);
        }
    }
}

#[test]
fn rows_that_no_transaction_covers_are_refused() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        run_up(&mut *connection, &Shelf::new([("0001_users", users())])).unwrap();
        connection.execute("CREATE TABLE old (id integer) ENGINE = MyISAM").unwrap();
        let text = only("db.execute(\"INSERT INTO old VALUES (1)\", ())?;\nOk(())");
        let stop = run_up(&mut *connection, &shelf(&text)).unwrap_err();
        assert!(stop.to_string().contains("no transaction covers"), "{}: {stop}", engine.name);
        assert!(connection.query("SELECT id FROM old").unwrap().is_empty());
    }
}
