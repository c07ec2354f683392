use whimbrel_migration::{Migration, table as t};

pub fn migration() -> Migration {
    Migration::first().create_table(t("a"))
}
