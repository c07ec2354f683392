//! Columns that are updated by themselves: what a change of a row does to them, on every engine, and
//! that names, rebuilds and what is set aside don't end it.

use whimbrel::execute::{DownOptions, DownTarget};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Desk, Shelf},
};

fn notes() -> Shelf {
    let moment = || timestamp().not_null().default(now()).auto_update();
    Shelf::new([
        (
            "0001_notes",
            Migration::first().create_table(
                table("notes")
                    .column("id", integer().primary_key())
                    .column("body", varchar(20))
                    .column("extra", json())
                    .column("changed", moment())
                    .column("other", timestamp()),
            ),
        ),
        ("0002_names", {
            Migration::after("0001_notes")
                .rename_column("notes", "changed", "touched")
                .rename_table("notes", "entries")
        }),
        ("0003_rest", {
            Migration::after("0002_names")
                .alter_column("entries", "body", set().not_null().default("none"))
                .alter_column("entries", "touched", set().nullable().no_default())
                .alter_column("entries", "other", set().auto_update())
        }),
        ("0004_off", {
            Migration::after("0003_rest").alter_column("entries", "touched", set().no_auto_update())
        }),
    ])
}

const OLD: &str = "2001-02-03 04:05:06";

/// Takes the last ones back and keeps what they made.
fn down(desk: &mut Desk<'_>, count: usize) {
    let target = DownTarget::Count(count);
    desk.down_by(&DownOptions { target, keep_data: true, ..DownOptions::default() });
}

/// Whether the column still has the old moment.
fn is_old(desk: &mut Desk<'_>, table: &str, column: &str) -> bool {
    let query = format!("SELECT count(*) FROM {table} WHERE {column} < '2002-01-01'");
    desk.connection.query(&query).unwrap()[0][0].as_deref() == Some("1")
}

/// Whether a change of another column updates this one.
fn updates(desk: &mut Desk<'_>, table: &str, column: &str) -> bool {
    // A trigger can't tell a value that is given from the one that was there.
    for old in ["2001-01-01 00:00:00", OLD] {
        desk.run(&format!("UPDATE {table} SET {column} = '{old}'"));
    }
    assert!(is_old(desk, table, column), "what is said counts");
    desk.run(&format!("UPDATE {table} SET body = 'b'"));
    desk.run(&format!("UPDATE {table} SET body = 'c'"));
    !is_old(desk, table, column)
}

#[test]
fn a_changed_row_has_the_moment_of_its_change() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut desk = Desk::new(&mut *connection, notes());
        let name = &engine.name;
        desk.up();
        desk.run("INSERT INTO notes (id, body, extra) VALUES (1, 'a', '{}')");
        assert!(updates(&mut desk, "notes", "changed"), "{name}");
        desk.run("UPDATE notes SET changed = '2001-01-01 00:00:00', body = 'd'");
        assert!(is_old(&mut desk, "notes", "changed"), "{name}: what is said counts");
        if name != "sqlite" {
            desk.run("UPDATE notes SET body = 'd'");
            assert!(is_old(&mut desk, "notes", "changed"), "{name}: nothing was changed");
        }
        desk.up();
        assert!(updates(&mut desk, "entries", "touched"), "{name}: under other names");
        desk.up();
        assert!(updates(&mut desk, "entries", "touched"), "{name}: in a changed table");
        assert!(updates(&mut desk, "entries", "other"), "{name}: begun later");
        desk.up();
        assert!(!updates(&mut desk, "entries", "touched"), "{name}: ended");
        down(&mut desk, 2);
        assert!(updates(&mut desk, "entries", "touched"), "{name}: taken back");
        assert!(!updates(&mut desk, "entries", "other"), "{name}: taken back");
        down(&mut desk, 2);
        desk.up();
        assert!(updates(&mut desk, "notes", "changed"), "{name}: set aside and put back");
    }
}

/// SQLite's triggers may set each other off.
#[test]
fn triggers_that_set_each_other_off_come_to_an_end() {
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut desk = Desk::new(&mut *connection, notes());
        (0..3).for_each(|_| desk.up());
        desk.run("INSERT INTO entries (id, body) VALUES (1, 'a')");
        desk.run("PRAGMA recursive_triggers = ON");
        assert!(updates(&mut desk, "entries", "touched"));
        desk.run("UPDATE entries SET body = 'z'");
        assert!(!is_old(&mut desk, "entries", "other"));
    }
}
