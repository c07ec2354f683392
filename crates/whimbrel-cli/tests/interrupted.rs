//! Runs that are stopped in the middle, and many runs at once.

use std::{
    fs,
    process::{Child, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use whimbrel::connection::Connection;
use whimbrel_test::engines::{self, Engine, Throwaway};

use crate::support::{PATIENCE, Project, Running};

/// Tables first, then a step that takes long, with one before it and one behind it.
fn slow_project(database: &Throwaway, slow: &str) -> Project {
    let slow =
        format!("CREATE TABLE first (id integer);\n{slow};\nCREATE TABLE last (id integer);");
    Project::on(database).with_scripts(&[
        ("0001_pace", "CREATE TABLE pace (n integer); INSERT INTO pace VALUES (30)"),
        ("0002_slow", &slow),
    ])
}

/// Something to run by that waits as long as `pace` says, or until somebody lets go of `pace`.
fn slow_statement(engine: &Engine) -> &'static str {
    match () {
        () if engine.name.starts_with("postgres") => "SELECT pg_sleep(n) FROM pace",
        () if engine.name.starts_with("sqlite") => {
            "INSERT INTO pace WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c \
             WHERE x < (SELECT n * 100000000 FROM pace)) SELECT count(*) - count(*) FROM c"
        }
        () => "ALTER TABLE pace ADD COLUMN more integer",
    }
}

/// Keeps `pace` from being changed where that is what makes the statement slow.
fn hold(engine: &Engine, database: &Throwaway) -> Option<Box<dyn Connection>> {
    let is_mysql = !engine.name.starts_with("postgres") && engine.name != "sqlite";
    is_mysql.then(|| {
        let mut holder = database.connect();
        holder.begin().expect("it can be begun");
        holder.query("SELECT n FROM pace").expect("it is there");
        holder
    })
}

/// Starts `up`, and comes back when it is in the middle of the slow statement.
fn start(project: &Project) -> Running {
    Running::on(project, "0002_slow", Duration::from_millis(500))
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// Waits for the end, at most so long.
fn end(mut child: Child, within: Duration) -> (ExitStatus, String) {
    let begin = Instant::now();
    while child.try_wait().expect("it is ours").is_none() {
        if begin.elapsed() > within {
            child.kill().expect("it is ours");
            let output = child.wait_with_output().expect("it is ours");
            panic!("it did not end within {within:?}: {}", text(&output));
        }
        thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("it is ours");
    (output.status, text(&output))
}

/// Makes the slow statement fast, and looks whether the next run ends where it should.
fn finishes(project: &Project, database: &Throwaway, engine: &Engine) {
    let begin = Instant::now();
    let mut connection = database.connect();
    connection.execute("UPDATE pace SET n = 0").expect("nobody holds it any more");
    let said = project.run("up");
    assert!(said.contains("applied 0002_slow"), "{}: {said}", engine.name);
    assert!(!said.contains("--- exit"), "{}: {said}", engine.name);
    for table in ["first", "last"] {
        let rows = connection.query(&format!("SELECT id FROM {table}"));
        assert!(rows.is_ok(), "{}: {table} is missing", engine.name);
    }
    assert_eq!(project.run("up -q"), "Nothing to apply\n");
    assert!(begin.elapsed() < PATIENCE, "{}: it took {:?}", engine.name, begin.elapsed());
}

fn is_interrupted_and_finishes(name: &str, code: i32) {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = slow_project(&database, slow_statement(&engine));
        project.run("up 1");
        let holder = hold(&engine, &database);
        let run = start(&project);
        run.signal(name);
        let (status, said) = run.end(Duration::from_secs(2));
        assert_eq!(status.code(), Some(code), "{}: {said}", engine.name);
        assert!(said.contains("run the same command again"), "{}: {said}", engine.name);
        drop(holder);
        finishes(&project, &database, &engine);
    }
}

#[test]
fn ctrl_c_stops_the_statement_and_the_next_run_finishes() {
    is_interrupted_and_finishes("INT", 130);
}

#[test]
fn a_supervisor_that_ends_it_gets_143_and_the_next_run_finishes() {
    is_interrupted_and_finishes("TERM", 143);
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = slow_project(&database, slow_statement(&engine));
        project.run("up 1");
        let mut connection = database.connect();
        if engine.name.starts_with("postgres") && connection.server().version.major < 14 {
            // It does not look whether its client still lives, and sleeps to the end.
            connection.execute("UPDATE pace SET n = 2").expect("it is there");
        }
        let holder = hold(&engine, &database);
        let run = start(&project);
        run.signal("KILL");
        run.end(PATIENCE);
        drop(holder);
        // The server may still be at work for the client that is gone; the next run waits.
        finishes(&project, &database, &engine);
    }
}

#[test]
fn a_step_that_nobody_can_judge_is_settled_by_the_user() {
    for engine in engines::mysql_family() {
        for answer in ["--done", "--again"] {
            let database = engine.fresh_database();
            let project = slow_project(&database, "SELECT sleep(n) FROM pace");
            project.run("up 1");
            let said = project.run("resolve 0002_slow --step 2 --done");
            assert!(said.contains("there is nothing to settle"), "{said}");
            assert!(said.ends_with("--- exit 2\n"), "{said}");
            let run = start(&project);
            run.signal("INT");
            let (status, said) = run.end(Duration::from_secs(2));
            assert_eq!(status.code(), Some(130), "{}: {said}", engine.name);
            database.connect().execute("UPDATE pace SET n = 0").expect("it is there");

            let said = project.run("up");
            assert!(said.ends_with("--- exit 4\n"), "{}: {said}", engine.name);
            assert!(said.contains("SELECT sleep(n) FROM pace"), "{}: {said}", engine.name);
            let hint = "`whimbrel resolve 0002_slow --step 2 --done`";
            assert!(said.contains(hint), "{}: {said}", engine.name);
            let said = project.run("resolve 0002_slow --step 3 --done");
            assert!(said.contains("step 2 is"), "{}: {said}", engine.name);
            let said = project.run(&format!("resolve 0002 --step 2 {answer}"));
            assert!(said.starts_with("step 2 of 0002_slow "), "{}: {said}", engine.name);
            finishes(&project, &database, &engine);
        }
    }
}

#[test]
fn twenty_runs_at_once_apply_each_migration_once() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let scripts: Vec<(String, String)> = (1..=5)
            .map(|it| {
                let text = format!(
                    "CREATE TABLE t{it} (n integer);\nINSERT INTO t{it} VALUES ({it});\n\
                     CREATE TABLE u{it} (n integer);"
                );
                (format!("{it:04}_t{it}"), text)
            })
            .collect();
        let scripts: Vec<(&str, &str)> =
            scripts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let project = Project::on(&database).with_scripts(&scripts);
        let children: Vec<Child> = (0..20)
            .map(|_| {
                project
                    .command(&["up"])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("the binary was built")
            })
            .collect();
        let mut all = String::new();
        for child in children {
            let (status, said) = end(child, PATIENCE * 2);
            assert!(status.success(), "{}: {said}", engine.name);
            all.push_str(&said);
        }
        for it in 1..=5 {
            let line = format!("applied {it:04}_t{it} ");
            assert_eq!(all.matches(&line).count(), 1, "{}: {all}", engine.name);
            let rows = database.connect().query(&format!("SELECT n FROM t{it}"));
            assert_eq!(rows.expect("it is there").len(), 1, "{}", engine.name);
        }
    }
}

#[test]
fn twenty_runs_of_which_half_are_killed_leave_work_that_is_finished() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::on(&database);
        let mut before = None;
        for it in 1..=6 {
            let parent = before.map_or("first".to_owned(), |it| format!("after {it:04}_t{it}"));
            let text = format!(
                "-- whimbrel: {parent}\nCREATE TABLE t{it} (n integer);\n\
                 INSERT INTO t{it} VALUES ({it});\nCREATE TABLE u{it} (n integer);\n"
            );
            project.write(&format!("migrations/{it:04}_t{it}.sql"), &text);
            before = Some(it);
        }
        let mut children = Vec::new();
        for number in 0..20_u64 {
            let mut child = project
                .command(&["up"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary was built");
            if number % 2 == 0 {
                thread::sleep(Duration::from_millis(3 * number));
                child.kill().expect("it is ours");
                child.wait().expect("it is ours");
            } else {
                children.push(child);
            }
        }
        for child in children {
            let (status, said) = end(child, PATIENCE * 2);
            assert!(status.success(), "{}: {said}", engine.name);
        }
        for it in 1..=6 {
            for (table, rows) in [(format!("t{it}"), 1), (format!("u{it}"), 0)] {
                let found = database.connect().query(&format!("SELECT n FROM {table}"));
                assert_eq!(found.expect("it is there").len(), rows, "{}: {table}", engine.name);
            }
        }
        let status = project.run("status -q --check");
        assert_eq!(status.matches(" applied ").count(), 6, "{}: {status}", engine.name);
    }
}

#[test]
fn a_session_that_the_server_ends_is_passing_trouble() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let project = slow_project(&database, slow_statement(&engine));
        project.run("up 1");
        let holder = hold(&engine, &database);
        let child = start(&project);
        let mut admin = database.connect();
        if engine.name.starts_with("postgres") {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND query LIKE '%pg_sleep%' \
                       AND pid <> pg_backend_pid()";
            assert_eq!(admin.query(end).expect("it may").len(), 1);
        } else {
            let find = "SELECT id FROM information_schema.processlist \
                        WHERE db = database() AND info LIKE 'ALTER%'";
            let found = admin.query(find).expect("it may");
            let id = found[0][0].as_ref().expect("it is a number");
            admin.execute(&format!("KILL {id}")).expect("it may");
        }
        let (status, said) = child.end(Duration::from_secs(5));
        assert_eq!(status.code(), Some(5), "{}: {said}", engine.name);
        assert!(said.contains("run the same command again"), "{}: {said}", engine.name);
        drop(holder);
        finishes(&project, &database, &engine);
    }
}

#[test]
fn whoever_does_not_want_to_wait_is_told_who_is_at_work() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = slow_project(&database, slow_statement(&engine));
        project.run("up 1");
        let holder = hold(&engine, &database);
        let child = start(&project);
        let begin = Instant::now();
        let said = project.run("status");
        assert!(!said.contains("--- exit"), "{}: {said}", engine.name);
        let said = project.run("up --wait 0s");
        assert!(begin.elapsed() < Duration::from_secs(5), "{}: {said}", engine.name);
        assert!(said.contains("another run is at work"), "{}: {said}", engine.name);
        assert!(said.contains("`--wait 10m`"), "{}: {said}", engine.name);
        assert!(said.ends_with("--- exit 5\n"), "{}: {said}", engine.name);
        child.signal("TERM");
        let (status, said) = child.end(Duration::from_secs(2));
        assert_eq!(status.code(), Some(143), "{}: {said}", engine.name);
        drop(holder);
        finishes(&project, &database, &engine);
    }
}

#[test]
fn whoever_waits_for_a_locked_file_goes_on_when_it_is_free() {
    let engine = &engines::sqlite()[0];
    let database = engine.fresh_database();
    let project = Project::on(&database).with_scripts(&[("0001_a", "CREATE TABLE a (n integer);")]);
    let mut other = database.connect();
    other.begin().expect("nobody is there");
    let heard = project.root.join("heard.txt");
    let child = project
        .command(&["up"])
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&heard).expect("it can be made"))
        .spawn()
        .expect("the binary was built");
    let waits = "waiting for another run: another program has locked the file";
    let begin = Instant::now();
    while !project.read("heard.txt").contains(waits) {
        assert!(begin.elapsed() < PATIENCE, "it doesn't say that it waits");
        thread::sleep(Duration::from_millis(20));
    }
    other.rollback().expect("it is open");
    let (status, said) = end(child, PATIENCE);
    assert!(status.success(), "{said}");
    assert!(said.contains("applied 0001_a"), "{said}");
}
