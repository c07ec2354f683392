use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        if db.query("SELECT id FROM a", ())?.is_empty() {
            return Ok(());
        }
        Err(1)
    }))
}
