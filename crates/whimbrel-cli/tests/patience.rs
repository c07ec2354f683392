//! Runs that take their time: what they tell meanwhile, until when they go on, and who is in the
//! way.

use std::{thread, time::Duration};

use serde_json::Value;
use whimbrel_test::engines::{self, Engine, Throwaway};

use crate::support::{Project, check};

/// A statement that does nothing for so many seconds.
type Sleep = fn(f64) -> String;

/// The servers, and how each is told to do nothing for so long.
fn servers() -> Vec<(Engine, Sleep)> {
    let postgres = engines::postgres().into_iter();
    let postgres = postgres.map(|it| (it, (|time| format!("SELECT pg_sleep({time})")) as Sleep));
    let family = engines::mysql_family().into_iter();
    postgres.chain(family.map(|it| (it, (|time| format!("DO sleep({time})")) as Sleep))).collect()
}

/// Does the same on every server side by side, as most of the time is spent waiting.
fn on_servers(work: impl Fn(&Engine, &Throwaway, Sleep) + Sync) {
    let servers = servers();
    let fresh = servers.iter().map(|(engine, sleep)| (engine, engine.fresh_database(), *sleep));
    let fresh: Vec<_> = fresh.collect();
    thread::scope(|scope| {
        for (engine, database, sleep) in &fresh {
            scope.spawn(|| work(engine, database, *sleep));
        }
    });
}

/// The lines for programs.
fn events(text: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap_or_else(|it| panic!("{it}: {line}"));
    text.lines().map(read).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|it| it["event"].as_str().expect("it has a name")).collect()
}

/// Whether a session on a PostgreSQL server is at work on this.
#[cfg(unix)]
fn is_running(database: &Throwaway, work: &str) -> bool {
    let listed = "SELECT query FROM pg_stat_activity \
                  WHERE state = 'active' AND pid <> pg_backend_pid()";
    let rows = database.connect().query(listed).expect("it is listed");
    rows.iter().flatten().flatten().any(|it| it.contains(work))
}

#[test]
fn what_happens_is_told_to_programs_line_by_line() {
    on_servers(|engine, database, sleep| {
        let work = format!("CREATE TABLE a (b varchar(20) DEFAULT 'my secret');\n{};", sleep(2.3));
        let project = Project::on(database).with_scripts(&[("0001_slow", &work)]);
        let said = project.result("up --format json -q");
        assert!(!said.contains("my secret"), "{engine:?}: {said}");
        let said = events(&said);
        assert!(said.iter().all(|it| it["version"] == 1), "{engine:?}: {said:?}");
        let mut told = names(&said);
        let watched = told.iter().filter(|it| **it == "progress").count();
        assert!((1..=3).contains(&watched), "{engine:?}: {said:?}");
        told.retain(|it| !matches!(*it, "progress" | "step_started" | "notice"));
        let expected = [
            "migration_started",
            "step_finished",
            "step_finished",
            "migration_finished",
            "finished",
        ];
        assert_eq!(told, expected, "{engine:?}");
        let slow = said.iter().find(|it| it["event"] == "step_finished" && it["step"] == 2);
        let took = slow.and_then(|it| it["took_ms"].as_u64()).expect("it has a time");
        assert!((2200..5000).contains(&took), "{engine:?}: {said:?}");
        assert_eq!(said.last().expect("there is one")["applied"][0], "0001_slow");
    });
}

#[test]
fn who_is_waited_for_is_told_while_it_is_waited() {
    on_servers(|engine, database, _| {
        let mut reader = database.connect();
        reader.execute("CREATE TABLE a (n integer)").expect("it is created");
        reader.begin().expect("it begins");
        reader.query("SELECT n, 'my secret' FROM a").expect("it is read");
        let project = Project::on(database)
            .with_scripts(&[("0001_more", "ALTER TABLE a ADD COLUMN more integer;")]);
        let words = "up --into-existing --format json --ddl-lock-timeout 0s -q";
        let words: Vec<&str> = words.split(' ').collect();
        let up = project.command(&words).stdout(std::process::Stdio::piped()).spawn();
        let up = up.expect("the binary was built");
        thread::sleep(Duration::from_millis(2600));
        reader.rollback().expect("it ends");
        let output = up.wait_with_output().expect("it ends");
        let said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        assert!(output.status.success(), "{engine:?}: {said}");
        assert!(!said.contains("my secret"), "{engine:?}: {said}");
        let said = events(&said);
        let waits = said.iter().find(|it| it["event"] == "progress").map(|it| &it["waits_for"]);
        let session = waits.and_then(|it| it[0]["session"].as_str()).unwrap_or_default();
        let number = reader.server().session.split('@').next().expect("it has one").to_owned();
        let number = number.rsplit(':').next().expect("it has one");
        assert!(session.ends_with(&format!(" {number}")), "{engine:?}: {said:#?}");
    });
}

#[test]
fn who_is_in_the_way_is_named_at_the_end() {
    on_servers(|engine, database, _| {
        let mut reader = database.connect();
        reader.execute("CREATE TABLE a (n integer)").expect("it is created");
        reader.begin().expect("it begins");
        reader.query("SELECT n FROM a").expect("it is read");
        let project = Project::on(database)
            .with_scripts(&[("0001_more", "ALTER TABLE a ADD COLUMN more integer;")])
            .set("WHIMBREL_DDL_LOCK_TIMEOUT", "1s");
        let said = project.run("up --into-existing --ddl-lock-wait 2s");
        let number = reader.server().session.split('@').next().expect("it has one").to_owned();
        let number = number.rsplit(':').next().expect("it has one");
        for part in [
            "0001_more: step 1 waits for other programs",
            "error: step 1 of 1 of `0001_more` waits for a lock that somebody else holds",
            "note: it was tried twice within ",
            "nothing of this migration was kept",
            &format!(" {number} ("),
            "--ddl-lock-wait",
            "--- exit 5\n",
        ] {
            assert!(said.contains(part), "{engine:?}: {part} is not in: {said}");
        }
        reader.rollback().expect("it ends");
        check(&project.run("up -q --into-existing"), "applied 0001_more (1 statement)\n");
    });
}

#[test]
fn no_step_begins_after_the_deadline() {
    on_servers(|engine, database, sleep| {
        let project = Project::on(database).with_scripts(&[
            ("0001_slow", &format!("CREATE TABLE a (n integer);\n{};", sleep(4.0))),
            ("0002_next", "CREATE TABLE b (n integer);"),
        ]);
        let said = project.run("up --deadline +0s");
        assert!(said.contains("error: it is past the deadline\n"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 5\n"), "{engine:?}: {said}");
        let said = project.run("up --tx each --deadline +3s -q");
        assert!(said.starts_with("applied 0001_slow"), "{engine:?}: {said}");
        assert!(said.contains("past the deadline"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 5\n"), "{engine:?}: {said}");
        check(&project.run("up -q --deadline +1h"), "applied 0002_next (1 statement)\n");
    });
}

#[test]
fn a_deadline_that_is_none_is_told() {
    let project = Project::empty().with_scripts(&[]);
    let said = project.run("up --deadline tomorrow");
    assert!(said.contains("write a time of day") && said.ends_with("--- exit 2\n"), "{said}");
    let said = project.run("up --ddl-lock-timeout 5");
    assert!(said.contains("such as `10m`") && said.ends_with("--- exit 2\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_statement_on_the_server_and_the_run_is_written_down() {
    use crate::support::Running;

    for engine in engines::postgres() {
        let database = engine.fresh_database();
        let project =
            Project::on(&database).with_scripts(&[("0001_slow", "SELECT pg_sleep(61.5);")]);
        let run = Running::on(&project, "0001_slow", Duration::from_millis(500));
        assert!(is_running(&database, "61.5"), "{engine:?}");
        run.signal("TERM");
        let (status, said) = run.end(Duration::from_secs(10));
        assert_eq!(status.code(), Some(143), "{engine:?}: {said}");
        assert!(!is_running(&database, "61.5"), "{engine:?}");
        let history = project.run("history -q");
        assert!(history.contains("stopped on request"), "{engine:?}: {history}");
    }
}
