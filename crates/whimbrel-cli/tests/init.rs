//! `whimbrel init`.

use std::{path::Path, process::Command};

use crate::support::{Project, check};

#[test]
fn a_project_begins_with_a_configuration_a_schema_and_a_folder() {
    let project = Project::empty();
    check(
        &project.run("init"),
        "
created whimbrel.toml
created schema/schema.yaml
--- stderr
Now write your tables into schema/schema.yaml and run `whimbrel generate`.
",
    );
    assert!(project.root.join("migrations").is_dir());
    assert!(project.read("whimbrel.toml").contains("\nurl = \"sqlite:shop.sqlite\"\n"));
}

#[test]
fn what_is_there_stays_as_it_is() {
    let project = Project::empty();
    project.write("whimbrel.toml", "# mine\n");
    let said = project.run("init -q");
    check(&said, "\nkept    whimbrel.toml\ncreated schema/schema.yaml\n");
    assert_eq!(project.read("whimbrel.toml"), "# mine\n");
    assert_eq!(project.files(), ["schema/schema.yaml", "whimbrel.toml"], "no temporary file stays");
}

#[test]
fn another_database_is_named_and_no_url_is_written_into_the_file() {
    let project = Project::empty();
    project.run("init --database postgresql");
    let text = project.read("whimbrel.toml");
    assert!(text.contains("\ndialect = \"postgres\"\n"), "{text}");
    assert!(!text.contains("\nurl"), "{text}");
}

#[test]
fn an_unknown_database_is_refused_before_anything_is_written() {
    let project = Project::empty();
    let said = project.run("init --database oracle");
    assert!(said.contains("'oracle'") && said.contains("postgres, mysql, sqlite"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    assert!(project.files().is_empty());
}

#[test]
fn a_member_of_a_workspace_has_none_of_its_own() {
    let project = Project::empty();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"migr*\"]\n");
    project.run("init");
    assert!(!project.read("migrations/Cargo.toml").contains("[workspace]"));
}

#[test]
fn a_workspace_that_does_not_take_it_is_named() {
    let project = Project::empty();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
    let said = project.run("init");
    assert!(said.contains("add it to `members` there"), "{said}");
    assert!(project.read("migrations/Cargo.toml").contains("\n[workspace]\n"));
}

#[test]
fn cargo_check_passes_in_the_package() {
    let project = Project::empty();
    project.run("init --package");
    project.write(
        "migrations/0001_initial.rs",
        "use super::shared::*;\nuse whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::first().create_table(table(\"users\").column(\"id\", key()))\n}\n",
    );
    project.write(
        "migrations/shared.rs",
        "use whimbrel_migration::*;\n\npub fn key() -> Column {\n    serial().primary_key()\n}\n",
    );
    let builder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../whimbrel-migration");
    let patch =
        format!("[patch.crates-io]\nwhimbrel-migration = {{ path = {:?} }}\n", builder.display());
    project.write("migrations/.cargo/config.toml", &patch);
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(project.root.join("migrations"))
        .output()
        .expect("cargo runs this very test");
    let said = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    check(&said, "\n0001_initial: 1 operations\nApply them with `whimbrel up`.\n");
}
