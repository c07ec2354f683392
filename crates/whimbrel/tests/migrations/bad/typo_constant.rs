use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().add_foreign_key("a", "b", to("c").on_delete(Cascad))
}
