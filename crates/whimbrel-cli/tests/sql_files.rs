//! Migrations in SQL say of themselves what migrations in Rust do, and `new` writes both.

use whimbrel_test::engines;

use crate::support::{Project, SHOP, check};

#[test]
fn what_a_migration_says_of_itself_stops_runs_in_either_language() {
    for language in ["--sql", ""] {
        let project = Project::with_schema(SHOP);
        project.run("generate");
        let words: Vec<&str> = ["new", "clean up", language, "--after-deploy", "--no-transaction"]
            .into_iter()
            .filter(|it| !it.is_empty())
            .chain(["--needs-review", "drops  the\nold ones", "--irreversible", "rows are gone"])
            .collect();
        let said = project.run_words(&words);
        let file = said.trim().strip_prefix("created ").expect("it is written").to_owned();
        let text = project.read(&file);
        if language == "--sql" {
            check(
                &text,
                "
-- whimbrel: after 0001_initial
-- whimbrel: after-deploy
-- whimbrel: no-transaction
-- whimbrel: needs-review drops the old ones
-- whimbrel: irreversible rows are gone
-- clean up

",
            );
            project.write(&file, &format!("{text}DELETE FROM orders;\n"));
        } else {
            assert!(
                text.contains(".after_deploy()") && text.contains(".no_transaction()"),
                "{text}"
            );
            project.write(
                &file,
                &text.replace(
                    ".after_deploy()",
                    ".run_sql(sql(\"DELETE FROM orders\"))\n        .after_deploy()",
                ),
            );
        }
        let said = project.run("up -q");
        assert!(said.contains("drops the old ones") && said.ends_with("--- exit 4\n"), "{said}");
        let said = project.run("up -q --phase before-deploy");
        assert!(said.starts_with("applied 0001_initial"), "{said}");
        let text = project.read(&file);
        let reviewed = text
            .replace("-- whimbrel: needs-review drops the old ones\n", "")
            .replace("\n        .needs_review(\"drops the old ones\")", "");
        assert_ne!(text, reviewed);
        project.write(&file, &reviewed);
        let said = project.run("up -q --phase after-deploy");
        assert!(said.starts_with("applied 0002_clean_up"), "{said}");
        let said = project.run("down -q");
        assert!(said.contains("rows are gone") && said.ends_with("--- exit 4\n"), "{said}");
    }
}

#[test]
fn a_new_migration_comes_after_those_that_are_named() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.run("new left --sql --after 0001");
    project.run("new right --sql --after 0001");
    let said = project.run("new both --sql");
    assert!(said.contains("end in 2 branches") && said.ends_with("--- exit 4\n"), "{said}");
    project.run("new both --sql --after 0002_left --after 0003_right --after 0002_left");
    let text = project.read("migrations/0004_both.sql");
    assert!(text.starts_with("-- whimbrel: after 0002_left, 0003_right\n"), "{text}");
    let said = project.run("new more --after 0009");
    assert!(said.contains("0009") && said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run_words(&["new", "more", "--irreversible", " "]);
    assert!(said.contains("takes a reason") && said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_squash_in_sql_stands_for_what_has_run() {
    let first = "CREATE TABLE a (n integer);\n-- whimbrel: down\nDROP TABLE a;";
    let second = "INSERT INTO a VALUES (1);\n-- whimbrel: down\nDELETE FROM a;";
    for engine in engines::all() {
        for so_many in 0..=2 {
            let database = engine.fresh_database();
            let project =
                Project::on(&database).with_scripts(&[("0001_a", first), ("0002_row", second)]);
            if so_many > 0 {
                project.run(&format!("up -q {so_many}"));
            }
            project.write(
                "migrations/0003_squash.sql",
                "-- whimbrel: first\n-- whimbrel: replaces 0001_a 0002_row\nCREATE TABLE a (n integer);\n\
                 INSERT INTO a VALUES (1);\n-- whimbrel: down\nDROP TABLE a;\n",
            );
            let said = project.run("up -q");
            let what = format!("{engine:?} {so_many}: {said}");
            match so_many {
                0 => assert!(said.starts_with("applied 0003_squash"), "{what}"),
                1 => assert!(said.starts_with("applied 0002_row"), "{what}"),
                _ => assert!(!said.contains("applied 0003"), "{what}"),
            }
            assert_eq!(project.run("up -q"), "Nothing to apply\n", "{what}");
            let status = project.run("status -q");
            assert!(status.starts_with("0003_squash  applied"), "{what}\n{status}");
            let rows = database.connect().query("SELECT n FROM a").expect("it is there");
            assert_eq!(rows.len(), 1, "{what}");
            let said = project.run("down -q --allow-data-loss");
            assert!(said.starts_with("reverted 0003_squash"), "{what}\n{said}");
            assert!(database.connect().query("SELECT n FROM a").is_err(), "{what}");
        }
    }
}
