use whimbrel_migration::*;

async fn later() {}

pub fn migration() -> Migration {
    Migration::first()
}
