//! A password is shown nowhere: not in what is said, not in what is written.

#[cfg(target_os = "linux")]
use std::time::Duration;

use whimbrel_test::engines::{self, Throwaway};

#[cfg(target_os = "linux")]
use crate::support::{PATIENCE, Running};
use crate::{roles::Role, support::Project};

/// With everything in it that has a meaning in a URL.
const PASSWORD: &str = "Xq7@Jz:Wv/Kp#Yf%Bn?Gd&Qh=Zk";

/// The same as it stands in a URL.
const ENCODED: &str = "Xq7%40Jz%3AWv%2FKp%23Yf%25Bn%3FGd%26Qh%3DZk";

/// Four characters of it in a row are enough to be a leak.
#[track_caller]
fn is_clean(what: &str, said: &str) {
    for password in [PASSWORD, ENCODED] {
        for start in 0..=password.len() - 4 {
            let piece = &password[start..start + 4];
            assert!(!said.contains(piece), "{what} shows `{piece}`:\n{said}");
        }
    }
}

/// The project of a role, its password in the URL or by itself.
fn projects(role: &Role) -> [Project; 2] {
    let target = role.target();
    let in_url = role.url();
    assert!(in_url.contains(ENCODED), "the URL has it encoded");
    let mut without = target.clone();
    without.password = None;
    let beside = Project::empty()
        .set("DATABASE_URL", without.reveal().reveal())
        .set("WHIMBREL_PASSWORD", PASSWORD);
    [Project::empty().set("DATABASE_URL", &in_url), beside]
}

const WORDS: &[&str] = &[
    "config",
    "config --format json",
    "status",
    "status -v",
    "status --format json",
    "plan",
    "up -v",
    "up --format json",
    "history",
    "history --format json",
    "down -v --all",
    "up --to nowhere",
];

#[test]
fn a_password_that_opens_the_door_is_shown_nowhere() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let role = Role::new(&database, PASSWORD);
        role.may_write();
        for project in projects(&role) {
            let project = project.with_scripts(&[(
                "0001_a",
                "CREATE TABLE a (n integer);\n-- whimbrel: down\nDROP TABLE a;",
            )]);
            for words in WORDS {
                let said = project.run(words);
                is_clean(&format!("{}: `{words}`", engine.name), &said);
                let fails = words.ends_with("nowhere");
                assert_eq!(said.contains("--- exit"), fails, "{}: {said}", engine.name);
            }
            is_clean(&engine.name, &written(&database));
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn neither_the_process_nor_the_session_shows_a_password() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let is_postgres = engine.name.starts_with("postgres");
        let slow = if is_postgres { "SELECT pg_sleep(1);" } else { "SELECT sleep(1);" };
        for which in 0..2 {
            let database = engine.fresh_database();
            let role = Role::new(&database, PASSWORD);
            role.may_write();
            let [in_url, beside] = projects(&role);
            let project = if which == 0 { in_url } else { beside };
            let project = project.with_scripts(&[("0001_slow", slow)]);
            let run = Running::on(&project, "0001_slow", Duration::from_millis(100));
            for file in ["cmdline", "comm", "status"] {
                let path = format!("/proc/{}/{file}", run.pid());
                is_clean(&path, &std::fs::read_to_string(&path).expect("it still runs"));
            }
            let sessions = if is_postgres {
                "SELECT concat(application_name, ' ', query) FROM pg_stat_activity WHERE usename"
            } else {
                "SELECT coalesce(info, '') FROM information_schema.processlist WHERE user"
            };
            // Sessions of other tests may be making their own roles just now.
            let user = role.target().user.as_deref().unwrap_or_default();
            let rows = database.connect().query(&format!("{sessions} = '{user}'"));
            let rows = rows.expect("it can be asked");
            assert!(!rows.is_empty(), "{}: it is at work", engine.name);
            for row in rows {
                is_clean(sessions, row[0].as_deref().unwrap_or_default());
            }
            run.signal("KILL");
            run.end(PATIENCE);
        }
    }
}

#[test]
fn a_wrong_password_is_not_repeated() {
    // PostgreSQL may be set up so that it asks for none.
    for engine in engines::mysql_family() {
        let database = engine.fresh_database();
        let role = Role::new(&database, "another one");
        let mut target = role.target().clone();
        target.password = Some(whimbrel_wire::Secret::new(PASSWORD));
        let project = Project::empty().set("DATABASE_URL", target.reveal().reveal());
        for words in WORDS.iter().filter(|it| !it.starts_with("config")) {
            let said = project.run(words);
            is_clean(&format!("{}: `{words}`", engine.name), &said);
            assert!(said.ends_with("--- exit 3\n"), "{}: {said}", engine.name);
            assert!(said.contains("correct the user or the password"), "{said}");
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    for (scheme, port) in [("postgres", 1), ("mysql", 1)] {
        let url = format!("{scheme}://app:{ENCODED}@127.0.0.1:{port}/shop");
        let project = Project::empty().set("DATABASE_URL", &url);
        for words in ["status", "up", "up -v", "up --format json", "config"] {
            let said = project.run(words);
            is_clean(words, &said);
            if words != "config" {
                assert!(said.ends_with("--- exit 5\n"), "{said}");
                assert!(said.contains("127.0.0.1:1"), "{said}");
                assert!(said.contains("is the server running"), "{said}");
            }
        }
    }
}

#[test]
fn a_url_that_can_not_be_read_is_not_repeated() {
    for url in [
        format!("postgres://app:{PASSWORD}@127.0.0.1:1/shop"),
        format!("mysql://app:{PASSWORD}@127.0.0.1:1/shop"),
        format!("postgrse://app:{ENCODED}@127.0.0.1:1/shop"),
        format!("postgres://app:{ENCODED}@127.0.0.1:port/shop"),
        format!("host=127.0.0.1 port=x password='{PASSWORD}'"),
        format!("app:{PASSWORD}@tcp(127.0.0.1:1)/shop?what=ever"),
    ] {
        let project = Project::empty().set("DATABASE_URL", &url);
        for words in ["status", "status --format json", "config", "config -v"] {
            is_clean(words, &project.run(words));
        }
        let project = Project::empty();
        for words in ["status", "config"] {
            is_clean(words, &project.run_words(&[words, "--url", &url]));
        }
    }
}

/// Everything that stands in whimbrel's own tables.
fn written(database: &Throwaway) -> String {
    let mut connection = database.connect();
    let mut text = String::new();
    for table in ["runs", "migrations", "steps", "state"] {
        let rows = connection.query(&format!("SELECT * FROM whimbrel_{table}"));
        for value in rows.expect("it is there").into_iter().flatten().flatten() {
            text.push_str(&value);
            text.push('\n');
        }
    }
    assert!(text.contains("0001_a"), "{text}");
    text
}
