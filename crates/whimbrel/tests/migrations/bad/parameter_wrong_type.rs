use whimbrel_migration::*;

fn sized(length: u32) -> ColumnType {
    varchar(length)
}

pub fn migration() -> Migration {
    Migration::first().add_column("a", "b", sized("8"))
}
