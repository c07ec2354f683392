use whimbrel_migration::*;

pub fn migration() -> Migration {
    let a = 1
    let b = 2;
    Migration::first()
}
