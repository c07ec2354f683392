//! Watches a statement that takes its time from a second session: how far it has got, and for whom
//! it waits. On a terminal a line is kept up to date, elsewhere a line comes now and then.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use whimbrel::{
    connection::{Connection, DatabaseError, Server},
    dialect::{Dialect, Limit, Session},
    execute::{Blocker, Event, Progress, in_words, sight},
};

use crate::{
    events,
    ui::{Manner, versioned},
};

/// How long a statement may take before it is looked at, at the most.
const FIRST: Duration = Duration::from_secs(1);

/// How often it is looked at then.
const PACE: Duration = Duration::from_secs(1);

/// How often a line is written where none can be kept up to date.
const LINES: Duration = Duration::from_secs(10);

/// Opens the second session.
pub(crate) type Opener = Box<dyn Fn() -> Result<Box<dyn Connection>, DatabaseError> + Send>;

/// Somebody who watches.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    job: Option<Job>,
    /// Tells a job from the one before it.
    number: u64,
    /// For whom the last job was last seen to wait.
    blockers: Vec<Blocker>,
    /// Whether a line stands on the terminal that is to be wiped away.
    line: bool,
    over: bool,
}

/// A statement, or several in one transaction.
#[derive(Clone)]
struct Job {
    migration: String,
    first: usize,
    last: usize,
    steps: usize,
    since: Instant,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Begins to watch a session; nothing where the database tells of none.
    pub(crate) fn begin(
        dialect: &'static Dialect,
        server: &Server,
        timeout: Duration,
        manner: Manner,
        opener: Opener,
    ) -> Option<Self> {
        if matches!(dialect.waiting.limit, Limit::Client) {
            return None;
        }
        let shared = Arc::new(Shared::default());
        let eye = Eye {
            shared: Arc::clone(&shared),
            dialect,
            server: server.clone(),
            // Who is in the way is to be known before we give up.
            first: if timeout.is_zero() { FIRST } else { FIRST.min(timeout / 2) },
            manner,
            opener,
            begun: Instant::now(),
        };
        // Without it the work goes on all the same.
        let thread = thread::Builder::new().name("watch".to_owned()).spawn(move || eye.watch());
        Some(Self { shared, thread: Some(thread.ok()?) })
    }

    /// Takes notice of what the run tells.
    pub(crate) fn hear(&self, event: &Event) {
        let mut state = self.shared.state();
        rest(&mut state);
        let (migration, first, last, steps) = match event {
            Event::Started { migration, .. } => (migration, 0, 0, 0),
            Event::StepStarted { migration, step, steps, .. } => (migration, *step, *step, *steps),
            Event::StepsStarted { migration, first, last, steps } => {
                (migration, *first, *last, *steps)
            }
            _ => return,
        };
        state.number += 1;
        state.blockers.clear();
        let (migration, since) = (migration.clone(), Instant::now());
        state.job = Some(Job { migration, first, last, steps, since });
        self.shared.changed.notify_all();
    }

    /// For whom the last statement was seen to wait.
    pub(crate) fn blockers(&self) -> Vec<Blocker> {
        std::mem::take(&mut self.shared.state().blockers)
    }
}

/// Nothing is running; what stands on the terminal goes.
fn rest(state: &mut State) {
    state.job = None;
    if state.line {
        state.line = false;
        say(&mut io::stderr(), "\r\x1b[2K");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        rest(&mut state);
        state.over = true;
        drop(state);
        self.shared.changed.notify_all();
        // It says good-bye to the server; one that doesn't answer must not keep the process.
        let end = Instant::now() + Duration::from_millis(500);
        while self.thread.as_ref().is_some_and(|it| !it.is_finished()) && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The watching thread.
struct Eye {
    shared: Arc<Shared>,
    dialect: &'static Dialect,
    server: Server,
    /// How long a statement may take before it is looked at.
    first: Duration,
    manner: Manner,
    opener: Opener,
    begun: Instant,
}

impl Eye {
    fn watch(self) {
        let mut connection: Option<Box<dyn Connection>> = None;
        let mut looked = None;
        let mut told = None;
        while let Some((number, job)) = self.next(looked) {
            if connection.is_none() {
                // Without a session to spare, or a way there, nobody watches.
                connection = (self.opener)().ok();
            }
            let Some(open) = connection.as_deref_mut() else { return };
            let session = Session { name: &self.server.session, version: self.server.version };
            let Ok(sighting) = sight(open, self.dialect, &session) else { return };
            looked = Some((number, Instant::now()));
            let mut state = self.shared.state();
            if state.number != number || state.job.is_none() {
                continue;
            }
            if !sighting.blockers.is_empty() {
                state.blockers.clone_from(&sighting.blockers);
            }
            let Job { migration, first, last, steps, since } = job;
            let running = since.elapsed();
            if running < FIRST {
                continue;
            }
            let progress = Progress { migration, first, last, steps, running, sighting };
            match self.manner {
                Manner::Silent => {}
                Manner::Terminal => {
                    state.line = true;
                    say(&mut io::stderr(), &format!("\r\x1b[2K{}", fitting(&line(&progress))));
                }
                Manner::Lines => {
                    let since = told.filter(|(it, _)| *it == number).map_or(since, |(_, at)| at);
                    if since.elapsed() >= LINES {
                        told = Some((number, Instant::now()));
                        say(&mut io::stderr(), &format!("{}\n", line(&progress)));
                    }
                }
                Manner::Json => {
                    let event = Event::Progress(progress);
                    let event = events::as_json(&event, self.dialect, self.begun.elapsed());
                    say(&mut io::stdout(), &format!("{}\n", versioned(event)));
                }
            }
        }
    }

    /// The next statement that is worth a look, when it is time for it; nothing at the end.
    fn next(&self, looked: Option<(u64, Instant)>) -> Option<(u64, Job)> {
        let mut state = self.shared.state();
        while !state.over {
            let Some(job) = state.job.clone() else {
                state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let due = match looked {
                Some((number, at)) if number == state.number => at + PACE,
                _ => job.since + self.first,
            };
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Some((state.number, job));
            }
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        None
    }
}

/// In one piece, so that it stands on a line of its own whoever else writes.
fn say(out: &mut impl io::Write, text: &str) {
    // A reader that went away is no trouble of ours.
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// `0002_orders, step 2 of 3: 12 s, create index: building index, 45 % (450 of 1000)`
fn line(progress: &Progress) -> String {
    let Progress { migration, first, last, steps, running, sighting } = progress;
    let place = match (first, last) {
        (0, _) => String::new(),
        (first, last) if first == last => format!(", step {first} of {steps}"),
        (first, last) => format!(", steps {first} to {last} of {steps}"),
    };
    let seen = sighting.to_string();
    let separator = if seen.is_empty() { "" } else { ", " };
    format!("{migration}{place}: {}{separator}{seen}", in_words(*running))
}

/// Cut to what stands on one line of the terminal.
fn fitting(line: &str) -> String {
    let width = terminal_size::terminal_size_of(io::stderr()).map_or(80, |(it, _)| it.0);
    line.chars().filter(|it| !it.is_control()).take(usize::from(width).saturating_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel::execute::Sighting;

    #[test]
    fn a_line_says_where_for_how_long_and_how_far() {
        let mut progress = Progress {
            migration: "0002_orders".to_owned(),
            first: 2,
            last: 2,
            steps: 3,
            running: Duration::from_secs(12),
            sighting: Sighting {
                doing: Some("create index: building index".to_owned()),
                done: Some(1),
                total: Some(2),
                blockers: Vec::new(),
            },
        };
        let said = "0002_orders, step 2 of 3: 12 s, create index: building index, 50 % (1 of 2)";
        assert_eq!(line(&progress), said);
        progress.last = 3;
        progress.sighting = Sighting::default();
        assert_eq!(line(&progress), "0002_orders, steps 2 to 3 of 3: 12 s");
    }
}
