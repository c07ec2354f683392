use whimbrel_migration::*;

pub fn migrate() -> Migration {
    Migration::first()
}
