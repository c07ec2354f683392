use whimbrel_migration::*;

fn money() -> Column {
    decimel(12, 2)
}

pub fn migration() -> Migration {
    Migration::first()
}
