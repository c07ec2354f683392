use whimbrel_migration::*;

const NAMES: [&str; 2] = ["a", "b", "c"];

pub fn migration() -> Migration {
    Migration::first().drop_table(NAMES[0])
}
