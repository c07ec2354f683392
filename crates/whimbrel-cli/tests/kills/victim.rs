//! A process that ends itself at an exact call, on a file that no proxy stands before: this test
//! program, run once more.

use std::{
    path::Path,
    process::{self, Command, Stdio},
};

use whimbrel::{
    connection::{Connection, DatabaseError, Named, Row},
    dialect::SQLITE,
    execute::{DownOptions, DownTarget, UpOptions, down, up},
    project::Directory,
};
use whimbrel_test::{
    shelf::{Listener, target},
    simulator::{Death, Side},
};
use whimbrel_wire::{ConnectOptions, Target};

use super::stage::{Stage, Way};

const VARIABLE: &str = "WHIMBREL_TEST_VICTIM";
const HERE: &str = "victim::a_process_ends_itself_at_a_call";

/// How many calls a run makes that nothing disturbs.
pub(crate) fn calls(stage: &Stage, way: Way) -> usize {
    let output = run(stage, way, "never");
    let text = String::from_utf8_lossy(&output.stdout);
    let calls = text.split("calls: ").nth(1).and_then(|it| it.split_whitespace().next());
    calls.and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("no calls: {text}"))
}

/// Whether a run ended itself there; it didn't where it was over before.
pub(crate) fn dies(stage: &Stage, way: Way, death: Death) -> bool {
    let side = if death.side == Side::Before { "before" } else { "after" };
    let output = run(stage, way, &format!("{side} {}", death.call));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || output.status.code().is_none(), "{death:?}: {said}");
    output.status.code().is_none()
}

fn run(stage: &Stage, way: Way, death: &str) -> process::Output {
    let file = stage.database.target().database.clone().expect("it is a file");
    let way = if way == Way::Up { "up" } else { "down" };
    let folder = stage.project.root.join("migrations");
    let words = format!("{file}\n{}\n{way}\n{death}", folder.display());
    Command::new(std::env::current_exe().expect("it runs"))
        .args(["--exact", HERE, "--nocapture"])
        .env(VARIABLE, words)
        .stdin(Stdio::null())
        .output()
        .expect("it runs")
}

/// A connection whose process ends at a call.
struct Ending {
    inner: Box<dyn Connection>,
    calls: usize,
    death: Option<Death>,
}

impl Ending {
    fn call<T>(&mut self, effect: impl FnOnce(&mut dyn Connection) -> T) -> T {
        let here = self.death.filter(|it| it.call == self.calls).map(|it| it.side);
        self.calls += 1;
        if here == Some(Side::Before) {
            process::abort();
        }
        let answer = effect(&mut *self.inner);
        if here.is_some() {
            process::abort();
        }
        answer
    }
}

impl Connection for Ending {
    fn server(&self) -> &whimbrel::connection::Server {
        self.inner.server()
    }

    fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.call(|it| it.execute(sql))
    }

    fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.call(|it| it.query(sql))
    }

    fn query_named(&mut self, sql: &str) -> Result<Named, DatabaseError> {
        self.call(|it| it.query_named(sql))
    }

    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.call(|it| it.begin())
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.call(|it| it.commit())
    }

    fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.call(|it| it.rollback())
    }

    fn in_transaction(&self) -> bool {
        self.inner.in_transaction()
    }

    fn opening(&self) -> &[String] {
        self.inner.opening()
    }
}

/// Does nothing unless it is the process that is to die.
#[test]
fn a_process_ends_itself_at_a_call() {
    let Ok(words) = std::env::var(VARIABLE) else { return };
    let words: Vec<&str> = words.lines().collect();
    let [file, folder, way, death] = words.as_slice() else { panic!("four words: {words:?}") };
    let death = death.split_once(' ').map(|(side, call)| Death {
        call: call.parse().expect("a number"),
        side: if side == "before" { Side::Before } else { Side::After },
    });
    let address = Target::parse(&format!("sqlite:{file}"), None).expect("it is a file");
    let inner = whimbrel_wire::connect(&address, &ConnectOptions::default()).expect("it is there");
    let mut connection = Ending { inner, calls: 0, death };
    let directory = Directory::open(Path::new(folder), "migrations", Some(&SQLITE));
    let directory = directory.expect("the migrations can be read");
    let mut target = target(&mut connection, &SQLITE, &directory);
    let mut listener = Listener::default();
    let result = if *way == "up" {
        up(&mut target, &UpOptions::default(), &mut listener)
    } else {
        let to = DownTarget::To("0001_ground".to_owned());
        let options = DownOptions { target: to, allow_data_loss: true, ..DownOptions::default() };
        down(&mut target, &options, &mut listener)
    };
    result.expect("nothing else stops it");
    tell_calls(connection.calls);
}

#[expect(clippy::print_stdout, reason = "this is what the other process reads")]
fn tell_calls(calls: usize) {
    println!("calls: {calls} ");
}
