//! `whimbrel init`.

use std::{fs, path::Path, process::Command};

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

/// What cargo says of a package with these files.
fn cargo(project: &Project, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(words)
        .args(["--offline", "--quiet", "--no-default-features"])
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(project.root.join("migrations"))
        .output()
        .expect("cargo runs this very test");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { said } else { String::from_utf8_lossy(&output.stderr).into() }
}

#[test]
fn cargo_check_passes_in_the_package() {
    let project = Project::empty();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    project.run_words(&["init", "--package", "--source", source.to_str().unwrap()]);
    // Only the language is built here; the lock would name what the program needs.
    let manifest = project.read("migrations/Cargo.toml");
    let lines = manifest.lines().filter(|it| !it.starts_with("whimbrel-cli"));
    let light = lines.collect::<Vec<_>>().join("\n").replace("\"dep:whimbrel-cli\"", "");
    project.write("migrations/Cargo.toml", &format!("{light}\n"));
    project.write(
        "migrations/0001_initial.rs",
        "use super::shared::*;\nuse whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::first().create_table(table(\"users\").column(\"id\", key()))\n}\n",
    );
    project.write(
        "migrations/shared.rs",
        "use whimbrel_migration::*;\n\npub fn key() -> Column {\n    serial().primary_key()\n}\n",
    );
    project.write("migrations/.#0001_initial.rs", "an editor's");
    check(
        &cargo(&project, &["run"]),
        "\n2 files, built without the feature `program`:\n0001_initial: 1 operations\n",
    );
    // What is wrong with the files is said as such, all at once.
    project.write("migrations/0001_initial.sql", "-- whimbrel: first\n");
    project.write("migrations/more-words.rs", "");
    project.write("migrations/users.sql", "-- whimbrel: after 0001_initial\n");
    project.write("migrations/impl.rs", "");
    let said = cargo(&project, &["check"]);
    for wrong in [
        "`0001_initial.rs` and `0001_initial.sql` are two migrations of one name",
        "`more-words.rs` can't be a module: call it as one, such as `more_words.rs`",
        "`impl.rs` can't be a module",
        "`users.sql` is a migration without a number: begin its name with one",
    ] {
        assert!(said.contains(wrong), "{wrong}: {said}");
    }
}

#[test]
fn a_package_says_where_its_crates_come_from() {
    let project = Project::empty();
    let said = project.run("init --package");
    assert!(said.contains("until there are any, say where its sources are"), "{said}");
    let published = format!("whimbrel-cli = {{ version = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(project.read("migrations/Cargo.toml").contains(&published));
    let said = Project::empty().run("init --source nowhere");
    assert!(said.contains("`nowhere` doesn't hold whimbrel's sources"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    // Beside its sources, and named from the project.
    let around = Project::empty();
    for name in ["whimbrel-migration", "whimbrel-cli"] {
        around.write(&format!("crates/{name}/Cargo.toml"), "[package]\n");
        around.write(&format!("sources/crates/{name}/Cargo.toml"), "[package]\n");
    }
    around.run("init --package");
    let manifest = around.read("migrations/Cargo.toml");
    assert!(manifest.contains("whimbrel-cli = { path = \"../crates/whimbrel-cli\""), "{manifest}");
    fs::remove_file(around.root.join("migrations/Cargo.toml")).unwrap();
    around.run("init --source sources/");
    let manifest = around.read("migrations/Cargo.toml");
    assert!(manifest.contains("{ path = \"../sources/crates/whimbrel-migration\" }"), "{manifest}");
}
