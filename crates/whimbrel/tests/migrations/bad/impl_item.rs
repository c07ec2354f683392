use whimbrel_migration::*;

impl Kind {}

pub fn migration() -> Migration {
    Migration::first()
}
