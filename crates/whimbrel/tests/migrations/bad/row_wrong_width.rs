use whimbrel_migration::*;

pub fn migration() -> Migration {
    let number: u8 = 1;
    Migration::first().upsert(rows("a").key("id").row((number, "x")))
}
