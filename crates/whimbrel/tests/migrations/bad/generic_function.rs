use whimbrel_migration::*;

fn any<T>(it: T) -> T {
    it
}

pub fn migration() -> Migration {
    Migration::first()
}
