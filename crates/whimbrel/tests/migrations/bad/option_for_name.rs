use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().drop_table(Some("a"))
}
