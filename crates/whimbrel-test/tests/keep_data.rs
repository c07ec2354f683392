//! `down --keep-data` sets aside what it would drop, and `up` puts it back: every scenario on
//! every engine, and with the client killed at every call.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use whimbrel::{
    connection::{Connection, Row},
    dialect::{Ddl, Dialect, Object, SQLITE},
    execute::{DownOptions, DownTarget, Report, Stop, UpOptions, UpTarget, down, up},
    schema::Schema,
};
use whimbrel_migration::{Migration, sql};
use whimbrel_test::{
    engines::{self, Throwaway, dialect_of},
    scenario::{self, Scenario},
    shelf::{Listener, Shelf, run_down, run_up, target},
    simulator::{Death, Side, open, simulated},
};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

fn keep(target: DownTarget) -> DownOptions {
    DownOptions { target, keep_data: true, ..DownOptions::default() }
}

/// The rows of every table of `schema`, by the names of its columns.
fn rows(connection: &mut dyn Connection, schema: &Schema) -> BTreeMap<String, Vec<Row>> {
    let dialect = dialect_of(connection);
    let mut rows = BTreeMap::new();
    for table in schema.tables() {
        let columns = dialect.quote_all(table.columns.iter().map(|it| &it.name));
        let name = dialect.quote_name(&table.name);
        let sql = format!("SELECT {columns} FROM {name}");
        let mut found = connection.query(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        found.sort();
        rows.insert(table.name.to_string(), found);
    }
    rows
}

/// The objects of the user's: what `up`, `down --keep-data` and `up` again should leave equal.
fn objects(connection: &mut dyn Connection, schema: &Schema) -> String {
    let mut text = String::new();
    let dialect = dialect_of(connection);
    let looks = schema.tables().flat_map(|table| {
        let of = |it: String| (table.name.clone(), it);
        let indexes = table.indexes.iter().map(move |it| of(it.name.clone()));
        let columns = table.columns.iter().map(move |it| of(it.name.clone()));
        let keys = table.foreign_keys.iter().map(move |it| of(it.name.clone()));
        indexes
            .map(|(table, it)| Object::Index(table, it))
            .chain(columns.map(|(table, it)| Object::Column(table, it)))
            .chain(keys.map(|(table, it)| Object::ForeignKey(table, it)))
            .collect::<Vec<_>>()
    });
    for object in looks {
        let found = connection.query(&dialect.look_query(&object)).unwrap();
        writeln!(text, "{object}: {found:?}").unwrap();
    }
    text
}

/// Returns whether the scenario can be had on this database.
fn comes_back(scenario: &Scenario, database: &Throwaway) -> bool {
    let mut connection = database.connect();
    let connection = &mut *connection;
    let dialect = dialect_of(connection);
    if scenario.unsupported(dialect).is_some() {
        return false;
    }
    let shelf = scenario.migrations();
    let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
    up(&mut target(connection, dialect, &shelf), &one, &mut Listener::default()).unwrap();
    for row in &scenario.rows {
        connection.execute(row).unwrap();
    }
    let before = (rows(connection, &scenario.before), objects(connection, &scenario.before));
    run_up(connection, &shelf).unwrap();
    let after = (rows(connection, &scenario.after), objects(connection, &scenario.after));

    run_down(connection, &shelf, &keep(DownTarget::Count(1))).unwrap();
    assert_eq!(objects(connection, &scenario.before), before.1, "back");
    run_up(connection, &shelf).unwrap();
    let again = (rows(connection, &scenario.after), objects(connection, &scenario.after));
    assert_eq!(again, after, "one step back and forth");

    run_down(connection, &shelf, &keep(DownTarget::All)).unwrap();
    for table in scenario.before.tables().chain(scenario.after.tables()) {
        let name = dialect.quote_name(&table.name);
        let gone = connection.query(&format!("SELECT 1 FROM {name}")).is_err();
        assert!(gone, "{name} is still there");
    }
    // All names are free: what the file says now is made anew.
    let edited = edited(scenario);
    run_up(connection, &edited).unwrap();
    let empty = rows(connection, &scenario.after);
    assert!(empty.values().all(Vec::is_empty), "made anew: {empty:?}");
    let lose =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    run_down(connection, &edited, &lose).unwrap();

    run_up(connection, &shelf).unwrap();
    let again = (rows(connection, &scenario.after), objects(connection, &scenario.after));
    assert_eq!(again, after, "all the way back and forth");
    let left = connection.query("SELECT name FROM whimbrel_state WHERE name LIKE 'trash:%'");
    assert_eq!(left.unwrap(), Vec::<Row>::new(), "nothing stays set aside");
    true
}

/// The same migrations, that mean something else by a statement which does nothing.
fn edited(scenario: &Scenario) -> Shelf {
    let first = Migration { operations: scenario.preparation(), ..Migration::first() };
    let second =
        Migration { operations: scenario.operations.clone(), ..Migration::after("0001_before") };
    let nothing = || sql("SELECT 1").undo_nothing();
    Shelf::new([
        ("0001_before", first.run_sql(nothing())),
        ("0002_change", second.run_sql(nothing())),
    ])
}

/// The scenarios that have most to set aside; all of them in the long mode, as every scenario's
/// tables go and come back.
const TELLING: &[&str] = &[
    "add_column_with_foreign_key",
    "add_column_with_uuid",
    "add_required_column_with_default",
    "create_table_of_every_type",
    "create_namespace_with_a_table",
    "create_tables_in_a_circle",
    "drop_column_with_index_and_foreign_key",
];

fn scenarios() -> Vec<Scenario> {
    let mut scenarios = scenario::all();
    if std::env::var_os("WHIMBREL_TEST_LONG").is_none() {
        scenarios.retain(|it| TELLING.contains(&it.name.as_str()));
    }
    // Rows that a migration writes are written anew, and take numbers of their own.
    scenarios.retain(|it| !it.folder.join("change.rs").exists());
    scenarios
}

#[test]
fn every_scenario_comes_back_on_sqlite() {
    scenario::on_each(&scenarios(), engines::sqlite(), comes_back);
}

#[test]
fn every_scenario_comes_back_on_postgres() {
    scenario::on_each(&scenarios(), engines::postgres(), comes_back);
}

#[test]
fn every_scenario_comes_back_on_the_mysql_family() {
    scenario::on_each(&scenarios(), engines::mysql_family(), comes_back);
}

fn go(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
    is_up: bool,
) -> Result<Report, Stop> {
    let mut target = target(connection, dialect, shelf);
    let mut listener = Listener::default();
    if is_up {
        up(&mut target, &UpOptions::default(), &mut listener)
    } else {
        // To a name, so that a second run that finds the first one's work done does no more.
        down(&mut target, &keep(DownTarget::To("0001_before".to_owned())), &mut listener)
    }
}

/// Everything in the file but the times, the runs and the journal.
fn dump(file: &Path) -> String {
    let mut connection = open(file);
    let mut text = String::new();
    let objects = connection
        .query(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_master \
             WHERE tbl_name NOT IN ('whimbrel_runs', 'whimbrel_steps', 'whimbrel_migrations') \
             ORDER BY name",
        )
        .unwrap();
    for object in objects {
        writeln!(text, "{object:?}").unwrap();
        if object[0].as_deref() == Some("table") {
            let name = SQLITE.quote(object[1].as_deref().unwrap());
            let mut rows = connection.query(&format!("SELECT * FROM {name}")).unwrap();
            // Which run it was differs with how often it was killed.
            rows.retain(|it| !it[0].as_deref().is_some_and(|it| it.starts_with("trash:")));
            // What the last run has seen is worth nothing but comfort.
            rows.retain(|it| it[0].as_deref() != Some("seen"));
            writeln!(text, "{rows:?}").unwrap();
        }
    }
    let trash = "SELECT json_extract(value, '$.object'), json_extract(value, '$.kept') \
                 FROM whimbrel_state WHERE name LIKE 'trash:%' ORDER BY name";
    writeln!(text, "{:?}", connection.query(trash).unwrap()).unwrap();
    let history = "SELECT name, state FROM whimbrel_migrations ORDER BY position";
    writeln!(text, "{:?}", connection.query(history).unwrap()).unwrap();
    text
}

/// Kills the client at every call of `down --keep-data` and of the `up` that puts things back.
fn survives(scenario: &Scenario, dialect: &'static Dialect, folder: &Path) -> usize {
    let shelf = scenario.migrations();
    let (applied, reverted) = (folder.join("applied.db"), folder.join("reverted.db"));
    let _ = fs::remove_file(&applied);
    let mut connection = simulated(&applied, dialect, None);
    let one = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
    up(&mut target(&mut connection, dialect, &shelf), &one, &mut Listener::default()).unwrap();
    for row in &scenario.rows {
        connection.execute(row).unwrap();
    }
    go(&mut connection, dialect, &shelf, true).unwrap();
    drop(connection);
    fs::copy(&applied, &reverted).unwrap();
    let mut connection = simulated(&reverted, dialect, None);
    go(&mut connection, dialect, &shelf, false).unwrap();
    let trash = "SELECT name FROM whimbrel_state WHERE name LIKE 'trash:%'";
    if connection.query(trash).unwrap().is_empty() {
        // Nothing of it is ever set aside; the other tests kill it.
        return 0;
    }
    drop(connection);
    let mut deaths = 0;
    for (is_up, start) in [(false, &applied), (true, &reverted)] {
        let file = folder.join("undisturbed.db");
        fs::copy(start, &file).unwrap();
        let mut connection = simulated(&file, dialect, None);
        go(&mut connection, dialect, &shelf, is_up).unwrap();
        let calls = connection.calls();
        drop(connection);
        let expected = dump(&file);
        for call in 0..calls {
            for side in [Side::Before, Side::After] {
                let way = if is_up { "up" } else { "down" };
                let words = format!("{} {way} killed {side:?} call {call}", scenario.name);
                let file = folder.join("killed.db");
                fs::copy(start, &file).unwrap();
                let mut dying = simulated(&file, dialect, Some(Death { call, side }));
                if let Err(stop) = go(&mut dying, dialect, &shelf, is_up) {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                assert!(dying.is_dead(), "{words}: it lived on");
                drop(dying);
                if let Err(stop) = go(&mut *open(&file), dialect, &shelf, is_up) {
                    panic!("{words}: the next run stopped: {stop}");
                }
                assert_eq!(dump(&file), expected, "{words}");
                deaths += 1;
            }
        }
    }
    deaths
}

fn survives_all(dialect: &'static Dialect) {
    let folder = tempfile::tempdir().unwrap();
    let mut deaths = 0;
    for scenario in scenarios() {
        if scenario.unsupported(dialect).is_none() {
            deaths += survives(&scenario, dialect, folder.path());
        }
    }
    assert!(deaths > 100, "only {deaths} deaths were tried");
}

#[test]
fn a_client_killed_while_it_sets_aside_or_puts_back_is_survived() {
    survives_all(&SQLITE);
}

#[test]
fn the_same_where_schema_changes_commit_by_themselves() {
    survives_all(&AUTOCOMMIT);
}
