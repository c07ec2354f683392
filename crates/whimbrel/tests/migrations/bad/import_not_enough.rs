use whimbrel_migration::Migration;

fn key() -> Column {
    todo()
}

pub fn migration() -> Migration {
    Migration::first()
}
