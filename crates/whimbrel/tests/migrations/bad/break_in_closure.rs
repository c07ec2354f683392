use whimbrel_migration::*;

pub fn migration() -> Migration {
    for name in ["a", "b"] {
        let leave = || continue;
        leave();
    }
    Migration::first()
}
