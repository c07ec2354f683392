//! What a database refuses: what is said, what is kept, and that the next run goes on.

use std::{fs, path::Path, process::Command};

use whimbrel_test::{
    engines::{self, Engine, Throwaway},
    report,
};

use crate::{roles::Role, support::Project};

/// Whether this engine takes a whole migration back when one of its statements is refused.
fn rolls_back(engine: &Engine) -> bool {
    engine.name == "sqlite" || engine.name.starts_with("postgres")
}

/// The user's tables and whimbrel's own.
fn tables(database: &Throwaway) -> Vec<String> {
    let mut connection = database.connect();
    let sql = match connection.server().product.as_str() {
        "SQLite" => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
        "PostgreSQL" => {
            "SELECT relname FROM pg_class WHERE relkind = 'r' \
             AND relnamespace = 'public'::regnamespace ORDER BY 1"
        }
        _ => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = database() \
             ORDER BY 1"
        }
    };
    connection.query(sql).expect("it can be asked").into_iter().flatten().flatten().collect()
}

#[test]
fn a_refused_second_statement_leaves_what_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let bad = "CREATE TABLE a (n integer);\nINSERT INTO nowhere VALUES (1);\n\
                   CREATE TABLE b (n integer);";
        let project = Project::on(&database)
            .with_scripts(&[("0001_x", "CREATE TABLE x (n integer);"), ("0002_bad", bad)]);
        let said = project.run("up");
        assert!(said.starts_with("applied 0001_x (1 statement)\n"), "{}: {said}", engine.name);
        assert!(said.contains("`0002_bad` stopped at step 2 of 3"), "{}: {said}", engine.name);
        assert!(said.contains("migrations/0002_bad.sql:3:1"), "{}: {said}", engine.name);
        assert!(said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
        let kept = tables(&database).contains(&"a".to_owned());
        assert_eq!(kept, !rolls_back(&engine), "{}: {said}", engine.name);
        let status = project.run("status -q");
        if rolls_back(&engine) {
            assert!(said.contains("nothing of this migration was kept"), "{}: {said}", engine.name);
            assert!(status.contains("0002_bad  pending"), "{}: {status}", engine.name);
        } else {
            assert!(said.contains("1 step of 3 done and recorded"), "{}: {said}", engine.name);
            assert!(said.contains("it goes on at step 2"), "{}: {said}", engine.name);
            assert!(status.contains("steps done: 1"), "{}: {status}", engine.name);
        }
        // Nothing was repaired: it says the same again.
        let again = project.run("up");
        assert!(again.contains("`0002_bad` stopped at step 2 of 3"), "{}: {again}", engine.name);
        let text = project.read("migrations/0002_bad.sql").replace("nowhere", "x");
        project.write("migrations/0002_bad.sql", &text);
        let said = project.run("up");
        assert!(said.contains("applied 0002_bad"), "{}: {said}", engine.name);
        if !rolls_back(&engine) {
            assert!(said.contains("1 of 3 steps are done"), "{}: {said}", engine.name);
        }
        let found = tables(&database);
        for table in ["a", "b", "x"] {
            assert!(found.contains(&table.to_owned()), "{}: {found:?}", engine.name);
        }
        let rows = database.connect().query("SELECT n FROM x").expect("it is there");
        assert_eq!(rows.len(), 1, "{}", engine.name);
        assert_eq!(project.run("status -q --check").matches("exit").count(), 0);
    }
}

#[test]
fn somebody_elses_tables_are_named_and_left_alone() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut theirs = database.connect();
        for table in ["parts", "goose_db_version", "schema_migrations"] {
            theirs.execute(&format!("CREATE TABLE {table} (n integer)")).expect("it is empty");
        }
        let project = Project::on(&database).with_scripts(&[
            ("0001_parts", "CREATE TABLE parts (n integer);"),
            ("0002_more", "CREATE TABLE more (n integer);"),
        ]);
        let said = project.run("up");
        for words in ["`parts`", "`goose_db_version`", "`schema_migrations`", "--into-existing"] {
            assert!(said.contains(words), "{}: {words}: {said}", engine.name);
        }
        assert!(said.ends_with("--- exit 4\n"), "{}: {said}", engine.name);
        assert_eq!(tables(&database).len(), 3, "{}: nothing was created", engine.name);
        let said = project.run("status");
        assert!(said.contains("goose_db_version"), "{}: {said}", engine.name);
        assert_eq!(tables(&database).len(), 3, "{}: nothing was created", engine.name);

        let said = project.run("fake -q 0001_parts --with-parents");
        assert_eq!(said, "marked 0001_parts\n", "{}", engine.name);
        let said = project.run("up -q");
        assert_eq!(said, "applied 0002_more (1 statement)\n", "{}", engine.name);
    }
}

#[test]
fn what_another_tool_says_of_a_database_is_told() {
    let peers: &[(&[&str], &str)] = &[
        (
            &[
                "CREATE TABLE schema_migrations \
                 (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)",
                "INSERT INTO schema_migrations VALUES (42, true)",
            ],
            "golang-migrate's `schema_migrations` says 42, dirty",
        ),
        (
            &[
                "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
                "INSERT INTO schema_migrations VALUES ('20240102')",
            ],
            "dbmate's `schema_migrations` says 20240102",
        ),
        (
            &[
                "CREATE TABLE goose_db_version (id integer PRIMARY KEY, \
                 version_id bigint NOT NULL, is_applied boolean NOT NULL)",
                "INSERT INTO goose_db_version VALUES (1, 0, true), (2, 7, true)",
            ],
            "goose's `goose_db_version` says 7",
        ),
        (
            &[
                "CREATE TABLE schema_version (version integer NOT NULL)",
                "INSERT INTO schema_version VALUES (3)",
            ],
            "tern's `schema_version` says 3",
        ),
        (
            &[
                "CREATE TABLE atlas_schema_revisions \
                 (version varchar(200) PRIMARY KEY, applied integer, total integer)",
                "INSERT INTO atlas_schema_revisions VALUES ('.id', 0, 0), ('20240103', 1, 2)",
            ],
            "Atlas's `atlas_schema_revisions` says 20240103, half applied",
        ),
    ];
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut theirs = database.connect();
        theirs.execute("CREATE TABLE parts (n integer)").expect("it is empty");
        let project =
            Project::on(&database).with_scripts(&[("0001_more", "CREATE TABLE more (n integer);")]);
        for (statements, words) in peers {
            for statement in *statements {
                theirs.execute(statement).unwrap_or_else(|it| panic!("{statement}: {it}"));
            }
            for command in ["up", "status", "plan"] {
                let said = project.run(command);
                assert!(said.contains(words), "{}: {command}: {said}", engine.name);
            }
            let table = words.split('`').nth(1).expect("it is named");
            theirs.execute(&format!("DROP TABLE {table}")).expect("it is there");
        }
    }
}

#[test]
fn into_existing_works_beside_what_is_there() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        database.connect().execute("CREATE TABLE parts (n integer)").expect("it is empty");
        let project =
            Project::on(&database).with_scripts(&[("0001_more", "CREATE TABLE more (n integer);")]);
        assert!(project.run("up").ends_with("--- exit 4\n"), "{}", engine.name);
        let said = project.run("up -q --into-existing");
        assert_eq!(said, "applied 0001_more (1 statement)\n", "{}", engine.name);
        assert_eq!(project.run("up -q"), "Nothing to apply\n", "{}", engine.name);
    }
}

#[test]
fn a_database_that_is_not_there_is_named_with_what_to_do() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let mut target = database.target().clone();
        target.database = Some("whimbrel_test_nowhere".to_owned());
        let project = Project::empty().set("DATABASE_URL", target.reveal().reveal());
        for words in ["status", "up"] {
            let said = project.run(words);
            assert!(said.contains("whimbrel_test_nowhere"), "{}: {said}", engine.name);
            let hint = "CREATE DATABASE whimbrel_test_nowhere";
            assert!(said.contains(hint), "{}: {said}", engine.name);
            assert!(said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
        }
    }
}

#[test]
fn a_role_that_may_only_read_can_look_and_changes_nothing() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let role = Role::new(&database, "reader");
        role.may_read();
        let text = "CREATE TABLE a (n integer);\n-- whimbrel: down\nDROP TABLE a;";
        let scripts = [("0001_a", text)];
        let more = [scripts[0], ("0002_b", "CREATE TABLE b (n integer);")];
        let owner = Project::on(&database).with_scripts(&scripts);
        let reader = Project::empty().set("DATABASE_URL", &role.url()).with_scripts(&more);
        for round in ["without a history", "with a history"] {
            let before = tables(&database);
            for words in ["status", "plan", "history", "sql --pending", "plan down"] {
                let said = reader.run(words);
                assert!(!said.contains("--- exit"), "{} {round}: {said}", engine.name);
            }
            assert!(reader.run("plan -q").contains("CREATE TABLE b"), "{}", engine.name);
            let said = reader.run("up");
            assert!(said.contains("denied"), "{} {round}: {said}", engine.name);
            assert!(said.contains("hint: "), "{} {round}: {said}", engine.name);
            assert!(said.ends_with("--- exit 3\n"), "{} {round}: {said}", engine.name);
            assert_eq!(tables(&database), before, "{} {round}", engine.name);
            owner.run("up");
            role.may_read();
        }
        let status = reader.run("status -q");
        assert!(status.contains("0002_b  pending"), "{}: {status}", engine.name);
    }
}

#[test]
fn a_file_that_may_only_be_read_can_be_looked_at() {
    let engine = &engines::sqlite()[0];
    let database = engine.fresh_database();
    let owner = Project::on(&database).with_scripts(&[("0001_a", "CREATE TABLE a (n integer);")]);
    owner.run("up");
    let url = format!("{}?mode=ro", database.url());
    let reader = Project::empty().set("DATABASE_URL", &url).with_scripts(&[
        ("0001_a", "CREATE TABLE a (n integer);"),
        ("0002_b", "CREATE TABLE b (n integer);"),
    ]);
    for words in ["status", "plan", "history", "sql --pending"] {
        let said = reader.run(words);
        assert!(!said.contains("--- exit"), "{said}");
    }
    let said = reader.run("up");
    assert!(said.contains("readonly") && said.contains("hint: "), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert!(reader.run("status -q").contains("0002_b  pending"));
}

/// A disk of this size that is gone again when it is dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// None where mounting isn't allowed.
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let size = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|it| it.status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What can't be unmounted stays, and the system tells.
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that doesn't run must be seen not to")]
fn a_full_disk_stops_it_and_room_lets_it_finish() {
    let Some(disk) = Disk::of("400k") else {
        report::skipped("sqlite", "mounting is not allowed here");
        eprintln!("SKIPPED: a full disk (mounting is not allowed here)");
        return;
    };
    let file = disk.path().join("shop.sqlite");
    let rows = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200) \
                SELECT n, hex(zeroblob(500)) FROM c";
    let fill = format!("CREATE TABLE b (n integer, t text);\nINSERT INTO b {rows};");
    let project = Project::empty()
        .set("DATABASE_URL", &format!("sqlite:{}", file.display()))
        .with_scripts(&[
            ("0001_a", "CREATE TABLE a (n integer);"),
            ("0002_fill", &fill),
            ("0003_c", "CREATE TABLE c (n integer);"),
        ]);
    project.run("up 1");
    let ballast = disk.path().join("ballast");
    // What doesn't fit any more is cut off, which is what is wanted.
    let _ = fs::write(&ballast, vec![0; 240 * 1024]);
    let said = project.run("up");
    assert!(said.contains("full"), "{said}");
    assert!(said.contains("make room"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    fs::remove_file(&ballast).expect("it is ours");
    let status = project.run("status -q");
    assert!(status.contains("0001_a     applied"), "{status}");
    assert!(status.contains("0002_fill  pending"), "{status}");
    let said = project.run("up -q");
    assert_eq!(said, "applied 0002_fill (2 statements)\napplied 0003_c (1 statement)\n");
}

#[test]
fn a_done_step_that_is_changed_can_be_taken_back_as_the_hint_says() {
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        let file = "migrations/0001_a.rs";
        let text = "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    \
                    Migration::first()\n        .create_table(table(\"a\").column(\"n\", \
                    integer().not_null()))\n        .create_table(table(\"b\").column(\"n\", \
                    integer()))\n        .run_sql(sql(\"ALTER TABLE b ADD FOREIGN KEY (n) \
                    REFERENCES a (n)\").undo_nothing())\n}\n";
        project.write(file, text);
        // What the key points at is not unique.
        let said = project.run("up");
        assert!(said.contains("stopped at step 3 of 3"), "{}: {said}", engine.name);
        assert!(said.contains("2 steps of 3 done and recorded"), "{}: {said}", engine.name);
        project.write(file, &text.replace("integer().not_null()", "integer().primary_key()"));
        let said = project.run("up");
        assert!(said.contains("its step 1, which is done, was changed"), "{}: {said}", engine.name);
        assert!(said.contains("`whimbrel up --restart 0001_a`"), "{}: {said}", engine.name);
        assert!(said.ends_with("--- exit 4\n"), "{}: {said}", engine.name);
        database.connect().execute("INSERT INTO a VALUES (1)").expect("it is there");
        let said = project.run("up --restart 0001_a");
        assert!(said.contains("this would lose"), "{}: {said}", engine.name);
        assert!(said.contains("`--allow-data-loss`"), "{}: {said}", engine.name);
        assert!(said.ends_with("--- exit 4\n"), "{}: {said}", engine.name);
        let said = project.run("up -q --restart 0001 --allow-data-loss");
        let lines = "reverted 0001_a (2 statements)\napplied 0001_a (3 statements)\n";
        assert_eq!(said, lines, "{}", engine.name);
        assert_eq!(project.run("up -q --restart 0001"), "Nothing to apply\n", "{}", engine.name);
        let said = project.run("up --restart 0009");
        assert!(said.ends_with("--- exit 2\n"), "{}: {said}", engine.name);
    }
}

#[test]
fn a_refused_step_on_the_way_down_leaves_what_is_told() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let text = "CREATE TABLE a (n integer);\nCREATE TABLE b (n integer);\n\
                    -- whimbrel: down\nDROP TABLE b;\nDELETE FROM nowhere;\nDROP TABLE a;";
        let project = Project::on(&database).with_scripts(&[("0001_x", text)]);
        project.run("up");
        let said = project.run("down");
        assert!(said.contains("stopped at step 2 of 3"), "{}: {said}", engine.name);
        assert!(said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
        let kept = tables(&database).contains(&"b".to_owned());
        assert_eq!(kept, rolls_back(&engine), "{}", engine.name);
        database.connect().execute("CREATE TABLE nowhere (n integer)").expect("it is new");
        let said = project.run("down");
        assert!(said.contains("reverted 0001_x"), "{}: {said}", engine.name);
        assert!(project.run("status -q").contains("pending"), "{}", engine.name);
        let found = tables(&database);
        assert!(!found.iter().any(|it| it == "a" || it == "b"), "{}: {found:?}", engine.name);
    }
}
