use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", varchar(1 << 5))
}
