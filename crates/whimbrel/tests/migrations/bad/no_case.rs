use whimbrel_migration::*;

pub fn migration() -> Migration {
    let kind = 3;
    match kind {
        1 => Migration::first(),
        2 => Migration::first().no_transaction(),
    }
}
