//! The example project: it is what the README promises, on every engine that is there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use whimbrel_test::engines;

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop")
}

/// A copy of the example, so that a test leaves nothing behind.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["", "schema", "migrations"] {
        let (from, to) = (shop().join(part), folder.path().join(part));
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    folder
}

fn whimbrel(folder: &Path, url: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whimbrel"));
    command.arg("-C").arg(folder).args(arguments);
    for (name, _) in std::env::vars() {
        if name.starts_with("WHIMBREL_") || name == "DATABASE_URL" || name == "DB_TYPE" {
            command.env_remove(name);
        }
    }
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

const MIGRATIONS: usize = 7;

#[test]
fn the_example_is_applied_to_an_embedded_file_and_then_there_is_nothing_to_do() {
    let folder = copy();
    let first = stdout(&whimbrel(folder.path(), None, &["up"]));
    assert_eq!(first.matches("applied ").count(), MIGRATIONS, "{first}");
    assert!(folder.path().join("shop.sqlite").is_file());
    let second = stdout(&whimbrel(folder.path(), None, &["up"]));
    assert_eq!(second, "Nothing to apply\n");
}

#[test]
fn the_example_goes_there_and_back_on_every_engine() {
    for engine in engines::all() {
        let (folder, database) = (copy(), engine.fresh_database());
        let url = database.url();
        let run = |arguments: &[&str]| stdout(&whimbrel(folder.path(), Some(&url), arguments));
        assert_eq!(run(&["up"]).matches("applied ").count(), MIGRATIONS, "{}", engine.name);
        assert_eq!(run(&["up"]), "Nothing to apply\n", "{}", engine.name);
        let down = run(&["down", "--all", "--allow-data-loss"]);
        assert_eq!(down.matches("reverted ").count(), MIGRATIONS, "{}", engine.name);
        assert_eq!(run(&["up"]).matches("applied ").count(), MIGRATIONS, "{}", engine.name);
    }
}

#[test]
fn the_schema_of_the_example_is_what_its_migrations_lead_to() {
    let folder = copy();
    let output = whimbrel(folder.path(), None, &["generate", "--check"]);
    assert_eq!(stdout(&output), "No changes detected\n");
}

/// What an editor sees, which builds nothing but the language.
#[test]
fn the_migrations_of_the_example_are_sound_rust() {
    let target = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--offline",
            "--locked",
            "--no-default-features",
            "--manifest-path",
        ])
        .arg(shop().join("migrations/Cargo.toml"))
        .env("CARGO_TARGET_DIR", target.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
