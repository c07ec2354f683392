use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name = std::env::var("NAME");
    Migration::first()
}
