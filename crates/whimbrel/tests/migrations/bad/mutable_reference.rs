use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut it = Migration::first();
    let other = &mut it;
    Migration::first()
}
