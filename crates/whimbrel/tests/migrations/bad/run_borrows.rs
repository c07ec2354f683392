use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name = "a".to_string();
    Migration::first().run(run("names", |db| {
        db.execute("DELETE FROM a WHERE name = ?", (&name,))?;
        Ok(())
    }))
}
