use whimbrel_migration::*;

pub fn migration() -> Migration {
    let sized = |length: u32| varchar(length);
    Migration::first().add_column("a", "b", sized("20"))
}
