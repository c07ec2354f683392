use whimbrel_migration::*;

#[cfg(test)]
const A: u32 = 1;

pub fn migration() -> Migration {
    Migration::first()
}
