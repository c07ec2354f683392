use whimbrel_migration::*;

pub fn migration() -> Migration {
    let add = |name: &str| column(nam);
    Migration::first()
}
