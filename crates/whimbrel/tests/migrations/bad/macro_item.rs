use whimbrel_migration::*;

macro_rules! a {
    () => {};
}

pub fn migration() -> Migration {
    Migration::first()
}
