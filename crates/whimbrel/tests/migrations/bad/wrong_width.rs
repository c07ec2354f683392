use whimbrel_migration::*;

pub fn migration() -> Migration {
    let length: i64 = 8;
    Migration::first().add_column("a", "b", varchar(length))
}
