use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().backfill(
        rows("users")
            .set("name", sql("coalesce(email, 'anonymous')"))
            .set("seen", sql("seen + 1"))
            .filter("name IS NULL")
            .batch(2)
            .undo("UPDATE users SET name = NULL, seen = 0 WHERE seen = 1"),
    )
}
