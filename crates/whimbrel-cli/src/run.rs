//! What all commands that work on a database have in common: the session, the migrations, and
//! the program around a run.

use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

use whimbrel::{
    dialect::SQLITE,
    execute::{self, Event, Host, Stop, Target, in_words},
    history::Direction,
    project::{self, Config, Directory, Environment},
};

use crate::{
    failure::{DECISION, Failure, REFUSED},
    globals::Globals,
    signals::Signals,
    target::{self, Purpose, Session},
    ui::Ui,
};

/// A session and the migrations for it.
pub(crate) struct Run {
    command: &'static str,
    pub(crate) config: Config,
    session: Session,
    pub(crate) directory: Directory,
    signals: Signals,
    /// How long to wait for another run to end.
    pub(crate) wait: Duration,
    /// Whether a step that an earlier run has left running on the server is stopped.
    pub(crate) cancel_running: bool,
}

impl Run {
    /// Connects, says where, and reads the names of the migrations.
    pub(crate) fn open(
        command: &'static str,
        purpose: Purpose,
        globals: &Globals,
        ui: &mut Ui,
    ) -> Result<Self, Failure> {
        let config = globals.load(ui)?;
        let target = target::target(&config)?;
        if target::is_new(&target, purpose) {
            // A file that nothing can be done to is not worth creating.
            let directory = project::open_directory(&config, Some(&SQLITE))?;
            directory.graph().map_err(|it| Failure::texts(REFUSED, it))?;
        }
        let session = target::connect(&target, &config, purpose, ui)?;
        let directory = project::open_directory(&config, Some(session.dialect))?;
        let signals = Signals::listen(session.connection.canceller())
            .map_err(|it| Failure::new(REFUSED, format!("can't listen for signals: {it}")))?;
        Ok(Self {
            command,
            config,
            session,
            directory,
            signals,
            wait: Duration::ZERO,
            cancel_running: false,
        })
    }

    /// Runs `work` on the database.
    pub(crate) fn work<T>(
        &mut self,
        ui: &mut Ui,
        work: impl FnOnce(&mut Target<'_>, &mut Console<'_>) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let mut console = Console { ui, signals: self.signals.clone(), start: Instant::now() };
        let mut target = Target {
            connection: self.session.connection.as_mut(),
            dialect: self.session.dialect,
            migrations: &self.directory,
            circumstances: project::circumstances(self.command, &Environment::of_process()),
            wait: self.wait,
            cancel_running: self.cancel_running,
            patience: self.config.patience(),
        };
        work(&mut target, &mut console).map_err(|stop| self.stopped(stop))
    }

    /// Runs `work`, and again with leave to lose rows where it says what would be lost and somebody
    /// is there to give it.
    pub(crate) fn unless_lost<T>(
        &mut self,
        ui: &mut Ui,
        mut work: impl FnMut(&mut Target<'_>, &mut Console<'_>, bool) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let mut stakes = None;
        let mut allowed = false;
        loop {
            let result = self.work(ui, |target, host| {
                work(target, host, allowed).inspect_err(|stop| {
                    if let Stop::DataAtStake { stakes: found } = stop {
                        stakes = Some(found.clone());
                    }
                })
            });
            match (result, stakes.take()) {
                (Err(_), Some(found)) if ui.is_interactive() => {
                    let choices = ["No: keep it", "Yes: let it go"].map(str::to_owned);
                    let question = format!("This would lose {}. Go on?", found.join(", "));
                    if ui.choose(&question, &choices)? == 0 {
                        return Err(Failure::new(DECISION, "nothing was taken back"));
                    }
                    allowed = true;
                }
                (result, _) => return result,
            }
        }
    }

    /// A statement that was cancelled because of a signal is no refusal of the database's.
    fn stopped(&self, stop: Stop) -> Failure {
        let stop = stop.or_interrupted(self.signals.interrupted());
        let interrupted = matches!(stop, Stop::Interrupted { .. });
        let mut failure = Failure::from(stop);
        if interrupted {
            failure.code = self.signals.exit_code();
        }
        failure
    }

    /// Stops unless a protected target was confirmed by its name.
    pub(crate) fn confirm(&self, confirmed: Option<&str>) -> Result<(), Failure> {
        let database = &self.session.connection.server().database;
        if !self.config.is_protected() || confirmed == Some(database.as_str()) {
            return Ok(());
        }
        let failure = Failure::new(DECISION, format!("`{database}` is a protected database"));
        Err(failure
            .note("nothing has happened to it")
            .hint(format!("if it is meant, run the command again with `--confirm {database}`")))
    }

    /// Says that there is nothing to run, where that may surprise.
    pub(crate) fn say_if_empty(&self, ui: &mut Ui) {
        if whimbrel::migration::Migrations::files(&self.directory).is_empty() {
            ui.note(&format!(
                "There are no migrations in {}; `whimbrel generate` writes them from the schema.",
                self.directory.shown()
            ));
        }
    }

    pub(crate) fn dialect(&self) -> &'static whimbrel::dialect::Dialect {
        self.session.dialect
    }
}

/// The program around a run: tells what happens, waits, and hears signals.
pub(crate) struct Console<'a> {
    ui: &'a mut Ui,
    signals: Signals,
    start: Instant,
}

impl Host for Console<'_> {
    fn event(&mut self, event: Event) {
        match event {
            Event::Waiting { holder } => {
                self.ui.note(&format!("waiting for another run: {holder}"));
            }
            Event::StillRunning { migration, step, session, since, cancels, .. } => {
                let what = if cancels { "stopping it" } else { "waiting for it" };
                self.ui.note(&format!(
                    "step {step} of {migration} is still running on the server ({}); {what}",
                    execute::at_work(&session, since)
                ));
            }
            Event::Resuming { migration, direction, done, steps } => {
                let way = match direction {
                    Direction::Up => "finishing",
                    Direction::Down => "finishing to take back",
                };
                self.ui.note(&format!(
                    "{way} {migration}, which an earlier run left half way: {done} of {steps} \
                     steps are done"
                ));
            }
            Event::FoundDone { migration, step } => {
                self.ui.note(&format!("{migration}: step {step} turns out to be done"));
            }
            Event::Cured { migration, what } => self.ui.note(&format!("{migration}: {what}")),
            Event::Started { migration, .. } => self.ui.detail(&format!("{migration} …")),
            Event::StepStarted { step, steps, statement, .. } => {
                self.ui.detail(&format!("  step {step} of {steps}: {statement}"));
            }
            Event::StepsStarted { .. } | Event::Progress(_) => {}
            Event::StepFinished { step, steps, statement, took, .. } => {
                let long = took.is_some_and(|it| it >= Duration::from_secs(1));
                if steps > 1 || long {
                    let took = took.map(|it| format!(" ({})", in_words(it))).unwrap_or_default();
                    self.ui.note(&format!("  step {step} of {steps}: {statement}{took}"));
                }
            }
            Event::Blocked { migration, step, by, tries, pause, .. } => {
                self.ui.note(&format!(
                    "{migration}: step {step} waits for other programs; tried {tries} times, \
                     again in {}",
                    in_words(pause)
                ));
                for blocker in by {
                    self.ui.note(&format!("  {blocker}"));
                }
            }
            Event::Finished { migration, direction, statements, took } => {
                self.ui.progress(&finished(&migration, direction, statements, took));
            }
            Event::Unknown { migration } => self.ui.note(&format!(
                "warning: {migration} is applied here, and this checkout doesn't have it"
            )),
            Event::Said(notice) => {
                self.ui.detail(&format!("{}: {}", notice.severity, notice.message));
            }
        }
    }

    fn pause(&mut self, duration: Duration) {
        // In slices, so that a signal is heard.
        let end = Instant::now() + duration;
        while !self.interrupted() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(Duration::from_millis(50)));
        }
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn interrupted(&self) -> bool {
        self.signals.interrupted()
    }
}

/// `applied 0002_orders (3 statements)`; the time where it is worth telling.
fn finished(migration: &str, direction: Direction, statements: usize, took: Duration) -> String {
    let word = match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    };
    let plural = if statements == 1 { "" } else { "s" };
    let mut line = format!("{word} {migration} ({statements} statement{plural}");
    if took >= Duration::from_secs(1) {
        let _ = write!(line, ", {:.1} s", took.as_secs_f64());
    }
    line.push(')');
    line
}

/// Reads a number of migrations. `0003` is how a name begins, and would be read as three.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    let is_plain = text == "0" || !text.starts_with('0');
    match text.parse() {
        Ok(count) if is_plain => Ok(count),
        _ => Err(format!("that is no number of migrations; to name one, say `--to {text}`")),
    }
}

/// Reads `90s`, `10m`, `1h`, `250ms`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    project::duration(text).map_err(|it| format!("it takes {it}"))
}
