//! Every scenario on every engine that is there: up, down, up, with the rows that the scenario
//! brings, and nothing left to do at the end.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use whimbrel::{
    connection::{Connection, Row},
    diagnostic::{Diagnostic, Severity, SourceFile},
    dialect::{Dialect, Namespaces},
    diff::Question,
    execute::{Difference, DownOptions, DownTarget, UpOptions, UpTarget, down, up, verify},
    history::survey,
    operation::{Hazard, as_change},
    schema::Schema,
    source::{
        live::{self, Scope},
        yaml,
    },
    sql::{lowered, normal},
};
use whimbrel_test::{
    engines::{self, Engine, Throwaway},
    random::Random,
    scenario::{self, Scenario},
    schemas,
    shelf::{self, Listener, Shelf},
};

struct Session<'a> {
    connection: Box<dyn Connection>,
    dialect: &'static Dialect,
    shelf: &'a Shelf,
    name: &'a str,
    /// Whether columns may stand in any order: those that come stand behind the others.
    any_order: bool,
    /// The namespaces that the migrations speak of.
    namespaces: Vec<String>,
}

impl Session<'_> {
    fn up(&mut self, target: UpTarget) -> usize {
        let options = UpOptions { target, ..UpOptions::default() };
        let result = up(
            &mut shelf::target(&mut *self.connection, self.dialect, self.shelf),
            &options,
            &mut Listener::default(),
        );
        result.unwrap_or_else(|stop| panic!("{} up: {stop:#?}", self.name)).migrations.len()
    }

    fn down(&mut self, target: DownTarget) -> usize {
        let options = DownOptions { target, allow_data_loss: true, ..DownOptions::default() };
        let result = down(
            &mut shelf::target(&mut *self.connection, self.dialect, self.shelf),
            &options,
            &mut Listener::default(),
        );
        result.unwrap_or_else(|stop| panic!("{} down: {stop:#?}", self.name)).migrations.len()
    }

    /// The rows of every table of `schema`, by the names of its columns.
    fn rows(&mut self, schema: &Schema) -> BTreeMap<String, Vec<Row>> {
        let mut rows = BTreeMap::new();
        for table in schema.tables() {
            let columns = self.dialect.quote_all(table.columns.iter().map(|it| &it.name));
            let name = self.dialect.quote_name(&table.name);
            let key = self.dialect.quote_all(&table.primary_key);
            let order = if key.is_empty() { &columns } else { &key };
            let sql = format!("SELECT {columns} FROM {name} ORDER BY {order}");
            let found = self.connection.query(&sql);
            let found = found.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.name));
            rows.insert(table.name.to_string(), found);
        }
        rows
    }
}

impl Session<'_> {
    /// The law: what is there is what the migrations say, no more and no less, and reading it,
    /// writing it down and reading that again changes nothing.
    fn is(&mut self, schema: &Schema, when: &str) {
        let words = format!("{} {when}", self.name);
        let survey = survey(&mut *self.connection, self.dialect).expect("a look around");
        let namespace = survey.namespace;
        let scope = Scope { own: &namespace, others: &self.namespaces };
        let found = live::read(&mut *self.connection, self.dialect, scope);
        let found = found.unwrap_or_else(|error| panic!("{words}: {error}"));
        assert_eq!(found.opaque, [], "{words}");
        let mut wanted = normal(self.dialect, schema, &namespace);
        if self.connection.server().lowers_tables {
            wanted = lowered(&wanted);
        }
        let mut there = normal(self.dialect, &found.schema, &namespace);
        if self.any_order {
            wanted = by_name(wanted);
            there = by_name(there);
        }
        assert_eq!(there, wanted, "{words}");
        assert_eq!(normal(self.dialect, &wanted, &namespace), wanted, "{words}");
        let text = yaml::FORMAT.print.expect("it can be written")(&found.schema);
        let (declared, diagnostics) =
            yaml::read(&vec![SourceFile::new("live.yaml", text.clone())].into());
        let wrong = |it: &Diagnostic| it.severity == Severity::Error;
        assert!(!diagnostics.iter().any(wrong), "{words}: {diagnostics:#?}: {text}");
        let mut again = normal(self.dialect, &declared.schema, &namespace);
        if self.any_order {
            again = by_name(again);
        }
        assert_eq!(again, wanted, "{words}: {text}");
    }

    /// Nothing differs right after a run, and nothing is there that nobody knows.
    fn verifies(&mut self, schema: &Schema, when: &str) {
        let words = format!("{} {when}", self.name);
        let mut target = shelf::target(&mut *self.connection, self.dialect, self.shelf);
        let verified = verify(&mut target);
        let verified = verified.unwrap_or_else(|stop| panic!("{words}: {stop:#?}"));
        let told: Vec<String> = verified.differences.iter().flat_map(Difference::words).collect();
        assert_eq!(told, [""; 0], "{words}");
        assert_eq!(verified.unknown, [], "{words}");
        assert!(verified.end_seen, "{words}");
        assert_eq!(verified.tables, schema.tables().len(), "{words}");
    }
}

/// The same schema with its columns by their names.
fn by_name(mut schema: Schema) -> Schema {
    let names: Vec<_> = schema.tables().map(|it| it.name.clone()).collect();
    for name in names {
        let table = schema.table_mut(&name).expect("it is there");
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    schema
}

fn loses(scenario: &Scenario) -> bool {
    let mut schema = scenario.before.clone();
    scenario.operations.iter().any(|operation| {
        let hazard = as_change(operation).hazard(&schema);
        as_change(operation).apply(&mut schema).expect("diff's operations apply");
        matches!(hazard, Some(Hazard::Loses(_)))
    })
}

/// Returns whether the scenario can be had on this database.
fn goes_there_and_back(scenario: &Scenario, database: &Throwaway) -> bool {
    goes(scenario, database, false)
}

fn goes(scenario: &Scenario, database: &Throwaway, any_order: bool) -> bool {
    let connection = database.connect();
    let dialect = Dialect::of_product(&connection.server().product)
        .unwrap_or_else(|| panic!("no dialect for {}", connection.server().product));
    if scenario.unsupported(dialect).is_some() {
        return false;
    }
    let shelf = scenario.migrations();
    let (name, namespaces) = (&scenario.name, scenario.namespaces().into_iter().collect());
    let mut session = Session { connection, dialect, shelf: &shelf, name, any_order, namespaces };
    session.up(UpTarget::Count(1));
    for row in &scenario.rows {
        let result = session.connection.execute(row);
        result.unwrap_or_else(|error| panic!("{}: {row}: {error}", scenario.name));
    }
    session.is(&scenario.before, "before");
    let before = session.rows(&scenario.before);
    assert_eq!(session.up(UpTarget::All), 1, "{}", scenario.name);
    session.is(&scenario.after, "after");
    session.verifies(&scenario.after, "after");
    let after = session.rows(&scenario.after);
    assert_eq!(session.up(UpTarget::All), 0, "{}", scenario.name);
    assert_eq!(session.down(DownTarget::Count(1)), 1, "{}", scenario.name);
    session.is(&scenario.before, "taken back");
    session.verifies(&scenario.before, "taken back");
    let back = session.rows(&scenario.before);
    if !loses(scenario) {
        assert_eq!(back, before, "{}: rows after going back", scenario.name);
        assert_eq!(session.up(UpTarget::All), 1, "{}", scenario.name);
        let again = session.rows(&scenario.after);
        for (table, rows) in &after {
            assert_eq!(again[table].len(), rows.len(), "{}: rows of {table}", scenario.name);
        }
    }
    session.down(DownTarget::All);
    session.verifies(&Schema::default(), "all taken back");
    assert_eq!(session.up(UpTarget::All), 2, "{}", scenario.name);
    session.is(&scenario.after, "again");
    true
}

#[test]
fn every_scenario_goes_there_and_back_on_sqlite() {
    scenario::on_each(&scenario::all(), engines::sqlite(), goes_there_and_back);
}

#[test]
fn every_scenario_goes_there_and_back_on_postgres() {
    scenario::on_each(&scenario::all(), engines::postgres(), goes_there_and_back);
}

#[test]
fn every_scenario_goes_there_and_back_on_the_mysql_family() {
    scenario::on_each(&scenario::all(), engines::mysql_family(), goes_there_and_back);
}

/// From one random schema to another and back, on empty tables.
fn random_schemas_go_there_and_back(engines: Vec<Engine>) {
    let count = number("WHIMBREL_TEST_SCHEMAS", 6);
    let first = number("WHIMBREL_TEST_SEED", 1);
    for engine in engines {
        let (mut ran, mut failures) = (0, Vec::new());
        for seed in first..first + count {
            let database = engine.fresh_database();
            let dialect = engines::dialect_of(&*database.connect());
            let namespaces = match dialect.namespaces {
                Namespaces::Unsupported { .. } => Vec::new(),
                Namespaces::Schemas | Namespaces::Databases { .. } => {
                    ["n1", "n2"].map(|it| database.namespace(it)).to_vec()
                }
            };
            let home = matches!(dialect.namespaces, Namespaces::Schemas);
            let mut random = Random::new(seed);
            let mut schema = || schemas::schema(&mut random, &namespaces, home);
            let (before, after) = (schema(), schema());
            let name = format!("seed {seed}");
            let by_chance = |it: &Question| renamed(it, &mut random);
            // Where the answers don't go together, or ask for what can't be had, nothing is renamed.
            let scenario = Scenario::answered(&name, &before, &after, by_chance).ok();
            let scenario = scenario.filter(|it| it.unsupported(dialect).is_none());
            let scenario = scenario.unwrap_or_else(|| Scenario::of(&name, &before, &after));
            match catch_unwind(AssertUnwindSafe(|| goes(&scenario, &database, true))) {
                Ok(can_be_had) => ran += u64::from(can_be_had),
                Err(_) => failures.push(format!("seed {seed}\n{before}{after}")),
            }
        }
        assert!(failures.is_empty(), "{}: {}", engine.name, failures.join("\n"));
        assert!(ran > count / 2, "{}: only {ran} can be had", engine.name);
    }
}

/// Says of half of what may have another name that it has, but of nothing that leaves the
/// connection's own namespace or comes into it: there would be no way back.
fn renamed(question: &Question, random: &mut Random) -> Option<usize> {
    let candidate = random.below(2 * question.candidates.len());
    let to = question.candidates.get(candidate)?.subject.whole();
    let stays = question.subject.whole().namespace.is_some() == to.namespace.is_some();
    stays.then_some(candidate)
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |it| it.parse().expect("a number"))
}

#[test]
fn random_schemas_go_there_and_back_on_sqlite() {
    random_schemas_go_there_and_back(engines::sqlite());
}

#[test]
fn random_schemas_go_there_and_back_on_postgres() {
    random_schemas_go_there_and_back(engines::postgres());
}

#[test]
fn random_schemas_go_there_and_back_on_the_mysql_family() {
    random_schemas_go_there_and_back(engines::mysql_family());
}

/// `NULLS NOT DISTINCT` came with PostgreSQL 15.
#[test]
fn nulls_can_count_as_equal_since_postgres_15() {
    let users = "tables: [{name: users, fields: [{name: id, type: integer, primary_key: true}, \
                 {name: age, type: integer}], uniques: [{fields: [age]";
    let constraint = Scenario::of(
        "nulls count as equal in a constraint",
        &format!("{users}}}]}}]"),
        &format!("{users}, nulls_not_distinct: true, include: [id]}}]}}]"),
    );
    let table = "tables: [{name: users, fields: [{name: id, type: integer, primary_key: true}, \
                 {name: age, type: integer}], indexes: [{name: ix, fields: [age], unique: true";
    let scenario = Scenario::of(
        "nulls count as equal",
        &format!("{table}}}]}}]"),
        &format!("{table}, nulls_not_distinct: true}}]}}]"),
    );
    for engine in engines::postgres() {
        let since_15 = |it: &dyn Connection| it.server().version.major >= 15;
        if engine.can("nulls are never equal before PostgreSQL 15", since_15) {
            assert!(goes_there_and_back(&scenario, &engine.fresh_database()));
            assert!(goes_there_and_back(&constraint, &engine.fresh_database()));
        }
    }
}
