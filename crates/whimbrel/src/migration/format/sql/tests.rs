//! Files in SQL, and what is understood of them.

use proptest::prelude::*;
use whimbrel_migration::{Migration, RunSql};

use super::*;
use crate::{
    dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE},
    migration::format::rust::NoSiblings,
    operation::Operation,
    schema::{PerDatabase, Script, Undo},
};

fn read(text: &str) -> SqlMigration {
    let (migration, diagnostics) = parse(&SourceFile::new("0003_x.sql", text), &NoSiblings);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    migration
}

fn scripts(text: &str) -> Vec<Script> {
    let (migration, places) = read(text).migration();
    assert_eq!(places.len(), migration.operations.len());
    let script = |it| match it {
        Operation::RunSql(run) => run.script,
        other => panic!("{other:?}"),
    };
    migration.operations.into_iter().map(script).collect()
}

fn errors(text: &str) -> Vec<String> {
    let (_, diagnostics) = parse(&SourceFile::new("0003_x.sql", text), &NoSiblings);
    let help = |it: &Diagnostic| it.help.clone().unwrap_or_default();
    diagnostics.iter().map(|it| format!("{it}; {}", help(it))).collect()
}

#[test]
fn a_plain_file_is_one_script_with_its_way_back() {
    let text = "\u{feff}-- whimbrel: after 0001_a, 0002_b\r\n-- Days.\r\nCREATE TABLE a (b int);\r\n\r\n\
                --whimbrel:down\r\nDROP TABLE a;\r\n";
    let (migration, places) = read(text).migration();
    assert_eq!(migration.parents, ["0001_a", "0002_b"]);
    assert!(!migration.no_transaction);
    let place = places[0].clone().unwrap();
    assert_eq!(place.file.text[place.range].trim(), "-- Days.\r\nCREATE TABLE a (b int);");
    let scripts = scripts(text);
    assert_eq!(scripts.len(), 1);
    assert_eq!(scripts[0].up, PerDatabase::all("-- Days.\r\nCREATE TABLE a (b int);"));
    assert_eq!(scripts[0].undo, Undo::Sql(PerDatabase::all("DROP TABLE a;")));
}

#[test]
fn without_down_nobody_knows_the_way_back_and_an_empty_down_is_nothing() {
    assert_eq!(scripts("-- whimbrel: first\nSELECT 1")[0].undo, Undo::Unknown);
    let empty = "-- whimbrel: first\nSELECT 1;\n-- whimbrel: down\n-- nothing\n";
    assert_eq!(scripts(empty)[0].undo, Undo::Nothing);
    assert!(scripts("-- whimbrel: after a b\n-- whimbrel: no-transaction\n").is_empty());
    assert!(read("-- whimbrel: first\n-- whimbrel: no-transaction").no_transaction);
}

#[test]
fn sections_say_what_runs_on_which_database() {
    let text = "-- whimbrel: first\nSELECT 0;\n-- whimbrel: for pg\nSELECT 1;\n\
                -- whimbrel: up mysql\n-- nothing to do\n-- whimbrel: up\nSELECT 2;\n\
                -- whimbrel: down postgres\nSELECT 3;\n-- whimbrel: for mysql\nSELECT 4;\n\
                -- whimbrel: down\nSELECT 5;";
    let scripts = scripts(text);
    let on = |dialect: &Dialect| -> Vec<Option<String>> {
        scripts.iter().map(|it| dialect.text(&it.up).map(ToOwned::to_owned)).collect()
    };
    let some = |it: &str| Some(it.to_owned());
    assert_eq!(on(&POSTGRES), [some("SELECT 0;"), some("SELECT 1;"), some("SELECT 2;")]);
    assert_eq!(on(&MARIADB), [some("SELECT 0;"), some(""), some("SELECT 2;")]);
    assert_eq!(on(&SQLITE), [some("SELECT 0;"), None, some("SELECT 2;")]);
    let Undo::Sql(undo) = &scripts[0].undo else { panic!("{:?}", scripts[0].undo) };
    assert_eq!(POSTGRES.text(undo), Some("SELECT 3;\nSELECT 5;"));
    assert_eq!(MYSQL.text(undo), Some("SELECT 4;\nSELECT 5;"));
    assert_eq!(SQLITE.text(undo), None);
    assert_eq!(scripts[1].undo, Undo::Nothing);
}

#[test]
fn a_query_belongs_to_the_statement_that_follows() {
    let text = "-- whimbrel: first\nSELECT 0;\n-- whimbrel: done-when SELECT 9;\nCALL p();\nSELECT 1;\n\
                -- whimbrel: done-when SELECT 8\nCALL q();";
    let scripts = scripts(text);
    let queries: Vec<_> = scripts.iter().map(|it| it.done_when.clone()).collect();
    let query = |it: &str| Some(PerDatabase::all(it));
    assert_eq!(queries, [None, query("SELECT 9"), query("SELECT 8")]);
    assert_eq!(scripts[1].up, PerDatabase::all("CALL p();\nSELECT 1;"));
    let operation: Operation = RunSql { script: scripts[1].clone() }.into();
    let schema = crate::schema::Schema::default();
    let span = crate::operation::Span { before: &schema, after: &schema };
    let statements = crate::operation::as_change(&operation).sql(&MYSQL, span).unwrap();
    let queries: Vec<_> = statements.iter().map(|it| it.done_when.as_deref()).collect();
    assert_eq!(queries, [Some("SELECT 9"), None]);
}

#[test]
fn what_is_wrong_is_said_with_the_way_out() {
    assert_eq!(
        errors("SELECT 1;"),
        ["0003_x.sql:1:1: the file doesn't say which migration it comes after (before this \
         line); add `-- whimbrel: after NAME` as the first line, or `-- whimbrel: first` if \
         it comes after none",]
    );
    assert_eq!(
        errors("-- whimbrel: first\n-- whimbrel: dwon\nSELECT 1"),
        ["0003_x.sql:2:14: there is no directive `dwon` (not known); did you mean `down`?",]
    );
    assert_eq!(
        errors("-- whimbrel: first\n-- whimbrel: for postgre\nSELECT 1"),
        ["0003_x.sql:2:18: there is no database `postgre` (a database is wanted here); did you \
         mean `postgres`?",]
    );
    assert_eq!(errors("-- whimbrel: first\n-- whimbrel: after a\n").len(), 1);
    assert_eq!(errors("-- whimbrel: after\n").len(), 1);
    assert_eq!(errors("-- whimbrel: first\n-- whimbrel: done-when\nSELECT 1").len(), 1);
    assert_eq!(errors("-- whimbrel: first\n-- whimbrel: done-when SELECT 1\n").len(), 1);
    assert_eq!(errors("-- whimbrel: first\n-- whimbrel: down\nSELECT 1").len(), 1);
}

#[test]
fn statements_that_cannot_be_cut_are_shown_in_the_file() {
    let migration = read("-- whimbrel: first\nSELECT 1;\nSELECT 'a;\n");
    let diagnostics = migration.check(&SQLITE);
    let wanted = "0003_x.sql:3:8: this string is never closed (here)";
    assert_eq!(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>(), [wanted]);
}

#[test]
fn a_new_file_reads_as_a_migration_that_does_nothing() {
    for parents in [vec![], vec!["0001_a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
        let written = Migration { parents, ..Migration::default() };
        let migration = read(&template(&written, "0003_some_days"));
        assert_eq!(migration.migration().0, written);
        assert!(migration.up.is_empty() && migration.down.is_none());
    }
}

#[test]
fn what_a_whole_migration_says_of_itself_is_said_in_sql_too() {
    let written = Migration::after("0002_b")
        .needs_review("drops users.legacy")
        .irreversible("the rows are gone")
        .replaces(["0001_a", "0002_b"])
        .after_deploy()
        .no_transaction();
    let text = template(&written, "0003_some_days");
    let (migration, places) = read(&text).migration();
    assert_eq!(migration, written);
    let place = |at: usize| {
        let place = places[at].clone().unwrap();
        place.file.text[place.range].to_owned()
    };
    assert_eq!(place(0), "needs-review drops users.legacy");
    assert_eq!(place(1), "irreversible the rows are gone");
    let (migration, places) = read(&format!("{text}SELECT 1;\n")).migration();
    assert_eq!((migration.operations.len(), places.len()), (3, 3));
    for (text, wanted) in [
        ("-- whimbrel: replaces", "`replaces` names no migration"),
        ("-- whimbrel: replaces a b a", "`a` is replaced twice"),
        ("-- whimbrel: needs-review", "`needs-review` doesn't say why"),
        ("-- whimbrel: irreversible  ", "`irreversible` doesn't say why"),
        ("-- whimbrel: irreversible a\n-- whimbrel: irreversible b", "is stated twice"),
        ("-- whimbrel: irreversible a\nSELECT 1;\n-- whimbrel: down\nSELECT 2", "a way down"),
    ] {
        let found = errors(&format!("-- whimbrel: first\n{text}\n"));
        assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
    }
}

proptest! {
    #[test]
    fn no_file_is_too_odd_to_read(
        lines in proptest::collection::vec(proptest::sample::select(vec![
            "-- whimbrel: first", "-- whimbrel: after a", "-- whimbrel: up", "-- whimbrel: down",
            "-- whimbrel: up mysql", "-- whimbrel: for pg", "-- whimbrel: irreversible x",
            "-- whimbrel: replaces", "-- whimbrel: needs-review é", "-- whimbrel: done-when SELECT 1",
            "-- whimbrel: state", "-- whimbrel: state .drop_table(\"a\")", "--  .drop_table(\"é\")",
            "-- whimbrel: ", "-- whimbrel", "SELECT 'ä';", "-- x", "", "--\u{feff}whimbrelä: x", "/*",
        ]), 0..12)
    ) {
        let (migration, _) = parse(&SourceFile::new("x.sql", lines.join("\n")), &NoSiblings);
        let _ = migration.migration();
        for dialect in ALL {
            migration.check(dialect);
        }
    }
}
