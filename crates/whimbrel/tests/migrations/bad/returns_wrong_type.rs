use whimbrel_migration::*;

fn money() -> Column {
    decimal(12, 2)
}

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", money())
}
