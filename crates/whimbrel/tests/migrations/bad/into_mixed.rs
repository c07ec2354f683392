use whimbrel_migration::*;

pub fn migration() -> Migration {
    let columns: Vec<Column> = vec![text().into(), "a".into(), integer().not_null()];
    Migration::first().add_column("a", "b", columns[0].clone())
}
