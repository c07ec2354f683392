//! A throw-away project, and the real binary run in it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use whimbrel_test::engines::Throwaway;

/// Two tables, one pointing at the other.
pub(crate) const SHOP: &str = "\
tables:
  - name: customers
    fields:
      - name: id
        type: serial
        primary_key: true
      - name: email
        type: varchar
        length: 255
        nullable: false
  - name: orders
    fields:
      - name: id
        type: serial
        primary_key: true
      - name: customer_id
        type: foreign_key
        foreign_key:
          table: customers
          on_delete: CASCADE
";

/// A throw-away project called `shop`.
pub(crate) struct Project {
    _folder: TempDir,
    pub(crate) root: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        let root = folder.path().canonicalize().expect("it is there").join("shop");
        fs::create_dir(&root).expect("it is empty");
        Self { _folder: folder, root, variables: BTreeMap::new() }
    }

    /// A folder with this schema, on SQLite.
    pub(crate) fn with_schema(schema: &str) -> Self {
        let project = Self::empty();
        project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\n");
        project.write("schema/schema.yaml", schema);
        project
    }

    /// An empty folder whose database is this one.
    pub(crate) fn on(database: &Throwaway) -> Self {
        Self::empty().set("DATABASE_URL", &database.url())
    }

    /// Writes migrations in SQL: names and texts, each after the one before it.
    pub(crate) fn with_scripts(self, scripts: &[(&str, &str)]) -> Self {
        let mut before = None;
        for (name, text) in scripts {
            let after = match before {
                Some(before) => format!("-- whimbrel: after {before}\n"),
                None => "-- whimbrel: first\n".to_owned(),
            };
            self.write(&format!("migrations/{name}.sql"), &format!("{after}{text}\n"));
            before = Some(name);
        }
        self
    }

    /// Sets a variable for all that follows.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap_or_else(|it| panic!("{name}: {it}"))
    }

    /// Every file below the folder, in order.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it is a folder") {
                let path = entry.expect("it can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.root).expect("it is below");
                    files.push(name.display().to_string());
                }
            }
        }
        files.sort();
        files
    }

    /// Runs `whimbrel` with these words. What it says, as a person would see it: results, then
    /// what went to stderr, then the exit code if it isn't 0.
    pub(crate) fn run(&self, words: &str) -> String {
        self.run_words(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// The same, for words with spaces in them.
    pub(crate) fn run_words(&self, words: &[&str]) -> String {
        let output = self.command(words).output().expect("the binary was built");
        let mut said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        let err = String::from_utf8(output.stderr).expect("it speaks UTF-8");
        if !err.is_empty() {
            let _ = write!(said, "--- stderr\n{err}");
        }
        match output.status.code() {
            Some(0) => {}
            Some(code) => {
                let _ = writeln!(said, "--- exit {code}");
            }
            None => said.push_str("--- killed\n"),
        }
        settled(&said)
    }

    /// Only what went to stdout; it must have gone well.
    pub(crate) fn result(&self, words: &str) -> String {
        let words: Vec<&str> = words.split_whitespace().collect();
        let output = self.command(&words).output().expect("the binary was built");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?} failed:\n{err}");
        String::from_utf8(output.stdout).expect("it speaks UTF-8")
    }

    /// The command itself, for tests that need more of it.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = heeding_signals(env!("CARGO_BIN_EXE_whimbrel"));
        command
            .args(words)
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(&self.variables)
            .stdin(Stdio::null());
        command
    }
}

/// A program that hears the signals it is sent, also where the tests themselves were started to
/// ignore some: by `nohup`, or in the background of a script.
fn heeding_signals(program: &str) -> Command {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok()).unwrap_or(0);
    let ignored: Vec<&str> = [("INT", 2), ("HUP", 1), ("TERM", 15)]
        .into_iter()
        .filter(|(_, number)| mask & (1 << (number - 1)) != 0)
        .map(|(name, _)| name)
        .collect();
    if ignored.is_empty() {
        return Command::new(program);
    }
    let mut command = Command::new("env");
    command.arg(format!("--default-signal={}", ignored.join(","))).arg(program);
    command
}

/// Git, as it behaves with nobody's settings.
pub(crate) fn git(project: &Project, words: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(words)
        .current_dir(&project.root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git is there");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {words:?}: {err}");
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

/// Commits all that is there.
pub(crate) fn commit(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-qm", "a step"]);
}

/// How long a test waits for what must come before it says that it does not come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An `up` that is at work on a migration.
pub(crate) struct Running {
    child: Child,
    /// Reads what it says, so that it never waits for a reader.
    said: JoinHandle<String>,
}

impl Running {
    /// Starts `up`, and comes back when it has been at work on `migration` for so long.
    pub(crate) fn on(project: &Project, migration: &str, since: Duration) -> Self {
        Self::begun(project.command(&["up", "-v"]), migration, since)
    }

    /// The same, as `nohup` starts it.
    #[cfg(target_os = "linux")]
    pub(crate) fn without_hangups(project: &Project, migration: &str, since: Duration) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' HUP; exec \"$0\" up -v"]).arg(env!("CARGO_BIN_EXE_whimbrel"));
        shell.current_dir(&project.root).envs(&project.variables).stdin(Stdio::null());
        Self::begun(shell, migration, since)
    }

    fn begun(mut command: Command, migration: &str, since: Duration) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built");
        let err = BufReader::new(child.stderr.take().expect("it is piped"));
        let (tell, told) = mpsc::channel();
        let said = thread::spawn(move || {
            let mut said = String::new();
            for line in err.lines().map_while(Result::ok) {
                said.push_str(&line);
                said.push('\n');
                // Once it is at work nobody listens any more.
                let _ = tell.send(line);
            }
            said
        });
        let begins = format!("{migration} …");
        while told.recv_timeout(PATIENCE).expect("it comes to the migration") != begins {}
        thread::sleep(since);
        let mut running = Self { child, said };
        if running.child.try_wait().expect("it is ours").is_some() {
            let (_, said) = running.end(Duration::ZERO);
            panic!("it has ended: {said}");
        }
        running
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, by its name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("there is a kill");
        assert!(status.success());
    }

    /// Waits for the end, at most so long; returns what it said on stderr.
    pub(crate) fn end(mut self, within: Duration) -> (ExitStatus, String) {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                return (status, self.said.join().expect("it only reads"));
            }
            if begin.elapsed() > within {
                self.child.kill().expect("it is ours");
                self.child.wait().expect("it is ours");
                let said = self.said.join().expect("it only reads");
                panic!("it did not end within {within:?}: {said}");
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// `said` without what differs from run to run: times and the version of SQLite.
fn settled(said: &str) -> String {
    let mut lines = Vec::new();
    for line in said.lines() {
        // How long a step took.
        let line = match line.rsplit_once(" (") {
            Some((step, _)) if step.starts_with("  step ") => &format!("{step} (TIME)"),
            _ => line,
        };
        let mut words: Vec<&str> = line.split(' ').collect();
        let mut at = 0;
        while at < words.len() {
            if words[at] == "SQLite" && at + 1 < words.len() {
                words[at + 1] = "VERSION";
            }
            if is_date(words[at]) && at + 1 < words.len() {
                let comma = if words[at + 1].ends_with(',') { "TIME," } else { "TIME" };
                words.splice(at..=at + 1, [comma]);
            }
            at += 1;
        }
        lines.push(words.join(" "));
    }
    lines.push(String::new());
    if said.is_empty() { String::new() } else { lines.join("\n") }
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == 3
        && parts.iter().all(|it| it.len() >= 2 && it.bytes().all(|it| it.is_ascii_digit()))
}

/// Compares what was said with what should be said, line by line, so that a difference is easy
/// to see. `wanted` begins with a line break that doesn't count.
#[track_caller]
pub(crate) fn check(said: &str, wanted: &str) {
    let wanted = wanted.strip_prefix('\n').unwrap_or(wanted);
    assert!(said == wanted, "said:\n{said}\nwanted:\n{wanted}");
}
