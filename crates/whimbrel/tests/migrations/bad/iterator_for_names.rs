use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().add_index("a", index("a_ix").on(["b", "c"].iter()))
}
