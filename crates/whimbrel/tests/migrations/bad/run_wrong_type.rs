use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        for row in db.query("SELECT id FROM a", ())? {
            let id: String = row.integer("id")?;
            db.execute("DELETE FROM a WHERE id = ?", (id,))?;
        }
        Ok(())
    }))
}
