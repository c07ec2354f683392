//! The program around a run: tells what happens, waits, hears signals and minds the clock.

use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

use whimbrel::{
    dialect::Dialect,
    execute::{self, Blocker, Event, Host, in_words},
    history::Direction,
};

use crate::{deadline::Deadline, events, signals::Signals, ui::Ui, watch::Watch};

/// The program around a run: tells what happens, waits, and hears signals.
pub(crate) struct Console<'a> {
    pub(crate) ui: &'a mut Ui,
    pub(crate) signals: Signals,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) watch: Option<Watch>,
    /// Whether programs are told line by line.
    pub(crate) tells: bool,
    pub(crate) dialect: &'static Dialect,
    pub(crate) start: Instant,
    /// When it is time to tell again how far batches have come.
    pub(crate) next_batch: Duration,
}

/// How often it is told how far batches have come.
const BETWEEN_BATCHES: Duration = Duration::from_secs(3);

impl Host for Console<'_> {
    fn event(&mut self, event: Event) {
        if let Some(watch) = &self.watch {
            watch.hear(&event);
        }
        if self.tells {
            self.ui.event(events::as_json(&event, self.dialect, self.start.elapsed()));
        }
        match event {
            Event::Waiting { holder, waited, limit } => {
                self.ui.note(&waiting(&holder, waited, limit));
            }
            Event::LockRetaken => self.ui.note(
                "the SQL of a migration has given this run's lock up; nobody else had taken it, \
                 and it is taken again",
            ),
            Event::GaveWay { migration, step, peer } => self.ui.note(&format!(
                "step {step} of {migration} waits for a session that waits for this run ({peer}); \
                 letting it go first"
            )),
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
            Event::BatchFinished { migration, table, rows, .. } => {
                let now = self.start.elapsed();
                if now >= self.next_batch {
                    self.next_batch = now + BETWEEN_BATCHES;
                    self.ui.note(&format!("  {migration}: {rows} rows of `{table}` so far"));
                }
            }
            Event::StepsStarted { .. } | Event::Progress(_) => {}
            Event::StepFinished { step, steps, statement, took, .. } => {
                let long = took.is_some_and(|it| it >= Duration::from_secs(1));
                if steps > 1 || long {
                    let took = took.map(|it| format!(" ({})", in_words(it))).unwrap_or_default();
                    self.ui.note(&format!("  step {step} of {steps}: {statement}{took}"));
                }
            }
            Event::PassedOver { migration, step, operation, why } => self.ui.note(&format!(
                "warning: {migration}: step {step} is passed over, as `ignore_errors` says: \
                 {operation}: {why}"
            )),
            Event::Blocked { migration, step, by, tries, pause, .. } => {
                self.ui.note(&format!(
                    "{migration}: step {step} waits for other programs; tried {}, again in {}",
                    execute::times(tries),
                    in_words(pause)
                ));
                for blocker in by {
                    self.ui.note(&format!("  {blocker}"));
                }
            }
            Event::Finished { migration, direction, statements, took } => {
                self.ui.progress(&finished(&migration, direction, statements, took));
            }
            Event::SetAside { migration, what, kept } => {
                self.ui.note(&format!("{migration}: {what} is set aside as {kept}"));
            }
            Event::PutBack { migration, what } => {
                self.ui.note(&format!("{migration}: {what} is back as it was set aside"));
            }
            Event::LeftAside { migration, id, what, because } => self.ui.note(&format!(
                "warning: {migration}: {what} was made anew, as {because}; what was set aside is \
                 still there as number {id} of `whimbrel trash list`"
            )),
            Event::Unknown { migration } => self.ui.note(&format!(
                "warning: {migration} is applied here, and this checkout doesn't have it"
            )),
            Event::Renumbered { migration, now } => {
                self.ui.note(&format!(
                    "{migration} is called {now} by now, and is known by that here"
                ));
            }
            Event::Folded { migration, replaced } => self.ui.note(&format!(
                "{migration} stands for {} from now on, all of which have run here",
                replaced.join(", ")
            )),
            Event::Told { migration, words } => self.ui.note(&format!("  {migration}: {words}")),
            Event::Said(notice) => {
                self.ui.detail(&format!("{}: {}", notice.severity, notice.message));
            }
        }
    }

    fn pause(&mut self, duration: Duration) {
        // In slices, so that a signal is heard.
        let end = Instant::now() + duration;
        while !self.interrupted() && !self.too_late() {
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

    fn too_late(&self) -> bool {
        self.deadline.as_ref().is_some_and(Deadline::is_past)
    }

    fn blockers(&mut self) -> Vec<Blocker> {
        self.watch.as_ref().map(Watch::blockers).unwrap_or_default()
    }
}

/// `waiting for another run: whimbrel on pod-7, pid 4121, since 12 s (10 s of 60 s; `--wait`)`
fn waiting(holder: &str, waited: Duration, limit: Duration) -> String {
    let so_far = match waited.as_secs() {
        0 => format!("for up to {}", in_words(limit)),
        _ => format!("{} of {}", in_words(waited), in_words(limit)),
    };
    format!("waiting for another run: {holder} ({so_far}; `--wait`)")
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
