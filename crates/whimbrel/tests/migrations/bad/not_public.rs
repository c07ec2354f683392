use whimbrel_migration::*;

fn migration() -> Migration {
    Migration::first()
}
