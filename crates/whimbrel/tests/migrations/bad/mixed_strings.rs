use whimbrel_migration::*;

pub fn migration() -> Migration {
    let names = ["a", String::from("b")];
    Migration::first().add_index("a", index("i").on(names))
}
