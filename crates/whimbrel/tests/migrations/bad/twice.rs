use whimbrel_migration::*;

fn a() {}

fn a() {}

pub fn migration() -> Migration {
    Migration::first()
}
