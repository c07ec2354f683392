//! The first hour with whimbrel, for somebody who knows makemigrations: the same words, the same
//! schema, on every engine.

use whimbrel_test::engines::{self, Engine};

use crate::support::Project;

/// The schema of makemigrations' quick start.
const BLOG: &str = "\
defaults:
  postgresql:
    new_uuid: gen_random_uuid()
  mysql:
    new_uuid: uuid()
  sqlite:
    new_uuid: (lower(hex(randomblob(16))))
tables:
  - name: users
    fields:
      - name: id
        type: uuid
        primary_key: true
        default: new_uuid
      - name: email
        type: varchar
        length: 255
        nullable: false
      - name: created_at
        type: timestamp
        auto_create: true
  - name: posts
    fields:
      - name: id
        type: uuid
        primary_key: true
        default: new_uuid
      - name: title
        type: varchar
        length: 200
        nullable: false
      - name: user_id
        type: foreign_key
        foreign_key:
          table: users
          on_delete: CASCADE
";

/// Runs it; it must have gone well.
#[track_caller]
fn well(project: &Project, engine: &Engine, words: &str) -> String {
    let said = project.run(words);
    assert!(!said.contains("--- exit"), "{}: `{words}`: {said}", engine.name);
    for ugly in ["Some(", "None", "panicked", "Error {", "\\n"] {
        assert!(!said.contains(ugly), "{}: `{words}` says `{ugly}`: {said}", engine.name);
    }
    said
}

#[test]
fn the_quick_start_of_makemigrations_works_word_for_word() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        let well = |words: &str| well(&project, &engine, words);
        let applied = || project.run("status -q").matches("applied").count();

        assert!(well("init").contains("created whimbrel.toml"));
        let said = well("migrate up");
        assert!(said.contains("`whimbrel generate`"), "what comes first is told: {said}");
        project.write("schema/schema.yaml", BLOG);
        let said = well("makemigrations --name initial");
        assert!(said.starts_with("created migrations/0001_initial.rs\n"), "{said}");
        well("migrate up");

        let preferences = "      - name: theme\n        type: varchar\n        length: 20\n        \
                           default: dark\n  - name: posts\n";
        project.write("schema/schema.yaml", &BLOG.replace("  - name: posts\n", preferences));
        let said = well("makemigrations --dry-run");
        assert!(said.contains("add_column(\"users\", \"theme\""), "{said}");
        assert!(!project.files().iter().any(|it| it.contains("0002")), "a dry run writes nothing");
        let said = project.run_words(&["makemigrations", "--name", "add user preferences"]);
        assert!(said.starts_with("created migrations/0002_add_user_preferences.rs\n"), "{said}");
        let said = well("migrate showsql");
        assert!(said.contains("ADD COLUMN") && !said.contains("CREATE TABLE"), "{said}");
        assert_eq!(applied(), 1, "showing runs nothing");
        well("migrate up --to 0002_add_user_preferences");
        assert_eq!(applied(), 2);

        let mut connection = database.connect();
        connection.execute("INSERT INTO users (email) VALUES ('ada@example.org')").expect("fits");
        let rows = connection.query("SELECT theme FROM users WHERE id IS NOT NULL");
        assert_eq!(rows.expect("it is there"), [[Some("dark".to_owned())]], "{}", engine.name);
        connection.execute("DELETE FROM users").expect("it is there");

        well("migrate down");
        assert_eq!(applied(), 1);
        well("migrate up");
        well("migrate down --steps 3");
        assert_eq!(applied(), 0);
        let said = project.run("migrate fake 0001_initial");
        assert!(said.contains("can't be marked as applied"), "{}: {said}", engine.name);
        well("migrate up");
        // The tables are there; only the marks are lost.
        well("migrate fake 0001_initial 0002_add_user_preferences --undo");
        assert_eq!(applied(), 0);
        well("migrate fake 0001_initial");
        well("migrate fake 0002_add_user_preferences");
        assert_eq!(project.run("status -q").matches("faked").count(), 2, "{}", engine.name);
        assert!(well("migrate dag").contains("leaf: 0002_add_user_preferences"));
        assert!(well("history").contains("fake"));
        assert!(well("makemigrations").contains("No changes detected"));
    }
}

#[test]
fn a_url_without_a_database_is_told_what_is_missing() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let mut target = database.target().clone();
        target.database = None;
        let project = Project::empty()
            .set("DATABASE_URL", target.reveal().reveal())
            .with_scripts(&[("0001_a", "CREATE TABLE a (n integer);")]);
        for words in ["up", "status"] {
            let said = project.run(words);
            assert!(said.contains("no database"), "{}: {said}", engine.name);
            assert!(said.contains("name a database in the URL"), "{}: {said}", engine.name);
            assert!(said.ends_with("--- exit 2\n"), "{}: {said}", engine.name);
        }
    }
}
