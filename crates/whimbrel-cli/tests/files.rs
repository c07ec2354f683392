//! Files and rows that have grown apart: edited, renamed and deleted migrations, and taking back.

use serde_json::Value;
use whimbrel_test::engines;

use crate::support::Project;

const TABLE_A: &str = "CREATE TABLE a (n integer);\n-- whimbrel: down\nDROP TABLE a;";
const TABLE_B: &str = "CREATE TABLE b (n integer);\n-- whimbrel: down\nDROP TABLE b;";

#[test]
fn an_edited_file_is_named_and_a_comment_is_no_edit() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project =
            Project::on(&database).with_scripts(&[("0001_a", TABLE_A), ("0002_b", TABLE_B)]);
        project.run("up");
        let file = "migrations/0001_a.sql";
        let text = project.read(file);
        project.write(file, &text.replace("CREATE", "-- Why not?\nCREATE  "));
        let status = project.run("status -q --check");
        assert!(!status.contains("edited"), "{engine:?}: {status}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");

        project.write(file, &text.replace("n integer", "n bigint"));
        assert!(project.run("status -q").contains("edited since"), "{engine:?}");
        assert!(project.run("status -q --check=edited").ends_with("--- exit 1\n"), "{engine:?}");
        let said = project.run("verify");
        assert!(said.contains("warning: 0001_a was changed after"), "{engine:?}: {said}");
        let plan = project.run("plan");
        assert!(plan.contains("`up` stops before it runs anything"), "{engine:?}: {plan}");
        let said = project.run("up");
        assert!(said.contains("`0001_a` was changed after"), "{engine:?}: {said}");
        assert!(said.contains("`whimbrel up --accept-edited 0001_a`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        let said = project.run("up -q --accept-edited 0001_a");
        assert_eq!(said, "Nothing to apply\n", "{engine:?}");
        assert!(!project.run("status -q --check").contains("edited"), "{engine:?}");
        assert!(!project.run("verify").contains("was changed after"), "{engine:?}");
    }
}

/// Two branches: the younger one has run here before the older one is merged.
#[test]
fn a_late_migration_is_shown_with_the_other_until_its_order_is_said_to_be_fine() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database).with_scripts(&[("0001_a", TABLE_A)]);
        let script = |text: &str| format!("-- whimbrel: after 0001_a\n{text};\n");
        project.write("migrations/0003_here.sql", &script("INSERT INTO a VALUES (3)"));
        project.run("up");
        project.write("migrations/0002_late.sql", &script("UPDATE a SET n = n + 1"));
        let merge = "-- whimbrel: after 0002_late, 0003_here\n";
        project.write("migrations/0004_merge.sql", merge);
        let plan = project.run("plan");
        assert!(plan.contains("warning: `up` stops before it runs anything"), "{engine:?}: {plan}");
        let said = project.run("up");
        for words in [
            "`0002_late` comes late: `0003_here`, which stands behind it, has run here already",
            "migrations/0002_late.sql:2:1",
            "Run `UPDATE a SET n = n …`",
            "`0003_here` has run: Run `INSERT INTO a VALUES (3);`",
            "`whimbrel up --late allow`",
            "--- exit 4\n",
        ] {
            assert!(said.contains(words), "{engine:?}: {words}: {said}");
        }
        assert_eq!(project.run("up --late deny"), said, "{engine:?}");
        let said = project.run("up -q --late allow");
        assert!(said.starts_with("applied 0002_late "), "{engine:?}: {said}");
        let rows = database.connect().query("SELECT n FROM a").expect("it is there");
        assert_eq!(rows, [[Some("4".to_owned())]], "{engine:?}");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
    }
}

/// What the configuration says holds unless a flag says otherwise.
#[test]
fn policies_stand_in_the_configuration_and_flags_are_stronger() {
    let project = Project::empty();
    let script = |text: &str| format!("-- whimbrel: after 0001_a\n{text};\n");
    let setup = "late = \"allow\"\nnewer = \"deny\"\n";
    project.write("whimbrel.toml", &format!("url = \"sqlite:shop.sqlite\"\n{setup}"));
    let project = project.with_scripts(&[("0001_a", TABLE_A)]);
    project.write("migrations/0003_here.sql", &script("INSERT INTO a VALUES (3)"));
    project.run("up");
    project.write("migrations/0002_late.sql", &script("DELETE FROM a"));
    let merge = "-- whimbrel: after 0002_late, 0003_here\n";
    project.write("migrations/0004_merge.sql", merge);
    assert!(project.run("up --late deny").contains("comes late"));
    assert!(!project.run("plan").contains("stops before"));
    assert!(project.run("up -q").starts_with("applied 0002_late "));

    std::fs::remove_file(project.root.join("migrations/0004_merge.sql")).expect("it is there");
    std::fs::remove_file(project.root.join("migrations/0003_here.sql")).expect("it is there");
    let said = project.run("up");
    assert!(said.contains("`0003_here`, `0004_merge` were applied here"), "{said}");
    assert!(said.contains("`whimbrel down --unknown`"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("up --newer warn");
    assert!(said.contains("warning: 0003_here is applied here"), "{said}");
    assert!(said.starts_with("Nothing to apply\n"), "{said}");
    let said = project.run("up --newer maybe");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nlate = \"maybe\"\n");
    let said = project.run("status");
    assert!(said.ends_with("--- exit 2\n") && said.contains("allow"), "{said}");
}

#[test]
fn a_renamed_file_is_recognised_and_the_way_on_is_true() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project =
            Project::on(&database).with_scripts(&[("0001_a", TABLE_A), ("0002_b", TABLE_B)]);
        project.run("up");
        let text = project.read("migrations/0002_b.sql");
        std::fs::remove_file(project.root.join("migrations/0002_b.sql")).expect("it is there");
        project.write("migrations/0002_second.sql", &text);
        let said = project.run("up");
        assert!(said.contains("`0002_b` was applied here"), "{engine:?}: {said}");
        assert!(said.contains("`0002_second`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        for words in ["fake 0002_second", "fake --undo 0002_b"] {
            assert!(said.contains(&format!("`whimbrel {words}`")), "{engine:?}: {said}");
            let said = project.run(words);
            assert!(!said.contains("--- exit"), "{engine:?}: {said}");
        }
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
        let status = project.run("status -q --check");
        assert!(!status.contains("--- exit"), "{engine:?}: {status}");
    }
}

#[test]
fn a_deleted_file_warns_and_can_be_taken_back() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project =
            Project::on(&database).with_scripts(&[("0001_a", TABLE_A), ("0002_b", TABLE_B)]);
        project.run("up");
        std::fs::remove_file(project.root.join("migrations/0002_b.sql")).expect("it is there");
        let said = project.run("up");
        assert!(said.starts_with("Nothing to apply\n"), "{engine:?}: {said}");
        assert!(said.contains("warning: 0002_b is applied here"), "{engine:?}: {said}");
        assert!(project.run("status -q --check=unknown").ends_with("--- exit 1\n"), "{engine:?}");
        let said = project.run("down -q --unknown");
        assert!(said.starts_with("reverted 0002_b "), "{engine:?}: {said}");
        assert!(database.connect().query("SELECT n FROM b").is_err(), "{engine:?}: b is gone");
        assert!(!project.run("up").contains("warning"), "{engine:?}");
    }
}

/// Three tables of a schema, so that what a column or table holds is known to be at stake.
fn with_rows(database: &whimbrel_test::engines::Throwaway) -> Project {
    let project = Project::on(database);
    for (name, parent, rest) in [
        ("0001_a", "first()", ".create_table(table(\"a\").column(\"n\", integer()))"),
        ("0002_b", "after(\"0001_a\")", ".create_table(table(\"b\").column(\"n\", integer()))"),
        ("0003_c", "after(\"0002_b\")", ".add_column(\"a\", \"c\", text())"),
    ] {
        project.write(
            &format!("migrations/{name}.rs"),
            &format!(
                "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
                 Migration::{parent}{rest}\n}}\n"
            ),
        );
    }
    project.run("up");
    project
}

#[test]
fn rows_and_values_at_stake_want_a_word() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = with_rows(&database);
        let mut connection = database.connect();
        connection.execute("INSERT INTO a (n) VALUES (1)").expect("it is there");
        // The new column holds nothing, so nothing is at stake.
        let said = project.run("down -q");
        assert!(said.starts_with("reverted 0003_c"), "{engine:?}: {said}");
        project.run("up");
        connection.execute("UPDATE a SET c = 'kept'").expect("it is there");
        let said = project.run("down");
        assert!(said.contains("the values of `c` in `a`"), "{engine:?}: {said}");
        assert!(said.contains("`--allow-data-loss`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        let said = project.run("down --all");
        assert!(said.contains("the rows of `a`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        let rows = connection.query("SELECT c FROM a").expect("it is there");
        assert_eq!(rows, [[Some("kept".to_owned())]], "{engine:?}: nothing was taken back");
        assert_eq!(project.run("status -q").matches("applied").count(), 3, "{engine:?}");
        let said = project.run("down -q --all --allow-data-loss");
        assert_eq!(said.matches("reverted").count(), 3, "{engine:?}: {said}");
    }
}

#[test]
fn down_goes_as_far_as_it_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = with_rows(&database);
        for (words, pending) in [
            ("down", 1),
            ("down 2", 2),
            ("down --steps 2", 2),
            ("down --to 0001_a", 2),
            ("down --to 0002", 1),
            ("down --all", 3),
            ("down 9", 3),
            ("migrate down --steps 3", 3),
        ] {
            project.run("up");
            let said = project.run(words);
            assert!(!said.contains("--- exit"), "{engine:?}: `{words}`: {said}");
            let status = project.run("status -q");
            assert_eq!(status.matches("pending").count(), pending, "{engine:?}: `{words}`");
        }
        project.run("up 2");
        for words in ["down --to 0009", "down --to nowhere", "up --to 0009", "up --to nowhere"] {
            let said = project.run(words);
            assert!(said.contains("there is no migration"), "{engine:?}: {said}");
            assert!(said.ends_with("--- exit 2\n"), "{engine:?}: `{words}`: {said}");
            assert_eq!(project.run("status -q").matches("pending").count(), 1, "{engine:?}");
        }
    }
}

#[test]
fn a_protected_database_wants_its_name() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = with_rows(&database).set("WHIMBREL_PROTECTED", "true");
        let said = project.run("down");
        let (_, flag) = said.split_once("`--confirm ").expect("it says how");
        let (name, _) = flag.split_once('`').expect("it is quoted");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        assert!(project.run("fake 0001 --undo").ends_with("--- exit 4\n"), "{engine:?}");
        let said = project.run("down --confirm another");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        assert_eq!(project.run("status -q").matches("applied").count(), 3, "{engine:?}");
        let said = project.run_words(&["down", "-q", "--confirm", name]);
        assert!(said.starts_with("reverted 0003_c"), "{engine:?}: {said}");
    }
}

#[test]
fn what_programs_read_is_one_json_value_with_a_version() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project =
            Project::on(&database).with_scripts(&[("0001_a", TABLE_A), ("0002_b", TABLE_B)]);
        project.write("schema/schema.yaml", "tables: []\n");
        for (words, key) in [
            ("status", "migrations"),
            ("plan", "migrations"),
            ("up 1", "applied"),
            ("up", "applied"),
            ("up", "applied"),
            ("plan down", "migrations"),
            ("down", "reverted"),
            ("history", "runs"),
            ("generate --check", "operations"),
            ("graph", "migrations"),
            ("sql", "migrations"),
            ("config", "settings"),
            ("up --to nowhere", "error"),
            ("fake nowhere", "error"),
            ("resolve 0001 --step 1 --done", "error"),
        ] {
            let mut all: Vec<&str> = words.split(' ').collect();
            all.extend(["--format", "json"]);
            let output = project.command(&all).output().expect("the binary was built");
            let text = String::from_utf8(output.stdout).expect("it speaks UTF-8");
            let mut last = None;
            for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
                let value =
                    value.unwrap_or_else(|error| panic!("{engine:?}: `{words}`: {error}: {text}"));
                assert_eq!(value["version"], 1, "{engine:?}: `{words}`: {text}");
                last = Some(value);
            }
            let value = last.expect("it says something");
            assert!(value.get(key).is_some(), "{engine:?}: `{words}`: {text}");
            if key == "error" {
                let code = value["error"]["exit_code"].as_i64();
                assert_eq!(code, output.status.code().map(i64::from), "{engine:?}: {text}");
            }
        }
    }
}

#[test]
fn a_migration_whose_first_step_was_refused_may_be_thrown_away() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write(
            "migrations/0001_a.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
             Migration::first()\n        .create_table(table(\"a\").column(\"n\", integer()))\n        \
             .run_sql(sql(\"INSERT INTO a (n) VALUES (1)\").undo_nothing())\n}\n",
        );
        project.write(
            "migrations/0002_bad.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
             Migration::after(\"0001_a\")\n        .run_sql(sql(\"INSERT INTO a (nope) VALUES \
             (1)\").undo_nothing())\n        .create_table(table(\"b\").column(\"n\", \
             integer()))\n}\n",
        );
        let said = project.run("up");
        assert!(said.contains("`0002_bad` stopped at step 1 of 2"), "{engine:?}: {said}");
        assert!(said.contains("none of its 2 steps is done"), "{engine:?}: {said}");
        assert!(project.run("status -q").contains("0002_bad  pending"), "{engine:?}");
        std::fs::remove_file(project.root.join("migrations/0002_bad.rs")).expect("it is there");
        project.write(
            "migrations/0002_good.sql",
            "-- whimbrel: after 0001_a\nCREATE TABLE b (n integer);\n",
        );
        let said = project.run("up -q");
        assert_eq!(said, "applied 0002_good (1 statement)\n", "{engine:?}");
        assert!(!project.run("status -q --check").contains("--- exit"), "{engine:?}");
    }
}

#[test]
fn a_migration_that_stopped_half_way_and_lost_its_file_can_be_taken_back() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write(
            "migrations/0001_a.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
             Migration::first()\n        .create_table(table(\"a\").column(\"n\", integer()))\n        \
             .run_sql(sql(\"INSERT INTO nowhere VALUES (1)\").undo_nothing())\n}\n",
        );
        project.run("up");
        std::fs::remove_file(project.root.join("migrations/0001_a.rs")).expect("it is there");
        assert!(project.run("status -q").contains("0001_a  half way"), "{engine:?}");
        let said = project.run("up");
        assert!(said.contains("there is no file of it here"), "{engine:?}: {said}");
        assert!(said.contains("`whimbrel down`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
        let said = project.run("down -q");
        assert!(said.starts_with("reverted 0001_a"), "{engine:?}: {said}");
        assert!(database.connect().query("SELECT n FROM a").is_err(), "{engine:?}: a is gone");
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{engine:?}");
    }
}

#[test]
fn a_rebuilt_table_is_told_by_its_own_name() {
    let engine = &engines::sqlite()[0];
    let database = engine.fresh_database();
    let project = with_rows(&database);
    database.connect().execute("INSERT INTO a (n) VALUES (1)").expect("it is there");
    project.write(
        "migrations/0004_d.rs",
        "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
         Migration::after(\"0003_c\").add_column(\"a\", \"d\", integer().not_null())\n}\n",
    );
    let said = project.run("up");
    assert!(said.contains("NOT NULL constraint failed: a.d"), "{said}");
    assert!(!said.contains("as it stands"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert!(project.run("status -q").contains("0004_d  pending"));
}

/// The same statements come to the same steps, whichever file they stand in.
#[test]
fn sql_is_cut_and_classified_alike_in_files_of_either_kind() {
    for engine in engines::all() {
        let own = match () {
            () if engine.name.starts_with("postgres") => {
                "CREATE INDEX CONCURRENTLY i ON a (n);\nBEGIN;\nUPDATE a SET n = 1;\nCOMMIT;\n\
                 CREATE TYPE mood AS ENUM ('x');\nALTER TYPE mood ADD VALUE 'y; z';\n\
                 DO $$ BEGIN PERFORM 1; PERFORM 2; END $$;\nVACUUM a;"
            }
            () if engine.name == "sqlite" => {
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;\nVACUUM;\n\
                 PRAGMA user_version = 3;"
            }
            () => {
                "ALTER TABLE a ADD m integer; # not ; an end\nTRUNCATE a;\nANALYZE TABLE a;\n\
                 CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END;\nCALL p();"
            }
        };
        let text = format!("CREATE TABLE a (n integer);\nINSERT INTO a VALUES (';');\n{own}\n");
        let steps = |name: &str, file: &str| {
            let database = engine.fresh_database();
            let project = Project::on(&database);
            project.write(&format!("migrations/{name}"), file);
            let said = project.run("plan --format json -q");
            let plan: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
            let steps = plan["migrations"][0]["statements"].as_array().cloned();
            let mut steps = steps.unwrap_or_else(|| panic!("{said}"));
            for step in &mut steps {
                step["operation"] = Value::Null;
            }
            steps
        };
        let script = steps("0001_x.sql", &format!("-- whimbrel: first\n{text}"));
        let rust = format!(
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    \
             Migration::first().run_sql(sql(r##\"{text}\"##))\n}}\n"
        );
        assert_eq!(script, steps("0001_x.rs", &rust), "{engine:?}");
        assert!(script.len() >= 5, "{engine:?}: {script:?}");
    }
}
