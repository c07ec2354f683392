//! One kill, the run after it, and the judgement.

use std::{
    fs::File,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use whimbrel_test::simulator::Death;

use super::{
    classes::Class,
    figures::Outcome,
    server::Server,
    stage::{Stage, Way},
    support::PATIENCE,
    victim,
};

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Means {
    /// The process, so that it has no time for a last word.
    Process,
    /// The connection, while both ends live on.
    Connection,
    /// The server and all of its processes; it is started again.
    Server,
}

impl Means {
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Connection => "connection",
            Self::Server => "server",
        }
    }
}

/// A moment, and what is killed then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kill {
    pub(crate) way: Way,
    pub(crate) means: Means,
    pub(crate) death: Death,
}

/// Runs without being disturbed; tells how many calls it took.
pub(crate) fn undisturbed(stage: &Stage, way: Way) -> usize {
    let Some(proxy) = stage.proxy() else {
        return victim::calls(stage, way);
    };
    let _reached = proxy.arm(None);
    let output = stage.command(way).output().expect("the binary was built");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    proxy.calls()
}

/// Kills; nothing where the run was over before the moment came.
pub(crate) fn kill(stage: &Stage, kill: Kill, server: Option<&Server>) -> bool {
    let Some(proxy) = stage.proxy() else {
        return victim::dies(stage, kill.way, kill.death);
    };
    let reached = proxy.arm(Some(kill.death));
    let heard = stage.project.root.join("killed.txt");
    let mut child = stage
        .command(kill.way)
        .stdout(Stdio::null())
        .stderr(File::create(&heard).expect("it can be made"))
        .spawn()
        .expect("the binary was built");
    let begin = Instant::now();
    loop {
        if reached.try_recv().is_ok() {
            break;
        }
        if let Some(status) = child.try_wait().expect("it is ours") {
            assert!(status.success(), "{kill:?}: {}", stage.project.read("killed.txt"));
            return false;
        }
        assert!(begin.elapsed() < PATIENCE * 3, "{kill:?}: {}", stage.project.read("killed.txt"));
        thread::sleep(Duration::from_micros(500));
    }
    match kill.means {
        Means::Process => {
            child.kill().expect("it is ours");
            child.wait().expect("it is ours");
            proxy.cut();
        }
        Means::Connection => {
            proxy.cut();
            hangs_up(stage, kill, child);
        }
        Means::Server => {
            let server = server.expect("there is a server to kill");
            server.kill();
            proxy.cut();
            hangs_up(stage, kill, child);
            Server::wait(&stage.database);
        }
    }
    true
}

/// A run that has lost its connection says so, and that trying again helps.
fn hangs_up(stage: &Stage, kill: Kill, mut child: Child) {
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            break status;
        }
        if begin.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{kill:?}: it hangs: {}", stage.project.read("killed.txt"));
        }
        thread::sleep(Duration::from_millis(1));
    };
    // Done, where it was the last word that got lost.
    let code = status.code();
    let said = stage.project.read("killed.txt");
    assert!(matches!(code, Some(0 | 5)), "{kill:?}: exit {code:?}: {said}");
}

/// The next run, which is to finish whatever is left.
pub(crate) fn finish(stage: &Stage, class: Class, kill: Kill) -> Outcome {
    let words = kill.way.words().join(" ");
    let said = stage.project.run(&words);
    if !said.contains("--- exit") {
        return Outcome::Finished;
    }
    let asks = class == Class::Opaque
        && said.ends_with("--- exit 4\n")
        && said.contains("`whimbrel resolve 0002_change");
    assert!(asks, "{kill:?}: the next run stopped:\n{said}\n{}", stage.dump());
    let step = said.split("--step ").nth(1).and_then(|it| it.split(' ').next());
    let step = step.expect("the hint names the step");
    let has_run = match kill.way {
        Way::Up => stage.counter() == "1",
        Way::Down => stage.counter() == "0",
    };
    let answer = if has_run { "--done" } else { "--again" };
    let resolved = stage.project.run(&format!("resolve 0002_change --step {step} {answer}"));
    assert!(!resolved.contains("--- exit"), "{kill:?}: {resolved}");
    let said = stage.project.run(&words);
    assert!(!said.contains("--- exit"), "{kill:?}: the run after the answer stopped:\n{said}");
    Outcome::Asked
}
