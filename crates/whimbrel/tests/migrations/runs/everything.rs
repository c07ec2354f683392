//! Everything that code of a migration can do.
use whimbrel_migration::*;

const BATCH: i64 = 2;
const GREETING: &str = "{\"users\": 1}";

fn label(name: &str, admin: bool) -> String {
    if admin { format!("{name} (admin)") } else { name.trim().to_owned() }
}

/// Goes through the users batch by batch.
fn each(db: &mut Db<'_>, from: i64) -> Result<i64, Failure> {
    let mut last = from;
    let mut count: i64 = 0;
    loop {
        let rows = db.query(
            "SELECT id, name, admin, shop FROM users WHERE id > ? ORDER BY id LIMIT ?",
            (last, BATCH),
        )?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            last = row.integer("id")?;
            let name = row.optional_text("name")?.unwrap_or("nobody".to_string());
            let admin = row.boolean("admin")?;
            if row.is_null("shop")? && !admin {
                continue;
            }
            count += 1;
            db.execute("UPDATE users SET label = ? WHERE id = ?", [value(label(&name, admin)), value(last)])?;
        }
        db.say(format!("{count} users so far"));
    }
    Ok(count)
}

fn whole(db: &mut Db<'_>) -> Result<(), Failure> {
    let changed = each(db, 0)?;
    if changed > 100 {
        return Err(failure(format!("{changed} users are too many")));
    }
    Ok(())
}

pub fn migration() -> Migration {
    let kinds = ["new", "old"];
    let note = "seen".to_owned();
    let mut it = Migration::after("0002_shops").run(run("label users", whole).undo_nothing());
    it = it.run(run("kinds", move |db| {
        for (position, kind) in kinds.iter().enumerate() {
            let position = (position as u32).to_string();
            db.execute("INSERT INTO kinds (name, note, place) VALUES (?, ?, ?)", (*kind, &note, position))?;
        }
        Ok(())
    }));
    for table in ["users", "shops"] {
        it = it.run(
            run(format!("count {table}"), move |db| {
                let sql = format!("SELECT count(*) AS n, min(id) AS least FROM {table}");
                let Some(row) = db.query_one(sql, ())? else { return Err("no row".into()) };
                let least = row.optional_integer("least")?;
                let count = row.integer("n")?;
                match db.database() {
                    Postgres => db.execute("SELECT 'postgres'", ())?,
                    Mysql | MariaDb => db.execute("SELECT 'mysql'", ())?,
                    _ => db.execute(
                        on(Sqlite, "INSERT INTO counts VALUES (?, ?, ?, ?)").otherwise("SELECT ?, ?, ?, ?"),
                        (table, count, least, GREETING),
                    )?,
                };
                let seen = row.optional_boolean("n").is_ok();
                let problem = row.text("missing").map(|_| String::new()).unwrap_or_else(|error| error.to_string());
                db.execute("INSERT INTO notes VALUES (?, ?, ?)", vec![value(seen), value(problem), null()])?;
                Ok(())
            })
            .touches([table, "counts"]),
        );
    }
    it
}
