//! What went wrong with makemigrations when we ran it, and goes right here: each scenario under the
//! letter of the list that it comes from. (a) stands in `newcomer`, (h) in `destructive`, the squash of (k) in
//! `branches`.

use std::{fmt::Write as _, thread};

use whimbrel::dialect::Dialect;
use whimbrel_test::engines::{self, Engine, Throwaway, dialect_of};

use crate::support::Project;

/// Runs it; it must have gone well.
#[track_caller]
pub(crate) fn well(project: &Project, engine: &Engine, words: &str) -> String {
    let said = project.run(words);
    assert!(!said.contains("--- exit"), "{}: `{words}`: {said}", engine.name);
    said
}

/// A project on this database, with this schema.
pub(crate) fn project_on(database: &Throwaway, schema: &str) -> Project {
    let project = Project::on(database);
    project.write("schema/schema.yaml", schema);
    project
}

fn dialect(database: &Throwaway) -> &'static Dialect {
    dialect_of(&*database.connect())
}

#[track_caller]
pub(crate) fn execute(database: &Throwaway, statement: &str) {
    let done = database.connect().execute(statement);
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// The only value of the only row.
#[track_caller]
pub(crate) fn value(database: &Throwaway, query: &str) -> Option<String> {
    let rows = database.connect().query(query);
    let rows = rows.unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(rows.len(), 1, "{query}: {rows:?}");
    rows[0][0].clone()
}

/// Nothing is left to generate, and the database is as the migrations say.
#[track_caller]
pub(crate) fn settled(project: &Project, engine: &Engine) {
    assert_eq!(project.run("generate --check"), "No changes detected\n", "{}", engine.name);
    let said = well(project, engine, "verify -q");
    assert!(said.starts_with("No differences: "), "{}: {said}", engine.name);
}

const BLOG: &str = "\
tables:
  - name: users
    fields:
      - {name: id, type: serial, primary_key: true}
  - name: posts
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: user_id, type: foreign_key, foreign_key: {table: users}}
";

/// (b) There a key without `on_delete` was dropped and added by every run.
#[test]
fn a_key_that_says_nothing_of_on_delete_is_generated_once() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, BLOG);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
    }
}

/// (c) There a table that pointed at itself was a circular dependency.
#[test]
fn a_table_that_points_at_itself_is_told_as_sql_that_runs() {
    let schema = "\
tables:
  - name: people
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: parent_id, type: foreign_key, foreign_key: {table: people, on_delete: SET_NULL}}
";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, schema);
        let dialect = dialect(&database);
        let sql = project.result(&format!("schema sql --dialect {}", dialect.name));
        run_script(&database, dialect, &sql);
        execute(&database, "INSERT INTO people (parent_id) VALUES (NULL)");
        let orphan = database.connect().execute("INSERT INTO people (parent_id) VALUES (77)");
        assert!(orphan.is_err(), "{}: the key is there", engine.name);
    }
}

/// Sends a script as the database's own client would.
#[track_caller]
fn run_script(database: &Throwaway, dialect: &Dialect, sql: &str) {
    let mut connection = database.connect();
    for piece in whimbrel::sql::split::split(dialect, sql).expect("it can be read") {
        let text = piece.text(sql);
        connection.execute(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

/// (d) There `up --to` something unknown ran everything, and `down --to` a single step.
#[test]
fn to_goes_exactly_there_or_nowhere() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let scripts: Vec<(String, String)> = (1..=4)
            .map(|it| (format!("000{it}_t{it}"), format!("CREATE TABLE t{it} (n integer);")))
            .collect();
        let scripts: Vec<(&str, &str)> =
            scripts.iter().map(|(name, sql)| (name.as_str(), sql.as_str())).collect();
        let with_undo: Vec<String> = (1..=4)
            .map(|it| format!("{}\n-- whimbrel: down\nDROP TABLE t{it};", scripts[it - 1].1))
            .collect();
        let scripts: Vec<(&str, &str)> = scripts
            .iter()
            .zip(&with_undo)
            .map(|((name, _), text)| (*name, text.as_str()))
            .collect();
        let project = Project::on(&database).with_scripts(&scripts);
        let applied = || project.run("status -q").matches(" applied").count();
        for words in ["up --to nonsense", "down --to nonsense"] {
            let said = project.run(words);
            assert!(said.contains("nonsense") && said.ends_with("--- exit 2\n"), "{said}");
            assert_eq!(applied(), 0, "{}: {said}", engine.name);
        }
        well(&project, &engine, "up --to 0003");
        assert_eq!(applied(), 3, "{}", engine.name);
        well(&project, &engine, "up --to 0002_t2");
        assert_eq!(applied(), 3, "{}: what is applied stays", engine.name);
        well(&project, &engine, "up");
        let said = project.run("down --to nonsense");
        assert!(said.ends_with("--- exit 2\n") && applied() == 4, "{said}");
        well(&project, &engine, "down --to 0001 --allow-data-loss");
        assert_eq!(applied(), 1, "{}", engine.name);
        let said = project.run("down --steps 0");
        assert_eq!(applied(), 1, "{}: nought is nothing: {said}", engine.name);
    }
}

/// (e) There a column with a foreign key could be removed on paper only.
#[test]
fn a_column_with_a_foreign_key_can_be_removed() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, BLOG);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        let line = BLOG.lines().last().expect("it has lines");
        project.write("schema/schema.yaml", &BLOG.replace(&format!("{line}\n"), ""));
        well(&project, &engine, "generate --on-destructive generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
        well(&project, &engine, "down");
        project.write("schema/schema.yaml", BLOG);
        let orphan = database.connect().execute("INSERT INTO posts (user_id) VALUES (77)");
        assert!(orphan.is_err(), "{}: the key is back", engine.name);
        // And the table that is pointed at, with the column.
        well(&project, &engine, "up");
        let rest = BLOG.replace(&format!("{line}\n"), "");
        let users =
            "  - name: users\n    fields:\n      - {name: id, type: serial, primary_key: true}\n";
        project.write("schema/schema.yaml", &rest.replace(users, ""));
        well(&project, &engine, "generate --on-destructive generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
    }
}

/// (f) There the operations came in another order each time.
#[test]
fn ten_generates_write_the_same_bytes() {
    let mut schema = String::from("tables:\n");
    for table in 0..12 {
        let _ = write!(
            schema,
            "  - name: t{table}\n    fields:\n      - {{name: id, type: serial, primary_key: true}}\n"
        );
        for column in 0..6 {
            let _ = writeln!(schema, "      - {{name: c{column}, type: text}}");
        }
        let _ = writeln!(
            schema,
            "      - {{name: other, type: foreign_key, foreign_key: {{table: t{}}}}}\n    indexes:\n      \
             - {{name: i{table}, fields: [c1, c2]}}",
            (table + 5) % 12
        );
    }
    let project = Project::with_schema(&schema);
    let texts: Vec<String> = (0..10).map(|_| project.run("generate --dry-run")).collect();
    assert!(texts[0].contains("table(\"t11\")"), "{}", texts[0]);
    assert!(texts.iter().all(|it| *it == texts[0]));
    project.run("generate");
    let changed: Vec<String> = schema
        .lines()
        .filter(|it| !it.contains("name: c5"))
        .map(|it| it.replace("name: c4, type: text", "name: c4, type: uuid, nullable: false"))
        .map(|it| format!("{}\n", it.replace("name: c3,", "name: d3, renamed_from: c3,")))
        .collect();
    project.write("schema/schema.yaml", &changed.concat());
    let words = "generate --dry-run --on-destructive generate";
    let texts: Vec<String> = (0..10).map(|_| project.run(words)).collect();
    assert!(texts[0].contains(".drop_column(\"t11\", \"c5\")"), "{}", texts[0]);
    assert!(texts.iter().all(|it| *it == texts[0]));
}

/// (g) There three changed properties were three questions and three operations.
#[test]
fn three_changed_properties_are_one_operation() {
    let schema = |field: &str| {
        format!(
            "tables:\n  - name: users\n    fields:\n      - {{name: id, type: serial, primary_key: \
             true}}\n      - {{name: score, {field}}}\n"
        )
    };
    let project = Project::with_schema(&schema("type: integer"));
    project.run("generate");
    let changed = schema("type: bigint, nullable: false, default: 7");
    project.write("schema/schema.yaml", &changed);
    let said = project.run("generate --on-destructive generate");
    let told = "  Change type and nullability and default of `score` in `users`\n";
    assert!(said.contains(told), "{said}");
    let text = project.read(said.split_whitespace().nth(1).expect("a file is named"));
    let change = "set().data_type(bigint()).not_null().default(7)";
    assert!(text.contains(change), "{text}");
    assert_eq!(text.matches("alter_column").count(), 1, "{text}");
}

/// (i) There an included file won over the project's own, and indexes were lost.
#[test]
fn the_projects_own_files_count_over_included_ones_and_nothing_is_lost() {
    let project = Project::with_schema(
        "include:\n  - ../shared/users.yaml\ntables:\n  - name: users\n    fields:\n      - {name: \
         email, type: varchar, length: 200, nullable: false}\n      - {name: nick, type: text}\n    \
         indexes:\n      - {name: by_nick, fields: [nick]}\n",
    );
    project.write(
        "shared/users.yaml",
        "tables:\n  - name: users\n    fields:\n      - {name: id, type: serial, primary_key: true}\n      \
         - {name: email, type: text}\n      - {name: phone, type: text}\n    indexes:\n      - {name: \
         by_phone, fields: [phone]}\n",
    );
    let said = project.result("schema sql --dialect postgres");
    for part in
        ["\"id\" SERIAL", "\"email\" VARCHAR(200) NOT NULL", "\"nick\" TEXT", "\"phone\" TEXT"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("\"by_nick\"") && said.contains("\"by_phone\""), "{said}");
}

/// (j) There a changed column on SQLite lost the table's triggers, or failed.
#[test]
fn a_changed_column_on_sqlite_keeps_views_triggers_and_keys() {
    let engine = &engines::sqlite()[0];
    let database = engine.fresh_database();
    let schema = |score: &str| {
        format!(
            "{BLOG}      - {{name: score, {score}}}\n    indexes:\n      - {{name: by_score, fields: \
             [score]}}\n"
        )
    };
    let project = project_on(&database, &schema("type: text"));
    well(&project, engine, "generate");
    project.write(
        "migrations/0002_more.sql",
        "-- whimbrel: after 0001_initial\nCREATE TABLE log (note TEXT);\nCREATE VIEW scores AS SELECT id, score \
         FROM posts;\nCREATE TRIGGER noted AFTER INSERT ON posts BEGIN INSERT INTO log VALUES \
         (NEW.score); END;\n",
    );
    well(&project, engine, "up");
    execute(&database, "INSERT INTO users DEFAULT VALUES");
    execute(&database, "INSERT INTO posts (user_id, score) VALUES (1, '7')");
    project.write("schema/schema.yaml", &schema("type: integer, nullable: false, default: 0"));
    well(&project, engine, "generate --on-destructive generate");
    well(&project, engine, "up");
    execute(&database, "INSERT INTO posts (user_id) VALUES (1)");
    assert_eq!(
        value(&database, "SELECT group_concat(score) FROM (SELECT score FROM scores ORDER BY id)")
            .as_deref(),
        Some("7,0")
    );
    assert_eq!(value(&database, "SELECT count(*) FROM log").as_deref(), Some("2"));
    let orphan = database.connect().execute("INSERT INTO posts (user_id) VALUES (77)");
    assert!(orphan.is_err(), "the key is there");
    let indexes = "SELECT count(*) FROM pragma_index_list('posts') WHERE name = 'by_score'";
    assert_eq!(value(&database, indexes).as_deref(), Some("1"));
}

/// (k) There a key of two columns was two keys on eight of twelve databases.
#[test]
fn a_key_of_two_columns_is_one_key_everywhere() {
    let schema = "\
tables:
  - name: memberships
    fields:
      - {name: team, type: integer, primary_key: true}
      - {name: person, type: integer, primary_key: true}
";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, schema);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
        execute(&database, "INSERT INTO memberships (team, person) VALUES (1, 1), (1, 2)");
        let again = "INSERT INTO memberships (team, person) VALUES (1, 2)";
        assert!(database.connect().execute(again).is_err(), "{}", engine.name);
    }
}

/// (l) There a migration whose second operation failed on MariaDB was a dead end.
#[test]
fn a_migration_that_failed_in_the_middle_goes_on_where_it_stopped() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let schema =
            format!("{BLOG}    indexes:\n      - {{name: by_user, fields: [user_id, id]}}\n");
        let project = project_on(&database, &schema);
        well(&project, &engine, "generate");
        // Somebody has made the second table by hand.
        execute(&database, "CREATE TABLE posts (n integer)");
        let said = project.run("up --into-existing");
        assert!(
            said.contains("posts") && said.ends_with("--- exit 3\n"),
            "{}: {said}",
            engine.name
        );
        execute(&database, "DROP TABLE posts");
        well(&project, &engine, "up");
        settled(&project, &engine);
        let orphan = database.connect().execute("INSERT INTO posts (user_id) VALUES (77)");
        assert!(orphan.is_err(), "{}: the key is there", engine.name);
    }
}

/// (m) There a deleted file's number was given again, over another branch's file.
#[test]
fn no_number_is_given_twice_and_branches_that_conflict_are_shown() {
    let project = Project::with_schema(BLOG);
    project.run("generate");
    let with = |column: &str| {
        BLOG.replace(
            "primary_key: true}\n  - name: posts",
            &format!(
                "primary_key: true}}\n      - {{name: {column}, type: text}}\n  - name: posts"
            ),
        )
    };
    project.write("schema/schema.yaml", &with("name"));
    project.run("generate --name mine");
    let mine = project.read("migrations/0002_mine.rs");
    project.write("migrations/0003_theirs.rs", &mine.replace("text()", "integer()"));
    std::fs::remove_file(project.root.join("migrations/0002_mine.rs")).expect("it is there");
    project.write("migrations/0002_ours.rs", &mine);
    let said = project.run("generate");
    assert!(said.contains("0002_ours") && said.contains("0003_theirs"), "{said}");
    let said = project.run("generate --merge");
    assert!(said.contains("text()") || said.contains("Add column"), "{said}");
    assert!(said.contains("--- exit"), "a conflict is not merged: {said}");
    assert!(project.run("graph").contains("0003_theirs"), "branches that conflict load");
    std::fs::remove_file(project.root.join("migrations/0002_ours.rs")).expect("it is there");
    project.write(
        "schema/schema.yaml",
        &with("name").replace("name, type: text", "name, type: integer"),
    );
    assert_eq!(project.run("generate"), "No changes detected\n");
    project.write("schema/schema.yaml", BLOG);
    let said = project.run("generate --on-destructive generate");
    assert!(said.starts_with("created migrations/0004_"), "{said}");
}

/// (n) There two runs at once did everything twice, and CONCURRENTLY was impossible.
#[test]
fn two_runs_at_once_do_everything_once_also_concurrently() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let project = Project::on(&database).with_scripts(&[
            ("0001_t", "CREATE TABLE t (a integer); INSERT INTO t VALUES (1);"),
            ("0002_by_a", "CREATE INDEX CONCURRENTLY by_a ON t (a);"),
            ("0003_more", "INSERT INTO t VALUES (2);"),
        ]);
        let said: Vec<String> = thread::scope(|scope| {
            let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| project.run("up"))).collect();
            runs.into_iter().map(|it| it.join().expect("it ends")).collect()
        });
        assert!(said.iter().all(|it| !it.contains("--- exit")), "{}: {said:?}", engine.name);
        let rows = value(&database, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t");
        assert_eq!(rows.as_deref(), Some("1,2"), "{}: {said:?}", engine.name);
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'by_a'::regclass";
        assert_eq!(value(&database, valid).as_deref(), Some("true"), "{}", engine.name);
    }
}

/// (o) There the schema of a real database was refused by its own reader, and never clean.
#[test]
fn a_grown_database_becomes_a_schema_that_is_clean() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        for statement in GROWN.split(";\n").filter(|it| !it.trim().is_empty()) {
            execute(&database, statement);
        }
        let project = Project::on(&database);
        std::fs::create_dir(project.root.join("schema")).expect("it is empty");
        well(&project, &engine, "schema inspect -o schema/schema.yaml");
        well(&project, &engine, "schema validate");
        well(&project, &engine, "generate --name grown");
        let said = project.run("generate --check");
        assert!(said.starts_with("No changes detected\n"), "{said}");
        assert!(said.contains("warning: `forgotten` can't become null"), "{said}");
        well(&project, &engine, "baseline 0001_grown");
        let said = well(&project, &engine, "verify -q");
        assert!(said.starts_with("No differences: "), "{}: {said}", engine.name);
    }
}

const GROWN: &str = "\
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(100) NOT NULL DEFAULT 'x',
    mood mood DEFAULT 'ok',
    tags text[] NOT NULL DEFAULT '{}',
    code char(3),
    size smallint,
    ratio double precision DEFAULT 0,
    born date,
    seen timestamptz DEFAULT now(),
    extra jsonb DEFAULT '{}'::jsonb,
    CONSTRAINT positive CHECK (size > 0)
);
CREATE TABLE visits (
    person bigint NOT NULL REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE,
    place int NOT NULL,
    address inet,
    how_long interval,
    PRIMARY KEY (person, place)
);
CREATE TABLE notes (
    id serial PRIMARY KEY,
    person bigint,
    place int,
    body text,
    forgotten bigint NOT NULL REFERENCES people ON DELETE SET NULL,
    FOREIGN KEY (person, place) REFERENCES visits (person, place) ON DELETE NO ACTION
);
CREATE INDEX by_lower_name ON people (lower(name));
CREATE INDEX big_ones ON people (size) WHERE size > 3;
CREATE UNIQUE INDEX notes_places ON notes (person, place) INCLUDE (body);
CREATE VIEW happy AS SELECT * FROM people WHERE mood = 'happy';
COMMENT ON TABLE people IS 'everyone';
";

/// (p) There bytes were spoilt, and a condition was cut at its commas.
#[test]
fn rows_become_a_migration_whatever_is_in_them() {
    let schema = "\
tables:
  - name: countries
    fields:
      - {name: code, type: varchar, length: 2, primary_key: true}
      - {name: name, type: text}
      - {name: flag, type: bytes}
      - {name: area, type: decimal, precision: 12, scale: 2}
      - {name: ratio, type: double}
      - {name: free, type: boolean}
      - {name: people, type: bigint}
      - {name: founded, type: date}
      - {name: extra, type: jsonb}
      - {name: half, type: bigint, generated: {as: people / 2, stored: true}}
";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, schema);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        let dialect = dialect(&database);
        let flag = (dialect.rows.bytes)("00ff27");
        let text = dialect.literal("it's \\ a \"name\"");
        execute(
            &database,
            &format!(
                "INSERT INTO countries (code, name, flag, area, ratio, free, people, founded, extra) VALUES ('AU', {text}, {flag}, 7692024.50, 0.1, {}, 9000000000, \
                 '1901-01-01', '{{\"a\": [1, null]}}'), ('B', NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
                 NULL), ('C', 'left out', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
                dialect.defaults.booleans[1]
            ),
        );
        let columns = "code, name, area, ratio, free, people, founded, extra";
        let rows = || {
            let query = format!("SELECT {columns} FROM countries ORDER BY code");
            database.connect().query(&query).expect("it is there")
        };
        let before = rows();
        let words = ["data", "dump", "countries", "--where", "code IN ('AU','B')"];
        let said = project.run_words(&words);
        assert!(said.starts_with("created migrations/0002_dump_countries.rs\n"), "{said}");
        assert!(said.contains("2 rows"), "{said}");
        let written = project.read("migrations/0002_dump_countries.rs");
        assert!(written.contains("hex(\"00ff27\")"), "{}: {written}", engine.name);
        well(&project, &engine, "up");
        assert_eq!(rows(), before, "{}: nothing changes where it is there", engine.name);
        execute(&database, "DELETE FROM countries WHERE code = 'AU'");
        execute(&database, "UPDATE countries SET name = 'changed' WHERE code = 'B'");
        well(&project, &engine, "down --allow-data-loss");
        well(&project, &engine, "up");
        assert_eq!(rows(), before, "{}: it is there again\n{written}", engine.name);
        let query = format!("SELECT count(*) FROM countries WHERE flag = {flag}");
        assert_eq!(value(&database, &query).as_deref(), Some("1"), "{}", engine.name);
        for (words, wanted) in [
            (&["data", "dump", "countris"][..], "did you mean `countries`?"),
            (&["data", "dump", "countries", "--key", "cod"], "did you mean `code`?"),
            (&["dump-data", "countries", "--where", "no such"], "can't be read"),
        ] {
            let said = project.run_words(words);
            assert!(said.contains(wanted) && said.contains("--- exit"), "{words:?}: {said}");
        }
    }
}

/// (s) There the first migration made of a snapshot had no foreign keys.
#[test]
fn a_snapshot_becomes_the_first_migration_with_its_keys() {
    // In the order in which nothing could be made one after another.
    let (head, rest) = BLOG.split_once("  - name: users\n").expect("it begins so");
    let (users, posts) = rest.split_once("  - name: posts\n").expect("it goes on so");
    let snapshot =
        format!("database: {{name: blog}}\n{head}  - name: posts\n{posts}  - name: users\n{users}");
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write("migrations/.schema_snapshot.yaml", &snapshot);
        let said = well(&project, &engine, "init");
        assert!(said.contains("created migrations/0001_initial.rs\n"), "{said}");
        let said = well(&project, &engine, "init");
        assert!(!said.contains("0001_initial"), "nothing is written over: {said}");
        project.write("schema/schema.yaml", &snapshot);
        assert_eq!(project.run("generate"), "No changes detected\n");
        well(&project, &engine, "up");
        settled(&project, &engine);
        let orphan = database.connect().execute("INSERT INTO posts (user_id) VALUES (77)");
        assert!(orphan.is_err(), "{}: the key is there", engine.name);
    }
}

/// (r) Reading structs is not there yet, and says so.
#[test]
fn what_is_not_there_yet_says_so() {
    let project = Project::with_schema(BLOG);
    for words in ["struct2schema", "struct-to-schema --input ."] {
        let said = project.run(words);
        assert!(said.contains("planned") && said.ends_with("--- exit 2\n"), "{said}");
    }
}

/// (u) There names of eighty characters, and a renamed table, were a difference for ever.
#[test]
fn long_names_and_a_renamed_table_are_clean() {
    let long = "c".repeat(50);
    let schema = BLOG.replace("user_id", &long);
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, &schema);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
        let renamed = schema
            .replace("{table: users}", "{table: people}")
            .replace("  - name: users\n", "  - name: people\n    renamed_from: users\n");
        project.write("schema/schema.yaml", &renamed);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        project.write("schema/schema.yaml", &renamed.replace("    renamed_from: users\n", ""));
        settled(&project, &engine);
    }
}

/// (v, z) There defaults were cut at a quote, frozen when the table was made, or taken for SQL.
#[test]
fn defaults_mean_what_they_say() {
    let schema = "\
tables:
  - name: settings
    fields:
      - {name: id, type: integer, primary_key: true}
      - {name: state, type: varchar, length: 20, default: ACTIVE}
      - {name: label, type: varchar, length: 20, default: \"it's\"}
      - {name: hollow, type: varchar, length: 20, default: \"\"}
      - {name: made, type: timestamp, default: now}
      - {name: list, type: jsonb, default: array}
      - {name: ok, type: boolean, default: true}
";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, schema);
        well(&project, &engine, "generate");
        well(&project, &engine, "up");
        settled(&project, &engine);
        execute(&database, "INSERT INTO settings (id) VALUES (1)");
        let text = |query: &str| value(&database, query);
        assert_eq!(
            text("SELECT state FROM settings").as_deref(),
            Some("ACTIVE"),
            "{}",
            engine.name
        );
        assert_eq!(text("SELECT label FROM settings").as_deref(), Some("it's"), "{}", engine.name);
        assert_eq!(text("SELECT hollow FROM settings").as_deref(), Some(""), "{}", engine.name);
        assert_eq!(text("SELECT list FROM settings").as_deref(), Some("[]"), "{}", engine.name);
        thread::sleep(std::time::Duration::from_millis(1100));
        execute(&database, "INSERT INTO settings (id) VALUES (2)");
        let moments = "SELECT count(DISTINCT made) FROM settings";
        assert_eq!(text(moments).as_deref(), Some("2"), "{}: `now` is not frozen", engine.name);
    }
}

/// (w) There the schema's SQL made each index twice.
#[test]
fn the_schemas_sql_runs_as_it_is() {
    let schema = format!(
        "{BLOG}      - {{name: title, type: text, nullable: false}}\n      - {{name: tags, type: many_to_many, \
         many_to_many: {{table: users}}}}\n    indexes:\n      - {{name: by_user, fields: [user_id]}}\n"
    );
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, &schema);
        let dialect = dialect(&database);
        let sql = project.result(&format!("schema sql --dialect {}", dialect.name));
        run_script(&database, dialect, &sql);
        // It is what the migrations would have made.
        well(&project, &engine, "generate");
        well(&project, &engine, "baseline 0001_initial");
    }
}

/// (x) There a thousand migrations cost 110 MB.
#[cfg(target_os = "linux")]
#[test]
fn a_thousand_migrations_need_little_memory() {
    let mut schema = String::from("tables:\n");
    let project = Project::with_schema("tables: []\n");
    for number in 1..=1000 {
        let parent = match number {
            1 => "Migration::first()".to_owned(),
            _ => format!("Migration::after(\"{:04}_t{}\")", number - 1, number - 1),
        };
        let _ = write!(
            schema,
            "  - name: t{number}\n    fields:\n      - {{name: id, type: serial, primary_key: true}}\n      - \
             {{name: label, type: text}}\n"
        );
        project.write(
            &format!("migrations/{number:04}_t{number}.rs"),
            &format!(
                "use whimbrel_migration::*;\n\npub fn migration() -> Migration {{\n    {parent}.create_table(\n        \
                 table(\"t{number}\")\n            .column(\"id\", serial().primary_key())\n            \
                 .column(\"label\", text()),\n    )\n}}\n"
            ),
        );
    }
    project.write("schema/schema.yaml", &schema);
    assert_eq!(project.run("generate"), "No changes detected\n");
    let peak = peak_memory(&project, &["generate", "--check"]);
    assert!(peak < 60 << 10, "{peak} KiB");
}

/// The most memory that the command had at once, in KiB, as its process tells until it ends.
#[cfg(target_os = "linux")]
fn peak_memory(project: &Project, words: &[&str]) -> u64 {
    let mut command = project.command(words);
    command.stdout(std::process::Stdio::null());
    let mut child = command.spawn().expect("the binary was built");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it is ours").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let size = line.and_then(|it| it.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(size.unwrap_or(0));
        thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(peak > 1 << 10, "the process told nothing");
    peak
}

/// (y) There a migration that creates and changes could not be taken back, nor a required column
/// dropped.
#[test]
fn what_creates_and_changes_can_be_taken_back() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        project.write(
            "migrations/0001_all.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    Migration::first()\n        \
             .create_table(\n            table(\"t\")\n                .column(\"id\", serial().primary_key())\n                \
             .column(\"name\", text().not_null()),\n        )\n        .add_column(\"t\", \"more\", integer())\n        \
             .alter_column(\"t\", \"name\", set().data_type(varchar(100)).nullable())\n        \
             .rename_column(\"t\", \"more\", \"rest\")\n}\n",
        );
        project.write(
            "migrations/0002_drop.rs",
            "use whimbrel_migration::*;\n\npub fn migration() -> Migration {\n    Migration::after(\"0001_all\")\n        \
             .alter_column(\"t\", \"name\", set().not_null())\n        .drop_column(\"t\", \"name\")\n}\n",
        );
        well(&project, &engine, "up 1");
        execute(&database, "INSERT INTO t (name, rest) VALUES ('a', 1)");
        well(&project, &engine, "up");
        let said = project.run("down --allow-data-loss");
        // A row is there that would need a value: refused in words, with what to do, or taken back.
        if said.contains("--- exit") {
            let advice = "there must be no rows of `t` without `name`: change or delete them";
            assert!(said.contains(advice), "{}: {said}", engine.name);
            execute(&database, "DELETE FROM t");
            well(&project, &engine, "down --allow-data-loss");
        }
        well(&project, &engine, "down --all --allow-data-loss");
        assert!(database.connect().query("SELECT * FROM t").is_err(), "{}", engine.name);
    }
}
