//! What is read of a live database: one with everything in it, and one with many tables.

use std::{fmt::Write, path::Path, time::Instant};

use whimbrel::{
    connection::{BatchError, Connection, DatabaseError, Named, Row, Server},
    dialect::POSTGRES,
    schema::{Deferral, Found, Name, PerDatabase, Table},
    source::live::{self, Scope},
    sql::split,
};
use whimbrel_test::{
    engines::{self, Engine, Throwaway},
    snapshot,
};

/// A connection that counts what it is asked.
struct Counting {
    inner: Box<dyn Connection>,
    questions: Vec<String>,
    statements: Vec<String>,
}

impl Counting {
    fn on(database: &Throwaway) -> Self {
        Self { inner: database.connect(), questions: Vec::new(), statements: Vec::new() }
    }
}

impl Connection for Counting {
    fn server(&self) -> &Server {
        self.inner.server()
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.statements.push(sql.to_owned());
        self.inner.execute(sql)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.questions.push(sql.to_owned());
        self.inner.query(sql)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.questions.push(sql.to_owned());
        self.inner.query_named(sql)
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.statements.push("BEGIN".to_owned());
        self.inner.begin()
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        panic!("reading has nothing to commit")
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.statements.push("ROLLBACK".to_owned());
        self.inner.rollback()
    }

    fn in_transaction(&self) -> bool {
        self.inner.in_transaction()
    }

    fn execute_all(&mut self, _: &[String]) -> Result<(), BatchError> {
        panic!("reading changes nothing")
    }
}

/// Runs a script of the folder `tests/found`, each statement by itself.
fn run(connection: &mut dyn Connection, script: &str) {
    let pieces = split::split(&POSTGRES, script).expect("the script can be split");
    for piece in &pieces {
        let text = piece.text(script);
        connection.execute(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

/// All that was found, as lines that are read as a user would.
fn shown(found: &Found) -> String {
    let mut text = String::new();
    for name in &found.schema.namespaces {
        writeln!(text, "namespace {name}").expect("a string takes it");
    }
    for (name, values) in &found.schema.enums {
        writeln!(text, "enum {name}: {}", values.join(", ")).expect("a string takes it");
    }
    for table in found.schema.tables() {
        show(&mut text, table).expect("a string takes it");
    }
    for opaque in found.kept.iter().chain(&found.opaque) {
        let name = match &opaque.table {
            Some(table) => format!("{} of {table}", opaque.name),
            None => opaque.name.to_string(),
        };
        writeln!(text, "{} {name}", opaque.kind).expect("a string takes it");
        for line in opaque.definition.lines() {
            writeln!(text, "    {line}").expect("a string takes it");
        }
        for needed in &opaque.depends_on {
            writeln!(text, "    needs {needed}").expect("a string takes it");
        }
    }
    text
}

fn show(text: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(text, "table {}", table.name)?;
    for named in &table.columns {
        let column = &named.column;
        let null = if column.nullable { "null" } else { "not null" };
        let default = column.default.as_ref().map(|it| format!(" = {it:?}")).unwrap_or_default();
        let generated =
            column.generated.as_ref().map(|it| format!(" computed {it:?}")).unwrap_or_default();
        let numbered = column.identity.map(|it| format!(" numbered {it:?}")).unwrap_or_default();
        let name = &named.name;
        let said = format!("{null}{default}{generated}{numbered}");
        writeln!(text, "    {name} {:?} {said}", column.data_type)?;
    }
    if !table.primary_key.is_empty() {
        writeln!(text, "    primary key {}", table.primary_key.join(", "))?;
    }
    for key in &table.foreign_keys {
        let (from, to) = (key.columns.join(", "), key.references.join(", "));
        let actions = format!("delete {:?}, update {:?}", key.on_delete, key.on_update);
        let actions = match key.deferral {
            Deferral::Never => actions,
            deferral => format!("{actions}, deferrable {deferral:?}"),
        };
        writeln!(text, "    foreign key {} ({from}) -> {} ({to}): {actions}", key.name, key.table)?;
    }
    for index in &table.indexes {
        let unique = if index.unique { "unique index" } else { "index" };
        let said = |it: &PerDatabase| it.all_texts().collect::<String>();
        let columns = index.columns.iter().map(|it| {
            let what = it.expression.as_ref().map_or(it.name.clone(), said);
            let more = [&it.collation, &it.operator_class].map(|it| it.as_ref().map(said));
            let more: Vec<String> = more.into_iter().flatten().collect();
            let nulls = it.nulls.map(|it| format!(" nulls {it:?}")).unwrap_or_default();
            format!("{what} {:?}{nulls} {}", it.direction, more.join(" ")).trim_end().to_owned()
        });
        let columns: Vec<String> = columns.collect();
        let columns = columns.join(", ");
        let method = index.method.as_deref().unwrap_or("as usual");
        let filter = index.filter.as_deref().map(|it| format!(" where {it}")).unwrap_or_default();
        let include = match index.include.as_slice() {
            [] => String::new(),
            some => format!(" with {}", some.join(", ")),
        };
        writeln!(text, "    {unique} {} ({columns}) {method}{include}{filter}", index.name)?;
    }
    for unique in &table.uniques {
        let columns = unique.columns.join(", ");
        let nulls = if unique.nulls_not_distinct { " nulls not distinct" } else { "" };
        let include = match unique.include.as_slice() {
            [] => String::new(),
            some => format!(" with {}", some.join(", ")),
        };
        let deferral = match unique.deferral {
            Deferral::Never => String::new(),
            deferral => format!(", deferrable {deferral:?}"),
        };
        writeln!(text, "    unique {} ({columns}){nulls}{include}{deferral}", unique.name)?;
    }
    for check in &table.checks {
        let condition = check.condition.all_texts().collect::<String>();
        writeln!(text, "    check {}: {condition}", check.name)?;
    }
    Ok(())
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/found"))
}

fn script() -> String {
    std::fs::read_to_string(folder().join("postgres.sql")).expect("the script is there")
}

fn others() -> Vec<String> {
    vec!["sales".to_owned(), "Odd \"schema\".x".to_owned()]
}

/// The questions and statements that a reading costs, whatever there is to read.
const QUESTIONS: usize = 12;
const STATEMENTS: [&str; 3] =
    ["BEGIN", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", "ROLLBACK"];

fn read(connection: &mut Counting, scope: Scope<'_>) -> Found {
    let found = live::read(connection, &POSTGRES, scope);
    let found = found.unwrap_or_else(|error| panic!("{error}: {:?}", connection.questions.last()));
    assert_eq!(connection.questions.len(), QUESTIONS);
    assert_eq!(connection.statements, STATEMENTS);
    connection.questions.clear();
    connection.statements.clear();
    found
}

#[test]
fn everything_that_postgres_has_is_found() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        run(&mut *database.connect(), &script());
        let mut connection = Counting::on(&database);
        let others = others();
        let found = read(&mut connection, Scope { own: "public", others: &others });
        let major = connection.server().version.major;
        let snapshot = folder().join(format!("postgres_{major}.txt"));
        if snapshot.exists() || std::env::var_os("UPDATE").is_some() {
            snapshot::check(&snapshot, &shown(&found)).unwrap_or_else(|it| panic!("{it}"));
        }
        assert_eq!(read(&mut connection, Scope { own: "public", others: &others }), found);
        settings_of_the_session_do_not_matter(&mut connection, &found);
        a_transaction_goes_on_as_it_was(&mut connection, &found);
        a_role_that_may_nothing_reads_the_same(&engine, &database, &found);
    }
}

fn settings_of_the_session_do_not_matter(connection: &mut Counting, found: &Found) {
    for setting in [
        "search_path = ''",
        "search_path = sales, pg_temp, pg_catalog, public",
        "quote_all_identifiers = on",
        "standard_conforming_strings = off",
        "DateStyle = 'German, DMY'",
        "IntervalStyle = 'iso_8601'",
        "TimeZone = 'Asia/Kolkata'",
        "bytea_output = 'escape'",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_read_only = on",
    ] {
        connection.inner.execute(&format!("SET {setting}")).expect("it can be set");
    }
    let others = others();
    let again = read(connection, Scope { own: "public", others: &others });
    assert_eq!(shown(&again), shown(found));
    let kept = connection.inner.query("SHOW search_path").expect("an answer");
    assert_eq!(kept, [[Some("sales, pg_temp, pg_catalog, public".to_owned())]]);
    connection.inner.execute("RESET ALL").expect("settings go back");
}

fn a_transaction_goes_on_as_it_was(connection: &mut Counting, found: &Found) {
    let inner = &mut connection.inner;
    inner.begin().expect("a transaction begins");
    inner.execute("CREATE TABLE not_yet (id integer)").expect("a table");
    let others = others();
    let scope = Scope { own: "public", others: &others };
    let within = live::read(&mut **inner, &POSTGRES, scope).expect("it can be read");
    assert_eq!(within.schema.tables().len(), found.schema.tables().len() + 1);
    assert!(inner.in_transaction());
    let path = inner.query("SHOW search_path").expect("an answer");
    assert_eq!(path, [[Some("\"$user\", public".to_owned())]]);
    inner.execute("DROP TABLE not_yet").expect("it is still there");
    inner.commit().expect("it lasts");
    assert_eq!(read(connection, scope), *found);
}

fn a_role_that_may_nothing_reads_the_same(engine: &Engine, database: &Throwaway, found: &Found) {
    let mut connection = Counting::on(database);
    // A role is the server's, and tests run side by side.
    let role = format!("whimbrel_reader_{}_{}", engine.name, std::process::id());
    connection.inner.execute(&format!("CREATE ROLE {role}")).expect("a role");
    connection
        .inner
        .execute(&format!("SET SESSION AUTHORIZATION {role}"))
        .expect("it is that role");
    let others = others();
    let result = live::read(&mut connection, &POSTGRES, Scope { own: "public", others: &others });
    connection.inner.execute("RESET SESSION AUTHORIZATION").expect("it is itself again");
    connection.inner.execute(&format!("DROP ROLE {role}")).expect("the role goes");
    assert_eq!(shown(&result.expect("it can be read")), shown(found));
}

#[test]
fn other_namespaces_are_left_alone() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        run(&mut *database.connect(), &script());
        let mut connection = Counting::on(&database);
        let found = read(&mut connection, Scope::of("sales"));
        let names: Vec<_> = found.schema.tables().map(|it| it.name.to_string()).collect();
        assert_eq!(names, ["orders"], "{}", engine.name);
        let in_public = |it: &&whimbrel::schema::Opaque| it.name.namespace.is_some();
        assert_eq!(found.opaque.iter().find(in_public), None);
        // What points out of the namespaces that are read is told, as a text.
        let key = found.opaque.iter().find(|it| it.name == Name::new("fk_code"));
        let text = key.map(|it| it.definition.as_str());
        let expected = "FOREIGN KEY (country) REFERENCES public.countries(code) ON DELETE RESTRICT";
        assert_eq!(text, Some(expected));
    }
}

#[test]
fn many_tables_cost_no_more_questions() {
    let count = std::env::var("WHIMBREL_TEST_TABLES").ok().and_then(|it| it.parse().ok());
    let count: usize = count.unwrap_or(500);
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let mut connection = Counting::on(&database);
        connection.inner.begin().expect("a transaction begins");
        for number in 0..count {
            let target = number.saturating_sub(1);
            let text = format!(
                "CREATE TABLE t{number} (id bigserial PRIMARY KEY, \
                 name varchar(20) NOT NULL DEFAULT 'x', at timestamptz DEFAULT now(), \
                 other bigint CONSTRAINT fk_{number} REFERENCES t{target}, amount numeric(10, 2), \
                 note text)"
            );
            connection.inner.execute(&text).expect("a table");
            let text = format!("CREATE INDEX ix_{number} ON t{number} (name, at DESC)");
            connection.inner.execute(&text).expect("an index");
            if number % 100 == 99 {
                connection.inner.commit().expect("a commit");
                connection.inner.begin().expect("a transaction begins");
            }
        }
        connection.inner.commit().expect("a commit");
        let begun = Instant::now();
        let found = read(&mut connection, Scope::of("public"));
        let read = begun.elapsed();
        assert_eq!(found.schema.tables().len(), count);
        assert_eq!(found.opaque, []);
        let table = found.schema.get(&Name::new("t7")).expect("it is there");
        let counts = (table.columns.len(), table.foreign_keys.len(), table.indexes.len());
        assert_eq!(counts, (6, 1, 1));
        report(&engine, &mut connection, count, read);
    }
}

/// How long the same questions take without anybody reading their answers.
#[expect(clippy::print_stderr, reason = "figures for whoever asks for them")]
fn report(engine: &Engine, connection: &mut Counting, count: usize, read: std::time::Duration) {
    if std::env::var_os("WHIMBREL_TEST_TABLES").is_none() {
        return;
    }
    live::read(connection, &POSTGRES, Scope::of("public")).expect("it can be read");
    let questions = std::mem::take(&mut connection.questions);
    let begun = Instant::now();
    connection.inner.begin().expect("a transaction begins");
    for question in &questions {
        connection.inner.query(question).expect("an answer");
    }
    connection.inner.rollback().expect("it ends");
    let bare = begun.elapsed();
    eprintln!("{}: {count} tables read in {read:?}, its questions alone {bare:?}", engine.name);
}
