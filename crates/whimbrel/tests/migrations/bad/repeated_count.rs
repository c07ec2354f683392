use whimbrel_migration::*;

pub fn migration() -> Migration {
    let names = vec!["a"; "b"];
    Migration::first().drop_table(names.join(""))
}
