//! Applying migrations.

mod apply;
mod foresee;
mod resume;

use std::{collections::BTreeSet, time::Duration};

pub use self::foresee::{obstacle, plan_up, plan_up_to_conflict};
pub(super) use self::resume::{read, read_undo};
use self::{apply::apply_all, resume::resume};
use super::{
    Event, Grouping, Host, Phase, Report, Stop, Target,
    files::{check_files, rewritten},
    late::{self, Late, Newer},
    newer, phase, restart, review, seen,
    situation::Situation,
    squashed, trace,
    work::{self, Failed, Work},
};
use crate::history::{self, History, State, Survey};

/// How far to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UpTarget {
    /// Everything that is pending.
    #[default]
    All,
    /// So many migrations.
    Count(usize),
    /// This migration and what it comes after; any unique beginning of its name.
    Named(String),
}

/// What `up` is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpOptions {
    /// How far to go.
    pub target: UpTarget,
    /// Which half of a deploy to run.
    pub phase: Phase,
    /// How migrations share transactions.
    pub grouping: Grouping,
    /// Whether tables that whimbrel knows nothing of are fine.
    pub into_existing: bool,
    /// Applied migrations whose changed files are accepted as they are now.
    pub accept_edited: Vec<String>,
    /// What becomes of migrations that come late.
    pub late: Late,
    /// What becomes of a run on a database that knows migrations of which there is no file.
    pub newer: Newer,
    /// A half-way migration whose done steps are taken back, so that its file runs anew.
    pub restart: Option<String>,
    /// Whether rows and values may be lost when they are.
    pub allow_data_loss: bool,
}

/// Applies pending migrations, after finishing what an earlier run left half way.
pub fn up(
    target: &mut Target<'_>,
    options: &UpOptions,
    host: &mut dyn Host,
) -> Result<Report, Stop> {
    let _span = trace::run("up", target).entered();
    let (survey, history) = arrive(target)?;
    let mut work = Work::new(target, host, history);
    if nothing_to_do(&mut work, &survey, options)? {
        return Ok(Report::default());
    }
    work.lock()?;
    let result = go_up(&mut work, options).map_err(|it| it.or_interrupted(work.host.interrupted()));
    work.leave(result).map(|()| work.report)
}

/// Looks around, and finds the history's place.
pub(super) fn arrive(target: &mut Target<'_>) -> Result<(Survey, History), Stop> {
    let mut survey = history::survey(target.connection, target.dialect)
        .map_err(|it| work::database("looking at what is there", it))?;
    if !survey.has_history && !survey.peers.is_empty() {
        survey.peers_say = history::peers_say(target.connection, target.dialect, &survey);
    }
    if survey.namespace.is_empty() {
        return Err(Stop::Refused {
            message: "this connection works in no schema, so there is no place for tables"
                .to_owned(),
            hint: "name a database in the URL, or a `search_path` whose first schema exists"
                .to_owned(),
        });
    }
    let history = History::new(target.dialect, &survey);
    Ok((survey, history))
}

/// The rows of the history beside the files; nothing is created.
pub(super) fn situation<'a>(
    target: &mut Target<'a>,
    survey: &Survey,
    history: &History,
) -> Result<Situation<'a>, Stop> {
    let records = if survey.has_history {
        let records = history.records(target.connection);
        records.map_err(|it| work::database("reading the history", it))?
    } else {
        Vec::new()
    };
    Situation::new(target.migrations, records)
}

/// Looks without the lock, so that whoever has nothing to do never waits for it.
fn nothing_to_do(
    work: &mut Work<'_, '_>,
    survey: &Survey,
    options: &UpOptions,
) -> Result<bool, Stop> {
    let situation = situation(work.target, survey, &work.history.clone())?;
    // A name that names nothing is told before anything runs, the rest of an earlier run included.
    let wanted = wanted(&situation, options)?;
    restart::name(&situation, options)?;
    if situation.running().is_some() {
        return Ok(false);
    }
    check_files(&situation, options, work.host)?;
    let marks = rewritten(&situation, options)?;
    if wanted.is_empty() {
        return Ok(marks.is_empty() && situation.folded().next().is_none());
    }
    late::check(&situation, &wanted, options.late)?;
    review::check(situation.migrations, &wanted)?;
    newer(work.target, &wanted)?;
    if !survey.has_history && !survey.tables.is_empty() && !options.into_existing {
        return Err(Stop::NoHistory(survey.clone()));
    }
    Ok(false)
}

/// The pending migrations that are asked for, parents first.
pub(super) fn wanted(situation: &Situation<'_>, options: &UpOptions) -> Result<Vec<String>, Stop> {
    let mut pending = situation.pending();
    if let UpTarget::Named(name) = &options.target {
        let name = situation.graph.find(name)?;
        let mut wanted: BTreeSet<&str> = situation.graph.ancestors(name).into_iter().collect();
        wanted.insert(name);
        pending.retain(|it| wanted.contains(it.as_str()));
    }
    let mut pending = phase::of(situation, pending, options.phase)?;
    match &options.target {
        UpTarget::All => {}
        UpTarget::Count(count) => pending.truncate(*count),
        // One that is named and left out is not what was meant.
        UpTarget::Named(name) => {
            let name = situation.graph.find(name)?;
            let applied = situation.record(name).is_some_and(|it| it.state == State::Applied);
            if !applied && !pending.iter().any(|it| it == name) {
                return Err(Stop::Refused {
                    message: format!("`{name}` doesn't run in this phase"),
                    hint: "name one that does, or say another `--phase`, or none".to_owned(),
                });
            }
        }
    }
    Ok(pending)
}

/// Works until nothing that is asked for is pending. Whenever another run turns out to have been
/// faster, looks again, for as long as the history shows that there is such a run.
fn go_up(work: &mut Work<'_, '_>, options: &UpOptions) -> Result<(), Stop> {
    const PATIENCE: usize = 50;
    let (mut seen, mut waited) = (Vec::new(), 0);
    let start = work.host.elapsed();
    loop {
        let error = match pass(work, options) {
            Ok(()) => return Ok(()),
            Err(Failed::Overtaken(error)) => error,
            Err(Failed::Stop(stop)) => {
                work.may_try_again(*stop, start)?;
                continue;
            }
        };
        let history = work.history.clone();
        let found = history.records(work.target.connection);
        let found = found.map_err(|it| work::database("reading the history", it))?;
        waited = if found == seen { waited + 1 } else { 0 };
        if waited == PATIENCE {
            // Nobody is faster: the mark itself is what the database refuses.
            return Err(Failed::Overtaken(error).stop());
        }
        seen = found;
        work.host.pause(Duration::from_millis(20));
    }
}

fn pass(work: &mut Work<'_, '_>, options: &UpOptions) -> Result<(), Failed> {
    let (survey, _) = arrive(work.target)?;
    if !survey.has_history && !survey.tables.is_empty() && !options.into_existing {
        return Err(Stop::NoHistory(survey).into());
    }
    work.ready_history(&survey)?;
    let history = work.history.clone();
    let seen = Survey { has_history: true, ..survey.clone() };
    let mut situation = situation(work.target, &seen, &history)?;
    while let Some(record) = situation.running().cloned() {
        if restart::is_meant(&record, restart::name(&situation, options)?.as_deref()) {
            begin_run(work)?;
            restart::take_back(work, &situation, &record, options)?;
        } else {
            resume(work, &situation, &record)?;
        }
        situation = self::situation(work.target, &seen, &history)?;
    }
    check_files(&situation, options, &mut Quiet)?;
    let mut wanted = wanted(&situation, options)?;
    if let UpTarget::Count(count) = options.target {
        wanted.truncate(count.saturating_sub(work.report.migrations.len()));
    }
    late::check(&situation, &wanted, options.late)?;
    review::check(situation.migrations, &wanted)?;
    newer(work.target, &wanted)?;
    begin_run(work)?;
    let rewritten = rewritten(&situation, options)?;
    let marks: Vec<String> = rewritten.iter().flat_map(|it| it.marks(&history)).collect();
    if !marks.is_empty() {
        seen::before(work, &situation, None, true);
        work.note("noting which files were rewritten", &marks)?;
        for (before, now) in situation.renumbered() {
            work.say(Event::Renumbered { migration: before.to_owned(), now: now.to_owned() });
        }
    }
    squashed::write_down(work, &situation)?;
    if wanted.is_empty() {
        return Ok(());
    }
    let grouping = match options.grouping {
        Grouping::None => Grouping::None,
        _ if !work::rolls_back(work.dialect()) => Grouping::Each,
        Grouping::Auto if survey.tables.is_empty() => Grouping::All,
        Grouping::Auto => Grouping::Each,
        chosen => chosen,
    };
    apply_all(work, &situation, &wanted, grouping)?;
    if situation.waiting().is_empty() {
        return Ok(());
    }
    // By now the last of what a squash replaces may have run.
    let situation = self::situation(work.target, &seen, &history)?;
    squashed::write_down(work, &situation)
}

/// The row of this run, once.
pub(super) fn begin_run(work: &mut Work<'_, '_>) -> Result<(), Failed> {
    if work.run != 0 {
        return Ok(());
    }
    let last = work.history.last_run(work.target.connection);
    let run = last.map_err(|it| work::database("reading the history", it))? + 1;
    let mark = work.history.begin_run(run, &work.target.circumstances);
    work.note("noting that a run begins", &[mark])?;
    work.run = run;
    work.limit_session()
}

/// Ends the row of this run. A failure here is not told: what the run did stands in the rows of
/// its migrations, and a run without an end is told as one that was cut off.
pub(super) fn close<T>(work: &mut Work<'_, '_>, result: &Result<T, Stop>) {
    // What stopped the run is the one to tell; what is still owed, the next run finds out.
    let _ = work.pay();
    if work.run == 0 || work.target.connection.in_transaction() {
        return;
    }
    // Nobody looks around in a database that had no room for the run.
    if result.as_ref().err().is_none_or(|it| it.exit_code() != 5) {
        seen::keep(work);
    }
    let outcome = match result {
        Ok(_) if work.passed.steps > 0 => {
            format!("done; steps passed over by `ignore_errors`: {}", work.passed.steps)
        }
        Ok(_) => "done".to_owned(),
        Err(stop) => stop.to_string(),
    };
    let mark = work.history.end_run(work.run, &outcome);
    let _ = work.target.connection.execute(&mark);
}

/// Refuses what this server is too old for.
fn newer(target: &Target<'_>, wanted: &[String]) -> Result<(), Stop> {
    newer::check(target.dialect, target.connection.server(), target.migrations, wanted)
}

/// Tells nobody: what is looked at a second time was told the first time.
struct Quiet;

impl Host for Quiet {
    fn event(&mut self, _event: Event) {}

    fn pause(&mut self, _duration: Duration) {}

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn interrupted(&self) -> bool {
        false
    }
}
