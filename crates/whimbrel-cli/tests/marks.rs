//! `whimbrel baseline`, `fake`, `redo` and `trash`, as people see them.

use crate::support::{Project, SHOP, check};

/// A project with a migration for two tables, and a column that comes later.
fn shop() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate --name shop");
    let more =
        "      - name: note\n        type: varchar\n        length: 40\n      - name: customer_id";
    project.write("schema/schema.yaml", &SHOP.replace("      - name: customer_id", more));
    project.run("generate --name note");
    project
}

fn execute(project: &Project, text: &str) {
    let file = project.root.join("shop.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("it can be made");
    connection.execute_batch(text).unwrap_or_else(|it| panic!("{text}: {it}"));
}

#[test]
fn a_database_that_was_there_before_is_compared_and_taken_over() {
    let project = shop();
    execute(
        &project,
        "CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, email VARCHAR(255));
         CREATE TABLE parts (id INTEGER);",
    );
    let said = project.run("baseline 0001");
    assert!(said.contains("\nerror: `0001_shop` can't be marked as applied"), "{said}");
    assert!(said.contains("table `orders` is missing"), "{said}");
    assert!(
        said.contains("column `email` of `customers`: nullable is `yes`, expected `no`"),
        "{said}"
    );
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("baseline 0001 -q --unchecked");
    assert!(said.starts_with("marked 0001_shop\n"), "{said}");
    assert!(project.run("status -q").starts_with("0001_shop  baseline"), "{said}");
    assert!(project.run("verify -q").ends_with("--- exit 1\n"));

    // Made right, all is as the migrations say.
    let project = shop();
    let text = project.result("sql 0001");
    execute(&project, &text);
    execute(&project, "CREATE TABLE parts (id INTEGER); INSERT INTO customers VALUES (1, 'a@b.c')");
    check(
        &project.run("baseline 0001"),
        "
marked 0001_shop
--- stderr
target: SQLite VERSION · shop.sqlite
note: no migration makes this, and it is left alone: table `parts`
",
    );
    assert!(project.run("up -q").starts_with("applied 0002_note"));
    assert!(!project.run("verify -q").contains("exit"));
    check(&project.run("baseline 0002 -q"), "Nothing to mark\n");
    assert!(project.run("baseline 0009").ends_with("--- exit 2\n"));
}

#[test]
fn protected_databases_want_to_be_named() {
    let project = shop();
    let text = project.read("whimbrel.toml");
    project.run("up");
    project.run("down --keep-data");
    project.write("whimbrel.toml", &format!("{text}protected = true\n"));
    for words in ["down", "redo", "fake 0002", "baseline", "trash purge --all"] {
        let said = project.run(words);
        assert!(said.contains("is a protected database"), "{words}: {said}");
        assert!(said.contains("--confirm shop.sqlite"), "{words}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{words}: {said}");
    }
    let said = project.run("trash purge --all -q --allow-data-loss --confirm shop.sqlite");
    assert!(said.starts_with("purged column `note` of `orders` of 0002_note\n"), "{said}");
}

#[test]
fn what_is_set_aside_is_shown_and_put_back() {
    let project = shop();
    check(&project.run("trash list -q"), "Nothing is set aside\n");
    project.run("up");
    execute(&project, "INSERT INTO customers VALUES (1, 'a@b.c')");
    execute(&project, "INSERT INTO orders (customer_id, note) VALUES (1, 'x')");
    let said = project.run("down --to 0001 -q");
    assert!(said.contains("this would lose the values of `note` in `orders`"), "{said}");
    assert!(said.contains("`whimbrel down --keep-data`"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("down --all --keep-data");
    assert!(said.contains("0002_note: column `note` of `orders` is set aside"), "{said}");
    let said = project.run("trash list -q");
    assert!(said.contains("of 0002_note, kept inside number"), "{said}");
    assert!(said.contains("of 0001_shop, kept as table `whimbrel_trash_"), "{said}");
    let said = project.run("trash purge 1");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("trash restore 9");
    assert!(said.contains("nothing is set aside under the number 9"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run("up");
    assert!(said.contains("column `note` of `orders` is back as it was set aside"), "{said}");
    check(&project.run("trash list -q"), "Nothing is set aside\n");

    let said = project.run("redo -q --keep-data");
    assert!(said.contains("applied 0002_note"), "{said}");
    let file = project.root.join("shop.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("it is there");
    let note: String =
        connection.query_row("SELECT note FROM orders", [], |it| it.get(0)).expect("it is back");
    assert_eq!(note, "x");
}
