//! Changes of one table that stand side by side in a migration: they are made at once where each would
//! write the table anew, they come to the same, and they are refused and taken back together.

use whimbrel::{
    connection::Connection,
    dialect::{AlterColumn, Dialect},
    execute::{
        DownOptions, DownTarget, MigrationPlan, Stop, UpOptions, UpTarget, down, plan_up, up,
        verify,
    },
    sql::Body,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Listener, Shelf, target},
};

fn tables() -> Migration {
    Migration::first().create_enum("state", ["new"]).create_table(
        table("orders")
            .column("id", integer().primary_key())
            .column("state", enumeration("state"))
            .column("size", integer())
            .column("price", integer())
            .column("word", varchar(20))
            .check("orders_size", "size > 0"),
    )
}

fn shelf(change: impl FnOnce(Migration) -> Migration) -> Shelf {
    Shelf::new([
        ("0001_orders", tables()),
        ("0002_change", change(Migration::after("0001_orders"))),
    ])
}

struct Desk<'a> {
    connection: Box<dyn Connection>,
    dialect: &'static Dialect,
    shelf: &'a Shelf,
}

impl Desk<'_> {
    fn up(&mut self, to: &str) -> Result<(), Stop> {
        let options = UpOptions { target: UpTarget::Named(to.into()), ..UpOptions::default() };
        let mut target = target(&mut *self.connection, self.dialect, self.shelf);
        up(&mut target, &options, &mut Listener::default()).map(drop)
    }

    fn down(&mut self) {
        let options = DownOptions {
            target: DownTarget::To("0001_orders".into()),
            allow_data_loss: true,
            ..DownOptions::default()
        };
        let mut target = target(&mut *self.connection, self.dialect, self.shelf);
        down(&mut target, &options, &mut Listener::default()).unwrap();
    }

    fn plan(&mut self) -> MigrationPlan {
        let mut target = target(&mut *self.connection, self.dialect, self.shelf);
        plan_up(&mut target, &UpOptions::default()).unwrap().remove(0)
    }

    fn is_as_expected(&mut self, words: &str) {
        let verified =
            verify(&mut target(&mut *self.connection, self.dialect, self.shelf)).unwrap();
        assert!(verified.differences.is_empty(), "{words}: {:?}", verified.differences);
    }

    fn rows(&mut self) -> Vec<Vec<Option<String>>> {
        self.connection
            .query("SELECT id, state, size, price, word FROM orders ORDER BY id")
            .unwrap()
    }
}

/// The changes of the table in a plan that begin from the table as it stands, with how many edits
/// each has.
fn rewritten(plan: &MigrationPlan) -> Vec<usize> {
    let edits = |body: &Body| match body {
        Body::Live(change) => Some(change.edits.len()),
        _ => None,
    };
    plan.plan.steps.iter().filter_map(|it| edits(&it.statement.body)).collect()
}

const ROWS: &str = "INSERT INTO orders (id, state, size, price, word) \
                    VALUES (1, 'new', 1, 10, 'a'), (2, NULL, 7, NULL, 'b')";

#[test]
fn changes_side_by_side_are_one() {
    let shelf = shelf(|it| {
        it.add_enum_value("state", "paid")
            .add_enum_value("state", "sent")
            .alter_column("orders", "size", set().data_type(bigint()))
            .alter_column("orders", "word", set().data_type(varchar(40)).not_null())
            .drop_check("orders", "orders_size")
            .add_check("orders", "orders_price", "price > 0")
            .add_check("orders", "orders_size", "size > 0 AND size < 1000")
    });
    for engine in engines::all() {
        let database = engine.fresh_database();
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection, dialect, shelf: &shelf };
        let name = &engine.name;
        desk.up("0001_orders").unwrap();
        desk.connection.execute(ROWS).unwrap();
        let before = desk.rows();
        // Three columns, and on SQLite, where whole numbers have one type, two and three checks.
        let wanted = match dialect.alter_column {
            AlterColumn::Clauses => vec![],
            AlterColumn::Restate => vec![3],
            AlterColumn::Rebuild => vec![5],
        };
        assert_eq!(rewritten(&desk.plan()), wanted, "{name}");
        desk.up("0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
        assert_eq!(desk.rows(), before, "{name}");
        desk.is_as_expected(name);
        for (refused, why) in [
            ("INSERT INTO orders (id, word, price) VALUES (3, 'c', -1)", "a check that came"),
            ("INSERT INTO orders (id, word, size) VALUES (3, 'c', 1000)", "a check that changed"),
            ("INSERT INTO orders (id) VALUES (3)", "a column that is never null"),
        ] {
            assert!(desk.connection.execute(refused).is_err(), "{name}: {why}");
        }
        desk.down();
        assert_eq!(desk.rows(), before, "{name}: back");
        desk.is_as_expected(name);
    }
}

#[test]
fn what_refuses_one_of_them_refuses_all_and_is_told_of_all() {
    let shelf = shelf(|it| {
        it.alter_column("orders", "price", set().not_null()).alter_column(
            "orders",
            "state",
            set().not_null(),
        )
    });
    for engine in engines::all() {
        let writes_anew = |it: &dyn Connection| dialect_of(it).alter_column != AlterColumn::Clauses;
        if !engine.can("it changes columns without writing the table anew", writes_anew) {
            continue;
        }
        let database = engine.fresh_database();
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection, dialect, shelf: &shelf };
        desk.up("0001_orders").unwrap();
        desk.connection.execute(ROWS).unwrap();
        match desk.up("0002_change").unwrap_err() {
            Stop::Step { operation, rows: Some(rows), .. } => {
                assert_eq!(
                    operation,
                    "Change nullability of `price` in `orders`, change nullability of `state` in `orders`"
                );
                assert_eq!(
                    rows,
                    "rows of `orders` without `price`, or rows of `orders` without `state`"
                );
            }
            other => panic!("{}: {other:?}", engine.name),
        }
        desk.connection.execute("DELETE FROM orders WHERE id = 2").unwrap();
        desk.up("0002_change").unwrap_or_else(|stop| panic!("{}: {stop}", engine.name));
        desk.is_as_expected(&engine.name);
    }
}

#[test]
fn unique_constraints_side_by_side_are_one() {
    let orders = |it: Migration| {
        it.add_unique("orders", unique("orders_sizes").on("size"))
            .add_unique("orders", unique("orders_price").on(["price", "word"]))
    };
    let shelf = Shelf::new([
        ("0001_orders", tables().add_unique("orders", unique("orders_word").on("word"))),
        (
            "0002_change",
            orders(Migration::after("0001_orders").drop_unique("orders", "orders_word"))
                .add_unique("orders", unique("orders_word").on(["word", "size"])),
        ),
    ]);
    for engine in engines::all() {
        let database = engine.fresh_database();
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection, dialect, shelf: &shelf };
        let name = &engine.name;
        desk.up("0001_orders").unwrap();
        desk.connection.execute(ROWS).unwrap();
        let before = desk.rows();
        if dialect.alter_column == AlterColumn::Rebuild {
            assert_eq!(rewritten(&desk.plan()), [4], "{name}");
        }
        desk.up("0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
        assert_eq!(desk.rows(), before, "{name}");
        desk.is_as_expected(name);
        let twice = "INSERT INTO orders (id, size, word) VALUES (3, 1, 'z')";
        assert!(desk.connection.execute(twice).is_err(), "{name}");
        desk.down();
        assert_eq!(desk.rows(), before, "{name}: back");
        desk.is_as_expected(name);
    }
}

/// What is done of a migration that stopped behind them is taken back whole.
#[test]
fn they_are_taken_back_where_a_later_step_is_refused() {
    let shelf = shelf(|it| {
        it.alter_column("orders", "size", set().data_type(bigint()))
            .alter_column("orders", "word", set().data_type(varchar(40)))
            .add_enum_value("state", "paid")
            .add_index("orders", index("orders_price").on("price").unique())
    });
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection, dialect, shelf: &shelf };
        desk.up("0001_orders").unwrap();
        desk.connection.execute(ROWS).unwrap();
        desk.connection.execute("UPDATE orders SET price = 5").unwrap();
        let before = desk.rows();
        let stop = desk.up("0002_change").unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 2, steps: 2, kept: 1, .. }), "{stop:?}");
        desk.down();
        assert_eq!(desk.rows(), before, "{}", engine.name);
        desk.is_as_expected(&engine.name);
    }
}

/// Rows that one step refuses are not let through by the next one.
#[test]
fn values_that_go_and_come_again_stay_two_changes() {
    let shelf =
        shelf(|it| it.set_enum_values("state", ["paid"]).set_enum_values("state", ["paid", "new"]));
    for engine in engines::all() {
        let database = engine.fresh_database();
        let connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk { connection, dialect, shelf: &shelf };
        desk.up("0001_orders").unwrap();
        desk.connection.execute(ROWS).unwrap();
        let wanted = match dialect.alter_column {
            AlterColumn::Clauses => vec![],
            AlterColumn::Restate | AlterColumn::Rebuild => vec![1, 1],
        };
        assert_eq!(rewritten(&desk.plan()), wanted, "{}", engine.name);
        let stop = desk.up("0002_change").unwrap_err();
        assert!(matches!(stop, Stop::Step { .. }), "{}: {stop}", engine.name);
    }
}

/// How many statements of a plan give columns new types.
fn retyped(plan: &MigrationPlan) -> usize {
    let is_one = |body: &Body| matches!(body, Body::Text(text) if text.contains(" TYPE "));
    plan.plan.steps.iter().filter(|it| is_one(&it.statement.body)).count()
}

/// Where an expression reads another column that changes too, the two stay apart: it is to see the new
/// value of that one.
#[test]
fn new_types_side_by_side_are_one_statement_where_clauses_say_them() {
    let side_by_side = shelf(|it| {
        it.alter_column("orders", "size", set().data_type(bigint()))
            .alter_column("orders", "price", set().data_type(text()).default("none"))
            .alter_column("orders", "word", set().data_type(varchar(40)))
    });
    let one_reads_another =
        shelf(|it| {
            it.alter_column("orders", "size", set().data_type(bigint()).using("size * 2"))
                .alter_column("orders", "price", set().data_type(bigint()).using("price + size"))
        });
    for engine in engines::all() {
        let database = engine.fresh_database();
        let dialect = dialect_of(&*database.connect());
        if dialect.alter_column != AlterColumn::Clauses {
            continue;
        }
        for (shelf, statements, row) in [
            (&side_by_side, 1, ["1", "new", "1", "10", "a"]),
            (&one_reads_another, 2, ["1", "new", "2", "12", "a"]),
        ] {
            let database = engine.fresh_database();
            let mut desk = Desk { connection: database.connect(), dialect, shelf };
            desk.up("0001_orders").unwrap();
            desk.connection.execute(ROWS).unwrap();
            assert_eq!(retyped(&desk.plan()), statements, "{}", engine.name);
            desk.up("0002_change").unwrap_or_else(|stop| panic!("{}: {stop}", engine.name));
            assert_eq!(desk.rows()[0], row.map(|it| Some(it.to_owned())), "{}", engine.name);
            desk.is_as_expected(&engine.name);
        }
    }
}
