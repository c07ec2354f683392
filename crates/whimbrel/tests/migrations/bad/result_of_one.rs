use whimbrel_migration::*;

fn word() -> Result<String> {
    Ok("a".to_string())
}

pub fn migration() -> Migration {
    Migration::first().drop_table(word().unwrap())
}
