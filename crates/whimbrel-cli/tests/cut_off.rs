//! `rebase` and `--amend` cut off between two files: whoever comes next finishes it, and no
//! database does anything twice.

use std::{collections::BTreeMap, fs};

use serde_json::json;

use crate::{
    branches::{merged, shop_with},
    support::{Project, SHOP},
};

type Files = BTreeMap<String, String>;

fn migrations(project: &Project) -> Files {
    let names = project.files().into_iter().filter(|it| it.starts_with("migrations/"));
    names.map(|it| (it.clone(), project.read(&it))).collect()
}

fn put(project: &Project, files: &Files) {
    for name in migrations(project).into_keys() {
        fs::remove_file(project.root.join(name)).expect("it is there");
    }
    for (name, text) in files {
        project.write(name, text);
    }
}

/// Every state on the way from `before` to `after`: the new files come one by one, then the old
/// ones go, the last first.
fn between(before: &Files, after: &Files) -> Vec<Files> {
    let mut states = Vec::new();
    let mut now = before.clone();
    for (name, text) in after.iter().filter(|it| before.get(it.0) != Some(it.1)) {
        now.insert(name.clone(), text.clone());
        states.push(now.clone());
    }
    for name in before.keys().rev().filter(|it| !after.contains_key(*it)) {
        now.remove(name);
        states.push(now.clone());
    }
    states.pop();
    states
}

/// What `rebase` or `--amend` writes down first, for who has to finish it.
fn journal(before: &Files, after: &Files) -> String {
    let name = |it: &str| it.trim_start_matches("migrations/").to_owned();
    let digest = |text: &String| whimbrel::migration::checksum::raw(text.as_bytes());
    let write: Vec<_> = after
        .iter()
        .filter(|it| before.get(it.0) != Some(it.1))
        .map(|(file, text)| {
            json!({ "file": name(file), "before": before.get(file).map(digest), "text": text })
        })
        .collect();
    let remove: Vec<_> = before
        .iter()
        .filter(|it| !after.contains_key(it.0))
        .map(|(file, text)| json!({ "file": name(file), "before": digest(text) }))
        .collect();
    json!({ "write": write, "remove": remove }).to_string()
}

const JOURNAL: &str = "migrations/.whimbrel-exchange.json";

/// From every state between the files before and after, any command leads to those after.
fn is_finished(project: &Project, before: &Files, after: &Files, words: &[&str]) {
    let mut states = between(before, after);
    states.push(before.clone());
    states.push(after.clone());
    assert!(states.len() > 2);
    for (number, state) in states.iter().enumerate() {
        put(project, state);
        project.write(JOURNAL, &journal(before, after));
        let said = project.run(words[number % words.len()]);
        assert!(said.contains("migrations were being rewritten"), "{number}: {said}");
        assert_eq!(migrations(project), *after, "{number}: {said}");
        assert!(!project.run("status").contains("rewritten"), "{number}");
    }
    // Somebody has changed one of the files since: nothing is touched, and that is said.
    let mut edited = before.clone();
    let last = before.keys().last().expect("there is one").clone();
    edited.insert(last.clone(), format!("{}// Mine.\n", before[&last]));
    put(project, &edited);
    project.write(JOURNAL, &journal(before, after));
    let said = project.run("up");
    assert!(said.contains("that was cut off, and they have changed since"), "{said}");
    assert!(said.contains(".whimbrel-exchange.json") && said.ends_with("--- exit 3\n"), "{said}");
    edited.insert(JOURNAL.to_owned(), journal(before, after));
    assert_eq!(migrations(project), edited);
    fs::remove_file(project.root.join(JOURNAL)).expect("it is there");
}

#[test]
fn a_rebase_that_was_cut_off_is_finished() {
    let project = merged(&["name", "phone"], &["street"]);
    project.run("up -q --to 0003_add_phone");
    let before = migrations(&project);
    let database = fs::read(project.root.join("shop.sqlite")).expect("it is there");
    project.run("rebase");
    let after = migrations(&project);
    assert!(!after.contains_key(JOURNAL), "nothing is left of it");
    is_finished(&project, &before, &after, &["status", "graph", "generate --check", "plan"]);
    // Nothing runs twice where the old ones have run.
    fs::write(project.root.join("shop.sqlite"), database).expect("it can be written");
    put(&project, &between(&before, &after)[1]);
    project.write(JOURNAL, &journal(&before, &after));
    let said = project.run("up --late allow");
    assert!(said.contains("is called 0004_add_phone_to_customers by now"), "{said}");
    assert_eq!(said.matches("applied 0").count(), 1, "{said}");
    assert!(project.run("verify -q").starts_with("No differences"));
}

#[test]
fn an_amend_that_was_cut_off_is_finished() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &shop_with(&["name"]));
    project.run("generate");
    let before = migrations(&project);
    project.write("schema/schema.yaml", &shop_with(&["name", "phone"]));
    project.run("generate --amend");
    let after = migrations(&project);
    is_finished(&project, &before, &after, &["check", "generate --amend", "up", "rebase"]);
}
