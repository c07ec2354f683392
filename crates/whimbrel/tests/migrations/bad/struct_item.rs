use whimbrel_migration::*;

struct Money {
    cents: i64,
}

pub fn migration() -> Migration {
    Migration::first()
}
