use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut it = Migration::first();
    for name in ["a", "b"].iter() {
        it = it.drop_table(name);
    }
    it
}
