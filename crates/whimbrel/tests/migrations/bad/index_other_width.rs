use whimbrel_migration::*;

pub fn migration() -> Migration {
    let names = ["a", "b"];
    let position = 1_i32;
    Migration::first().drop_table(names[position])
}
