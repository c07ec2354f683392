use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().upsert(rows("a"))
}
