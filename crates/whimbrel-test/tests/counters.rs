//! What a run costs, counted: calls of the connection for each migration, questions of a run with
//! nothing to do, files read. Counts don't depend on the machine, so they are pinned.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use whimbrel::{
    connection::{BatchError, Connection, DatabaseError, Named, Row, Server},
    diagnostic::Diagnostic,
    dialect::{Catalog, Ddl, Dialect, Limit, Lock, SQLITE},
    execute::{
        DownOptions, DownTarget, Grouping, Report, Target, UpOptions, down, plan_up, status, up,
    },
    history::survey,
    migration::{File, Loaded, Migrations, Replaces},
    source::live::{self, Scope},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Listener, Shelf, target},
};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

/// A call of a connection, and how many statements went with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Statement,
    Question,
    Transaction(usize),
}

/// A connection that writes down what it is asked.
struct Counting {
    inner: Box<dyn Connection>,
    calls: Vec<Call>,
    autocommits_schema: bool,
}

impl Counting {
    fn new(inner: Box<dyn Connection>, dialect: &Dialect) -> Self {
        let autocommits_schema =
            dialect.ddl == Ddl::Autocommit && inner.server().product == SQLITE.product;
        Self { inner, calls: Vec::new(), autocommits_schema }
    }

    fn noted(&mut self, call: Call) -> &mut dyn Connection {
        self.calls.push(call);
        &mut *self.inner
    }
}

impl Connection for Counting {
    fn server(&self) -> &Server {
        self.inner.server()
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let in_the_way = self.autocommits_schema && self.inner.in_transaction();
        assert!(!in_the_way || !sql.starts_with("CREATE"), "it would end the transaction");
        self.noted(Call::Statement).execute(sql)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.noted(Call::Question).query(sql)
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.noted(Call::Question).query_named(sql)
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.noted(Call::Statement).begin()
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.noted(Call::Statement).commit()
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.noted(Call::Statement).rollback()
    }

    fn in_transaction(&self) -> bool {
        self.inner.in_transaction()
    }

    fn execute_all(&mut self, statements: &[String]) -> Result<(), BatchError> {
        self.noted(Call::Transaction(statements.len())).execute_all(statements)
    }

    fn transaction(&mut self, statements: &[String]) -> Result<(), BatchError> {
        self.noted(Call::Transaction(statements.len())).transaction(statements)
    }
}

/// Migrations that write down which of them are read.
struct Watched {
    shelf: Shelf,
    read: RefCell<BTreeSet<String>>,
}

impl Watched {
    /// So many migrations of one table each, one after another.
    fn new(count: usize) -> Self {
        Self { shelf: Shelf::new((1..=count).map(Self::migration)), read: RefCell::default() }
    }

    fn migration(number: usize) -> (String, Migration) {
        let name = |number: usize| format!("{number:04}_t{number}");
        let begun = match number {
            1 => Migration::first(),
            _ => Migration::after(name(number - 1).as_str()),
        };
        let table = table(format!("t{number}").as_str())
            .column("id", bigint().primary_key())
            .column("name", varchar(20).not_null());
        (name(number), begun.create_table(table))
    }

    fn read(&self) -> usize {
        self.read.borrow().len()
    }
}

impl Migrations for Watched {
    fn files(&self) -> &[File] {
        self.shelf.files()
    }

    fn load(&self, name: &str) -> Result<Arc<Loaded>, Vec<Diagnostic>> {
        self.read.borrow_mut().insert(name.to_owned());
        self.shelf.load(name)
    }

    fn replaces(&self) -> Replaces {
        self.shelf.replaces()
    }
}

/// Does something with a target, and returns the calls it took.
fn calls<T>(
    connection: Box<dyn Connection>,
    dialect: &'static Dialect,
    migrations: &Watched,
    work: impl FnOnce(&mut Target<'_>) -> T,
) -> (T, Vec<Call>) {
    let mut counting = Counting::new(connection, dialect);
    let done = work(&mut target(&mut counting, dialect, migrations));
    (done, counting.calls)
}

fn go_up(target: &mut Target<'_>) -> Report {
    let options = UpOptions { grouping: Grouping::Each, ..UpOptions::default() };
    up(target, &options, &mut Listener::default()).expect("`up` succeeds")
}

fn go_down(target: &mut Target<'_>) -> Report {
    let options =
        DownOptions { target: DownTarget::All, allow_data_loss: true, ..DownOptions::default() };
    down(target, &options, &mut Listener::default()).expect("`down` succeeds")
}

/// Every database at hand, and one that stands for those without transactional schema changes.
fn databases() -> Vec<(engines::Throwaway, &'static Dialect)> {
    let mut databases = Vec::new();
    for engine in engines::all() {
        let database = engine.fresh_database();
        let product = database.connect().server().product.clone();
        databases.push((database, Dialect::of_product(&product).expect("it has a dialect")));
    }
    databases.push((engines::sqlite().remove(0).fresh_database(), &AUTOCOMMIT));
    databases
}

/// How many statements of a transaction look after the lock of the run.
fn fence(dialect: &Dialect) -> usize {
    usize::from(dialect.lock != Lock::File)
}

/// The calls that one more migration adds, up and down.
fn calls_of_one_more(
    engine: &engines::Engine,
    dialect: &'static Dialect,
) -> (Vec<Call>, Vec<Call>) {
    let of = |count| {
        let (database, migrations) = (engine.fresh_database(), Watched::new(count));
        let (report, ups) = calls(database.connect(), dialect, &migrations, go_up);
        assert_eq!(report.migrations.len(), count);
        let (report, downs) = calls(database.connect(), dialect, &migrations, go_down);
        assert_eq!(report.migrations.len(), count);
        (ups, downs)
    };
    let ((fewer_up, fewer_down), (more_up, more_down)) = (of(4), of(5));
    (added(fewer_up, more_up), added(fewer_down, more_down))
}

/// What `more` has beyond `fewer`, sorted.
fn added(mut fewer: Vec<Call>, more: Vec<Call>) -> Vec<Call> {
    let is_new = |call: &Call| match fewer.iter().position(|it| it == call) {
        Some(position) => {
            fewer.remove(position);
            false
        }
        None => true,
    };
    let mut added: Vec<Call> = more.into_iter().filter(is_new).collect();
    added.sort_unstable();
    added
}

#[test]
fn a_migration_is_one_transaction_where_schema_changes_are_transactional() {
    for engine in engines::sqlite().iter().chain(&engines::postgres()) {
        let product = engine.fresh_database().connect().server().product.clone();
        let dialect = Dialect::of_product(&product).expect("it has a dialect");
        let (up, down) = calls_of_one_more(engine, dialect);
        // How long it may queue for locks travels with the rest, where the server is told that,
        // and so does what looks after the run's own lock.
        let limit = usize::from(matches!(dialect.waiting.limit, Limit::Transaction { .. }));
        let limit = limit + fence(dialect);
        // Its row and its statement.
        assert_eq!(up, [Call::Transaction(2 + limit)], "{}", engine.name);
        // How it is taken back is asked before; then its row, the step's mark, over which a
        // second run trips, and the statement.
        assert_eq!(down, [Call::Question, Call::Transaction(3 + limit)], "{}", engine.name);
    }
}

#[test]
fn a_migration_is_two_commits_where_schema_changes_commit_by_themselves() {
    let sqlite = engines::sqlite().into_iter().map(|it| (it, &AUTOCOMMIT));
    let servers = engines::mysql_family().into_iter().map(|it| {
        let product = it.fresh_database().connect().server().product.clone();
        (it, Dialect::of_product(&product).expect("it has a dialect"))
    });
    for (engine, dialect) in sqlite.chain(servers) {
        let (up, down) = calls_of_one_more(&engine, dialect);
        let lock = fence(dialect);
        // A look, then that the one before is done and this one begins, then the statement.
        let expected = [Call::Statement, Call::Question, Call::Transaction(lock + 4)];
        assert_eq!(up, expected, "{}", engine.name);
        // How it is taken back is asked as well.
        let expected =
            [Call::Statement, Call::Question, Call::Question, Call::Transaction(lock + 4)];
        assert_eq!(down, expected, "{}", engine.name);
    }
}

#[test]
fn a_run_with_nothing_to_do_asks_twice_and_reads_no_file() {
    for (database, dialect) in databases() {
        let migrations = Watched::new(5);
        calls(database.connect(), dialect, &migrations, go_up);
        migrations.read.take();
        let (report, asked) = calls(database.connect(), dialect, &migrations, go_up);
        assert_eq!(report, Report::default());
        assert_eq!(asked, [Call::Question; 2], "{}", dialect.name);
        let (told, asked) = calls(database.connect(), dialect, &migrations, status);
        assert_eq!(told.expect("`status` succeeds").migrations.len(), 5);
        assert_eq!(asked, [Call::Question; 2], "{}", dialect.name);
        assert_eq!(migrations.read(), 0, "{}", dialect.name);
    }
}

#[test]
fn one_pending_migration_behind_many_is_the_only_file_read() {
    for (database, dialect) in databases() {
        calls(database.connect(), dialect, &Watched::new(70), go_up);
        let migrations = Watched::new(71);
        let (planned, _) = calls(database.connect(), dialect, &migrations, |target| {
            plan_up(target, &UpOptions::default()).expect("there is a plan")
        });
        assert_eq!((planned.len(), migrations.read()), (1, 1), "{}", dialect.name);
        assert_eq!(planned[0].after.tables().len(), 71, "{}", dialect.name);
        let (report, _) = calls(database.connect(), dialect, &migrations, go_up);
        assert_eq!((report.migrations.len(), migrations.read()), (1, 1), "{}", dialect.name);
        // What has come since is read again, until it is worth keeping.
        let migrations = Watched::new(72);
        calls(database.connect(), dialect, &migrations, go_up);
        assert_eq!(migrations.read(), 2, "{}", dialect.name);
    }
}

#[test]
fn what_was_kept_of_a_schema_is_not_believed_once_migrations_went() {
    let database = engines::sqlite().remove(0).fresh_database();
    calls(database.connect(), &SQLITE, &Watched::new(70), go_up);
    calls(database.connect(), &SQLITE, &Watched::new(70), |target| {
        let options = DownOptions {
            target: DownTarget::Count(5),
            allow_data_loss: true,
            ..DownOptions::default()
        };
        down(target, &options, &mut Listener::default()).expect("`down` succeeds");
    });
    let migrations = Watched::new(66);
    let (planned, _) = calls(database.connect(), &SQLITE, &migrations, |target| {
        plan_up(target, &UpOptions::default()).expect("there is a plan")
    });
    assert_eq!(planned.len(), 1);
    assert_eq!(planned[0].after.tables().len(), 66);
    assert_eq!(migrations.read(), 66);
}

/// How many questions a reading of the whole catalog is, which holds so many tables.
fn questions_of_a_reading(
    database: &engines::Throwaway,
    dialect: &'static Dialect,
) -> (usize, usize) {
    let mut counting = Counting::new(database.connect(), dialect);
    let namespace = survey(&mut counting, dialect).expect("a look around").namespace;
    counting.calls.clear();
    let found = live::read(&mut counting, dialect, Scope::of(&namespace));
    let tables = found.expect("it can be read").schema.tables().len();
    let questions = counting.calls.iter().filter(|it| **it == Call::Question).count();
    // What else it says opens and closes the transaction that keeps the answers of one moment.
    assert!(counting.calls.len() - questions <= 3, "{:?}", counting.calls);
    (questions, tables)
}

#[test]
fn the_catalog_is_read_by_as_many_questions_for_sixty_tables_as_for_one() {
    for (database, dialect) in databases() {
        calls(database.connect(), dialect, &Watched::new(1), go_up);
        let (one, tables) = questions_of_a_reading(&database, dialect);
        assert_eq!(tables, 1, "{}", dialect.name);
        calls(database.connect(), dialect, &Watched::new(60), go_up);
        let (sixty, tables) = questions_of_a_reading(&database, dialect);
        assert_eq!(tables, 60, "{}", dialect.name);
        assert_eq!(sixty, one, "{}", dialect.name);
        let most = if dialect.catalog == Catalog::SqliteSchema { 4 } else { 16 };
        assert!(one <= most, "{}: {one}", dialect.name);
    }
}

/// The questions of a run beside those of its migrations: what it costs to see what it has left.
#[test]
fn a_run_reads_the_catalog_once_at_its_end_and_once_before_a_script() {
    let scripted = |number: usize| {
        let name = format!("{number:04}_t{number}");
        let after = format!("{:04}_t{}", number - 1, number - 1);
        let text = format!("CREATE VIEW v{number} AS SELECT 1 AS one");
        let undo = format!("DROP VIEW v{number}");
        (name, Migration::after(after.as_str()).run_sql(sql(text.as_str()).undo(undo.as_str())))
    };
    for (database, dialect) in databases() {
        calls(database.connect(), dialect, &Watched::new(1), go_up);
        let (reading, _) = questions_of_a_reading(&database, dialect);
        let asked = |migrations: &Watched| {
            let (_, all) = calls(database.connect(), dialect, migrations, go_up);
            all.into_iter().filter(|it| *it == Call::Question).count()
        };
        let plain = asked(&Watched::new(2));
        assert_eq!(asked(&Watched::new(3)), plain, "{}", dialect.name);
        let mut migrations = Watched::new(3);
        migrations.shelf = Shelf::new((1..=3).map(Watched::migration).chain([scripted(4)]));
        let script = asked(&migrations);
        assert_eq!(script, plain + reading, "{}", dialect.name);
        assert!(plain > reading && plain < 2 * reading + 8, "{}: {plain}", dialect.name);
    }
}
