//! Code that whimbrel can interpret, too.
use super::shared::*;
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0002_towns")
        .create_table(table("greetings").column("id", key()).column("words", text().not_null()))
        .run(
            run("greet", |db| {
                for row in db.query("SELECT name FROM users ORDER BY id", ())? {
                    let name = row.text("name")?;
                    if name == "Mallory" {
                        return Err(failure("Mallory is not greeted"));
                    }
                    db.execute("INSERT INTO greetings (words) VALUES (?)", [greeting(&name)])?;
                }
                Ok(())
            })
            .undo(|db| {
                db.execute("DELETE FROM greetings", ())?;
                Ok(())
            }),
        )
}
