use whimbrel_migration::*;

const NAME: u32 = "a";

pub fn migration() -> Migration {
    Migration::first().drop_table(NAME)
}
