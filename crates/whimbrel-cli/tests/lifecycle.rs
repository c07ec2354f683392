//! How changes are meant: `needs_review`, `irreversible`, `state_only`, `database_only` and
//! `ignore_errors`, in all the commands that meet them.

use whimbrel_test::engines;

use crate::{
    makemigrations::{execute, project_on, well},
    support::{Project, SHOP, check},
};

/// The shop is applied; a second migration with these calls is not yet.
fn with(calls: &str) -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.run("up -q");
    second(&project, calls);
    project
}

fn second(project: &Project, calls: &str) {
    project.write(
        "migrations/0002_x.rs",
        &format!(
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
             Migration::after(\"0001_initial\"){calls}\n}}\n"
        ),
    );
}

const REVIEW: &str = ".needs_review(\"drops orders\").drop_table(\"orders\")";

#[test]
fn a_migration_that_needs_a_review_stops_up_before_anything_runs() {
    let project = with(REVIEW);
    check(
        &project.run("up -q"),
        "
--- stderr
error: `0002_x` waits for a review
  ╭▸ migrations/0002_x.rs:4:38
  │
4 │     Migration::after(\"0001_initial\").needs_review(\"drops orders\").drop_table(\"orders\")
  ╰╴                                     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━ drops orders

note: nothing has run
hint: look at what it does, take `needs_review(…)`, in SQL `-- whimbrel: needs-review`, out of the file and run the same command again
--- exit 4
",
    );
    let status = project.run("status");
    assert!(status.contains("0002_x        pending\n"), "{status}");
    assert!(status.contains("              needs a review: drops orders\n"), "{status}");
    check(
        &project.run("plan -q"),
        "
-- 0002_x
-- needs a review, so `up` stops before it runs anything: drops orders
DROP TABLE \"orders\";
",
    );
    let said = project.run("plan");
    let warning = "warning: `up` stops before it runs anything: `0002_x` waits for a review\n";
    assert!(said.contains(warning), "{said}");
    assert!(project.run("sql 0002").contains("-- needs a review"), "sql shows it");
    let said = project.run("check");
    assert!(said.contains("migrations/0002_x.rs:4:38"), "{said}");
    assert!(said.contains("waits for a review: drops orders"), "{said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");

    // What stands before it may be had, and a later one keeps nothing back.
    project.write(
        "migrations/0003_y.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0002_x\")\n}\n",
    );
    assert!(project.run("up --to 0003").ends_with("--- exit 4\n"));
    second(&project, &REVIEW.replace(".needs_review(\"drops orders\")", ""));
    check(&project.run("up -q"), "applied 0002_x (1 statement)\napplied 0003_y (0 statements)\n");
}

#[test]
fn taking_a_review_out_is_no_edit() {
    let project = with(REVIEW);
    project.run("fake 0002 --unchecked");
    second(&project, ".drop_table(\"orders\")");
    let status = project.run("status");
    assert!(status.contains("faked") && !status.contains("edited"), "{status}");
}

#[test]
fn what_is_half_way_or_done_again_waits_for_a_review_too() {
    let project = with(".add_column(\"orders\", \"x\", text())");
    project.run("up -q");
    second(&project, ".needs_review(\"adds y\").add_column(\"orders\", \"y\", text())");
    let said = project.run("redo");
    assert!(said.contains("`0002_x` waits for a review") && said.ends_with("exit 4\n"), "{said}");
    assert!(project.run("status").contains("0002_x        applied"), "it was not taken back");
}

const WORD: &str = ".add_column(\"orders\", \"x\", text()).irreversible(\"the rest is printed\")";

#[test]
fn what_is_irreversible_is_refused_before_anything_is_taken_back() {
    let project = with(WORD);
    project.run("up -q");
    project.write(
        "migrations/0003_y.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0002_x\").add_column(\"orders\", \"y\", text())\n}\n",
    );
    project.run("up -q");
    check(
        &project.run("down -q 2"),
        "
--- stderr
error: `0002_x` can't be taken back: the rest is printed
hint: what is to be otherwise can be put right by a new migration; if it can be taken back after all, take `irreversible(…)`, in SQL `-- whimbrel: irreversible`, out of `0002_x` and run the command again
--- exit 4
",
    );
    assert!(project.run("status").contains("0003_y        applied"), "nothing was taken back");
    assert!(project.run("plan down --all").ends_with("--- exit 4\n"));
    assert!(project.run("sql 0002").contains("-- can't be taken back: the rest is printed"));
    // The file is asked again.
    second(&project, ".add_column(\"orders\", \"x\", text())");
    let said = project.run("down -q 2");
    check(&said, "reverted 0003_y (1 statement)\nreverted 0002_x (1 statement)\n");
}

#[test]
fn what_only_the_state_forgets_stays_in_the_database() {
    let project = with(".state_only(changes().drop_column(\"customers\", \"email\"))");
    check(
        &project.run("plan -q"),
        "
-- 0002_x
-- Drop column `email` of `customers`, in the state only; nothing runs
",
    );
    check(&project.run("up -q"), "applied 0002_x (0 statements)\n");
    let state = project.run("schema state");
    assert!(!state.contains("email"), "{state}");
    assert!(project.run("schema inspect").contains("email"), "the database keeps it");
    // It is known and no drift.
    let said = project.run("verify");
    assert!(said.contains("email") && !said.contains("--- exit"), "{said}");
    // Later the database follows.
    project.write(
        "migrations/0003_y.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    Migration::after(\
         \"0002_x\").database_only(changes().drop_column(\"customers\", \"email\"))\n}\n",
    );
    check(&project.run("up -q"), "applied 0003_y (1 statement)\n");
    assert!(!project.run("schema inspect").contains("email"), "it is gone");
    let said = project.run("verify");
    assert!(!said.contains("email") && !said.contains("--- exit"), "{said}");
    let said = project.run("down");
    assert!(said.contains("nobody has said how") && said.ends_with("--- exit 4\n"), "{said}");
}

#[test]
fn what_the_state_says_and_the_database_lacks_is_seen_by_verify() {
    let project = with(".state_only(changes().add_column(\"customers\", \"nick\", text()))");
    project.run("up -q");
    let said = project.run("verify");
    assert!(said.contains("nick") && said.ends_with("--- exit 1\n"), "{said}");
    check(&project.run("down -q"), "reverted 0002_x (0 statements)\n");
    assert!(!project.run("verify").contains("--- exit"));
}

#[test]
fn what_is_done_in_the_database_only_is_no_part_of_the_state() {
    let project =
        with(".database_only(changes().add_index(\"customers\", index(\"mails\").on(\"email\")))");
    check(&project.run("up -q"), "applied 0002_x (1 statement)\n");
    check(&project.run("generate"), "No changes detected\n");
    let said = project.run("verify");
    assert!(said.contains("mails") && !said.contains("--- exit"), "{said}");
    check(&project.run("down -q"), "reverted 0002_x (1 statement)\n");
    assert!(!project.run("schema inspect").contains("mails"), "it is gone");
    second(&project, ".database_only(changes().drop_column(\"people\", \"email\"))");
    let said = project.run("check");
    assert!(said.contains("migrations/0002_x.rs:4:"), "{said}");
    assert!(said.contains("there is no table `people`"), "{said}");
}

/// A table that somebody has changed by hand: what is to be made is there, and what is to be
/// dropped isn't.
#[test]
fn only_what_is_there_already_or_not_there_is_passed_over_and_told() {
    const USERS: &str = "tables:\n  - name: users\n    fields:\n      - {name: id, type: serial, primary_key: \
                         true}\n      - {name: old, type: text}\n      - {name: size, type: text}\n";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, USERS);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        execute(&database, "ALTER TABLE users ADD COLUMN nick INTEGER");
        execute(&database, "ALTER TABLE users DROP COLUMN old");
        execute(&database, "CREATE TABLE notes (id INTEGER PRIMARY KEY)");
        let calls = "
        .add_column(\"users\", \"one\", text())
        .ignore_errors(
            changes()
                .create_table(table(\"notes\").column(\"id\", integer().primary_key()))
                .add_column(\"users\", \"nick\", text())
                .drop_column(\"users\", \"old\")
                .add_column(\"users\", \"two\", text()),
        )";
        second(&project, calls);
        let plan = project.run("plan -q");
        assert!(plan.contains("passed over where it is there already"), "{}: {plan}", engine.name);
        let said = well(&project, &engine, "up");
        assert_eq!(said.matches("is passed over, as `ignore_errors` says").count(), 3, "{said}");
        // What was not there has been made, and so has what stands around it.
        execute(&database, "SELECT id, one, two, nick FROM users");
        let said = project.run("verify -q");
        assert!(said.contains("nick") && said.ends_with("--- exit 1\n"), "{}: {said}", engine.name);
        let said = project.run("history");
        assert!(said.contains("done; steps passed over by `ignore_errors`: 3"), "{said}");

        // Anything else stops as always, and nothing of it stays but what is said to.
        project.write(
            "migrations/0003_y.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
             Migration::after(\"0002_x\").ignore_errors(changes().run_sql(sql(\"INSERT INTO users (id, \
             one) VALUES (1, 'a'), (1, 'b')\").undo_nothing()))\n}\n",
        );
        let said = project.run("up");
        assert!(said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
        project.write(
            "migrations/0003_y.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
             Migration::after(\"0002_x\").run_sql(sql(\"DROP TABLE nowhere\").undo_nothing())\n}\n",
        );
        let said = project.run("up");
        assert!(said.ends_with("--- exit 3\n"), "{}: it was not asked for: {said}", engine.name);
        std::fs::remove_file(project.root.join("migrations/0003_y.rs")).expect("it is there");
        well(&project, &engine, "down --allow-data-loss");
        execute(&database, "SELECT id, old FROM users");
        assert!(database.connect().query("SELECT one FROM users").is_err(), "{}", engine.name);
    }
}

/// An index over a column that isn't there is no index that is there. (SQLite takes the column's name
/// in quotes for a text.)
#[test]
fn what_is_missing_beside_is_not_passed_over() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let project = project_on(&database, SHOP);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        second(
            &project,
            ".state_only(changes().add_column(\"customers\", \"nick\", integer()))\
             .ignore_errors(changes().add_index(\"customers\", index(\"nicks\").on(\"nick\")))",
        );
        let said = project.run("up");
        assert!(said.contains("nick") && said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
    }
}
