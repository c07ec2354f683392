use whimbrel_migration::*;

pub fn migration() -> Migration {
    let (one, other) = (1_u32, 2_i64);
    Migration::first().add_column("a", "b", varchar(one + other))
}
