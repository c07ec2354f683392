use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut it = Migration::first();
    for name in ["a", "b"] {
        it = it.clone().drop_table(name);
        name.len()
    }
    it
}
