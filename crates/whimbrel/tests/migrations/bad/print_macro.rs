use whimbrel_migration::*;

pub fn migration() -> Migration {
    println!("hello");
    Migration::first()
}
