//! `whimbrel generate`, `new`, `graph`, `sql` and `schema …`: all that needs no database.

use crate::support::{Project, SHOP, check};

fn two_leaves() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    for (number, column) in [("0002_names", "name"), ("0002_phones", "phone")] {
        project.write(
            &format!("migrations/{number}.rs"),
            &format!(
                "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
                 Migration::after(\"0001_initial\").add_column(\"customers\", \"{column}\", \
                 text())\n}}\n"
            ),
        );
    }
    project
}

#[test]
fn the_first_migration_creates_everything_and_a_second_run_finds_nothing() {
    let project = Project::with_schema(SHOP);
    check(
        &project.run("generate"),
        "
created migrations/0001_initial.rs
  Create table `customers`
  Create table `orders`
",
    );
    check(
        &project.read("migrations/0001_initial.rs"),
        r#"
//! Initial.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .create_table(
            table("customers")
                .column("id", serial().primary_key())
                .column("email", varchar(255).not_null()),
        )
        .create_table(table("orders").column("id", serial().primary_key()).column(
            "customer_id",
            integer().references(to("customers").name("fk_orders_customer_id").on_delete(Cascade)),
        ))
}
"#,
    );
    check(&project.run("generate"), "No changes detected\n");
    check(&project.run("generate --check"), "No changes detected\n");
    check(&project.run("schema validate"), "schema/schema.yaml is valid: 2 tables, 4 columns\n");
}

#[test]
fn a_dry_run_and_a_check_write_nothing() {
    let project = Project::with_schema(SHOP);
    let said = project.run("generate --dry-run");
    assert!(said.starts_with("//! Initial.\n"), "{said}");
    assert!(said.ends_with("--- stderr\nwould create migrations/0001_initial.rs\n"), "{said}");
    check(
        &project.run("generate --check"),
        "
Create table `customers`
Create table `orders`
--- stderr
A migration is missing; run `whimbrel generate`.
--- exit 1
",
    );
    assert_eq!(project.files(), ["schema/schema.yaml", "whimbrel.toml"]);
}

#[test]
fn a_possible_rename_is_never_guessed() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &SHOP.replace("email", "mail"));
    check(
        &project.run("generate"),
        "
--- stderr
error: only you know what was renamed; nothing was written
note: was column `email` of `customers` renamed?
  it may be `mail` now: same type, similar name, same place in the table, same default and nullability
    yes: `--rename customers.email=mail`, or `renamed_from: email` at `mail` in the schema
  no, it is gone with what it holds: `--drop customers.email`
hint: run the command again with one of these flags for each question
--- exit 4
",
    );
    check(
        &project.run("generate --rename customers.email=mail"),
        "
created migrations/0002_rename_customers_email_to_mail.rs
  Rename column `email` of `customers` to `mail`
",
    );
    check(&project.run("generate"), "No changes detected\n");
}

/// An index by another name is a rename; those of `unique: true` follow their columns unasked.
#[test]
fn a_possible_rename_of_an_index_is_never_guessed() {
    let users = "\
tables:
  - name: users
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: email, type: varchar, length: 200, unique: true}
    indexes:
      - {name: users_lower_ix, fields: [{expression: lower(email)}]}
";
    let project = Project::with_schema(users);
    project.run("generate");
    project.write("schema/schema.yaml", &users.replace("users_lower_ix", "users_small_ix"));
    check(
        &project.run("generate"),
        "
--- stderr
error: only you know what was renamed; nothing was written
note: was index `users_lower_ix` of `users` renamed?
  it may be `users_small_ix` now: the same but for the name, similar name
    yes: `--rename users.users_lower_ix=users_small_ix`, or `renamed_from: users_lower_ix` at `users_small_ix` in the schema
  no, it is gone: `--drop users.users_lower_ix`
hint: run the command again with one of these flags for each question
--- exit 4
",
    );
    check(
        &project.run("generate --rename users.users_lower_ix=users_small_ix"),
        "
created migrations/0002_rename_index_users_lower_ix_to_users_small_ix.rs
  Rename index `users_lower_ix` of `users` to `users_small_ix`
",
    );
    let users = users.replace("users_lower_ix", "users_small_ix").replace("email", "mail");
    project.write("schema/schema.yaml", &users);
    let said = project.run("generate --rename users.email=mail");
    assert!(said.contains("Rename index `uq_users_email` of `users` to `uq_users_mail`"), "{said}");
    check(&project.run("generate"), "No changes detected\n");
}

#[test]
fn what_loses_data_is_listed_with_the_flag_that_lets_it_go() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let start = SHOP.find("  - name: orders").expect("it is there");
    project.write("schema/schema.yaml", &SHOP[..start]);
    check(
        &project.run("generate"),
        "
--- stderr
error: this would give up what is there; nothing was written
note: Drop table `orders` loses the rows of `orders`
hint: run the command again with `--on-destructive generate` if it is meant, `review` if somebody has to look before it runs, or `omit` if the migrations are to forget it and the database is to stay as it is; `--on-destructive orders=omit` says it of one alone
--- exit 4
",
    );
    let said = project.run("generate --on-destructive abort");
    assert!(said.ends_with("--- exit 4\n") && !said.contains("hint"), "{said}");
    assert!(!project.files().iter().any(|it| it.contains("0002")));
    let said = project.run("generate --on-destructive generate");
    check(&said, "created migrations/0002_drop_orders.rs\n  Drop table `orders`\n");
}

#[test]
fn two_leaves_stop_and_a_merge_brings_them_together() {
    let project = two_leaves();
    project.write("schema/schema.yaml", &SHOP.replace("nullable: false", "nullable: true"));
    check(
        &project.run("generate"),
        "
--- stderr
error: the migrations end in 2 branches: `0002_names`, `0002_phones`
note: a new migration would not know which of them to come after
hint: run `whimbrel generate --merge` to bring them together first
--- exit 4
",
    );
    check(&project.run("generate --merge"), "created migrations/0003_merge_names_and_phones.rs\n");
    check(
        &project.read("migrations/0003_merge_names_and_phones.rs"),
        r#"
//! Merge names and phones.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after(["0002_names", "0002_phones"])
}
"#,
    );
    check(
        &project.run("graph"),
        "
● 0001_initial
├─╮
│ ● 0002_names
● │ 0002_phones
├─╯
● 0003_merge_names_and_phones

root: 0001_initial
leaf: 0003_merge_names_and_phones
",
    );
}

#[test]
fn a_migration_that_is_not_understood_is_underlined() {
    let project = Project::with_schema(SHOP);
    project.write(
        "migrations/0001_x.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::first().create_tabel(table(\"a\").column(\"id\", serial()))\n}\n",
    );
    let said = project.run("generate");
    assert!(said.contains("migrations/0001_x.rs:4:24"), "{said}");
    assert!(said.contains("create_table"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert_eq!(project.files().len(), 3);
}

#[test]
fn a_missing_parent_and_a_cycle_are_shown() {
    let migration = |parent: &str| {
        format!(
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
             Migration::after(\"{parent}\")\n}}\n"
        )
    };
    let project = Project::with_schema(SHOP);
    project.write("migrations/0002_b.rs", &migration("0001_a"));
    let said = project.run("graph");
    assert!(said.contains("`0001_a`") && said.contains("migrations/0002_b.rs:4:"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    project.write("migrations/0001_a.rs", &migration("0002_b"));
    let said = project.run("graph");
    assert!(said.contains("0001_a") && said.contains("0002_b"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}

#[test]
fn a_wrong_schema_is_underlined() {
    let project = Project::with_schema(&SHOP.replace("varchar", "varchr"));
    check(
        &project.run("generate"),
        "
--- stderr
error: there is no type `varchr`
  ╭▸ schema/schema.yaml:8:15
  │
8 │         type: varchr
  │               ━━━━━━ this type is not known
  │
  ╰ help: did you mean `varchar`?

--- exit 3
",
    );
    assert_eq!(project.files().len(), 2, "nothing was written");
}

#[test]
fn an_unnumbered_migration_is_not_passed_over() {
    let project = Project::with_schema(SHOP);
    project.write(
        "migrations/initial.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    Migration::first()\n}\n",
    );
    let said = project.run("graph");
    assert!(said.contains("`migrations/initial.rs` is a migration without a number"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}

#[test]
fn numbers_continue_the_highest_and_never_the_count() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    std::fs::rename(
        project.root.join("migrations/0001_initial.rs"),
        project.root.join("migrations/0007_initial.rs"),
    )
    .expect("it is there");
    check(&project.run("new do things"), "created migrations/0008_do_things.rs\n");
    check(&project.run("makemigrations --empty --name x"), "created migrations/0009_x.rs\n");
}

#[test]
fn the_whole_schema_is_shown_for_any_database() {
    let project = Project::with_schema(SHOP);
    check(
        &project.run("schema sql --dialect postgres"),
        r#"
CREATE TABLE "customers" (
    "id" SERIAL NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    PRIMARY KEY ("id")
);
CREATE TABLE "orders" (
    "id" SERIAL NOT NULL,
    "customer_id" INTEGER,
    PRIMARY KEY ("id"),
    CONSTRAINT "fk_orders_customer_id" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE
);
"#,
    );
    assert!(project.result("dump_sql --database mysql").contains("AUTO_INCREMENT"));
    project.run("generate");
    assert!(project.result("sql 0001").starts_with("-- 0001_initial\nCREATE TABLE"));
    assert!(project.result("current-state").contains("name: customers"));
    let said = project.run("sql 0002");
    assert!(said.contains("there is no migration `0002`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_migration_in_sql_begins_with_what_it_comes_after() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    check(&project.run("new add a view --sql"), "created migrations/0002_add_a_view.sql\n");
    let text = project.read("migrations/0002_add_a_view.sql");
    check(&text, "-- whimbrel: after 0001_initial\n-- add a view\n\n");
    let text = text + "CREATE VIEW v AS SELECT 1;\n-- whimbrel: down\nDROP VIEW v;\n";
    project.write("migrations/0002_add_a_view.sql", &text);
    check(
        &project.run("up -q"),
        "applied 0001_initial (2 statements)\napplied 0002_add_a_view (1 statement)\n",
    );
    check(&project.run("down -q"), "reverted 0002_add_a_view (1 statement)\n");
    project.write("migrations/0002_add_a_view.sql", "-- whimbrel: aftre 0001_initial\nSELECT 1;\n");
    let said = project.run("graph");
    assert!(said.contains("migrations/0002_add_a_view.sql:1:"), "{said}");
    assert!(said.contains("after"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}

#[test]
fn a_file_that_appears_meanwhile_is_not_overwritten() {
    let project = Project::with_schema(SHOP);
    project.write("migrations/0001_initial.rs.txt", "not a migration");
    project.run("generate");
    // A folder where the file should be: nothing can be written, and nothing stays behind.
    std::fs::create_dir(project.root.join("migrations/0002_x.rs")).expect("it is free");
    let said = project.run("new x");
    assert!(said.contains("can't write") && said.contains("it is there already"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert!(!project.files().iter().any(|it| it.contains("tmp")), "{:?}", project.files());
}

const STATES: &str = "\
enums:
  - {name: order_status, values: [new, payed, sent]}
tables:
  - name: orders
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: status, type: enum, enum: order_status, default: payed, check: \"status <> 'payed' OR id > 0\"}
";

#[test]
fn a_possible_rename_of_an_enum_and_of_a_value_is_never_guessed() {
    let project = Project::with_schema(STATES);
    project.run("generate");
    let renamed = STATES.replace("payed", "paid").replace("order_status", "order_state");
    project.write("schema/schema.yaml", &renamed);
    check(
        &project.run("generate"),
        "
--- stderr
error: only you know what was renamed; nothing was written
note: was enum `order_status` renamed?
  it may be `order_state` now: 2 of 3 values are the same, similar name, `orders.status` is one of it now
    yes: `--rename order_status=order_state`, or `renamed_from: order_status` at `order_state` in the schema
  no, it is gone: `--drop order_status`
hint: run the command again with one of these flags for each question
--- exit 4
",
    );
    check(
        &project.run("generate --rename order_status=order_state"),
        "
--- stderr
error: only you know what was renamed; nothing was written
note: was value `payed` of enum `order_state` renamed?
  it may be `paid` now: similar name, same place among the values
    yes: `--rename order_state.payed=paid`, or `{name: paid, renamed_from: payed}` among the values of `order_state` in the schema
  no, it is gone: `--drop order_state.payed`
hint: run the command again with one of these flags for each question
--- exit 4
",
    );
    let said = project.run("generate --rename order_status=order_state --drop order_state.payed");
    assert!(
        said.contains("Set the values of enum `order_state` loses the value `payed`"),
        "{said}"
    );
    let flags = "generate --rename order_status=order_state --rename order_state.payed=";
    assert_eq!(project.run(&format!("{flags}paid --dry-run")).lines().count(), 12);
    check(
        &project.run(&format!("{flags}order_state.paid")),
        "
created migrations/0002_update_schema.rs
  Rename enum `order_status` to `order_state`
  Rename value `payed` of enum `order_state` to `paid`
",
    );
    check(&project.run("generate"), "No changes detected\n");
}

#[test]
fn answers_about_enums_may_stand_in_a_file_and_in_the_schema() {
    let project = Project::with_schema(STATES);
    project.run("generate");
    let renamed = STATES.replace("payed", "paid").replace("order_status", "order_state");
    project.write("schema/schema.yaml", &renamed);
    project.write(
        "answers.toml",
        "[renames]\norder_status = \"order_state\"\n\"order_state.payed\" = \"paid\"\n",
    );
    let said = project.run("generate --answers answers.toml --dry-run");
    let said = said.split_whitespace().collect::<String>();
    let rename = ".rename_enum_value(\"order_state\",\"payed\",\"paid\",)";
    assert!(said.contains(rename), "{said}");
    assert!(!said.contains("nothingasks"), "{said}");
    let hinted = renamed
        .replace("name: order_state,", "name: order_state, renamed_from: order_status,")
        .replace("new, paid", "new, {name: paid, renamed_from: payed}");
    project.write("schema/schema.yaml", &hinted);
    let said = project.run("generate");
    assert!(said.contains("Rename value `payed` of enum `order_state` to `paid`"), "{said}");
    check(&project.run("generate"), "No changes detected\n");
    let said = project.run("generate --rename order_state.payed=paid");
    let words = "`order_state.payed` is no table, column, index, enum or value";
    assert!(said.contains(words), "{said}");
}

#[test]
fn a_value_that_is_spoken_of_in_other_ways_is_not_renamed_in_part() {
    let states = STATES.replace("status <> 'payed' OR", "coalesce(status, 'payed') <> 'new' OR");
    let project = Project::with_schema(&states);
    project.run("generate");
    project.write("schema/schema.yaml", &states.replace(" payed", " paid"));
    let said = project.run("generate --rename order_status.payed=paid");
    let words = "can't get another name: check `ck_orders_status` of `orders` says `payed` where";
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("renamed?"), "it was answered: {said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}

/// A column of a table that gets another name too is answered by either name of the table.
#[test]
fn what_is_part_of_something_renamed_is_answered_by_the_name_that_was_asked_for() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let schema = SHOP.replace("email", "mail").replace("customers", "clients");
    project.write("schema/schema.yaml", &schema);
    let said = project.run("generate --rename customers=clients");
    assert!(said.contains("yes: `--rename clients.email=mail`"), "{said}");
    let said = project.run("generate --rename customers=clients --rename clients.email=mail");
    assert!(said.contains("Rename column `email` of `clients` to `mail`"), "{said}");
}
