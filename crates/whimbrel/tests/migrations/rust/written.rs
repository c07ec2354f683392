//! Rows that a migration writes.
use whimbrel_migration::*;

const CODES: [&str; 2] = ["AU", "NZ"];

fn country(it: Upsert, code: &str, people: i64) -> Upsert {
    it.row((code, format!("the land of {code}"), people, people > 10))
}

pub fn migration() -> Migration {
    let columns = ["code", "name", "people", "large"];
    let mut countries = rows("countries").key("code").columns(columns);
    for (number, code) in CODES.iter().enumerate() {
        countries = country(countries, code, number as i64 * 20);
    }
    let name = String::from("Else");
    let countries = countries.row(("XX", &name, null(), value(true)));
    let wide = (0..30).map(|it| format!("c{it}")).collect::<Vec<_>>();
    let cells = (0..30).map(|it| if it == 3 { null() } else { value(it) }).collect::<Vec<_>>();
    Migration::after("0001_countries")
        .upsert(countries)
        .upsert(rows(qualified("audit", "seen")).key(["code", "at"]).row(("AU", "2024-02-29")))
        .upsert(
            rows("things")
                .key("id")
                .columns(["id", "raw", "made", "token", "sum", "answer", "kind", "data"])
                .row((
                    -1,
                    hex("00ff"),
                    now(),
                    new_uuid(),
                    sql("1 + 1"),
                    named("answer"),
                    on(Postgres, "a").otherwise("b"),
                    r#"{"a": "b"}"#,
                )),
        )
        .backfill(
            rows("users")
                .set("display_name", sql("coalesce(email, 'anonymous')"))
                .set("seen", 0)
                .filter("display_name IS NULL")
                .batch(5_000),
        )
        .backfill(
            rows("users")
                .set("kind", null())
                .filter(on(Postgres, "kind = ''").otherwise("kind = '-'"))
                .undo("UPDATE users SET kind = '-'"),
        )
        .upsert(rows("wide").key("c0").columns(wide).row(cells))
        .upsert(rows("codes").key("code").row(["AU"]).row(["NZ"]).row(vec!["XX"]))
}
