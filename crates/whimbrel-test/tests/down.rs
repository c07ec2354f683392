//! What `down` asks before data goes, what it keeps instead, and what it refuses.

use whimbrel::execute::{DownOptions, DownTarget, Stop};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self},
    shelf::{Shelf, run_down, run_up},
};

#[test]
fn how_many_rows_are_at_stake_is_what_the_catalog_thinks() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let shelf = Shelf::new([
            (
                "0001_users",
                Migration::first()
                    .create_table(table("users").column("id", integer().primary_key())),
            ),
            ("0002_names", Migration::after("0001_users").add_column("users", "name", varchar(20))),
        ]);
        run_up(&mut *connection, &shelf).unwrap();
        for chunk in 0..4 {
            let rows: Vec<String> =
                (0..50).map(|it| format!("({}, 'a')", chunk * 50 + it)).collect();
            let text = format!("INSERT INTO users (id, name) VALUES {}", rows.join(", "));
            connection.execute(&text).unwrap();
        }
        let analyze = match connection.server().product.as_str() {
            "MySQL" | "MariaDB" => "ANALYZE TABLE users",
            _ => "ANALYZE",
        };
        connection.execute(analyze).unwrap();
        let stop = run_down(
            &mut *connection,
            &shelf,
            &DownOptions {
                target: DownTarget::All,
                allow_data_loss: false,
                ..DownOptions::default()
            },
        )
        .unwrap_err();
        assert_eq!(
            stop.to_string(),
            "this would lose the values of `name` in `users` (about 200 rows), the rows of \
             `users` (about 200)",
            "{}",
            engine.name
        );
        assert_eq!(stop.exit_code(), 4);
    }
}

/// What a script of the user's own drops is at stake as well.
#[test]
fn a_table_that_sql_drops_is_asked_about() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let shelf = Shelf::new([(
            "0001_users",
            Migration::first()
                .run_sql(sql("CREATE TABLE users (id integer)").undo("DROP TABLE users")),
        )]);
        run_up(&mut *connection, &shelf).unwrap();
        connection.execute("INSERT INTO users VALUES (1)").unwrap();
        let options = DownOptions {
            target: DownTarget::All,
            allow_data_loss: false,
            ..DownOptions::default()
        };
        let stop = run_down(&mut *connection, &shelf, &options).unwrap_err();
        assert!(matches!(stop, Stop::DataAtStake { .. }), "{}: {stop}", engine.name);
        connection.execute("DELETE FROM users").unwrap();
        run_down(&mut *connection, &shelf, &options).unwrap();
    }
}

#[test]
fn an_unknown_migration_is_taken_back_by_its_stored_plan_unless_another_stands_on_it() {
    let first = || Migration::first().create_table(table("a").column("id", integer()));
    let second = || Migration::after("0001_a").create_table(table("b").column("id", integer()));
    let third =
        |parent: &str| Migration::after(parent).create_table(table("c").column("id", integer()));
    let unknown = DownOptions {
        target: DownTarget::Unknown,
        allow_data_loss: false,
        ..DownOptions::default()
    };
    let cases = [("0001_a", true), ("0002_b", false)];
    for (engine, (parent, goes)) in
        engines::all().iter().flat_map(|engine| cases.map(|case| (engine, case)))
    {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let all =
            Shelf::new([("0001_a", first()), ("0002_b", second()), ("0003_c", third(parent))]);
        run_up(&mut *connection, &all).unwrap();
        let fewer = Shelf::new([("0001_a", first()), ("0003_c", third(parent))]);
        let result = run_down(&mut *connection, &fewer, &unknown);
        if goes {
            assert_eq!(result.unwrap().migrations, ["0002_b"], "{}", engine.name);
            assert!(connection.query("SELECT * FROM b").is_err(), "{}", engine.name);
        } else {
            let stop = result.unwrap_err();
            assert!(stop.to_string().contains("`0003_c` comes after it"), "{stop}");
            connection.query("SELECT * FROM b").unwrap();
        }
        connection.query("SELECT * FROM c").unwrap();
    }
}

/// Where nobody had said how a migration is undone when it was applied, its file is asked; files
/// are read a few times each, however many of them are asked.
#[test]
fn files_that_say_by_now_how_they_are_undone_are_read_a_few_times_each() {
    let migration = |number: usize, says: bool| {
        let begun = match number {
            1 => Migration::first(),
            _ => Migration::after(format!("{:04}_m", number - 1).as_str()),
        };
        let text = format!("INSERT INTO log VALUES ({number})");
        let begun = match number {
            1 => begun.create_table(table("log").column("n", integer())),
            _ => begun,
        };
        let back = format!("DELETE FROM log WHERE n = {number}");
        let migration = if says {
            begun.run_sql(sql(text.as_str()).undo(back.as_str()))
        } else {
            begun.run_sql(text.as_str())
        };
        (format!("{number:04}_m"), migration)
    };
    let shelf = |says| Shelf::new((1..=40).map(|it| migration(it, says)));
    let database = engines::sqlite().remove(0).fresh_database();
    let mut connection = database.connect();
    run_up(&mut *connection, &shelf(false)).unwrap();
    let some = DownOptions {
        target: DownTarget::To("0001_m".to_owned()),
        allow_data_loss: true,
        ..DownOptions::default()
    };
    let stop = run_down(&mut *connection, &shelf(false), &some).unwrap_err();
    assert!(matches!(stop, Stop::Irreversible { .. }), "{stop}");
    let says = shelf(true);
    let report = run_down(&mut *connection, &says, &some).unwrap();
    assert_eq!(report.migrations.len(), 39);
    // To see what is changed, to ask them, and to see at the end what the run has left.
    assert!(says.reads() <= 4 * 40, "{}", says.reads());
    let rows = connection.query("SELECT n FROM log").unwrap();
    assert_eq!(rows, [[Some("1".to_owned())]]);
}
