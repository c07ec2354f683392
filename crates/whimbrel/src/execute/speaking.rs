//! Triggers of other tables that need a table which is about to go, where the database itself would
//! let it go and fail only when they are set off.

use std::ops::Range;

use super::{
    stake,
    work::{self, Failed, Journey, Work},
};
use crate::{
    connection::{DatabaseError, Trouble},
    dialect::{After, AlterColumn, Object},
    schema::Name,
    sql::{Body, LiveTable, Trigger, dropped_trigger},
};

impl Work<'_, '_> {
    /// Stops before one of these steps if it drops a table of which a trigger of another one
    /// speaks, unless the same migration drops that trigger or makes the table anew.
    ///
    /// It costs a question for each table that goes, and one for a whole run where there are no
    /// triggers.
    pub(super) fn nobody_speaks(
        &mut self,
        journey: Journey<'_>,
        range: Range<usize>,
    ) -> Result<(), Failed> {
        if self.dialect().alter_column != AlterColumn::Rebuild {
            return Ok(());
        }
        let steps = &journey.planned.steps;
        let makes_some = steps.iter().any(|step| match &step.statement.body {
            Body::Text(text) => Trigger::read(self.dialect(), text).is_some(),
            // What code may make is not known.
            Body::Code(_) => true,
            Body::Live(_) | Body::Batches(_) => false,
        });
        self.has_no_triggers &= !makes_some;
        for position in range.clone() {
            for table in gone_for_good(journey, position) {
                if self.has_no_triggers {
                    return Ok(());
                }
                if let Some(trigger) = self.speaker(journey, table, makes_some)? {
                    let message = format!(
                        "trigger `{trigger}` speaks of `{}`, and every statement that sets it off \
                         would fail; drop it before (`DROP TRIGGER {trigger}`)",
                        table.name
                    );
                    let error = DatabaseError::new(Trouble::Statement, message);
                    return Err(work::refused(journey, position, range.start, error).into());
                }
            }
        }
        Ok(())
    }

    /// A trigger that speaks of a table and stays when it goes.
    fn speaker(
        &mut self,
        journey: Journey<'_>,
        table: &Name,
        makes_some: bool,
    ) -> Result<Option<String>, Failed> {
        let dialect = self.dialect();
        let mut answers = Vec::new();
        for query in dialect.live_queries(table) {
            answers.push(self.ask("looking for triggers", &query)?);
        }
        // What isn't there is the statement's own trouble.
        let Ok(live) = LiveTable::from_rows(dialect, table, answers) else { return Ok(None) };
        let all = || live.speaking.iter().filter_map(|it| Trigger::read(dialect, &it.definition));
        self.has_no_triggers = !makes_some && all().next().is_none();
        let steps = &journey.planned.steps;
        let goes = |name: &str, of: Option<String>| {
            steps.iter().enumerate().any(|(position, step)| {
                let dropped = match &step.statement.body {
                    Body::Text(text) => dropped_trigger(dialect, text),
                    Body::Live(_) | Body::Batches(_) | Body::Code(_) => None,
                };
                let is_it = |it: &String| it.eq_ignore_ascii_case(name);
                let is_its_table =
                    |it: &&Name| of.as_ref().is_some_and(|of| of.eq_ignore_ascii_case(&it.name));
                dropped.as_ref().is_some_and(is_it)
                    || gone_for_good(journey, position).iter().any(is_its_table)
            })
        };
        let mut speaks = all().filter(|it| it.uses_table(&table.name));
        let stays = |it: Trigger<'_>| it.name().filter(|name| !goes(name, it.table()));
        Ok(speaks.find_map(stays))
    }
}

/// The tables that a step drops and no later one makes again.
fn gone_for_good(journey: Journey<'_>, position: usize) -> Vec<&Name> {
    let steps = &journey.planned.steps;
    let again = |table: &Name| {
        let looks = steps[position..].iter().flat_map(|it| &it.statement.looks);
        looks.filter(|it| it.after != After::Absent).any(|it| match &it.object {
            Object::Table(made) => made.name.eq_ignore_ascii_case(&table.name),
            _ => false,
        })
    };
    let dropped = stake::dropped(&steps[position].statement).unwrap_or_default();
    let tables = dropped.into_iter().filter_map(|it| match it {
        Object::Table(table) => Some(table),
        _ => None,
    });
    tables.filter(|it| !again(it)).collect()
}
