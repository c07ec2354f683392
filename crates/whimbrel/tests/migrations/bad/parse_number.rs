use whimbrel_migration::*;

pub fn migration() -> Migration {
    let number = "5".parse::<i64>();
    Migration::first()
}
