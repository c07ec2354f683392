use whimbrel_migration::*;

pub fn migration() -> Migration {
    if 1 < 2 {
        break;
    }
    Migration::first()
}
