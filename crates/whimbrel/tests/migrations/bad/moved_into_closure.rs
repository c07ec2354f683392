use whimbrel_migration::*;

pub fn migration() -> Migration {
    let orders = table("orders");
    let make = || orders.column("a", text());
    let again = orders;
    Migration::first().create_table(make())
}
