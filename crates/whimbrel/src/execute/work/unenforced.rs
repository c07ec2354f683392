//! Steps that run while foreign keys are not enforced: a table built anew under the rows that point
//! at it.

use std::ops::Range;

use super::{
    Failed, Journey, Work,
    refusal::{database, mark_refused, refused, refused_text},
};
use crate::{
    connection::{DatabaseError, Trouble},
    dialect::Unenforced,
    execute::{passing, trace},
    history::StepRecord,
};

impl Work<'_, '_> {
    /// Runs steps in a transaction of their own in which foreign keys are not enforced, and
    /// commits only if no row points into the void that didn't before.
    pub(super) fn without_foreign_keys(
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
}
