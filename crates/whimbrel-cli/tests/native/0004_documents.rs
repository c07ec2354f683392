//! Code that only a compiler takes: threads, and a crate of one's own.
use std::thread;

use whimbrel_migration::*;

fn document(name: String) -> String {
    serde_json::json!({ "name": name, "letters": name.chars().count() }).to_string()
}

pub fn migration() -> Migration {
    Migration::after("0003_greetings").run(
        run("write documents", |db| {
            let mut names = Vec::new();
            for row in db.query("SELECT name FROM users ORDER BY id", ())? {
                names.push(row.text("name")?);
            }
            let made: Vec<_> = names
                .into_iter()
                .map(|name| thread::spawn(move || (name.clone(), document(name))))
                .collect();
            for thread in made {
                let (name, document) = thread.join().map_err(|_| failure("a thread died"))?;
                db.execute("UPDATE users SET doc = ? WHERE name = ?", (document, name))?;
            }
            Ok(())
        })
        .undo(|db| {
            db.execute("UPDATE users SET doc = NULL", ())?;
            Ok(())
        }),
    )
}
