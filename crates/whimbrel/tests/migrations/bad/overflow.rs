use whimbrel_migration::*;

const MOST: u32 = 4_294_967_295;

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", varchar(MOST + 1))
}
