//! A squash does what the migrations do in whose place it stands, and databases that have run all,
//! none or some of them all end in the same place.

use whimbrel::{
    diff,
    execute::{Applied, DownOptions, DownTarget, UpOptions, UpTarget, down, status, up, verify},
    history::How,
    migration::replay,
    operation::{Operation, reduce_all},
};
use whimbrel_migration::{Migration, bigint, sql, table, text};
use whimbrel_test::{
    engines::{self, Throwaway},
    scenario::{self, Scenario},
    shelf::{self, Listener, Shelf},
};

const SQUASH: &str = "9000_squash";

/// The operations of a scenario, a migration each, in a line; the preparation is one of them.
fn one_by_one(scenario: &Scenario) -> Vec<(String, Migration)> {
    let changes = scenario.operations.iter().map(|it| vec![it.clone()]);
    line([scenario.preparation()].into_iter().chain(changes).collect())
}

fn line(operations: Vec<Vec<Operation>>) -> Vec<(String, Migration)> {
    let mut line: Vec<(String, Migration)> = Vec::new();
    for (position, operations) in operations.into_iter().enumerate() {
        let parents = line.last().map(|it| it.0.clone()).into_iter().collect();
        let migration = Migration { parents, operations, ..Migration::default() };
        line.push((format!("{:04}_m", position + 1), migration));
    }
    line
}

/// What stands in the place of all of them.
fn squash(line: &[(String, Migration)]) -> (String, Migration) {
    let operations = line.iter().flat_map(|it| it.1.operations.clone()).collect();
    let replaces = line.iter().map(|it| it.0.clone()).collect();
    let operations = reduce_all(operations);
    (SQUASH.to_owned(), Migration { operations, replaces, ..Migration::default() })
}

#[test]
fn a_squash_leads_where_its_migrations_lead() {
    for scenario in scenario::all() {
        let line = one_by_one(&scenario);
        let apart = replay(line.iter().map(|(name, it)| (name.as_str(), it)));
        let (name, squash) = squash(&line);
        let together = replay([(name.as_str(), &squash)]);
        match (apart, together) {
            (Ok(apart), Ok(together)) => {
                assert!(diff::equivalent(&apart, &together), "{}", scenario.name);
            }
            other => panic!("{}: {other:#?}", scenario.name),
        }
    }
}

/// Runs `so_many` of the migrations, then everything with the squash beside it, and takes it all
/// back.
fn ends_right(name: &str, database: &Throwaway, line: &[(String, Migration)], so_many: usize) {
    let what = format!("{name} after {so_many} of {}", line.len());
    let mut connection = database.connect();
    let dialect = engines::dialect_of(&*connection);
    let old = Shelf::new(line.to_vec());
    let options = UpOptions { target: UpTarget::Count(so_many), ..UpOptions::default() };
    up(&mut shelf::target(&mut *connection, dialect, &old), &options, &mut Listener::default())
        .unwrap_or_else(|stop| panic!("{what}: {stop:#?}"));

    let both = Shelf::new(line.iter().cloned().chain([squash(line)]));
    let go = |connection: &mut dyn whimbrel::connection::Connection| {
        let options = UpOptions { into_existing: true, ..UpOptions::default() };
        let mut target = shelf::target(connection, dialect, &both);
        let report = up(&mut target, &options, &mut Listener::default());
        report.unwrap_or_else(|stop| panic!("{what}: {stop:#?}")).migrations
    };
    let before = status(&mut shelf::target(&mut *connection, dialect, &both)).expect("it reads");
    let ran = go(&mut *connection);
    match so_many {
        0 => {
            assert_eq!(ran, [SQUASH], "{what}");
            assert_eq!(before.migrations.len(), 1, "{what}: {before:#?}");
        }
        _ if so_many == line.len() => {
            assert!(ran.is_empty(), "{what}: {ran:?}");
            assert!(before.pending().next().is_none(), "{what}: {before:#?}");
        }
        _ => {
            assert_eq!(ran.len(), line.len() - so_many, "{what}: {ran:?}");
            let waits = |it: &&whimbrel::execute::Entry| matches!(it.applied, Applied::Waiting { applied, .. } if applied == so_many);
            assert_eq!(before.migrations.iter().filter(waits).count(), 1, "{what}: {before:#?}");
        }
    }
    assert!(go(&mut *connection).is_empty(), "{what}: nothing is left to do");
    let after = status(&mut shelf::target(&mut *connection, dialect, &both)).expect("it reads");
    let [only] = after.migrations.as_slice() else { panic!("{what}: {after:#?}") };
    assert_eq!(only.name, SQUASH, "{what}");
    let ran_here = matches!(only.applied, Applied::Applied { how: How::Ran, edited: false, .. });
    assert!(ran_here, "{what}: {after:#?}");
    let found = verify(&mut shelf::target(&mut *connection, dialect, &both)).expect("it reads");
    assert!(found.differences.is_empty() && found.end_seen, "{what}: {found:#?}");
    assert!(found.missing.is_empty() && found.edited.is_empty(), "{what}: {found:#?}");
    let rows = connection.query("SELECT name FROM whimbrel_migrations").expect("it is there");
    assert_eq!(rows, [[Some(SQUASH.to_owned())]], "{what}");

    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    let report = down(
        &mut shelf::target(&mut *connection, dialect, &both),
        &options,
        &mut Listener::default(),
    );
    assert_eq!(
        report.unwrap_or_else(|stop| panic!("{what}: {stop:#?}")).migrations,
        [SQUASH],
        "{what}"
    );
    let left = whimbrel::history::survey(&mut *connection, dialect).expect("it looks");
    assert!(left.tables.is_empty(), "{what}: {:?}", left.tables);
    assert_eq!(go(&mut *connection), [SQUASH], "{what}");
}

/// Whether a scenario says nothing that stops a run on purpose.
fn runs(scenario: &Scenario) -> bool {
    let stops = |it: &Operation| {
        matches!(it, Operation::NeedsReview(_) | Operation::Irreversible(_))
            || matches!(it, Operation::StateOnly(_) | Operation::DatabaseOnly(_))
    };
    !scenario.operations.iter().any(stops)
}

#[test]
fn every_scenario_ends_right_as_a_squash() {
    let all = std::env::var_os("WHIMBREL_TEST_LONG").is_some();
    for (position, scenario) in scenario::all().iter().filter(|it| runs(it)).enumerate() {
        let line = one_by_one(scenario);
        let mut counts = vec![0, 1, line.len()];
        if !all {
            // One of them each, in turn.
            counts = vec![counts[position % 3]];
        }
        counts.dedup();
        for so_many in counts {
            let database = engines::sqlite()[0].fresh_database();
            if scenario.unsupported(engines::dialect_of(&*database.connect())).is_none() {
                ends_right(&scenario.name, &database, &line, so_many);
            }
        }
    }
}

/// Tables, columns and rows, with SQL of one's own in between.
fn with_scripts() -> Vec<(String, Migration)> {
    let operations = |it: Migration| it.operations;
    line(vec![
        operations(
            Migration::first().create_table(table("users").column("id", bigint().primary_key())),
        ),
        operations(Migration::first().add_column("users", "name", text())),
        operations(Migration::first().run_sql(
            sql("INSERT INTO users (id, name) VALUES (1, 'a')").undo("DELETE FROM users"),
        )),
        operations(Migration::first().rename_column("users", "name", "label")),
        operations(
            Migration::first()
                .run_sql(sql("UPDATE users SET label = 'b' WHERE label = 'a'").undo_nothing()),
        ),
    ])
}

#[test]
fn databases_that_ran_all_none_or_some_of_it_end_alike() {
    for engine in engines::all() {
        let line = with_scripts();
        for so_many in [0, 2, 4, line.len()] {
            let database = engine.fresh_database();
            ends_right(&format!("{engine:?}"), &database, &line, so_many);
            let rows = database.connect().query("SELECT id, label FROM users");
            assert_eq!(
                rows.expect("it is there"),
                [[Some("1".to_owned()), Some("b".to_owned())]],
                "{engine:?} after {so_many}"
            );
        }
    }
}
