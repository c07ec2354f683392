//! Runs that take their time: what they tell meanwhile, until when they go on, and who is in the
//! way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

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

/// The same in a statement that changes rows, and so can be rolled back everywhere.
#[cfg(unix)]
fn into_rest(sleep: &str) -> String {
    match sleep.strip_prefix("DO ") {
        // One that is stopped just ends sooner; the statement is stopped before the next one.
        Some(sleep) => {
            format!("INSERT INTO rest SELECT {sleep} FROM (SELECT 1 UNION ALL SELECT 2) AS twice;")
        }
        None => format!("{sleep};"),
    }
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

/// A table, and a change of it that takes some seconds and whose progress the server tells.
fn long_change(product: &str) -> (Vec<&'static str>, &'static str) {
    if product == "PostgreSQL" {
        let table = vec![
            "CREATE TABLE wide (n integer, filler char(1500))",
            "INSERT INTO wide SELECT n, '' FROM generate_series(1, 300) AS n",
            "CREATE FUNCTION slow(n integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'",
        ];
        return (table, "CREATE INDEX wide_slow ON wide (slow(n));");
    }
    let mut table = vec![
        "CREATE TABLE wide (n integer PRIMARY KEY)",
        "INSERT INTO wide WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i \
         WHERE n < 700) SELECT n FROM i",
    ];
    if product == "MySQL" {
        // "InnoDB ALTER TABLE progress" in the manual.
        table.push(
            "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' \
             WHERE NAME = 'events_stages_current'",
        );
    }
    let change = "ALTER TABLE wide ADD COLUMN hash char(128) \
                  AS (sha2(repeat(n, 600000), 512)) STORED, ALGORITHM = COPY;";
    (table, change)
}

#[test]
fn how_far_a_long_statement_has_got_is_told() {
    on_servers(|engine, database, _| {
        let mut connection = database.connect();
        let (table, change) = long_change(&connection.server().product);
        for statement in table {
            connection.execute(statement).expect("it runs");
        }
        let project = Project::on(database).with_scripts(&[("0001_long", change)]);
        let said = events(&project.result("up --into-existing --format json -q"));
        let is_measured = |it: &&Value| {
            let doing = it["doing"].as_str().unwrap_or_default();
            let (done, total) = (it["done"].as_u64(), it["total"].as_u64());
            (doing.contains("index") || doing.contains("cop"))
                && matches!((done, total), (Some(done), Some(total)) if 0 < total && done <= total)
        };
        let mut progress = said.iter().filter(|it| it["event"] == "progress");
        assert!(progress.any(|it| is_measured(&it)), "{engine:?}: {said:#?}");
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

/// What the second of the [`slow`] scripts becomes.
#[cfg(unix)]
const QUICK: &str = "-- whimbrel: after 0001_rest\nCREATE TABLE a (n integer);\n";

/// Scripts of which the second does nothing for a while, in a transaction.
#[cfg(unix)]
fn slow(sleep: &str) -> [(&'static str, &str); 2] {
    [("0001_rest", "CREATE TABLE rest (n integer);"), ("0002_slow", sleep)]
}

/// What a session is at that runs a statement with this text, if there is one.
#[cfg(unix)]
fn is_running(database: &Throwaway, work: &str) -> bool {
    let mut connection = database.connect();
    let listed = match connection.server().product.as_str() {
        "PostgreSQL" => {
            "SELECT query FROM pg_stat_activity \
             WHERE state = 'active' AND pid <> pg_backend_pid()"
        }
        _ => {
            "SELECT info FROM information_schema.processlist \
             WHERE command <> 'Sleep' AND id <> connection_id() AND db = database()"
        }
    };
    let rows = connection.query(listed).expect("it is listed");
    rows.iter().flatten().flatten().any(|it| it.contains(work))
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_statement_on_the_server_and_the_run_is_written_down() {
    use crate::support::Running;

    on_servers(|engine, database, sleep| {
        let project = Project::on(database).with_scripts(&slow(&into_rest(&sleep(61.5))));
        let run = Running::on(&project, "0002_slow", Duration::from_millis(500));
        assert!(is_running(database, "61.5"), "{engine:?}");
        run.signal("TERM");
        let (status, said) = run.end(Duration::from_secs(10));
        assert_eq!(status.code(), Some(143), "{engine:?}: {said}");
        assert!(said.contains("\nstopping where the next run can go on"), "{engine:?}: {said}");
        assert!(said.contains("error: stopped on request"), "{engine:?}: {said}");
        assert!(!is_running(database, "61.5"), "{engine:?}");
        let history = project.run("history -q");
        assert!(history.contains("stopped on request"), "{engine:?}: {history}");
        project.write("migrations/0002_slow.sql", QUICK);
        let said = project.run("up -q");
        assert!(said.ends_with("applied 0002_slow (1 statement)\n"), "{engine:?}: {said}");
    });
}

/// What stands before a server, and from some time on leaves new connections without an answer:
/// what asks to stop a statement never gets there.
#[cfg(unix)]
struct Door {
    port: u16,
    is_deaf: Arc<AtomicBool>,
}

#[cfg(unix)]
impl Door {
    fn before(host: &str, port: u16) -> Self {
        use std::{
            io,
            net::{Shutdown, TcpListener, TcpStream},
        };

        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let own = listener.local_addr().expect("it has one").port();
        let is_deaf = Arc::<AtomicBool>::default();
        let (host, deaf) = (host.to_owned(), Arc::clone(&is_deaf));
        thread::spawn(move || {
            let pass = |mut from: TcpStream, mut to: TcpStream| {
                thread::spawn(move || {
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Both);
                })
            };
            let mut unheard = Vec::new();
            for client in listener.incoming().map_while(Result::ok) {
                if deaf.load(Ordering::SeqCst) {
                    unheard.push(client);
                    continue;
                }
                let server = TcpStream::connect((host.as_str(), port)).expect("it listens");
                pass(client.try_clone().expect("it can"), server.try_clone().expect("it can"));
                pass(server, client);
            }
        });
        Self { port: own, is_deaf }
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_leaves_at_once_even_if_the_server_hears_nothing() {
    use crate::support::Running;

    on_servers(|engine, database, sleep| {
        let server = database.target().hosts.first().expect("it is reached by the network");
        let port = server.port.expect("it has one");
        let url = database.url();
        let door = Door::before(&server.name, port);
        let behind = url.replace(&format!(":{port}"), &format!(":{}", door.port));
        let project = Project::on(database).set("DATABASE_URL", &behind);
        let project = project.with_scripts(&slow(&into_rest(&sleep(3.5))));
        let run = Running::on(&project, "0002_slow", Duration::from_millis(1200));
        door.is_deaf.store(true, Ordering::SeqCst);
        run.signal("INT");
        thread::sleep(Duration::from_millis(800));
        run.signal("INT");
        let (status, said) = run.end(Duration::from_secs(2));
        assert_eq!(status.code(), Some(130), "{engine:?}: {said}");
        assert!(said.contains("\nleft at once"), "{engine:?}: {said}");
        // Whether the server ends what it was at is the server's to say; it is done once.
        let project = project.set("DATABASE_URL", &url);
        let said = project.run("up");
        assert!(!said.contains("--- exit"), "{engine:?}: {said}");
        let status = project.run("status -q");
        assert!(status.contains("0002_slow  applied"), "{engine:?}: {status}");
    });
}

/// Where [`reads_a_file_for_some_seconds`] finds the file.
const READ: &str = "WHIMBREL_TEST_READ";

/// A report in a process of its own: within one process SQLite's sessions share their locks.
#[test]
#[ignore = "a part of `a_file_is_not_kept_from_readers_for_longer_than_the_timeout`"]
fn reads_a_file_for_some_seconds() {
    let Some(file) = std::env::var_os(READ) else { return };
    let report = rusqlite::Connection::open(&file).expect("it opens");
    report.execute_batch("BEGIN; SELECT n FROM a").expect("it reads");
    let begun = std::path::Path::new(&file).with_extension("begun");
    std::fs::write(begun, "").expect("it can be written");
    thread::sleep(Duration::from_secs(5));
    report.execute_batch("ROLLBACK").expect("it ends");
}

#[test]
fn a_file_is_not_kept_from_readers_for_longer_than_the_timeout() {
    const TIMEOUT: Duration = Duration::from_millis(500);
    let project = Project::empty()
        .set("DATABASE_URL", "sqlite:app.sqlite")
        .with_scripts(&[("0001_more", "ALTER TABLE a ADD COLUMN more integer;")]);
    let path = project.root.join("app.sqlite");
    let file = rusqlite::Connection::open(&path).expect("it opens");
    file.execute_batch("CREATE TABLE a (n integer); INSERT INTO a VALUES (1)").expect("it runs");
    file.busy_timeout(Duration::from_secs(20)).expect("it is set");
    let mut report = std::process::Command::new(std::env::current_exe().expect("it has a path"))
        .args(["--exact", "patience::reads_a_file_for_some_seconds", "--ignored", "-q"])
        .env(READ, &path)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it is there");
    while !path.with_extension("begun").exists() {
        assert!(report.try_wait().expect("it is ours").is_none(), "it has not begun");
        thread::sleep(Duration::from_millis(10));
    }
    let (file, over) = (&mut { file }, &AtomicBool::new(false));
    let longest = thread::scope(|scope| {
        let load = scope.spawn(move || {
            let mut longest = Duration::ZERO;
            while !over.load(Ordering::SeqCst) {
                let start = Instant::now();
                file.query_row("SELECT n FROM a", [], |_| Ok(())).expect("it is read");
                longest = longest.max(start.elapsed());
                thread::sleep(Duration::from_millis(5));
            }
            longest
        });
        let said = project.run("up --into-existing --ddl-lock-timeout 500ms --wait 30s");
        over.store(true, Ordering::SeqCst);
        assert!(said.starts_with("applied 0001_more"), "{said}");
        assert!(said.contains("waiting for another run"), "{said}");
        load.join().expect("it ends")
    });
    assert!(report.wait().expect("it ends").success());
    assert!(longest < TIMEOUT + Duration::from_millis(600), "a read took {longest:?}");
    // Otherwise nobody has queued at all, and the test has shown nothing.
    assert!(longest > TIMEOUT / 2, "a read took {longest:?} at the most");
}
