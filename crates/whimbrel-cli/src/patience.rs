//! The flags that say how long to wait, and for what.

use whimbrel::project;

use crate::{deadline::Deadline, globals::Globals};

/// How long to wait for locks that other programs hold, and until when to go on.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Patience {
    /// How long a change of the schema queues for other programs' locks: `5s`; `0s`: for ever
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    ddl_lock_timeout: Option<String>,
    /// How long it is tried again when that was not long enough: `5m`
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    ddl_lock_wait: Option<String>,
    /// Begin no step after it: `04:30`, `2026-11-22 04:30`, `+2h`
    #[arg(long, value_name = "TIME", value_parser = Deadline::parse)]
    pub(crate) deadline: Option<Deadline>,
}

impl Patience {
    /// The flags that every command takes, and these.
    pub(crate) fn beside(&self, globals: &Globals) -> Globals {
        let mut globals = globals.clone();
        let flags = [
            ("ddl_lock_timeout", "--ddl-lock-timeout", &self.ddl_lock_timeout),
            ("ddl_lock_wait", "--ddl-lock-wait", &self.ddl_lock_wait),
        ];
        for (key, flag, value) in flags {
            globals.settings.extend(value.iter().map(|it| (key, flag, it.clone())));
        }
        globals
    }
}

fn duration(text: &str) -> Result<String, String> {
    project::duration(text).map(|_| text.to_owned()).map_err(|it| format!("it takes {it}"))
}
