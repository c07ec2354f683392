use whimbrel_migration::*;

pub fn migration() -> Migration {
    let column = text().not_null();
    let mut it = Migration::first();
    for name in ["a", "b"] {
        it = it.add_column(name, "c", column);
    }
    it
}
