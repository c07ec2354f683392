use whimbrel_migration::*;

fn money() -> Colum {
    text().not_null()
}

const UNUSED: u32 = 1;

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", money())
}
