use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name = if 1 < 2 { "orders" } else { 7 };
    Migration::first().drop_table(name)
}
