//! Names become first and last names, and the other way round.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_users")
        .add_column("users", "first", text())
        .add_column("users", "last", text())
        .run(
            run("split names", |db| {
                for row in db.query("SELECT id, name FROM users ORDER BY id", ())? {
                    let name = row.text("name")?; // "Ada Lovelace"
                    let (first, last) = match name.split_once(' ') {
                        Some((first, last)) => (first.to_string(), Some(last.to_string())),
                        None => (name, None),
                    };
                    db.execute(
                        "UPDATE users SET first = ?, last = ? WHERE id = ?",
                        (first, last, row.integer("id")?),
                    )?;
                }
                Ok(())
            })
            .undo(|db| {
                db.execute("UPDATE users SET name = first || ' ' || last WHERE last IS NOT NULL", ())?;
                Ok(())
            }),
        )
}
