use whimbrel_migration::*;

pub fn migration() -> Migration {
    5
}
