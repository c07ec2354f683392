use whimbrel_migration::*;

const SMALL: u8 = 255 + 1;

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", integer().default(SMALL))
}
