use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first().run(run("names", "DELETE FROM a"))
}
