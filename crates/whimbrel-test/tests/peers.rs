//! What other tools get wrong after a failure, each as a test of its name: what is half done is
//! gone on with, whatever was done to the file, and nothing is done twice, skipped or forgotten.
//!
//! The classic of MySQL, a refused foreign key whose remedy is in the first statement, is in
//! `restart`; a client that was killed while its `ALTER` lives on, in `still_running` and in
//! `interrupted` of `whimbrel-cli`.

use whimbrel::{
    connection::Connection,
    dialect::{Ddl, Dialect},
    execute::{
        DownOptions, DownTarget, FakeOptions, Late, Report, Stop, UpOptions, UpTarget, down, fake,
        status, up,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, Throwaway},
    shelf::{Listener, Shelf, target},
    simulator::Simulated,
};

/// A database, and what is asked of it.
struct Stage {
    engine: Engine,
    database: Throwaway,
    dialect: &'static Dialect,
}

/// One on every engine.
fn stages() -> Vec<Stage> {
    let stage = |engine: Engine| {
        let database = engine.fresh_database();
        let product = database.connect().server().product.clone();
        Stage { engine, database, dialect: Dialect::of_product(&product).unwrap() }
    };
    engines::all().into_iter().map(stage).collect()
}

/// Those whose schema changes commit by themselves, where a failure leaves something behind.
fn autocommitting() -> Vec<Stage> {
    stages().into_iter().filter(|it| it.dialect.ddl == Ddl::Autocommit).collect()
}

impl Stage {
    fn name(&self) -> &str {
        &self.engine.name
    }

    fn up_with(&self, shelf: &Shelf, options: &UpOptions) -> Result<Report, Stop> {
        self.up_on(&mut *self.database.connect(), shelf, options)
    }

    fn up_on(
        &self,
        connection: &mut dyn Connection,
        shelf: &Shelf,
        options: &UpOptions,
    ) -> Result<Report, Stop> {
        up(&mut target(connection, self.dialect, shelf), options, &mut Listener::default())
    }

    fn up(&self, shelf: &Shelf) -> Result<Report, Stop> {
        self.up_with(shelf, &UpOptions { late: Late::Allow, ..UpOptions::default() })
    }

    /// All of these are applied by one more run, and another one has nothing to do.
    fn finishes(&self, shelf: &Shelf, expected: &[&str]) {
        let report = self.up(shelf).unwrap_or_else(|stop| panic!("{}: {stop}", self.name()));
        assert_eq!(report.migrations, expected, "{}", self.name());
        assert_eq!(self.up(shelf).unwrap(), Report::default(), "{}", self.name());
    }

    fn has(&self, table: &str) -> bool {
        self.database.connect().query(&format!("SELECT 1 FROM {table}")).is_ok()
    }

    fn one(&self, query: &str) -> Option<String> {
        let rows = self.database.connect().query(query);
        let rows = rows.unwrap_or_else(|error| panic!("{}: {query}: {error}", self.name()));
        rows.into_iter().next()?.into_iter().next()?
    }
}

fn scripts<const N: usize>(scripts: [(&str, &str); N]) -> Shelf {
    let mut before: Option<&str> = None;
    Shelf::new(scripts.map(|(name, text)| {
        let migration = match before.replace(name) {
            Some(parent) => Migration::after(parent),
            None => Migration::first(),
        };
        (name.to_owned(), migration.run_sql(sql(text).undo_nothing()))
    }))
}

const NEXT: (&str, &str) = ("0002_next", "CREATE TABLE later (n integer)");

#[test]
fn atlas_a_a_file_that_failed_at_its_last_statement_is_repaired_into_more() {
    for stage in stages() {
        let broken = "CREATE TABLE a (n integer); CREATE INDEX i ON missing (n)";
        let repaired = "CREATE TABLE a (n integer); CREATE TABLE b (n integer); \
                        CREATE INDEX i ON b (n)";
        let stop = stage.up(&scripts([("0001_a", broken), NEXT])).unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 2, .. }), "{}: {stop}", stage.name());
        assert!(!stage.has("later"), "{}", stage.name());
        stage.finishes(&scripts([("0001_a", repaired), NEXT]), &["0001_a", "0002_next"]);
        assert!(stage.has("b") && stage.has("later"), "{}", stage.name());
    }
}

#[test]
fn atlas_b_a_repaired_file_that_fails_again_is_not_taken_for_done() {
    for stage in stages() {
        let texts = [
            "CREATE TABLE a (n integer); CREATE INDEX i ON missing (n)",
            "CREATE TABLE a (n integer); CREATE TABLE b (n integer); CREATE INDEX i ON missing (n)",
        ];
        for (text, at) in texts.into_iter().zip([2, 3]) {
            let stop = stage.up(&scripts([("0001_a", text), NEXT])).unwrap_err();
            let there = matches!(&stop, Stop::Step { step, .. } if *step == at);
            assert!(there, "{}: {stop}", stage.name());
            assert!(!stage.has("later"), "{}: the next file has run", stage.name());
        }
        let repaired = texts[1].replace("missing", "b");
        stage.finishes(&scripts([("0001_a", &repaired), NEXT]), &["0001_a", "0002_next"]);
    }
}

#[test]
fn atlas_c_an_applied_file_that_was_rewritten_is_told() {
    for stage in stages() {
        stage.up(&scripts([("0001_a", "CREATE TABLE a (n integer)")])).unwrap();
        let rewritten = scripts([("0001_a", "CREATE TABLE a (n integer, more integer)"), NEXT]);
        let stop = stage.up(&rewritten).unwrap_err();
        assert!(matches!(&stop, Stop::Edited(names) if names == &["0001_a"]), "{stop}");
        assert!(!stage.has("later"), "{}", stage.name());
    }
}

/// Dies where the statement has had its effect and nobody has written it down.
#[test]
fn atlas_d_a_statement_whose_mark_was_lost_is_not_run_twice() {
    let text = "CREATE TABLE a (n integer); INSERT INTO a VALUES (1); CREATE TABLE b (n integer); \
                INSERT INTO b VALUES (2)";
    for stage in stages() {
        let shelf = scripts([("0001_a", text), NEXT]);
        let mut died = 0;
        // The first run dies at the first word of the second statement, and so on.
        for next in ["UPDATE", "INSERT INTO a", "CREATE TABLE b", "INSERT INTO b", "COMMIT"] {
            let mut dying = Simulated::new(stage.database.connect(), None).dying_at(next);
            let _ = stage.up_on(&mut dying, &shelf, &UpOptions::default());
            died += usize::from(dying.is_dead());
        }
        assert!(died > 0, "{}: nobody died", stage.name());
        if stage.up(&shelf).unwrap().migrations.is_empty() {
            assert_eq!(stage.one("SELECT count(*) FROM later").as_deref(), Some("0"));
        }
        for (table, value) in [("a", "1"), ("b", "2")] {
            let rows = format!("SELECT count(*) FROM {table} WHERE n = {value}");
            assert_eq!(stage.one(&rows).as_deref(), Some("1"), "{}: {table}", stage.name());
        }
    }
}

#[test]
fn atlas_e_a_file_that_is_shorter_now_than_what_is_done_of_it_is_told() {
    for stage in autocommitting() {
        let long = "CREATE TABLE a (n integer); CREATE TABLE b (n integer); \
                    CREATE INDEX i ON missing (n)";
        let short = scripts([("0001_a", "CREATE TABLE a (n integer)"), NEXT]);
        stage.up(&scripts([("0001_a", long), NEXT])).unwrap_err();
        let stop = stage.up(&short).unwrap_err();
        assert!(matches!(stop, Stop::EditedHalfway { .. }), "{}: {stop}", stage.name());
        let hint = stop.hint().unwrap();
        assert!(hint.contains("`whimbrel up --restart 0001_a`"), "{}: {hint}", stage.name());
        let restart = UpOptions { restart: Some("0001_a".to_owned()), ..UpOptions::default() };
        let report = stage.up_with(&short, &restart).unwrap();
        assert_eq!(report.migrations, ["0001_a", "0002_next"], "{}", stage.name());
        assert!(stage.has("a") && !stage.has("b"), "{}", stage.name());
    }
}

#[test]
fn atlas_f_what_is_half_done_cannot_be_marked_as_done() {
    for stage in autocommitting() {
        let broken = scripts([(
            "0001_a",
            "CREATE TABLE a (n integer); CREATE INDEX i ON missing (n); CREATE TABLE b (n integer)",
        )]);
        stage.up(&broken).unwrap_err();
        let names = vec!["0001_a".to_owned()];
        let options = FakeOptions { names, unchecked: true, ..FakeOptions::default() };
        let mut connection = stage.database.connect();
        let mut target = target(&mut *connection, stage.dialect, &broken);
        let stop = fake(&mut target, &options, &mut Listener::default()).unwrap_err();
        assert!(stop.to_string().contains("is half way"), "{}: {stop}", stage.name());
    }
}

#[test]
fn atlas_g_a_late_file_that_stopped_half_way_is_not_forgotten() {
    for stage in stages() {
        let shelf = |late: Option<&str>| {
            let table = |name: &str| format!("CREATE TABLE {name} (n integer)");
            let after = |text: &str| Migration::after("0001_a").run_sql(sql(text).undo_nothing());
            let first = Migration::first().run_sql(sql(table("a")).undo_nothing());
            let mut all = vec![("0001_a", first), ("0003_c", after(&table("c")))];
            all.extend(late.map(|it| ("0002_late", after(it))));
            Shelf::new(all)
        };
        stage.up(&shelf(None)).unwrap();
        let broken = "CREATE TABLE b (n integer); CREATE INDEX i ON missing (n)";
        for _ in 0..2 {
            let stop = stage.up(&shelf(Some(broken))).unwrap_err();
            assert!(matches!(stop, Stop::Step { step: 2, .. }), "{}: {stop}", stage.name());
        }
        let broken = shelf(Some(broken));
        let mut connection = stage.database.connect();
        let seen = status(&mut target(&mut *connection, stage.dialect, &broken)).unwrap();
        assert_eq!(seen.pending().count(), 1, "{}", stage.name());
        let repaired = "CREATE TABLE b (n integer); CREATE INDEX i ON b (n)";
        stage.finishes(&shelf(Some(repaired)), &["0002_late"]);
    }
}

#[test]
fn atlas_h_a_migration_that_is_gone_on_with_began_when_it_began() {
    for stage in autocommitting() {
        let broken = "CREATE TABLE a (n integer); CREATE INDEX i ON missing (n)";
        stage.up(&scripts([("0001_a", broken)])).unwrap_err();
        let mut connection = stage.database.connect();
        let long_ago = "UPDATE whimbrel_migrations SET started = '2020-02-02 02:02:02'";
        connection.execute(long_ago).unwrap();
        stage.finishes(&scripts([("0001_a", &broken.replace("missing", "a"))]), &["0001_a"]);
        let started = stage.one("SELECT started FROM whimbrel_migrations").unwrap();
        assert!(started.starts_with("2020-02-02"), "{}: {started}", stage.name());
        let ended = stage.one("SELECT ended FROM whimbrel_migrations").unwrap();
        assert!(!ended.starts_with("2020"), "{}: {ended}", stage.name());
    }
}

/// golang-migrate's database is dirty after this, although all that was sent has been done.
#[test]
fn golang_migrates_killed_client_leaves_nothing_that_anybody_must_force() {
    let text = "CREATE TABLE a (n integer); CREATE TABLE b (n integer)";
    for stage in stages() {
        let shelf = scripts([("0001_a", text), NEXT]);
        let mut dying = Simulated::new(stage.database.connect(), None).dying_at("CREATE TABLE b");
        stage.up_on(&mut dying, &shelf, &UpOptions::default()).unwrap_err();
        assert!(dying.is_dead(), "{}", stage.name());
        drop(dying);
        stage.finishes(&shelf, &["0001_a", "0002_next"]);
    }
}

/// goose keeps no trace of such a file before its end, and runs its first statement again.
#[test]
fn gooses_failure_without_a_transaction_goes_on_where_it_stopped() {
    for stage in stages() {
        let shelf = |last: &str| {
            let text = format!("CREATE TABLE a (n integer); INSERT INTO a VALUES (1); {last}");
            let migration = Migration::first().run_sql(sql(text).undo_nothing()).no_transaction();
            Shelf::new([("0001_a", migration)])
        };
        let stop = stage.up(&shelf("CREATE INDEX i ON missing (n)")).unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 3, kept: 2, .. }), "{}: {stop:?}", stage.name());
        stage.finishes(&shelf("CREATE INDEX i ON a (n)"), &["0001_a"]);
        let rows = stage.one("SELECT count(*) FROM a");
        assert_eq!(rows.as_deref(), Some("1"), "{}", stage.name());
    }
}

/// What redefines a column or rebuilds a table begins with the table as it is there, not as the
/// older branch knew it: the younger cousin's work, and somebody else's, stays.
#[test]
fn a_late_branch_redefines_a_table_without_taking_anything_away() {
    for stage in stages() {
        let first = Migration::first().create_table(
            table("t").column("id", integer().primary_key()).column("v", varchar(50)),
        );
        let younger = Migration::after("0001_t")
            .add_column("t", "young", integer())
            .alter_column("t", "v", set().not_null())
            .add_index("t", index("t_young_ix").on("young"));
        let late = Migration::after("0001_t")
            .alter_column("t", "v", set().data_type(varchar(80)))
            .add_column("t", "late", integer());
        let all = [("0001_t", first), ("0003_younger", younger), ("0002_late", late)];
        stage.up(&Shelf::new(all[..2].to_vec())).unwrap();
        let mut connection = stage.database.connect();
        connection.execute("ALTER TABLE t ADD COLUMN unknown integer").unwrap();
        connection.execute("INSERT INTO t (id, v, young, unknown) VALUES (1, 'a', 2, 3)").unwrap();

        let shelf = Shelf::new(all.to_vec());
        stage.finishes(&shelf, &["0002_late"]);
        let row = "SELECT concat(v, young, unknown, coalesce(late, 4)) FROM t";
        let row = if stage.dialect.name == "sqlite" {
            "SELECT v || young || unknown || coalesce(late, 4) FROM t"
        } else {
            row
        };
        assert_eq!(stage.one(row).as_deref(), Some("a234"), "{}", stage.name());
        let empty = "INSERT INTO t (id, v) VALUES (2, NULL)";
        let refused = connection.execute(empty);
        assert!(refused.is_err(), "{}: NOT NULL is gone", stage.name());
        let again = connection.execute("CREATE INDEX t_young_ix ON t (young)");
        assert!(again.is_err(), "{}: the index is gone", stage.name());

        // It goes first, as the last one that came here.
        let target_of = DownTarget::Count(1);
        let options =
            DownOptions { target: target_of, allow_data_loss: true, ..DownOptions::default() };
        let mut target = target(&mut *connection, stage.dialect, &shelf);
        let report = down(&mut target, &options, &mut Listener::default()).unwrap();
        assert_eq!(report.migrations, ["0002_late"], "{}", stage.name());
        let row = row.replace("coalesce(late, 4)", "4");
        assert_eq!(stage.one(&row).as_deref(), Some("a234"), "{}", stage.name());
        assert!(connection.execute(empty).is_err(), "{}: NOT NULL is gone", stage.name());
        let to = UpTarget::Named("0002_late".to_owned());
        let options = UpOptions { target: to, late: Late::Allow, ..UpOptions::default() };
        let report = stage.up_with(&shelf, &options).unwrap();
        assert_eq!(report.migrations, ["0002_late"], "{}", stage.name());
    }
}
