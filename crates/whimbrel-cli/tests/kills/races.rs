//! Twenty runs at once, and again with half of them killed: each migration is applied once.

use std::{
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use whimbrel_test::{
    engines::{Engine, Throwaway},
    random::Random,
};

use super::support::{PATIENCE, Project};

/// How many runs there are at once.
pub(crate) const RUNS: usize = 20;
/// How many migrations they come for.
const MIGRATIONS: usize = 6;

fn start(project: &Project) -> Child {
    let mut command = project.command(&["up", "--wait", "5m"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary was built")
}

fn project(database: &Throwaway) -> Project {
    let scripts: Vec<(String, String)> = (1..=MIGRATIONS)
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
    Project::on(database).with_scripts(&scripts)
}

/// What it said; it must have ended well.
fn ends(engine: &Engine, mut child: Child) -> String {
    let begin = Instant::now();
    while child.try_wait().expect("it is ours").is_none() {
        if begin.elapsed() > PATIENCE * 6 {
            child.kill().expect("it is ours");
        }
        thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().expect("it is ours");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{}: {said}", engine.name);
    said
}

fn each_is_there_once(engine: &Engine, database: &Throwaway) {
    let mut connection = database.connect();
    for it in 1..=MIGRATIONS {
        for (table, rows) in [(format!("t{it}"), 1), (format!("u{it}"), 0)] {
            let found = connection.query(&format!("SELECT n FROM {table}"));
            assert_eq!(found.expect("it is there").len(), rows, "{}: {table}", engine.name);
        }
    }
    let applied = "SELECT name FROM whimbrel_migrations WHERE state = 'applied'";
    assert_eq!(connection.query(applied).expect("it is there").len(), MIGRATIONS);
}

/// One round in which nobody dies.
pub(crate) fn all_live(engine: &Engine) {
    let database = engine.fresh_database();
    let project = project(&database);
    let children: Vec<Child> = (0..RUNS).map(|_| start(&project)).collect();
    let said: String = children.into_iter().map(|it| ends(engine, it)).collect();
    for it in 1..=MIGRATIONS {
        let line = format!("applied {it:04}_t{it} ");
        assert_eq!(said.matches(&line).count(), 1, "{}: {said}", engine.name);
    }
    each_is_there_once(engine, &database);
}

/// One round in which every second run is killed at some moment; tells how many died before they
/// had ended.
pub(crate) fn half_die(engine: &Engine, random: &mut Random) -> usize {
    let database = engine.fresh_database();
    let project = project(&database);
    let begin = Instant::now();
    let mut children: Vec<(Child, Option<Duration>)> = Vec::new();
    for number in 0..RUNS {
        let moment = 5 + u64::try_from(random.below(400)).expect("it is small");
        let dies = (number % 2 == 0).then(|| begin.elapsed() + Duration::from_millis(moment));
        children.push((start(&project), dies));
    }
    let (mut dying, living): (Vec<_>, Vec<_>) =
        children.into_iter().partition(|(_, dies)| dies.is_some());
    dying.sort_by_key(|(_, dies)| *dies);
    let mut killed = 0;
    for (mut child, dies) in dying {
        let left = dies.unwrap_or_default().saturating_sub(begin.elapsed());
        thread::sleep(left);
        if child.try_wait().expect("it is ours").is_none() {
            child.kill().expect("it is ours");
            killed += 1;
        }
        child.wait().expect("it is ours");
    }
    for (child, _) in living {
        ends(engine, child);
    }
    let said = project.run("up");
    assert!(!said.contains("--- exit"), "{}: {said}", engine.name);
    each_is_there_once(engine, &database);
    killed
}
