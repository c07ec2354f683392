//! Doing: the one place in the library that changes a database.
//!
//! Marks stand before what they tell of in every transaction, so that of two runs that come to
//! the same migration the second trips over the first one's mark before it has done anything.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    time::Duration,
};

use super::{
    Event, Host, Planned, Report, Step, Stop, Target,
    code::Stumble,
    lock::{Fence, Locks},
    passing::{self, Passed},
    patience::Tries,
    peers::Refusal,
    plan::{self, Group},
    seen, trace,
};
use crate::{
    connection::{BatchError, DatabaseError, Row, Trouble},
    diagnostic::Span,
    dialect::{After, Ddl, Dialect, Lock, Look, Unenforced},
    history::{Direction, History, How, Record, State, StepRecord, Survey},
    migration::Loaded,
    schema::Name,
    sql::{self, Body, Kind, LiveTable, Statement, Transaction},
};

/// A session at work on one database.
pub(super) struct Work<'w, 't> {
    pub target: &'w mut Target<'t>,
    pub host: &'w mut dyn Host,
    pub history: History,
    /// The run's number; 0 until its row is written.
    pub run: u64,
    /// What the run has done so far.
    pub report: Report,
    /// How things stood before the run changed any, where that is known.
    pub before: Option<seen::Before>,
    /// What the run has passed over, as its migrations said.
    pub passed: Passed,
    /// The tables of which the scripts of this run say what they change.
    pub declared: Vec<Name>,
    /// Whether nothing is to be done, not even noted: this is a plan.
    pub only_looks: bool,
    /// What keeps other runs out.
    pub locks: Locks,
    /// Whether it is known that the database has no triggers.
    pub has_no_triggers: bool,
    /// Where code that failed did so.
    pub stumble: Option<Stumble>,
    owed: Owed,
}

/// Marks that wait for the next commit, and what is told once they are written.
///
/// A step that a look at the database finds again, should nobody live to mark it, need not be
/// marked by a commit of its own: that it is done is noted together with what begins next.
#[derive(Default)]
struct Owed {
    marks: Vec<String>,
    events: Vec<Event>,
}

/// A migration on its way.
#[derive(Clone, Copy)]
pub(super) struct Journey<'j> {
    pub name: &'j str,
    pub direction: Direction,
    pub planned: &'j Planned,
    /// Where its operations are written, where that is known.
    pub places: &'j [Option<Span>],
}

/// Why a piece of work did not get done.
pub(super) enum Failed {
    /// Another run has set the same mark already, as it seems by this: look again.
    Overtaken(DatabaseError),
    /// Tell the user.
    Stop(Box<Stop>),
}

impl From<Stop> for Failed {
    fn from(stop: Stop) -> Self {
        Self::Stop(Box::new(stop))
    }
}

/// What a statement that was begun, and of which no one knows more, turns out to be.
pub(super) enum Found {
    /// It has had its effect.
    Done,
    /// It has not; it is to run.
    Undone,
}

impl<'w, 't> Work<'w, 't> {
    /// Before anything is done.
    pub(super) fn new(
        target: &'w mut Target<'t>,
        host: &'w mut dyn Host,
        history: History,
    ) -> Self {
        Self {
            target,
            host,
            history,
            run: 0,
            report: Report::default(),
            before: None,
            passed: Passed::default(),
            declared: Vec::new(),
            only_looks: false,
            has_no_triggers: false,
            stumble: None,
            owed: Owed::default(),
            locks: Locks::default(),
        }
    }
}

impl Work<'_, '_> {
    /// Creates whimbrel's own tables, or brings those of an older build up to date.
    pub(super) fn ready_history(&mut self, survey: &Survey) -> Result<(), Stop> {
        self.history = History::new(self.dialect(), survey);
        let doing = match (survey.has_history, self.history.is_older()) {
            (true, false) => return Ok(()),
            (true, true) => "upgrading whimbrel's own tables",
            (false, _) => "creating whimbrel's own tables",
        };
        self.history.create(self.target.connection).map_err(|it| database(doing, it))
    }

    /// Has marks written with the next ones, and before anything else happens to the database.
    pub(super) fn owe(&mut self, marks: impl IntoIterator<Item = String>) {
        self.owed.marks.extend(marks);
    }

    /// Tells what has happened, as soon as it is written down.
    pub(super) fn say(&mut self, event: Event) {
        if self.owed.marks.is_empty() {
            self.heard(event);
        } else {
            self.owed.events.push(event);
        }
    }

    fn heard(&mut self, event: Event) {
        trace::heard(&event, self.dialect());
        if let Event::Finished { migration, .. } = &event {
            self.report.migrations.push(migration.clone());
        }
        self.host.event(event);
    }

    /// The row of a migration that is applied by this run, as the `position`th.
    pub(super) fn record(&self, loaded: &Loaded, how: How, position: u64) -> Record {
        Record {
            name: loaded.name.clone(),
            digest: loaded.digest.clone(),
            meaning: loaded.meaning.clone(),
            state: State::Applied,
            direction: Direction::Up,
            how,
            parents: loaded.migration.parents.clone(),
            position,
            run: self.run,
            started: String::new(),
            ended: None,
        }
    }

    /// Writes the marks that are owed, in one transaction.
    pub(super) fn pay(&mut self) -> Result<(), Failed> {
        let Owed { marks, events } = std::mem::take(&mut self.owed);
        if !marks.is_empty() {
            self.fenced(&marks, Fence::Before).map_err(|it| mark_refused(it.error))?;
        }
        for event in events {
            self.heard(event);
        }
        Ok(())
    }

    pub(super) fn dialect(&self) -> &'static Dialect {
        self.target.dialect
    }

    /// Runs every step from `first` on and then writes the `last` marks.
    pub(super) fn go(
        &mut self,
        journey: Journey<'_>,
        first: usize,
        last: Vec<String>,
    ) -> Result<(), Failed> {
        let steps = &journey.planned.steps;
        let mut groups: VecDeque<Group> = plan::groups(steps, self.dialect(), first).into();
        let mut last = Some(last);
        let mut alone = None;
        while let Some(group) = groups.pop_front() {
            let parts = self.apart(steps, group)?;
            let end = parts.len();
            for (number, part) in parts.into_iter().enumerate() {
                let ends = number + 1 == end && groups.is_empty();
                self.may_go_on(Some(journey.name))?;
                alone = None;
                match part {
                    Group::Together(range) => {
                        // The last marks travel with the last statements: one commit less.
                        let behind =
                            if ends { last.take().unwrap_or_default() } else { Vec::new() };
                        self.together(journey, range, Vec::new(), behind, true)?;
                    }
                    Group::WithoutForeignKeys(range) => {
                        self.without_foreign_keys(journey, range)?;
                    }
                    Group::InBatches(position) => self.in_batches(journey, position)?,
                    Group::Alone(position) => {
                        self.alone_patiently(journey, position)?;
                        if !ends {
                            self.pay_unless_seen(&steps[position].statement)?;
                        }
                        alone = Some(position);
                    }
                }
            }
        }
        match (last, alone) {
            (Some(marks), Some(position)) => {
                self.owe(marks);
                self.pay_unless_seen(&steps[position].statement)
            }
            (Some(marks), None) => {
                self.pay()?;
                self.note("noting that the migration is done", &marks)
            }
            (None, _) => Ok(()),
        }
    }

    /// Writes at once that a step is done, unless a look would find it out again.
    fn pay_unless_seen(&mut self, statement: &Statement) -> Result<(), Failed> {
        if statement.looks.is_empty() { self.pay() } else { Ok(()) }
    }

    /// Runs steps that may stand in a transaction, in one, between the marks `before` them and
    /// those `behind` them.
    pub(super) fn together(
        &mut self,
        journey: Journey<'_>,
        range: Range<usize>,
        before: Vec<String>,
        behind: Vec<String>,
        mark_steps: bool,
    ) -> Result<(), Failed> {
        self.pay()?;
        self.nobody_speaks(journey, range.clone())?;
        let mut statements = before;
        if mark_steps {
            let session = self.target.connection.server().session.clone();
            statements.extend(range.clone().map(|position| {
                let step = StepRecord {
                    position,
                    done: true,
                    observed: String::new(),
                    statement: text_of(&journey.planned.steps[position].statement),
                    session: session.clone(),
                };
                self.history.insert_step(journey.name, journey.direction, &step)
            }));
        }
        let steps = &journey.planned.steps;
        statements.extend(self.limit(&steps[..range.end]));
        let marks = statements.len();
        statements.extend(range.clone().map(|it| text_of(&steps[it].statement)));
        let end = statements.len();
        statements.extend(behind);
        let mut tries = Tries::default();
        let mut passed: Vec<(usize, String)> = Vec::new();
        let took = loop {
            let failed = match self.together_once(journey, &range, &statements, marks) {
                Ok(took) => break took,
                Err(failed) => failed,
            };
            let position = range.start + failed.position.clamp(marks, end) - marks;
            if (marks..end).contains(&failed.position)
                && passing::is_passed(self.dialect(), &steps[position].statement, &failed.error)
            {
                // All was rolled back; it runs again without the statement.
                IDLE.clone_into(&mut statements[failed.position]);
                passed.push((position, failed.error.to_string()));
                continue;
            }
            if self.may_pass(&failed.error) && position < steps.len() {
                self.stand_back(&mut tries, journey, position, range.start, failed.error)?;
                continue;
            }
            if failed.position < marks || failed.error.trouble == Trouble::LockLost {
                return Err(mark_refused(failed.error));
            }
            if failed.position >= end {
                return Err(database("committing the migration", failed.error).into());
            }
            let stop = refused(journey, position, range.start, failed.error);
            return Err(self.stumbled_in_code(stop).into());
        };
        for (position, why) in passed {
            self.pass_over(journey, position, why);
        }
        self.steps_finished(journey, range, took.into_iter().skip(marks));
        Ok(())
    }

    fn together_once(
        &mut self,
        journey: Journey<'_>,
        range: &Range<usize>,
        statements: &[String],
        marks: usize,
    ) -> Result<Vec<Duration>, BatchError> {
        let _span = trace::transaction(journey, range).entered();
        if !range.is_empty() {
            self.say(Event::StepsStarted {
                migration: journey.name.to_owned(),
                first: range.start + 1,
                last: range.end,
                steps: journey.planned.steps.len(),
            });
        }
        self.fenced_with_code(journey, range, statements, marks)
    }

    /// Runs steps in a transaction of their own in which foreign keys are not enforced, and
    /// commits only if no row points into the void that didn't before.
    fn without_foreign_keys(
        &mut self,
        journey: Journey<'_>,
        range: Range<usize>,
    ) -> Result<(), Failed> {
        let Some(words) = self.dialect().unenforced else {
            // A database without such a thing has no step that needs it.
            return self.together(journey, range, Vec::new(), Vec::new(), true);
        };
        self.pay()?;
        let enforced = self.ask("asking whether foreign keys are enforced", words.state)?;
        let enforced = enforced.first().and_then(|it| it.first().cloned()).flatten();
        self.tell("leaving foreign keys unenforced", words.off)?;
        let result = self.unenforced(journey, range, words);
        if result.is_err() {
            // The first error is the one to tell.
            let _ = self.target.connection.rollback();
        }
        if enforced.as_deref() == Some("1") {
            let again = self.tell("enforcing foreign keys again", words.on);
            result?;
            again?;
            return Ok(());
        }
        result
    }

    fn unenforced(
        &mut self,
        journey: Journey<'_>,
        range: Range<usize>,
        words: Unenforced,
    ) -> Result<(), Failed> {
        let _span = trace::transaction(journey, &range).entered();
        let connection = &mut self.target.connection;
        connection.begin().map_err(|it| database("beginning a transaction", it))?;
        let before = self.ask("checking foreign keys", words.check)?;
        let session = self.target.connection.server().session.clone();
        let (mut took, mut passed) = (Vec::new(), Vec::new());
        for position in range.clone() {
            let start = self.host.elapsed();
            let step = &journey.planned.steps[position];
            let (texts, missing) = self.texts_or_nothing(journey, position)?;
            passed.extend(missing.map(|it| (position, it)));
            let mark = StepRecord {
                position,
                done: true,
                observed: String::new(),
                statement: texts.join(";\n"),
                session: session.clone(),
            };
            let mark = self.history.insert_step(journey.name, journey.direction, &mark);
            self.target.connection.execute(&mark).map_err(mark_refused)?;
            for (number, text) in texts.iter().enumerate() {
                let Err(error) = self.target.connection.execute(text) else { continue };
                // A refused statement leaves the transaction as it was.
                if number == 0 && passing::is_passed(self.dialect(), &step.statement, &error) {
                    passed.push((position, error.to_string()));
                    break;
                }
                return Err(refused_text(journey, position, range.start, text, error).into());
            }
            took.push(self.host.elapsed().saturating_sub(start));
        }
        let after = self.ask("checking foreign keys", words.check)?;
        if let Some(orphan) = after.iter().find(|it| !before.contains(it)) {
            let message = format!(
                "rows would point at rows that aren't there: {}",
                orphan.iter().flatten().cloned().collect::<Vec<_>>().join(", ")
            );
            let error = DatabaseError::new(Trouble::Data, message);
            return Err(refused(journey, range.end - 1, range.start, error).into());
        }
        let committed = self.target.connection.commit();
        committed.map_err(|it| database("committing the migration", it))?;
        for (position, why) in passed {
            self.pass_over(journey, position, why);
        }
        self.steps_finished(journey, range, took.into_iter());
        Ok(())
    }

    /// Runs one step that can't share a transaction with its marks, again where somebody else's
    /// lock was in the way. What an attempt has left is settled first, as the next run would.
    fn alone_patiently(&mut self, journey: Journey<'_>, position: usize) -> Result<(), Failed> {
        let mut tries = Tries::default();
        loop {
            let failed = match self.alone(journey, position) {
                Err(Failed::Stop(stop)) => *stop,
                other => return other,
            };
            match failed {
                Stop::Step { error, .. } if self.may_pass(&error) => {
                    self.stand_back(&mut tries, journey, position, position, error)?;
                }
                other => return Err(other.into()),
            }
            if self.settle(journey)? > position {
                return Ok(());
            }
        }
    }

    /// Runs one step that can't share a transaction with its marks: says it, does it, says that
    /// it is done.
    fn alone(&mut self, journey: Journey<'_>, position: usize) -> Result<(), Failed> {
        self.nobody_speaks(journey, position..position + 1)?;
        let step = &journey.planned.steps[position];
        let _span = trace::step(journey, position, &step.statement, self.dialect()).entered();
        self.spare(journey, position)?;
        let observed = self.observe(journey, &step.statement)?;
        let (texts, mut passed) = self.texts_or_nothing(journey, position)?;
        let statement = match &step.statement.body {
            Body::Code(code) => code.in_words(),
            _ => texts.join(";\n"),
        };
        let event = Event::StepStarted {
            migration: journey.name.to_owned(),
            step: position + 1,
            steps: journey.planned.steps.len(),
            statement: statement.clone(),
        };
        let begun = StepRecord {
            position,
            done: false,
            observed: serde_json::to_string(&observed).unwrap_or_default(),
            statement,
            session: self.target.connection.server().session.clone(),
        };
        let begun = self.history.insert_step(journey.name, journey.direction, &begun);
        self.owe([begun]);
        self.say(event);
        self.pay()?;
        let start = self.host.elapsed();
        if let Body::Code(code) = &step.statement.body
            && let Err(error) = self.run_code(journey.name, code, true)
        {
            self.note_refusal(journey, position, &error);
            let stop = refused(journey, position, position, error);
            return Err(self.stumbled_in_code(stop).into());
        }
        for (number, text) in texts.iter().enumerate() {
            match self.run_beside_peers(journey, position, text) {
                Ok(()) => {}
                Err(Refusal::Refused(error))
                    if number == 0
                        && passing::is_passed(self.dialect(), &step.statement, &error) =>
                {
                    passed = Some(error.to_string());
                    break;
                }
                Err(Refusal::Failed(failed)) => return Err(failed),
                Err(Refusal::Refused(error)) => {
                    self.note_refusal(journey, position, &error);
                    return Err(refused_text(journey, position, position, text, error).into());
                }
            }
        }
        let took = self.host.elapsed().saturating_sub(start);
        self.owe([self.history.step_done(journey.name, journey.direction, position)]);
        if let Some(why) = passed {
            self.pass_over(journey, position, why);
        }
        self.steps_finished(journey, std::iter::once(position), std::iter::once(took));
        Ok(())
    }

    /// Notes what a step outside of a transaction was refused with. A statement that is atomic by
    /// itself has had no effect then, and its mark goes. That this is said is a comfort and not a
    /// need, so a failure here is not told: the next run looks for itself.
    fn note_refusal(&mut self, journey: Journey<'_>, position: usize, error: &DatabaseError) {
        let statement = &journey.planned.steps[position].statement;
        // Where schema changes can be rolled back, one that may not stand in a transaction is one
        // that can be left half done: `CREATE INDEX CONCURRENTLY`.
        let whole =
            statement.transaction == Transaction::Allowed || self.dialect().ddl == Ddl::Autocommit;
        let atomic = statement.kind == Kind::Schema
            && whole
            && !matches!(error.trouble, Trouble::ConnectionLost | Trouble::Cancelled);
        let note = if atomic {
            self.history.step_undone(journey.name, journey.direction, position)
        } else {
            let words = error.to_string();
            self.history.step_error(journey.name, journey.direction, position, &words)
        };
        let _ = self.target.connection.execute(&note);
    }

    /// Finds out which steps of a migration that an earlier run left half way are done, settles
    /// the one that was only begun, and returns where to go on.
    pub(super) fn settle(&mut self, journey: Journey<'_>) -> Result<usize, Failed> {
        let history = self.history.clone();
        let connection = &mut *self.target.connection;
        let records = history
            .steps(connection, journey.name, journey.direction)
            .map_err(|it| database("reading the history", it))?;
        let done = records.iter().filter(|it| it.done).count();
        let Some(begun) = records.iter().find(|it| !it.done) else { return Ok(done) };
        let position = begun.position;
        self.wait_until_ended(journey, begun)?;
        let step = journey.planned.steps.get(position);
        if step.is_some_and(|it| matches!(it.statement.body, Body::Batches(_))) {
            // Its mark says how far it came.
            return Ok(done);
        }
        match self.find(journey, begun)? {
            Found::Done => {
                let mark = self.history.step_done(journey.name, journey.direction, position);
                self.note("noting that a step is done", &[mark])?;
                self.say(Event::FoundDone {
                    migration: journey.name.to_owned(),
                    step: position + 1,
                });
                Ok(done + 1)
            }
            Found::Undone => {
                let mark = self.history.step_undone(journey.name, journey.direction, position);
                self.note("noting that a step is not done", &[mark])?;
                Ok(done)
            }
        }
    }

    /// Looks at the database to tell whether a step that was begun has had its effect.
    pub(super) fn find(
        &mut self,
        journey: Journey<'_>,
        begun: &StepRecord,
    ) -> Result<Found, Failed> {
        let Some(step) = journey.planned.steps.get(begun.position) else {
            return Ok(Found::Undone);
        };
        let statement = &step.statement;
        let asks = Stop::Undecidable {
            migration: journey.name.to_owned(),
            step: begun.position + 1,
            statement: begun.statement.clone(),
        };
        if let Some(question) = &statement.done_when {
            let rows = self.ask("asking whether a step is done", question)?;
            let answer = rows.first().and_then(|it| it.first().cloned()).flatten();
            let yes = answer.is_some_and(|it| !matches!(it.as_str(), "" | "0" | "f" | "false"));
            return Ok(if yes { Found::Done } else { Found::Undone });
        }
        let before: Sight = serde_json::from_str(&begun.observed).unwrap_or_default();
        match statement.kind {
            Kind::Repeatable => {
                let now = self.look(&statement.looks)?;
                self.cure(journey, &statement.looks, &before, &now)?;
                return Ok(Found::Undone);
            }
            Kind::Nothing | Kind::Session => return Ok(Found::Undone),
            _ if statement.looks.is_empty() => return Err(asks.into()),
            _ => {}
        }
        let mut now = self.look(&statement.looks)?;
        if before != now && self.cure(journey, &statement.looks, &before, &now)? {
            now = self.look(&statement.looks)?;
        }
        if before == now {
            return Ok(Found::Undone);
        }
        for look in &statement.looks {
            let key = sight_key(look);
            let (was, is) = (before.get(&key), now.get(&key));
            if !is.is_some_and(|rows| self.dialect().landed(&look.after, rows)) {
                return Err(Stop::Neither {
                    migration: journey.name.to_owned(),
                    step: begun.position + 1,
                    statement: begun.statement.clone(),
                    object: look.object.to_string(),
                    before: words(was),
                    now: words(is),
                }
                .into());
            }
        }
        Ok(Found::Done)
    }

    /// Puts away or finishes what a statement left that can be left half done: the unusable index
    /// of a concurrent build that died, a partition that is neither in nor out. Returns whether
    /// there was something to do.
    pub(super) fn cure(
        &mut self,
        journey: Journey<'_>,
        looks: &[Look],
        before: &Sight,
        now: &Sight,
    ) -> Result<bool, Failed> {
        let mut found = false;
        for look in looks {
            let rows = |it: &Sight| it.get(&sight_key(look)).cloned().unwrap_or_default();
            for cure in self.dialect().cures(look, &rows(before), &rows(now)) {
                self.still_locked()?;
                self.tell("putting away what a dead run left", &cure)?;
                self.say(Event::Cured { migration: journey.name.to_owned(), what: cure });
                found = true;
            }
        }
        Ok(found)
    }

    /// What the catalog says before a step begins. What stands in the way of what it makes and
    /// can't be used, such as the index of a concurrent build that died, is put away first:
    /// `IF NOT EXISTS` would take it for the real one.
    fn observe(&mut self, journey: Journey<'_>, statement: &Statement) -> Result<Sight, Failed> {
        let observed = self.look(&statement.looks)?;
        let made: Vec<Look> =
            statement.looks.iter().filter(|it| it.after == After::Present).cloned().collect();
        if self.cure(journey, &made, &Sight::new(), &observed)? {
            return Ok(self.look(&statement.looks)?);
        }
        Ok(observed)
    }

    /// What the catalog says of the objects that a statement changes.
    pub(super) fn look(&mut self, looks: &[Look]) -> Result<Sight, Stop> {
        let mut sight = Sight::new();
        for look in looks {
            let query = self.dialect().look_query(&look.object);
            let rows = self.ask("looking at the catalog", &query)?;
            sight.insert(sight_key(look), rows);
        }
        Ok(sight)
    }

    /// The texts of a statement; one that starts from the live table is written down now.
    fn texts(
        &mut self,
        journey: Journey<'_>,
        position: usize,
        statement: &Statement,
    ) -> Result<Vec<String>, Failed> {
        let change = match &statement.body {
            Body::Text(text) => return Ok(vec![text.clone()]),
            Body::Batches(change) => return Ok(vec![change.at_once(self.dialect())]),
            // What it asks for is known only while it runs.
            Body::Code(_) => return Ok(Vec::new()),
            Body::Live(change) => change,
        };
        let mut answers = Vec::new();
        for query in self.dialect().live_queries(&change.table) {
            answers.push(self.ask("reading the table as it stands", &query)?);
        }
        LiveTable::from_rows(self.dialect(), &change.table, answers)
            .and_then(|live| sql::rewrite(self.dialect(), &live, change))
            .map_err(|unsupported| {
                let error = DatabaseError::new(Trouble::Statement, unsupported.to_string());
                refused(journey, position, position, error).into()
            })
    }

    /// The texts of a statement; none, and why, where it is passed over because the table that it
    /// starts from has nothing to change.
    fn texts_or_nothing(
        &mut self,
        journey: Journey<'_>,
        position: usize,
    ) -> Result<(Vec<String>, Option<String>), Failed> {
        let statement = &journey.planned.steps[position].statement;
        let failed = match self.texts(journey, position, statement) {
            Ok(texts) => return Ok((texts, None)),
            Err(failed) => failed,
        };
        if statement.lenient && passing::is_missing(statement, &self.look(&statement.looks)?) {
            return Ok((Vec::new(), Some("it is not there".to_owned())));
        }
        Err(failed)
    }

    /// Writes marks by themselves.
    pub(super) fn note(&mut self, doing: &str, marks: &[String]) -> Result<(), Failed> {
        if marks.is_empty() {
            return Ok(());
        }
        let noted = self.fenced(marks, Fence::Before).map(drop);
        noted.map_err(|failed| match failed.error.trouble {
            Trouble::Data => Failed::Overtaken(failed.error),
            _ => database(doing, failed.error).into(),
        })
    }

    pub(super) fn ask(&mut self, doing: &str, sql: &str) -> Result<Vec<Row>, Stop> {
        self.target.connection.query(sql).map_err(|it| database(doing, it))
    }

    pub(super) fn tell(&mut self, doing: &str, sql: &str) -> Result<(), Failed> {
        self.target.connection.execute(sql).map(drop).map_err(|it| database(doing, it).into())
    }
}

impl Work<'_, '_> {
    /// Whether what stopped a run is that another program has locked the file, and there is still
    /// time to wait for it. `since` is when the run began to work.
    ///
    /// Where the lock is the file's own, it is held for a transaction and not for a run, so that
    /// a run meets it at any of its own.
    pub(super) fn may_try_again(&mut self, stop: Stop, since: Duration) -> Result<(), Stop> {
        let is_busy = self.dialect().lock == Lock::File
            && matches!(&stop, Stop::Database { error, .. } if error.trouble == Trouble::LockTimeout);
        if !is_busy || !self.owed.marks.is_empty() {
            return Err(stop);
        }
        self.say_waiting("another program has locked the file", since)?;
        self.host.pause(READERS);
        Ok(())
    }
}

/// A statement that does nothing.
const IDLE: &str = "SELECT 1";

/// How long a run stands back from a file that other programs have locked. A commit that waits for
/// readers keeps new ones out, and these look ten times a second whether they may
/// (`sqliteDefaultBusyCallback` in SQLite's source).
const READERS: Duration = Duration::from_millis(250);

/// Where a step is written: its own text where the operation's place holds it once, the operation
/// otherwise.
fn place_of(journey: Journey<'_>, step: &Step) -> Option<Span> {
    let place = journey.places.get(step.operation).cloned().flatten()?;
    let Body::Text(text) = &step.statement.body else { return Some(place) };
    let text = text.trim();
    let written = place.file.text.get(place.range.clone()).unwrap_or_default();
    let mut found = written.match_indices(text);
    match (found.next(), found.next()) {
        (Some((at, _)), None) if !text.is_empty() => {
            let start = place.range.start + at;
            Some(Span { range: start..start + text.len(), ..place })
        }
        _ => Some(place),
    }
}

/// What the catalog says of objects, by their names in words.
pub(super) type Sight = BTreeMap<String, Vec<Row>>;

fn sight_key(look: &Look) -> String {
    look.object.to_string()
}

fn words(rows: Option<&Vec<Row>>) -> String {
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return "not there".to_owned();
    }
    let texts: Vec<String> = rows
        .iter()
        .map(|row| {
            row.iter().map(|it| it.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join(" ")
        })
        .collect();
    texts.join("; ")
}

/// The text of a statement, for a mark or an error; a live one has none yet.
pub(super) fn text_of(statement: &Statement) -> String {
    match &statement.body {
        Body::Text(text) => text.clone(),
        Body::Batches(change) => {
            format!("-- sets {} in `{}`, in batches of {}", change.set, change.table, change.size)
        }
        Body::Live(change) => format!("-- changes table {} as it stands", change.table),
        Body::Code(code) => code.in_words(),
    }
}

pub(super) fn database(doing: &str, error: DatabaseError) -> Stop {
    Stop::Database { doing: doing.to_owned(), error }
}

/// A step was refused whose text was written down when it was its turn. The table that only a
/// rebuild knows is told by the name that the user gave it.
fn refused_text(
    journey: Journey<'_>,
    position: usize,
    rolled_back_to: usize,
    text: &str,
    error: DatabaseError,
) -> Stop {
    let message = error.message.replace(sql::FRESH, "");
    let error = DatabaseError { message, ..error };
    let mut stop = refused(journey, position, rolled_back_to, error);
    if let Stop::Step { statement, .. } = &mut stop {
        text.clone_into(statement);
    }
    stop
}

/// A step was refused; the steps before `rolled_back_to` stay.
pub(super) fn refused(
    journey: Journey<'_>,
    position: usize,
    rolled_back_to: usize,
    error: DatabaseError,
) -> Stop {
    let step = &journey.planned.steps[position];
    Stop::Step {
        migration: journey.name.to_owned(),
        direction: journey.direction,
        step: position + 1,
        steps: journey.planned.steps.len(),
        kept: rolled_back_to,
        statement: text_of(&step.statement),
        operation: journey.planned.operation(position),
        place: place_of(journey, step),
        rows: journey.planned.refused_for(position),
        error,
    }
}

/// A mark that can't be set, because it is set already, means that another run was faster.
pub(super) fn mark_refused(error: DatabaseError) -> Failed {
    match error.trouble {
        Trouble::Data => Failed::Overtaken(error),
        _ => database("noting what is about to happen", error).into(),
    }
}

impl Failed {
    /// What to tell where looking again would not help.
    pub(super) fn stop(self) -> Stop {
        match self {
            Self::Overtaken(error) => database("noting what is about to happen", error),
            Self::Stop(stop) => *stop,
        }
    }
}

/// Whether the database takes a whole migration back when one of its statements is refused.
pub(super) const fn rolls_back(dialect: &Dialect) -> bool {
    matches!(dialect.ddl, Ddl::Transactional)
}
