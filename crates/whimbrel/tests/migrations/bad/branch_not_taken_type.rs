use whimbrel_migration::*;

pub fn migration() -> Migration {
    match "orders" {
        "orders" => Migration::first().drop_table("orders"),
        _ => None,
    }
}
