//! Ctrl-C while a statement runs.

use std::time::Duration;

use crate::{
    destructive::on_a_terminal,
    support::{Project, Running, SHOP, check},
};

/// Counts until it is stopped, as far as anybody would wait.
const LONG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4000000000) \
                    INSERT INTO customers (email) SELECT 'a' FROM n WHERE i < 0";

fn interrupted_by(signal: &str, code: i32) {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write(
        "migrations/0002_long.sql",
        &format!("-- whimbrel: after 0001_initial\n{LONG};\n-- whimbrel: down\nSELECT 1;\n"),
    );
    project.run("up 1");
    let run = Running::on(&project, "0002_long", Duration::from_millis(200));
    run.signal(signal);
    // It waits for no statement.
    let (status, _) = run.end(Duration::from_secs(10));
    assert_eq!(status.code(), Some(code));
    check(&project.run("status -q"), "0001_initial  applied  TIME\n0002_long     pending\n");
    let text = project.read("migrations/0002_long.sql").replace("4000000000", "4");
    project.write("migrations/0002_long.sql", &text);
    check(&project.run("up -q"), "applied 0002_long (1 statement)\n");
}

#[test]
fn an_interrupt_stops_the_statement_and_the_next_run_goes_on() {
    interrupted_by("INT", 130);
}

#[test]
fn a_termination_does_the_same() {
    interrupted_by("TERM", 143);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_goes_away_does_the_same() {
    interrupted_by("HUP", 129);
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_to_be_ignored_stays_ignored() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let long = LONG.replace("4000000000", "4000000");
    project.write(
        "migrations/0002_long.sql",
        &format!("-- whimbrel: after 0001_initial\n{long};\n-- whimbrel: down\nSELECT 1;\n"),
    );
    project.run("up 1");
    let run = Running::without_hangups(&project, "0002_long", Duration::from_millis(50));
    run.signal("HUP");
    let (status, said) = run.end(Duration::from_mins(1));
    assert_eq!(status.code(), Some(0), "{said}");
}

/// The cursor is hidden while something is asked.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_at_a_question_writes_nothing_and_gives_the_terminal_back() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.write("schema/schema.yaml", &SHOP.replace("name: email", "name: mail"));
    let files = project.files();
    let Some((said, code)) = on_a_terminal(&project, "generate", &["\x03"]) else { return };
    let (_, rest) = said.split_once("Exit: write nothing").expect("it asks");
    assert!(rest.contains("\x1b[?25h"), "the cursor is hidden: {rest:?}");
    assert!(rest.contains("interrupted; nothing was written"), "{rest:?}");
    assert_eq!((code, project.files()), (Some(130), files), "{rest:?}");
}
