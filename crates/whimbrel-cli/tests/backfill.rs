//! A backfill that is told when to stop goes on where it was, also behind a pooler.

use whimbrel_test::engines;

use crate::support::Project;

const FIRST: &str = "use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .create_table(
            table(\"users\")
                .column(\"id\", bigint().primary_key())
                .column(\"name\", text())
                .column(\"seen\", integer().not_null().default(0)),
        )
        .run_sql(sql(\"INSERT INTO users (id) SELECT * FROM generate_series(1, 12)\").undo_nothing())
}
";

const FILL: &str = "use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after(\"0001_users\").backfill(
        rows(\"users\")
            .set(\"name\", sql(\"'u' || id || pg_sleep(0.2)\"))
            .set(\"seen\", sql(\"seen + 1\"))
            .batch(1),
    )
}
";

#[test]
fn a_backfill_stops_at_its_deadline_and_goes_on() {
    for engine in engines::postgres().into_iter().take(1).chain(engines::pgbouncer()) {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write("migrations/0001_users.rs", FIRST);
        let said = project.run("up -q");
        assert!(said.starts_with("applied 0001_users"), "{engine:?}: {said}");
        project.write("migrations/0002_fill.rs", FILL);
        let said = project.run("up -q --deadline +1s");
        assert!(said.contains("deadline") && said.ends_with("--- exit 5\n"), "{engine:?}: {said}");
        let seen = || {
            let text = "SELECT sum(seen), max(seen) FROM users";
            database.connect().query(text).expect("it is there")[0].clone()
        };
        let some: i64 = seen()[0].as_deref().and_then(|it| it.parse().ok()).expect("a number");
        assert!((1..12).contains(&some), "{engine:?}: {some} of 12");
        let status = project.run("status -q");
        assert!(status.contains("half way") || status.contains("begun"), "{engine:?}: {status}");
        let said = project.run("up -q");
        assert!(said.starts_with("applied 0002_fill"), "{engine:?}: {said}");
        assert_eq!(seen(), ["12", "1"].map(|it| Some(it.to_owned())), "{engine:?}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
    }
}
