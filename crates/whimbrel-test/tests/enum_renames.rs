//! Values of enums that get another name: which value each row has then, on every engine, in lists
//! too, and that nothing else of the row changes.

use whimbrel::dialect::Enums;
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, dialect_of},
    shelf::{Desk, Shelf},
};

fn orders() -> Shelf {
    let values = ["new", "payed", "it's odd"];
    Shelf::new([
        ("0001_orders", {
            Migration::first().create_enum("order_status", values).create_table(
                table("orders")
                    .column("id", integer().primary_key())
                    .column("status", enumeration("order_status").not_null().default("payed"))
                    .column("was", enumeration("order_status"))
                    .column("history", array(enumeration("order_status")))
                    .column("seen_at", timestamp().auto_update())
                    .check("ck_note", "status <> 'payed' OR id > 0"),
            )
        }),
        (
            "0002_paid",
            Migration::after("0001_orders").rename_enum_value("order_status", "payed", "paid"),
        ),
        (
            "0003_case",
            Migration::after("0002_paid")
                .rename_enum_value("order_status", "paid", "PAID")
                .rename_enum("order_status", "order_state"),
        ),
    ])
}

/// The rows, those of lists without blanks and quotes.
fn found(desk: &mut Desk<'_>) -> Vec<String> {
    let sql = "SELECT id, status, was, history FROM orders ORDER BY id";
    let rows = desk.connection.query(sql).unwrap();
    let cell = |it: Option<String>| it.unwrap_or_else(|| "-".to_owned());
    let row = |it: Vec<Option<String>>| it.into_iter().map(cell).collect::<Vec<_>>().join(" ");
    let plain = |it: String| it.replace(['"', '[', ']', '{', '}'], "").replace(", ", ",");
    rows.into_iter().map(row).map(plain).collect()
}

fn moments(desk: &mut Desk<'_>) -> usize {
    let sql = "SELECT id FROM orders WHERE seen_at = '2020-01-02 03:04:05'";
    desk.connection.query(sql).unwrap().len()
}

#[test]
fn every_row_has_the_value_under_its_new_name() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = dialect_of(&*connection);
        let mut desk = Desk::new(&mut *connection, orders());
        desk.up();
        let list = |values: &[&str]| match dialect.types.enums {
            Enums::Types => format!("'{{{}}}'", values.join(",")),
            Enums::Inline | Enums::Checks => format!("'[\"{}\"]'", values.join("\", \"")),
        };
        for (id, was, history) in [
            (1, "'payed'", list(&["new", "payed", "payed"])),
            (2, "NULL", list(&["payed"])),
            (3, "'new'", list(&["new"])),
            (4, "'payed'", "NULL".to_owned()),
        ] {
            desk.run(&format!(
                "INSERT INTO orders (id, was, history, seen_at) \
                 VALUES ({id}, {was}, {history}, '2020-01-02 03:04:05')"
            ));
        }
        desk.run("UPDATE orders SET status = 'new', seen_at = '2020-01-02 03:04:05' WHERE id = 3");
        let seen = moments(&mut desk);
        let rows = |paid: &str| {
            [
                format!("1 {paid} {paid} new,{paid},{paid}"),
                format!("2 {paid} - {paid}"),
                "3 new new new".to_owned(),
                format!("4 {paid} {paid} -"),
            ]
        };
        assert_eq!(found(&mut desk), rows("payed"), "{}", engine.name);

        desk.up();
        assert_eq!(found(&mut desk), rows("paid"), "{}", engine.name);
        assert_eq!(moments(&mut desk), seen, "{}: nothing was changed for the user", engine.name);
        desk.run("INSERT INTO orders (id) VALUES (5)");
        assert_eq!(found(&mut desk)[4], "5 paid - -", "{}: the default follows", engine.name);
        let old = "INSERT INTO orders (id, status) VALUES (6, 'payed')";
        assert!(desk.connection.execute(old).is_err(), "{}: the old name is gone", engine.name);
        let unfit = "INSERT INTO orders (id, status) VALUES (-1, 'paid')";
        assert!(desk.connection.execute(unfit).is_err(), "{}: the check follows", engine.name);
        desk.run("DELETE FROM orders WHERE id = 5");

        desk.up();
        assert_eq!(found(&mut desk), rows("PAID"), "{}", engine.name);
        desk.run("INSERT INTO orders (id) VALUES (5)");
        assert_eq!(found(&mut desk)[4], "5 PAID - -", "{}", engine.name);
        desk.run("DELETE FROM orders WHERE id = 5");
        desk.down(1);
        assert_eq!(found(&mut desk), rows("paid"), "{}", engine.name);

        desk.down(1);
        assert_eq!(found(&mut desk), rows("payed"), "{}", engine.name);
        assert_eq!(moments(&mut desk), seen, "{}", engine.name);
    }
}
