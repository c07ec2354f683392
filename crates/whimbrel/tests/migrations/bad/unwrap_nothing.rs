use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name: Option<&str> = None;
    Migration::first().drop_table(name.unwrap())
}
