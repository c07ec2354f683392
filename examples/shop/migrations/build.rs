//! Lists the migrations of this folder as modules, so that no list in a file can conflict.

use std::{env, fmt::Write, fs, path::Path};

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("Cargo says where the package is");
    let target = env::var("OUT_DIR").expect("Cargo says where to write");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the package can be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .filter(|path| path.file_name().is_some_and(|it| it != "main.rs" && it != "build.rs"))
        .collect();
    files.sort();

    let (mut modules, mut list) = (String::new(), String::new());
    for (position, path) in files.iter().enumerate() {
        let name = path.file_stem().expect("it ends in .rs").to_string_lossy().into_owned();
        if name.starts_with(|it: char| it.is_ascii_digit()) {
            writeln!(modules, "#[path = {path:?}]\nmod migration_{position};").unwrap();
            writeln!(list, "    ({name:?}, migration_{position}::migration),").unwrap();
        } else {
            // What several migrations share.
            writeln!(modules, "#[path = {path:?}]\nmod {name};").unwrap();
        }
    }
    let text = format!(
        "{modules}\npub const MIGRATIONS: &[(&str, fn() -> whimbrel_migration::Migration)] = &[\n{list}];\n"
    );
    fs::write(Path::new(&target).join("migrations.rs"), text).expect("the list can be written");
}
