//! Texts with mistakes in them: all are told, underlined, and nothing is written or run.

use crate::support::{Project, SHOP};

/// Says all this, and exits with this code; no file appears or changes.
#[track_caller]
fn refused(project: &Project, words: &str, code: i32, wanted: &[&str]) {
    let contents = |files: &[String]| -> Vec<Vec<u8>> {
        let read = |it: &String| std::fs::read(project.root.join(it)).expect("it is there");
        files.iter().map(read).collect()
    };
    let before = project.files();
    let texts = contents(&before);
    let said = project.run(words);
    for wanted in wanted {
        assert!(said.contains(wanted), "`{words}` does not say `{wanted}`:\n{said}");
    }
    assert!(said.ends_with(&format!("--- exit {code}\n")), "`{words}`:\n{said}");
    assert_eq!(project.files(), before, "`{words}` has written something");
    assert_eq!(contents(&before), texts, "`{words}` has changed something");
}

fn migration(parent: &str, rest: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
         Migration::after(\"{parent}\"){rest}\n}}\n"
    )
}

/// A migration that is right.
fn begun() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project
}

#[test]
fn every_mistake_of_a_schema_is_told_at_once() {
    let project = Project::with_schema(
        "tables:\n  - name: users\n    fields:\n      - name: id\n        type: seriall\n      - name: \
         email\n        type: varchar\n        lenght: 9\n      - name: email\n        type: \
         text\n  - name: posts\n    fields:\n      - name: user_id\n        type: foreign_key\n        \
         foreign_key:\n          table: user\n          on_delete: CASCAD\n    indexes:\n      - \
         name: ix\n        fields: [nope]\n",
    );
    for words in ["generate", "generate --check", "generate --dry-run", "schema validate"] {
        refused(
            &project,
            words,
            3,
            &[
                "schema/schema.yaml:5:15",
                "there is no type `seriall`",
                "did you mean `serial`?",
                "`email` is a varchar without a length",
                "did you mean `length`?",
                "table `users` has two fields `email`",
                "there is no table `user`",
                "did you mean `CASCADE`?",
                "table `posts` has no field `nope`",
            ],
        );
    }
}

#[test]
fn a_schema_that_is_not_yaml_shows_the_line() {
    let project = Project::with_schema("tables:\n  - name: users\n   fields: []\n");
    refused(&project, "generate", 3, &["this is not YAML", "schema/schema.yaml:3:4"]);
}

#[test]
fn a_schema_that_is_not_there_is_told_with_what_writes_one() {
    let project = Project::empty();
    refused(&project, "generate", 2, &["there is no schema at", "`whimbrel init`"]);
}

#[test]
fn a_migration_that_is_not_right_stops_everything_before_a_database_is_made() {
    let project = begun();
    for (text, wanted) in [
        (
            migration("0001_initial", ".add_column(\"orders\", \"note\", txt())"),
            ["there is no `txt`", "did you mean `text`?", "migrations/0002_note.rs:4:"],
        ),
        (
            migration("0001_initial", ".add_column(\"orders\", \"note\", text()"),
            ["this isn't Rust", "never closed", "migrations/0002_note.rs:4:48"],
        ),
        (
            migration("0001_inital", ".add_column(\"orders\", \"note\", text())"),
            ["there is no such migration", "did you mean `0001_initial`?", "0002_note.rs:4:5"],
        ),
        (
            migration("0002_note", ""),
            ["`0002_note` comes after itself", "this is its own name", "0002_note.rs:4:5"],
        ),
    ] {
        project.write("migrations/0002_note.rs", &text);
        for words in ["up", "status", "plan", "graph", "generate", "sql", "fake 0001"] {
            refused(&project, words, 3, &wanted);
        }
    }
}

#[test]
fn a_circle_names_every_migration_in_it() {
    let project = begun();
    project.write("migrations/0002_a.rs", &migration("0003_b", ""));
    project.write("migrations/0003_b.rs", &migration("0002_a", ""));
    for words in ["up", "generate", "graph"] {
        refused(
            &project,
            words,
            3,
            &["`0002_a` → `0003_b` → `0002_a`", "0002_a.rs:4:5", "0003_b.rs:4:5"],
        );
    }
}

#[test]
fn two_files_of_one_name_are_both_shown() {
    let project = begun();
    project.write("migrations/0001_initial.sql", "-- whimbrel: first\nSELECT 1;\n");
    for words in ["up", "generate", "status"] {
        refused(
            &project,
            words,
            3,
            &["two migrations are called `0001_initial`", "0001_initial.rs", "0001_initial.sql"],
        );
    }
}

#[test]
fn what_comes_after_an_unreadable_file_is_not_blamed() {
    let project = begun();
    project.write("migrations/0002_a.sql", "SELECT 1;\n");
    project.write("migrations/0003_b.rs", &migration("0002_a", ""));
    let said = project.run("up");
    assert!(said.contains("doesn't say which migration it comes after"), "{said}");
    assert!(!said.contains("no such migration"), "{said}");
}

#[test]
fn two_branches_are_named_and_brought_together() {
    let project = begun();
    let add = |column: &str| format!(".add_column(\"orders\", \"{column}\", text())");
    project.write("migrations/0002_a.rs", &migration("0001_initial", &add("a")));
    project.write("migrations/0003_b.rs", &migration("0001_initial", &add("b")));
    refused(&project, "generate", 4, &["`0002_a`", "`0003_b`", "run `whimbrel generate --merge`"]);
    assert_eq!(project.run("generate --merge"), "created migrations/0004_merge_a_and_b.rs\n");
    let said = project.run("up -q");
    assert_eq!(said.matches("applied").count(), 4, "{said}");
}

#[test]
fn an_operation_that_does_not_fit_is_underlined_and_keeps_what_came_before() {
    let project = begun();
    project.write(
        "migrations/0002_note.rs",
        &migration("0001_initial", "\n        .drop_column(\"orders\", \"nope\")"),
    );
    let said = project.run("up");
    assert!(said.contains("`0002_note` does not fit"), "{said}");
    assert!(said.contains("migrations/0002_note.rs:5:"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert!(project.run("status -q").contains("0002_note     pending"));
}

#[test]
fn a_rename_is_asked_for_with_the_words_that_answer_it() {
    let schema = SHOP.replace("name: email", "name: mail");
    let project = begun();
    project.write("schema/schema.yaml", &schema);
    for words in ["generate", "generate --dry-run", "generate --format json"] {
        refused(
            &project,
            words,
            4,
            &[
                "was column `email` of `customers` renamed?",
                "`--rename customers.email=mail`",
                "`renamed_from: email`",
                "`--drop customers.email`",
            ],
        );
    }
    let said = project.run("generate --dry-run --rename customers.email=mail");
    assert!(said.contains(".rename_column(\"customers\", \"email\", \"mail\")"), "{said}");
    refused(&project, "generate --rename customers.emial=mail", 2, &["`customers.email`?"]);

    project.write(
        "schema/schema.yaml",
        &schema.replace("name: mail\n", "name: mail\n        renamed_from: email\n"),
    );
    let said = project.run("generate");
    assert!(said.contains("Rename column `email` of `customers` to `mail`"), "{said}");
    assert_eq!(project.run("generate"), "No changes detected\n");
}

#[test]
fn what_loses_data_is_written_only_if_it_is_meant() {
    let project = begun();
    project.write("schema/schema.yaml", SHOP.split("  - name: orders").next().expect("it is"));
    let lost = ["nothing was written", "loses the rows of `orders`", "`--on-destructive generate`"];
    refused(&project, "generate", 4, &lost);
    refused(&project, "generate --on-destructive abort", 4, &lost[..2]);
    let said = project.run("generate --on-destructive generate");
    assert!(said.contains("Drop table `orders`"), "{said}");
}

#[test]
fn numbers_and_names_are_not_mixed_up() {
    let project = begun();
    project.run("up");
    for words in ["down 0001", "up 0001", "up 0001_initial", "down --steps x", "plan 0001"] {
        refused(&project, words, 2, &["--to "]);
    }
    assert!(project.run("status -q").contains("applied"), "nothing was taken back");
}

#[test]
fn a_place_that_can_not_hold_a_database_is_no_passing_trouble() {
    let project = begun();
    for words in ["up --url sqlite:nowhere/shop.sqlite", "up --url sqlite:schema"] {
        refused(&project, words, 3, &["can't be opened", "is there such a folder"]);
    }
    project.write("text.sqlite", "this is no database at all, and never was one of SQLite's");
    refused(&project, "up --url sqlite:text.sqlite", 3, &["file is not a database"]);
}

#[test]
fn looking_and_taking_back_create_no_database() {
    let project = begun();
    let before = project.files();
    for words in ["status", "plan", "plan down", "history", "sql --pending", "down", "down --all"] {
        let said = project.run(words);
        assert!(!said.contains("--- exit"), "{words}: {said}");
    }
    refused(&project, "resolve 0001 --step 1 --done", 2, &["there is nothing to settle"]);
    assert_eq!(project.files(), before);
}
