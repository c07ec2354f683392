use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut count = 0;
    let add = |by: i64| {
        count += by;
        count
    };
    Migration::first().drop_table(format!("{}", add(1)))
}
