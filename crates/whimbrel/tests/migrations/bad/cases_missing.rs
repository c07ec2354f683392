use whimbrel_migration::*;

pub fn migration() -> Migration {
    let words = ["a", "b"];
    match words.as_slice() {
        [first, second] => Migration::first().rename_column("t", *first, *second),
        [] => Migration::first(),
    }
}
