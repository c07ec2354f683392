//! Branches of migrations that were made side by side: merged, or told apart.

use crate::support::{Project, SHOP, check};

/// A migration with these calls.
fn migration(parent: &str, calls: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
         Migration::after(\"{parent}\"){calls}\n}}\n"
    )
}

/// Two migrations after the first one, with these calls.
fn beside(one: &str, other: &str) -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("migrations/0002_ours.rs", &migration("0001_initial", one));
    project.write("migrations/0002_theirs.rs", &migration("0001_initial", other));
    project
}

#[test]
fn operations_that_are_in_each_others_way_stand_side_by_side() {
    let project = beside(
        "\n        .add_column(\"customers\", \"name\", text())\
         \n        .alter_column(\"customers\", \"email\", set().data_type(varchar(100)))",
        "\n        .add_column(\"orders\", \"note\", text())\
         \n        .alter_column(\"customers\", \"email\", set().data_type(varchar(300)))",
    );
    check(
        &project.run("generate --merge"),
        "
--- stderr
error: `0002_ours` and `0002_theirs` don't fit together
  ╭▸ migrations/0002_ours.rs:6:10
  │
6 │         .alter_column(\"customers\", \"email\", set().data_type(varchar(100)))
  │          ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ `0002_ours`: Change type of `email` in `customers`
  │
  ⸬  migrations/0002_theirs.rs:6:10
  │
6 │         .alter_column(\"customers\", \"email\", set().data_type(varchar(300)))
  │          ───────────────────────────────────────────────────────────────── `0002_theirs`: Change type of `email` in `customers`
  │
  ├ note: in another order they come to something else
  ╰ help: change `0002_ours` or `0002_theirs`, whichever is applied nowhere yet, so that it fits behind the other, and run `whimbrel generate --merge` again

error: nothing was written
--- exit 4
",
    );
    assert!(!project.files().iter().any(|it| it.contains("0003")));
}

#[test]
fn the_same_change_on_both_sides_is_told_as_such() {
    let add = ".add_column(\"customers\", \"name\", text())";
    let project = beside(add, add);
    let said = project.run("generate --merge");
    assert!(said.contains("both make the same change, and it can be made only once"), "{said}");
    assert!(said.contains("take it out of `0002_ours` or `0002_theirs`"), "{said}");
    assert!(said.contains("migrations/0002_ours.rs:4:"), "{said}");
    assert!(said.contains("migrations/0002_theirs.rs:4:"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");

    // What may be made twice, with the same outcome in any order, does fit.
    let set = ".alter_column(\"customers\", \"email\", set().data_type(varchar(300)))";
    let project = beside(set, set);
    check(&project.run("generate --merge"), "created migrations/0003_merge_ours_and_theirs.rs\n");
}

#[test]
fn what_a_branch_needs_is_looked_for_in_the_whole_other_branch() {
    let project = beside(
        ".drop_column(\"customers\", \"email\")",
        ".add_column(\"customers\", \"name\", text())",
    );
    let index = ".add_index(\"customers\", index(\"customers_email\").on(\"email\"))";
    project.write("migrations/0003_theirs.rs", &migration("0002_theirs", index));
    let said = project.run("generate --merge");
    assert!(said.contains("`0002_ours` and `0003_theirs` don't fit together"), "{said}");
    assert!(said.contains("`0002_ours`: Drop column `email` of `customers`"), "{said}");
    assert!(said.contains("`0003_theirs`: Add index `customers_email` to `customers`"), "{said}");
    assert!(said.contains("note: one after the other: "), "{said}");
}

#[test]
fn sql_of_ones_own_is_merged_and_said() {
    let project = beside(".run_sql(sql(\"SELECT 1\"))", "");
    check(
        &project.run("generate --merge"),
        "
created migrations/0003_merge_ours_and_theirs.rs
--- stderr
note: whether the order matters to SQL of your own is known to you alone: 0002_ours
",
    );
}

#[test]
fn branches_that_conflict_load_everywhere() {
    let project = beside(
        ".add_column(\"customers\", \"name\", text())",
        ".add_column(\"customers\", \"name\", varchar(100))",
    );
    let said = project.run("graph");
    assert!(said.contains("leaves: 0002_ours, 0002_theirs\n"), "{said}");
    let json: serde_json::Value =
        serde_json::from_str(&project.result("graph --format json")).expect("it is JSON");
    assert_eq!(json["leaves"], serde_json::json!(["0002_ours", "0002_theirs"]));
    assert!(json["schema_state"].is_null());
    let said = project.run("status");
    assert!(said.contains("0002_ours     pending\n0002_theirs   pending\n"), "{said}");

    let said = project.run("plan");
    assert!(said.contains("-- 0002_ours\n") && !said.contains("-- 0002_theirs"), "{said}");
    assert!(said.contains("warning: `up` stops here:"), "{said}");
    assert!(said.contains("migrations/0002_theirs.rs:4:"), "{said}");
    assert!(!said.contains("--- exit"), "{said}");
    let said = project.run("plan --to 0002_theirs");
    assert!(said.contains("-- 0002_theirs\n") && !said.contains("warning"), "{said}");
    let said = project.run("sql 0002_theirs");
    assert!(said.starts_with("-- 0002_theirs\nALTER TABLE"), "{said}");

    let said = project.run("check");
    assert!(said.contains("error: the migrations end in 2 leaves"), "{said}");
    assert!(said.contains("error: `0002_ours` and `0002_theirs` don't fit together"), "{said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");
    let json: serde_json::Value = {
        let output = project.command(&["check", "--format", "json"]).output().expect("it runs");
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    };
    let clash = &json["findings"][1];
    assert_eq!(clash["rule"], "conflicting-branches");
    assert_eq!(clash["place"]["file"], "migrations/0002_ours.rs");
    assert_eq!(clash["related"][0]["place"]["file"], "migrations/0002_theirs.rs");

    let said = project.run("schema state");
    assert!(said.contains("there is no state that all branches share"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert!(project.result("schema state --at 0002_theirs").contains("length: 100"));
    assert!(!project.result("schema state --at 0002_ours").contains("length: 100"));

    // One of the branches runs; what is wrong with the other is told by everything that looks.
    assert_eq!(project.run("up -q --to 0002_theirs").lines().count(), 2);
    let said = project.run("status");
    assert!(said.contains("0002_ours     pending"), "{said}");
    let said = project.run("verify -q");
    assert!(said.starts_with("No differences: 2 tables"), "{said}");
}
