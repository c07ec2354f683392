//! What is applied and what is pending. Nothing is created, locked or changed, so a role that may
//! only read can ask.

use serde::Serialize;

use super::{
    Stop, Target, phase, review,
    situation::{Drift, Situation},
    up, work,
};
use crate::history::{History, How, Record, Run, State};

/// What is applied and what is pending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Whether this database has a history of whimbrel's.
    pub has_history: bool,
    /// The user's tables, where there is no history yet.
    pub tables: Vec<String>,
    /// Tables in which other tools keep their history.
    pub peers: Vec<String>,
    /// What those say, in words, where whimbrel has no history here.
    pub peers_say: Vec<String>,
    /// Every migration of the checkout, parents first, and behind them those that only the
    /// database knows.
    pub migrations: Vec<Entry>,
}

/// A migration as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is applied here.
    #[serde(flatten)]
    pub applied: Applied,
    /// What somebody has to look at before it can be applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs_review: Vec<String>,
    /// Whether it waits for the deploy; only said of what isn't applied.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub after_deploy: bool,
}

/// Whether a migration is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Applied {
    /// Not yet.
    Pending,
    /// An earlier run left it half way; the next one finishes it.
    HalfWay {
        /// When it began.
        since: String,
        /// How many of its steps are done.
        done: usize,
    },
    /// It is.
    Applied {
        /// When, by the database's clock in UTC.
        at: String,
        /// Whether its statements ran or it was only marked.
        how: How,
        /// Whether its file says something else by now.
        edited: bool,
    },
    /// It is, and its file is gone: others that were applied after it are here.
    Missing {
        /// When, by the database's clock in UTC.
        at: String,
    },
    /// It is, and another file says what it said.
    Renamed {
        /// When, by the database's clock in UTC.
        at: String,
        /// The name that its file has now.
        file: String,
    },
    /// It isn't, and stands for others of which some are: these go on first.
    Waiting {
        /// How many of them are applied.
        applied: usize,
        /// All of them.
        replaces: Vec<String>,
    },
    /// It is, and the checkout doesn't have it: a newer one has applied it.
    Unknown {
        /// When, by the database's clock in UTC.
        at: String,
    },
}

impl Status {
    /// Those that `up` would apply or finish.
    pub fn pending(&self) -> impl Iterator<Item = &Entry> {
        let open = |it: &&Entry| matches!(it.applied, Applied::Pending | Applied::HalfWay { .. });
        self.migrations.iter().filter(open)
    }

    /// Those whose files say something else by now.
    pub fn edited(&self) -> impl Iterator<Item = &Entry> {
        self.migrations
            .iter()
            .filter(|it| matches!(it.applied, Applied::Applied { edited: true, .. }))
    }

    /// Those that the checkout doesn't have, or not under their names.
    pub fn unknown(&self) -> impl Iterator<Item = &Entry> {
        let gone = |it: &&Entry| {
            matches!(
                it.applied,
                Applied::Unknown { .. } | Applied::Missing { .. } | Applied::Renamed { .. }
            )
        };
        self.migrations.iter().filter(gone)
    }
}

/// What is applied and what is pending.
pub fn status(target: &mut Target<'_>) -> Result<Status, Stop> {
    let (survey, history) = up::arrive(target)?;
    let situation = up::situation(target, &survey, &history)?;
    let mut migrations = Vec::with_capacity(situation.records.len());
    for name in situation.graph.order() {
        let applied = match situation.record(name) {
            None => Applied::Pending,
            Some(record) => match record.state {
                State::Reverted => Applied::Pending,
                State::Applied => applied(&situation, record)?,
                State::Running => half_way(target, &history, record)?,
            },
        };
        let needs_review = match &applied {
            Applied::Pending | Applied::HalfWay { .. } => {
                review::of(situation.migrations, name)?.into_iter().map(|it| it.why).collect()
            }
            _ => Vec::new(),
        };
        let after_deploy = applied == Applied::Pending && phase::waits(&situation, name)?;
        migrations.push(Entry { name: name.to_owned(), applied, needs_review, after_deploy });
    }
    for (squash, replaces) in situation.waiting() {
        let is_applied =
            |it: &&String| situation.record(it).is_some_and(|it| it.state == State::Applied);
        let applied = replaces.iter().filter(is_applied).count();
        let applied = Applied::Waiting { applied, replaces: replaces.clone() };
        let needs_review = Vec::new();
        let name = squash.clone();
        migrations.push(Entry { name, applied, needs_review, after_deploy: false });
    }
    let gone = situation
        .records
        .iter()
        .filter(|it| it.state != State::Reverted && !situation.graph.contains(&it.name));
    for record in gone {
        let applied = if record.state == State::Running {
            half_way(target, &history, record)?
        } else {
            gone_file(&situation, record)?
        };
        let needs_review = Vec::new();
        let name = record.name.clone();
        migrations.push(Entry { name, applied, needs_review, after_deploy: false });
    }
    Ok(Status {
        has_history: survey.has_history,
        tables: if survey.has_history { Vec::new() } else { survey.tables },
        peers: survey.peers,
        peers_say: survey.peers_say,
        migrations,
    })
}

/// What has become of the file of an applied migration that isn't here.
fn gone_file(situation: &Situation<'_>, record: &Record) -> Result<Applied, Stop> {
    let at = record.ended.clone().unwrap_or_else(|| record.started.clone());
    if let Some(file) = situation.renamed(record)? {
        return Ok(Applied::Renamed { at, file });
    }
    let mut known = situation.known_records();
    let older = known.any(|it| it.position > record.position);
    Ok(if older { Applied::Missing { at } } else { Applied::Unknown { at } })
}

fn half_way(target: &mut Target<'_>, history: &History, record: &Record) -> Result<Applied, Stop> {
    let steps = history.steps(target.connection, &record.name, record.direction);
    let steps = steps.map_err(|it| work::database("reading the history", it))?;
    let done = steps.iter().filter(|it| it.done).count();
    Ok(Applied::HalfWay { since: record.started.clone(), done })
}

fn applied(situation: &Situation<'_>, record: &Record) -> Result<Applied, Stop> {
    Ok(Applied::Applied {
        at: record.ended.clone().unwrap_or_else(|| record.started.clone()),
        how: record.how,
        edited: matches!(situation.drift(record)?, Some(Drift::Edited { .. })),
    })
}

/// The runs that changed this database, the newest first, `limit` at most.
pub fn history_of(target: &mut Target<'_>, limit: usize) -> Result<Vec<Run>, Stop> {
    let (survey, history) = up::arrive(target)?;
    if !survey.has_history {
        return Ok(Vec::new());
    }
    let runs = history.runs(target.connection, limit);
    runs.map_err(|it| work::database("reading the history", it))
}
