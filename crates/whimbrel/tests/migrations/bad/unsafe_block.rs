use whimbrel_migration::*;

pub fn migration() -> Migration {
    unsafe { Migration::first() }
}
