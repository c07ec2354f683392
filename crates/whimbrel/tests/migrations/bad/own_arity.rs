use whimbrel_migration::*;

fn money(default: i64) -> Column {
    decimal(12, 2).default(default)
}

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", money(1, 2))
}
