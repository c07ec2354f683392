use whimbrel_migration::*;

pub fn migration() -> Migration {
    let orders = table("orders");
    Migration::first().create_table(ordrs)
}
