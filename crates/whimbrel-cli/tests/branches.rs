//! Branches of migrations that were made side by side: merged, or told apart.

use whimbrel_test::engines;

use crate::support::{Project, SHOP, check, commit, git};

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

/// A schema whose `customers` have these columns too.
pub(crate) fn shop_with(columns: &[&str]) -> String {
    let more: Vec<String> =
        columns.iter().map(|it| format!("      - name: {it}\n        type: text\n")).collect();
    SHOP.replace("  - name: orders\n", &format!("{}  - name: orders\n", more.concat()))
}

/// A clone whose `origin/main` has gone on by `theirs`, merged into a branch that has `ours`.
pub(crate) fn merged(ours: &[&str], theirs: &[&str]) -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    git(&project, &["init", "-q"]);
    commit(&project);
    git(&project, &["checkout", "-qb", "work"]);
    for count in 1..=ours.len() {
        project.write("schema/schema.yaml", &shop_with(&ours[..count]));
        project.run("generate");
    }
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    project.write("schema/schema.yaml", &shop_with(theirs));
    project.run("generate");
    commit(&project);
    git(&project, &["update-ref", "refs/remotes/origin/main", "main"]);
    git(&project, &["checkout", "-q", "work"]);
    git(&project, &["merge", "-q", "-X", "ours", "main"]);
    let all = [theirs, ours].concat();
    project.write("schema/schema.yaml", &shop_with(&all));
    commit(&project);
    project
}

#[test]
fn a_branch_is_put_behind_the_others_in_a_line() {
    let project = merged(&["name", "phone"], &["street"]);
    // What somebody has written beside the operations stays.
    let file = "migrations/0003_add_phone_to_customers.rs";
    project.write(
        file,
        &project.read(file).replace("    Migration", "    // Why not?\n    Migration"),
    );
    let said = project.run("rebase --dry-run");
    assert!(said.starts_with("0002_add_name_to_customers is now"), "{said}");
    assert!(project.run("graph").contains("leaves: 0002_add_street"), "nothing was written");
    check(
        &project.run("rebase"),
        "
0002_add_name_to_customers is now migrations/0003_add_name_to_customers.rs, after `0002_add_street_to_customers`
0003_add_phone_to_customers is now migrations/0004_add_phone_to_customers.rs, after `0003_add_name_to_customers`
",
    );
    check(
        &project.run("graph"),
        "
● 0001_initial
● 0002_add_street_to_customers
● 0003_add_name_to_customers
● 0004_add_phone_to_customers

root: 0001_initial
leaf: 0004_add_phone_to_customers
",
    );
    let text = project.read("migrations/0004_add_phone_to_customers.rs");
    assert!(text.contains("    // Why not?\n"), "{text}");
    assert!(text.contains("Migration::after(\"0003_add_name_to_customers\")"), "{text}");
    check(&project.run("generate --check"), "No changes detected\n");
    assert!(project.run("rebase").starts_with("Nothing to rebase"));
    assert!(!project.files().iter().any(|it| it.contains("tmp")), "{:?}", project.files());
}

#[test]
fn what_others_have_is_not_moved() {
    let project = merged(&["name"], &["street"]);
    check(
        &project.run("rebase 0002_add_street"),
        "
--- stderr
error: `0002_add_street_to_customers` is in origin/main already
note: moving a migration that others have would leave their databases behind
hint: run `whimbrel generate --merge` to bring the branches together
--- exit 4
",
    );
    git(&project, &["update-ref", "refs/remotes/origin/main", "work"]);
    let said = project.run("rebase");
    assert!(said.contains("are in origin/main"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("rebase --since nowhere");
    assert!(said.contains("git knows no commit `nowhere` here"), "{said}");
    git(&project, &["update-ref", "-d", "refs/remotes/origin/main"]);
    let said = project.run("rebase");
    assert!(said.contains("nobody but you can tell which branch is yours"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("rebase 0001");
    assert!(said.contains("`0001_initial` is no leaf"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run("rebase 0002_add_name");
    assert!(said.contains("0002_add_name_to_customers is now"), "{said}");
    assert!(said.contains("can't be told: there is no repository"), "{said}");
}

#[test]
fn what_does_not_fit_is_found_anew_from_the_schema() {
    let project = beside(
        ".add_column(\"customers\", \"name\", text())\
         .add_column(\"customers\", \"phone\", text())",
        ".add_column(\"customers\", \"name\", varchar(100))",
    );
    let schema = shop_with(&["name", "phone"]).replacen(
        "name\n        type: text",
        "name\n        type: varchar\n        length: 200",
        1,
    );
    project.write("schema/schema.yaml", &schema);
    check(
        &project.run("rebase 0002_ours"),
        "
0002_ours is now migrations/0003_ours.rs, after `0002_theirs`
  Add column `phone` to `customers`
  Change type of `name` in `customers`
--- stderr
note: whether others have `0002_ours` already can't be told: there is no repository with an `origin/main` here, and `--since` names no branch
note: a database that has applied `0002_ours` takes it back with `whimbrel down --unknown`, before the next `whimbrel up`
",
    );
    check(&project.run("generate --check"), "No changes detected\n");
    check(&project.run("check"), "nothing found; 3 migrations looked at\n");

    // The very same change is nothing any more.
    let add = ".add_column(\"customers\", \"name\", text())";
    let project = beside(add, add);
    project.write("schema/schema.yaml", &shop_with(&["name"]));
    let said = project.run("rebase 0002_ours -q");
    check(&said, "removed 0002_ours: nothing is left for it to do\n");
    check(&project.run("check"), "nothing found; 2 migrations looked at\n");
}

#[test]
fn a_database_that_had_applied_a_rebased_migration_follows_it() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = merged(&["name", "phone"], &["street"]).set("DATABASE_URL", &database.url());
        // Where the author works, theirs has not run yet.
        assert_eq!(project.run("up -q --to 0003_add_phone").matches("applied").count(), 3);
        project.run("rebase");
        let said = project.run("status -q");
        assert!(said.contains("0003_add_name_to_customers    applied"), "{engine:?}: {said}");
        assert!(said.contains("0002_add_street_to_customers  pending"), "{engine:?}: {said}");
        let said = project.run("verify -q");
        assert!(said.starts_with("No differences"), "{engine:?}: {said}");
        assert_eq!(project.run("plan down --unknown -q"), "Nothing to take back\n", "{engine:?}");
        let said = project.run("up --late allow");
        for words in [
            "applied 0002_add_street_to_customers (1 statement)\n",
            "0002_add_name_to_customers is called 0003_add_name_to_customers by now",
            "0003_add_phone_to_customers is called 0004_add_phone_to_customers by now",
        ] {
            assert!(said.contains(words), "{engine:?}: {words}: {said}");
        }
        assert_eq!(said.matches("applied 0").count(), 1, "{engine:?}: {said}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
        assert!(project.run("verify -q").starts_with("No differences"), "{engine:?}");
        assert!(project.run("status -q --check").matches("applied").count() == 4, "{engine:?}");
        let said = project.run("down -q --to 0001 --allow-data-loss");
        assert_eq!(said.matches("reverted").count(), 3, "{engine:?}: {said}");
        let said = project.run("up -q");
        assert_eq!(said.matches("applied").count(), 3, "{engine:?}: {said}");
    }
}

#[test]
fn down_finds_a_rebased_migration_before_up_has_seen_it() {
    let project = merged(&["name"], &["street"]);
    project.run("up -q --to 0002_add_name");
    project.run("rebase");
    let said = project.run("history -q 0003_add_name");
    let wanted = "0003_add_name_to_customers is applied\n  as      0002_add_name_to_customers\n";
    assert!(said.starts_with(wanted), "{said}");
    assert_eq!(project.run("down -q --to 0003_add_name"), "Nothing to take back\n");
    let said = project.run("down -q --allow-data-loss");
    assert!(said.starts_with("reverted 0002_add_name_to_customers"), "{said}");
    assert_eq!(project.run("up -q").matches("applied").count(), 2);
    assert!(project.run("verify -q").starts_with("No differences"));
}

#[test]
fn a_file_that_is_in_the_way_leaves_everything_as_it_was() {
    let project = merged(&["name", "phone"], &["street"]);
    let before: Vec<(String, String)> = project
        .files()
        .into_iter()
        .filter(|it| it.starts_with("migrations/"))
        .map(|it| (it.clone(), project.read(&it)))
        .collect();
    // A folder where the second file should be.
    let path = project.root.join("migrations/0004_add_phone_to_customers.rs");
    std::fs::create_dir(&path).expect("it is free");
    let said = project.run("rebase");
    assert!(said.contains("can't write") && said.ends_with("--- exit 3\n"), "{said}");
    std::fs::remove_dir(&path).expect("it is empty");
    for (name, text) in &before {
        assert_eq!(project.read(name), *text, "{name}");
    }
    let files = project.files().into_iter().filter(|it| it.starts_with("migrations/")).count();
    assert_eq!(files, before.len());
    assert!(project.run("rebase").starts_with("0002_add_name_to_customers is now"));
}

#[test]
fn an_amended_migration_is_taken_back_written_anew_and_applied_again() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::with_schema(SHOP).set("DATABASE_URL", &database.url());
        project.run("generate");
        project.write("schema/schema.yaml", &shop_with(&["name"]));
        project.run("generate");
        project.run("up -q");
        assert!(project.run("generate --amend -q").starts_with("No changes detected"));
        project.write("schema/schema.yaml", &shop_with(&["name", "phone"]));
        check(
            &project.run("generate --amend -q"),
            "
reverted 0002_add_name_to_customers (1 statement)
amended 0002_add_name_to_customers, which is now migrations/0002_add_name_and_phone_to_customers.rs
  Add column `name` to `customers`
  Add column `phone` to `customers`
applied 0002_add_name_and_phone_to_customers (2 statements)
",
        );
        check(&project.run("generate --check -q"), "No changes detected\n");
        assert!(project.run("verify -q").starts_with("No differences"), "{engine:?}");
        assert_eq!(project.run("status -q").matches("applied").count(), 2, "{engine:?}");

        // Rows that would go with it are asked for first, and nothing has happened by then.
        let insert = "INSERT INTO customers (id, email, name) VALUES (1, 'a@example.com', 'A')";
        database.connect().execute(insert).expect("there is such a table");
        project.write("schema/schema.yaml", &shop_with(&["name", "phone", "street"]));
        let text = project.read("migrations/0002_add_name_and_phone_to_customers.rs");
        let said = project.run("generate --amend -q");
        assert!(said.contains("--allow-data-loss"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        assert_eq!(project.read("migrations/0002_add_name_and_phone_to_customers.rs"), text);
        assert_eq!(project.run("status -q").matches("applied").count(), 2, "{engine:?}");
        let said = project.run("generate --amend --allow-data-loss -q");
        assert!(
            said.contains("applied 0002_update_customers (3 statements)")
                || said.contains("applied 0002_add_name_phone_and_street_to_customers"),
            "{engine:?}: {said}"
        );
        assert!(project.run("verify -q").starts_with("No differences"), "{engine:?}");

        // What is left of nothing goes.
        project.write("schema/schema.yaml", SHOP);
        let said = project.run("generate --amend -q");
        assert!(said.contains("removed 0002_add_name_phone_and_street_to_customers"), "{said}");
        assert_eq!(project.run("status -q").matches("applied").count(), 1, "{engine:?}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
    }
}

#[test]
fn what_was_written_by_hand_stays_in_an_amended_migration() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &shop_with(&["name"]));
    project.run("generate --name naming");
    let file = "migrations/0002_naming.rs";
    let text = project.read(file).replace(
        "text())",
        "text()).run_sql(sql(\"UPDATE customers SET name = email\").undo_nothing())",
    );
    project.write(file, &text);
    project.write("schema/schema.yaml", &shop_with(&["name", "phone"]));
    let said = project.run("generate --amend --dry-run");
    assert!(said.contains("run_sql") && said.contains("phone"), "{said}");
    check(
        &project.run("generate --amend -q"),
        "
amended migrations/0002_naming.rs
  Add column `name` to `customers`
  Run `UPDATE customers SET name = email`
  Add column `phone` to `customers`
",
    );
    check(&project.run("generate --check"), "No changes detected\n");
}

#[test]
fn an_amended_rename_is_not_asked_for_again() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &SHOP.replace("email", "mail"));
    project.run("generate --rename customers.email=mail");
    let schema = shop_with(&["name"]).replace("email", "mail");
    project.write("schema/schema.yaml", &schema);
    let said = project.run("generate --amend -q");
    assert!(said.contains("  Rename column `email` of `customers` to `mail`\n"), "{said}");
    assert!(said.contains("  Add column `name` to `customers`\n"), "{said}");
    check(&project.run("generate --check"), "No changes detected\n");
}

#[test]
fn what_others_have_is_not_amended() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    git(&project, &["init", "-q"]);
    commit(&project);
    project.write("schema/schema.yaml", &shop_with(&["name"]));
    let said = project.run("generate --amend --since HEAD");
    assert!(said.contains("`0001_initial` is in HEAD already"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    project.run("new by hand --sql");
    project.write("migrations/0002_by_hand.sql", "-- whimbrel: after 0001_initial\nSELECT 1;\n");
    let said = project.run("generate --amend");
    assert!(
        said.contains("`0002_by_hand` is SQL that is not as `generate --sql` writes it"),
        "{said}"
    );
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    let said = project.run("generate --since HEAD");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

/// A project with four migrations in a line, one of them SQL.
fn four() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &shop_with(&["name"]));
    project.run("generate --name name");
    project.write(
        "migrations/0003_fill.sql",
        "-- whimbrel: after 0002_name\nUPDATE customers SET name = email;\n-- whimbrel: down\nSELECT 1;\n",
    );
    project.write("schema/schema.yaml", &shop_with(&["name", "phone"]));
    project.run("generate --name phone");
    project
}

#[test]
fn a_squash_stands_in_the_place_of_several() {
    let project = four();
    check(
        &project.run("generate --squash 0002..0004"),
        "
created migrations/0005_squash_0002_to_0004.rs
  Add column `name` to `customers`
  Run `UPDATE customers SET name = email;`
  Add column `phone` to `customers`
--- stderr
note: the files of 0002_name, 0003_fill, 0004_phone stay until every database has run `whimbrel up`; then they may be deleted
",
    );
    let text = project.read("migrations/0005_squash_0002_to_0004.rs");
    let replaces = "        .replaces([\"0002_name\", \"0003_fill\", \"0004_phone\"])\n";
    assert!(text.contains(replaces), "{text}");
    check(&project.run("generate --check"), "No changes detected\n");
    check(&project.run("check"), "nothing found; 5 migrations looked at\n");
    let said = project.run("graph");
    assert!(said.starts_with("● 0001_initial\n● 0005_squash_0002_to_0004\n\n"), "{said}");
    check(
        &project.run("up -q"),
        "applied 0001_initial (2 statements)\napplied 0005_squash_0002_to_0004 (3 statements)\n",
    );
    // What comes next comes after the squash.
    project.write("schema/schema.yaml", &shop_with(&["name", "phone", "street"]));
    project.run("generate --name street");
    let text = project.read("migrations/0006_street.rs");
    assert!(text.contains("Migration::after(\"0005_squash_0002_to_0004\")"), "{text}");
    // Once the others are gone it goes on as if nothing were.
    for name in ["0002_name.rs", "0003_fill.sql", "0004_phone.rs"] {
        std::fs::remove_file(project.root.join("migrations").join(name)).expect("it is there");
    }
    check(&project.run("up -q"), "applied 0006_street (1 statement)\n");
    check(&project.run("check"), "nothing found; 3 migrations looked at\n");
}

#[test]
fn a_database_in_the_middle_of_a_squash_goes_on_and_says_so() {
    let project = four();
    project.run("up -q --to 0002");
    project.run("generate --squash 0002..0004");
    let said = project.run("status -q");
    check(
        &said,
        "
0001_initial              applied  TIME
0002_name                 applied  TIME
0003_fill                 pending
0004_phone                pending
0005_squash_0002_to_0004  waiting: of the 3 migrations that it replaces 1 have run here
",
    );
    // An edit of what has run is told as ever.
    let text = project.read("migrations/0002_name.rs");
    project.write("migrations/0002_name.rs", &text.replace("text()", "bigint()"));
    assert!(project.run("up").contains("`0002_name` was changed after"));
    project.write("migrations/0002_name.rs", &text);
    // What is gone and has not run can't be run.
    let fill = project.read("migrations/0003_fill.sql");
    std::fs::remove_file(project.root.join("migrations/0003_fill.sql")).expect("it is there");
    project.write(
        "migrations/0004_phone.rs",
        &project.read("migrations/0004_phone.rs").replace("0003_fill", "0002_name"),
    );
    let said = project.run("up");
    assert!(said.contains("`0003_fill`, which has not and whose file is gone"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    project.write("migrations/0003_fill.sql", &fill);
    project.write(
        "migrations/0004_phone.rs",
        &project.read("migrations/0004_phone.rs").replace("0002_name", "0003_fill"),
    );
    check(
        &project.run("up"),
        "
applied 0003_fill (1 statement)
applied 0004_phone (1 statement)
--- stderr
target: SQLite VERSION · shop.sqlite
0005_squash_0002_to_0004 stands for 0002_name, 0003_fill, 0004_phone from now on, all of which have run here
",
    );
    let said = project.run("status -q");
    assert!(said.ends_with("0005_squash_0002_to_0004  applied  TIME\n"), "{said}");
    assert!(project.run("verify -q").starts_with("No differences"));
}

#[test]
fn all_of_a_squash_is_known_before_up_has_noted_it() {
    let project = four();
    project.run("up -q");
    project.run("generate --squash ..0004");
    for name in ["0001_initial.rs", "0002_name.rs", "0003_fill.sql", "0004_phone.rs"] {
        std::fs::remove_file(project.root.join("migrations").join(name)).expect("it is there");
    }
    let said = project.run("status -q --check");
    check(&said, "0005_squash_0001_to_0004  applied  TIME\n");
    assert_eq!(project.run("plan down --unknown -q"), "Nothing to take back\n");
    assert!(project.run("verify -q").starts_with("No differences"));
    assert_eq!(project.run("plan -q"), "Nothing to apply\n");
    let said = project.run("up");
    assert!(said.contains("0005_squash_0001_to_0004 stands for 0001_initial, 0002_name"), "{said}");
    let said = project.run("down -q --allow-data-loss");
    assert!(said.starts_with("reverted 0005_squash_0001_to_0004 ("), "{said}");
    assert!(project.run("verify -q").starts_with("No differences: 0 tables"));
}

#[test]
fn what_can_not_be_one_migration_is_told() {
    let project = four();
    project.write("migrations/0003_aside.rs", &migration("0002_name", ""));
    let said = project.run("generate --squash 0002..0004");
    assert!(said.contains("`0003_aside` comes after `0002_name`, in the middle"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    for range in ["0002", "0002..0002", "0004..0002", "..", "0009..", "0002..0009"] {
        let said = project.run(&format!("generate --squash {range}"));
        assert!(
            said.ends_with("--- exit 2\n") || said.ends_with("--- exit 3\n"),
            "{range}: {said}"
        );
    }
    project.write("migrations/0003_aside.rs", &migration("0004_phone", ".no_transaction()"));
    let said = project.run("generate --squash 0002..");
    assert!(said.contains("`0003_aside` runs its statements outside of a transaction"), "{said}");
}

#[test]
fn a_graph_is_drawn_in_every_format() {
    let project = beside("", "");
    let ascii = project.result("graph");
    assert_eq!(project.result("graph --format ascii"), ascii);
    assert!(project.result("graph --format mermaid").starts_with("flowchart TD\n"));
    assert!(project.result("graph --as dot").starts_with("digraph migrations {\n"));
    let svg = project.result("graph --format svg");
    assert!(svg.starts_with("<svg ") && svg.contains(">0002_ours</text>"), "{svg}");
    assert_eq!(project.result("dag --as svg"), svg);
    let said = project.run("status --format svg");
    assert!(said.contains("this format is for `whimbrel graph`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run("graph --format sarif");
    assert!(said.contains("this format is for `whimbrel check`"), "{said}");
}

#[test]
fn migrations_are_numbered_by_the_time_where_that_is_wanted() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nnumbering = \"timestamp\"\n");
    let project = project.set("SOURCE_DATE_EPOCH", "1769860800");
    check(&project.run("new one"), "created migrations/20260131120000_one.rs\n");
    check(&project.run("new two"), "created migrations/20260131120001_two.rs\n");
    project.write("migrations/0002_aside.rs", &migration("0001_initial", ""));
    let said = project.run("generate --merge");
    assert!(said.starts_with("created migrations/20260131120002_merge_aside_and_two.rs"), "{said}");
    assert_eq!(project.run("up -q").matches("applied").count(), 5);
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nnumbering = \"time\"\n");
    assert!(project.run("new three").ends_with("--- exit 2\n"));
}

/// Two people add a column each to one table, the most usual of all: whichever is merged later just
/// runs, and what runs after the deploy keeps nobody waiting.
#[test]
fn columns_that_come_to_one_table_on_two_branches_are_in_nobodys_way() {
    let project = beside(
        ".add_column(\"customers\", \"age\", integer())",
        ".add_column(\"customers\", \"size\", integer())",
    );
    let late = project.files().into_iter().find(|it| it.starts_with("migrations/0002_"));
    let late = late.expect("there are two branches");
    let text = project.read(&late);
    std::fs::remove_file(project.root.join(&late)).expect("it is there");
    project.run("up");
    project.write(&late, &text);
    let said = project.run("up -q");
    assert!(said.starts_with("applied 0002_") && !said.contains("--- exit"), "{said}");
    assert!(!project.run("verify").contains("--- exit"));
}
