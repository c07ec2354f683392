use whimbrel_migration::{Migration, tabel};

pub fn migration() -> Migration {
    Migration::first()
}
