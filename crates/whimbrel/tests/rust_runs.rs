//! Code of data migrations: as data, and that it does the same whether whimbrel interprets it or
//! rustc compiled it.

use std::sync::Arc;

use whimbrel::{
    diagnostic::SourceFile,
    migration::{
        checksum,
        format::rust::{Broken, NoSiblings, Siblings, Symbols, compiled, perform, print, read},
    },
};
use whimbrel_migration::{
    Cell, Database, Failure, Migration, Operation, PerDatabase, Row, Run,
    run::{Handle, Program, Runnable, UndoRun, call},
};

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
    everything "migrations/runs/everything.rs",
    split "migrations/runs/split.rs",
}

fn interpreted(name: &str, text: &str) -> Migration {
    let (read, diagnostics) = read(&SourceFile::new(name, text), &NoSiblings);
    read.unwrap_or_else(|| panic!("{diagnostics:#?}")).migration
}

fn runs(migration: &Migration) -> Vec<&Run> {
    let runs = migration.operations.iter().filter_map(|it| match it {
        Operation::Run(run) => Some(run),
        _ => None,
    });
    runs.collect()
}

fn programs(migration: &Migration) -> Vec<Program> {
    let mut programs = Vec::new();
    for run in runs(migration) {
        programs.push(run.code.clone());
        if let UndoRun::Code(undo) = &run.undo {
            programs.push(undo.clone());
        }
    }
    programs
}

/// A scripted database: a table of users for every question, the third call of all refused where
/// that is asked for.
struct Scripted {
    database: Database,
    refuses: Option<usize>,
    calls: Vec<String>,
}

impl Scripted {
    fn new(database: Database, refuses: Option<usize>) -> Self {
        Self { database, refuses, calls: Vec::new() }
    }

    fn note(&mut self, call: String) -> Result<(), Failure> {
        self.calls.push(call);
        match self.refuses {
            Some(at) if at < self.calls.len() => Err(Failure::new("it is refused")),
            _ => Ok(()),
        }
    }
}

impl Handle for Scripted {
    fn database(&self) -> Database {
        self.database
    }

    fn query(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<Vec<Row>, Failure> {
        let first = !self.calls.iter().any(|it| it.starts_with("query"));
        self.note(format!("query {sql:?} {parameters:?}"))?;
        let columns: Arc<[String]> =
            ["id", "name", "admin", "shop", "n", "least"].map(str::to_owned).into();
        let row = |id: &str, name: Option<&str>, admin: &str, shop: Option<&str>| {
            let text = |it: &str| Some(it.to_owned());
            let values = vec![
                text(id),
                name.map(str::to_owned),
                text(admin),
                shop.map(str::to_owned),
                text("7"),
                None,
            ];
            Row::new(Arc::clone(&columns), values)
        };
        let whole = sql.all_texts().all(|it| it.contains("count(*)"));
        Ok(match (first, whole) {
            (_, true) => vec![row("1", None, "f", None)],
            (true, _) => vec![
                row("1", Some("Ada Lovelace"), "t", None),
                row("2", Some(" Bob "), "0", Some("x")),
                row("3", Some("O'Neill 😀"), "f", None),
            ],
            (false, _) => vec![],
        })
    }

    fn execute(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<u64, Failure> {
        self.note(format!("execute {sql:?} {parameters:?}"))?;
        Ok(1)
    }

    fn say(&mut self, words: &str) {
        self.calls.push(format!("say {words}"));
    }
}

/// What a program asks for, and the reason that it stopped for.
fn played(program: &Program, mut database: Scripted) -> (Vec<String>, Result<(), String>) {
    let outcome = match &program.code {
        Runnable::Compiled(code) => call(&**code, &mut database).map_err(|it| it.message),
        Runnable::Interpreted(files, number) => {
            perform(files, *number, &Symbols::default(), &mut database, &|| true).map(drop).map_err(
                |it| match it {
                    Broken::Failed { message, place } => {
                        assert!(place.is_some(), "a failure has its place");
                        message
                    }
                    other => panic!("{other:#?}"),
                },
            )
        }
        Runnable::Missing => panic!("nothing to run"),
    };
    (database.calls, outcome)
}

#[test]
fn interpreted_and_compiled_code_ask_for_the_same() {
    for (name, text, compiled) in CORPUS {
        let (interpreted, compiled) = (interpreted(&format!("{name}.rs"), text), compiled());
        assert_eq!(format!("{interpreted:?}"), format!("{compiled:?}"), "{name}");
        let (ours, theirs) = (programs(&interpreted), programs(&compiled));
        assert_eq!(ours.len(), theirs.len());
        let mut asked = 0;
        for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            for database in [Database::Postgres, Database::MariaDb, Database::Sqlite] {
                for refuses in std::iter::once(None).chain((0..6).map(Some)) {
                    let ours = played(ours, Scripted::new(database, refuses));
                    let theirs = played(theirs, Scripted::new(database, refuses));
                    assert_eq!(ours, theirs, "{name}, code {number} on {database:?}");
                    asked += ours.0.len();
                }
            }
        }
        assert!(asked > 20, "{name} asks for something");
    }
}

#[test]
fn reading_a_file_runs_none_of_its_code_on_anything() {
    let text = "use whimbrel_migration::*;\npub fn migration() -> Migration {\n    \
                Migration::first().run(run(\"stop\", |_db| Err(failure(\"never at reading\"))))\n}\n";
    let migration = interpreted("stops.rs", text);
    let [program] = &*programs(&migration) else { panic!("one program") };
    let (calls, outcome) = played(program, Scripted::new(Database::Sqlite, None));
    assert_eq!((calls.len(), outcome), (0, Err("never at reading".to_owned())));
}

#[test]
fn code_that_stands_alone_is_printed_as_it_stood() {
    let text = CORPUS.iter().find(|it| it.0 == "split").unwrap().1;
    let migration = interpreted("split.rs", text);
    assert!(programs(&migration).iter().all(Program::stands_alone));
    let printed = print(&migration, "Names.");
    let again = interpreted("printed.rs", &printed);
    assert_eq!(again, migration, "{printed}");
    assert_eq!(print(&again, "Names."), printed);
    let everything = CORPUS.iter().find(|it| it.0 == "everything").unwrap().1;
    let programs = programs(&interpreted("everything.rs", everything));
    assert!(!programs.iter().any(Program::stands_alone));
}

/// A program that has migrations compiled in takes them for those that whimbrel interprets.
#[test]
fn what_was_compiled_means_what_is_interpreted() {
    for (name, text, make) in CORPUS {
        let file = SourceFile::new(*name, *text);
        let told = read(&file, &NoSiblings);
        let places = told.0.as_ref().unwrap().spans.len();
        let (both, diagnostics) = compiled(*make, &file, told);
        assert!(diagnostics.is_empty());
        let both = both.unwrap();
        assert_eq!(both.spans.len(), places);
        let read = interpreted(name, text);
        assert_eq!(both.migration, read, "{name}");
        let [own, other] = [&both.migration, &read].map(|it| checksum::meaning(it).unwrap());
        assert_eq!(own, other, "{name}");
        for program in programs(&both.migration) {
            assert!(matches!(program.code, Runnable::Compiled(_)), "{name}");
        }
        // Where the text can't be read it counts as a whole, without layout and comments.
        let alone = |text: &str| {
            let file = SourceFile::new(*name, text);
            let migration = compiled(*make, &file, (None, vec![])).0.unwrap().migration;
            checksum::meaning(&migration).unwrap()
        };
        assert_ne!(alone(text), own);
        assert_eq!(alone(text), alone(&format!("//! A title.\n// A remark.\n{text}")));
        assert_ne!(alone(text), alone(&format!("{text}\nconst MORE: i64 = 1;\n")));
    }
}

#[test]
fn a_migration_that_panics_is_told_as_such() {
    let (migration, diagnostics) =
        compiled(|| panic!("no luck"), &SourceFile::new("0001_a.rs", ""), (None, vec![]));
    assert!(migration.is_none());
    assert_eq!(diagnostics[0].message, "`migration()` of `0001_a.rs` panicked: no luck");
}

fn meaning(text: &str) -> String {
    checksum::meaning(&interpreted("meaning.rs", text)).unwrap()
}

#[test]
fn an_edit_is_what_changes_what_the_code_does() {
    let everything = CORPUS.iter().find(|it| it.0 == "everything").unwrap().1;
    let split = CORPUS.iter().find(|it| it.0 == "split").unwrap().1;
    let same = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        meaning(text) == meaning(&text.replacen(from, to, 1))
    };
    // Layout and comments are no part of it, nor is what the code doesn't use.
    assert!(same(split, " // \"Ada Lovelace\"", "\n\n // another comment\n"));
    assert!(same(split, "                Ok(())\n", "Ok ( ( ) )\n"));
    assert!(same(everything, "pub fn migration", "fn unused() -> i64 { 1 }\n\npub fn migration"));
    assert!(same(everything, "/// Goes through the users batch by batch.", "/// Goes."));
    // Words, texts, functions, constants and what is captured are.
    assert!(!same(split, "split_once(' ')", "split_once('-')"));
    assert!(!same(split, "ORDER BY id", "ORDER BY name"));
    assert!(!same(everything, "BATCH: i64 = 2", "BATCH: i64 = 3"));
    assert!(!same(everything, "{name} (admin)", "{name} (root)"));
    assert!(!same(everything, "\"seen\"", "\"unseen\""));
    assert!(!same(everything, "[\"new\", \"old\"]", "[\"new\", \"older\"]"));
    assert!(!same(everything, "\"label users\"", "\"labels\""));
    assert!(!same(everything, ".undo_nothing()", ".undo(|_db| Ok(()))"));
}

/// Texts beside the migration.
struct Beside(&'static str, &'static str);

impl Siblings for Beside {
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        match path {
            "helpers.rs" => Ok(SourceFile::new(path, self.0)),
            "words.txt" => Ok(SourceFile::new(path, self.1)),
            _ => Err(format!("there is no file `{path}`")),
        }
    }
}

#[test]
fn what_code_takes_from_other_files_is_kept_with_it() {
    let helpers = "use whimbrel_migration::*;\npub fn greet(db: &mut Db) -> Result<(), Failure> {\n    \
                   db.execute(\"INSERT INTO greetings VALUES (?)\", (include_str!(\"words.txt\"),))?;\n    \
                   Ok(())\n}\n";
    let text = "use super::helpers::*;\nuse whimbrel_migration::*;\n\
                pub fn migration() -> Migration {\n    \
                Migration::first().run(run(\"greet\", |db| greet(db)))\n}\n";
    let of = |helpers, words| {
        let (read, diagnostics) = read(&SourceFile::new("a.rs", text), &Beside(helpers, words));
        read.unwrap_or_else(|| panic!("{diagnostics:#?}")).migration
    };
    let migration = of(helpers, "hello");
    let meaning = |it: &Migration| checksum::meaning(it).unwrap();
    assert_ne!(meaning(&migration), meaning(&of(helpers, "good-bye")));
    // Nothing but what was kept is asked.
    let [program] = &*programs(&migration) else { panic!("one program") };
    let (calls, outcome) = played(program, Scripted::new(Database::Sqlite, None));
    assert_eq!(outcome, Ok(()));
    assert!(calls.len() == 1 && calls[0].contains("hello"), "{calls:?}");
}

#[test]
fn code_without_an_end_is_stopped() {
    let text = "use whimbrel_migration::*;\npub fn migration() -> Migration {\n    \
                Migration::first().run(run(\"forever\", |db| {\n        \
                loop {\n            db.query(\"SELECT 1\", ())?;\n        }\n    }))\n}\n";
    let migration = interpreted("forever.rs", text);
    let [program] = &*programs(&migration) else { panic!("one program") };
    let Runnable::Interpreted(files, number) = &program.code else { panic!("interpreted") };
    let mut database = Scripted::new(Database::Sqlite, None);
    let asked = std::cell::Cell::new(0);
    let goes_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 10
    };
    let broken = perform(files, *number, &Symbols::default(), &mut database, &goes_on);
    assert!(matches!(broken, Err(Broken::Stopped)), "{broken:?}");
    assert!(database.calls.len() >= 9);
}

#[test]
fn a_panic_of_compiled_code_is_a_failure() {
    let program = Program::compiled(|_db| panic!("never mind {}", 1));
    let (_, outcome) = played(&program, Scripted::new(Database::Sqlite, None));
    assert_eq!(outcome, Err("the code panicked: never mind 1".to_owned()));
}
