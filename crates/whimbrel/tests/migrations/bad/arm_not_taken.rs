use whimbrel_migration::*;

pub fn migration() -> Migration {
    let it = if true { 1 } else { numbr };
    Migration::first().drop_column("a", if it == 1 { "b" } else { "c" })
}
