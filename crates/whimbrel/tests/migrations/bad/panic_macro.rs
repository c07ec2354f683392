use whimbrel_migration::*;

pub fn migration() -> Migration {
    panic!("no")
}
