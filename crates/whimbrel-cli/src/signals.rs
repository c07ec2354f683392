//! Ctrl-C, SIGTERM and SIGHUP: the first asks the work to stop where it can go on later, the second
//! ends the process at once.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::consts::{SIGINT, SIGTERM};
use whimbrel::connection::Cancel;

/// How long the server is given to stop a statement before it is asked again: one that had not
/// begun yet when it was asked the first time was not stopped by it.
#[cfg(unix)]
const AGAIN: Duration = Duration::from_millis(500);

/// What is said at the first signal.
#[cfg(unix)]
const STOPPING: &str = "stopping where the next run can go on; once more to leave at once";

/// What is said at the second one.
#[cfg(unix)]
const AT_ONCE: &str = "left at once: the server may still be at its statement. Nothing is lost; \
                       the next run looks, and goes on";

/// Whether somebody listens to signals, who then says what becomes of them.
static LISTENS: AtomicBool = AtomicBool::new(false);

/// Whether a Ctrl-C ends the process where nobody listens; there once something was asked.
static ENDS: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Asks something on the terminal. A Ctrl-C meanwhile is no end of the process but of the question, so that
/// the terminal gets back what the question took from it.
pub(crate) fn at_question<T>(ask: impl FnOnce() -> T) -> T {
    if LISTENS.load(Ordering::SeqCst) {
        return ask();
    }
    let ends = ENDS.get_or_init(|| {
        let ends = Arc::new(AtomicBool::new(true));
        // Without it the process ends, and the terminal is as it may be.
        let _ = signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&ends));
        ends
    });
    ends.store(false, Ordering::SeqCst);
    let answer = ask();
    ends.store(true, Ordering::SeqCst);
    answer
}

/// From now on signals are heard by somebody.
fn listens() {
    LISTENS.store(true, Ordering::SeqCst);
    if let Some(ends) = ENDS.get() {
        ends.store(false, Ordering::SeqCst);
    }
}

/// What has been asked for from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signals {
    /// The signal's number; 0 before there was one.
    caught: Arc<AtomicUsize>,
    /// Whether the work has noticed.
    heard: Arc<AtomicBool>,
}

impl Signals {
    /// Listens from now on. The first signal stops what the server is doing for us.
    #[cfg(unix)]
    pub(crate) fn listen(cancel: Option<Box<dyn Cancel>>, quiet: bool) -> io::Result<Self> {
        listens();
        let signals = Self::default();
        let (caught, heard) = (Arc::clone(&signals.caught), Arc::clone(&signals.heard));
        let mut incoming = signal_hook::iterator::Signals::new(wanted())?;
        let mut cancel = cancel;
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in &mut incoming {
                if caught.swap(usize::try_from(signal).unwrap_or(0), Ordering::SeqCst) != 0 {
                    say(quiet, AT_ONCE);
                    std::process::exit(128 + signal);
                }
                say(quiet, STOPPING);
                let (cancel, heard) = (cancel.take(), Arc::clone(&heard));
                // On a thread of its own: a server that doesn't answer must not keep the second
                // signal from being heard. Should there be none, the work still sees that it is
                // to stop, after its statement.
                let _ = thread::Builder::new()
                    .name("cancel".to_owned())
                    .spawn(move || cancel_until_heard(cancel.as_deref(), &heard));
            }
        })?;
        Ok(signals)
    }

    /// Listens from now on. Here a running statement is left to end.
    #[cfg(not(unix))]
    pub(crate) fn listen(_: Option<Box<dyn Cancel>>, _: bool) -> io::Result<Self> {
        listens();
        let signals = Self::default();
        for signal in [SIGINT, SIGTERM] {
            let number = usize::try_from(signal).unwrap_or(0);
            signal_hook::flag::register_usize(signal, Arc::clone(&signals.caught), number)?;
        }
        Ok(signals)
    }

    /// Whether there was a signal; who asks has heard it.
    pub(crate) fn interrupted(&self) -> bool {
        let interrupted = self.caught.load(Ordering::SeqCst) != 0;
        if interrupted {
            self.heard.store(true, Ordering::SeqCst);
        }
        interrupted
    }

    /// 130, 143 or 129, as shells say it.
    pub(crate) fn exit_code(&self) -> u8 {
        u8::try_from(128 + self.caught.load(Ordering::SeqCst)).unwrap_or(130)
    }
}

/// Says something on a line of its own, whoever else was writing on this one.
#[cfg(unix)]
fn say(quiet: bool, text: &str) {
    use io::{IsTerminal as _, Write as _};

    if quiet {
        return;
    }
    let mut err = io::stderr();
    let begin = if err.is_terminal() { "\r\x1b[2K" } else { "" };
    // A reader that went away is no trouble of ours.
    let _ = err.write_all(format!("{begin}{text}\n").as_bytes());
}

/// Asks the server to stop our statement, until the work has noticed that it is to stop.
#[cfg(unix)]
fn cancel_until_heard(cancel: Option<&dyn Cancel>, heard: &AtomicBool) {
    let Some(cancel) = cancel else { return };
    while !heard.load(Ordering::SeqCst) {
        // Should it fail, the work still sees that it is to stop, after its statement.
        let _ = cancel.cancel();
        thread::sleep(AGAIN);
    }
}

/// The signals that ask us to stop. One that was to be ignored when we were started stays ignored:
/// `nohup whimbrel up` outlives its terminal, and what a script runs in the background no Ctrl-C.
/// Where nobody tells, a SIGHUP does what it does to every program.
#[cfg(unix)]
fn wanted() -> Vec<i32> {
    use signal_hook::consts::SIGHUP;
    let ignored = std::fs::read_to_string("/proc/self/status").ok().and_then(|it| ignored(&it));
    let all = [SIGINT, SIGTERM, SIGHUP];
    all.into_iter()
        .filter(|signal| match ignored {
            Some(mask) => mask & (1 << (signal - 1)) == 0,
            None => *signal != SIGHUP,
        })
        .collect()
}

/// The signals that a process ignores, out of what Linux says of it: bit 0 is signal 1.
#[cfg(unix)]
fn ignored(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignored;

    #[test]
    fn what_is_ignored_is_read_from_the_system() {
        assert_eq!(ignored("Name:\twhimbrel\nSigIgn:\t0000000000000001\nSigCgt:\t3\n"), Some(1));
        assert_eq!(ignored("Name:\twhimbrel\n"), None);
    }
}
