use whimbrel_migration::*;

pub fn migration() -> Migration {
    let it = Migration::first();
    it = it.drop_table("a");
    it
}
