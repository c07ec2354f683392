//! Keeps the house in order: who may use whom, and what every file of the repository owes.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// The rooms of `whimbrel`, by floor. A room may use rooms on lower floors only.
const FLOORS: &[&[&str]] = &[
    &["schema", "diagnostic", "connection"],
    &["dialect"],
    &["sql"],
    &["operation"],
    &["diff", "source", "migration"],
    &["history", "render"],
    &["execute"],
    &["project"],
];

#[test]
fn folders_use_only_lower_folders() {
    let source = root().join("crates/whimbrel/src");
    let mut complaints = Vec::new();
    for file in files(&source, "rs") {
        let path = file.strip_prefix(&source).expect("the file is below the folder");
        complaints.extend(climbs(path, &read(&file)));
    }
    assert_none(&complaints);
}

#[test]
fn every_way_to_climb_is_caught() {
    let caught = |path: &str, text: &str| climbs(Path::new(path), text).len();
    assert_eq!(caught("sql/mod.rs", "use crate::operation::Operation;"), 1);
    assert_eq!(caught("sql/mod.rs", "use crate::{schema::Table, operation::{self, Change}};"), 1);
    assert_eq!(caught("sql/mod.rs", "fn f() { crate::execute::run(); }"), 1);
    assert_eq!(caught("sql/quote.rs", "use super::super::execute;"), 1);
    assert_eq!(caught("sql/quote.rs", "mod tests { use super::super::super::execute; }"), 1);
    assert_eq!(caught("diff/mod.rs", "use crate::source::Source;"), 1, "its own floor");
    assert_eq!(caught("diff/mod.rs", "use crate::Source;"), 1, "a name that is no room");
    assert_eq!(caught("attic/mod.rs", "use crate::schema::Table;"), 1, "a room without a floor");

    assert_eq!(caught("sql/mod.rs", "use crate::dialect::Dialect; use crate::sql::quote;"), 0);
    assert_eq!(caught("sql/mod.rs", "//! See [`crate::operation`].\nuse super::schema::Table;"), 0);
    assert_eq!(caught("sql/quote.rs", "use super::execute; mod tests { use super::*; }"), 0);
    assert_eq!(caught("lib.rs", "pub use crate::execute::run;"), 0);
}

#[test]
fn the_library_touches_the_world_in_one_room_only() {
    let source = root().join("crates/whimbrel/src");
    let mut complaints = Vec::new();
    for file in files(&source, "rs") {
        if !file.starts_with(source.join("project")) {
            let advice = "only `project` may use it; take what is needed as a value";
            let complaint = |name| format!("{}: `{name}`: {advice}", shown(&file));
            complaints.extend(worldly(&read(&file)).into_iter().map(complaint));
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_touch_of_the_world_is_seen() {
    assert_eq!(worldly("use std::fs;"), ["fs"]);
    assert_eq!(worldly("use std::{collections::BTreeMap, env};"), ["env"]);
    assert_eq!(worldly("fn f() { let at = std::time::Instant::now(); }"), ["Instant"]);
    assert_eq!(worldly("mod a { use std::time::{Duration, SystemTime}; }"), ["SystemTime"]);
    assert_eq!(worldly("use std::fmt; /// `std::fs`\nfn fs() { env!(\"HOME\"); }"), [""; 0]);
}

#[test]
fn every_module_says_what_it_is_for() {
    let modules = rust_files().into_iter().filter(|file| is_module(file));
    let silent = modules.filter(|file| !read(file).starts_with("//! ")).map(|file| {
        format!("{}: open it with `//!` and a sentence on what it is for", shown(&file))
    });
    assert_none(&silent.collect::<Vec<_>>());
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    let complaints: Vec<String> = rust_files()
        .iter()
        .filter_map(|file| {
            let count = allows(tokens(&read(file))?);
            let advice = "use `#[expect(lint, reason = \"…\")]` in place of `#[allow(lint)]`";
            (count > 0).then(|| format!("{}: {advice} ({count} times)", shown(file)))
        })
        .collect();
    assert_none(&complaints);
}

#[test]
fn an_allow_is_seen_in_code_and_not_in_a_macro() {
    let count = |text: &str| allows(tokens(text).expect("this is Rust"));
    assert_eq!(count("mod a { #[allow(dead_code)] fn f() {} }"), 1);
    assert_eq!(count("#![allow(dead_code)]"), 1);
    assert_eq!(count("#[expect(dead_code, reason = \"b\")] fn allow() {}"), 0);
    assert_eq!(count("macro_rules! m { () => { #[allow(unused_mut)] fn f() {} } }"), 0);
}

#[test]
fn no_file_speaks_of_one_machine_or_one_registry() {
    let mut complaints = Vec::new();
    for file in all_files() {
        // The lock file names the registry of every package, by cargo's own hand.
        if file.ends_with("Cargo.lock") {
            continue;
        }
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for (index, line) in text.lines().enumerate() {
            if let Some(found) = private(line) {
                complaints.push(format!("{}:{}: `{found}`", shown(&file), index + 1));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn a_private_path_is_seen_and_a_relative_one_is_not() {
    assert!(private(concat!("see /ro", "ot/notes")).is_some());
    assert!(private(concat!("cd \"/wo", "rk/main\"")).is_some());
    assert!(private(concat!("https://deb.deb", "ian.org/debian")).is_some());
    assert_eq!(private("src/home/page.rs and ./work/plan"), None);
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let complaints: Vec<String> = manifests()
        .into_iter()
        .filter(|(_, manifest)| !inherits(manifest, &["lints"]))
        .map(|(path, _)| format!("{}: add `[lints] workspace = true`", shown(&path)))
        .collect();
    assert_none(&complaints);
}

#[test]
fn the_oldest_rust_that_works_is_the_same_everywhere() {
    let workspace: toml::Table = read(&root().join("Cargo.toml")).parse().expect("it is TOML");
    let version = workspace["workspace"]["package"]["rust-version"].as_str();
    let version = version.expect("the workspace states the oldest Rust that works");

    let mut complaints = Vec::new();
    for (path, manifest) in manifests() {
        if !inherits(&manifest, &["package", "rust-version"]) {
            complaints.push(format!("{}: write `rust-version.workspace = true`", shown(&path)));
        }
    }
    let clippy: toml::Table = read(&root().join("clippy.toml")).parse().expect("it is TOML");
    if let Some(other) = clippy.get("msrv").filter(|msrv| msrv.as_str() != Some(version)) {
        complaints.push(format!("clippy.toml: `msrv` is {other}, the workspace says {version}"));
    }
    if let Ok(readme) = fs::read_to_string(root().join("README.md"))
        && !readme.contains(&format!("Rust {version}"))
    {
        complaints.push(format!("README.md: say that it needs Rust {version}"));
    }
    assert_none(&complaints);
}

/// What a text uses of files, the environment, other programs, the network and the clock.
fn worldly(text: &str) -> Vec<String> {
    const WORLD: [&str; 6] = ["env", "fs", "io", "net", "os", "process"];
    let mut used = Vec::new();
    of_std(tokens(text).unwrap_or_default(), &mut used);
    used.retain(|it| WORLD.contains(&it.as_str()) || is_clock(it));
    used
}

/// Collects what is named right below `std`, and the clocks.
fn of_std(tokens: TokenStream, used: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => of_std(group.stream(), used),
            // A path goes on with `::`, which is two tokens.
            TokenTree::Ident(it) if it == "std" => first_names(tokens.get(at + 3), used),
            TokenTree::Ident(it) if is_clock(&it.to_string()) => used.push(it.to_string()),
            _ => {}
        }
    }
}

fn is_clock(name: &str) -> bool {
    ["Instant", "SystemTime"].contains(&name)
}

/// What a file of `whimbrel` uses that is not below it.
fn climbs(path: &Path, text: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    let room = parts[0].clone();
    if parts.len() == 1 && room == "lib" {
        return Vec::new();
    }
    let Some(floor) = floor(&room) else {
        return vec![format!("{}: give the room `{room}` a floor in this test", path.display())];
    };
    let Some(tokens) = tokens(text) else {
        return vec![format!("{}: it is not Rust", path.display())];
    };
    let mut used = Vec::new();
    from_the_top(tokens, parts.len(), &mut used);
    used.retain(|name| *name != room);
    used.sort();
    used.dedup();
    used.retain(|name| self::floor(name).is_none_or(|other| other >= floor));
    let complaint = |name| format!("{}: `{name}` is not below `{room}`", path.display());
    used.into_iter().map(complaint).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Collects the first name of each path that begins at the top of the crate, be it by `crate` or
/// by as many `super`s as the module is deep.
fn from_the_top(tokens: TokenStream, depth: usize, used: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        let inline_module = at >= 2 && is(&tokens, at - 2, "mod");
        if let TokenTree::Group(group) = &tokens[at] {
            from_the_top(group.stream(), depth + usize::from(inline_module), used);
        }
        let ups = supers(&tokens, at);
        let steps = if is(&tokens, at, "crate") { 1 } else { ups };
        // A path goes on with `::`, which is two tokens; `pub(crate)` does not.
        let is_path = matches!(tokens.get(at + 3 * steps - usize::from(steps > 0)),
            Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        if steps > 0 && is_path && (ups == 0 || ups >= depth) {
            first_names(tokens.get(at + 3 * steps), used);
        }
        at += (3 * steps).max(1);
    }
}

/// How many `super::` stand from here on.
fn supers(tokens: &[TokenTree], at: usize) -> usize {
    (at..tokens.len()).step_by(3).take_while(|at| is(tokens, *at, "super")).count()
}

fn is(tokens: &[TokenTree], at: usize, word: &str) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Ident(ident)) if ident == word)
}

/// `a` of `a::b`, and `a` and `c` of `{a::b, c}`.
fn first_names(token: Option<&TokenTree>, used: &mut Vec<String>) {
    match token {
        Some(TokenTree::Ident(ident)) => used.push(ident.to_string()),
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
            for path in inner.split(is_comma) {
                first_names(path.first(), used);
            }
        }
        // A star takes everything that the top has.
        Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => used.push("*".to_owned()),
        _ => {}
    }
}

/// How many attributes silence a lint, outside of macros, whose users the lint would hit.
fn allows(tokens: TokenStream) -> usize {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut count = 0;
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        if at >= 3 && is(&tokens, at - 3, "macro_rules") {
            continue;
        }
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        let hash = |back: usize| {
            at.checked_sub(back).is_some_and(
                |at| matches!(&tokens[at], TokenTree::Punct(punct) if punct.as_char() == '#'),
            )
        };
        if (hash(1) || hash(2)) && is(&inner, 0, "allow") {
            count += 1;
        }
        count += allows(group.stream());
    }
    count
}

/// The part of a line that is true on one machine only, or binds us to one registry.
fn private(line: &str) -> Option<&'static str> {
    const FOLDERS: [&str; 4] = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/tmp", "/wt"),
    ];
    const HOSTS: [&str; 9] = [
        concat!("registry.npm", "js"),
        concat!("pypi", ".org"),
        concat!("files.python", "hosted"),
        concat!("proxy.go", "lang"),
        concat!("repo1.", "maven"),
        concat!("repo.", "maven"),
        concat!("deb.deb", "ian.org"),
        concat!("security.deb", "ian.org"),
        concat!("index.crates", ".io"),
    ];
    let is_absolute = |folder: &str| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|before| !before.is_alphanumeric() && !"._-/}".contains(before))
        })
    };
    let folder = FOLDERS.into_iter().find(|folder| is_absolute(folder));
    folder.or_else(|| HOSTS.into_iter().find(|host| line.contains(host)))
}

/// Whether `manifest` takes what stands at `path` from the workspace.
fn inherits(manifest: &toml::Table, path: &[&str]) -> bool {
    let found = path.iter().try_fold(manifest, |table, key| table.get(*key)?.as_table());
    found.is_some_and(|table| table.get("workspace").and_then(toml::Value::as_bool) == Some(true))
}

/// The manifests of the crates of the workspace.
fn manifests() -> Vec<(PathBuf, toml::Table)> {
    let crates = fs::read_dir(root().join("crates")).expect("there are crates");
    let mut folders: Vec<PathBuf> =
        crates.map(|entry| entry.expect("a folder can be read").path()).collect();
    folders.push(root().join("xtask"));
    let files = folders.into_iter().map(|folder| folder.join("Cargo.toml"));
    let files = files.filter(|file| file.is_file());
    files.map(|file| (file.clone(), read(&file).parse().expect("it is TOML"))).collect()
}

/// Whether a file is a module of a crate, and not something that a test reads.
fn is_module(file: &Path) -> bool {
    let path = shown(file);
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["xtask", "src", ..] | ["crates", _, "src", ..] => true,
        // Deeper below `tests` lies what tests read.
        ["crates", _, "tests" | "benches" | "examples", _] => true,
        _ => false,
    }
}

fn rust_files() -> Vec<PathBuf> {
    files(&root(), "rs")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files
}

fn all_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(&root(), &mut files);
    files
}

/// Every file below `folder`, in order, without what is built or belongs to other tools.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    const OURS: [&str; 4] = [".cargo", ".ci", ".github", ".gitignore"];
    let entries = fs::read_dir(folder).expect("a folder of the repository can be read");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_foreign = name.starts_with('.') && !OURS.contains(&name.as_ref());
        if is_foreign || name == "target" || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn tokens(text: &str) -> Option<TokenStream> {
    TokenStream::from_str(text).ok()
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the crate lies in the repository")
}

/// A path from the top of the repository.
fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).to_string_lossy().into_owned()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
