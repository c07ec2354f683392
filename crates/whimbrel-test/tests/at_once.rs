//! Changes of one table that stand side by side in a migration: they are made at once where each would
//! write the table anew, they come to the same, and they are refused and taken back together.

use whimbrel::{
    connection::{Connection, Row},
    dialect::AlterColumn,
    execute::{DownOptions, DownTarget, MigrationPlan, Stop, UpOptions, UpTarget, plan_up},
    sql::Body,
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Engine, dialect_of},
    shelf::{Desk, Shelf},
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

fn up(desk: &mut Desk<'_>, to: &str) -> Result<(), Stop> {
    let options = UpOptions { target: UpTarget::Named(to.into()), ..UpOptions::default() };
    desk.try_up(&options).map(drop)
}

fn down(desk: &mut Desk<'_>) {
    let target = DownTarget::To("0001_orders".into());
    desk.down_by(&DownOptions { target, allow_data_loss: true, ..DownOptions::default() });
}

fn plan(desk: &mut Desk<'_>) -> MigrationPlan {
    plan_up(&mut desk.target(), &UpOptions::default()).unwrap().remove(0)
}

fn is_as_expected(desk: &mut Desk<'_>, words: &str) {
    assert_eq!(desk.differences(), [""; 0], "{words}");
}

fn rows(desk: &mut Desk<'_>) -> Vec<Row> {
    desk.ask("SELECT id, state, size, price, word FROM orders ORDER BY id")
}

/// The table with two rows in it, and the migrations, of which one is applied.
fn on_each(
    engines: impl IntoIterator<Item = Engine>,
    shelf: &Shelf,
    check: impl Fn(&mut Desk<'_>, &str),
) {
    engines::on_each(engines, |_, connection, name| {
        let mut desk = Desk::new(connection, shelf.clone());
        up(&mut desk, "0001_orders").unwrap();
        desk.run(ROWS);
        check(&mut desk, name);
    });
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
    on_each(engines::all(), &shelf, |desk, name| {
        let before = rows(desk);
        // Three columns, and on SQLite, where whole numbers have one type, two and three checks.
        let wanted = match desk.dialect.alter_column {
            AlterColumn::Clauses => vec![],
            AlterColumn::Restate => vec![3],
            AlterColumn::Rebuild => vec![5],
        };
        assert_eq!(rewritten(&plan(desk)), wanted, "{name}");
        up(desk, "0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
        assert_eq!(rows(desk), before, "{name}");
        is_as_expected(desk, name);
        for (refused, why) in [
            ("INSERT INTO orders (id, word, price) VALUES (3, 'c', -1)", "a check that came"),
            ("INSERT INTO orders (id, word, size) VALUES (3, 'c', 1000)", "a check that changed"),
            ("INSERT INTO orders (id) VALUES (3)", "a column that is never null"),
        ] {
            assert!(desk.connection.execute(refused).is_err(), "{name}: {why}");
        }
        down(desk);
        assert_eq!(rows(desk), before, "{name}: back");
        is_as_expected(desk, name);
    });
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
    let mut engines = engines::all();
    engines.retain(|engine| {
        let writes_anew = |it: &dyn Connection| dialect_of(it).alter_column != AlterColumn::Clauses;
        engine.can("it changes columns without writing the table anew", writes_anew)
    });
    on_each(engines, &shelf, |desk, name| {
        match up(desk, "0002_change").unwrap_err() {
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
            other => panic!("{name}: {other:?}"),
        }
        desk.run("DELETE FROM orders WHERE id = 2");
        up(desk, "0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
        is_as_expected(desk, name);
    });
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
    on_each(engines::all(), &shelf, |desk, name| {
        let before = rows(desk);
        if desk.dialect.alter_column == AlterColumn::Rebuild {
            assert_eq!(rewritten(&plan(desk)), [4], "{name}");
        }
        up(desk, "0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
        assert_eq!(rows(desk), before, "{name}");
        is_as_expected(desk, name);
        let twice = "INSERT INTO orders (id, size, word) VALUES (3, 1, 'z')";
        assert!(desk.connection.execute(twice).is_err(), "{name}");
        down(desk);
        assert_eq!(rows(desk), before, "{name}: back");
        is_as_expected(desk, name);
    });
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
    on_each(engines::mysql_family(), &shelf, |desk, name| {
        desk.run("UPDATE orders SET price = 5");
        let before = rows(desk);
        let stop = up(desk, "0002_change").unwrap_err();
        assert!(matches!(stop, Stop::Step { step: 2, steps: 2, kept: 1, .. }), "{stop:?}");
        down(desk);
        assert_eq!(rows(desk), before, "{name}");
        is_as_expected(desk, name);
    });
}

/// Rows that one step refuses are not let through by the next one.
#[test]
fn values_that_go_and_come_again_stay_two_changes() {
    let shelf =
        shelf(|it| it.set_enum_values("state", ["paid"]).set_enum_values("state", ["paid", "new"]));
    on_each(engines::all(), &shelf, |desk, name| {
        let wanted = match desk.dialect.alter_column {
            AlterColumn::Clauses => vec![],
            AlterColumn::Restate | AlterColumn::Rebuild => vec![1, 1],
        };
        assert_eq!(rewritten(&plan(desk)), wanted, "{name}");
        let stop = up(desk, "0002_change").unwrap_err();
        assert!(matches!(stop, Stop::Step { .. }), "{name}: {stop}");
    });
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
    for (shelf, statements, row) in [
        (&side_by_side, 1, ["1", "new", "1", "10", "a"]),
        (&one_reads_another, 2, ["1", "new", "2", "12", "a"]),
    ] {
        on_each(engines::all(), shelf, |desk, name| {
            if desk.dialect.alter_column != AlterColumn::Clauses {
                return;
            }
            assert_eq!(retyped(&plan(desk)), statements, "{name}");
            up(desk, "0002_change").unwrap_or_else(|stop| panic!("{name}: {stop}"));
            assert_eq!(rows(desk)[0], row.map(|it| Some(it.to_owned())), "{name}");
            is_as_expected(desk, name);
        });
    }
}
