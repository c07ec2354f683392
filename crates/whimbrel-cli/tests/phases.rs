//! `up --phase`: the two halves of a deploy.

use whimbrel_test::engines;

use crate::support::{Project, SHOP, check};

fn migration(parent: &str, calls: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
         Migration::after(\"{parent}\"){calls}\n}}\n"
    )
}

/// A column that goes after the deploy, and one of the same table that comes behind it in the line.
fn project() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let gone = ".after_deploy().drop_column(\"customers\", \"email\")";
    project.write("migrations/0002_gone.rs", &migration("0001_initial", gone));
    let next = ".add_column(\"customers\", \"note\", text())";
    project.write("migrations/0003_next.rs", &migration("0002_gone", next));
    project
}

#[test]
fn what_waits_for_the_deploy_runs_in_its_own_phase() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project().set("DATABASE_URL", &database.url());
        let said = project.run("status -q");
        assert!(said.contains("0002_gone     pending, after the deploy\n"), "{engine:?}: {said}");
        assert!(said.contains("0003_next     pending\n"), "{engine:?}: {said}");
        let said = project.run("plan -q --phase before-deploy");
        assert!(said.contains("-- 0003_next\n") && !said.contains("0002_gone"), "{said}");
        let said = project.run("plan -q --phase after-deploy");
        assert!(said.contains("`0001_initial`, which it comes after, has not run yet"), "{said}");
        assert!(said.ends_with("--- exit 4\n"), "{said}");
        check(
            &project.run("up -q --phase before-deploy"),
            "applied 0001_initial (2 statements)\napplied 0003_next (1 statement)\n",
        );
        assert_eq!(project.run("up -q --phase before-deploy"), "Nothing to apply\n");
        assert!(project.run("verify -q").starts_with("No differences"), "{engine:?}");
        let said = project.run("plan -q --phase after-deploy");
        assert!(
            said.starts_with("-- 0002_gone\n-- it runs after the deploy\n")
                || said.contains("it runs after the deploy"),
            "{said}"
        );
        let said = project.run("up -q --phase after-deploy");
        assert!(said.starts_with("applied 0002_gone ("), "{engine:?}: {said}");
        assert!(project.run("verify -q").starts_with("No differences"), "{engine:?}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
        // What ran last goes first.
        let said = project.run("down -q --allow-data-loss");
        assert!(said.starts_with("reverted 0002_gone ("), "{engine:?}: {said}");
    }
}

#[test]
fn what_may_not_change_places_stops_before_anything_runs() {
    let project = project();
    let next = ".add_index(\"customers\", index(\"customers_id\").on(\"id\"))\
                .add_column(\"customers\", \"email\", text())";
    project.write("migrations/0003_next.rs", &migration("0002_gone", next));
    let said = project.run("up --phase before-deploy");
    for words in [
        "`0003_next` can't run before the deploy: it comes after `0002_gone`",
        "Add column `email` to `customers` / Drop column `email` of `customers`",
        "--- exit 4\n",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(project.run("status -q").matches("pending").count(), 3);
    assert_eq!(
        project.run("up -q").matches("applied").count(),
        3,
        "without phases all is in order"
    );

    let project = self::project();
    let said = project.run("up --phase before-deploy --to 0002");
    assert!(said.contains("`0002_gone` doesn't run in this phase"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    assert_eq!(project.run("up -q 1 --phase before-deploy").matches("applied").count(), 1);
    assert_eq!(project.run("up -q 1 --phase before-deploy"), "applied 0003_next (1 statement)\n");
}

#[test]
fn the_mark_is_written_and_read_in_either_language_and_is_no_edit() {
    let project = Project::with_schema(SHOP);
    project.run("generate --after-deploy");
    let text = project.read("migrations/0001_initial.rs");
    assert!(text.contains("Migration::first()\n        .after_deploy()\n"), "{text}");
    project.write(
        "migrations/0002_sql.sql",
        "-- whimbrel: after 0001_initial\n-- whimbrel: after-deploy\nDELETE FROM customers;\n-- whimbrel: down\n",
    );
    assert_eq!(project.run("status -q").matches("pending, after the deploy").count(), 2);
    assert_eq!(project.run("up -q --phase before-deploy"), "Nothing to apply\n");
    assert_eq!(project.run("up -q --phase after-deploy").matches("applied").count(), 2);
    project.write("migrations/0001_initial.rs", &text.replace("        .after_deploy()\n", ""));
    assert_eq!(project.run("status -q --check").matches("applied").count(), 2);
}
