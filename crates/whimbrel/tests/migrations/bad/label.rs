use whimbrel_migration::*;

pub fn migration() -> Migration {
    'outer: for name in ["a"] {
        break 'outer;
    }
    Migration::first()
}
