//! The words that people bring along from makemigrations and other tools: each does what it did
//! there, or says what to say instead.

use crate::support::{Project, SHOP, check};

#[test]
fn words_of_makemigrations_do_what_they_did() {
    let project = Project::with_schema(SHOP);
    project.run("makemigrations --name initial");
    for (words, told) in [
        ("generate empty --name later --dry-run", "Migration::after(\"0001_initial\")"),
        ("generate blank --dry-run", "Migration::after(\"0001_initial\")"),
        ("migrate dag --format ascii", "● 0001_initial"),
        ("migrate dag --format json", "\"leaves\""),
        ("migrate showsql", "CREATE TABLE"),
        ("migrate up --to 0001_initial", "applied 0001_initial"),
        ("migrate status", "applied"),
        ("generate dump-data customers", "No rows, and so no migration"),
        ("current-state", "tables:"),
        ("dump-sql --database mysql", "CREATE TABLE `customers`"),
        ("db-diff --format json", "\"differences\": []"),
        ("migrate down --steps 3", "reverted 0001_initial"),
    ] {
        let said = project.run(words);
        assert!(said.contains(told) && !said.contains("--- exit"), "{words}: {said}");
    }
}

#[test]
fn words_that_are_none_say_what_to_say_instead() {
    let project = Project::with_schema(SHOP);
    for (words, told) in [
        ("schema-diff", "`whimbrel generate --check`"),
        ("merge", "error: `merge` is no command\nhint: `whimbrel generate --merge`"),
        ("squash", "`whimbrel generate --squash A..B`"),
        ("rollback", "`whimbrel down`"),
        ("force 3", "no database is ever dirty here"),
        ("goose up", "error: `goose` isn't there yet"),
        ("db-diff --host localhost", "hint: say where the database is with `--url`"),
        ("schema-to-sql --pending", "`whimbrel sql --pending`"),
        ("generate --silent", "nothing is asked where there is no terminal"),
        ("migrate up --warn-on-missing-drop", "`ignore_errors(…)`"),
        ("up --dry-run", "`whimbrel plan` shows what `up` would run"),
        ("version --build-info", "`whimbrel version --format json`"),
    ] {
        let said = project.run(words);
        assert!(said.contains(told) && said.contains("hint: "), "{words}: {said}");
        assert!(said.ends_with("--- exit 2\n"), "{words}: {said}");
    }
}

#[test]
fn what_changes_nothing_or_means_nothing_is_told() {
    let project = Project::with_schema(SHOP);
    let said = project.run("init --database postgres --sql");
    assert!(said.contains("note: `--database` changes nothing, as whimbrel.toml"), "{said}");
    assert!(said.contains("note: `--sql` changes nothing"), "{said}");
    check(
        &project.run("data dump nosuch"),
        "
--- stderr
error: the migrations make no table `nosuch`
hint: they make none at all; `whimbrel generate` writes the first
--- exit 2
",
    );
    project.run("generate");
    for (words, told) in [
        ("data dump nosuch", "hint: `whimbrel schema state` shows those that they make"),
        ("data dump custmers", "did you mean `customers`?"),
        ("data dump orders orders", "`orders` is named twice"),
        ("data dump orders --key customers:id", "is about `customers`, whose rows aren't wanted"),
        ("data dump orders --where customers:id=1", "name `customers` as well"),
        ("down --to 0001", "`0001_initial` is not applied here"),
        ("down --to 0007", "there is no migration `0007`"),
    ] {
        let said = project.run(words);
        assert!(said.contains(told) && said.ends_with("--- exit 2\n"), "{words}: {said}");
    }
}
