use whimbrel_migration::*;

pub fn migration() -> Migration {
    fn inner() {}
    Migration::first()
}
