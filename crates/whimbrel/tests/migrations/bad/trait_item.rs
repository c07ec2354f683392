use whimbrel_migration::*;

trait Kind {}

pub fn migration() -> Migration {
    Migration::first()
}
