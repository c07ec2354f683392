use whimbrel_migration::*;

fn names() -> Vec<String> {
    vec![format!("{}_x", prefix)]
}

pub fn migration() -> Migration {
    Migration::first()
}
