//! Migrations that come late, that are gone, or that only the database knows.

use whimbrel::{
    connection::Connection,
    dialect::{Dialect, SQLITE},
    execute::{
        Applied, DownOptions, DownTarget, Event, Late, Newer, Report, Stop, UpOptions, down,
        obstacle, status, up,
    },
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
};

fn go_up(
    connection: &mut dyn Connection,
    shelf: &Shelf,
    options: &UpOptions,
) -> Result<Report, Stop> {
    let dialect = Dialect::of_product(&connection.server().product).unwrap();
    up(&mut target(connection, dialect, shelf), options, &mut Listener::default())
}

fn fresh() -> Throwaway {
    engines::sqlite().remove(0).fresh_database()
}

fn users() -> Migration {
    Migration::first().create_table(
        table("users")
            .column("id", integer().primary_key())
            .column("name", varchar(50))
            .column("note", text()),
    )
}

/// Both branches say columns of one table anew; SQLite makes the table anew for it, and MySQL
/// restates the column. What the other branch has done must not be lost by it, whichever of the
/// two comes second.
#[test]
fn a_late_branch_with_redefinitions_keeps_what_the_other_has_done() {
    let branch =
        |name: &str| match name {
            "0002_longer" => Migration::after("0001_users").alter_column(
                "users",
                "name",
                set().data_type(varchar(80)).not_null(),
            ),
            _ => Migration::after("0001_users")
                .add_column("users", "email", varchar(20))
                .alter_column("users", "email", set().data_type(varchar(200)).default("x")),
        };
    for engine in engines::all() {
        for [first, second] in [["0003_email", "0002_longer"], ["0002_longer", "0003_email"]] {
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let shelf = Shelf::new([("0001_users", users()), (first, branch(first))]);
            go_up(&mut *connection, &shelf, &UpOptions::default()).unwrap();
            let insert = "INSERT INTO users (id, name) VALUES (1, 'a')";
            connection.execute(insert).unwrap();
            let shelf = Shelf::new([
                ("0001_users", users()),
                (first, branch(first)),
                (second, branch(second)),
            ]);
            let report = go_up(&mut *connection, &shelf, &UpOptions::default()).unwrap();
            assert_eq!(report.migrations, [second], "{}", engine.name);
            connection.execute("INSERT INTO users (id, name) VALUES (2, 'b')").unwrap();
            let rows = connection.query("SELECT name, email FROM users ORDER BY id").unwrap();
            let text = |it: &str| Some(it.to_owned());
            let old = rows[0][1].clone();
            assert!(old.is_none() || first == "0003_email", "{}: {rows:?}", engine.name);
            assert_eq!(rows[1], [text("b"), text("x")], "{}", engine.name);
            let missing = "INSERT INTO users (id) VALUES (3)";
            connection.execute(missing).unwrap_err();
            // They go in the reverse of the order in which they came.
            let target_of = DownTarget::Count(1);
            let options =
                DownOptions { target: target_of, allow_data_loss: true, ..DownOptions::default() };
            let dialect = Dialect::of_product(&connection.server().product).unwrap();
            let mut target = target(&mut *connection, dialect, &shelf);
            let report = down(&mut target, &options, &mut Listener::default()).unwrap();
            assert_eq!(report.migrations, [second], "{}", engine.name);
        }
    }
}

fn branches(early: Migration, late: Migration) -> [Shelf; 2] {
    let first = ("0001_users", users());
    [
        Shelf::new([first.clone(), ("0003_here", early.clone())]),
        Shelf::new([first, ("0002_late", late), ("0003_here", early)]),
    ]
}

#[test]
fn a_late_migration_that_may_not_change_places_is_shown_with_the_other() {
    let after = || Migration::after("0001_users");
    for (here, late, says) in [
        (
            after().rename_column("users", "name", "title"),
            after().add_column("users", "age", integer()),
            "Add column `age` to `users`",
        ),
        (after().run_sql("DELETE FROM users"), after().run_sql("SELECT 1"), "Run `SELECT 1`"),
        (after().drop_table("users"), after().run_sql("SELECT 1"), "Run `SELECT 1`"),
    ] {
        let database = fresh();
        let mut connection = database.connect();
        let [before, whole] = branches(here, late);
        go_up(&mut *connection, &before, &UpOptions::default()).unwrap();
        let options = UpOptions::default();
        let seen =
            obstacle(&mut target(&mut *connection, &SQLITE, &whole), &options).unwrap().unwrap();
        let stop = go_up(&mut *connection, &whole, &options).unwrap_err();
        assert_eq!(stop.to_string(), seen.to_string());
        assert_eq!(stop.exit_code(), 4, "{stop}");
        let Stop::Late { operation, ran, .. } = &stop else { panic!("{stop}") };
        assert_eq!((operation.as_str(), ran.as_str()), (says, "0003_here"));
        assert!(stop.hint().unwrap().contains("`whimbrel up --late allow`"), "{stop:?}");
        let allowed = UpOptions { late: Late::Allow, ..UpOptions::default() };
        go_up(&mut *connection, &whole, &allowed).unwrap();
        let rows = "SELECT name FROM whimbrel_migrations ORDER BY position";
        let rows = connection.query(rows).unwrap();
        assert_eq!(rows[1..], [[Some("0003_here".to_owned())], [Some("0002_late".to_owned())]]);
    }
}

#[test]
fn a_migration_in_its_turn_is_not_late_whatever_it_says() {
    let database = fresh();
    let mut connection = database.connect();
    let after = || Migration::after("0001_users").run_sql("DELETE FROM users");
    let before = Shelf::new([("0001_users", users()), ("0002_a", after())]);
    go_up(&mut *connection, &before, &UpOptions::default()).unwrap();
    let whole = Shelf::new([("0001_users", users()), ("0002_a", after()), ("0003_b", after())]);
    go_up(&mut *connection, &whole, &UpOptions::default()).unwrap();
}

#[test]
fn a_newer_builds_migration_is_told_or_stops_the_run() {
    let database = fresh();
    let mut connection = database.connect();
    let newer = Shelf::new([
        ("0001_users", users()),
        ("0002_newer", Migration::after("0001_users").create_table(table("n").column("n", text()))),
    ]);
    go_up(&mut *connection, &newer, &UpOptions::default()).unwrap();
    let older = Shelf::new([("0001_users", users())]);
    let denied = UpOptions { newer: Newer::Deny, ..UpOptions::default() };
    let stop = go_up(&mut *connection, &older, &denied).unwrap_err();
    assert_eq!(
        stop.to_string(),
        "`0002_newer` was applied here, and this checkout doesn't have it"
    );
    assert_eq!(stop.exit_code(), 4);
    let mut listener = Listener::default();
    let mut older = target(&mut *connection, &SQLITE, &older);
    up(&mut older, &UpOptions::default(), &mut listener).unwrap();
    assert!(matches!(listener.events.as_slice(), [Event::Unknown { .. }]), "{listener:?}");
    let status = status(&mut older).unwrap();
    assert!(matches!(status.migrations[1].applied, Applied::Unknown { .. }), "{status:?}");
}

#[test]
fn files_that_are_gone_or_renamed_are_told_from_those_of_a_newer_build() {
    let database = fresh();
    let mut connection = database.connect();
    let one = |name: &str| Migration::first().create_table(table(name).column("n", text()));
    let all = Shelf::new([("0001_a", one("a")), ("0002_b", one("b")), ("0003_c", one("c"))]);
    go_up(&mut *connection, &all, &UpOptions::default()).unwrap();
    // The same words behind another number are the same migration, which the row follows.
    let moved = Shelf::new([("0001_a", one("a")), ("0003_c", one("c")), ("0004_b", one("b"))]);
    let followed = status(&mut target(&mut *connection, &SQLITE, &moved)).unwrap();
    let of_b = followed.migrations.iter().find(|it| it.name == "0004_b").unwrap();
    assert!(matches!(of_b.applied, Applied::Applied { .. }), "{followed:?}");
    assert_eq!(followed.unknown().count(), 0, "{followed:?}");
    let left = Shelf::new([("0003_c", one("c")), ("0004_bee", one("b"))]);
    let status = status(&mut target(&mut *connection, &SQLITE, &left)).unwrap();
    let of = |name: &str| {
        let entry = status.migrations.iter().find(|it| it.name == name);
        entry.map(|it| it.applied.clone()).unwrap()
    };
    assert!(matches!(of("0001_a"), Applied::Missing { .. }), "{status:?}");
    assert!(matches!(of("0002_b"), Applied::Renamed { file, .. } if file == "0004_bee"));
    assert_eq!(status.unknown().count(), 2);
}

#[test]
fn an_edit_is_accepted_by_the_beginning_of_its_name_and_a_wrong_name_is_told() {
    let database = fresh();
    let mut connection = database.connect();
    go_up(&mut *connection, &Shelf::new([("0001_users", users())]), &UpOptions::default()).unwrap();
    let edited = Shelf::new([("0001_users", users().create_table(table("b").column("n", text())))]);
    let accepting =
        |name: &str| UpOptions { accept_edited: vec![name.to_owned()], ..UpOptions::default() };
    let stop = go_up(&mut *connection, &edited, &UpOptions::default()).unwrap_err();
    assert!(matches!(stop, Stop::Edited(_)), "{stop}");
    let stop = go_up(&mut *connection, &edited, &accepting("0009")).unwrap_err();
    assert_eq!(stop.exit_code(), 2, "{stop}");
    go_up(&mut *connection, &edited, &accepting("0001")).unwrap();
    go_up(&mut *connection, &edited, &UpOptions::default()).unwrap();
}
