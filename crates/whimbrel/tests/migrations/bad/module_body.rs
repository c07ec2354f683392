use whimbrel_migration::*;

mod inner {
    pub fn a() {}
}

pub fn migration() -> Migration {
    Migration::first()
}
