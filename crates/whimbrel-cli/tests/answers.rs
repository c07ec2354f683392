//! What only the user knows, said beforehand: values for rows that are there, and files of answers.

use whimbrel_test::engines;

use crate::{
    makemigrations::{execute, project_on, settled, value, well},
    support::{Project, check},
};

const BEFORE: &str = "\
tables:
  - name: users
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: name, type: text}
";

/// Columns of many types that become required in a table with rows.
const NEW: &str = "      - {name: mail, type: varchar, length: 50, nullable: false}
      - {name: about, type: text, nullable: false}
      - {name: age, type: integer, nullable: false}
      - {name: net, type: decimal, precision: 6, scale: 2, nullable: false}
      - {name: ok, type: boolean, nullable: false}
      - {name: seen, type: timestamp, nullable: false}
      - {name: code, type: uuid, nullable: false}
";

const ANSWERS: &str = "[values]
\"users.mail\" = \"it's none\"
\"users.about\" = \"\"
\"users.age\" = 7
\"users.net\" = 0.50
\"users.ok\" = true
\"users.seen\" = \"now()\"
\"users.code\" = \"new_uuid()\"
";

#[test]
fn rows_that_are_there_get_the_value_once_and_none_is_lost_on_any_database() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, BEFORE);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        execute(&database, "INSERT INTO users (name) VALUES ('a'), ('b')");
        project.write("schema/schema.yaml", &format!("{BEFORE}{NEW}"));
        let said = project.run("generate");
        assert_eq!(said.matches("which value do they get").count(), 7, "{said}");
        assert!(said.ends_with("--- exit 4\n"), "{said}");
        project.write("answers.toml", ANSWERS);
        well(&project, &engine, "generate --answers answers.toml");
        well(&project, &engine, "up");
        settled(&project, &engine);
        let got = "SELECT count(*) FROM users WHERE mail = 'it''s none' AND about = '' AND age = 7 \
                   AND net = 0.50 AND ok AND seen IS NOT NULL AND name IS NOT NULL";
        assert_eq!(value(&database, got).as_deref(), Some("2"), "{}", engine.name);
        let codes = value(&database, "SELECT count(DISTINCT code) FROM users");
        assert_eq!(codes.as_deref(), Some("2"), "{}: each row has its own", engine.name);
        // Whoever comes later has to say.
        let late = database.connect().execute("INSERT INTO users (name) VALUES ('c')");
        assert!(late.is_err(), "{}: the default is gone", engine.name);
        well(&project, &engine, "down --allow-data-loss");
        assert_eq!(value(&database, "SELECT count(*) FROM users").as_deref(), Some("2"));
    }
}

fn one_more(field: &str) -> Project {
    let project = Project::with_schema(BEFORE);
    project.run("generate");
    project.write("schema/schema.yaml", &format!("{BEFORE}      - {field}\n"));
    project
}

#[test]
fn a_value_is_said_with_a_flag_and_written_in_the_language() {
    let project = one_more("{name: age, type: integer, nullable: false}");
    check(
        &project.run("generate"),
        "
--- stderr
error: rows that are there need a value in a new column; nothing was written
note: which value do they get in `users.age`?
hint: run the command again with `--value users.age=…`, or `--no-value users.age` if the table has no rows; or give the field a default in the schema
--- exit 4
",
    );
    for (words, code, told) in [
        ("--value users.age=x", 2, "the value for `users.age` has to be a whole number"),
        ("--value users.age", 2, "doesn't say which value"),
        ("--value users.agee=1", 2, "did you mean `users.age`?"),
        ("--no-value users.name", 2, "there is a value for `users.name`, and nothing asks"),
    ] {
        let said = project.run(&format!("generate {words}"));
        assert!(said.contains(told), "{words}: {said}");
        assert!(said.ends_with(&format!("--- exit {code}\n")), "{words}: {said}");
    }
    assert_eq!(project.files().iter().filter(|it| it.starts_with("migrations/")).count(), 1);
    let plain = project.run("generate --dry-run --no-value users.age");
    assert!(plain.contains(".add_column(\"users\", \"age\", integer().not_null())"), "{plain}");
    project.run("generate --value users.age=18");
    check(
        &project.read("migrations/0002_add_age_to_users.rs"),
        r#"
//! Add age to users.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_initial")
        .add_column("users", "age", integer().not_null().default(18))
        .alter_column("users", "age", set().no_default())
}
"#,
    );
    check(&project.run("generate"), "No changes detected\n");
}

#[test]
fn a_file_of_answers_says_it_all_and_what_is_unused_is_told() {
    let project = Project::with_schema(&format!(
        "{BEFORE}  - name: old\n    fields:\n      - {{name: id, type: serial, primary_key: true}}\n"
    ));
    project.run("generate");
    let after = BEFORE.replace("name: name, type: text", "name: label, type: text");
    project.write(
        "schema/schema.yaml",
        &format!("{after}      - {{name: age, type: integer, nullable: false}}\n"),
    );
    project.write(
        "answers.toml",
        "gone = [\"elder\"]\n[renames]\n\"users.name\" = \"label\"\nusers = \"people\"\n\
         [destructive]\n\"*\" = \"review\"\nold = \"omit\"\n[values]\n\"users.age\" = 1\n\
         \"users.size\" = 2\n",
    );
    let said = project.run("generate --answers answers.toml");
    assert!(said.starts_with("created migrations/0002_update_"), "{said}");
    for (what, place) in [("elder", "1:9"), ("users", "4:1"), ("*", "6:1"), ("users.size", "10:1")]
    {
        assert!(said.contains(&format!("warning: nothing asks about `{what}`")), "{what}: {said}");
        assert!(said.contains(&format!("answers.toml:{place}")), "{what}: {said}");
    }
    assert_eq!(said.matches("warning: ").count(), 4, "{said}");
    let text = project.files().into_iter().find(|it| it.contains("0002")).expect("it was written");
    let text = project.read(&text);
    for part in ["rename_column(\"users\", \"name\", \"label\")", ".state_only(", ".default(1)"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // A second run has nothing to ask.
    let said = project.run("generate --answers answers.toml");
    assert_eq!(said.matches("warning: ").count(), 7, "{said}");
}

#[test]
fn a_wrong_file_of_answers_is_told_with_its_places() {
    let project = one_more("{name: age, type: integer, nullable: false}");
    project.write(
        "answers.toml",
        "rename = 1\n[destructive]\n\"users.name\" = \"revew\"\n[values]\nusers.age = 1\n",
    );
    let said = project.run("generate --answers answers.toml");
    assert!(
        said.contains("did you mean `renames`?") && said.contains("answers.toml:1:1"),
        "{said}"
    );
    assert!(said.contains("a name with a dot is one key"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    project.write("answers.toml", "[destructive]\n\"users.name\" = \"revew\"\n");
    let said = project.run("generate --answers answers.toml");
    assert!(said.contains("did you mean `review`?") && said.contains("answers.toml:2:1"), "{said}");
    let said = project.run("generate --answers nowhere.toml");
    assert!(said.contains("can't read `") && said.contains("nowhere.toml"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}
