//! A server that may be killed: one that somebody starts again whenever it dies.

use std::{
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use whimbrel_test::engines::{Engine, Throwaway};
use whimbrel_wire::ConnectOptions;

/// A server whose process can be killed.
#[derive(Debug)]
pub(crate) struct Server {
    /// The file that holds the number of its process.
    file: String,
}

impl Server {
    /// The server of an engine, where `WHIMBREL_TEST_<name>_PID` names the file with the number
    /// of its process: whoever set it starts the server again.
    pub(crate) fn of(engine: &Engine) -> Option<Self> {
        let variable = format!("WHIMBREL_TEST_{}_PID", engine.name.to_ascii_uppercase());
        std::env::var(variable).ok().map(|file| Self { file })
    }

    /// Kills it and every process that it has started.
    pub(crate) fn kill(&self) {
        let pid = fs::read_to_string(&self.file).expect("the file is there");
        let pid = pid.trim();
        let mut all = vec![pid.to_owned()];
        all.extend(children(pid));
        // The first one first, so that it doesn't see its children die.
        let status =
            Command::new("kill").arg("-KILL").args(&all).output().expect("there is a kill");
        let gone = "one that ended by itself meanwhile is as dead";
        assert!(status.status.success() || all.len() > 1, "{gone}: {status:?}");
    }

    /// Waits until it takes connections again.
    pub(crate) fn wait(database: &Throwaway) {
        const LIMIT: Duration = Duration::from_mins(2);
        let begin = Instant::now();
        let options = ConnectOptions::default();
        while let Err(error) = whimbrel_wire::connect(database.target(), &options) {
            assert!(begin.elapsed() < LIMIT, "it does not come back: {error}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The processes that `pid` has started.
fn children(pid: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = processes.filter_map(|it| it.file_name().into_string().ok());
    let is_child = |it: &String| {
        let stat = fs::read_to_string(format!("/proc/{it}/stat")).unwrap_or_default();
        // Behind the name in parentheses stand the state and the parent.
        let behind = stat.rsplit_once(") ").map(|(_, behind)| behind).unwrap_or_default();
        behind.split(' ').nth(1) == Some(pid)
    };
    names.filter(is_child).collect()
}
