use whimbrel_migration::*;

fn again(it: i64) -> Migration {
    again(it)
}

pub fn migration() -> Migration {
    again(1)
}
