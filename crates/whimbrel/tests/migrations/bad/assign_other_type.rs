use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut name = "a";
    name = 5;
    Migration::first().drop_table(name)
}
