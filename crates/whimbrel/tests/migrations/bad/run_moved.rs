use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        let name = "a".to_string();
        db.execute("DELETE FROM a WHERE name = ?", (name,))?;
        db.execute("DELETE FROM b WHERE name = ?", (name,))?;
        Ok(())
    }))
}
