use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name = Some("orders").unwrap_or(());
    Migration::first().drop_table(name)
}
