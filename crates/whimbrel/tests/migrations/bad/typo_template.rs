use whimbrel_migration::*;

pub fn migration() -> Migration {
    let region = "eu";
    Migration::first().drop_table(format!("orders_{regoin}"))
}
