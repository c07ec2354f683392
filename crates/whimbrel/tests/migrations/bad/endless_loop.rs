use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut number: i64 = 0;
    while number >= 0 {
        number = 1;
    }
    Migration::first()
}
