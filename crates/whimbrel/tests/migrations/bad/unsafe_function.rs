use whimbrel_migration::*;

unsafe fn risky() {}

pub fn migration() -> Migration {
    Migration::first()
}
