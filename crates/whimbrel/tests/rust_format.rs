//! Migration files in Rust mean the same to whimbrel and to rustc, and printing is the way back.

#[path = "common/arbitrary.rs"]
mod arbitrary;
#[path = "common/cases.rs"]
mod cases;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
    sync::Arc,
};

use proptest::{prelude::*, strategy::ValueTree as _};
use whimbrel::{
    diagnostic::{Diagnostic, SourceFile, Span},
    migration::format::rust::{NoSiblings, RustMigration, Siblings, print, read},
};
use whimbrel_migration::Migration;

fn read_text(name: &str, text: &str) -> Result<RustMigration, String> {
    let (read, diagnostics) = read(&SourceFile::new(name, text), &NoSiblings);
    read.ok_or_else(|| told(&diagnostics))
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The corpus: each file compiled by rustc, and its text.
macro_rules! corpus {
    ($($name:ident $path:literal),* $(,)?) => {
        $(
            #[allow(unreachable_pub, clippy::all, clippy::pedantic, reason = "what users write")]
            #[path = $path]
            mod $name;
        )*
        const CORPUS: &[(&str, &str, fn() -> Migration)] =
            &[$((stringify!($name), include_str!($path), $name::migration),)*];
    };
}

corpus! {
    loops "migrations/rust/loops.rs",
    merge "migrations/rust/merge.rs",
    methods "migrations/rust/methods.rs",
    moves "migrations/rust/moves.rs",
    orders "migrations/rust/orders.rs",
    types "migrations/rust/types.rs",
    written "migrations/rust/written.rs",
}

#[test]
fn a_file_means_the_same_interpreted_and_compiled() {
    for (name, text, compiled) in CORPUS {
        let interpreted =
            read_text(&format!("{name}.rs"), text).unwrap_or_else(|it| panic!("{it}"));
        assert_eq!(interpreted.migration, compiled(), "{name}");
    }
}

#[test]
fn a_printed_file_is_read_as_it_was_and_printed_as_it_was() {
    for (name, _, compiled) in CORPUS {
        let text = print(&compiled(), name);
        let again = read_text(name, &text).unwrap_or_else(|it| panic!("{it}{text}"));
        assert_eq!(again.migration, compiled(), "{name}:\n{text}");
        assert_eq!(print(&again.migration, name), text);
    }
}

/// What `rustfmt` makes of a text; `None` where there is no rustfmt.
fn formatted(text: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "use_small_heuristics=Max", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok().filter(|it| !it.is_empty())
}

#[test]
fn rustfmt_leaves_a_printed_file_as_it_is() {
    for (name, _, compiled) in CORPUS {
        let text = print(&compiled(), name);
        let Some(after) = formatted(&text) else {
            #[expect(clippy::print_stderr, reason = "a skipped test says so")]
            {
                eprintln!("skipped: there is no rustfmt");
            }
            return;
        };
        assert!(after == text, "{name}: {}", first_difference(&text, &after));
    }
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..200 {
        let migration = arbitrary::migration().new_tree(&mut runner).unwrap().current();
        let text = print(&migration, "Anything.");
        if let Some(after) = formatted(&text) {
            assert!(after == text, "{}", first_difference(&text, &after));
        }
    }
}

/// The place where two texts part, with what stands around it.
fn first_difference(ours: &str, theirs: &str) -> String {
    let lines = ours.lines().zip(theirs.lines());
    let same = lines.take_while(|(ours, theirs)| ours == theirs).count();
    let around = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(same.saturating_sub(3)).take(9).collect();
        lines.join("\n")
    };
    format!("ours:\n{}\ntheirs:\n{}", around(ours), around(theirs))
}

proptest! {
    #![proptest_config(cases::cases(400))]

    #[test]
    fn what_is_printed_is_read_back(migration in arbitrary::migration()) {
        let text = print(&migration, "Anything.\n\nAnd more.");
        let again = read_text("printed.rs", &text);
        let again = again.map_err(|it| TestCaseError::fail(format!("{it}{text}")))?;
        prop_assert_eq!(&again.migration, &migration, "{}", text);
        prop_assert_eq!(again.spans.len(), migration.operations.len());
        prop_assert_eq!(print(&again.migration, "Anything.\n\nAnd more."), text);
    }
}

/// A diagnostic as a user would see it: where, what is marked, what to do.
fn shown(diagnostic: &Diagnostic) -> String {
    let mut text = format!("{diagnostic}\n");
    let mark = |span: &Span| {
        let range = span.range.clone();
        let marked = span.file.text.get(range).expect("a span stands on letters");
        let first = marked.lines().next().unwrap_or_default();
        if first.len() < marked.len() { format!("{first} …") } else { first.to_owned() }
    };
    let span = diagnostic.span.as_ref().expect("every refusal has its place");
    writeln!(text, "    `{}`", mark(span)).unwrap();
    for (span, label) in &diagnostic.related {
        let (line, column) = span.file.line_column(span.range.start);
        writeln!(text, "    {label}, {line}:{column}: `{}`", mark(span)).unwrap();
    }
    let help = diagnostic.help.as_ref().expect("every refusal says what to do");
    writeln!(text, "    help: {help}").unwrap();
    text
}

#[test]
fn every_refusal_has_its_place_and_says_what_to_do() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/bad");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|it| it != "expected.txt")
        .collect();
    names.sort();
    let mut all = String::new();
    for name in &names {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let (migration, diagnostics) = read(&SourceFile::new(name, text), &NoSiblings);
        assert!(migration.is_none(), "{name} is understood");
        for diagnostic in &diagnostics {
            writeln!(all, "{}", shown(diagnostic)).unwrap();
        }
    }
    let expected = format!("{folder}/expected.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&expected, &all).unwrap();
    }
    let expected = std::fs::read_to_string(&expected).unwrap_or_default();
    assert!(all == expected, "{}", first_difference(&all, &expected));
    assert!(names.len() >= 100);
}

/// Helper files and texts beside a migration.
struct Beside(BTreeMap<&'static str, &'static str>);

impl Siblings for Beside {
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        let text = self.0.get(path).ok_or(format!("there is no file `{path}`"))?;
        Ok(SourceFile::new(path, *text))
    }
}

#[test]
fn helpers_and_texts_beside_the_file_are_found() {
    let beside = Beside(BTreeMap::from([
        (
            "helpers.rs",
            "use whimbrel_migration::*;\nuse super::names::PREFIX;\n\
             pub fn money() -> Column { decimal(12, 2).not_null() }\n\
             pub fn named(it: &str) -> String { format!(\"{PREFIX}{it}\") }\n",
        ),
        ("broken.rs", "use whimbrel_migration::*;\npub fn broken() -> Column { txt() }\n"),
        ("names.rs", "pub const PREFIX: &str = \"x_\";\n"),
        ("sql/seed.sql", "INSERT INTO a VALUES (1);\n"),
    ]));
    let file = |body: &str| {
        SourceFile::new(
            "0002_a.rs",
            format!(
                "use super::helpers::*;\nuse super::names;\nuse whimbrel_migration::*;\n\
                 pub fn migration() -> Migration {{ {body} }}\n"
            ),
        )
    };
    let good = file(
        "Migration::first().add_column(named(\"a\"), names::PREFIX, money())\
         .run_sql(include_str!(\"sql/seed.sql\"))",
    );
    let (found, diagnostics) = read(&good, &beside);
    let found = found.unwrap_or_else(|| panic!("{}", shown(&diagnostics[0])));
    let wanted = Migration::first()
        .add_column("x_a", "x_", whimbrel_migration::decimal(12, 2).not_null())
        .run_sql("INSERT INTO a VALUES (1);\n");
    assert_eq!(found.migration, wanted);
    assert_eq!(&good.text[found.parents_span.range], "Migration::first()");
    assert_eq!(&good.text[found.spans[1].range.clone()], "run_sql(include_str!(\"sql/seed.sql\"))");

    let broken = "use super::broken;\nuse whimbrel_migration::*;\npub fn migration() -> Migration \
                  { Migration::first() }\n";
    let (_, diagnostics) = read(&SourceFile::new("0003_b.rs", broken), &beside);
    let span = diagnostics[0].span.as_ref().unwrap();
    assert_eq!(
        (span.file.name.as_str(), &span.file.text[span.range.clone()]),
        ("broken.rs", "txt")
    );
}

#[test]
fn what_would_exhaust_the_reader_is_refused() {
    let whole = |body: &str| {
        format!("use whimbrel_migration::*;\npub fn migration() -> Migration {{ {body} }}\n")
    };
    let many = |it: &str, count: usize| it.repeat(count);
    let bodies = [
        format!("{}1{}", many("(", 3_000), many(")", 3_000)),
        format!("{}true", many("!", 100_000)),
        format!("{}true", many("! ", 60)),
        format!("let a = 1{}; Migration::first()", many(" + 1", 100_000)),
        format!("let a = 1{}; Migration::first()", many(" + 1", 2_500)),
        format!("Migration::first(){}", many(".no_transaction()", 50_000)),
        format!("let a: {}u8{} = 1;", many("Vec<", 50_000), many(">", 50_000)),
        format!("let a: {}u8{} = 1;", many("Vec<", 2_500), many(" >", 60)),
        format!("{} {{}} Migration::first()", many("if a {} else ", 50_000)),
        format!("let x = {}1;", many("a = ", 50_000)),
        format!("let x = {}1;", many("a = ", 2_500)),
        format!("let x = {}1;", many("|| ", 50_000)),
        format!("let x = {}1;", many("|a| ", 1_500)),
        format!("{};", many("return ", 50_000)),
        "let mut a = String::from(\"ab\"); loop { a = a.clone() + &a; }".to_owned(),
        "let mut a = None; loop { a = Some(a); }".to_owned(),
        "let a = \"a\".repeat(18_446_744_073_709_551_615);".to_owned(),
        "for a in 0..9_000_000_000_000 { }".to_owned(),
        "let a = (0..9_000_000_000_000).rev();".to_owned(),
        "let mut a = vec![0]; loop { a.push(1); }".to_owned(),
        "let f = |x: i64| x; let mut a = vec![f]; Migration::first()".to_owned(),
        many("let a = (a, a);", 10),
        format!("let a = (1, 1); {} Migration::first()", many("let a = (a, a);", 60)),
    ];
    for body in bodies {
        let text = whole(&body);
        let (_, diagnostics) = read(&SourceFile::new("a.rs", text), &NoSiblings);
        for diagnostic in &diagnostics {
            assert!(diagnostic.help.is_some() && diagnostic.span.is_some(), "{diagnostic}");
        }
    }
}

proptest! {
    #![proptest_config(cases::cases(500))]

    #[test]
    fn a_mangled_file_is_read_or_refused_and_never_more(
        file in 0..CORPUS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..12_usize, edit()), 1..4),
    ) {
        let mut text = CORPUS[file].1.to_owned();
        for (at, length, new) in edits {
            let places: Vec<usize> = (0..=text.len()).filter(|it| text.is_char_boundary(*it)).collect();
            let from = at.index(places.len());
            let to = (from + length).min(places.len() - 1);
            text.replace_range(places[from]..places[to], &new);
        }
        let source = SourceFile::new("mangled.rs", text);
        let (migration, diagnostics) = read(&source, &NoSiblings);
        prop_assert_eq!(migration.is_some(), diagnostics.is_empty());
        for diagnostic in &diagnostics {
            prop_assert!(!diagnostic.message.contains("whimbrel itself"), "{}", source.text);
            shown(diagnostic);
        }
    }
}

/// Slips of the hand that whimbrel takes are valid Rust: otherwise the editor would underline what
/// has been applied to databases.
#[test]
fn what_is_taken_the_compiler_takes_as_well() {
    let mangled = std::env::var("WHIMBREL_TEST_MANGLED").ok().and_then(|it| it.parse().ok());
    let mangled: usize = mangled.unwrap_or(250);
    let folder = tempfile::tempdir().unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let edits = (0..CORPUS.len(), any::<prop::sample::Index>(), 0..12_usize, edit());
    let mut modules = String::from("#![allow(warnings)]\n");
    let mut taken = 0;
    while taken < mangled {
        let (file, at, length, new) = edits.new_tree(&mut runner).unwrap().current();
        let mut text = CORPUS[file].1.to_owned();
        let places: Vec<usize> = (0..=text.len()).filter(|it| text.is_char_boundary(*it)).collect();
        let from = at.index(places.len());
        let to = (from + length).min(places.len() - 1);
        text.replace_range(places[from]..places[to], &new);
        if text == CORPUS[file].1 || read_text("mangled.rs", &text).is_err() {
            continue;
        }
        std::fs::write(folder.path().join(format!("m{taken}.rs")), text).unwrap();
        writeln!(modules, "mod m{taken};").unwrap();
        taken += 1;
    }
    std::fs::write(folder.path().join("lib.rs"), modules).unwrap();
    let said = compiled(folder.path());
    let refused: Vec<String> = said
        .lines()
        .filter(|it| it.contains(": error"))
        .map(|it| {
            let file = it.split(':').next().unwrap_or_default();
            let line = it.split(':').nth(1).and_then(|it| it.parse::<usize>().ok()).unwrap_or(1);
            let text = std::fs::read_to_string(folder.path().join(file)).unwrap_or_default();
            format!("{it}\n    {}", text.lines().nth(line - 1).unwrap_or_default())
        })
        .collect();
    assert!(refused.is_empty(), "rustc refuses:\n{}", refused.join("\n"));
    assert!(said.trim().is_empty(), "{said}");
}

/// What rustc says of the library in `folder`, a line each.
fn compiled(folder: &std::path::Path) -> String {
    let here = std::env::current_exe().unwrap();
    let built = here.parent().unwrap();
    let mut libraries: Vec<_> = std::fs::read_dir(built)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| {
            let name = it.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libwhimbrel_migration-") && name.ends_with(".rlib")
        })
        .collect();
    // The one that was built for this test is the newest.
    libraries.sort_by_key(|it| it.metadata().and_then(|it| it.modified()).ok());
    let library = libraries.pop().expect("the builder is built before its users");
    let output = Command::new("rustc")
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .args(["--error-format", "short", "--cap-lints", "allow", "lib.rs"])
        .arg("--extern")
        .arg(format!("whimbrel_migration={}", library.display()))
        .arg("-L")
        .arg(format!("dependency={}", built.display()))
        .current_dir(folder)
        .output()
        .expect("cargo ran this, so there is a rustc");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a slip of the hand, or malice, puts into a file.
fn edit() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        proptest::sample::select(vec![
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "#",
            "&",
            "*",
            "-",
            "..",
            "?",
            ";",
            ",",
            "|",
            "if ",
            "match ",
            "for a in ",
            "while true ",
            "loop ",
            "0",
            "-1",
            "99999999999999999999999999999999999999999",
            "it",
            "name",
            "vec![]",
            "format!(\"{it}\")",
            "table(\"a\")",
            ".clone()",
            ".into()",
            ".iter()",
            "return ",
            "let ",
            "mut ",
            "None",
            "Some(1)",
            "é",
            "\r\n",
            "// ",
            "/* ",
            "r#\"",
            "\u{feff}",
            "as u8",
            "|it| it",
            "move || ",
            "..=",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,4}",
    ]
}
