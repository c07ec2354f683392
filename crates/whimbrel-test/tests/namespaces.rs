//! Namespaces on every engine that has them: what stands in one keeps it, whoever made it, tables
//! move from one into another with their rows, and what is set aside of one lets it go.

use whimbrel::{
    diagnostic::SourceFile,
    dialect::{Dialect, Namespaces},
    diff::{Answers, diff},
    execute::{DownOptions, DownTarget, Stop, UpOptions, UpTarget},
    schema::Schema,
    source::yaml,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, dialect_of},
    shelf::{Desk, Shelf, run_up},
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

fn count(desk: &mut Desk<'_>, table: &Name) -> Option<String> {
    let table = desk.dialect.quote_name(table);
    desk.ask(&format!("SELECT count(*) FROM {table}"))[0][0].clone()
}

fn create(dialect: &Dialect, namespace: &str) -> String {
    let word = match dialect.namespaces {
        Namespaces::Databases { .. } => "DATABASE",
        Namespaces::Schemas | Namespaces::Unsupported { .. } => "SCHEMA",
    };
    format!("CREATE {word} {}", dialect.quote(namespace))
}

#[test]
fn whatever_is_in_a_namespace_keeps_it() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let audit = database.namespace("audit");
        let shelf = steps(&[format!("namespaces: [{audit}]\ntables: []")]);
        let mut desk = Desk::new(connection, shelf);
        desk.up_all();
        let named = |name: &str| {
            dialect.quote_name(&Name { namespace: Some(audit.clone()), name: name.into() })
        };
        let (strange, view) = (named("strange"), named("seen"));
        desk.run(&format!("CREATE TABLE {strange} (id integer)"));
        desk.run(&format!("INSERT INTO {strange} VALUES (1)"));
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
                desk.run(&made);
            }
            let stop = desk.try_down(&losing(DownTarget::All)).unwrap_err();
            let Stop::Step { error, .. } = &stop else { panic!("{engine}: {stop:?}") };
            let words = format!("{} {}", error.message, error.detail.clone().unwrap_or_default());
            assert!(words.contains(what), "{engine}: {words}");
            if what == "strange" {
                let rows = desk.ask(&format!("SELECT id FROM {strange}"));
                assert_eq!(rows.len(), 1, "{engine}");
            }
            desk.run(&gone);
            if what == "one" {
                desk.down_by(&losing(DownTarget::All));
            } else {
                // What was stopped is as it was, and can be gone on with either way.
                desk.up_all();
            }
        }
        desk.run(&create(dialect, &audit));
    });
}

/// Tables that stood in a namespace before it was declared, and stay in it when it is no longer.
#[test]
fn a_namespace_that_is_there_is_only_declared() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let audit = database.namespace("audit");
        let tables = format!(
            "tables: [{{name: log, namespace: {audit}, fields: [{{name: id, type: integer, primary_key: true}}]}}]"
        );
        let declared = format!("namespaces: [{audit}]\n{tables}");
        let shelf = steps(&[tables.clone(), declared, tables]);
        let mut desk = Desk::new(connection, shelf);
        desk.run(&create(dialect, &audit));
        let log = Name { namespace: Some(audit.clone()), name: "log".into() };
        for _ in 0..3 {
            desk.up();
            assert_eq!(desk.differences(), [""; 0], "{engine}");
        }
        for _ in 0..2 {
            desk.down_by(&losing(DownTarget::Count(1)));
            assert_eq!(count(&mut desk, &log).as_deref(), Some("0"), "{engine}");
        }
        desk.down_by(&losing(DownTarget::All));
        // It is somebody else's and stays.
        desk.connection.execute(&create(dialect, &audit)).unwrap_err();
    });
}

#[test]
fn a_declared_namespace_that_is_gone_is_missed() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let (audit, other) = (database.namespace("audit"), database.namespace("other"));
        let shelf = steps(&[format!("namespaces: [{audit}]\ntables: []")]);
        let mut desk = Desk::new(connection, shelf);
        desk.up_all();
        desk.run(&create(dialect, &other));
        assert_eq!(desk.differences(), [""; 0], "{engine}");
        let drop = create(dialect, &audit).replacen("CREATE", "DROP", 1);
        desk.run(&drop);
        let told = desk.differences();
        assert_eq!(told, [format!("namespace `{audit}` is missing")], "{engine}");
    });
}

#[test]
fn a_table_moves_into_a_new_namespace_and_the_old_one_goes() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let (old, new) = (database.namespace("old"), database.namespace("new"));
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
        let mut desk = Desk::new(connection, shelf);
        desk.up();
        let log = dialect.quote_name(&name(&old));
        desk.run(&format!("INSERT INTO {log} VALUES (1, 'a'), (2, 'b')"));
        desk.up_all();
        assert_eq!(count(&mut desk, &name(&new)).as_deref(), Some("2"), "{engine}");
        assert_eq!(desk.differences(), [""; 0], "{engine}");
        desk.down_by(&DownOptions::default());
        assert_eq!(count(&mut desk, &name(&old)).as_deref(), Some("2"), "{engine}");
        assert_eq!(desk.differences(), [""; 0], "{engine}");
    });
}

/// A key from a namespace to a table of the connection's own: where a database would take its name
/// for one of the namespace it is refused, and SQL that says it in full is as good.
#[test]
fn a_key_never_points_at_a_namesake_in_the_namespace() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let audit = database.namespace("audit");
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
            assert!(stop.contains("names it, with"), "{engine}: {stop}");
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
        let mut desk = Desk::new(connection, shelf);
        desk.up_all();
        assert_eq!(desk.differences(), [""; 0], "{engine}");
        desk.run("INSERT INTO people VALUES (1)");
        let table = dialect.quote_name(&entries);
        desk.run(&format!("INSERT INTO {table} VALUES (1, 1)"));
        desk.connection.execute(&format!("INSERT INTO {table} VALUES (2, 2)")).unwrap_err();
    });
}

/// The namespace goes although what stood in it is kept; by hand that comes back only where there is
/// such a namespace.
#[test]
fn what_is_set_aside_lets_its_namespace_go() {
    engines::on_each(engines(), |database, connection, engine| {
        let dialect = dialect_of(connection);
        let audit = database.namespace("audit");
        let shelf = steps(&[format!(
            "namespaces: [{audit}]\nenums: [{{name: mood, namespace: {audit}, values: [good]}}]\n\
             tables: [{{name: log, namespace: {audit}, fields: \
             [{{name: id, type: integer, primary_key: true}}, \
             {{name: mood, type: enum, enum: {{name: mood, namespace: {audit}}}}}]}}]"
        )]);
        let mut desk = Desk::new(connection, shelf);
        desk.up_all();
        let log = Name { namespace: Some(audit.clone()), name: "log".into() };
        let rows = format!("INSERT INTO {} VALUES (1, 'good')", dialect.quote_name(&log));
        desk.run(&rows);
        let keep =
            DownOptions { target: DownTarget::All, keep_data: true, ..DownOptions::default() };
        desk.down_by(&keep);
        let create = create(dialect, &audit);
        desk.run(&create);
        desk.run(&create.replacen("CREATE", "DROP", 1));
        let ids =
            |desk: &mut Desk<'_>| -> Vec<u64> { desk.trash().iter().map(|it| it.id).collect() };
        let all = ids(&mut desk);
        let stop = desk.restore(&all[..1]).unwrap_err().to_string();
        assert!(stop.contains("there is no namespace"), "{engine}: {stop}");
        desk.up_all();
        assert_eq!(count(&mut desk, &log).as_deref(), Some("1"), "{engine}");
        assert_eq!(desk.differences(), [""; 0], "{engine}");
        desk.down_by(&keep);
        desk.purge(None).unwrap();
        assert!(ids(&mut desk).is_empty(), "{engine}");
        desk.up_all();
        assert_eq!(count(&mut desk, &log).as_deref(), Some("0"), "{engine}");
    });
}

/// A client that dies around a statement that commits by itself finds it again, done or not.
#[test]
fn a_client_that_dies_at_a_namespace_finds_what_it_did() {
    for engine in engines::mysql_family() {
        for word in ["CREATE", "DROP"] {
            for behind in [false, true] {
                let database = engine.fresh_database();
                let audit = database.namespace("audit");
                let declared = format!("namespaces: [{audit}]\ntables: []");
                let after =
                    if word == "CREATE" { declared.clone() } else { "tables: []".to_owned() };
                let shelf = steps(&["tables: []".to_owned(), declared, after]);
                let mut connection = database.connect();
                let count = if word == "CREATE" { 1 } else { 2 };
                let first = UpOptions { target: UpTarget::Count(count), ..UpOptions::default() };
                let mut desk = Desk::new(&mut *connection, shelf);
                desk.try_up(&first).unwrap();
                let statement = format!("{word} DATABASE `{audit}`");
                let dying = Simulated::new(database.connect(), None);
                let mut dying = if behind {
                    dying.dying_behind(&statement)
                } else {
                    dying.dying_at(&statement)
                };
                let _ = run_up(&mut dying, &desk.shelf);
                let words = format!("{}: {statement}, behind it: {behind}", engine.name);
                assert!(dying.is_dead(), "{words}");
                drop(dying);
                let report = desk.up_all();
                assert_eq!(report.resumed.len(), 1, "{words}");
                assert_eq!(desk.differences(), [""; 0], "{words}");
                let made = desk.connection.execute(&create(desk.dialect, &audit));
                assert_eq!(made.is_err(), word == "CREATE", "{words}");
            }
        }
    }
}
