//! Merge carts and payments.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after(["0003_carts", "0003_payments"])
}
