use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        let names = vec!["a", "b"];
        db.execute("DELETE FROM a WHERE id = ?", (names.len(),))?;
        Ok(())
    }))
}
