use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        let row = db.query_one("SELECT id FROM a", ())?;
        db.execute("DELETE FROM a WHERE id = ?", (row.integer("id")?,))?;
        Ok(())
    }))
}
