//! Migrations in SQL that say what they change of the schema: everything goes on from there.

use whimbrel_test::engines;

use crate::support::{Project, check};

const USERS: &str = "\
-- whimbrel: state
--   .create_table(table(\"users\").column(\"id\", integer().primary_key()))
-- whimbrel: up
CREATE TABLE users (id integer NOT NULL PRIMARY KEY);
";

const NAME: &str = "\
-- whimbrel: state
--   .add_column(\"users\", \"name\", varchar(40))
--   .add_index(\"users\", index(\"users_name\").on(\"name\"))
-- whimbrel: up
ALTER TABLE users ADD COLUMN name varchar(40);
CREATE INDEX users_name ON users (name);
";

const SCHEMA: &str = "\
tables:
  - name: users
    fields:
      - name: id
        type: integer
        primary_key: true
      - name: name
        type: varchar
        length: 40
    indexes:
      - name: users_name
        fields: [name]
";

/// `NAME` with statements of its own for the way down.
fn with_down(undo: &str) -> String {
    format!("{NAME}-- whimbrel: down\n{undo}\n")
}

/// A column of its own for a branch.
fn adds(column: &str, data_type: &str) -> String {
    format!(
        "-- whimbrel: after 0001_users\n\
         -- whimbrel: state .add_column(\"users\", \"{column}\", {data_type})\n\
         -- whimbrel: up\nALTER TABLE users ADD COLUMN {column} text;\n"
    )
}

#[test]
fn what_sql_changes_is_known_and_is_taken_back() {
    let drops = "-- Some words.\nDROP INDEX users_name;\nALTER TABLE users DROP COLUMN name;";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let on_table = engine.name.contains("sqlite") || database.url().starts_with("postgres");
        let drops = if on_table {
            drops.to_owned()
        } else {
            drops.replace("users_name", "users_name ON users")
        };
        // Without a way down the inverse of what it says is the way down.
        for text in [NAME.to_owned(), with_down(&drops)] {
            let project =
                Project::on(&database).with_scripts(&[("0001_users", USERS), ("0002_name", &text)]);
            project.write("schema/schema.yaml", SCHEMA);
            check(&project.run("generate --check"), "No changes detected\n");
            check(&project.run("check"), "nothing found; 2 migrations looked at\n");
            let state = project.run("schema state --at 0001");
            assert!(state.contains("users") && !state.contains("name: name"), "{state}");
            assert_eq!(project.run("up -q").matches("applied").count(), 2, "{engine:?}");
            let said = project.run("verify -q");
            assert!(said.starts_with("No differences: 1 table"), "{engine:?}: {said}");
            database.connect().execute("INSERT INTO users VALUES (1, 'Ada')").expect("it is a row");
            let said = project.run("down -q");
            assert!(said.contains("the values of `name` in `users`"), "{engine:?}: {said}");
            assert!(said.ends_with("--- exit 4\n"), "{engine:?}: {said}");
            let said = project.run("down -q --allow-data-loss");
            assert!(said.starts_with("reverted 0002_name"), "{engine:?}: {said}");
            assert!(database.connect().query("SELECT name FROM users").is_err(), "{engine:?}");
            let said = project.run("verify -q");
            assert!(said.starts_with("No differences: 1 table"), "{engine:?}: {said}");
            assert_eq!(project.run("up -q").matches("applied").count(), 1, "{engine:?}");
            let said = project.run("down -q --all --allow-data-loss");
            assert_eq!(said.matches("reverted").count(), 2, "{engine:?}: {said}");
        }
    }
}

#[test]
fn what_sql_says_and_does_not_do_is_drift() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        let other = NAME.replace("COLUMN name", "COLUMN nam").replace("(name)", "(nam)");
        let project = project.with_scripts(&[("0001_users", USERS), ("0002_name", &other)]);
        assert_eq!(project.run("up -q").matches("applied").count(), 2, "{engine:?}");
        let said = project.run("verify -q");
        assert!(said.contains("column `name` of `users`"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 1\n"), "{engine:?}: {said}");
    }
}

#[test]
fn branches_of_sql_fit_by_what_they_say() {
    let project = Project::with_schema(SCHEMA).with_scripts(&[("0001_users", USERS)]);
    project.write("migrations/0002_name.sql", &adds("name", "text()"));
    project.write("migrations/0002_street.sql", &adds("street", "text()"));
    let said = project.run("generate --merge");
    assert!(said.starts_with("created migrations/0003_merge_name_and_street.rs"), "{said}");
    assert!(!said.contains("SQL"), "that they fit is known: {said}");
    let state = project.run("schema state");
    assert!(state.contains("name: name") && state.contains("name: street"), "{state}");

    let project = Project::with_schema(SCHEMA).with_scripts(&[("0001_users", USERS)]);
    project.write("migrations/0002_name.sql", &adds("name", "text()"));
    project.write("migrations/0002_other.sql", &adds("name", "integer()"));
    let said = project.run("generate --merge");
    let words = [
        "0002_name.sql:2:21",
        "0002_other.sql:2:21",
        "`0002_name`: Add column `name` to `users`",
        "table `users` already has a column `name`",
        "exit 4",
    ];
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What somebody wrote in SQL is not thrown away.
    let before = project.files();
    let said = project.run("rebase 0002_other");
    assert!(said.contains("`0002_other` doesn't fit behind the others"), "{said}");
    assert!(said.contains("0002_other.sql:2:21") && said.ends_with("--- exit 3\n"), "{said}");
    assert_eq!(project.files(), before);
    project.write("migrations/0002_other.sql", &adds("street", "text()"));
    let said = project.run("rebase 0002_other -q");
    assert!(said.starts_with("0002_other is now migrations/0003_other.sql"), "{said}");
    let text = project.read("migrations/0003_other.sql");
    assert_eq!(text, adds("street", "text()").replace("0001_users", "0002_name"));
}

#[test]
fn a_squash_knows_what_its_sql_changes() {
    let scripts = [("0001_users", USERS), ("0002_name", NAME)];
    let project = Project::with_schema(SCHEMA).with_scripts(&scripts);
    let said = project.run("generate --squash ..");
    assert!(said.starts_with("created migrations/0003_squash_0001_to_0002.rs"), "{said}");
    check(&project.run("generate --check"), "No changes detected\n");
    assert!(project.run("up -q").starts_with("applied 0003_squash"));
    assert!(project.run("verify -q").starts_with("No differences: 1 table"));
    assert!(project.run("down -q --allow-data-loss").starts_with("reverted 0003_squash"));
}

#[test]
fn only_sql_that_says_nothing_is_not_seen() {
    let update = "-- whimbrel: state\n-- whimbrel: up\nUPDATE users SET name = 'a';\n";
    let project = Project::with_schema(SCHEMA).with_scripts(&[
        ("0001_users", USERS),
        ("0002_name", NAME),
        ("0003_names", update),
    ]);
    project.write("schema/schema.yaml", &SCHEMA.replace("length: 40", "length: 50"));
    let said = project.run("generate --dry-run");
    assert!(said.contains("varchar(50)") && !said.contains("not seen"), "{said}");
    project.write("migrations/0004_more.sql", "-- whimbrel: after 0003_names\nSELECT 1;\n");
    let said = project.run("generate --dry-run");
    assert!(said.contains("is not seen here: 0004_more\n"), "{said}");
}

#[test]
fn what_does_not_fit_is_shown_where_it_is_said() {
    let project = Project::with_schema(SCHEMA).with_scripts(&[
        ("0001_users", USERS),
        ("0002_name", &NAME.replace("(\"users\", \"name\"", "(\"people\", \"name\"")),
    ]);
    for command in ["check", "generate", "up -q 2", "sql"] {
        let said = project.run(command);
        assert!(said.contains("0002_name.sql:3:7"), "{command}: {said}");
        assert!(said.contains("there is no table `people`"), "{command}: {said}");
    }
}

#[test]
fn generate_writes_sql_for_the_databases_of_the_project() {
    let project =
        Project::with_schema(&SCHEMA[..SCHEMA.find("      - name: name").expect("it is there")]);
    let said = project.run("generate --sql");
    assert!(
        said.starts_with("created migrations/0001_initial.sql\n  Create table `users`\n"),
        "{said}"
    );
    project.write("schema/schema.yaml", SCHEMA);
    let text = "\
-- whimbrel: after 0001_initial
-- Add name and index to users.
-- whimbrel: state
--   .add_column(\"users\", \"name\", varchar(40))
--   .add_index(\"users\", index(\"users_name\").on(\"name\"))
-- whimbrel: up
ALTER TABLE \"users\" ADD COLUMN \"name\" TEXT;
CREATE INDEX \"users_name\" ON \"users\" (\"name\");
";
    let named = "generate --sql --name add_name_and_index_to_users";
    for _ in 0..10 {
        assert_eq!(project.result(&format!("{named} --dry-run")).trim_end(), text.trim_end());
    }
    let said = project.run(named);
    assert!(
        said.contains("note: there is no `down` section (SQLite builds the table anew"),
        "{said}"
    );
    assert_eq!(project.read("migrations/0002_add_name_and_index_to_users.sql"), text);
    check(&project.run("generate"), "No changes detected\n");
    assert_eq!(project.run("up -q").matches("applied").count(), 2);
    assert!(project.run("verify -q").starts_with("No differences: 1 table"));
    assert_eq!(project.run("down -q --all").matches("reverted").count(), 2);

    // What only the database can tell is refused, and written in Rust.
    project.write("schema/schema.yaml", &SCHEMA.replace("varchar\n        length: 40", "integer"));
    let before = project.files();
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nformat = \"sql\"\n");
    let said = project.run("generate --on-destructive generate");
    assert!(said.contains("can't be written as SQL beforehand: SQLite"), "{said}");
    assert!(said.contains("generate --rust") && said.ends_with("--- exit 3\n"), "{said}");
    assert_eq!(project.files(), before, "nothing is written");
    let said = project.run("generate --rust --name other_type --on-destructive generate");
    assert!(said.starts_with("created migrations/0003_other_type.rs"), "{said}");
    assert!(project.run("new more").starts_with("created migrations/0004_more.sql"));
    assert!(project.run("new more --rust").starts_with("created migrations/0005_more.rs"));
    let said = project.run("generate --sql --rust");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn generate_writes_sql_for_each_database() {
    let project = Project::with_schema(SCHEMA);
    project.write(
        "whimbrel.toml",
        "url = \"sqlite:shop.sqlite\"\n[env.production]\nurl = \"postgres://db/shop\"\n",
    );
    project.run("generate --sql");
    let text = project.read("migrations/0001_initial.sql");
    for words in
        ["up sqlite\n", "up postgres\n", "down sqlite\nDROP TABLE", "down postgres\nDROP TABLE"]
    {
        assert!(text.contains(&format!("-- whimbrel: {words}")), "{words}: {text}");
    }
    let said = project.run("sql --dialect mysql");
    assert!(said.contains("no text for MySQL") && said.ends_with("--- exit 3\n"), "{said}");
    project.write("whimbrel.toml", "");
    project.write("schema/schema.yaml", &SCHEMA.replace("users_name", "users_by_name"));
    let said = project.run("generate --sql --rename users.users_name=users_by_name");
    assert!(said.contains("none is configured") && said.ends_with("--- exit 2\n"), "{said}");
}

/// Two files in SQL after the first one, with these calls in their `state` sections.
fn beside(ours: &str, theirs: &str) -> Project {
    let text = |calls: &str| {
        format!("-- whimbrel: after 0001_users\n-- whimbrel: state\n{calls}SELECT 1;\n")
    };
    let project = Project::with_schema("tables: []\n").with_scripts(&[("0001_users", USERS)]);
    project.write("migrations/0002_ours.sql", &text(ours));
    project.write("migrations/0002_theirs.sql", &text(theirs));
    project
}

#[test]
fn of_a_state_section_the_call_that_is_in_the_way_is_underlined() {
    let project = beside(
        "--   .add_column(\"users\", \"a\", text())\n--   .add_column(\"users\", \"b\", text())\n\
         --   .add_column(\"users\", \"c\", text())\n",
        "--   .add_column(\"users\", \"d\", text())\n--   .add_column(\"users\", \"b\", integer())\n",
    );
    let said = project.run("generate --merge");
    assert!(said.contains("migrations/0002_ours.sql:4:7"), "{said}");
    assert!(said.contains("migrations/0002_theirs.sql:4:7"), "{said}");
    assert!(said.contains("━ `0002_ours`: Add column `b` to `users`\n"), "{said}");
    assert!(!said.contains("\"c\"") && !said.contains("\"d\""), "{said}");

    // So it is where one branch doesn't fit by itself, and nothing is written.
    let twice =
        "--   .add_column(\"users\", \"e\", text())\n--   .drop_column(\"users\", \"nick\")\n";
    let project = beside(twice, "--   .add_column(\"users\", \"d\", text())\n");
    for words in ["check", "schema state --at 0002_ours", "up"] {
        let said = project.run(words);
        assert!(said.contains("migrations/0002_ours.sql:4:7"), "{words}: {said}");
        assert!(
            said.contains("\"nick\")\n  ╰╴      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━ "),
            "{words}: {said}"
        );
    }
}

#[test]
fn sql_that_generate_has_written_is_amended() {
    let with = |columns: &str| SCHEMA.replace("    indexes:", &format!("{columns}    indexes:"));
    let age = "      - {name: age, type: integer}\n";
    let town = "      - {name: town, type: text}\n";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write("schema/schema.yaml", SCHEMA);
        assert!(!project.run("generate -q --sql").contains("--- exit"), "{engine:?}");
        project.write("schema/schema.yaml", &with(age));
        project.run("generate -q --sql");
        assert_eq!(project.run("up -q").matches("applied").count(), 2, "{engine:?}");
        let file = "migrations/0002_add_age_to_users.sql";
        // Line ends of another editor are no edit, and neither is another title.
        let text = project.read(file).replace("Add age to users.", "Ages.").replace('\n', "\r\n");
        project.write(file, &text);
        let said = project.run("generate --amend -q");
        assert!(said.starts_with("No changes detected"), "{engine:?}: {said}");
        project.write("schema/schema.yaml", &with(&format!("{age}{town}")));
        let said = project.run("generate --amend -q");
        assert!(
            said.contains("which is now migrations/0002_add_age_and_town_to_users.sql\n"),
            "{engine:?}: {said}"
        );
        assert!(said.contains("applied 0002_add_age_and_town_to_users"), "{engine:?}: {said}");
        check(&project.run("generate --check -q"), "No changes detected\n");
        let said = project.run("verify -q");
        assert!(said.starts_with("No differences"), "{engine:?}: {said}");

        // What somebody has changed is theirs.
        let file = "migrations/0002_add_age_and_town_to_users.sql";
        let text = project.read(file);
        project.write(file, &text.replace("ADD COLUMN", "ADD  COLUMN"));
        project.write("schema/schema.yaml", &with(age));
        let said = project.run("generate --amend -q");
        assert!(
            said.contains("is SQL that is not as `generate --sql` writes it"),
            "{engine:?}: {said}"
        );
        assert!(said.ends_with("--- exit 3\n"), "{engine:?}: {said}");

        // Nothing is left of it.
        project.write(file, &text);
        project.write("schema/schema.yaml", SCHEMA);
        let said = project.run("generate --amend -q --allow-data-loss");
        assert!(said.contains("removed 0002_add_age_and_town_to_users"), "{engine:?}: {said}");
        let said = project.run("verify -q");
        assert!(said.starts_with("No differences"), "{engine:?}: {said}");
    }
}

#[test]
fn what_is_only_to_be_known_stays_so_in_amended_sql() {
    let project = Project::with_schema(SCHEMA);
    project.write("whimbrel.toml", "dialect = \"postgres\"\n");
    let columns = "      - {name: a, type: text}\n      - {name: b, type: text}\n";
    let with = |columns: &str| SCHEMA.replace("    indexes:", &format!("{columns}    indexes:"));
    project.write("schema/schema.yaml", &with(columns));
    project.run("generate -q --sql");
    project.write("schema/schema.yaml", SCHEMA);
    project.run(
        "generate -q --sql --name less --on-destructive users.a=omit --on-destructive generate",
    );
    let file = "migrations/0002_less.sql";
    let text = project.read(file);
    assert!(
        text.contains(".drop_column(\"users\", \"a\")") && !text.contains("DROP COLUMN \"a\""),
        "{text}"
    );
    project.write("schema/schema.yaml", &with("      - {name: c, type: text}\n"));
    let said = project.run("generate -q --amend");
    assert!(said.contains("amended migrations/0002_less.sql\n"), "{said}");
    let text = project.read(file);
    assert!(
        text.contains(".drop_column(\"users\", \"a\")") && !text.contains("DROP COLUMN \"a\""),
        "{text}"
    );
    assert!(text.contains("DROP COLUMN \"b\"") && text.contains("ADD COLUMN \"c\""), "{text}");
    check(&project.run("generate --check"), "No changes detected\n");
}
