use whimbrel_migration::*;

pub fn migration() -> Migration {
    let none = 0;
    Migration::first().drop_table(format!("{}", 4 / none))
}
