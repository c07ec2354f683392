//! Why a run stopped, what state things are in, and what to do now.

use std::time::Duration;

use thiserror::Error;

use super::{
    Blocker, at_work,
    patience::{in_words, times},
};
use crate::{
    connection::{DatabaseError, Trouble},
    diagnostic::{Diagnostic, Span},
    history::{Direction, Survey},
    migration::LookupError,
    schema::Conflict,
    sql::Unsupported,
};

/// What a migration wants somebody to look at before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The migration.
    pub migration: String,
    /// What is to be looked at.
    pub why: String,
    /// Where that is written.
    pub place: Option<Span>,
}

/// Why a run stopped.
#[derive(Clone, Debug, Error)]
pub enum Stop {
    /// The database could not be asked, before any step or between two.
    #[error("{doing}: {error}")]
    Database {
        /// What was being done: "reading the history".
        doing: String,
        /// What the database said.
        error: DatabaseError,
    },
    /// A step was refused.
    #[error("migration `{migration}` stopped at step {step} of {steps}: {error}")]
    Step {
        /// The migration.
        migration: String,
        /// Which way it was going.
        direction: Direction,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// How many steps before it are done and stay so.
        kept: usize,
        /// The statement.
        statement: String,
        /// What the operation is, in words.
        operation: String,
        /// Where the operation is written.
        place: Option<Span>,
        /// The rows that it is refused for if they are there: "rows of `users` without `email`".
        rows: Option<String>,
        /// What the database said.
        error: DatabaseError,
    },
    /// A migration's texts have mistakes.
    #[error("the migrations can't be read: {} in {}", count(.0.len(), "mistake"), files(.0))]
    Unreadable(Vec<Diagnostic>),
    /// A migration's operation doesn't fit the schema it comes to.
    #[error("migration `{migration}` does not fit: {conflict}")]
    Conflict {
        /// The migration.
        migration: String,
        /// The operation, in words.
        operation: String,
        /// Where it is written.
        place: Option<Span>,
        /// Why it doesn't fit.
        conflict: Conflict,
    },
    /// A migration's operation can't be had on this database.
    #[error("migration `{migration}`: {unsupported}")]
    Unsupported {
        /// The migration.
        migration: String,
        /// The operation, in words.
        operation: String,
        /// Where it is written.
        place: Option<Span>,
        /// Whether it is SQL of the user's own already.
        own_sql: bool,
        /// Why not.
        unsupported: Unsupported,
    },
    /// A name that names no migration.
    #[error("{0}")]
    Lookup(#[from] LookupError),
    /// The database has tables, and whimbrel knows nothing of them.
    #[error("{}", .0.uncharted())]
    NoHistory(Survey),
    /// Migrations were to be marked, and the database is not as they would leave it.
    #[error("{} can't be marked as applied: the database is not as that would leave it", listed(.names))]
    NotThere {
        /// The migrations.
        names: Vec<String>,
        /// What differs, a line each.
        differences: Vec<String>,
    },
    /// An applied migration's file says something else now.
    #[error("{} was changed after it had been applied here", listed(.0))]
    Edited(Vec<String>),
    /// The database has applied migrations of which there is no file here, and that isn't fine.
    #[error("{} applied here, and this checkout doesn't have {}", were(.0), them(.0))]
    Newer(Vec<String>),
    /// A migration stands before one that has run here already, and may come to something else
    /// behind it.
    #[error("`{migration}` comes late: `{ran}`, which stands behind it, has run here already")]
    Late {
        /// The migration that comes late.
        migration: String,
        /// Its operation, in words.
        operation: String,
        /// Where it is written.
        place: Option<Span>,
        /// The migration that has run.
        ran: String,
        /// Its operation that the other may not change places with.
        other: String,
    },
    /// A migration that stopped half way was changed in what is done already.
    #[error("`{migration}` stopped half way, and its step {step}, which is done, was changed")]
    EditedHalfway {
        /// The migration.
        migration: String,
        /// The changed step, counted from 1.
        step: usize,
    },
    /// An applied migration has no file, and a pending one says the same.
    #[error("`{applied}` was applied here, and its file is now called `{file}`")]
    Renamed {
        /// The name it had.
        applied: String,
        /// The file that says the same.
        file: String,
    },
    /// A migration that isn't in the checkout was left half way.
    #[error(
        "`{migration}` was left half way, there is no file of it here, and its next step is refused: {error}"
    )]
    HalfwayWithoutFile {
        /// The migration.
        migration: String,
        /// What the database said.
        error: DatabaseError,
    },
    /// The server is still at a step that an earlier run began.
    #[error("step {step} of `{migration}` is still running on the server ({})", at_work(.session, *.since))]
    StillRunning {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// Its text.
        statement: String,
        /// What the server calls the session: "pid 4121".
        session: String,
        /// For how long it has been at it, where the server says it.
        since: Option<Duration>,
    },
    /// Nobody but the user can tell whether a step has had its effect.
    #[error("nobody can tell whether step {step} of `{migration}` has run")]
    Undecidable {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// Its text.
        statement: String,
    },
    /// A step needs what an earlier one left in a session that is gone.
    #[error(
        "step {step} of `{migration}` needs {what}, which step {from} left in a session that is gone"
    )]
    SessionLost {
        /// The migration.
        migration: String,
        /// Which way it is going.
        direction: Direction,
        /// The step that needs it, counted from 1.
        step: usize,
        /// Its text.
        statement: String,
        /// What it needs: "the variable `@a`".
        what: String,
        /// The step that left it, counted from 1.
        from: usize,
    },
    /// An object is neither as a step found it nor as the step leaves it.
    #[error(
        "step {step} of `{migration}` was begun, and {object} is neither as it was nor as it will be"
    )]
    Neither {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// Its text.
        statement: String,
        /// The object, in words.
        object: String,
        /// What the catalog said of it before.
        before: String,
        /// What it says now.
        now: String,
    },
    /// A migration can't be taken back, because nobody has said how.
    #[error("`{migration}` can't be taken back: {because}")]
    Irreversible {
        /// The migration.
        migration: String,
        /// What stands in the way.
        because: String,
        /// Whether that is what the migration itself says of it.
        by_word: bool,
    },
    /// Migrations wait for somebody to look at them.
    #[error("{} {} for a review", listed_once(.0), if .0.iter().all(|it| it.migration == .0[0].migration) { "waits" } else { "wait" })]
    NeedsReview(Vec<Review>),
    /// A migration stopped in the middle of an operation, whose undo takes back the whole of it.
    #[error("`{migration}` can't be taken back: it stopped in the middle of \"{operation}\"")]
    MidOperation {
        /// The migration.
        migration: String,
        /// The operation, in words.
        operation: String,
    },
    /// Taking migrations back would lose rows that are there.
    #[error("this would lose {}", .stakes.join(", "))]
    DataAtStake {
        /// What would be lost: "the rows of `users`".
        stakes: Vec<String>,
    },
    /// What taking a migration back would drop can't be set aside.
    #[error("`{migration}` can't be taken back with its data kept: {unsupported}")]
    NotSetAside {
        /// The migration.
        migration: String,
        /// What can't be set aside, and why.
        unsupported: Unsupported,
    },
    /// Something that was set aside could not be put back or let go.
    #[error("{doing} stopped at step {step} of {steps}: {error}")]
    Trash {
        /// What was being done: "putting back table `users`".
        doing: String,
        /// The command that goes on.
        command: String,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// How many steps before it are done and stay so.
        kept: usize,
        /// The statement.
        statement: String,
        /// What the database said.
        error: DatabaseError,
    },
    /// Another run holds the lock.
    #[error("another run is at work on this database ({holder})")]
    Locked {
        /// What is known of it.
        holder: String,
        /// How long this run has waited for it.
        waited: Duration,
    },
    /// The run's lock was given up or taken over while it was at work.
    #[error("the lock of this run was lost{}: {holder}", .migration.as_ref().map(|it| format!(" in `{it}`")).unwrap_or_default())]
    LockLost {
        /// The migration that was to go on, if one was.
        migration: Option<String>,
        /// Who has it by now.
        holder: String,
    },
    /// Other programs' locks were not given up in all the time that there was.
    #[error("step {step} of {steps} of `{migration}` waits for a lock that somebody else holds")]
    Blocked {
        /// The migration.
        migration: String,
        /// The step, counted from 1.
        step: usize,
        /// How many there are.
        steps: usize,
        /// How many steps before it are done and stay so.
        kept: usize,
        /// The statement on one line, cut, its strings hidden.
        statement: String,
        /// Who has the lock, as far as the server tells.
        by: Vec<Blocker>,
        /// How many times it was tried.
        tries: u32,
        /// How long it was tried.
        waited: Duration,
        /// What the database said at last.
        error: DatabaseError,
    },
    /// It is too late to begin another step.
    #[error("it is past the deadline{}", .migration.as_ref().map(|it| format!("; `{it}` is half way")).unwrap_or_default())]
    TooLate {
        /// The migration that is half way, if one is.
        migration: Option<String>,
    },
    /// Somebody asked the run to stop.
    #[error("stopped on request{}", .migration.as_ref().map(|it| format!(" in `{it}`")).unwrap_or_default())]
    Interrupted {
        /// The migration that is half way, if one is.
        migration: Option<String>,
    },
    /// Something else has to be done before what was asked for.
    #[error("{message}")]
    OutOfTurn {
        /// Why.
        message: String,
        /// What to do first.
        hint: String,
    },
    /// What was asked can't be done in this way.
    #[error("{message}")]
    Refused {
        /// Why.
        message: String,
        /// What to do instead.
        hint: String,
    },
}

impl Stop {
    /// The exit code that says it: 2 usage, 3 refused, 4 a decision is needed, 5 passing trouble,
    /// 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Database { error, .. } | Self::Step { error, .. } | Self::Trash { error, .. } => {
                if error.trouble.passes() {
                    5
                } else {
                    3
                }
            }
            Self::Unreadable(_) | Self::Conflict { .. } | Self::Unsupported { .. } => 3,
            Self::Lookup(_) | Self::Refused { .. } => 2,
            Self::NoHistory(_)
            | Self::NotThere { .. }
            | Self::Edited(_)
            | Self::Newer(_)
            | Self::OutOfTurn { .. }
            | Self::Late { .. }
            | Self::EditedHalfway { .. }
            | Self::Renamed { .. }
            | Self::HalfwayWithoutFile { .. }
            | Self::Undecidable { .. }
            | Self::SessionLost { .. }
            | Self::Neither { .. }
            | Self::Irreversible { .. }
            | Self::NeedsReview(_)
            | Self::MidOperation { .. }
            | Self::DataAtStake { .. }
            | Self::NotSetAside { .. } => 4,
            Self::Locked { .. }
            | Self::LockLost { .. }
            | Self::StillRunning { .. }
            | Self::Blocked { .. }
            | Self::TooLate { .. } => 5,
            Self::Interrupted { .. } => 130,
        }
    }

    /// The same as an interruption where it was one: somebody asked the run to stop, and the
    /// server stopped the statement that was running.
    #[must_use]
    pub fn or_interrupted(self, interrupted: bool) -> Self {
        match self {
            Self::Step { migration, error, .. }
                if interrupted && error.trouble == Trouble::Cancelled =>
            {
                Self::Interrupted { migration: Some(migration) }
            }
            Self::Database { error, .. } if interrupted && error.trouble == Trouble::Cancelled => {
                Self::Interrupted { migration: None }
            }
            other => other,
        }
    }

    /// The same as a lost lock where it was one.
    #[must_use]
    pub(super) fn or_lock_lost(self) -> Self {
        match self {
            Self::Step { migration, error, .. } if error.trouble == Trouble::LockLost => {
                Self::LockLost { migration: Some(migration), holder: error.message }
            }
            Self::Database { error, .. } if error.trouble == Trouble::LockLost => {
                Self::LockLost { migration: None, holder: error.message }
            }
            other => other,
        }
    }

    /// What state things are in.
    pub fn state(&self) -> Option<String> {
        match self {
            Self::Step { step, steps, kept: 0, .. } => Some(format!(
                "nothing of this migration was kept; {} before it {} undone",
                count(step - 1, "step"),
                if *step == 2 { "was" } else { "were" },
            ))
            .filter(|_| *step > 1)
            .or_else(|| Some(format!("none of its {} is done", count(*steps, "step")))),
            Self::Step { kept, steps, .. } => {
                Some(format!("{} of {steps} done and recorded", count(*kept, "step")))
            }
            Self::Trash { kept, steps, .. } => Some(match kept {
                0 => "it is as it was".to_owned(),
                _ => format!("{} of {steps} done and recorded", count(*kept, "step")),
            }),
            Self::Blocked { kept, steps, tries, waited, .. } => Some(format!(
                "it was tried {} within {}; {}, and nobody waits for it now",
                times(*tries),
                in_words(*waited),
                match kept {
                    0 => "nothing of this migration was kept".to_owned(),
                    _ => format!("{} of {steps} done and recorded", count(*kept, "step")),
                }
            )),
            Self::TooLate { .. } => {
                Some("what is done is recorded; no further step was begun".to_owned())
            }
            Self::Interrupted { migration: Some(_) } => {
                Some("what is done is recorded; nothing is lost".to_owned())
            }
            Self::Interrupted { migration: None } => Some("nothing is lost".to_owned()),
            Self::LockLost { .. } => Some(
                "what was committed before is recorded; the transaction that found it out did \
                 nothing"
                    .to_owned(),
            ),
            Self::Locked { waited, .. } if !waited.is_zero() => {
                Some(format!("waited {} for it; this run has done nothing", in_words(*waited)))
            }
            _ => None,
        }
    }

    /// What to do now.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Database { error, .. } if error.trouble.passes() => {
                "run the same command again; it goes on where it stopped".to_owned()
            }
            Self::Database { error, .. } => {
                return error.hint.clone().or_else(|| way_out(error.trouble).map(str::to_owned));
            }
            Self::Step { error, .. } if error.trouble.passes() => {
                "run the same command again; it goes on where it stopped".to_owned()
            }
            Self::Step { error, .. } if way_out(error.trouble).is_some() => {
                way_out(error.trouble).unwrap_or_default().to_owned()
            }
            Self::Trash { error, command, .. } => match way_out(error.trouble) {
                Some(way) => way.to_owned(),
                None if error.trouble.passes() => {
                    "run the same command again; it goes on where it stopped".to_owned()
                }
                None => format!("repair what it stumbles over and run `{command}` again"),
            },
            Self::Step { direction, rows: Some(rows), error, .. }
                if error.trouble == Trouble::Data =>
            {
                let repair = match direction {
                    Direction::Up => ", or repair the migration,",
                    Direction::Down => "",
                };
                format!(
                    "there must be no {rows}: change or delete them{repair} and run the same \
                     command again"
                )
            }
            Self::Step { direction: Direction::Up, migration, step, kept, .. } if *kept > 0 => format!(
                "repair step {step} in the file, or what it stumbles over, and run `whimbrel up` \
                 again; it goes on at step {step}; if a step before it is to change, repair that \
                 and run `whimbrel up --restart {migration}`"
            ),
            Self::Step { direction: Direction::Up, .. } => {
                "repair the migration, or what it stumbles over, and run `whimbrel up` again"
                    .to_owned()
            }
            Self::Step { .. } => {
                "repair what it stumbles over and run the same command again".to_owned()
            }
            Self::Unreadable(_) => return None,
            Self::Conflict { .. } => {
                "run `whimbrel graph` to see what comes before it, and correct the operation"
                    .to_owned()
            }
            Self::Unsupported { own_sql: true, .. } => {
                "correct the SQL and run the same command again; nothing of this migration has run"
                    .to_owned()
            }
            Self::Unsupported { .. } => {
                "write it as SQL for this database: `run_sql(on(…, \"…\"))`".to_owned()
            }
            Self::Lookup(_) => "run `whimbrel status` to see their names".to_owned(),
            Self::NoHistory(survey) => survey.ways_on(),
            Self::NotThere { .. } => "put right what differs, in the database or in the migrations; or \
                 apply them with `whimbrel up`; `--unchecked` marks them all the same"
                .to_owned(),
            Self::Edited(names) => format!(
                "put the file back as it was and write a new migration for the change; or, if \
                 this database needs nothing of it, run `whimbrel up --accept-edited {}`",
                names.first().map_or("NAME", String::as_str)
            ),
            Self::Newer(_) => "run it from a checkout that has them; or take them back with `whimbrel \
                 down --unknown`; or say `--newer warn` if this build may run beside them"
                .to_owned(),
            Self::Late { migration, ran, .. } => format!(
                "if they come to the same in this order too, run `whimbrel up --late allow`, or say \
                 `late = \"allow\"` in the configuration; if not, have `{migration}` come after \
                 `{ran}`, for every database"
            ),
            Self::EditedHalfway { migration, .. } => format!(
                "run `whimbrel up --restart {migration}`, which takes the done steps back and runs \
                 the file as it is now; or put that step back as it was"
            ),
            Self::Renamed { applied, file } => format!(
                "name the file `{applied}` again, or, if `{file}` is to be its name from now on, \
                 run `whimbrel fake {file}` and `whimbrel fake --undo {applied}`"
            ),
            Self::HalfwayWithoutFile { migration, .. } => {
                format!(
                    "take back what is done of it with `whimbrel down`, or check out the version \
                     that has `{migration}` and run the command there"
                )
            }
            Self::StillRunning { .. } => {
                "wait for it, with `--wait 1h`; or stop it and go on, with \
                 `--cancel-running`"
                    .to_owned()
            }
            Self::Undecidable { migration, step, .. } | Self::Neither { migration, step, .. } => {
                format!(
                    "look at the database, then say `whimbrel resolve {migration} --step {step} \
                     --done` if it has run, or `--again` if it is to run again"
                )
            }
            Self::SessionLost { migration, direction: Direction::Up, step, .. } => format!(
                "run `whimbrel up --restart {migration}`, which takes the done steps back and runs \
                 all of it; or do by hand what step {step} does, and say `whimbrel resolve \
                 {migration} --step {step} --done`"
            ),
            Self::SessionLost { migration, step, .. } => format!(
                "do by hand what step {step} does, and say `whimbrel resolve {migration} --step \
                 {step} --done`"
            ),
            Self::Irreversible { by_word: true, migration, .. } => format!(
                "what is to be otherwise can be put right by a new migration; if it can be taken \
                 back after all, take `irreversible(…)`, in SQL `-- whimbrel: irreversible`, out of \
                 `{migration}` and run the command again"
            ),
            Self::NeedsReview(_) => "look at what it does, take `needs_review(…)`, in SQL \
                 `-- whimbrel: needs-review`, out of the file and run the same command again"
                .to_owned(),
            Self::Irreversible { .. } => {
                "say how with `.undo(…)` in the migration, or a `-- whimbrel: down` section"
                    .to_owned()
            }
            Self::MidOperation { .. } => "put the steps that are done back as they were, repair the \
                 one behind them and finish with `whimbrel up`; what is to be otherwise can be said \
                 in steps behind them"
                .to_owned(),
            Self::DataAtStake { .. } => "if they may be lost, run the command again with \
                 `--allow-data-loss`; `whimbrel down --keep-data` keeps them aside"
                .to_owned(),
            Self::NotSetAside { .. } => "change what stands in the way; or leave `--keep-data` \
                 out, and the data goes with it"
                .to_owned(),
            Self::LockLost { .. } => "run the same command again; it waits for the other run and \
                 goes on from what stands then"
                .to_owned(),
            Self::Locked { .. } => {
                "wait for it, or run the command again with a longer `--wait`, such as `--wait 10m`"
                    .to_owned()
            }
            Self::Blocked { .. } => {
                "let those sessions end their transactions, or end them, and run \
                 the same command again; or give it longer with `--ddl-lock-wait`, such as \
                 `--ddl-lock-wait 1h`"
                    .to_owned()
            }
            Self::TooLate { .. } => {
                "run the same command again when it may go on; it goes on where it stopped"
                    .to_owned()
            }
            Self::Interrupted { .. } => {
                "run the same command again; it goes on where it stopped".to_owned()
            }
            Self::Refused { hint, .. } | Self::OutOfTurn { hint, .. } => hint.clone(),
        };
        Some(hint)
    }
}

/// What to do about trouble that no migration is to blame for.
const fn way_out(trouble: Trouble) -> Option<&'static str> {
    match trouble {
        Trouble::Full => {
            Some("make room and run the same command again; it goes on where it stopped")
        }
        Trouble::ReadOnly => {
            Some("connect where the database takes writes, and run the same command again")
        }
        Trouble::NotAllowed => Some(
            "let the role do this (`GRANT …`) or connect as one that may, and run the same command \
             again",
        ),
        _ => None,
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn files(diagnostics: &[Diagnostic]) -> String {
    let mut names: Vec<&str> = diagnostics
        .iter()
        .filter_map(|it| it.span.as_ref())
        .map(|it| it.file.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => "the graph".to_owned(),
        [one] => format!("`{one}`"),
        several => count(several.len(), "file"),
    }
}

/// Each migration once.
fn listed_once(reviews: &[Review]) -> String {
    let mut names: Vec<String> = reviews.iter().map(|it| it.migration.clone()).collect();
    names.dedup();
    listed(&names)
}

fn listed(names: &[String]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// "`a` was", "`a`, `b` were".
fn were(names: &[String]) -> String {
    format!("{} {}", listed(names), if names.len() == 1 { "was" } else { "were" })
}

const fn them(names: &[String]) -> &'static str {
    if names.len() == 1 { "it" } else { "them" }
}
