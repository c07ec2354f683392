use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .run(
            run("split names", |db| {
                for row in db.query("SELECT id, name, age FROM users ORDER BY id", ())? {
                    let id = row.integer("id")?;
                    let Some(name) = row.optional_text("name")? else { continue };
                    let age = row.optional_integer("age")?.map(|it| it + 1);
                    if let Some((name, family)) = name.split_once(' ') {
                        db.execute(
                            "UPDATE users SET name = ?, family = ?, age = ? WHERE id = ?",
                            (name, family, age, id),
                        )?;
                    }
                }
                db.execute("INSERT INTO users (id, name, age) VALUES (?, ?, ?)", (9, "it's \\ ?", -3))?;
                Ok(())
            })
            .undo(|db| {
                db.execute("DELETE FROM users WHERE id = 9", ())?;
                for row in db.query("SELECT id, name, family, age FROM users WHERE family IS NOT NULL", ())? {
                    let whole = format!("{} {}", row.text("name")?, row.text("family")?);
                    let age = row.optional_integer("age")?.map(|it| it - 1);
                    db.execute("UPDATE users SET name = ?, age = ? WHERE id = ?", (whole, age, row.integer("id")?))?;
                }
                Ok(())
            }),
        )
}
