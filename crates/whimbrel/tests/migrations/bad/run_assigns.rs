use whimbrel_migration::*;

pub fn migration() -> Migration {
    let mut count = 0;
    Migration::first().run(run("names", move |db| {
        count += db.execute("DELETE FROM a", ())?;
        Ok(())
    }))
}
