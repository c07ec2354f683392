use whimbrel_migration::*;

pub fn migration() -> Migration {
    if true {
        Migration::first()
    }
}
