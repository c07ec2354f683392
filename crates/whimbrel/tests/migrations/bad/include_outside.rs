use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run_sql(include_str!("../secret.sql"))
}
