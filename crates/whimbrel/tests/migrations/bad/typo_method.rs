use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().creat_table(table("a"))
}
