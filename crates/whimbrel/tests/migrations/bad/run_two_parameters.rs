use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", |db, row| Ok(())))
}
