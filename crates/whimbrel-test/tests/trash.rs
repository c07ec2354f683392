//! What was set aside is listed, put back by hand, and let go for good, and a client that is killed
//! at any call of it is survived.

use std::{fs, path::Path};

use whimbrel::{
    connection::{Connection, Row},
    dialect::{Ddl, Dialect, SQLITE},
    execute::{Condition, DownOptions, DownTarget, FakeOptions, Kept, Stop, UpOptions},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines,
    shelf::{Desk, Shelf},
    simulator::{Death, Side, open, simulated},
};

/// SQLite as if it committed every change of the schema by itself.
static AUTOCOMMIT: Dialect = Dialect { ddl: Ddl::Autocommit, ..SQLITE };

/// Customers; their orders, with a key, an index and a numbering; and a column that comes later.
fn shop() -> Shelf {
    Shelf::new([
        (
            "0001_customers",
            Migration::first()
                .create_table(table("customers").column("id", integer().primary_key())),
        ),
        (
            "0002_orders",
            Migration::after("0001_customers").create_table(
                table("orders")
                    .column("id", serial().primary_key())
                    .column("customer_id", integer().not_null())
                    .column("note", varchar(40).not_null().default("none"))
                    .foreign_key("customer_id", to("customers"))
                    .index(index("by_note").on("note")),
            ),
        ),
        (
            "0003_remark",
            Migration::after("0002_orders").add_column("orders", "remark", varchar(40)),
        ),
    ])
}

const ROWS: &[&str] = &[
    "INSERT INTO customers (id) VALUES (1)",
    "INSERT INTO orders (customer_id, note, remark) VALUES (1, 'a', 'x')",
    "INSERT INTO orders (customer_id, note, remark) VALUES (1, 'b', 'y')",
];

/// Takes back all behind the customers, and sets aside what it drops.
fn down(desk: &mut Desk<'_>) {
    let target = DownTarget::To("0001_customers".to_owned());
    desk.down_by(&DownOptions { target, keep_data: true, ..DownOptions::default() });
}

fn on_each(check: impl Fn(&mut Desk<'_>, &str)) {
    engines::on_each(engines::all(), |_, connection, engine| {
        let mut desk = Desk::new(connection, shop());
        desk.up_all();
        for row in ROWS {
            desk.run(row);
        }
        check(&mut desk, engine);
    });
}

fn conditions(kept: &[Kept]) -> Vec<(String, Condition)> {
    kept.iter().map(|it| (it.what.clone(), it.state)).collect()
}

#[test]
fn what_is_set_aside_is_listed_and_put_back_by_its_number() {
    on_each(|desk, engine| {
        let rows = desk.ask("SELECT id, customer_id, note, remark FROM orders ORDER BY id");
        assert!(desk.trash().is_empty(), "{engine}");
        assert_eq!(desk.restore(&[1]).unwrap_err().exit_code(), 2, "{engine}");
        down(desk);
        let kept = desk.trash();
        let column = "column `remark` of `orders`".to_owned();
        let table = "table `orders`".to_owned();
        let wanted = [(column.clone(), Condition::Inside(2)), (table, Condition::Kept)];
        assert_eq!(conditions(&kept), wanted, "{engine}");
        assert!(kept.iter().all(|it| it.since.is_some()), "{engine}");
        assert_eq!(kept[1].migration, "0002_orders");

        let stop = desk.restore(&[1]).unwrap_err().to_string();
        assert!(stop.ends_with("is set aside itself, as number 2"), "{engine}: {stop}");
        let stop = desk.restore(&[7]).unwrap_err();
        assert_eq!(stop.to_string(), "nothing is set aside under the number 7", "{engine}");
        assert_eq!(stop.hint().unwrap(), "`whimbrel trash list` shows what is: 1, 2", "{engine}");

        desk.run("CREATE TABLE orders (id INT)");
        let stop = desk.restore(&[2]).unwrap_err().to_string();
        assert!(stop.ends_with("there is another one by now"), "{engine}: {stop}");
        desk.run("DROP TABLE orders");

        assert_eq!(desk.restore(&[2]).unwrap().len(), 1, "{engine}");
        assert_eq!(conditions(&desk.trash()), [(column, Condition::Kept)], "{engine}");
        desk.restore(&[1]).unwrap();
        assert!(desk.trash().is_empty(), "{engine}");
        let again = desk.ask("SELECT id, customer_id, note, remark FROM orders ORDER BY id");
        assert_eq!(again, rows, "{engine}");
        let orphan = "INSERT INTO orders (customer_id, note) VALUES (2, 'c')";
        if desk.dialect.ddl == Ddl::Transactional && desk.dialect.name == "sqlite" {
            desk.ask("PRAGMA foreign_keys = ON");
        }
        assert!(desk.connection.execute(orphan).is_err(), "{engine}: the key is not back");

        // All of it is there, so that it can be marked.
        let names = vec!["0002_orders".to_owned(), "0003_remark".to_owned()];
        let options = FakeOptions { names, ..FakeOptions::default() };
        desk.fake(&options).unwrap();
        desk.up_all();
        assert_eq!(desk.ask("SELECT count(*) FROM orders"), [[Some("2".to_owned())]], "{engine}");
    });
}

#[test]
fn what_is_let_go_is_gone_and_made_anew() {
    on_each(|desk, engine| {
        down(desk);
        let stop = desk.purge(Some(&[1])).unwrap_err().to_string();
        assert!(stop.ends_with("is set aside itself, as number 2"), "{engine}: {stop}");
        let gone = desk.purge(Some(&[2])).unwrap();
        assert_eq!(gone.iter().map(|it| it.id).collect::<Vec<_>>(), [2, 1], "{engine}");
        assert!(desk.trash().is_empty(), "{engine}");
        left_nothing(desk, engine);
        desk.up_all();
        assert_eq!(desk.ask("SELECT count(*) FROM orders"), [[Some("0".to_owned())]], "{engine}");

        // What somebody else has dropped is only forgotten.
        down(desk);
        let kept = desk.trash().pop().unwrap().kept;
        let name = kept.trim_start_matches("table ").trim_matches('`').to_owned();
        desk.run(&format!("DROP TABLE {name}"));
        let states: Vec<_> = desk.trash().into_iter().map(|it| it.state).collect();
        assert_eq!(states[1], Condition::Gone, "{engine}");
        let stop = desk.restore(&[2]).unwrap_err().to_string();
        assert!(stop.ends_with("is not there any more"), "{engine}: {stop}");
        assert_eq!(desk.purge(None).unwrap().len(), 2, "{engine}");
        assert!(desk.trash().is_empty(), "{engine}");
        left_nothing(desk, engine);
        assert!(desk.purge(None).unwrap().is_empty(), "{engine}");
    });
}

/// Nothing of what was set aside is left, nor of its journal.
fn left_nothing(desk: &mut Desk<'_>, engine: &str) {
    let query = match desk.dialect.name {
        "sqlite" => "SELECT name FROM sqlite_master WHERE name LIKE 'whimbrel_trash%'",
        "postgres" => "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'whimbrel_trash%'",
        _ => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name LIKE 'whimbrel_trash%'"
        }
    };
    assert!(desk.ask(query).is_empty(), "{engine}");
    let steps = "SELECT migration FROM whimbrel_steps WHERE migration LIKE 'trash:%'";
    assert!(desk.ask(steps).is_empty(), "{engine}");
}

/// What the user has, and what is journalled of what was set aside.
fn dump(file: &Path) -> Vec<Vec<Row>> {
    let mut connection = open(file);
    let mut asked = Vec::new();
    let objects = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' \
                   ORDER BY name";
    asked.push(connection.query(objects).unwrap());
    for row in asked[0].clone() {
        let name = row[1].clone().unwrap_or_default();
        if row[0].as_deref() == Some("table") && !name.starts_with("whimbrel_") {
            let quoted = SQLITE.quote(&name);
            asked.push(connection.query(&format!("SELECT * FROM {quoted}")).unwrap());
        }
    }
    let steps = "SELECT migration, position FROM whimbrel_steps WHERE migration LIKE 'trash:%'";
    asked.push(connection.query(steps).unwrap());
    let facts = "SELECT name FROM whimbrel_state WHERE name LIKE 'trash:%' ORDER BY name";
    asked.push(connection.query(facts).unwrap());
    asked
}

fn survives(dialect: &'static Dialect) {
    let folder = tempfile::tempdir().unwrap();
    let start = folder.path().join("start.db");
    let mut connection = simulated(&start, dialect, None);
    let mut desk = Desk { connection: &mut connection, dialect, shelf: shop() };
    desk.up_all();
    for row in ROWS {
        desk.run(row);
    }
    down(&mut desk);
    drop(connection);
    let mut deaths = 0;
    for is_back in [true, false] {
        let go = |connection: &mut dyn Connection| {
            let mut desk = Desk { connection, dialect, shelf: shop() };
            if is_back { desk.restore(&[2]) } else { desk.purge(None) }
        };
        let file = folder.path().join("undisturbed.db");
        fs::copy(&start, &file).unwrap();
        let mut connection = simulated(&file, dialect, None);
        go(&mut connection).unwrap();
        let calls = connection.calls();
        drop(connection);
        let wanted = dump(&file);
        for call in 0..calls {
            for side in [Side::Before, Side::After] {
                let words = format!("back: {is_back}, killed {side:?} call {call}");
                let file = folder.path().join("killed.db");
                fs::copy(&start, &file).unwrap();
                let mut dying = simulated(&file, dialect, Some(Death { call, side }));
                if let Err(stop) = go(&mut dying) {
                    assert_eq!(stop.exit_code(), 5, "{words}: {stop}");
                }
                assert!(dying.is_dead(), "{words}");
                drop(dying);
                let mut again = open(&file);
                let mut desk = Desk { connection: &mut *again, dialect, shelf: shop() };
                let half: Vec<Condition> = desk
                    .trash()
                    .into_iter()
                    .map(|it| it.state)
                    .filter(|it| matches!(it, Condition::HalfRestored | Condition::HalfPurged))
                    .collect();
                if !half.is_empty() {
                    // Nobody else touches what is half way.
                    let stop = desk.try_up(&UpOptions::default()).unwrap_err();
                    assert!(stop.to_string().ends_with("was left half way"), "{words}: {stop}");
                    let other = if is_back { desk.purge(Some(&[2])) } else { desk.restore(&[2]) };
                    assert!(other.is_err(), "{words}");
                }
                match go(&mut *again) {
                    Ok(_) => {}
                    // It had come to its end.
                    Err(Stop::Refused { message, .. })
                        if is_back && message.starts_with("nothing is set aside under") => {}
                    Err(stop) => panic!("{words}: {stop}"),
                }
                assert_eq!(dump(&file), wanted, "{words}");
                deaths += 1;
            }
        }
    }
    assert!(deaths > 60, "only {deaths} deaths were tried");
}

#[test]
fn a_client_killed_while_it_puts_back_or_lets_go_is_survived() {
    survives(&SQLITE);
}

#[test]
fn the_same_where_schema_changes_commit_by_themselves() {
    survives(&AUTOCOMMIT);
}
