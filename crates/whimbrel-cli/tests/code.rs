//! Changes of rows in Rust, as the command line has them: what is not printed anew, and when they end.

use whimbrel_test::engines::{self, Engine};

use crate::support::{Project, SHOP, check};

/// Code that uses a function of its file.
const LEANS: &str = r#"use whimbrel_migration::*;

fn greeting() -> String {
    "hello".to_owned()
}

pub fn migration() -> Migration {
    Migration::after("0001_initial").run(
        run("greet", |db| {
            db.execute("UPDATE customers SET email = ?", [greeting()])?;
            Ok(())
        })
    )
}
"#;

#[test]
fn code_that_leans_on_its_file_is_neither_amended_nor_squashed() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("migrations/0002_greet.rs", LEANS);
    let before = project.files();
    let said = project.run("generate --amend");
    assert!(said.contains("the code in `0002_greet` uses functions or constants"), "{said}");
    assert!(said.contains("whimbrel redo") && said.contains("--- exit"), "{said}");
    let said = project.run("generate --squash 0001..0002");
    assert!(said.contains("the code `greet` of `0002_greet` uses functions"), "{said}");
    assert!(said.contains("those behind it by themselves"), "{said}");
    assert!(said.contains("--- exit"), "{said}");
    assert_eq!(project.files(), before, "nothing was written");
}

/// A loop that ends with the deadline alone, behind a change of rows.
const ENDLESS: &str = r#"use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_pace").run(
        run("count", |db| {
            db.execute("UPDATE pace SET n = n + 1", ())?;
            let mut n: i64 = 0;
            loop {
                n = (n + 1) % 7;
            }
        })
    )
}
"#;

#[test]
fn code_stops_at_its_deadline_and_nothing_of_it_stays() {
    for engine in engines::all() {
        stops_at_its_deadline(&engine, "auto");
    }
}

#[test]
fn so_it_does_under_a_lease() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        stops_at_its_deadline(&engine, "lease");
    }
}

fn stops_at_its_deadline(engine: &Engine, lock: &str) {
    let database = engine.fresh_database();
    let project = Project::on(&database).set("WHIMBREL_LOCK", lock).with_scripts(&[(
        "0001_pace",
        "CREATE TABLE pace (n integer);\nINSERT INTO pace VALUES (1);",
    )]);
    project.run("up -q");
    let rows = || database.connect().query("SELECT n FROM pace").expect("it is there");
    project.write("migrations/0002_count.rs", ENDLESS);
    let said = project.run("up -q --deadline +1s");
    assert!(said.contains("past the deadline"), "{}: {said}", engine.name);
    assert!(said.ends_with("--- exit 5\n"), "{}: {said}", engine.name);
    assert_eq!(rows()[0][0].as_deref(), Some("1"), "{}", engine.name);
    let ends = ENDLESS.replace("loop {", "while n < 6 {");
    project.write(
        "migrations/0002_count.rs",
        &ends.replace("% 7;\n            }", "% 7;\n            }\n            Ok(())"),
    );
    check(&project.run("up -q"), "applied 0002_count (1 statement)\n");
    assert_eq!(rows()[0][0].as_deref(), Some("2"), "{}", engine.name);
}
