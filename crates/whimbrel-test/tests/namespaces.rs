//! Namespaces on every engine that has them: what stands in one keeps it, whoever made it, tables
//! move from one into another with their rows, and what is set aside of one lets it go.

use whimbrel::{
    connection::Connection,
    diagnostic::SourceFile,
    dialect::{Dialect, Namespaces},
    diff::{Answers, diff},
    execute::{
        Difference, DownOptions, DownTarget, Stop, UpOptions, UpTarget, purge, restore, trash, up,
        verify,
    },
    schema::Schema,
    source::yaml,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, Throwaway, dialect_of},
    shelf::{Listener, Shelf, run_down, run_up, target},
    simulator::Simulated,
};

fn engines() -> Vec<Engine> {
    engines::postgres().into_iter().chain(engines::mysql_family()).collect()
}

fn schema(text: &str) -> Schema {
    let (declared, found) = yaml::read(&vec![SourceFile::new("schema.yaml", text)].into());
    assert!(found.is_empty(), "{found:#?}");
    declared.schema
}

/// One migration for each step from schema to schema.
fn steps(schemas: &[String]) -> Shelf {
    let mut before = Schema::default();
    let mut all: Vec<(String, Migration)> = Vec::new();
    for (number, text) in schemas.iter().enumerate() {
        let after = schema(text);
        let operations = diff(&before, &after, &Answers::default()).expect("nothing is asked");
        let last = all.last().map(|it| it.0.as_str());
        let migration = last.map_or_else(Migration::first, Migration::after);
        all.push((format!("000{number}_step"), Migration { operations, ..migration }));
        before = after;
    }
    Shelf::new(all)
}

fn losing(target: DownTarget) -> DownOptions {
    DownOptions { target, allow_data_loss: true, ..DownOptions::default() }
}

fn count(connection: &mut dyn Connection, table: &Name) -> Option<String> {
    let table = dialect_of(connection).quote_name(table);
    let rows = connection.query(&format!("SELECT count(*) FROM {table}")).ok()?;
    rows.into_iter().flatten().next().flatten()
}

fn differences(connection: &mut dyn Connection, shelf: &Shelf) -> Vec<String> {
    let dialect = dialect_of(connection);
    let verified = verify(&mut target(connection, dialect, shelf)).unwrap();
    verified.differences.iter().flat_map(Difference::words).collect()
}

fn create(dialect: &Dialect, namespace: &str) -> String {
    let word = match dialect.namespaces {
        Namespaces::Databases { .. } => "DATABASE",
        Namespaces::Schemas | Namespaces::Unsupported { .. } => "SCHEMA",
    };
    format!("CREATE {word} {}", dialect.quote(namespace))
}

fn place(database: &Throwaway, name: &str) -> String {
    database.namespace(name)
}

#[test]
fn whatever_is_in_a_namespace_keeps_it() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let dialect = dialect_of(connection);
        let audit = place(&database, "audit");
        let shelf = steps(&[format!("namespaces: [{audit}]\ntables: []")]);
        run_up(connection, &shelf).unwrap();
        let named = |name: &str| {
            dialect.quote_name(&Name { namespace: Some(audit.clone()), name: name.into() })
        };
        let (strange, view) = (named("strange"), named("seen"));
        connection.execute(&format!("CREATE TABLE {strange} (id integer)")).unwrap();
        connection.execute(&format!("INSERT INTO {strange} VALUES (1)")).unwrap();
        let function = format!(
            "CREATE FUNCTION {}() RETURNS integer {}",
            named("one"),
            if matches!(dialect.namespaces, Namespaces::Schemas) {
                "LANGUAGE sql AS 'SELECT 1'"
            } else {
                "DETERMINISTIC RETURN 1"
            }
        );
        for (made, what, gone) in [
            (None, "strange", format!("DROP TABLE {strange}")),
            (
                Some(format!("CREATE VIEW {view} AS SELECT 1 AS a")),
                "seen",
                format!("DROP VIEW {view}"),
            ),
            (Some(function), "one", format!("DROP FUNCTION {}", named("one"))),
        ] {
            if let Some(made) = made {
                connection
                    .execute(&made)
                    .unwrap_or_else(|it| panic!("{}: {made}: {it}", engine.name));
            }
            let stop = run_down(connection, &shelf, &losing(DownTarget::All)).unwrap_err();
            let Stop::Step { error, .. } = &stop else { panic!("{}: {stop:?}", engine.name) };
            let words = format!("{} {}", error.message, error.detail.clone().unwrap_or_default());
            assert!(words.contains(what), "{}: {words}", engine.name);
            if what == "strange" {
                let rows = connection.query(&format!("SELECT id FROM {strange}")).unwrap();
                assert_eq!(rows.len(), 1, "{}", engine.name);
            }
            connection.execute(&gone).unwrap();
            if what == "one" {
                run_down(connection, &shelf, &losing(DownTarget::All)).unwrap();
            } else {
                // What was stopped is as it was, and can be gone on with either way.
                run_up(connection, &shelf).unwrap();
            }
        }
        connection.execute(&create(dialect, &audit)).unwrap();
    }
}

/// Tables that stood in a namespace before it was declared, and stay in it when it is no longer.
#[test]
fn a_namespace_that_is_there_is_only_declared() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let dialect = dialect_of(connection);
        let audit = place(&database, "audit");
        let tables = format!(
            "tables: [{{name: log, namespace: {audit}, fields: [{{name: id, type: integer, primary_key: true}}]}}]"
        );
        let declared = format!("namespaces: [{audit}]\n{tables}");
        let shelf = steps(&[tables.clone(), declared, tables]);
        let next = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        connection.execute(&create(dialect, &audit)).unwrap();
        let log = Name { namespace: Some(audit.clone()), name: "log".into() };
        for _ in 0..3 {
            up(&mut target(connection, dialect, &shelf), &next, &mut Listener::default()).unwrap();
            assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
        }
        for _ in 0..2 {
            run_down(connection, &shelf, &losing(DownTarget::Count(1))).unwrap();
            assert_eq!(count(connection, &log).as_deref(), Some("0"), "{}", engine.name);
        }
        run_down(connection, &shelf, &losing(DownTarget::All)).unwrap();
        // It is somebody else's and stays.
        connection.execute(&create(dialect, &audit)).unwrap_err();
    }
}

#[test]
fn a_declared_namespace_that_is_gone_is_missed() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let dialect = dialect_of(connection);
        let (audit, other) = (place(&database, "audit"), place(&database, "other"));
        let shelf = steps(&[format!("namespaces: [{audit}]\ntables: []")]);
        run_up(connection, &shelf).unwrap();
        connection.execute(&create(dialect, &other)).unwrap();
        assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
        let drop = create(dialect, &audit).replacen("CREATE", "DROP", 1);
        connection.execute(&drop).unwrap();
        let told = differences(connection, &shelf);
        assert_eq!(told, [format!("namespace `{audit}` is missing")], "{}", engine.name);
    }
}

#[test]
fn a_table_moves_into_a_new_namespace_and_the_old_one_goes() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let (old, new) = (place(&database, "old"), place(&database, "new"));
        let name =
            |namespace: &str| Name { namespace: Some(namespace.to_owned()), name: "log".into() };
        let with = |namespace: &str| {
            schema(&format!(
                "namespaces: [{namespace}]\ntables: [{{name: log, namespace: {namespace}, fields: \
                 [{{name: id, type: integer, primary_key: true}}, {{name: said, type: text}}]}}]"
            ))
        };
        let mut answers = Answers::default();
        answers.rename(&format!("{old}.log={new}.log"), &with(&old)).unwrap();
        let moved = diff(&with(&old), &with(&new), &answers).unwrap();
        let first = diff(&Schema::default(), &with(&old), &Answers::default()).unwrap();
        let shelf = Shelf::new([
            ("0001_old", Migration { operations: first, ..Migration::first() }),
            ("0002_new", Migration { operations: moved, ..Migration::after("0001_old") }),
        ]);
        let next = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let dialect = dialect_of(connection);
        up(&mut target(connection, dialect, &shelf), &next, &mut Listener::default()).unwrap();
        let log = dialect.quote_name(&name(&old));
        connection.execute(&format!("INSERT INTO {log} VALUES (1, 'a'), (2, 'b')")).unwrap();
        run_up(connection, &shelf).unwrap();
        assert_eq!(count(connection, &name(&new)).as_deref(), Some("2"), "{}", engine.name);
        assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
        run_down(connection, &shelf, &DownOptions::default()).unwrap();
        assert_eq!(count(connection, &name(&old)).as_deref(), Some("2"), "{}", engine.name);
        assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
    }
}

/// A key from a namespace to a table of the connection's own: where a database would take its name
/// for one of the namespace it is refused, and SQL that says it in full is as good.
#[test]
fn a_key_never_points_at_a_namesake_in_the_namespace() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let dialect = dialect_of(connection);
        let audit = place(&database, "audit");
        let entries = Name { namespace: Some(audit.clone()), name: "entries".into() };
        let with = |key: &str| {
            format!(
                "namespaces: [{audit}]\ntables:\n\
                 - {{name: people, fields: [{{name: id, type: integer, primary_key: true}}]}}\n\
                 - {{name: people, namespace: {audit}, fields: \
                 [{{name: id, type: integer, primary_key: true}}]}}\n\
                 - {{name: entries, namespace: {audit}, fields: \
                 [{{name: id, type: integer, primary_key: true}}, \
                 {{name: person, type: integer}}]{key}}}"
            )
        };
        let key = ", foreign_keys: [{fields: [person], table: people}]";
        let shelf = if matches!(dialect.namespaces, Namespaces::Schemas) {
            steps(&[with(""), with(key)])
        } else {
            let stop = run_up(connection, &steps(&[with(key)])).unwrap_err().to_string();
            assert!(stop.contains("names it, with"), "{}: {stop}", engine.name);
            let own = database.target().database.as_deref().unwrap();
            let table = dialect.quote_name(&entries);
            let text = format!(
                "ALTER TABLE {table} ADD CONSTRAINT fk_entries_person \
                 FOREIGN KEY (person) REFERENCES {own}.people (id) ON DELETE RESTRICT"
            );
            let added = changes().add_foreign_key(entries.clone(), "person", "people");
            let script = sql(text).state(added);
            let first = diff(&Schema::default(), &schema(&with("")), &Answers::default()).unwrap();
            Shelf::new([
                ("0000_step", Migration { operations: first, ..Migration::first() }),
                ("0001_step", Migration::after("0000_step").run_sql(script)),
            ])
        };
        run_up(connection, &shelf).unwrap();
        assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
        connection.execute("INSERT INTO people VALUES (1)").unwrap();
        let table = dialect.quote_name(&entries);
        connection.execute(&format!("INSERT INTO {table} VALUES (1, 1)")).unwrap();
        connection.execute(&format!("INSERT INTO {table} VALUES (2, 2)")).unwrap_err();
    }
}

/// The namespace goes although what stood in it is kept; by hand that comes back only where there is
/// such a namespace.
#[test]
fn what_is_set_aside_lets_its_namespace_go() {
    for engine in engines() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let connection = &mut *connection;
        let dialect = dialect_of(connection);
        let audit = place(&database, "audit");
        let shelf = steps(&[format!(
            "namespaces: [{audit}]\nenums: [{{name: mood, namespace: {audit}, values: [good]}}]\n\
             tables: [{{name: log, namespace: {audit}, fields: \
             [{{name: id, type: integer, primary_key: true}}, \
             {{name: mood, type: enum, enum: {{name: mood, namespace: {audit}}}}}]}}]"
        )]);
        run_up(connection, &shelf).unwrap();
        let log = Name { namespace: Some(audit.clone()), name: "log".into() };
        let rows = format!("INSERT INTO {} VALUES (1, 'good')", dialect.quote_name(&log));
        connection.execute(&rows).unwrap();
        let keep =
            DownOptions { target: DownTarget::All, keep_data: true, ..DownOptions::default() };
        run_down(connection, &shelf, &keep).unwrap();
        let create = create(dialect, &audit);
        connection.execute(&create).unwrap();
        connection.execute(&create.replacen("CREATE", "DROP", 1)).unwrap();
        let ids = |connection: &mut dyn Connection| -> Vec<u64> {
            let kept = trash(&mut target(connection, dialect, &shelf)).unwrap();
            kept.iter().map(|it| it.id).collect()
        };
        let all = ids(connection);
        let mut listener = Listener::default();
        let stop = restore(&mut target(connection, dialect, &shelf), &all[..1], &mut listener);
        let stop = stop.unwrap_err().to_string();
        assert!(stop.contains("there is no namespace"), "{}: {stop}", engine.name);
        run_up(connection, &shelf).unwrap();
        assert_eq!(count(connection, &log).as_deref(), Some("1"), "{}", engine.name);
        assert_eq!(differences(connection, &shelf), [""; 0], "{}", engine.name);
        run_down(connection, &shelf, &keep).unwrap();
        purge(&mut target(connection, dialect, &shelf), None, &mut listener).unwrap();
        assert!(ids(connection).is_empty(), "{}", engine.name);
        run_up(connection, &shelf).unwrap();
        assert_eq!(count(connection, &log).as_deref(), Some("0"), "{}", engine.name);
    }
}

/// A client that dies around a statement that commits by itself finds it again, done or not.
#[test]
fn a_client_that_dies_at_a_namespace_finds_what_it_did() {
    for engine in engines::mysql_family() {
        for word in ["CREATE", "DROP"] {
            for behind in [false, true] {
                let database = engine.fresh_database();
                let audit = place(&database, "audit");
                let declared = format!("namespaces: [{audit}]\ntables: []");
                let after =
                    if word == "CREATE" { declared.clone() } else { "tables: []".to_owned() };
                let shelf = steps(&["tables: []".to_owned(), declared, after]);
                let mut connection = database.connect();
                let dialect = dialect_of(&*connection);
                let count = if word == "CREATE" { 1 } else { 2 };
                let first = UpOptions { target: UpTarget::Count(count), ..UpOptions::default() };
                let mut listener = Listener::default();
                up(&mut target(&mut *connection, dialect, &shelf), &first, &mut listener).unwrap();
                let statement = format!("{word} DATABASE `{audit}`");
                let dying = Simulated::new(database.connect(), None);
                let mut dying = if behind {
                    dying.dying_behind(&statement)
                } else {
                    dying.dying_at(&statement)
                };
                let _ = run_up(&mut dying, &shelf);
                let words = format!("{}: {statement}, behind it: {behind}", engine.name);
                assert!(dying.is_dead(), "{words}");
                drop(dying);
                let report = run_up(&mut *connection, &shelf).unwrap();
                assert_eq!(report.resumed.len(), 1, "{words}");
                assert_eq!(differences(&mut *connection, &shelf), [""; 0], "{words}");
                let made = connection.execute(&create(dialect, &audit));
                assert_eq!(made.is_err(), word == "CREATE", "{words}");
            }
        }
    }
}
