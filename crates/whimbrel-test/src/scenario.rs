//! Scenarios: a folder each, with a schema before and after, and the rows that are there when it
//! changes; what no schema says, such as rows that a migration writes, stands in a `change.rs` beside
//! them. Every law is asked of every one of them.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use whimbrel::{
    diagnostic::SourceFile,
    dialect::Dialect,
    diff::{Answers, Question, Unresolved, diff},
    migration::format::rust::{NoSiblings, read as read_rust},
    operation::{Operation, Span, as_change},
    project::hints,
    schema::Schema,
    source::{Declared, yaml},
    sql::Unsupported,
};
use whimbrel_migration::Migration;

use crate::{
    engines::{Engine, Throwaway},
    shelf::Shelf,
};

/// One change of a schema.
pub struct Scenario {
    /// The folder's name: what changes, as a phrase.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The schema before the change.
    pub before: Schema,
    /// The schema after it.
    pub after: Schema,
    /// What diff makes of it, and what `change.rs` says.
    pub operations: Vec<Operation>,
    /// Statements that fill the tables before the change; none for empty tables.
    pub rows: Vec<String>,
}

/// Every scenario, ordered by name. While one of them is being written,
/// `WHIMBREL_TEST_SCENARIOS=check,generated` takes only those with such a word in their names.
pub fn all() -> Vec<Scenario> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../whimbrel/tests/scenarios");
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap_or_else(|error| panic!("{}: {error}", root.display()))
        .map(|it| it.expect("a folder can be read").path())
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 50, "only {} scenarios were found", folders.len());
    if let Ok(words) = std::env::var("WHIMBREL_TEST_SCENARIOS") {
        let named = |it: &Path| words.split(',').any(|word| has(it, word));
        folders.retain(|it| named(it));
        assert!(!folders.is_empty(), "no scenario has `{words}` in its name");
    }
    folders.into_iter().map(read).collect()
}

/// Asks a law of each scenario on a new database of each engine. It says whether the scenario can
/// be had there; more than half of them must.
pub fn on_each<'s>(
    scenarios: impl IntoIterator<Item = &'s Scenario>,
    engines: Vec<Engine>,
    law: fn(&Scenario, &Throwaway) -> bool,
) {
    let scenarios: Vec<&Scenario> = scenarios.into_iter().collect();
    for engine in engines {
        let (mut ran, mut failures) = (0, Vec::new());
        for scenario in &scenarios {
            let database = engine.fresh_database();
            let placed = scenario.placed(&database);
            let scenario = placed.as_ref().unwrap_or(scenario);
            match catch_unwind(AssertUnwindSafe(|| law(scenario, &database))) {
                Ok(true) => ran += 1,
                Ok(false) => {}
                Err(_) => failures.push(scenario.name.clone()),
            }
        }
        assert!(failures.is_empty(), "{}: {failures:#?}", engine.name);
        assert!(ran > scenarios.len() / 2, "{}: only {ran} scenarios can be had", engine.name);
    }
}

fn has(folder: &Path, word: &str) -> bool {
    folder.file_name().is_some_and(|it| it.to_string_lossy().contains(word))
}

fn read(folder: PathBuf) -> Scenario {
    read_as(folder, &|text| text)
}

/// The scenario with its texts changed before they are read.
fn read_as(folder: PathBuf, changed: &dyn Fn(String) -> String) -> Scenario {
    let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    let before = declared(&folder, "before.yaml", changed);
    let after = declared(&folder, "after.yaml", changed);
    let mut operations = diff(&before.schema, &after.schema, &hints(&after))
        .unwrap_or_else(|unresolved| panic!("{name}: {unresolved:?}"));
    operations.extend(written(&folder, changed));
    let rows = changed(fs::read_to_string(folder.join("rows.sql")).unwrap_or_default());
    let rows = rows.lines().filter(|it| !it.trim().is_empty());
    let rows = rows.map(|it| it.trim_end_matches(';').to_owned()).collect();
    Scenario { name, folder, before: before.schema, after: after.schema, operations, rows }
}

/// The operations of `change.rs`, where there is one.
fn written(folder: &Path, changed: &dyn Fn(String) -> String) -> Vec<Operation> {
    let path = folder.join("change.rs");
    let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
    let (read, mistakes) = read_rust(&SourceFile::new("change.rs", changed(text)), &NoSiblings);
    let read = read.unwrap_or_else(|| panic!("{}: {mistakes:#?}", path.display()));
    read.migration.operations
}

fn declared(folder: &Path, file: &str, changed: &dyn Fn(String) -> String) -> Declared {
    let path = folder.join(file);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = changed(text);
    let (declared, diagnostics) = yaml::read(&vec![SourceFile::new(file, text)].into());
    for diagnostic in &diagnostics {
        let severity = diagnostic.severity;
        assert!(
            severity == whimbrel::diagnostic::Severity::Warning,
            "{}: {diagnostic}",
            folder.display()
        );
    }
    declared
}

/// What a dialect would run for these operations, as a script; what it can't is a comment.
pub fn script(dialect: &Dialect, before: &Schema, operations: &[Operation]) -> String {
    let mut schema = before.clone();
    let mut text = String::new();
    for operation in operations {
        let mut after = schema.clone();
        as_change(operation).apply(&mut after).expect("diff's operations apply");
        let span = Span { before: &schema, after: &after };
        match as_change(operation).sql(dialect, span) {
            Ok(statements) => {
                for statement in statements {
                    // The table as it was may be one that can't be had there.
                    let lines = match whimbrel::sql::offline(dialect, &schema, &statement) {
                        Ok(all) => all.iter().map(|it| format!("{it};")).collect(),
                        Err(unsupported) => vec![format!("-- {unsupported}")],
                    };
                    for line in lines {
                        writeln!(text, "{line}").expect("a text can be written");
                    }
                }
            }
            Err(unsupported) => {
                writeln!(text, "-- {unsupported}").expect("a text can be written");
            }
        }
        schema = after;
    }
    text
}

impl Scenario {
    /// The namespaces that it speaks of.
    pub fn namespaces(&self) -> BTreeSet<String> {
        let both = [&self.before, &self.after];
        both.into_iter().flat_map(|it| it.namespaces.iter().cloned()).collect()
    }

    /// The scenario with its namespaces called as they may be called beside this database; `None`
    /// where they are called so already.
    pub fn placed(&self, database: &Throwaway) -> Option<Self> {
        let names = self.namespaces();
        let moved = |it: &String| (it.clone(), database.namespace(it));
        let moved: Vec<_> = names.iter().map(moved).filter(|(old, new)| old != new).collect();
        let changed = |text: String| {
            moved.iter().fold(text, |text, (old, new)| text.replace(old.as_str(), new))
        };
        (!moved.is_empty()).then(|| read_as(self.folder.clone(), &changed))
    }

    /// A scenario without a folder: its schemas as texts. Nothing in it is renamed but what they say.
    pub fn of(name: &str, before: &str, after: &str) -> Self {
        let none = |_: &Question| None;
        Self::answered(name, before, after, none).unwrap_or_else(|it| panic!("{name}: {it:?}"))
    }

    /// A scenario without a folder, in which something may be renamed: the candidate of a question
    /// that is the answer to it, if one is. What can't be done so is told.
    pub fn answered(
        name: &str,
        before: &str,
        after: &str,
        mut answer: impl FnMut(&Question) -> Option<usize>,
    ) -> Result<Self, Unresolved> {
        let read = |text: &str| {
            let (declared, found) = yaml::read(&vec![SourceFile::new(name, text)].into());
            assert!(found.is_empty(), "{name}: {found:#?}");
            declared
        };
        let (before, after) = (read(before), read(after));
        let mut answers = hints(&after);
        let operations = loop {
            match diff(&before.schema, &after.schema, &answers) {
                Ok(operations) => break operations,
                Err(unresolved) => match unresolved.questions.first() {
                    Some(question) => match answer(question) {
                        Some(candidate) => answers.accept(question, candidate),
                        None => answers.refuse(question),
                    },
                    None => return Err(unresolved),
                },
            }
        };
        Ok(Self {
            name: name.to_owned(),
            folder: PathBuf::new(),
            before: before.schema,
            after: after.schema,
            operations,
            rows: Vec::new(),
        })
    }

    /// The operations that make the schema before the change.
    pub fn preparation(&self) -> Vec<Operation> {
        diff(&Schema::default(), &self.before, &Answers::default())
            .unwrap_or_else(|unresolved| panic!("{}: {unresolved:?}", self.name))
    }

    /// Two migrations: one that makes the schema before, and the change.
    pub fn migrations(&self) -> Shelf {
        let first = Migration { operations: self.preparation(), ..Migration::first() };
        let second =
            Migration { operations: self.operations.clone(), ..Migration::after("0001_before") };
        Shelf::new([("0001_before", first), ("0002_change", second)])
    }

    /// What a dialect would run for the change.
    pub fn script(&self, dialect: &Dialect) -> String {
        script(dialect, &self.before, &self.operations)
    }

    /// Why this change can't be had on a database, if it can't.
    pub fn unsupported(&self, dialect: &Dialect) -> Option<Unsupported> {
        let mut schema = Schema::default();
        for operation in self.preparation().iter().chain(&self.operations) {
            let mut after = schema.clone();
            as_change(operation).apply(&mut after).expect("diff's operations apply");
            let span = Span { before: &schema, after: &after };
            if let Err(unsupported) = as_change(operation).sql(dialect, span) {
                return Some(unsupported);
            }
            schema = after;
        }
        None
    }
}
