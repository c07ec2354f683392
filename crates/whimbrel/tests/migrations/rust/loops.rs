//! Loops, closures, templates: the language of a careful hand.
use whimbrel_migration::*;

const REGIONS: [&str; 3] = ["eu", "us", "ap"];
const NAME_MAX: u32 = 80 + 40;
const SHARDS: i64 = 2;
const LIMITS: &[(&str, u32)] = &[("short", 10), ("long", NAME_MAX)];

/// Money columns all look alike.
fn money(default: i64) -> Column {
    decimal(12, 2).not_null().default(default)
}

fn stamped(it: Table) -> Table {
    it.column("created_at", timestamptz().not_null().default(now()))
        .column("updated_at", timestamptz())
}

fn limited(name: &str, length: u32) -> (String, Column) {
    (format!("{name}_{length:04}"), varchar(length).nullable())
}

fn ending(number: i64) -> &'static str {
    match number {
        0 | 1 => "few",
        n if n < 0 => "none",
        2..=9 => "some",
        _ => "many",
    }
}

fn first_word(text: &str) -> Option<String> {
    let (first, _) = text.split_once(' ')?;
    Some(first.to_uppercase())
}

pub fn migration() -> Migration {
    let mut it = Migration::after(["0002_users", "0001_init"]).no_transaction();
    let key = |table: &str| bigint().not_null().references(to(table).on_delete(Cascade));
    let mut orders = table("orders").column("id", bigint().primary_key());
    for name in ["user_id", "shop_id"] {
        orders = orders.column(name, key(name));
    }
    for (name, length) in LIMITS {
        let (name, column) = limited(name, *length);
        orders = orders.column(name, column);
    }
    it = it.create_table(stamped(orders.column("net", money(0)).column("gross", money(-5))));

    for region in REGIONS {
        let name = format!("orders_{region}_{}_ix", "created");
        it = it.add_index("orders", index(name).on(["region", "created_at"]).filter(format!("region = '{region}'")));
    }
    for (i, suffix) in ["a", "b", "c"].iter().enumerate() {
        if i as i64 >= SHARDS {
            continue;
        }
        it = it.add_column("users", format!("shard_{suffix}_{i:02}"), integer().default(1));
    }
    let names: Vec<String> = REGIONS.iter().rev().map(|it| it.to_uppercase()).collect();
    let all = names.join(", ");
    it = it.run_sql(format!("SELECT '{all}', '{}'", ending(SHARDS * 3)));
    let total = (1..=4).fold(0, |sum, it| sum + it);
    let mut number = 10;
    while number > 7 {
        number -= 1;
        if number == 8 {
            continue;
        }
        it = it.drop_column("users", format!("old_{number:>3}_{total:<3}|"));
    }
    if let Some(word) = first_word("hello world") {
        it = it.drop_table(word);
    }
    let text = r#"CREATE VIEW "état" AS
SELECT 1"#;
    it.run_sql(sql(text).undo(concat!("DROP VIEW ", "état", ' ', 1)))
}
