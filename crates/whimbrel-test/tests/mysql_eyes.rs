//! What is read of live MySQL and MariaDB databases: a rich one made by hand, one of many tables,
//! and what a role sees that may only read.

use std::fmt::Write;

use whimbrel::{
    connection::{Connection, DatabaseError, Named, Row, Server, Trouble},
    diagnostic::{Diagnostic, Severity, SourceFile},
    dialect::Dialect,
    schema::{Found, Opaque, Schema},
    source::{
        live::{self, Scope},
        yaml,
    },
    sql::{normal, split::split},
};
use whimbrel_test::{
    engines::{self, dialect_of},
    snapshot,
};

fn read(connection: &mut dyn Connection) -> Result<Found, DatabaseError> {
    let database = connection.server().database.clone();
    let dialect = dialect_of(connection);
    live::read(connection, dialect, Scope::of(&database))
}

/// Whether the server has a list of periods of time: MariaDB from 11.4 on.
fn lists_periods(connection: &dyn Connection) -> bool {
    let since = dialect_of(connection).looking.information_schema.and_then(|it| it.periods);
    since.is_some_and(|since| connection.server().version >= since)
}

/// Runs every statement of a file of this test.
fn run(connection: &mut dyn Connection, file: &str) {
    let path = format!("{}/tests/eyes/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let dialect = dialect_of(connection);
    let pieces = split(dialect, &text).unwrap_or_else(|error| panic!("{path}: {error:?}"));
    for piece in pieces {
        let sql = piece.text(&text);
        connection.execute(sql).unwrap_or_else(|error| panic!("{file}: {sql}: {error}"));
    }
}

/// What was found, as text: the schema, and under it the rest.
fn shown(found: &Found) -> String {
    let mut text = yaml::print(&found.schema);
    text.push_str("\n# and beside it\n");
    for it in found.kept.iter().chain(&found.opaque) {
        let of = it.table.as_ref().map(|it| format!(" of {it}")).unwrap_or_default();
        let _ = writeln!(text, "{} {}{of}: {}", it.kind, it.name, it.definition);
        for other in &it.depends_on {
            let _ = writeln!(text, "    needs {other}");
        }
    }
    text
}

/// What was read, written as YAML and read again, is the same.
fn reads_back(dialect: &Dialect, schema: &Schema, namespace: &str, name: &str) {
    let file = SourceFile::new("live.yaml", yaml::print(schema));
    let (declared, diagnostics) = yaml::read(&vec![file].into());
    let wrong = |it: &&Diagnostic| it.severity == Severity::Error;
    let wrong: Vec<&Diagnostic> = diagnostics.iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    let normal = |it| normal(dialect, it, namespace);
    assert_eq!(normal(&declared.schema), normal(schema), "{name}");
}

#[test]
fn a_rich_database_is_read_whole() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let unicode = "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
        connection.execute(unicode).expect("it is ours");
        run(&mut *connection, "family.sql");
        let dialect = dialect_of(&*connection);
        run(&mut *connection, &format!("{}.sql", dialect.name));
        let mut found = read(&mut *connection).expect("it is read");
        let is_period = |it: &Opaque| it.kind == "period";
        let lists_periods = lists_periods(&*connection);
        assert_eq!(found.opaque.iter().any(is_period), lists_periods, "{}", engine.name);
        found.opaque.retain(|it| !is_period(it));
        reads_back(dialect, &found.schema, &connection.server().database, &engine.name);
        let server = connection.server();
        let (user, host) = server.user.rsplit_once('@').expect("user@host");
        let text = shown(&found)
            .replace(&server.database, "here")
            .replace(&format!("`{user}`@`{host}`"), "`owner`@`%`");
        let path = format!("{}/tests/eyes/{}.found", env!("CARGO_MANIFEST_DIR"), dialect.name);
        let checked = snapshot::check(path.as_ref(), &text);
        checked.unwrap_or_else(|error| panic!("{}: {error}", engine.name));
    }
}

/// A session that counts the questions it is asked.
struct Counting {
    inner: Box<dyn Connection>,
    questions: usize,
}

impl Connection for Counting {
    fn server(&self) -> &Server {
        self.inner.server()
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        panic!("reading runs nothing: {sql}");
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.questions += 1;
        self.inner.query(sql)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.questions += 1;
        self.inner.query_named(sql)
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.inner.begin()
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.inner.commit()
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.inner.rollback()
    }

    fn in_transaction(&self) -> bool {
        self.inner.in_transaction()
    }
}

#[test]
fn as_many_questions_for_many_tables_as_for_none() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let questions = || {
            let mut counting = Counting { inner: database.connect(), questions: 0 };
            let found = read(&mut counting).expect("it is read");
            (found.schema.tables().len(), counting.questions)
        };
        let expected = if lists_periods(&*connection) { 13 } else { 12 };
        assert_eq!(questions(), (0, expected), "{}", engine.name);
        for number in 0..100 {
            let points = match number {
                0 => String::new(),
                _ => format!(
                    ", CONSTRAINT fk_{number} FOREIGN KEY (p) REFERENCES t{} (id)",
                    number - 1
                ),
            };
            let sql = format!(
                "CREATE TABLE t{number} (id int AUTO_INCREMENT PRIMARY KEY, p int, \
                 a varchar(20) DEFAULT 'x', KEY (a){points})"
            );
            connection.execute(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        assert_eq!(questions(), (100, expected), "{}", engine.name);
    }
}

#[test]
fn a_role_that_may_only_read_reads_it_all_or_is_told_what_it_lacks() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let name = connection.server().database.clone();
        let role = format!("{name}_reader");
        let mut run = |sql: &str| {
            connection
                .execute(sql)
                .unwrap_or_else(|error| panic!("{}: {sql}: {error}", engine.name));
        };
        run("CREATE TABLE parents (id int PRIMARY KEY)");
        run("CREATE TABLE kids (id int PRIMARY KEY, CONSTRAINT fk FOREIGN KEY (id) REFERENCES \
             parents (id) ON DELETE CASCADE, CHECK (id > 3))");
        run(&format!("DROP USER IF EXISTS {role}"));
        run(&format!("CREATE USER {role} IDENTIFIED BY 'reads'"));
        run(&format!("GRANT SELECT ON {name}.* TO {role}"));
        let mut target = database.target().clone();
        target.user = Some(role.clone());
        target.password = Some(whimbrel_wire::Secret::new("reads"));
        let as_reader = || {
            let options = whimbrel_wire::ConnectOptions::default();
            let mut reader = whimbrel_wire::connect(&target, &options).expect("it may connect");
            read(&mut *reader)
        };
        let first = as_reader();
        run("CREATE VIEW v AS SELECT id FROM kids");
        let second = as_reader();
        run(&format!("GRANT SHOW VIEW ON {name}.* TO {role}"));
        let third = as_reader();
        let whole = read(&mut *database.connect());
        run(&format!("DROP USER {role}"));
        let refused = |it: &Result<Found, DatabaseError>| {
            it.as_ref().is_err_and(|it| {
                let hint = it.hint.clone().unwrap_or_default();
                it.trouble == Trouble::NotAllowed && hint.contains("SHOW VIEW")
            })
        };
        assert!(refused(&second), "{}: {second:#?}", engine.name);
        assert_eq!(third, whole, "{}", engine.name);
        // MariaDB hides what a foreign key does, and says so only by leaving it out.
        match first {
            Ok(found) => {
                let mut whole = whole.expect("it is read").schema;
                whole.views.clear();
                whole.routines.clear();
                assert_eq!(found.schema, whole);
            }
            Err(_) => assert!(refused(&first), "{}: {first:#?}", engine.name),
        }
    }
}

/// MySQL shows letters beyond ASCII in expressions byte by byte.
#[test]
fn letters_in_expressions_are_read_as_they_were_written() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let sql = "CREATE TABLE words (word varchar(20) DEFAULT ('ü€'), \
                   long_word longtext DEFAULT ('Größe Ã¼ €'), \
                   both_words varchar(50) AS (concat(word, 'ß€')) STORED, \
                   CONSTRAINT words_word CHECK (word <> 'ä''€'))";
        connection.execute(sql).unwrap();
        let shown = shown(&read(&mut *connection).unwrap()).replace("\\u20ac", "€");
        for letters in ["ü€", "Größe Ã¼ €", "ß€", "ä"] {
            assert!(shown.contains(letters), "{}: {letters}: {shown}", engine.name);
        }
        assert!(!shown.contains('â') && !shown.contains("Ã¤"), "{}: {shown}", engine.name);
    }
}
