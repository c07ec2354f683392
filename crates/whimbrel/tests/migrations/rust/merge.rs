use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after(["0003_names", "0003_payments"])
}
