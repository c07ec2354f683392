//! What only the user knows, said beforehand: values for rows that are there, and files of answers.

use whimbrel_test::engines;

use crate::{
    destructive::{DOWN, on_a_terminal},
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

const FILLED: &str = "name: name, type: varchar, length: 20, nullable: false";

#[test]
fn a_column_that_becomes_required_gets_its_value_before_it_does_on_any_database() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, BEFORE);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        execute(&database, "INSERT INTO users (name) VALUES ('a'), (NULL), (NULL)");
        project.write("schema/schema.yaml", &BEFORE.replace("name: name, type: text", FILLED));
        let said = project.run("generate");
        assert!(said.contains("which value do they get in `users.name`?"), "{said}");
        assert!(said.contains("--value users.name=…") && said.ends_with("--- exit 4\n"), "{said}");
        // The new type is a question of its own, told in the same breath.
        let narrow = "don't fit its new type, varchar(20)";
        assert!(said.contains(narrow) && !said.contains("is refused where there are"), "{said}");
        let said = project.run("generate --value users.name=none");
        assert!(!said.contains("which value") && said.contains(narrow), "{said}");
        assert!(said.contains("--on-destructive users.name=omit"), "{}: {said}", engine.name);
        well(&project, &engine, "generate --value users.name=none --on-destructive generate");
        let text = migration_text(&project);
        let order = ["varchar(20)", ".backfill(", "set().not_null()"].map(|it| text.find(it));
        assert!(order.is_sorted() && order[0].is_some(), "{text}");
        let graph: serde_json::Value =
            serde_json::from_str(&project.result("graph --format json")).expect("it is JSON");
        assert!(is_said_of(&graph, "backfill", "users"), "{graph}");
        well(&project, &engine, "up");
        settled(&project, &engine);
        let got = value(&database, "SELECT count(*) FROM users WHERE name = 'none'");
        assert_eq!(got.as_deref(), Some("2"), "{}", engine.name);
        let late = database.connect().execute("INSERT INTO users (name) VALUES (NULL)");
        assert!(late.is_err(), "{}: it is required", engine.name);
        well(&project, &engine, "down");
        execute(&database, "INSERT INTO users (name) VALUES (NULL)");
    }
}

/// Whether an operation of this kind names this table, wherever it stands.
fn is_said_of(value: &serde_json::Value, kind: &str, table: &str) -> bool {
    match value {
        serde_json::Value::Object(fields) => {
            (fields.get("type").is_some_and(|it| it == kind)
                && fields.get("table").is_some_and(|it| it == table))
                || fields.values().any(|it| is_said_of(it, kind, table))
        }
        serde_json::Value::Array(items) => items.iter().any(|it| is_said_of(it, kind, table)),
        _ => false,
    }
}

fn migration_text(project: &Project) -> String {
    let files = project.files();
    let name = files.iter().find(|it| it.starts_with("migrations/0002")).expect("it was written");
    project.read(name)
}

#[test]
fn all_that_is_open_is_told_at_once_and_answered_at_once() {
    let project = Project::with_schema(&format!("{BEFORE}      - {{name: old, type: text}}\n"));
    project.run("generate");
    let after = BEFORE.replace("name: name, type: text", FILLED);
    project.write(
        "schema/schema.yaml",
        &format!("{after}      - {{name: age, type: integer, nullable: false}}\n"),
    );
    let words = "generate --drop users.old";
    check(
        &project.run(words),
        "
--- stderr
error: only you know what is to become of what is there; nothing was written
note: which value do they get in `users.name`? Change type of `name` in `users` loses or is refused for values of `name` in `users` that don't fit its new type, varchar(20)
note: which value do they get in `users.age`?
note: Drop column `old` of `users` loses the values of `old` in `users`
hint: run the command again
  with `--value users.name=…`, or `--no-value users.name` if every row has one; `--on-destructive users.name=review` lets somebody look before it runs, and `--on-destructive users.name=omit` leaves the database as it is;
  with `--value users.age=…`, or `--no-value users.age` if the table has no rows; or give the field a default in the schema;
  with `--on-destructive generate` if it is meant, `review` if somebody has to look before it runs, or `omit` if the migrations are to forget it and the database is to stay as it is; `--on-destructive users.name=omit` says it of one alone
--- exit 4
",
    );
    let answers = "--value users.name=x --no-value users.age --on-destructive generate";
    let said = project.run(&format!("{words} {answers}"));
    assert!(said.starts_with("created "), "{said}");
    // What is left unsaid of a table without a key is asked as well.
    let keyless = "tables:\n  - name: logs\n    fields:\n      - {name: line, type: text}\n";
    let project = Project::with_schema(keyless);
    project.run("generate");
    let required = "varchar, length: 9, nullable: false}";
    project.write("schema/schema.yaml", &keyless.replace("text}", required));
    let said = project.run("generate");
    assert!(said.contains("which value do they get in `logs.line`?"), "{said}");
    assert!(said.contains("don't fit its new type") && said.ends_with("--- exit 4\n"), "{said}");
}

fn required() -> Project {
    let project = Project::with_schema(BEFORE);
    project.run("generate");
    let after = BEFORE.replace("name: name, type: text", "name: name, type: text, nullable: false");
    project.write("schema/schema.yaml", &after);
    project
}

#[test]
fn what_becomes_required_is_answered_in_every_way_and_quoted_for_every_database() {
    let filled = required();
    let said = filled.run("generate --value users.name=none");
    assert!(!said.contains("refused where"), "it is filled: {said}");
    check(
        &migration_text(&filled),
        r##"
//! Alter name of users.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_initial")
        .backfill(
            rows("users")
                .set("name", "none")
                .filter(on(Mysql, "`name` IS NULL").otherwise(r#""name" IS NULL"#)),
        )
        .alter_column("users", "name", set().not_null())
}
"##,
    );
    check(&filled.run("generate"), "No changes detected\n");
    let none = required();
    let said = none.run("generate --no-value users.name");
    assert!(said.starts_with("created ") && said.contains("is refused where"), "{said}");
    assert!(!migration_text(&none).contains("backfill"));
    let file = required();
    file.write("answers.toml", "[values]\n\"users.name\" = \"x\"\n");
    file.run("generate --answers answers.toml");
    assert!(migration_text(&file).contains(".set(\"name\", \"x\")"));
    let keyless = "tables:\n  - name: logs\n    fields:\n      - {name: line, type: text}\n";
    let project = Project::with_schema(keyless);
    project.run("generate");
    project.write("schema/schema.yaml", &keyless.replace("text}", "text, nullable: false}"));
    let said = project.run("generate --value logs.line=x");
    assert!(said.contains("there is no key") && said.contains("--no-value logs.line"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
}

#[test]
fn a_flag_that_nothing_asks_for_is_told_also_where_nothing_has_changed() {
    let project = Project::with_schema(BEFORE);
    project.run("generate");
    for words in [
        "--value users.zzz=1",
        "--no-value users.name",
        "--on-destructive users.name=omit",
        "--rename users.zzz=name",
        "--rename users.name=label",
        "--drop users.name",
        "--check --value users.zzz=1",
        "--check --on-destructive users.name=omit",
        "--empty --value users.name=1",
        "--merge --on-destructive omit",
    ] {
        let said = project.run(&format!("generate {words}"));
        assert!(said.contains("error: ") && said.contains("--- exit "), "{words}: {said}");
    }
    assert_eq!(project.files().iter().filter(|it| it.starts_with("migrations/")).count(), 1);
}

#[test]
fn on_a_terminal_the_value_is_asked_until_it_fits_and_enter_alone_writes_nothing() {
    let new = || one_more("{name: age, type: integer, nullable: false}");
    let nothing = new();
    let Some((said, code)) = on_a_terminal(&nothing, "generate", &["\r"]) else { return };
    assert!(said.contains("Which value do the rows that are there get in `users.age`"), "{said}");
    assert_eq!(code, Some(4), "{said}");
    assert!(nothing.files().iter().all(|it| !it.starts_with("migrations/0002")));

    let first = format!("{DOWN}\r");
    let valued = new();
    let (said, code) =
        on_a_terminal(&valued, "generate", &[&first, "many\r", "18\r"]).expect("as above");
    assert!(said.contains("It has to be a whole number, and is `many`."), "{said}");
    assert_eq!(code, Some(0), "{said}");
    assert!(migration_text(&valued).contains(".default(18)"), "{said}");

    let plain = new();
    let second = format!("{}\r", DOWN.repeat(2));
    on_a_terminal(&plain, "generate", &[&second]).expect("as above");
    assert!(migration_text(&plain).contains("integer().not_null())"));

    // What becomes required may be decided as what gives something up, too.
    let filled = required();
    let (said, code) = on_a_terminal(&filled, "generate", &[&first, "none\r"]).expect("as above");
    assert_eq!(code, Some(0), "{said}");
    assert!(migration_text(&filled).contains(".set(\"name\", \"none\")"), "{said}");
    let reviewed = required();
    let third = format!("{}\r", DOWN.repeat(3));
    let (said, _) = on_a_terminal(&reviewed, "generate", &[&third, &second]).expect("as above");
    assert!(migration_text(&reviewed).contains(".needs_review("), "{said}");
}

#[test]
fn what_the_database_at_hand_can_never_do_is_refused_before_it_is_written() {
    let engine = &engines::sqlite()[0];
    let database = engine.fresh_database();
    let project = project_on(&database, &format!("{BEFORE}      - {{name: ok, type: boolean}}\n"));
    well(&project, engine, "generate");
    let after = format!("{BEFORE}      - {{name: ok, type: timestamp}}\n");
    project.write("schema/schema.yaml", &after);
    let said = project.run("generate --on-destructive generate");
    assert!(said.contains("values of the one mean nothing as values of the other"), "{said}");
    assert!(said.contains("nothing was written") && said.ends_with("--- exit 3\n"), "{said}");
    well(&project, engine, "generate --on-destructive omit");
    assert!(migration_text(&project).contains(".state_only("));
}

#[test]
fn what_stands_for_itself_is_refused_with_its_place_too() {
    for (list, what) in [
        ("procedures", "{ name: tidy_up, definition: () LANGUAGE sql AS 'SELECT 1' }"),
        ("views", "{ name: kept, materialized: true, query: SELECT 1 AS one }"),
    ] {
        let project = Project::with_schema(&format!("{BEFORE}{list}:\n  - {what}\n"));
        let said = project.run("--url sqlite:shop.sqlite generate");
        let place = format!("schema/schema.yaml:{}:", BEFORE.lines().count() + 2);
        assert!(said.contains(" make this change: "), "{said}");
        assert!(said.contains(&place) && said.contains(what), "{said}");
        assert!(said.ends_with("--- exit 3\n"), "{said}");
    }
}

#[test]
fn what_the_database_of_an_environment_can_never_do_is_refused_too() {
    let begun = |configuration: &str| {
        let project = Project::with_schema(BEFORE);
        project.write("whimbrel.toml", &format!("url = \"sqlite:shop.sqlite\"\n{configuration}"));
        project.run("generate");
        let after =
            format!("{BEFORE}      - {{name: twice, type: integer, generated: {{as: id * 2}}}}\n");
        project.write("schema/schema.yaml", &after);
        project
    };
    for production in [
        "url = \"postgres://app:${SECRET}@db/shop\"",
        "url = \"${PRODUCTION}\"",
        "dialect = \"postgres\"",
    ] {
        let project = begun(&format!("[env.production]\n{production}\n"));
        let project = project.set("PRODUCTION", "postgresql://app:secret@db/shop");
        let said = project.run("generate");
        let told =
            "error: PostgreSQL, the database of `[env.production]`, can't make this change: ";
        assert!(said.contains(told) && said.ends_with("--- exit 3\n"), "{production}: {said}");
        let place = format!("schema/schema.yaml:{}:", BEFORE.lines().count() + 1);
        assert!(said.contains(&place) && said.contains("{name: twice, "), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
    // What nobody can tell is no obstacle.
    let project = begun("[env.production]\nurl = \"${PRODUCTION}\"\n");
    assert!(project.run("generate").starts_with("created "));
}
