use whimbrel_migration::*;

fn word(it: Option<&str>) -> &str {
    match it {
        Some(word) => word,
    }
}

pub fn migration() -> Migration {
    Migration::first().drop_table(word(Some("a")))
}
