use whimbrel_migration::*;

pub fn migration() -> Migration {
    let name = on(Mysql, "a").otherwise("b");
    Migration::first().run(run("names", move |db| {
        db.execute(name.clone(), ())?;
        Ok(())
    }))
}
