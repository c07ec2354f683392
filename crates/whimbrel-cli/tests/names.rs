//! Names as people choose them: each is refused when its migration is to be written, or works on
//! the database from there on.

use std::thread;

use whimbrel_test::engines::{self, Engine};

use crate::{
    makemigrations::{execute, project_on, value},
    support::Project,
};

/// A schema in which everything that has a name has this one.
fn named(name: &str) -> String {
    let text = |it: &str| serde_json::to_string(it).expect("it is a text");
    let (name, index, check) = (text(name), text(&format!("i{name}")), text(&format!("c{name}")));
    format!(
        "tables:\n  - name: {name}\n    fields:\n      - {{name: id, type: serial, primary_key: true}}\n      \
         - {{name: {name}, type: varchar, length: 20, nullable: false, default: x, unique: true}}\n      \
         - {{name: size, type: integer}}\n      \
         - {{name: parent, type: foreign_key, foreign_key: {{table: {name}}}}}\n    indexes:\n      \
         - {{name: {index}, fields: [{name}, size desc]}}\n    checks:\n      \
         - {{name: {check}, check: size > 0}}\n"
    )
}

/// What `generate` says, if it refuses; otherwise all that follows must go well.
fn refused_or_works(project: &Project, engine: &Engine, what: &str) -> Option<String> {
    let said = project.run("generate --name initial");
    if said.contains("--- exit") {
        assert!(said.contains("nothing was written"), "{}: {what}: {said}", engine.name);
        assert!(said.ends_with("--- exit 3\n"), "{}: {what}: {said}", engine.name);
        return Some(said);
    }
    for words in ["plan", "up", "verify", "generate --check", "down --all", "verify"] {
        let said = project.run(words);
        assert!(!said.contains("--- exit"), "{}: {what}: `{words}`: {said}", engine.name);
    }
    None
}

#[test]
fn any_name_is_refused_at_once_or_works_to_the_end() {
    let long = ["t".repeat(60), "t".repeat(64), "ü".repeat(32)];
    let names =
        ["select", "we\"ird", "back`tick", "it's", "a.b", "MiXeD", "back\\slash", "日本 語"];
    let odd = ["emoji😀", "blank "];
    let names: Vec<&str> =
        names.iter().chain(&odd).copied().chain(long.iter().map(String::as_str)).collect();
    thread::scope(|scope| {
        for engine in engines::all() {
            let names = &names;
            scope.spawn(move || {
                let mut refused = Vec::new();
                for name in names {
                    let database = engine.fresh_database();
                    let project = project_on(&database, &named(name));
                    if refused_or_works(&project, &engine, name).is_some() {
                        refused.push(*name);
                    }
                }
                // What all of them take is never refused.
                let usual = refused.iter().all(|it| odd.contains(it) || it.len() >= 60);
                assert!(usual, "{}: {refused:?}", engine.name);
            });
        }
    });
}

#[test]
fn a_check_of_a_column_that_numbers_itself_is_refused_at_once_or_works() {
    let schema = "tables:\n  - name: t\n    fields:\n      - {name: id, type: serial, primary_key: true, \
                  check: id > 0}\n";
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = project_on(&database, schema);
        if let Some(said) = refused_or_works(&project, &engine, "check") {
            assert!(said.contains("`id`, which numbers itself"), "{}: {said}", engine.name);
        }
    }
}

/// A table with these columns and an index.
fn table(name: &str, columns: &[&str], index: &str) -> String {
    let field = |it: &&str| format!("      - {{name: {it}, type: varchar, length: 20}}\n");
    let fields: String = columns.iter().map(field).collect();
    format!(
        "  - name: {name}\n    fields:\n      - {{name: id, type: serial, primary_key: true}}\n{fields}    \
         indexes:\n      - {{name: {index}, fields: [id]}}\n"
    )
}

#[test]
fn names_that_differ_in_case_alone_are_refused_at_once_or_work() {
    for engine in engines::all() {
        for tables in [
            [table("Users", &["a"], "i"), table("users", &["a"], "j")],
            [table("t", &["Name", "name"], "i"), String::new()],
            [table("t", &["a"], "Ix"), table("u", &["a"], "ix")],
        ] {
            let database = engine.fresh_database();
            let project = project_on(&database, &format!("tables:\n{}", tables.concat()));
            if let Some(said) = refused_or_works(&project, &engine, "case") {
                assert!(said.contains("tell upper from lower case"), "{said}");
            }
        }
    }
}

#[test]
fn a_name_may_change_in_case_alone() {
    for engine in engines::all() {
        let before = table("users", &["name"], "ix");
        for (rename, after) in [
            ("users=Users", table("Users", &["name"], "ix")),
            ("users.name=Name", table("users", &["Name"], "ix")),
            ("users.ix=IX", table("users", &["name"], "IX")),
        ] {
            let database = engine.fresh_database();
            let project = project_on(&database, &format!("tables:\n{before}"));
            project.run("generate --name initial");
            project.run("up");
            execute(&database, "INSERT INTO users (name) VALUES ('a')");
            project.write("schema/schema.yaml", &format!("tables:\n{after}"));
            for words in
                [&format!("generate --rename {rename}"), "up", "verify", "generate --check", "down"]
            {
                let said = project.run(words);
                assert!(!said.contains("--- exit"), "{}: {words}: {said}", engine.name);
            }
            let rows = value(&database, "SELECT count(*) FROM users WHERE name = 'a'");
            assert_eq!(rows.as_deref(), Some("1"), "{}: {rename}", engine.name);
        }
    }
}
