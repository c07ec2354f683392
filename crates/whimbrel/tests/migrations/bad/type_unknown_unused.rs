use whimbrel_migration::*;

fn id(it: Colum) -> Colum {
    it
}

pub fn migration() -> Migration {
    Migration::first()
}
