use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().create_table(table("a").not_null())
}
