//! Two runs at once, and what stands between a run and its server.

use std::{thread, time::Duration};

use whimbrel_test::engines::{self, Throwaway};

use crate::support::{Project, Running};

#[test]
fn who_comes_second_says_for_whom_it_waits_and_for_how_long() {
    let servers: Vec<_> = engines::postgres().into_iter().chain(engines::mysql_family()).collect();
    thread::scope(|scope| {
        for engine in &servers {
            scope.spawn(move || {
                let is_postgres = engine.name.starts_with("postgres");
                let (sleep, session) = if is_postgres {
                    ("SELECT pg_sleep(8);", "whimbrel, pid ")
                } else {
                    ("DO sleep(8);", "connection ")
                };
                let database = engine.fresh_database();
                let project = Project::on(&database)
                    .with_scripts(&[("0001_slow", sleep), ("0002_t", "CREATE TABLE t (a int);")]);
                let first = Running::on(&project, "0001_slow", Duration::from_millis(300));
                let said = project.run("up --wait 1200ms");
                assert!(said.contains(&format!("waiting for another run: {session}")), "{said}");
                assert!(said.contains(", since ") && said.contains("for up to 1.2 s"), "{said}");
                assert!(said.contains("waited 1.") && said.contains("has done nothing"), "{said}");
                assert!(said.contains("--wait 10m"), "{said}");
                assert!(said.ends_with("--- exit 5\n"), "{said}");
                let said = project.run("up --wait 1m --format json -q");
                assert!(said.contains("\"event\":\"waiting\""), "{said}");
                assert!(said.contains("\"limit_ms\":60000"), "{said}");
                assert!(said.contains("\"applied\":[]"), "{said}");
                let (status, said) = first.end(Duration::from_mins(1));
                assert!(status.success(), "{said}");
            });
        }
    });
}

/// The server behind a pooler on this machine.
fn direct_url(pooled: &Throwaway) -> String {
    let rows = pooled.connect().query("SELECT inet_server_port()").expect("it can be asked");
    let port = rows.into_iter().flatten().flatten().next().expect("it has a port");
    let pooler = pooled.target().hosts[0].port.expect("it has a port");
    pooled.url().replace(&format!(":{pooler}/"), &format!(":{port}/"))
}

#[test]
fn what_no_pooler_can_carry_goes_to_the_direct_url() {
    for engine in engines::pgbouncer() {
        let database = engine.fresh_database();
        let project = Project::empty().with_scripts(&[
            ("0001_t", "CREATE TABLE t (a int);"),
            ("0002_index", "CREATE INDEX CONCURRENTLY by_a ON t (a);"),
        ]);
        let url = format!("url = \"{}\"\n", database.url());
        project.write("whimbrel.toml", &url);
        let said = project.run("up");
        assert!(said.contains("step 1 of `0002_index` can't stand in a transaction"), "{said}");
        assert!(said.contains("`direct_url`") && said.contains("nothing of this migration"));
        assert!(said.contains("applied 0001_t") && said.ends_with("--- exit 2\n"), "{said}");
        let direct = format!("direct_url = \"{}\"\n", direct_url(&database));
        project.write("whimbrel.toml", &format!("{url}{direct}"));
        // Another database is meant, perhaps; the direct address is not one of it.
        let said = project.run(&format!("up --url {}", database.url()));
        assert!(said.contains("`direct_url`") && said.contains("is not used"), "{said}");
        assert!(said.ends_with("--- exit 2\n"), "{said}");
        let said = project.run("up");
        assert!(said.contains("applied 0002_index (1 statement)"), "{said}");
        // What only reads goes where everybody goes.
        assert_eq!(project.run("status -q").matches("applied").count(), 2);
        let said = project.run("config");
        assert!(said.contains("direct_url"), "{said}");
    }
}

#[test]
fn a_lease_keeps_runs_apart_where_it_is_asked_for() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let project = Project::on(&database).set("WHIMBREL_LOCK", "lease");
        let project = project.with_scripts(&[("0001_t", "CREATE TABLE t (a int);")]);
        let said = project.run("up");
        assert!(said.contains("applied 0001_t (1 statement)"), "{engine:?}: {said}");
        let lease = "SELECT value FROM whimbrel_state WHERE name = 'lease' AND expires IS NULL";
        let rows = database.connect().query(lease).expect("it can be asked");
        let lease = rows.into_iter().flatten().flatten().next().expect("there was one");
        assert!(lease.starts_with("1 ") && lease.contains("whimbrel up"), "{engine:?}: {lease}");
    }
}
