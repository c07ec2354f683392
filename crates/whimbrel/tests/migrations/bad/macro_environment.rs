use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run_sql(env!("HOME"))
}
