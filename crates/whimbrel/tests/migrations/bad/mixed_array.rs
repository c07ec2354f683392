use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().add_index("a", index("i").on(["a", desc("b")]))
}
