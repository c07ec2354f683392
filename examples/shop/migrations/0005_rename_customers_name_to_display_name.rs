//! Rename customers name to display name.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0004_merge_carts_and_payments").rename_column(
        "customers",
        "name",
        "display_name",
    )
}
