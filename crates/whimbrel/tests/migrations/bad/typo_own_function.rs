use whimbrel_migration::*;

fn money() -> Column {
    decimal(12, 2).not_null()
}

pub fn migration() -> Migration {
    Migration::first().create_table(table("a").column("b", mony()))
}
