use whimbrel_migration::*;

enum Kind {
    A,
}

pub fn migration() -> Migration {
    Migration::first()
}
