//! Users, with a key that every table has.
use super::shared::*;
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .create_table(
            table("users").column("id", key()).column("name", text().not_null()).column("doc", text()),
        )
        .run_sql(sql(include_str!("seeds/users.txt")).undo_nothing())
}
