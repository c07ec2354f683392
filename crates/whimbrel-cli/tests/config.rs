//! `whimbrel config`, and what is wrong with a configuration.

use crate::support::{Project, SHOP, check};

/// Everything that has a meaning in URLs, shells or TOML.
const PASSWORD: &str = "p@:/#%w?&=ö";

#[test]
fn every_value_says_where_it_comes_from() {
    let project =
        Project::empty().set("WHIMBREL_SCHEMA", "db.yaml").set("DATABASE_URL", "sqlite:v.db");
    project.write("whimbrel.toml", "migrations = \"db\"\nurl = \"sqlite:f.db\"\n");
    project.write(".env", "WHIMBREL_PROTECTED=true\nDATABASE_URL=sqlite:dot.db\n");
    check(
        &project.run("config"),
        "
schema            db.yaml      variable WHIMBREL_SCHEMA
migrations        db           whimbrel.toml
format            rust         default
numbering         count        default
dialect           -            not set
url               sqlite:v.db  variable DATABASE_URL
direct_url        -            not set
host              -            not set
port              -            not set
user              -            not set
password          -            not set
password_file     -            not set
password_command  -            not set
database          -            not set
sslmode           -            not set
lock              auto         default
protected         true         variable WHIMBREL_PROTECTED of .env
late              deny         default
newer             warn         default
ddl_lock_timeout  5s           default
ddl_lock_wait     5m           default
",
    );
}

#[test]
fn a_stronger_word_wins() {
    let url = |project: &Project, words: &str| {
        let said = project.result(words);
        let line = said.lines().find(|it| it.starts_with("url ")).expect("it is listed");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let project = Project::empty();
    project.write("whimbrel.toml", "url = \"sqlite:f.db\"\n[env.test]\nurl = \"sqlite:t.db\"\n");
    assert_eq!(url(&project, "config"), "url sqlite:f.db whimbrel.toml");
    project.write(".env", "DATABASE_URL=sqlite:dot.db\n");
    assert_eq!(url(&project, "config"), "url sqlite:dot.db variable DATABASE_URL of .env");
    assert_eq!(url(&project, "config --env test"), "url sqlite:t.db [env.test] of whimbrel.toml");
    let project = project.set("CI", "true");
    assert_eq!(url(&project, "config"), "url sqlite:f.db whimbrel.toml");
    let project = project.set("DATABASE_URL", "sqlite:v.db");
    assert_eq!(url(&project, "config"), "url sqlite:v.db variable DATABASE_URL");
    let project = project.set("WHIMBREL_URL", "sqlite:w.db");
    assert_eq!(url(&project, "config"), "url sqlite:w.db variable WHIMBREL_URL");
    assert_eq!(url(&project, "config --url sqlite:flag.db"), "url sqlite:flag.db flag --url");
}

#[test]
fn an_environment_and_a_variable_for_two_databases_are_refused() {
    let project = Project::empty().set("DATABASE_URL", &format!("postgres://me:{PASSWORD}@here/a"));
    project.write("whimbrel.toml", "[env.prod]\nurl = \"postgres://app@there/b\"\n");
    check(
        &project.run("config --env prod"),
        "
--- stderr
error: `--env prod` and the variable `DATABASE_URL` name two databases
hint: the environment's `url` is postgres://app@there/b, the variable's is postgres://me:***@here/a; unset `DATABASE_URL`, leave out `--env`, or say `--url`
--- exit 2
",
    );
    project.write("whimbrel.toml", "[env.prod]\nurl = \"${DATABASE_URL}\"\n");
    project.result("config --env prod");
}

#[test]
fn an_unknown_key_is_underlined_and_its_neighbours_secrets_are_starred() {
    let project = Project::empty();
    project
        .write("whimbrel.toml", "schema = \"a.yaml\"\npasswrod = \"geheim\"\n[env.x]\nprt = 1\n");
    check(
        &project.run("config"),
        "
--- stderr
error: unknown key `passwrod`
  ╭▸ whimbrel.toml:2:1
  │
2 │ passwrod = \"******\"
  │ ━━━━━━━━ no such key
  │
  ╰ help: did you mean `password`?

error: unknown key `prt`
  ╭▸ whimbrel.toml:4:1
  │
4 │ prt = *
  │ ━━━ no such key
  │
  ╰ help: did you mean `port`?

--- exit 2
",
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_underlined() {
    let project = Project::empty();
    project.write("whimbrel.toml", "port = 70000\nprotected = \"yes\"\nformat = \"go\"\n");
    let said = project.run("config");
    for wanted in [
        "`port` takes a number from 1 to 65535",
        "`protected` takes `true` or `false`",
        "`format` takes one of `rust`, `sql`",
    ] {
        assert!(said.contains(wanted), "{said}");
    }
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_file_that_is_not_toml_shows_where_and_no_secret() {
    let project = Project::empty();
    project.write("whimbrel.toml", "password = \"geheim\nurl = \"postgres://a:geheim@b/c\n");
    let said = project.run("config");
    assert!(said.contains("this is not TOML") && said.contains("whimbrel.toml:1:"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_variable_that_is_not_set_is_underlined_only_where_it_is_used() {
    let project = Project::empty();
    project.write("whimbrel.toml", "[env.prod]\nurl = \"${PROD}\"\n");
    project.result("config");
    check(
        &project.run("config --env prod"),
        "
--- stderr
error: `${PROD}` is not set
  ╭▸ whimbrel.toml:2:7
  │
2 │ url = \"${PROD}\"
  │       ━━━━━━━━━ used here
  │
  ╰ help: set the variable `PROD`, or say the value another way

--- exit 2
",
    );
}

#[test]
fn what_needs_no_database_needs_no_secret() {
    let project = Project::with_schema(SHOP);
    for said in [
        "url = \"${PROD}\"",
        "url = \"postgres://app:${PROD}@db/shop\"",
        "dialect = \"postgres\"\nhost = \"${PROD}\"",
        "dialect = \"postgres\"\nhost = \"127.0.0.1\"\nport = 1\npassword = \"${PROD}\"",
        "url = \"sqlite:shop.sqlite\"\ndirect_url = \"${PROD}\"",
    ] {
        project.write("whimbrel.toml", &format!("{said}\n"));
        for words in ["generate --dry-run", "schema validate", "check", "graph"] {
            let said = project.run(words);
            assert!(!said.contains("PROD"), "{words}: {said}");
        }
        let words = if said.contains("direct_url") { "up" } else { "status" };
        for words in [words, "config"] {
            let said = project.run(words);
            assert!(said.contains("error: `${PROD}` is not set"), "{words}: {said}");
            assert!(said.ends_with("--- exit 2\n"), "{words}: {said}");
        }
    }
    let unused = project.set("DATABASE_URL", "sqlite:other.sqlite");
    unused.write("whimbrel.toml", "url = \"${PROD}\"\n");
    assert!(!unused.run("status").contains("PROD"), "another one is stronger");
}

#[test]
fn an_unknown_environment_is_told_from_a_slip() {
    let project = Project::empty();
    project.write("whimbrel.toml", "[env.production]\nprotected = true\n");
    check(
        &project.run("config --env prodution"),
        "
--- stderr
error: there is no environment `prodution`
hint: did you mean `production`?
--- exit 2
",
    );
}

#[test]
fn no_password_is_ever_shown() {
    let project = Project::empty()
        .set("WHIMBREL_PASSWORD", PASSWORD)
        .set("DATABASE_URL", &format!("postgres://app:{PASSWORD}@127.0.0.1/o"));
    project.write("whimbrel.toml", "password_command = \"echo p@:/#%w\"\n");
    for words in ["config", "config --format json", "config -v", "config --env no"] {
        let said = project.run(words);
        assert!(!said.contains("p@:") && !said.contains("#%w"), "{said}");
    }
}

#[test]
fn a_bad_dot_env_is_named_and_not_repeated() {
    let project = Project::empty();
    project.write(".env", "DATABASE_URL=postgres://a:geheim@b/c d e\n");
    let said = project.run("config");
    assert!(said.contains("a line is not `NAME=value`") && !said.contains("geheim"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn the_configuration_of_makemigrations_is_read_as_it_is() {
    let project = Project::empty();
    project.write(
        "migrations/makemigrations.config.yaml",
        "database:\n  type: postgresql\n  default_url: postgres://a:geheim@b/c\nmigration:\n  \
         directory: db\n  include_down_sql: true\noutput:\n  verbos: false\n",
    );
    let said = project.run("config");
    assert!(said.contains("dialect           postgresql "), "{said}");
    assert!(said.contains("migrations        db "), "{said}");
    assert!(said.contains("warning: `migration.include_down_sql` has no effect here"), "{said}");
    assert!(said.contains("help: did you mean `output.verbose`?"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    assert!(!said.contains("exit"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_password_command_runs_only_to_connect() {
    let project = Project::empty();
    let command = "password_command = \"touch ran; echo p@:/#%w\"\n";
    let there = || project.files().contains(&"ran".to_owned());
    project.write("whimbrel.toml", &format!("url = \"sqlite:a.db\"\n{command}"));
    project.result("config");
    project.result("status");
    assert!(!there(), "a file needs no password");
    project.write("whimbrel.toml", &format!("url = \"postgres://a@127.0.0.1:1/b\"\n{command}"));
    let said = project.run("status");
    assert!(there() && said.ends_with("--- exit 5\n") && !said.contains("#%w"), "{said}");
    project.write(
        "whimbrel.toml",
        "url = \"postgres://a@127.0.0.1:1/b\"\npassword_command = \"false\"\n",
    );
    let said = project.run("status");
    assert!(said.contains("`password_command` failed: it ended with"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_password_file_that_is_missing_is_named() {
    let project = Project::empty();
    project
        .write("whimbrel.toml", "url = \"postgres://a@127.0.0.1:1/b\"\npassword_file = \"pw\"\n");
    let said = project.run("status");
    assert!(said.contains("can't read `") && said.contains("pw`: there is no such file"), "{said}");
    project.write("pw", "p@:/#%w\nsecond line\n");
    let said = project.run("status");
    assert!(said.ends_with("--- exit 5\n") && !said.contains("#%w"), "{said}");
}

#[test]
fn a_type_that_contradicts_the_url_is_refused_unless_the_url_is_stronger() {
    let project = Project::empty();
    project.write("whimbrel.toml", "dialect = \"mysql\"\n");
    let project = project.set("DATABASE_URL", "sqlite:a.db");
    project.result("status");
    let project = project.set("DB_TYPE", "mysql");
    let said = project.run("status");
    assert!(said.contains("the database type is `mysql`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    let project = project.set("DB_TYPE", "oracle");
    let said = project.run("status");
    assert!(said.contains("`DB_TYPE` takes one of `postgres`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_folder_below_belongs_to_the_project() {
    let project = Project::with_schema(crate::support::SHOP);
    project.write("src/deep/x", "");
    let said = project.run("-C src/deep generate");
    assert!(said.starts_with("created ../../migrations/0001_initial.rs\n"), "{said}");
    check(
        &project.run("-C src/deep up"),
        r#"
applied 0001_initial (2 statements)
--- stderr
target: SQLite VERSION · shop.sqlite
  step 1 of 2: CREATE TABLE "customers" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT … (TIME)
  step 2 of 2: CREATE TABLE "orders" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NU … (TIME)
"#,
    );
    check(&project.run("up -q"), "Nothing to apply\n");
}
