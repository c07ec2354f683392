use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db| {
        db.exekute("DELETE FROM a", ())?;
        Ok(())
    }))
}
