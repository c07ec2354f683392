use whimbrel_migration::Migration;

pub fn migration() -> Migration {
    Migration::first().create_table(table("a"))
}
