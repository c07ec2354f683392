//! `generate --on-destructive`: every choice means what it says for every kind of change.

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    thread,
};

use crate::support::{Project, check};

const USERS: &str = "\
tables:
  - name: teams
    fields:
      - name: id
        type: serial
        primary_key: true
  - name: users
    fields:
      - name: id
        type: serial
        primary_key: true
      - name: email
        type: varchar
        length: 200
      - name: nick
        type: text
        default: x
      - name: city
        type: text
      - name: team_id
        type: foreign_key
        foreign_key:
          table: teams
          on_delete: CASCADE
    indexes:
      - name: users_email
        fields: [email]
        unique: true
      - name: users_city
        fields: [city]
  - name: old
    fields:
      - name: id
        type: serial
        primary_key: true
";

/// Texts of the schema, and what they become.
type Edits = &'static [(&'static str, &'static str)];

/// A kind of change: what it is called, what answers call its object, what stands in the schema
/// before and afterwards.
const KINDS: &[(&str, &str, Edits)] = &[
    (
        "drop a table",
        "old",
        &[(
            "  - name: old\n    fields:\n      - name: id\n        type: serial\n        primary_key: true\n",
            "",
        )],
    ),
    (
        "drop a column",
        "users.nick",
        &[("      - name: nick\n        type: text\n        default: x\n", "")],
    ),
    (
        "drop a column with its index",
        "users.city",
        &[
            ("      - name: city\n        type: text\n", ""),
            ("      - name: users_city\n        fields: [city]\n", ""),
        ],
    ),
    (
        "drop an index",
        "users.users_city",
        &[("      - name: users_city\n        fields: [city]\n", "")],
    ),
    (
        "drop a unique index",
        "users.users_email",
        &[("      - name: users_email\n        fields: [email]\n        unique: true\n", "")],
    ),
    (
        "drop a foreign key",
        "users.fk_users_team_id",
        &[(
            "        type: foreign_key\n        foreign_key:\n          table: teams\n          on_delete: CASCADE\n",
            "        type: integer\n",
        )],
    ),
    ("drop a default", "users.nick", &[("        default: x\n", "")]),
    (
        "narrow a type",
        "users.email",
        &[(
            "type: varchar\n        length: 200\n",
            "type: decimal\n        precision: 5\n        scale: 1\n",
        )],
    ),
    (
        "become required",
        "users.city",
        &[(
            "name: city\n        type: text\n",
            "name: city\n        type: text\n        nullable: false\n",
        )],
    ),
    (
        "become required and narrow, in one question",
        "users.email",
        &[("length: 200\n", "length: 20\n        nullable: false\n")],
    ),
];

fn changed(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(USERS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// A project with an applied schema and a change of it that nobody has written down.
fn project(edits: &[(&str, &str)]) -> Project {
    let project = Project::with_schema(USERS);
    project.run("generate");
    project.run("up -q");
    project.write("schema/schema.yaml", &changed(edits));
    project
}

fn migration(project: &Project) -> Option<String> {
    let name = project.files().into_iter().find(|it| it.starts_with("migrations/0002"))?;
    Some(project.read(&name))
}

/// What runs, without what is only said.
fn statements(project: &Project) -> String {
    let said = project.result("sql 0002");
    let is_said = |it: &str| {
        ["-- 0002", "-- needs a review"].iter().any(|head| it.starts_with(head))
            || it.ends_with("; nothing runs")
            || it.ends_with("passed over where it is there already, or not there")
    };
    said.split_inclusive('\n').filter(|it| !is_said(it.trim_end())).collect()
}

fn every_choice(kind: &str, object: &str, edits: &[(&str, &str)]) {
    let nobody_says = project(edits);
    let said = nobody_says.run("generate");
    assert!(said.contains(&format!("`--on-destructive {object}=omit`")), "{kind}: {said}");
    assert_eq!(said.matches("note: ").count(), 1, "{kind}: one question: {said}");
    assert!(said.ends_with("--- exit 4\n"), "{kind}: {said}");
    assert_eq!(migration(&nobody_says), None, "{kind}");
    let said = nobody_says.run("generate --on-destructive abort");
    assert!(said.ends_with("--- exit 4\n"), "{kind}: {said}");
    assert_eq!(migration(&nobody_says), None, "{kind}");

    let generates = project(edits);
    generates.run("generate --on-destructive generate");
    let runs = statements(&generates);
    assert!(!runs.trim().is_empty(), "{kind}: {runs}");
    let said = generates.run("up -q");
    assert!(said.starts_with("applied 0002") && !said.contains("exit"), "{kind}: {said}");

    let reviews = project(edits);
    reviews.run(&format!("generate --on-destructive {object}=review"));
    let text = migration(&reviews).expect("it was written");
    assert_eq!(text.matches(".needs_review(").count(), 1, "{kind}: {text}");
    assert_eq!(statements(&reviews), runs, "{kind}: what waits is the same");
    let said = reviews.run("up -q");
    assert!(said.contains("waits for a review") && said.ends_with("exit 4\n"), "{kind}: {said}");

    let omits = project(edits);
    let before = omits.result("schema inspect");
    omits.run("generate --on-destructive omit");
    let text = migration(&omits).expect("it was written");
    assert_eq!(text.matches(".state_only(").count(), 1, "{kind}: {text}");
    assert_eq!(statements(&omits).trim(), "", "{kind}: nothing runs");
    let said = omits.run("up -q");
    assert!(said.contains("(0 statements)"), "{kind}: {said}");
    assert_eq!(omits.result("schema inspect"), before, "{kind}: the database stays");
    assert!(!omits.run("verify").contains("--- exit"), "{kind}: it is meant");

    let ignores = project(edits);
    ignores.run("generate --on-destructive ignore-errors");
    let text = migration(&ignores).expect("it was written");
    assert_eq!(text.matches(".ignore_errors(").count(), 1, "{kind}: {text}");
    assert_eq!(statements(&ignores), runs, "{kind}: the same runs");
    let said = ignores.run("up -q");
    assert!(said.starts_with("applied 0002") && !said.contains("exit"), "{kind}: {said}");
    assert!(!ignores.run("verify").contains("--- exit"), "{kind}");

    for project in [generates, reviews, omits, ignores] {
        check(&project.run("generate"), "No changes detected\n");
    }
}

/// (h) of the list in `makemigrations`.
#[test]
fn each_choice_means_what_it_says_for_each_kind_of_change() {
    thread::scope(|scope| {
        for (kind, object, edits) in KINDS {
            scope.spawn(move || every_choice(kind, object, edits));
        }
    });
}

#[test]
fn one_change_is_chosen_for_alone_and_what_chooses_nothing_is_told() {
    let project = project(&[KINDS[0].2[0], KINDS[4].2[0]]);
    let said = project.run("generate --on-destructive old=omit");
    assert!(said.contains("Drop index `users_email`") && !said.contains("Drop table"), "{said}");
    let said = project.run("generate --on-destructive review --on-destructive odl=omit");
    assert!(said.contains("there is a choice for `odl`"), "{said}");
    assert!(said.contains("did you mean `old`?") && said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run("generate --on-destructive revew");
    assert!(said.contains("did you mean `review`?") && said.ends_with("--- exit 2\n"), "{said}");
    assert_eq!(migration(&project), None);
    project.run("generate --on-destructive review --on-destructive old=omit");
    let text = migration(&project).expect("it was written");
    assert_eq!(text.matches(".needs_review(").count(), 1, "{text}");
    assert_eq!(text.matches(".state_only(").count(), 1, "{text}");
}

/// What is not destructive is written without a question.
#[test]
fn what_gives_nothing_up_is_not_asked_about() {
    for edit in [
        ("length: 200", "length: 300"),
        ("default: x", "default: y"),
        ("unique: true", "unique: true\n      - name: users_nick\n        fields: [nick]"),
    ] {
        let project = project(&[edit]);
        let said = project.run("generate");
        assert!(said.starts_with("created "), "{edit:?}: {said}");
    }
}

/// Types these keys on a terminal; what was shown and the exit code.
pub(crate) fn on_a_terminal(
    project: &Project,
    words: &str,
    keys: &[&str],
) -> Option<(String, Option<i32>)> {
    let has_script = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if !has_script.is_ok_and(|it| it.success()) {
        whimbrel_test::report::skipped("terminal", "there is no `script` to make one with");
        return None;
    }
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_whimbrel"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(&project.root)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was there");
    let mut stdin = child.stdin.take().expect("it is piped");
    for key in keys {
        // A question is asked before it is answered.
        thread::sleep(std::time::Duration::from_millis(400));
        stdin.write_all(key.as_bytes()).and_then(|()| stdin.flush()).expect("it reads");
    }
    let mut said = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
    drop(stdin);
    Some((said, child.wait().expect("it is ours").code()))
}

pub(crate) const DOWN: &str = "\x1b[B";

#[test]
fn on_a_terminal_each_object_is_asked_about_once_and_enter_alone_writes_nothing() {
    let edits = [KINDS[0].2[0], KINDS[7].2[0]];
    let nothing = project(&edits);
    let Some((said, code)) = on_a_terminal(&nothing, "generate", &["\r"]) else { return };
    assert!(said.contains("All: the same for this and the 1 that follow"), "{said}");
    assert_eq!((code, migration(&nothing)), (Some(4), None), "{said}");

    // The cursor begins at the last line, and goes round.
    let one = project(&edits);
    let keys = [format!("{}\r", DOWN.repeat(2)), format!("{}\r", DOWN.repeat(3))];
    let (said, code) =
        on_a_terminal(&one, "generate", &keys.each_ref().map(String::as_str)).expect("as above");
    let text = migration(&one).unwrap_or_else(|| panic!("{code:?}: {said}"));
    assert!(text.contains(".needs_review(") && text.contains(".state_only("), "{text}");

    let all = project(&edits);
    let keys = [format!("{}\r", DOWN.repeat(5)), format!("{}\r", DOWN.repeat(3))];
    let (said, code) =
        on_a_terminal(&all, "generate", &keys.each_ref().map(String::as_str)).expect("as above");
    let text = migration(&all).unwrap_or_else(|| panic!("{code:?}: {said}"));
    assert_eq!(text.matches(".state_only(").count(), 1, "{text}");
    assert!(text.contains("drop_table") && text.contains("alter_column"), "{text}");
}
