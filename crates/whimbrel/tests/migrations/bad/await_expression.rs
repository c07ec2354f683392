use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().await
}
