//! What whimbrel interprets and what rustc compiles mean the same: for every scenario as it is
//! printed, for the example's migrations, and for the corpus of files written by hand.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use whimbrel::{
    diagnostic::SourceFile,
    migration::format::rust::{NoSiblings, print, read},
};
use whimbrel_migration::Migration;
use whimbrel_test::scenario;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .map(|it| (it.display().to_string(), fs::read_to_string(&it).unwrap()))
        .filter(|(_, text)| text.contains("pub fn migration()") && !text.contains("include_str!"))
        .filter(|(_, text)| !text.contains("mod ") && !text.contains("super::"))
        .collect()
}

fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for scenario in scenario::all() {
        let before = Migration { operations: scenario.preparation(), ..Migration::first() };
        let change =
            Migration { operations: scenario.operations.clone(), ..Migration::after("0001") };
        texts.push((format!("{} before", scenario.name), print(&before, "Before.")));
        texts.push((format!("{} change", scenario.name), print(&change, "Change.")));
    }
    texts.extend(rust_files(&root().join("examples/shop/migrations")));
    texts.extend(rust_files(&root().join("crates/whimbrel/tests/migrations/rust")));
    texts.extend(rust_files(&root().join("crates/whimbrel/tests/migrations/runs")));
    texts
}

fn interpreted(name: &str, text: &str) -> Migration {
    let (migration, diagnostics) = read(&SourceFile::new(name, text), &NoSiblings);
    assert!(diagnostics.is_empty(), "{name}: {diagnostics:#?}");
    migration.unwrap_or_else(|| panic!("{name}: no migration")).migration
}

#[test]
fn interpreted_and_compiled_mean_the_same() {
    let texts = texts();
    assert!(texts.len() > 90, "only {} files", texts.len());
    let folder = tempfile::tempdir().unwrap();
    let language = root().join("crates/whimbrel-migration").canonicalize().unwrap();
    fs::write(
        folder.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"compiled\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nwhimbrel-migration = {{ path = {language:?} }}\n\n[workspace]\n"
        ),
    )
    .unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let (mut modules, mut calls) = (String::new(), String::new());
    for (number, (_, text)) in texts.iter().enumerate() {
        fs::write(folder.path().join(format!("src/m{number}.rs")), text).unwrap();
        writeln!(modules, "#[allow(unused)]\nmod m{number};").unwrap();
        writeln!(calls, "    println!(\"{{:?}}\", m{number}::migration());").unwrap();
    }
    fs::write(folder.path().join("src/main.rs"), format!("{modules}\nfn main() {{\n{calls}}}\n"))
        .unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--manifest-path"])
        .arg(folder.path().join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let compiled = String::from_utf8(output.stdout).unwrap();
    let compiled: Vec<&str> = compiled.lines().collect();
    assert_eq!(compiled.len(), texts.len());
    for ((name, text), compiled) in texts.iter().zip(compiled) {
        assert_eq!(format!("{:?}", interpreted(name, text)), compiled, "{name}");
    }
}

#[test]
fn what_is_printed_reads_back_equal_and_prints_the_same() {
    for scenario in scenario::all() {
        for operations in [scenario.preparation(), scenario.operations.clone()] {
            let migration = Migration { operations, ..Migration::after("0001_before") };
            let text = print(&migration, "A change.");
            let back = interpreted(&scenario.name, &text);
            assert_eq!(back, migration, "{}:\n{text}", scenario.name);
            assert_eq!(print(&back, "A change."), text, "{}", scenario.name);
        }
    }
}
