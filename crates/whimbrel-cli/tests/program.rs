//! The program of a package of migrations: what `cargo build` makes of the example, and of a package
//! with code that only a compiler takes.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use whimbrel_test::engines::{self, Throwaway};

use crate::support::{Project, check};

const SHOP: &str = "migrate";
const NATIVE: &str = "native";

/// The programs, built once. The tests themselves are named beside them, as Cargo then finds every
/// dependency as it has built it already.
static BUILT: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    let mut command = Command::new(env!("CARGO"));
    // What cargo tells a test of itself would have some build scripts run again.
    let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    for (name, _) in std::env::vars() {
        if told.iter().any(|it| name.starts_with(it)) {
            command.env_remove(name);
        }
    }
    let output = command
        .current_dir(root())
        .args(["build", "--offline", "--locked", "--message-format=json-render-diagnostics"])
        .args(["-p", "whimbrel-cli", "-p", "shop-migrations", "-p", "native-migrations"])
        .args(["--test", "cli", "--bin", SHOP, "--bin", NATIVE])
        .output()
        .expect("cargo runs this very test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
    let lines = said.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    lines
        .filter_map(|it| {
            let name = it["target"]["name"].as_str()?.to_owned();
            Some((name, PathBuf::from(it["executable"].as_str()?)))
        })
        .collect()
});

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn native() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/native")
}

/// A program in an empty folder, with these variables and no others.
struct Program {
    name: &'static str,
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Program {
    fn new(name: &'static str) -> Self {
        Self { name, folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    fn on(name: &'static str, database: &Throwaway) -> Self {
        Self::new(name).set("DATABASE_URL", &database.url())
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// What it says, in the manner of [`Project::run`].
    fn run(&self, words: &str) -> String {
        let mut command = Command::new(&BUILT[self.name]);
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        let output = command
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(variables)
            .output()
            .expect("it was built");
        let mut said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        let err = String::from_utf8(output.stderr).expect("it speaks UTF-8");
        if !err.is_empty() {
            let _ = write!(said, "--- stderr\n{err}");
        }
        if let Some(code @ 1..) = output.status.code() {
            let _ = writeln!(said, "--- exit {code}");
        }
        said
    }

    /// What it answers; it must have gone well.
    #[track_caller]
    fn well(&self, words: &str) -> String {
        let said = self.run(&format!("-q {words}"));
        assert!(!said.contains("--- "), "{words}: {said}");
        said
    }
}

/// A project on the same database with these files of a package, for whimbrel itself.
fn project(database: &Throwaway, package: &Path, files: &[&str]) -> Project {
    let project = Project::on(database);
    for name in files {
        let text = fs::read_to_string(package.join(name)).unwrap();
        project.write(&format!("migrations/{name}"), &text);
    }
    project
}

/// What of the second package whimbrel can interpret.
const INTERPRETABLE: &[&str] =
    &["0001_users.rs", "0002_towns.sql", "0003_greetings.rs", "shared.rs", "seeds/users.txt"];

fn rows(database: &Throwaway, query: &str) -> Vec<String> {
    let rows = database.connect().query(query).unwrap();
    rows.into_iter().map(|it| it[0].clone().unwrap_or_default()).collect()
}

#[test]
fn the_example_becomes_a_program_that_goes_there_and_back() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let program = Program::on(SHOP, &database);
        let name = &engine.name;
        let first = program.well("up --to 0001_initial");
        assert!(first.starts_with("applied 0001_initial ("), "{name}: {first}");
        assert_eq!(first.lines().count(), 1, "{name}");
        assert_eq!(program.well("up --steps 2").matches("applied ").count(), 2, "{name}");
        assert_eq!(program.well("up").matches("applied ").count(), 4, "{name}");
        assert_eq!(program.well("up"), "Nothing to apply\n", "{name}");
        assert!(program.well("verify").starts_with("No differences: "), "{name}");
        let down = program.well("down --steps 1 --allow-data-loss");
        assert!(down.starts_with("reverted 0006_reviews"), "{name}: {down}");
        let status = program.well("status");
        assert_eq!(status.matches(" applied ").count(), 6, "{name}: {status}");
        assert!(status.contains("0006_reviews_and_loyalty_points             pending"), "{status}");
        assert!(program.run("status --check").ends_with("--- exit 1\n"), "{name}");
        let faked = program.well("fake 0006_reviews_and_loyalty_points --unchecked");
        assert_eq!(faked, "marked 0006_reviews_and_loyalty_points\n", "{name}");
        assert!(program.well("history 0006").contains("marked as applied by `fake`"), "{name}");
    }
}

#[test]
fn what_needs_no_database_is_told_by_the_program_alone() {
    let program = Program::new(SHOP);
    let graph: serde_json::Value =
        serde_json::from_str(&program.well("dag --format json")).unwrap();
    assert_eq!(graph["migrations"].as_array().map(Vec::len), Some(7));
    assert_eq!(graph["leaves"][0], "0006_reviews_and_loyalty_points");
    assert!(graph["schema_state"].is_object(), "{graph}");
    assert!(program.well("migrate dag").contains("● 0004_merge_carts_and_payments\n"));
    let sql = program.well("sql 0005 --dialect postgres");
    assert!(sql.contains("RENAME COLUMN \"name\" TO \"display_name\""), "{sql}");
    assert!(program.well("schema state").contains("- name: loyalty_points"));
    check(
        &program.well("version"),
        &format!(
            "migrate: 7 migrations, the last one 0006_reviews_and_loyalty_points; whimbrel {}\n",
            env!("CARGO_PKG_VERSION")
        ),
    );
}

#[test]
fn what_it_does_not_have_names_whimbrel_and_what_it_has_names_itself() {
    let program = Program::new(SHOP);
    check(
        &program.run("makemigrations --name more"),
        "
--- stderr
error: `generate` is no command of this program
note: it has the migrations compiled in, reads no schema and writes no files
hint: run `whimbrel generate` in the project; then build the program anew
--- exit 2
",
    );
    let said = program.run("up");
    assert!(said.contains("no database is configured") && said.ends_with("--- exit 2\n"), "{said}");
    let program = program.set("DATABASE_URL", "sqlite:a.sqlite");
    let said = program.run("up --to 0009");
    assert!(said.contains("run `migrate status` to see their names"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    assert!(program.run("up --too").contains("Usage: migrate up"));
    assert!(!program.run("up --help").contains("whimbrel up"), "{}", program.run("up --help"));
    assert!(program.run("repair").contains("`migrate up` finishes what was cut off"));
}

#[test]
fn a_database_is_named_by_its_url_or_piece_by_piece() {
    let variables = |target: &whimbrel_wire::Target, kind: &str| {
        let host = target.hosts.first();
        let pieces = [
            ("DB_TYPE", Some(kind.to_owned())),
            ("DB_HOST", host.map(|it| it.name.clone())),
            ("DB_PORT", host.and_then(|it| it.port).map(|it| it.to_string())),
            ("DB_USER", target.user.clone()),
            ("DB_PASSWORD", target.password.as_ref().map(|it| it.reveal().to_owned())),
            ("DB_NAME", target.database.clone()),
            ("DB_SSLMODE", Some("disable".to_owned())),
        ];
        let set = pieces.into_iter().filter_map(|(name, value)| Some((name, value?)));
        set.fold(Program::new(SHOP), |program, (name, value)| program.set(name, &value))
    };
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let kind = engines::dialect_of(database.connect().as_ref()).name;
        let program = variables(database.target(), kind);
        assert_eq!(program.well("up --steps 1").matches("applied").count(), 1, "{}", engine.name);
        // The URL is stronger.
        let elsewhere = variables(database.target(), kind);
        let elsewhere = elsewhere.set("DATABASE_URL", "sqlite:elsewhere.sqlite");
        let elsewhere = Program { variables: elsewhere.variables, ..Program::new(SHOP) };
        let said = elsewhere.run("status");
        assert!(said.contains("database type is") || said.contains("elsewhere.sqlite"), "{said}");
    }
    let program = Program::new(SHOP).set("DB_TYPE", "sqlite").set("DB_NAME", "app.sqlite");
    assert_eq!(program.well("up --steps 1").matches("applied").count(), 1);
    assert!(program.folder.path().join("app.sqlite").is_file());
}

#[test]
fn wrong_variables_are_told_without_the_password() {
    let said = Program::new(SHOP).set("DB_PORT", "many").run("status");
    assert!(said.contains("`DB_PORT` takes a number from 1 to 65535"), "{said}");
    let said = Program::new(SHOP).set("DB_TYPE", "oracle").set("DB_NAME", "a").run("status");
    assert!(said.contains("`DB_TYPE` takes one of `postgres`"), "{said}");
    // Without DB_TYPE and DB_HOST it is PostgreSQL, here.
    let nowhere = Program::new(SHOP)
        .set("DB_NAME", "shop")
        .set("DB_PORT", "1")
        .set("DB_USER", "ada")
        .set("DB_PASSWORD", "geh/eim:s@ch");
    for words in ["status", "up", "config", "status --format json", "-v up"] {
        let said = nowhere.run(words);
        assert!(!said.contains("geh/eim") && !said.contains("s@ch"), "{words}: {said}");
    }
    let said = nowhere.run("status");
    assert!(said.contains("can't connect to postgres://ada:***@localhost:1/shop"), "{said}");
    assert!(said.ends_with("--- exit 5\n"), "{said}");
    // To whimbrel itself they say nothing: many programs have such variables for themselves.
    let project = Project::empty().set("DB_NAME", "shop").set("DB_HOST", "localhost");
    assert!(project.run("status").contains("no database is configured"));
}

#[test]
fn whimbrel_and_the_program_take_over_from_each_other() {
    for engine in engines::all() {
        let name = &engine.name;
        let database = engine.fresh_database();
        let (program, project) =
            (Program::on(NATIVE, &database), project(&database, &native(), INTERPRETABLE));
        // From whimbrel to the program.
        assert_eq!(project.run("up -q --steps 3").matches("applied ").count(), 3, "{name}");
        assert_eq!(program.well("up"), "applied 0004_documents (1 statement)\n", "{name}");
        let documents = rows(&database, "SELECT doc FROM users ORDER BY id");
        assert_eq!(documents[0], r#"{"letters":3,"name":"Ada"}"#, "{name}");
        assert_eq!(program.well("down 4 --allow-data-loss").matches("reverted ").count(), 4);
        // From the program to whimbrel, which takes what runs here for the same.
        assert_eq!(program.well("up --to 0003").matches("applied ").count(), 3, "{name}");
        let greetings = rows(&database, "SELECT words FROM greetings ORDER BY id");
        assert_eq!(greetings, ["hello, Ada", "hello, Grace"], "{name}");
        check(&project.run("up -q"), "Nothing to apply\n");
        // By its meaning as well: another comment, and other bytes.
        let text = project.read("migrations/0003_greetings.rs");
        project.write("migrations/0003_greetings.rs", &format!("{text}// Now with a remark.\n"));
        check(&project.run("up -q"), "Nothing to apply\n");
        let text = text.replace("Mallory\" {", "Malory\" {");
        project.write("migrations/0003_greetings.rs", &text);
        assert!(project.run("up").contains("0003_greetings"), "{name}: an edit is one");
        assert!(project.run("up").contains("--- exit"), "{name}: {}", project.run("up"));
    }
}

#[test]
fn what_one_has_left_half_way_the_other_finishes() {
    for engine in engines::all() {
        for program_first in [true, false] {
            let name = &engine.name;
            let database = engine.fresh_database();
            let (program, project) =
                (Program::on(NATIVE, &database), project(&database, &native(), INTERPRETABLE));
            program.well("up --to 0002");
            let execute = |sql: &str| database.connect().execute(sql).unwrap();
            execute("INSERT INTO users (name) VALUES ('Mallory')");
            let up = |is_program: bool| {
                let words = "up -q --to 0003";
                if is_program { program.run(words) } else { project.run(words) }
            };
            let said = up(program_first);
            assert!(said.contains("Mallory is not greeted"), "{name}: {said}");
            assert!(said.contains("0003_greetings.rs:"), "{name}: the place is told: {said}");
            execute("DELETE FROM users WHERE name = 'Mallory'");
            let said = up(!program_first);
            assert!(said.starts_with("applied 0003_greetings"), "{name}: {said}");
            let greetings = rows(&database, "SELECT words FROM greetings ORDER BY id");
            assert_eq!(greetings, ["hello, Ada", "hello, Grace"], "{name}");
        }
    }
}

#[test]
fn what_only_a_compiler_takes_is_refused_by_whimbrel_with_the_way_to_a_program() {
    let engine = engines::sqlite().remove(0);
    let database = engine.fresh_database();
    let mut files = INTERPRETABLE.to_vec();
    files.push("0004_documents.rs");
    let project = project(&database, &native(), &files);
    let said = project.run("up");
    assert!(
        said.contains("use std::thread;")
            && !said.contains("applied")
            && said.contains("--- exit 3"),
        "{said}"
    );
    assert!(
        said.contains("`whimbrel init --package`") && said.contains("`cargo build --release`"),
        "{said}"
    );
}

/// `init` writes what the packages here have.
#[test]
fn the_packages_are_as_init_writes_them() {
    let project = Project::empty();
    project.run_words(&["init", "--source", root().to_str().unwrap()]);
    for package in [root().join("examples/shop/migrations"), native()] {
        for name in ["build.rs", "main.rs", "rustfmt.toml", ".gitignore"] {
            let theirs = fs::read_to_string(package.join(name)).unwrap();
            assert_eq!(theirs, project.read(&format!("migrations/{name}")), "{name}");
        }
    }
    let manifest = project.read("migrations/Cargo.toml");
    assert!(manifest.contains("whimbrel-cli = { path = \"") && manifest.ends_with("[workspace]\n"));
}
