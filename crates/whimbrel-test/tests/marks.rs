//! `fake`, `baseline` and `redo` look at the live schema first, on every engine.

use whimbrel::{
    connection::Connection,
    execute::{
        Applied, BaselineOptions, Baselined, DownOptions, DownTarget, FakeOptions, RedoOptions,
        Report, Stop, status,
    },
    history::How,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine},
    shelf::{Desk, Shelf},
};

/// A table; a wider column in it that may be empty; another table that points at it; and a script.
fn migrations() -> [(String, Migration); 4] {
    let users = table("users")
        .column("id", integer().primary_key())
        .column("name", varchar(20).not_null())
        .index(index("by_name").on("name"));
    let notes = table("notes")
        .column("id", integer().primary_key())
        .column("user_id", integer().references(to("users")));
    let audit = sql("CREATE TABLE audit (note varchar(10))").undo("DROP TABLE audit");
    let wider = set().data_type(varchar(50)).nullable();
    [
        ("0001_users", Migration::first().create_table(users)),
        ("0002_wider", Migration::after("0001_users").alter_column("users", "name", wider)),
        ("0003_notes", Migration::after("0002_wider").create_table(notes)),
        ("0004_audit", Migration::after("0003_notes").run_sql(audit)),
    ]
    .map(|(name, migration)| (name.to_owned(), migration))
}

/// The statements that build what the first three migrations build, as somebody else wrote them.
const BY_HAND: &[&str] = &[
    "CREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(50))",
    "CREATE INDEX by_name ON users (name)",
    "CREATE TABLE notes (id int NOT NULL PRIMARY KEY, user_id int, \
     CONSTRAINT fk_notes_user_id FOREIGN KEY (user_id) REFERENCES users (id))",
];

fn by_hand(connection: &mut dyn Connection) {
    for statement in BY_HAND {
        let statement = match connection.server().product.as_str() {
            "SQLite" => statement.replace(" int", " INTEGER"),
            _ => (*statement).to_owned(),
        };
        connection.execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

fn fake(desk: &mut Desk<'_>, names: &[&str], unchecked: bool) -> Result<Report, Stop> {
    let names = names.iter().map(|it| (*it).to_owned()).collect();
    desk.fake(&FakeOptions { names, unchecked, ..FakeOptions::default() })
}

fn baseline(desk: &mut Desk<'_>, name: Option<&str>, unchecked: bool) -> Result<Baselined, Stop> {
    desk.baseline(&BaselineOptions { name: name.map(str::to_owned), unchecked })
}

fn applied(desk: &mut Desk<'_>) -> Vec<(String, How)> {
    let status = status(&mut desk.target()).unwrap();
    let how = |it: &Applied| match it {
        Applied::Applied { how, .. } => Some(*how),
        _ => None,
    };
    let applied = status.migrations.iter();
    applied.filter_map(|it| how(&it.applied).map(|how| (it.name.clone(), how))).collect()
}

fn on_each(check: impl Fn(&mut Desk<'_>, &str)) {
    on(engines::all(), check);
}

fn on(engines: Vec<Engine>, check: impl Fn(&mut Desk<'_>, &str)) {
    engines::on_each(engines, |_, connection, engine| {
        check(&mut Desk::new(connection, Shelf::new(migrations())), engine);
    });
}

fn differences(stop: &Stop) -> &[String] {
    assert_eq!(stop.exit_code(), 4, "{stop}");
    match stop {
        Stop::NotThere { differences, .. } => differences,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_there_is_taken_over_by_baseline() {
    on_each(|desk, engine| {
        by_hand(desk.connection);
        desk.run("CREATE TABLE parts (id int)");
        desk.run("CREATE TABLE schema_migrations (version bigint NOT NULL, dirty int)");
        let done = baseline(desk, Some("0003"), false).unwrap();
        assert_eq!(done.marked, ["0001_users", "0002_wider", "0003_notes"], "{engine}");
        let beside: Vec<String> = done.beside.iter().map(ToString::to_string).collect();
        assert_eq!(beside, ["table `parts`"], "{engine}");
        assert_eq!(desk.differences(), Vec::<String>::new(), "{engine}");
        assert!(applied(desk).iter().all(|it| it.1 == How::Baseline), "{engine}");
        assert!(baseline(desk, Some("0002"), false).unwrap().marked.is_empty(), "{engine}");
        let report = desk.up_all();
        assert_eq!(report.migrations, ["0004_audit"], "{engine}");
        let stop = baseline(desk, None, false).map(|it| it.marked);
        assert_eq!(stop.unwrap(), Vec::<String>::new(), "{engine}");
        // What was only marked is only unmarked.
        let options = DownOptions { target: DownTarget::All, ..DownOptions::default() };
        desk.down_by(&options);
        desk.ask("SELECT id FROM users");
        desk.connection.query("SELECT note FROM audit").unwrap_err();
    });
}

/// Tables that were made by hand have their database's collation; another one since then is
/// somebody's doing, and stays so.
#[test]
fn another_collation_than_a_table_was_taken_over_with_is_drift() {
    on(engines::mysql_family(), |desk, engine| {
        by_hand(desk.connection);
        baseline(desk, Some("0003"), false).unwrap();
        assert_eq!(desk.differences(), Vec::<String>::new(), "{engine}");
        desk.run("ALTER TABLE notes COLLATE utf8mb4_bin");
        let is_told = |drift: &[String]| {
            drift.len() == 1 && drift[0].starts_with("table `notes`: collation is `utf8mb4_bin`")
        };
        let drift = desk.differences();
        assert!(is_told(&drift), "{engine}: {drift:?}");
        desk.up_all();
        let drift = desk.differences();
        assert!(is_told(&drift), "{engine}: {drift:?}");
    });
}

#[test]
fn what_scripts_make_is_looked_after_by_baseline() {
    on_each(|desk, engine| {
        by_hand(desk.connection);
        let stop = baseline(desk, None, false).unwrap_err();
        assert_eq!(differences(&stop), ["table `audit` is missing"], "{engine}");
        desk.run("CREATE TABLE audit (note varchar(10))");
        let done = baseline(desk, None, false).unwrap();
        assert_eq!(
            (done.marked.len(), done.unseen.as_slice()),
            (4, &["0004_audit".to_owned()][..])
        );
        assert!(done.beside.is_empty(), "{engine}: {:?}", done.beside);
        assert_eq!(desk.differences(), Vec::<String>::new(), "{engine}");
    });
}

#[test]
fn baseline_says_everything_that_differs_and_marks_nothing() {
    on_each(|desk, engine| {
        by_hand(desk.connection);
        desk.run("ALTER TABLE users ADD COLUMN extra int");
        desk.run("DROP TABLE notes");
        let stop = baseline(desk, Some("0003"), false).unwrap_err();
        let found = differences(&stop);
        assert_eq!(found.len(), 2, "{engine}: {found:?}");
        assert!(found[0].starts_with("table `notes` is missing"), "{engine}: {found:?}");
        assert_eq!(found[1], "column `extra` of `users` is there, and no migration makes it");
        let count = desk.connection.query("SELECT count(*) FROM whimbrel_runs");
        assert!(count.is_err(), "{engine}: nothing is created");

        let done = baseline(desk, Some("0003"), true).unwrap();
        assert_eq!((done.marked.len(), done.differences.len()), (3, 2), "{engine}");
        let drift = desk.differences();
        assert!(drift.iter().any(|it| it.starts_with("table `notes` is missing")), "{engine}");
        let stop = baseline(desk, None, false).unwrap_err();
        assert!(stop.to_string().starts_with("this database has a history"), "{engine}: {stop}");
        assert_eq!(stop.exit_code(), 2);
    });
}

#[test]
fn fake_says_what_is_not_as_the_migrations_would_leave_it() {
    on_each(|desk, engine| {
        desk.up();
        let stop = fake(desk, &["0002"], false).unwrap_err();
        let found = differences(&stop);
        let words = "column `name` of `users`: nullable is `no`, expected `yes`";
        assert!(found.iter().any(|it| it == words), "{engine}: {found:?}");
        let stop = fake(desk, &["0002", "0003", "0004"], false).unwrap_err();
        let found = differences(&stop).join("\n");
        for words in ["column `name` of `users`", "table `notes` is missing", "table `audit` is"] {
            assert!(found.contains(words), "{engine}: {found}");
        }
        assert_eq!(applied(desk).len(), 1, "{engine}");
        fake(desk, &["0002", "0003"], true).unwrap();
        assert_eq!(applied(desk).len(), 3, "{engine}");
    });
}

#[test]
fn fake_of_several_looks_at_what_they_lead_to_together() {
    on_each(|desk, engine| {
        by_hand(desk.connection);
        // The first one alone would have left a narrower column.
        let stop = fake(desk, &["0001"], false).unwrap_err();
        let found = differences(&stop);
        let is_name = |it: &String| it.starts_with("column `name` of `users`: ");
        assert!(found.iter().all(is_name), "{engine}: {found:?}");
        fake(desk, &["0001", "0002", "0003"], false).unwrap();
        assert_eq!(desk.differences(), Vec::<String>::new(), "{engine}");
    });
}

#[test]
fn redo_takes_the_last_ones_back_and_runs_them_as_they_are_now() {
    on_each(|desk, engine| {
        desk.up_all();
        desk.run("INSERT INTO users (id, name) VALUES (1, 'a')");
        desk.run("INSERT INTO notes (id, user_id) VALUES (1, 1)");
        let two = RedoOptions { count: 2, ..RedoOptions::default() };
        let stop = desk.redo(&two).unwrap_err();
        assert!(matches!(stop, Stop::DataAtStake { .. }), "{engine}: {stop}");
        let report = desk.redo(&RedoOptions { keep_data: true, ..two.clone() }).unwrap();
        assert_eq!(report.migrations, ["0003_notes", "0004_audit"], "{engine}");
        let count = |desk: &mut Desk<'_>| desk.ask("SELECT count(*) FROM notes")[0][0].clone();
        assert_eq!(count(desk).as_deref(), Some("1"), "{engine}: it is back");

        // A file that was changed runs as it is now.
        let third = Migration::after("0002_wider").create_table(
            table("notes").column("id", integer().primary_key()).column("text", varchar(9)),
        );
        let mut changed = migrations();
        changed[2].1 = third;
        desk.shelf = Shelf::new(changed);
        let stop = desk.redo(&RedoOptions::default()).unwrap_err();
        assert!(matches!(stop, Stop::Edited(_)), "{engine}: {stop}");
        assert_eq!(applied(desk).len(), 4, "{engine}: nothing was taken back");
        desk.redo(&RedoOptions { allow_data_loss: true, ..two }).unwrap();
        assert_eq!(count(desk).as_deref(), Some("0"), "{engine}");
        desk.ask("SELECT text FROM notes");
        assert_eq!(desk.differences(), Vec::<String>::new(), "{engine}");
    });
}
