use whimbrel_migration::*;

pub fn migration() -> Migration {
    let type = "a";
    Migration::first().drop_table(type)
}
