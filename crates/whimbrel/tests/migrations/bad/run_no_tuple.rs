use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        db.execute("DELETE FROM a WHERE id = ?", 1)?;
        Ok(())
    }))
}
