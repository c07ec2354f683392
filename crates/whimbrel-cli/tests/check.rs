//! `whimbrel check`: the schema and the migrations of a branch, in a real git repository.

use serde_json::Value;

use crate::support::{Project, SHOP, check, commit, git};

/// A branch `work` beside `main`, both at the first migration.
fn repository() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    git(&project, &["init", "-q"]);
    commit(&project);
    git(&project, &["checkout", "-qb", "work"]);
    project
}

fn migration(parent: &str, column: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
         Migration::after(\"{parent}\").add_column(\"customers\", \"{column}\", text())\n}}\n"
    )
}

#[test]
fn names_that_differ_only_in_case_are_told() {
    let project = repository();
    let email = "      - name: email\n        type: text\n";
    let twice = SHOP.replacen(
        "      - name: email\n",
        &format!("{}      - name: email\n", email.replace("email", "Email")),
        1,
    );
    project.write("schema/schema.yaml", &twice);
    let said = project.run("check");
    assert!(said.contains("have this: the column `email`") && said.contains("`Email`"), "{said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");
    // Bytes that no program of today writes are told as what they are.
    project.write("schema/schema.yaml", &SHOP.replace('\n', "\r"));
    let said = project.run("check");
    assert!(said.contains("its lines end in CR alone"), "{said}");
}

#[test]
fn a_checkout_in_which_everything_fits() {
    let project = repository();
    check(&project.run("check --since main"), "nothing found; 1 migration looked at\n");
    check(&project.run("check"), "nothing found; 1 migration looked at\n");
    let schema = SHOP.replace("length: 255", "length: 300");
    project.write("schema/schema.yaml", &schema);
    check(
        &project.run("check"),
        "
1 error; 1 migration looked at
--- stderr
error: the schema says more than the migrations
  ╭▸ schema/schema.yaml:2:11
  │
2 │   - name: customers
  │           ━━━━━━━━━ this is ahead of them
  │
  ├ note: Change type of `email` in `customers`
  ╰ help: run `whimbrel generate` and commit what it writes

--- exit 1
",
    );
}

#[test]
fn what_is_merged_stays_as_it_is() {
    let project = repository();
    let first = project.read("migrations/0001_initial.rs");
    // Other words for the same are no edit.
    project.write(
        "migrations/0001_initial.rs",
        &first.replace("//! Initial.", "//! In the beginning."),
    );
    check(&project.run("check --since main"), "nothing found; 1 migration looked at\n");

    project.write("migrations/0001_initial.rs", &first.replace("varchar(255)", "varchar(300)"));
    project.write("schema/schema.yaml", &SHOP.replace("length: 255", "length: 300"));
    check(
        &project.run("check --since main --format github"),
        "
::error title=whimbrel edited-migration,file=migrations/0001_initial.rs,line=1,col=1::migration \
         `0001_initial` is in main already and was edited%0Athis differs in meaning%0Adatabases \
         that have applied it would stop, and never get the change%0Ahelp: put it back as it was, \
         and write the change as a new migration
1 error; 1 migration looked at
--- exit 1
",
    );
    // What was edited in `main` as well is `main`'s affair.
    commit(&project);
    git(&project, &["branch", "-f", "main", "work"]);
    check(&project.run("check --since main"), "nothing found; 1 migration looked at\n");

    std::fs::remove_file(project.root.join("migrations/0001_initial.rs")).unwrap();
    let said = project.run("check --since main");
    assert!(said.contains("error: migration `0001_initial` is in main and was removed"), "{said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");
}

#[test]
fn two_branches_that_would_end_in_two_leaves() {
    let project = repository();
    let with = |field: &str| {
        SHOP.replacen(
            "  - name: orders",
            &format!("      - {{name: {field}, type: text}}\n  - name: orders"),
            1,
        )
    };
    git(&project, &["checkout", "-q", "main"]);
    project.write("migrations/0002_phone.rs", &migration("0001_initial", "phone"));
    project.write("schema/schema.yaml", &with("phone"));
    commit(&project);
    git(&project, &["checkout", "-q", "work"]);
    // `main` has gone on, and this branch has nothing of its own: nothing to say.
    check(&project.run("check --since main"), "nothing found; 1 migration looked at\n");
    project.write("migrations/0002_name.rs", &migration("0001_initial", "name"));
    project.write("schema/schema.yaml", &with("name"));
    commit(&project);
    let said = project.run("check --since main");
    assert!(said.contains("main has gone on to `0002_phone`, beside `0002_name`"), "{said}");
    assert!(said.contains("migrations/0002_name.rs:4:5"), "{said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");

    git(&project, &["merge", "-q", "-X", "ours", "main"]);
    let said = project.run("check --since main");
    assert!(said.contains("the migrations end in 2 leaves"), "{said}");
    project.run("generate --merge");
    let both = with("name").replacen(
        "  - name: orders",
        "      - {name: phone, type: text}\n  - name: orders",
        1,
    );
    project.write("schema/schema.yaml", &both);
    check(&project.run("check --since main"), "nothing found; 4 migrations looked at\n");
}

#[test]
fn reports_for_programs() {
    let project = repository();
    project.write("services/shop/whimbrel.toml", "schema = \"a schema.yaml\"\n");
    project.write("services/shop/a schema.yaml", "tables:\n  - {name: t, fields: []}\n");
    project.write(
        "services/shop/migrations/0001_a.rs",
        "use whimbrel_migration::*;\nfn migration() {}\n",
    );
    let json: Value = serde_json::from_str(&output(&project, "json")).unwrap();
    assert_eq!(json["migrations"], 0);
    let rules: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["schema", "migration"]);

    let sarif: Value = serde_json::from_str(&output(&project, "sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let first = &run["results"][0];
    let location = &first["locations"][0]["physicalLocation"];
    // From the top of the repository, as code scanning wants it.
    assert_eq!(location["artifactLocation"]["uri"], "services/shop/a%20schema.yaml");
    assert_eq!(location["region"]["startLine"], 2);
    let index = usize::try_from(first["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], first["ruleId"]);

    let page = output(&project, "markdown");
    assert!(page.starts_with("**whimbrel check**: 2 errors; 0 migrations looked at\n"), "{page}");
    assert!(page.contains("| error `schema` | `services/shop/a schema.yaml:2` | **"), "{page}");
    let github = output(&project, "github");
    assert!(github.contains("file=services/shop/a schema.yaml,line=2,col="), "{github}");
}

fn output(project: &Project, format: &str) -> String {
    let output = project.command(&["-C", "services/shop", "check", "--format", format]).output();
    let output = output.expect("the binary was built");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

/// Code scanning refuses a result without a place, and who reads one needs the other side too.
#[test]
fn every_finding_has_a_place_and_both_sides() {
    let project = repository();
    let text = |column: &str| migration("0001_initial", "name").replace("text()", column);
    project.write("migrations/0002_ours.rs", &text("text()"));
    project.write("migrations/0002_theirs.rs", &text("integer()"));
    git(&project, &["checkout", "-qb", "gone"]);
    commit(&project);
    std::fs::remove_file(project.root.join("migrations/0001_initial.rs")).expect("it is there");
    let removed = project.command(&["check", "--since", "gone", "--format", "sarif"]).output();
    git(&project, &["checkout", "-q", "."]);
    let sarif = project.command(&["check", "--format", "sarif"]).output();
    let mut rules = Vec::new();
    for output in [removed, sarif] {
        let output = output.expect("the binary was built");
        let sarif: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("there are some").clone();
        for result in &results {
            let location = &result["locations"][0]["physicalLocation"];
            assert!(location["artifactLocation"]["uri"].is_string(), "{result}");
            assert!(location["region"]["startLine"].as_u64() >= Some(1), "{result}");
            rules.push(result["ruleId"].as_str().unwrap_or_default().to_owned());
        }
        for result in results.iter().filter(|it| it["ruleId"] == "conflicting-branches") {
            let other = &result["relatedLocations"][0]["physicalLocation"];
            assert_eq!(other["artifactLocation"]["uri"], "migrations/0002_theirs.rs");
            assert_eq!(other["region"]["endLine"], 4, "{result}");
            assert!(
                other["region"]["endColumn"].as_u64() > other["region"]["startColumn"].as_u64()
            );
        }
    }
    for wanted in ["leaves", "conflicting-branches", "removed-migration"] {
        assert!(rules.iter().any(|it| it == wanted), "{wanted}: {rules:?}");
    }
    let github = project.run("check --format github");
    assert!(github.contains("title=whimbrel leaves,file=migrations/0002_"), "{github}");
    assert!(
        github.contains("%0Amigrations/0002_theirs.rs:4: `0002_theirs`: Add column"),
        "{github}"
    );
}

#[test]
fn wherever_it_is_asked_from_the_files_have_their_paths() {
    let project = repository();
    project.write("migrations/0002_name.rs", &migration("0001_initial", "name"));
    commit(&project);
    let (old, new) = ("migrations/0002_name.rs", "migrations/0003_name.rs");
    std::fs::rename(project.root.join(old), project.root.join(new)).expect("it is there");
    let said = project.run("check --since HEAD");
    assert!(said.contains("`0002_name` is in HEAD, and is called `0003_name` here"), "{said}");
    assert!(said.contains("give the file its name again: `0002_name`"), "{said}");
    let inside = project.command(&["-C", "migrations", "check", "--since", "HEAD"]).output();
    let inside = String::from_utf8(inside.expect("the binary was built").stderr).expect("text");
    assert!(inside.contains(" ./0003_name.rs:") && !inside.contains(" /0003"), "{inside}");
    let words = ["-C", "migrations", "check", "--since", "HEAD", "--format", "github"];
    let github = project.command(&words).output().expect("the binary was built").stdout;
    let github = String::from_utf8(github).expect("text");
    assert!(github.contains(",file=migrations/0003_name.rs,line=1"), "{github}");
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let project = repository();
    project.write("migrations/0002_name.rs", &migration("0001_initial", "name"));
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    project.write("migrations/0002_other.rs", &migration("0001_initial", "other"));
    commit(&project);
    let from = format!("file://{}", project.root.display());
    git(&project, &["clone", "-q", "--depth", "1", "--branch", "work", &from, "clone"]);
    git(&project, &["-C", "clone", "fetch", "-q", "--depth", "1", "origin", "main:main"]);
    let said = project.run("-C clone check --since main");
    assert!(said.contains("no commit in common with what `--since` names"), "{said}");
    assert!(said.contains("this clone is shallow: run `git fetch --unshallow`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn without_git_or_without_the_branch() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let said = project.run("check --since origin/main");
    assert!(said.contains("error: git could not be asked: not a git repository"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    git(&project, &["init", "-q"]);
    commit(&project);
    check(
        &project.run("check --since origin/main"),
        "
--- stderr
error: git knows no commit `origin/main` here
hint: if it is a branch of a remote, run `git fetch origin main` first
--- exit 2
",
    );
    check(
        &project.run("generate --format sarif"),
        "
--- stderr
error: this format is for `whimbrel check`
hint: here results are written with `--format text` or `--format json`
--- exit 2
",
    );
}
