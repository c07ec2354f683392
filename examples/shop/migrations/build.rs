//! Lists the migrations of this folder, so that no list in a file can conflict.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process,
};

fn main() {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it"));
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    if !target.starts_with(&folder) {
        // Else Cargo looks at the package's files by itself.
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    match list(&folder) {
        Ok(text) => fs::write(target.join("migrations.rs"), text).expect("it can be written"),
        Err(wrong) => {
            for wrong in wrong {
                println!("cargo::error={wrong}");
            }
            process::exit(1);
        }
    }
}

/// The migrations in Rust as modules with their functions, and the bytes of every file.
fn list(folder: &Path) -> Result<String, Vec<String>> {
    let (mut modules, mut migrations, mut wrong) = (String::new(), String::new(), Vec::new());
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut stems: BTreeMap<String, String> = BTreeMap::new();
    let entries = fs::read_dir(folder).expect("the package can be read");
    let mut paths: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    for path in paths.iter().filter(|it| it.is_file()) {
        let ending = path.extension().unwrap_or_default();
        if ending != "rs" && ending != "sql" {
            continue;
        }
        let Some((name, stem)) = path.file_name().zip(path.file_stem()) else { continue };
        let (Some(name), Some(stem)) = (name.to_str(), stem.to_str()) else {
            wrong.push(format!("{path:?} has a name that is not UTF-8"));
            continue;
        };
        if matches!(name, "main.rs" | "lib.rs" | "build.rs") || name.starts_with('.') {
            continue;
        }
        let Ok(text) = fs::read_to_string(path) else {
            wrong.push(format!("`{name}` can't be read as UTF-8"));
            continue;
        };
        let is_rust = ending == "rs";
        if stem.starts_with(|it: char| it.is_ascii_digit()) {
            if let Some(other) = stems.insert(stem.to_owned(), name.to_owned()) {
                wrong.push(format!("`{other}` and `{name}` are two migrations of one name"));
            } else if is_rust {
                let number = stems.len();
                writeln!(modules, "#[path = {path:?}]\nmod migration_{number};").unwrap();
                writeln!(migrations, "    ({stem:?}, migration_{number}::migration),").unwrap();
            }
        } else if text.contains(if is_rust { "fn migration()" } else { "-- whimbrel:" }) {
            wrong.push(format!(
                "`{name}` is a migration without a number: begin its name with one, such as `0002_`"
            ));
            continue;
        } else if is_rust && !is_module(stem) {
            wrong.push(format!(
                "`{name}` can't be a module: call it as one, such as `{}`, or begin the name of a \
                 migration with a number",
                name.replace(|it: char| !it.is_ascii_alphanumeric() && it != '.', "_")
                    .to_lowercase()
            ));
            continue;
        } else if is_rust {
            // What several migrations share.
            writeln!(modules, "#[allow(dead_code)]\n#[path = {path:?}]\nmod {stem};").unwrap();
        }
        if is_rust {
            files.extend(included(folder, &text));
        }
        files.insert(name.to_owned(), path.clone());
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut list = modules;
    list += "\ntype Make = fn() -> whimbrel_migration::Migration;\n";
    list += "pub const MIGRATIONS: &[(&str, Make)] = &[\n";
    list += &migrations;
    list += "];\n\npub const FILES: &[(&str, &[u8])] = &[\n";
    for (name, path) in files {
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),").unwrap();
    }
    Ok(list + "];\n")
}

/// Whether a name can be a module's.
fn is_module(stem: &str) -> bool {
    let is_word = stem.chars().all(|it| it == '_' || it.is_ascii_alphanumeric());
    const RESERVED: &str = " abstract as async await become box break const continue crate do dyn \
        else enum extern false final fn for gen if impl in let loop macro match mod move mut \
        override priv pub ref return self static struct super trait true try type typeof unsafe \
        unsized use virtual where while yield _ whimbrel_migration whimbrel_cli std core ";
    is_word && !RESERVED.contains(&format!(" {stem} "))
}

/// The files that a text takes in: `include_str!("seeds/users.csv")`.
fn included(folder: &Path, text: &str) -> Vec<(String, PathBuf)> {
    let mut included = Vec::new();
    for part in text.split("include_str!").skip(1) {
        let quoted = part.trim_start_matches([' ', '\n', '(']).strip_prefix('"');
        let Some((name, _)) = quoted.and_then(|it| it.split_once('"')) else { continue };
        let path = folder.join(name);
        if path.is_file() {
            included.push((name.to_owned(), path));
        }
    }
    included
}
