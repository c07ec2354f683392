use whimbrel_migration::*;

fn word() -> &'stati str {
    "a"
}

pub fn migration() -> Migration {
    Migration::first().drop_table(word())
}
