//! What has become of one migration in this database, as its marks tell. The files are asked for
//! their names only, so that it can be told while one of them can't be read.

use serde::Serialize;

use super::{Stop, Target, revert::among, up, work};
use crate::history::{Direction, How, Record, Run, State, ToldStep};

/// What has become of a migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Past {
    /// Its name.
    pub name: String,
    /// What was last done about it; `None` where it has never been begun here.
    #[serde(flatten)]
    pub last: Option<Last>,
    /// The statements whose marks are kept, up and then down: those of a migration that could not
    /// run in one transaction.
    pub steps: Vec<ToldStep>,
}

/// What was last done about a migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    /// Where it stands.
    pub state: State,
    /// Which way it is going or went last.
    pub direction: Direction,
    /// How it came to be applied.
    pub how: How,
    /// The migrations it came after.
    pub parents: Vec<String>,
    /// When it began to be applied, by the database's clock in UTC.
    pub started: String,
    /// When it was last applied or taken back; `None` while that is not finished.
    pub ended: Option<String>,
    /// The run that wrote this last, as far as its row is still there.
    pub run: Option<Run>,
}

/// What has become of the migration called `wanted`, or of the only one whose name begins so, be it
/// that of a file or one that only this database knows.
pub fn past_of(target: &mut Target<'_>, wanted: &str) -> Result<Past, Stop> {
    let (survey, history) = up::arrive(target)?;
    let failed = |it| work::database("reading the history", it);
    let records = if survey.has_history {
        history.records(target.connection).map_err(failed)?
    } else {
        Vec::new()
    };
    let files = target.migrations.files().iter().map(|it| it.name.as_str());
    let mut names: Vec<&str> = records.iter().map(|it| it.name.as_str()).chain(files).collect();
    names.sort_unstable();
    names.dedup();
    let name = among(&names, wanted)?;
    let Some(record) = records.into_iter().find(|it| it.name == name) else {
        return Ok(Past { name, last: None, steps: Vec::new() });
    };
    let steps = history.told_steps(target.connection, &name).map_err(failed)?;
    let run = history.run(target.connection, record.run).map_err(failed)?;
    Ok(Past { name, last: Some(last(record, run)), steps })
}

fn last(record: Record, run: Option<Run>) -> Last {
    let Record { state, direction, how, parents, started, ended, .. } = record;
    Last { state, direction, how, parents, started, ended, run }
}
