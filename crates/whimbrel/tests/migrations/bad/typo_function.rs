use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().create_table(tabel("a"))
}
