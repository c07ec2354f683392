use whimbrel_migration::*;

pub fn migration() -> Migration {
    let size = 3;
    Migration::first().drop_table(format!("{size:.2}"))
}
