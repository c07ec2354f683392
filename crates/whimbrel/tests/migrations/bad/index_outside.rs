use whimbrel_migration::*;

pub fn migration() -> Migration {
    let names = ["a", "b"];
    Migration::first().drop_table(names[2])
}
