use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", decimal(4, 2).default(0.5))
}
