use whimbrel_migration::*;

pub fn migration() -> Migration {
    if 1 {
        return Migration::first();
    }
    Migration::first()
}
