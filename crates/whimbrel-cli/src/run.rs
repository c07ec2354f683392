//! What all commands that work on a database have in common: the session, the migrations, and
//! the program around a run.

use std::time::{Duration, Instant};

use whimbrel::{
    dialect::SQLITE,
    execute::{Locking, Stop, Target},
    project::{self, Config, Directory, Environment},
};

use crate::{
    commands::config::said_by,
    console::Console,
    deadline::Deadline,
    failure::{DECISION, Failure, REFUSED},
    globals::Globals,
    signals::Signals,
    target::{self, Purpose, Session},
    ui::Ui,
    watch::Watch,
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
    /// Until when steps may be begun.
    pub(crate) deadline: Option<Deadline>,
    /// Whether what happens is told while it happens: by who watches long statements, and to
    /// programs line by line.
    pub(crate) tells: bool,
    /// Where the database is, for a second session.
    target: whimbrel_wire::Target,
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
        if purpose != Purpose::Read
            && let Some((target, direct)) = config.unused_direct_url()
        {
            let [target, direct] = [target, direct].map(|it| said_by(&config, it));
            ui.note(&format!(
                "`direct_url` ({direct}) is not used: {target} says where the database is, and may \
                 mean another one"
            ));
        }
        let target = target::target(&config, purpose)?;
        if target::is_new(&target, purpose) {
            // A file that nothing can be done to is not worth creating.
            let directory = project::open_directory(&config, Some(&SQLITE))?;
            directory.graph().map_err(|it| Failure::texts(REFUSED, it))?;
        }
        let session = target::connect(&target, &config, purpose, ui)?;
        let directory = project::open_directory(&config, Some(session.dialect))?;
        let signals = Signals::listen(session.connection.canceller(), ui.is_quiet())
            .map_err(|it| Failure::new(REFUSED, format!("can't listen for signals: {it}")))?;
        Ok(Self {
            command,
            config,
            session,
            directory,
            signals,
            wait: Duration::ZERO,
            cancel_running: false,
            deadline: None,
            tells: false,
            target,
        })
    }

    /// Takes over what `up` and `down` were told of how long to go on, and tells what happens.
    pub(crate) fn tell_until(&mut self, deadline: Option<&Deadline>, ui: &mut Ui) {
        if let Some(deadline) = deadline {
            ui.note(&format!("deadline: {}", deadline.in_words()));
        }
        self.deadline = deadline.cloned();
        self.tells = true;
    }

    /// The program around a run.
    fn console<'a>(&self, ui: &'a mut Ui) -> Console<'a> {
        let start = Instant::now();
        let dialect = self.session.dialect;
        let watch = self.tells.then(|| {
            let target = self.target.clone();
            let server = self.session.connection.server();
            let timeout = self.config.patience().timeout;
            let opener = Box::new(move || target::second(&target));
            Watch::begin(dialect, server, timeout, ui.manner(), opener)
        });
        Console {
            ui,
            signals: self.signals.clone(),
            deadline: self.deadline.clone(),
            watch: watch.flatten(),
            tells: self.tells,
            dialect,
            start,
            next_batch: Duration::ZERO,
        }
    }

    /// Runs `work` on the database.
    pub(crate) fn work<T>(
        &mut self,
        ui: &mut Ui,
        work: impl FnOnce(&mut Target<'_>, &mut Console<'_>) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let mut console = self.console(ui);
        let mut target = Target {
            connection: self.session.connection.as_mut(),
            dialect: self.session.dialect,
            migrations: &self.directory,
            circumstances: project::circumstances(self.command, &Environment::of_process()),
            wait: self.wait,
            cancel_running: self.cancel_running,
            patience: self.config.patience(),
            locking: if self.config.wants_lease() { Locking::Lease } else { Locking::Auto },
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
