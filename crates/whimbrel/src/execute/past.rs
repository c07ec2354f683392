//! What has become of one migration in this database, as its marks tell. The files are asked for
//! their names only, so that it can be told while one of them can't be read.

use serde::Serialize;

use super::{Stop, Target, follow::follow, revert::among, up, work};
use crate::history::{Direction, How, Record, Run, State, ToldStep};

/// What has become of a migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Past {
    /// Its name.
    pub name: String,
    /// The name under which it was applied here, where its file has another number by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_as: Option<String>,
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
    let mut now = records.clone();
    follow(target.migrations, &mut now);
    let files = target.migrations.files().iter().map(|it| it.name.as_str());
    let known = records.iter().chain(&now).map(|it| it.name.as_str());
    let mut names: Vec<&str> = known.chain(files).collect();
    names.sort_unstable();
    names.dedup();
    let name = among(&names, wanted)?;
    let is_it = |(was, now): &(Record, Record)| was.name == name || now.name == name;
    let Some((record, now)) = records.into_iter().zip(now).find(is_it) else {
        return Ok(Past { name, applied_as: None, last: None, steps: Vec::new() });
    };
    let steps = history.told_steps(target.connection, &record.name).map_err(failed)?;
    let run = history.run(target.connection, record.run).map_err(failed)?;
    let applied_as = (record.name != now.name).then(|| record.name.clone());
    Ok(Past { name: now.name, applied_as, last: Some(last(record, run)), steps })
}

fn last(record: Record, run: Option<Run>) -> Last {
    let Record { state, direction, how, parents, started, ended, .. } = record;
    Last { state, direction, how, parents, started, ended, run }
}
