//! Running the steps of a migration, together in a transaction or each alone, with their marks.

use std::{collections::VecDeque, ops::Range, time::Duration};

use super::{
    Failed, Journey, Work,
    refusal::{database, mark_refused, refused, refused_text, text_of},
};
use crate::{
    connection::{BatchError, DatabaseError, Trouble},
    dialect::Ddl,
    execute::{
        Event, Stop, passing,
        patience::Tries,
        peers::Refusal,
        plan::{self, Group},
        trace,
    },
    history::StepRecord,
    sql::{self, Body, Kind, LiveTable, Statement, Transaction},
};

impl Work<'_, '_> {
    /// Runs every step from `first` on and then writes the `last` marks.
    pub(in crate::execute) fn go(
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
    pub(in crate::execute) fn together(
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
    pub(super) fn texts_or_nothing(
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
}

/// A statement that does nothing.
const IDLE: &str = "SELECT 1";
