use whimbrel_migration::*;

fn upper(name: &str) -> String {
    name.to_uppercase()
}

pub fn migration() -> Migration {
    let name = String::from("a");
    Migration::first().drop_table(upper(name))
}
