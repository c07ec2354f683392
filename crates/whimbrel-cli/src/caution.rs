//! The flags of commands that change a database: that it is the one that is meant, and how long
//! to wait for another run.

use std::time::Duration;

use crate::{
    failure::Failure,
    run::{Run, duration},
};

/// How long to wait for another run.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Wait {
    /// How long to wait for another run to end: `0s`, `10m`
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = duration)]
    wait: Duration,
}

/// That a protected database is meant, and how long to wait for another run.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Caution {
    /// The name of a protected database, to say that it is meant
    #[arg(long, value_name = "DATABASE")]
    confirm: Option<String>,
    #[command(flatten)]
    wait: Wait,
}

impl Wait {
    /// Has the run wait so long.
    pub(crate) fn apply(self, run: &mut Run) {
        run.wait = self.wait;
    }
}

impl Caution {
    /// Stops the run where its database is protected and not named; else has it wait so long.
    pub(crate) fn apply(&self, run: &mut Run) -> Result<(), Failure> {
        run.confirm(self.confirm.as_deref())?;
        self.wait.apply(run);
        Ok(())
    }
}
