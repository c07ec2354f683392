use whimbrel_migration::*;

static NAME: &str = "a";

pub fn migration() -> Migration {
    Migration::first()
}
