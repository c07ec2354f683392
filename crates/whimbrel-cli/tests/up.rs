//! The commands that work on a database: `up`, `down`, `plan`, `status`, `history`, `fake`.

use crate::support::{Project, SHOP, check};

/// One migration, not applied.
fn pending() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project
}

#[test]
fn up_applies_and_says_where_first() {
    let project = pending();
    check(
        &project.run("status"),
        "
0001_initial  pending
--- stderr
target: SQLite VERSION · shop.sqlite (not there yet)
",
    );
    check(
        &project.run("plan"),
        r#"
-- 0001_initial
CREATE TABLE "customers" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "email" TEXT NOT NULL
);
CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "customer_id" INTEGER,
    CONSTRAINT "fk_orders_customer_id" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE
);
--- stderr
target: SQLite VERSION · shop.sqlite (not there yet)
"#,
    );
    assert!(!project.files().contains(&"shop.sqlite".to_owned()), "reading creates nothing");
    check(
        &project.run("up"),
        r#"
applied 0001_initial (2 statements)
--- stderr
target: SQLite VERSION · shop.sqlite
  step 1 of 2: CREATE TABLE "customers" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT … (TIME)
  step 2 of 2: CREATE TABLE "orders" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NU … (TIME)
"#,
    );
    check(&project.run("up -q"), "Nothing to apply\n");
    check(&project.run("status -q"), "0001_initial  applied  TIME\n");
    check(&project.run("status -q --check"), "0001_initial  applied  TIME\n");
}

#[test]
fn pending_migrations_fail_a_check() {
    let project = pending();
    check(&project.run("status -q --check=pending"), "0001_initial  pending\n--- exit 1\n");
    check(&project.run("status -q --check=edited,unknown"), "0001_initial  pending\n");
}

#[test]
fn down_takes_back_what_up_did() {
    let project = pending();
    project.run("up");
    check(&project.run("down -q"), "reverted 0001_initial (2 statements)\n");
    check(&project.run("migrate down -q --steps 1"), "Nothing to take back\n");
    check(&project.run("migrate up -q"), "applied 0001_initial (2 statements)\n");
}

#[test]
fn rows_are_not_lost_without_a_word() {
    let project = pending();
    project.write(
        "migrations/0002_row.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0001_initial\").run_sql(sql(\"INSERT INTO customers (email) VALUES \
         ('a')\").undo_nothing())\n}\n",
    );
    project.run("up");
    check(
        &project.run("down --all"),
        "
--- stderr
target: SQLite VERSION · shop.sqlite
error: this would lose the rows of `customers`
hint: if they may be lost, run the command again with `--allow-data-loss`; `whimbrel down --keep-data` keeps them aside
--- exit 4
",
    );
    check(
        &project.run("down -q --all --allow-data-loss"),
        "reverted 0002_row (0 statements)\nreverted 0001_initial (2 statements)\n",
    );
}

#[test]
fn a_step_that_is_refused_is_underlined_and_nothing_is_half_done() {
    let project = pending();
    project.write(
        "migrations/0002_bad.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0001_initial\")\n        .add_column(\"customers\", \"name\", text())\n        \
         .run_sql(sql(\"UPDATE nowhere SET x = 1\").undo_nothing())\n}\n",
    );
    let said = project.run("up");
    assert!(said.starts_with("applied 0001_initial (2 statements)\n"), "{said}");
    assert!(said.contains("migration `0002_bad` stopped at step 2 of 2"), "{said}");
    assert!(said.contains("migrations/0002_bad.rs:6:"), "{said}");
    assert!(said.contains("no such table: nowhere"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    check(&project.run("status -q"), "0001_initial  applied  TIME\n0002_bad      pending\n");
    let text = project.read("migrations/0002_bad.rs").replace("nowhere SET x", "customers SET id");
    project.write("migrations/0002_bad.rs", &text);
    check(&project.run("up -q"), "applied 0002_bad (2 statements)\n");
}

#[test]
fn a_database_of_somebody_elses_is_left_alone() {
    let project = pending();
    let file = project.root.join("shop.sqlite");
    let theirs = rusqlite::Connection::open(&file).expect("it can be made");
    theirs
        .execute_batch(
            "CREATE TABLE parts (id INTEGER); CREATE TABLE goose_db_version (id INTEGER)",
        )
        .expect("it is empty");
    check(
        &project.run("up"),
        "
--- stderr
target: SQLite VERSION · shop.sqlite
error: this database has 1 table (`parts`) and no history of whimbrel's; another tool's history is there: `goose_db_version`
hint: let the other tool finish what it has begun; its table is left alone, and it should not run here again once whimbrel does; if what the migrations do is there already, mark them with `whimbrel baseline`, which compares first; `whimbrel schema inspect` writes down what is there; if they are to run beside it, run `whimbrel up --into-existing`; and if this is the wrong database, nothing has happened to it
--- exit 4
",
    );
    let count = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = theirs.query_row(count, [], |it| it.get(0)).expect("it can be asked");
    assert_eq!(tables, 2, "nothing was added");
    check(&project.run("up -q --into-existing"), "applied 0001_initial (2 statements)\n");
}

#[test]
fn an_unknown_name_is_refused_before_anything_runs() {
    let project = pending();
    let said = project.run("up --to 0009");
    assert!(said.contains("there is no migration `0009`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    check(&project.run("status -q"), "0001_initial  pending\n");
}

#[test]
fn an_unreachable_server_is_passing_trouble_and_shows_no_password() {
    let project =
        pending().set("DATABASE_URL", "postgres://app:p%40%3A%2F%23%25w@127.0.0.1:1/shop");
    let said = project.run("up");
    assert!(said.contains("can't connect to postgres://app:***@127.0.0.1:1/shop"), "{said}");
    assert!(!said.contains("%40") && !said.contains("p@:"), "{said}");
    assert!(said.ends_with("--- exit 5\n"), "{said}");
}

#[test]
fn a_url_with_an_unescaped_password_is_refused_without_showing_it() {
    let project = pending().set("DATABASE_URL", "postgres://app:p@:/#%w@127.0.0.1:1/shop");
    let said = project.run("up");
    assert!(said.contains("hint: ") && !said.contains("p@:/#%w"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn no_database_is_a_matter_of_configuration() {
    let project = pending();
    project.write("whimbrel.toml", "");
    check(
        &project.run("up"),
        "
--- stderr
error: no database is configured
hint: set DATABASE_URL, say `--url sqlite:app.sqlite`, or write `url = \"…\"` into `whimbrel.toml`
--- exit 2
",
    );
}

#[test]
fn a_protected_database_wants_its_name() {
    let project = pending();
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nprotected = true\n");
    project.run("up");
    check(
        &project.run("down"),
        "
--- stderr
target: SQLite VERSION · shop.sqlite
error: `shop.sqlite` is a protected database
note: nothing has happened to it
hint: if it is meant, run the command again with `--confirm shop.sqlite`
--- exit 4
",
    );
    check(&project.run("down -q --confirm shop.sqlite"), "reverted 0001_initial (2 statements)\n");
}

#[test]
fn fake_marks_and_takes_marks_away() {
    let project = pending();
    let said = project.run("fake -q 0001");
    assert!(said.contains("--- exit "), "the tables aren't there: {said}");
    check(&project.run("fake -q 0001 --unchecked"), "marked 0001_initial\n");
    check(&project.run("status -q"), "0001_initial  faked    TIME\n");
    check(&project.run("fake -q 0001 --undo"), "unmarked 0001_initial\n");
    check(&project.run("status -q"), "0001_initial  pending\n");
}

#[test]
fn history_tells_who_ran_what() {
    let project = pending().set("USER", "ada");
    check(&project.run("history -q"), "No runs yet\n");
    project.run("up");
    let said = project.run("history -q");
    assert!(said.starts_with("   1  TIME  up      ada"), "{said}");
    assert!(said.ends_with("  done\n"), "{said}");
}

#[test]
fn history_tells_what_has_become_of_one_migration() {
    let project = pending().set("USER", "ada");
    check(&project.run("history -q 0001"), "0001_initial has never been begun here\n");
    let said = project.run("history -q 0002");
    assert!(
        said.contains("there is no migration `0002`") && said.ends_with("--- exit 2\n"),
        "{said}"
    );
    project.run("up");
    let said = project.run("history -q 0001");
    assert!(
        said.starts_with("0001_initial is applied\n  began   TIME\n  ended   TIME\n"),
        "{said}"
    );
    assert!(
        said.contains("  run     1: `up` by ada") && said.contains("          done\n"),
        "{said}"
    );
    project.run("down");
    let said = project.run("history -q 0001");
    assert!(said.starts_with("0001_initial was taken back\n"), "{said}");
    assert!(said.contains("  run     2: `down` by ada"), "{said}");

    // What a step was refused with stands there, and a file that can't be read is in nobody's way.
    project.run("up");
    project.write(
        "migrations/0002_wrong.sql",
        "-- whimbrel: after 0001_initial\n-- whimbrel: no-transaction\nCREATE TABLE a (id integer);\n\
         INSERT INTO nowhere\nVALUES (1);\n",
    );
    project.run("up");
    project.write("migrations/0001_initial.rs", "pub fn migration() -> {");
    let said = project.run("history -q 0002");
    assert!(said.starts_with("0002_wrong is half way; the next `up` finishes it\n"), "{said}");
    assert!(said.contains("  after   0001_initial\n"), "{said}");
    assert!(said.contains("  step    1 up, done TIME CREATE TABLE a"), "{said}");
    let why = "          migration `0002_wrong` stopped at step 2 of 2: no such table: nowhere";
    assert!(said.contains(why), "{said}");
    let json = project.result("history 0002 --format json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((&json["state"], &json["steps"][0]["done"]), (&"running".into(), &true.into()));
}

#[test]
fn json_says_the_same_to_programs() {
    let project = pending();
    let said = project.result("up --format json");
    let last =
        "{\"applied\":[\"0001_initial\"],\"event\":\"finished\",\"resumed\":[],\"version\":1}";
    assert_eq!(said.lines().last(), Some(last), "{said}");
    let said = project.run("up --format json --to nowhere -q");
    assert!(said.contains("\"exit_code\":2"), "{said}");
    let status = project.result("status --format json");
    assert!(status.contains("\"state\": \"applied\""), "{status}");
}

#[test]
fn an_edited_migration_is_told() {
    let project = pending();
    project.run("up");
    let text = project.read("migrations/0001_initial.rs").replace("varchar(255)", "varchar(200)");
    project.write("migrations/0001_initial.rs", &text);
    check(
        &project.run("status -q --check=edited"),
        "0001_initial  applied  TIME, edited since\n--- exit 1\n",
    );
    let said = project.run("up");
    assert!(said.contains("changed after it had been applied"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
}

/// What is done of a migration that fails stays where its steps run by themselves.
#[test]
fn each_step_runs_by_itself_where_no_transaction_is_wanted() {
    let wrong = "-- whimbrel: after 0001_initial\n-- whimbrel: up\n\
                 CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\n\
                 CREATE TABLE b (id integer) WITHOUT;\n-- whimbrel: down\nDROP TABLE b;\nDROP TABLE a;\n";
    for (tx, left) in [("each", "pending"), ("none", "half way since TIME, steps done: 2")] {
        let project = pending();
        project.run("up");
        project.write("migrations/0002_ab.sql", wrong);
        let said = project.run(&format!("up -q --tx {tx}"));
        assert!(said.contains("stopped at step 3 of 3"), "{said}");
        check(
            &project.run("status -q"),
            &format!("0001_initial  applied  TIME\n0002_ab       {left}\n"),
        );
        project.write("migrations/0002_ab.sql", &wrong.replace(" WITHOUT;", ";"));
        let said = project.run("up -q");
        assert!(said.contains("applied 0002_ab"), "{said}");
        check(
            &project.run("status -q"),
            "0001_initial  applied  TIME\n0002_ab       applied  TIME\n",
        );
    }
}

/// What is only written down when the table has been looked at is told in words.
#[test]
fn a_step_that_starts_from_the_live_table_is_told_by_its_operation() {
    let project = pending();
    project.run("up");
    project.write(
        "migrations/0002_email.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0001_initial\")\n        \
         .alter_column(\"customers\", \"email\", set().nullable())\n        \
         .add_column(\"customers\", \"nick\", text())\n}\n",
    );
    let said = project.run("up");
    assert!(said.contains("Change nullability of `email` in `customers` ("), "{said}");
}
