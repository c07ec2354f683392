use whimbrel_migration::*;

pub fn migration() -> Migration {
    let 🎉 = "a";
    Migration::first()
}
