use whimbrel_migration::*;

fn clean(db: &mut Db<'_>) -> Result<(), Failure> {
    db.execute("DELETE FROM a", ())?;
    Ok(())
}

pub fn migration() -> Migration {
    Migration::first().run(clean)
}
