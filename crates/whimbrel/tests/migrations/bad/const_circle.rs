use whimbrel_migration::*;

const A: &str = B;
const B: &str = A;

pub fn migration() -> Migration {
    Migration::first().drop_table(A)
}
