//! Runs programs that never outlive us, however we end.
//!
//! Each program runs under a small shell, its *guard*, in a process group of its own. The guard
//! holds the reading end of a pipe whose writing end is ours: when we end, be it by Ctrl-C, by a
//! failure or by a kill that cannot be caught, the system closes the pipe, and the guard stops the
//! program and removes the folder it worked in.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::user::User;

/// `sh -c GUARD guard <signal> <folder to remove, or nothing> <program> <argument>…`
const GUARD: &str = r#"
signal=$1; folder=$2; shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
{ read -r _ <&3; kill -s "$signal" "$program"; } 2>/dev/null &
watcher=$!
exec 3<&-
wait "$program"; status=$?
kill "$watcher" 2>/dev/null
if [ -n "$folder" ]; then rm -rf -- "$folder" 2>/dev/null; fi
exit "$status"
"#;

/// `sh -c SUPERVISOR supervisor <signal> <file for its number> <program> <argument>…`
///
/// A program that is started in the background ignores interrupts, and can't be taught not to by a
/// shell; so the supervisor is asked by `TERM`, and asks in the word of its program.
const SUPERVISOR: &str = r#"
signal=$1; file=$2; shift 2
trap 'stop=1; kill -s "$signal" "$program" 2>/dev/null' TERM
while :; do
    "$@" &
    program=$!
    echo "$program" >"$file.new" && mv "$file.new" "$file"
    wait "$program"; status=$?
    while kill -0 "$program" 2>/dev/null; do wait "$program"; status=$?; done
    if [ -n "$stop" ]; then exit "$status"; fi
    sleep 0.1
done
"#;

/// `command`, started again whenever it ends before it is asked to. `file` holds the number of its
/// process. What asks it to stop is [`Stop::Terminate`]; it hears `stop`.
pub(crate) fn supervised(command: &Command, stop: Stop, file: &Path) -> Command {
    let mut supervised = Command::new("sh");
    supervised.args(["-c", SUPERVISOR, "supervisor", stop.signal()]).arg(file);
    supervised.arg(command.get_program()).args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => supervised.env(variable, value),
            None => supervised.env_remove(variable),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        supervised.current_dir(folder);
    }
    supervised
}

/// How long a program may take to stop once it is asked to, before it is killed.
const STOPPING: Duration = Duration::from_secs(15);

/// What asks a program to stop quickly but in good order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// What most programs expect.
    Terminate,
    /// PostgreSQL: "fast shutdown"; its answer to `Terminate` is to wait for its clients to leave.
    Interrupt,
}

impl Stop {
    const fn signal(self) -> &'static str {
        match self {
            Self::Terminate => "TERM",
            Self::Interrupt => "INT",
        }
    }
}

/// A program that is running under its guard, and stops when this value is dropped.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
    pipe: Option<ChildStdin>,
}

impl Guarded {
    /// Starts `command` with its output in the file `log`.
    ///
    /// It becomes `user` where one is given. `folder` is removed when the program has ended.
    pub(crate) fn spawn(
        command: &Command,
        user: Option<User>,
        stop: Stop,
        folder: Option<&Path>,
        log: &Path,
    ) -> Result<Self, String> {
        let failed = |error| format!("could not start {}: {error}", name(command));
        let log = File::create(log).map_err(failed)?;
        let mut guarded = Command::new("sh");
        guarded
            .args(["-c", GUARD, "guard"])
            .arg(stop.signal())
            .arg(folder.unwrap_or(Path::new("")))
            .arg(command.get_program())
            .args(command.get_args())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log);
        for (variable, value) in command.get_envs() {
            match value {
                Some(value) => guarded.env(variable, value),
                None => guarded.env_remove(variable),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            guarded.current_dir(folder);
        }
        if let Some(user) = user {
            guarded.uid(user.id).gid(user.group);
        }
        let mut guard = guarded.spawn().map_err(failed)?;
        let pipe = guard.stdin.take();
        Ok(Self { guard, pipe })
    }

    /// How the program ended, or nothing while it runs.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, String> {
        self.guard.try_wait().map_err(|error| format!("could not look after a program: {error}"))
    }

    /// Waits until the program ends or `limit` has passed.
    fn wait(&mut self, limit: Duration) -> Result<Option<ExitStatus>, String> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(Some(status));
            }
            if start.elapsed() > limit {
                return Ok(None);
            }
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if matches!(self.wait(STOPPING), Ok(Some(_))) {
            return;
        }
        // The guard leads its process group: the negative number means all who are in it.
        let group = format!("-{}", self.guard.id());
        let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).status();
        let _ = self.guard.wait();
    }
}

/// Runs `command` to its end, its output in the file `log`, and fails if `limit` passes first.
pub(crate) fn run(
    command: &Command,
    user: Option<User>,
    log: &Path,
    limit: Duration,
) -> Result<(), String> {
    let mut program = Guarded::spawn(command, user, Stop::Terminate, None, log)?;
    match program.wait(limit)? {
        Some(status) if status.success() => Ok(()),
        Some(_) => Err(format!("{} failed: {}", name(command), last_words(log))),
        None => Err(format!("{} took more than {} s", name(command), limit.as_secs())),
    }
}

/// What `command` prints, if it can be run and ends well.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("could not start {}: {error}", name(command)))?;
    if !output.status.success() {
        return Err(format!("{} failed", name(command)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The end of a log, on one line: what a program said before it failed.
pub(crate) fn last_words(log: &Path) -> String {
    const BYTES: i64 = 400;
    let mut tail = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        let length = i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX);
        file.seek(SeekFrom::End(-BYTES.min(length)))?;
        file.read_to_end(&mut tail)
    });
    let text = String::from_utf8_lossy(&tail);
    let words: Vec<&str> = text.split_whitespace().collect();
    match (read, words.is_empty()) {
        (Ok(_), false) => words.join(" "),
        _ => "it said nothing".to_owned(),
    }
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let file = program.file_name().unwrap_or(program.as_os_str());
    format!("`{}`", file.to_string_lossy())
}
