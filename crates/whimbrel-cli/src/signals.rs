//! Ctrl-C and SIGTERM: the first asks the work to stop where it can go on later, the second ends
//! the process at once.

use std::{
    io, process,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use signal_hook::consts::{SIGINT, SIGTERM};
use whimbrel::connection::Cancel;

/// What has been asked for from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signals {
    /// The signal's number; 0 before there was one.
    caught: Arc<AtomicUsize>,
}

impl Signals {
    /// Listens from now on. The first signal stops what the server is doing for us.
    #[cfg(unix)]
    pub(crate) fn listen(cancel: Option<Box<dyn Cancel>>) -> io::Result<Self> {
        let signals = Self::default();
        let caught = Arc::clone(&signals.caught);
        let mut incoming = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in &mut incoming {
                if caught.swap(usize::try_from(signal).unwrap_or(0), Ordering::SeqCst) != 0 {
                    process::exit(128 + signal);
                }
                if let Some(cancel) = &cancel {
                    // Should it fail, the work still sees that it is to stop, after its statement.
                    let _ = cancel.cancel();
                }
            }
        })?;
        Ok(signals)
    }

    /// Listens from now on. Here a running statement is left to end.
    #[cfg(not(unix))]
    pub(crate) fn listen(_: Option<Box<dyn Cancel>>) -> io::Result<Self> {
        let signals = Self::default();
        for signal in [SIGINT, SIGTERM] {
            let number = usize::try_from(signal).unwrap_or(0);
            signal_hook::flag::register_usize(signal, Arc::clone(&signals.caught), number)?;
        }
        Ok(signals)
    }

    /// Whether there was a signal.
    pub(crate) fn interrupted(&self) -> bool {
        self.caught.load(Ordering::SeqCst) != 0
    }

    /// 130 or 143, as shells say it.
    pub(crate) fn exit_code(&self) -> u8 {
        u8::try_from(128 + self.caught.load(Ordering::SeqCst)).unwrap_or(130)
    }
}
