//! Columns that are updated by themselves: what a change of a row does to them, on every engine, and
//! that names, rebuilds and what is set aside don't end it.

use whimbrel::{
    connection::Connection,
    dialect::Dialect,
    execute::{DownOptions, DownTarget, UpOptions, UpTarget, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Listener, Shelf, target},
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

struct Desk<'a> {
    connection: &'a mut dyn Connection,
    dialect: &'static Dialect,
    shelf: Shelf,
}

const OLD: &str = "2001-02-03 04:05:06";

impl Desk<'_> {
    fn up(&mut self) {
        let options = UpOptions { target: UpTarget::Count(1), ..UpOptions::default() };
        let mut target = target(self.connection, self.dialect, &self.shelf);
        up(&mut target, &options, &mut Listener::default()).unwrap();
    }

    fn down(&mut self, count: usize) {
        let target_ = DownTarget::Count(count);
        let options = DownOptions { target: target_, keep_data: true, ..DownOptions::default() };
        let mut target = target(self.connection, self.dialect, &self.shelf);
        down(&mut target, &options, &mut Listener::default()).unwrap();
    }

    fn run(&mut self, sql: &str) {
        self.connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Whether the column still has the old moment.
    fn is_old(&mut self, table: &str, column: &str) -> bool {
        let query = format!("SELECT count(*) FROM {table} WHERE {column} < '2002-01-01'");
        self.connection.query(&query).unwrap()[0][0].as_deref() == Some("1")
    }

    /// Whether a change of another column updates this one.
    fn updates(&mut self, table: &str, column: &str) -> bool {
        // A trigger can't tell a value that is given from the one that was there.
        for old in ["2001-01-01 00:00:00", OLD] {
            self.run(&format!("UPDATE {table} SET {column} = '{old}'"));
        }
        assert!(self.is_old(table, column), "what is said counts");
        self.run(&format!("UPDATE {table} SET body = 'b'"));
        self.run(&format!("UPDATE {table} SET body = 'c'"));
        !self.is_old(table, column)
    }
}

#[test]
fn a_changed_row_has_the_moment_of_its_change() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection: &mut *connection, dialect, shelf: notes() };
        let name = &engine.name;
        desk.up();
        desk.run("INSERT INTO notes (id, body, extra) VALUES (1, 'a', '{}')");
        assert!(desk.updates("notes", "changed"), "{name}");
        desk.run("UPDATE notes SET changed = '2001-01-01 00:00:00', body = 'd'");
        assert!(desk.is_old("notes", "changed"), "{name}: what is said counts");
        if name != "sqlite" {
            desk.run("UPDATE notes SET body = 'd'");
            assert!(desk.is_old("notes", "changed"), "{name}: nothing was changed");
        }
        desk.up();
        assert!(desk.updates("entries", "touched"), "{name}: under other names");
        desk.up();
        assert!(desk.updates("entries", "touched"), "{name}: in a changed table");
        assert!(desk.updates("entries", "other"), "{name}: begun later");
        desk.up();
        assert!(!desk.updates("entries", "touched"), "{name}: ended");
        desk.down(2);
        assert!(desk.updates("entries", "touched"), "{name}: taken back");
        assert!(!desk.updates("entries", "other"), "{name}: taken back");
        desk.down(2);
        desk.up();
        assert!(desk.updates("notes", "changed"), "{name}: set aside and put back");
    }
}

/// SQLite's triggers may set each other off.
#[test]
fn triggers_that_set_each_other_off_come_to_an_end() {
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection: &mut *connection, dialect, shelf: notes() };
        (0..3).for_each(|_| desk.up());
        desk.run("INSERT INTO entries (id, body) VALUES (1, 'a')");
        desk.run("PRAGMA recursive_triggers = ON");
        assert!(desk.updates("entries", "touched"));
        desk.run("UPDATE entries SET body = 'z'");
        assert!(!desk.is_old("entries", "other"));
    }
}
