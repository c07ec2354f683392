use whimbrel_migration::*;

pub fn migration() -> Migration {
    for number in 0.. {
        break;
    }
    Migration::first()
}
