//! How changes are meant: `needs_review`, `irreversible`, `state_only` and `database_only`, in all
//! the commands that meet them.

use crate::support::{Project, SHOP, check};

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
hint: look at what it does, take `needs_review(…)` out of the file and run the same command again
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
hint: what is to be otherwise can be put right by a new migration; if it can be taken back after all, take `irreversible(…)` out of `0002_x` and run the command again
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
